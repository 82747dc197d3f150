//! E-mail addresses: the customer's, and that of the person who accepted the agreement.

use std::borrow::Cow;

use email_address::{EmailAddress, Options};

use crate::finding::{Level, Safety};
use crate::payload::parameter::Parameter;
use crate::rule::{Check, Rule};

const EMAILS: &[Parameter] = &[Parameter::CustomerEmail, Parameter::EmailAddressAgreement];

pub(in crate::rules) static SHAPE: Rule = Rule {
    id: "order/email-shape",
    level: Level::Error,
    page: include_str!("../../../rules/order/email-shape.md"),
    check: Check::Text(EMAILS, |text, _, findings| {
        if is_address(text) {
            return;
        }
        let finding = findings.report(text.span(), format!("`{text}` is not an e-mail address"));
        let bare = without_wrapping(text);
        if is_address(bare) {
            // What is mended should not be refused for another reason next.
            let is_customer = text.parameter == Parameter::CustomerEmail;
            let is_sound = !(is_customer && is_at_microsoft(bare));
            finding.fix(text.rewrite(bare, Safety::when(is_sound)));
        } else {
            finding.help("give one address, as name@domain");
        }
    }),
};

pub(in crate::rules) static CUSTOMER_MICROSOFT: Rule = Rule {
    id: "order/customer-email-microsoft",
    level: Level::Error,
    page: include_str!("../../../rules/order/customer-email-microsoft.md"),
    check: Check::Text(&[Parameter::CustomerEmail], |text, _, findings| {
        if is_at_microsoft(text) && is_address(text) {
            findings
                .report(
                    text.span(),
                    format!("`{text}` is an address at Microsoft, not at the customer"),
                )
                .help("give the customer's own address");
        }
    }),
};

fn is_at_microsoft(address: &str) -> bool {
    let at = memchr::memrchr(b'@', address.as_bytes());
    at.is_some_and(|at| is_microsoft(&address[at + 1..]))
}

fn is_microsoft(domain: &str) -> bool {
    domain.eq_ignore_ascii_case("microsoft.com")
}

pub(in crate::rules) static CUSTOMER_PARTNER: Rule = Rule {
    id: "order/customer-email-partner",
    level: Level::Error,
    page: include_str!("../../../rules/order/customer-email-partner.md"),
    check: Check::Text(&[Parameter::CustomerEmail], |text, context, findings| {
        if context.partner_domains.is_empty() {
            return;
        }
        let Some(domain) = domain_of(text).filter(|domain| !is_microsoft(domain)) else {
            return;
        };
        if context
            .partner_domains
            .iter()
            .any(|partner| is_at_or_below(&domain, partner))
        {
            findings
                .report(
                    text.span(),
                    format!("`{text}` is an address at the partner, not at the customer"),
                )
                .help("give the customer's own address");
        }
    }),
};

/// Whether `domain` is `parent` or one of its subdomains.
pub(super) fn is_at_or_below(domain: &str, parent: &str) -> bool {
    let Some(at) = domain.len().checked_sub(parent.len()) else {
        return false;
    };
    domain
        .get(at..)
        .is_some_and(|end| end.eq_ignore_ascii_case(parent))
        && (at == 0 || domain.as_bytes()[at - 1] == b'.')
}

/// Whether a text is an e-mail address.
pub(super) fn is_address(text: &str) -> bool {
    is_plain_address(text) || domain_of(text).is_some()
}

/// Whether a text is an address of letters, digits, dots and hyphens, as most are: told without the grammar
/// of the rest.
fn is_plain_address(text: &str) -> bool {
    const LONGEST: usize = 64;
    let bytes = text.as_bytes();
    // Where the current label begins, and where the sign stands.
    let (mut label, mut sign) = (0, None);
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => continue,
            b'@' if sign.is_none() => sign = Some(at),
            b'-' if at > label => continue,
            b'.' => {}
            _ => return false,
        }
        if at == label || bytes[at - 1] == b'-' {
            return false;
        }
        label = at + 1;
    }
    let Some(sign) = sign else { return false };
    let top = &bytes[label..];
    let is_dotted = label > sign + 1;
    is_dotted
        && top.len() >= 2
        && top.iter().all(u8::is_ascii_alphabetic)
        && sign <= LONGEST
        && bytes.len() - sign <= LONGEST
}

/// The domain of an e-mail address, in its ASCII form; `None` if the text is no address.
fn domain_of(text: &str) -> Option<Cow<'_, str>> {
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

/// The address in `mailto:a@b.c`, `<a@b.c>` or with blanks around it.
fn without_wrapping(text: &str) -> &str {
    let text = text.trim();
    let text = text
        .strip_prefix('<')
        .and_then(|text| text.strip_suffix('>'))
        .unwrap_or(text);
    match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &text[7..],
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(without_wrapping(" <mailto:john@doe.com> "), "john@doe.com");
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
