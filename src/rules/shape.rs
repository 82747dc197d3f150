//! Shapes of values that several families of rules ask for.

use std::borrow::Cow;

use email_address::{EmailAddress, Options};

use crate::simd::ByteMasks;

/// Whether a text is a GUID: hexadecimal digits in groups of 8, 4, 4, 4 and 12.
pub(super) fn is_guid(text: &str) -> bool {
    let is_sound = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_sound)
}

/// A GUID in braces or between blanks without them; anything else as it is.
pub(super) fn without_braces(text: &str) -> &str {
    let trimmed = text.trim();
    let bare = trimmed
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .map_or(trimmed, str::trim);
    if is_guid(bare) { bare } else { text }
}

/// Whether `domain` is `parent` or one of its subdomains.
pub(super) fn is_at_or_below(domain: &str, parent: &str) -> bool {
    let (domain, parent) = (domain.as_bytes(), parent.as_bytes());
    let Some(at) = domain.len().checked_sub(parent.len()) else {
        return false;
    };
    // Most domains differ where the parent would begin.
    (at == 0 || domain[at - 1] == b'.') && domain[at..].eq_ignore_ascii_case(parent)
}

/// Whether a text is an e-mail address.
pub(super) fn is_address(text: &str) -> bool {
    is_plain_address(text) || domain_of(text).is_some()
}

/// Whether a text is an address of letters, digits, dots and hyphens, as most are: told without the grammar
/// of the rest.
fn is_plain_address(text: &str) -> bool {
    let Some(short) = ByteMasks::of(text.as_bytes()) else {
        return false;
    };
    let (sign, dots) = (short.eq_mask(b'@'), short.eq_mask(b'.'));
    // The top of the domain is what stands behind the last dot.
    let top = u64::MAX.checked_shl(end_of(dots)).unwrap_or(0) & short.len_mask();
    sign.is_power_of_two()
        && sign < dots
        && has_labels(&short, sign | dots)
        && top & !short.alphabetic_mask() == 0
        && top.count_ones() >= 2
}

/// The place behind the last bit that is set.
fn end_of(bits: u64) -> u32 {
    u64::BITS - bits.leading_zeros()
}

/// Whether a text is labels of letters and digits, with hyphens nowhere but inside, between these signs.
#[inline(always)]
fn has_labels(text: &ByteMasks, signs: u64) -> bool {
    let plain = text.alphabetic_mask() | text.range_mask(b'0'..=b'9');
    let all = text.len_mask();
    let starts = signs << 1 | 1;
    let ends = signs >> 1 | (all ^ all >> 1);
    plain | text.eq_mask(b'-') | signs == all && (starts | ends) & all & !plain == 0
}

/// Where the last label of a dotted name begins, if each is one to 63 letters and digits, with hyphens
/// nowhere but inside.
pub(super) fn last_label(name: &[u8]) -> Option<usize> {
    match ByteMasks::of(name) {
        Some(short) if name.len() <= LONGEST_LABEL => {
            let dots = short.eq_mask(b'.');
            has_labels(&short, dots).then(|| end_of(dots) as usize)
        }
        _ => last_label_of_many(name),
    }
}

/// How long a label may be.
const LONGEST_LABEL: usize = 63;

fn last_label_of_many(name: &[u8]) -> Option<usize> {
    let (mut label, mut at) = (0, 0);
    loop {
        let rest = name[at..].iter();
        at += rest.take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let is_label = (1..=LONGEST_LABEL).contains(&(at - label)) && name[at - 1] != b'-';
        match name.get(at) {
            Some(b'-') if at > label => {}
            Some(b'.') if is_label => label = at + 1,
            None if is_label => return Some(label),
            _ => return None,
        }
        at += 1;
    }
}

/// The domain of an e-mail address, in its ASCII form; `None` if the text is no address.
pub(super) fn domain_of(text: &str) -> Option<Cow<'_, str>> {
    const LONGEST: usize = 254;
    let (local, domain) = text.split_once('@')?;
    let domain = if domain.is_ascii() {
        Cow::Borrowed(domain)
    } else {
        idna::domain_to_ascii(domain).ok()?.into()
    };
    let top = domain.rsplit('.').next()?;
    let is_top =
        top.len() >= 2 && (top.bytes().all(|b| b.is_ascii_alphabetic()) || top.starts_with("xn--"));
    let is_dotted =
        domain.split('.').count() >= 2 && domain.split('.').all(|label| !label.is_empty());
    if !is_top || !is_dotted || local.starts_with('"') || local.len() + 1 + domain.len() > LONGEST {
        return None;
    }
    let options = Options::default()
        .without_display_text()
        .without_domain_literal()
        .with_required_tld();
    let whole = if domain.len() + local.len() + 1 == text.len() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("{local}@{domain}"))
    };
    EmailAddress::parse_with_options(&whole, options).ok()?;
    Some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_are_told_with_and_without_braces() {
        let guid = "a94c2acd-f6e7-4ff5-cd6c-7d03fa8aa02c";
        assert!(is_guid(guid) && is_guid(&guid.to_uppercase()));
        assert!(!is_guid(&guid[1..]) && !is_guid(&guid.replace('-', "_")));
        assert_eq!(without_braces(&format!(" {{{guid}}} ")), guid);
        assert_eq!(without_braces("{name}"), "{name}");
    }

    #[test]
    fn addresses_are_told_from_other_text() {
        for text in [
            "john@doe.com",
            "a.b+c@x-y.co.uk",
            "anna@müller.de",
            "o'neil@doe.com",
        ] {
            assert!(is_address(text), "{text}");
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
            assert!(!is_address(text), "{text}");
        }
    }

    #[test]
    fn the_quick_look_agrees_with_the_grammar() {
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
                !is_plain_address(text) || domain_of(text).is_some(),
                "{text}"
            );
        }
    }

    #[test]
    fn subdomains_count_as_the_domain() {
        assert!(is_at_or_below("Doe.com", "doe.com") && is_at_or_below("mail.doe.com", "doe.com"));
        assert!(!is_at_or_below("johndoe.com", "doe.com") && !is_at_or_below("com", "doe.com"));
    }
}
