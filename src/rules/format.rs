//! Formats of values that several families of rules check.

use std::borrow::Cow;

use email_address::{EmailAddress, Options};

use crate::simd::ByteMasks;

/// Whether a string is a GUID: hexadecimal digits in groups of 8, 4, 4, 4 and 12.
pub(super) fn is_guid(text: &str) -> bool {
    let is_expected = |(index, byte): (usize, u8)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_expected)
}

/// A GUID without surrounding braces and whitespace; any other string unchanged.
pub(super) fn without_braces(text: &str) -> &str {
    let trimmed = text.trim();
    let unbraced = trimmed
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .map_or(trimmed, str::trim);
    if is_guid(unbraced) { unbraced } else { text }
}

/// Whether `domain` is `parent` or one of its subdomains.
pub(super) fn is_same_or_subdomain(domain: &str, parent: &str) -> bool {
    let (domain, parent) = (domain.as_bytes(), parent.as_bytes());
    let Some(at) = domain.len().checked_sub(parent.len()) else {
        return false;
    };
    // Checks the boundary first: most domains already differ there.
    (at == 0 || domain[at - 1] == b'.') && domain[at..].eq_ignore_ascii_case(parent)
}

/// Whether a string is an e-mail address.
pub(super) fn is_email(text: &str) -> bool {
    is_plain_email(text) || email_domain(text).is_some()
}

/// Whether a string is an address of letters, digits, dots and hyphens. Accepts most addresses without the
/// full grammar.
fn is_plain_email(text: &str) -> bool {
    let Some(short) = ByteMasks::of(text.as_bytes()) else {
        return false;
    };
    let (at_sign, dots) = (short.eq_mask(b'@'), short.eq_mask(b'.'));
    // The top-level domain follows the last dot.
    let top_level = u64::MAX.checked_shl(end_of_last(dots)).unwrap_or(0) & short.len_mask();
    at_sign.is_power_of_two()
        && at_sign < dots
        && has_labels(&short, at_sign | dots)
        && top_level & !short.alphabetic_mask() == 0
        && top_level.count_ones() >= 2
}

/// The index after the highest bit that is set.
fn end_of_last(bits: u64) -> u32 {
    u64::BITS - bits.leading_zeros()
}

/// Whether a string consists of labels between these separators: letters, digits and inner hyphens.
#[inline(always)]
fn has_labels(text: &ByteMasks, separators: u64) -> bool {
    let plain = text.alphabetic_mask() | text.range_mask(b'0'..=b'9');
    let all = text.len_mask();
    let starts = separators << 1 | 1;
    let ends = separators >> 1 | (all ^ all >> 1);
    plain | text.eq_mask(b'-') | separators == all && (starts | ends) & all & !plain == 0
}

/// The offset of the last label of a dotted name, if each label has 1 to 63 letters, digits and inner
/// hyphens.
pub(super) fn last_label(name: &[u8]) -> Option<usize> {
    match ByteMasks::of(name) {
        Some(short) if name.len() <= MAX_LABEL_LENGTH => {
            let dots = short.eq_mask(b'.');
            has_labels(&short, dots).then(|| end_of_last(dots) as usize)
        }
        _ => last_label_slow(name),
    }
}

/// The maximum length of a label, in bytes.
const MAX_LABEL_LENGTH: usize = 63;

fn last_label_slow(name: &[u8]) -> Option<usize> {
    let (mut label, mut at) = (0, 0);
    loop {
        let rest = name[at..].iter();
        at += rest.take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let is_label = (1..=MAX_LABEL_LENGTH).contains(&(at - label)) && name[at - 1] != b'-';
        match name.get(at) {
            Some(b'-') if at > label => {}
            Some(b'.') if is_label => label = at + 1,
            None if is_label => return Some(label),
            _ => return None,
        }
        at += 1;
    }
}

/// Whether a string is a dotted host name, in ASCII or internationalized form.
pub(super) fn is_host_name(domain: &str) -> bool {
    let is_host = |name: &[u8]| name.len() <= 253 && last_label(name).is_some_and(|last| last > 0);
    if domain.is_ascii() {
        return is_host(domain.as_bytes());
    }
    domain_to_ascii(domain).is_none_or(|ascii| ascii.is_some_and(|ascii| is_host(ascii.as_bytes())))
}

/// The ASCII form of an internationalized domain name, if it has one; `None` if that is unknown, because the library is
/// built without support for such names.
fn domain_to_ascii(domain: &str) -> Option<Option<String>> {
    #[cfg(feature = "idn")]
    return Some(idna::domain_to_ascii(domain).ok());
    #[cfg(not(feature = "idn"))]
    {
        let _ = domain;
        None
    }
}

