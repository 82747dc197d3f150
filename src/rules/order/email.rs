//! E-mail addresses: the customer's, and that of the person who accepted the agreement.

use std::borrow::Cow;

use email_address::{EmailAddress, Options};

use crate::finding::{Fix, Level};
use crate::json::quote;
use crate::payload::order::Line;
use crate::payload::parameter::Parameter;
use crate::rule::{Check, Rule};

const EMAILS: [Parameter; 2] = [Parameter::CustomerEmail, Parameter::EmailAddressAgreement];

pub(in crate::rules) static SHAPE: Rule = Rule {
    id: "order/email-shape",
    level: Level::Error,
    page: include_str!("../../../rules/order/email-shape.md"),
    check: Check::Line(|line, _, findings| {
        for parameter in EMAILS {
            let Some(text) = line.text(parameter) else {
                continue;
            };
            if domain_of(&text).is_some() {
                continue;
            }
            let finding = findings.report(
                text.span(),
                format!("`{}` is not an e-mail address", &*text),
            );
            let bare = without_wrapping(&text);
            if domain_of(bare).is_some() {
                finding.fix(Fix::safe(
                    format!("write {}", quote(bare)),
                    vec![text.replace(bare)],
                ));
            } else {
                finding.help("give one address, as name@domain");
            }
        }
    }),
};

pub(in crate::rules) static CUSTOMER_MICROSOFT: Rule = Rule {
    id: "order/customer-email-microsoft",
    level: Level::Error,
    page: include_str!("../../../rules/order/customer-email-microsoft.md"),
    check: Check::Line(|line, _, findings| {
        let Some(text) = line.text(Parameter::CustomerEmail) else {
            return;
        };
        if domain_of(&text).is_some_and(|domain| is_microsoft(&domain)) {
            findings
                .report(
                    text.span(),
                    format!(
                        "`{}` is an address at Microsoft, not at the customer",
                        &*text
                    ),
                )
                .help("give the customer's own address");
        }
    }),
};

fn is_microsoft(domain: &str) -> bool {
    domain.eq_ignore_ascii_case("microsoft.com")
}

pub(in crate::rules) static CUSTOMER_PARTNER: Rule = Rule {
    id: "order/customer-email-partner",
    level: Level::Error,
    page: include_str!("../../../rules/order/customer-email-partner.md"),
    check: Check::Line(|line, context, findings| {
        if context.partner_domains.is_empty() {
            return;
        }
        let Some(text) = line.text(Parameter::CustomerEmail) else {
            return;
        };
        let Some(domain) = domain_of(&text).filter(|domain| !is_microsoft(domain)) else {
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
                    format!(
                        "`{}` is an address at the partner, not at the customer",
                        &*text
                    ),
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

/// The domain of the address that a parameter of the line holds, in its ASCII form.
pub(super) fn mail_domain<'d>(line: &Line<'d>, parameter: Parameter) -> Option<String> {
    line.text(parameter)
        .and_then(|text| domain_of(&text).map(Cow::into_owned))
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
            assert!(domain_of(text).is_some(), "{text}");
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
            assert!(domain_of(text).is_none(), "{text}");
        }
        assert_eq!(without_wrapping(" <mailto:john@doe.com> "), "john@doe.com");
    }

    #[test]
    fn subdomains_count_as_the_domain() {
        assert!(is_at_or_below("Doe.com", "doe.com") && is_at_or_below("mail.doe.com", "doe.com"));
        assert!(!is_at_or_below("johndoe.com", "doe.com") && !is_at_or_below("com", "doe.com"));
    }
}
