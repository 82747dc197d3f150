//! Exposed credentials. Messages never repeat a credential.

use crate::finding::Level;
use crate::json::Node;
use crate::payload::{Record, SuspiciousString};
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::payload::text::is_placeholder;
use crate::span::Span;

pub(in crate::rules) static EXPOSED_SECRET: Rule = Rule {
    id: "payload/exposed-secret",
    level: Level::Warning,
    page: include_str!("../../../rules/payload/exposed-secret.md"),
    overlap: Overlap::OTHER,
    check: Check::Record(&|record, _, findings| {
        if record.index == 0 {
            check_head(record, findings);
        }
        for string in record.suspicious_strings() {
            if is_secret(&string) {
                report(string.string.span(), findings);
            }
        }
    }),
};

fn report(secret: Span, findings: &mut RuleReporter<'_>) {
    findings
        .report(secret, "a credential stands here for everybody to read")
        .help("take it out, and have it replaced where it was issued");
}

/// Checks the header lines above the payload.
fn check_head(record: &Record<'_>, findings: &mut RuleReporter<'_>) {
    let Some(head) = record.document.preamble() else {
        return;
    };
    let mut line_start = head.span.start as usize;
    for line in head.span.of(record.document.text()).split_inclusive('\n') {
        let start = line_start;
        line_start += line.len();
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let secret = strip_auth_scheme(value.trim());
        if is_secret_name(name.trim()) && is_real(secret) {
            let secret_start =
                start + name.len() + 1 + (secret.as_ptr().addr() - value.as_ptr().addr());
            report(
                Span::new(secret_start as u32, (secret_start + secret.len()) as u32),
                findings,
            );
        }
    }
}

fn is_secret(string: &SuspiciousString<'_>) -> bool {
    let Some(name) = string.property_name() else {
        return false;
    };
    let text = string.string.trim();
    let secret = strip_auth_scheme(text);
    let is_token = secret.len() < text.len() && secret.len() >= MIN_TOKEN_LENGTH;
    (is_token && !secret.contains(' ') || is_secret_property(name)) && is_real(secret)
}

/// The minimum length of a token after `Bearer` or `Basic`. Shorter strings are words.
const MIN_TOKEN_LENGTH: usize = 12;

fn is_secret_property(name: Node<'_>) -> bool {
    // No known property holds a credential.
    name.known_name().is_none() && name.as_text().is_some_and(|name| is_secret_name(&name))
}

/// Whether a header or property of this name holds a credential.
fn is_secret_name(name: &str) -> bool {
    const NAMES: [&str; 12] = [
        "accesstoken",
        "apikey",
        "authorization",
        "clientsecret",
        "ocpapimsubscriptionkey",
        "passwd",
        "password",
        "proxyauthorization",
        "refreshtoken",
        "subscriptionkey",
        "xapikey",
        "xsubscriptionkey",
    ];
    let letters: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    NAMES.contains(&letters.as_str())
}

/// The credential after `Bearer` or `Basic`; any other value unchanged.
fn strip_auth_scheme(value: &str) -> &str {
    // The first letter decides most values.
    if !value.starts_with(['B', 'b']) {
        return value;
    }
    match value.split_once(' ') {
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("basic") =>
        {
            rest.trim_start()
        }
        _ => value,
    }
}

/// Whether a value is a credential rather than a placeholder for one.
fn is_real(secret: &str) -> bool {
    let is_masked = secret
        .bytes()
        .all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.'));
    !is_masked && !is_placeholder(secret)
}
