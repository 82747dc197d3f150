//! E-mail addresses.

use super::sample::is_sample_email;
use crate::context::Context;
use crate::finding::{Level, Safety};
use crate::payload::JsonString;
use crate::rule::RuleReporter;
use crate::rules::data::TOP_LEVEL_DOMAINS;
use crate::rules::format::{email_domain, is_email, is_same_or_subdomain};
use crate::suggest;

/// Reports what is not an e-mail address, and an address whose top-level domain does not exist. `is_customer` says
/// whether the address must not be at Microsoft.
pub(in crate::rules) fn check_shape(
    email: &JsonString<'_>,
    is_customer: bool,
    findings: &mut RuleReporter<'_>,
) {
    if is_email(email) {
        return check_top_level_domain(email, findings);
    }
    let finding = findings.report(
        email.span(),
        format_args!("`{email}` is not a valid e-mail address"),
    );
    let unwrapped = strip_mailto(email);
    if is_email(unwrapped) {
        // A safe fix must not lead to a finding of another rule.
        let is_accepted = !(is_customer && is_microsoft_email(unwrapped));
        finding.fix(email.replacement_fix(unwrapped, Safety::when(is_accepted)));
    } else {
        finding.help("enter one address in the form `name@domain`");
    }
}

/// Reports an address whose top-level domain does not exist. `order/sample-value` reports sample addresses.
fn check_top_level_domain(email: &JsonString<'_>, findings: &mut RuleReporter<'_>) {
    let dot = memchr::memrchr(b'.', email.as_bytes());
    let top_level = dot.map_or("", |dot| &email[dot + 1..]);
    if is_top_level_domain(top_level) || is_sample_email(email) {
        return;
    }
    let message = format_args!("the top-level domain `.{top_level}` of `{email}` does not exist");
    let finding = findings.report(email.span(), message);
    finding.level = Level::Warning;
    let rest = &email[..email.len() - top_level.len()];
    let lower = top_level.to_ascii_lowercase();
    match suggest::nearest(&lower, FREQUENT_TOP_LEVELS) {
        Some(meant) if !is_reserved(&lower) => {
            finding.fix(email.replacement_fix(&format!("{rest}{meant}"), Safety::Unsafe));
        }
        _ => {
            finding.help("enter an address that receives mail");
        }
    }
}

/// The top-level domains that a misspelt one can mean.
const FREQUENT_TOP_LEVELS: [&str; 4] = ["com", "edu", "net", "org"];

/// Whether a name that looks like a top-level domain is one. Internationalized ones are not checked.
fn is_top_level_domain(name: &str) -> bool {
    matches!(name, "com" | "net" | "org" | "de" | "ca")
        || !name.is_ascii()
        || suggest::starts_with_ignore_case(name, "xn--")
        || TOP_LEVEL_DOMAINS.contains(&name.to_ascii_lowercase())
}

/// Whether a top-level domain is used inside a network only.
fn is_reserved(name: &str) -> bool {
    matches!(name, "corp" | "home" | "internal" | "lan" | "local")
}

/// Reports an address at Microsoft. `name` is what the value is called.
pub(in crate::rules) fn check_microsoft(
    name: &str,
    email: &JsonString<'_>,
    findings: &mut RuleReporter<'_>,
) {
    if is_microsoft_email(email) && is_email(email) {
        findings
            .report(
                email.span(),
                format_args!(
                    "`{name}` must be an address of the customer, found `{email}` at Microsoft"
                ),
            )
            .help("enter an address of the customer");
    }
}

const MICROSOFT: &str = "microsoft.com";

fn is_microsoft_email(address: &str) -> bool {
    is_at(address, MICROSOFT)
}

/// Whether an address is exactly at this domain.
pub(in crate::rules) fn is_at(address: &str, domain: &str) -> bool {
    let (address, domain) = (address.as_bytes(), domain.as_bytes());
    let Some(at_sign) = address.len().checked_sub(domain.len() + 1) else {
        return false;
    };
    address[at_sign] == b'@'
        && address[at_sign + 1..].eq_ignore_ascii_case(domain)
        && !domain.contains(&b'@')
}

fn is_microsoft_domain(domain: &str) -> bool {
    domain.eq_ignore_ascii_case(MICROSOFT)
}

/// Reports an address at a domain of the partner. `name` is what the value is called.
pub(in crate::rules) fn check_partner(
    name: &str,
    email: &JsonString<'_>,
    context: &Context,
    findings: &mut RuleReporter<'_>,
) {
    if context.partner_domains.is_empty() {
        return;
    }
    let Some(domain) = email_domain(email).filter(|domain| !is_microsoft_domain(domain)) else {
        return;
    };
    let is_partner = |partner: &String| is_same_or_subdomain(&domain, partner);
    if context.partner_domains.iter().any(is_partner) {
        findings
            .report(
                email.span(),
                format_args!(
                    "`{name}` must be an address of the customer, found `{email}` at the partner"
                ),
            )
            .help("enter an address of the customer");
    }
}

/// Reports an address at the domain of a tenant that `creator`, such as `this order`, creates.
pub(in crate::rules) fn check_in_new_tenant(
    email: &JsonString<'_>,
    tenant: &JsonString<'_>,
    creator: &str,
    findings: &mut RuleReporter<'_>,
) {
    if !is_email(email) || is_sample_email(email) {
        return;
    }
    findings
        .report(
            email.span(),
            format_args!(
                "the mailbox `{email}` does not exist until {creator} has created its domain"
            ),
        )
        .label(tenant.span(), format!("{creator} creates the domain"))
        .help("enter an address that the customer already uses");
}

/// The address without `mailto:`, angle brackets and surrounding whitespace.
fn strip_mailto(text: &str) -> &str {
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
    fn a_top_level_domain_is_one_that_exists() {
        for name in ["com", "DE", "museum", "xn--p1ai", "рф"] {
            assert!(is_top_level_domain(name), "{name}");
        }
        for name in ["con", "local", "example", "cmo", ""] {
            assert!(!is_top_level_domain(name), "{name}");
        }
    }

    #[test]
    fn strips_brackets_and_the_mailto_scheme() {
        assert_eq!(strip_mailto(" <mailto:john@doe.com> "), "john@doe.com");
    }
}