/// The domain of an e-mail address, in its ASCII form; `None` if the string is not an address.
pub(super) fn email_domain(text: &str) -> Option<Cow<'_, str>> {
    const MAX_LENGTH: usize = 254;
    let (local, domain) = text.split_once('@')?;
    let domain = if domain.is_ascii() {
        Cow::Borrowed(domain)
    } else {
        match domain_to_ascii(domain) {
            Some(ascii) => ascii?.into(),
            None => return Some(domain.into()),
        }
    };
    let top_level = domain.rsplit('.').next()?;
    let is_top_level = top_level.len() >= 2
        && (top_level.bytes().all(|b| b.is_ascii_alphabetic()) || top_level.starts_with("xn--"));
    let is_dotted =
        domain.split('.').count() >= 2 && domain.split('.').all(|label| !label.is_empty());
    if !is_top_level
        || !is_dotted
        || local.starts_with('"')
        || local.len() + 1 + domain.len() > MAX_LENGTH
    {
        return None;
    }
    let options = Options::default()
        .without_display_text()
        .without_domain_literal()
        .with_required_tld();
    let ascii_address = if domain.len() + local.len() + 1 == text.len() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("{local}@{domain}"))
    };
    EmailAddress::parse_with_options(&ascii_address, options).ok()?;
    Some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_guids_with_and_without_braces() {
        let guid = "a94c2acd-f6e7-4ff5-cd6c-7d03fa8aa02c";
        assert!(is_guid(guid) && is_guid(&guid.to_uppercase()));
        assert!(!is_guid(&guid[1..]) && !is_guid(&guid.replace('-', "_")));
        assert_eq!(without_braces(&format!(" {{{guid}}} ")), guid);
        assert_eq!(without_braces("{name}"), "{name}");
    }

    #[test]
    fn recognises_email_addresses() {
        for text in [
            "john@doe.com",
            "a.b+c@x-y.co.uk",
            "anna@müller.de",
            "o'neil@doe.com",
        ] {
            assert!(is_email(text), "{text}");
        }
        for text in [
            "john",
            "john@doe",
            "john@@doe.com",
            "john@doe.com, jane@doe.com",
            "jo hn@doe.com",
            "@doe.com",
            "john@doe..com",
            ".john@doe.com",
            "john.@doe.com",
            "jo..hn@doe.com",
            "\"john\"@doe.com",
            "john@doe.c",
            "john@[1.2.3.4]",
            "john@doe.com.",
            "John <john@doe.com>",
            "",
        ] {
            assert!(!is_email(text), "{text}");
        }
    }

    #[test]
    fn plain_emails_match_the_grammar() {
        for text in [
            "a@b.cd",
            "john.doe@mail.doe.com",
            "a..b@c.de",
            ".a@c.de",
            "a.@c.de",
            "a@c..de",
            "a@c.d",
            "a@1.23",
            "a-b@c-d.ef",
            "-a@c.de",
            "a-@c.de",
            "a@-c.de",
            "a@c-.de",
            "a@c.d-e",
            "a@c.de-",
            "a@b@c.de",
            "@c.de",
            "a@",
            "",
        ] {
            assert!(
                !is_plain_email(text) || email_domain(text).is_some(),
                "{text}"
            );
        }
    }

    #[test]
    fn treats_subdomains_as_the_domain() {
        assert!(
            is_same_or_subdomain("Doe.com", "doe.com")
                && is_same_or_subdomain("mail.doe.com", "doe.com")
        );
        assert!(
            !is_same_or_subdomain("johndoe.com", "doe.com")
                && !is_same_or_subdomain("com", "doe.com")
        );
    }

    #[test]
    fn short_and_long_names_have_the_same_last_label() {
        let mut names = vec![String::new()];
        for _ in 0..7 {
            for name in &names {
                let name = name.as_bytes();
                assert_eq!(last_label(name), last_label_slow(name), "{name:?}");
            }
            let longer = |name: &String| ['a', '-', '.', '_'].map(|c| format!("{name}{c}"));
            names = names.iter().flat_map(longer).collect();
        }
    }

    #[test]
    fn recognises_host_names() {
        assert!(is_host_name("rings.com") && is_host_name("müller.de"));
        assert!(is_host_name("a-1.b-2.c3") && is_host_name(&format!("{}.de", "a".repeat(63))));
        for text in [
            "rings", "a_b.com", "a b.com", "", ".", ".com", "a.", "a..b", "-a.de", "a-.de",
        ] {
            assert!(!is_host_name(text), "{text}");
        }
        assert!(!is_host_name(&format!("{}.de", "a".repeat(64))));
    }
}
