//! Exposed credentials. Messages never repeat a credential.

use crate::finding::Level;
use crate::json::Node;
use crate::kinds::order::entry::EntryValue;
use crate::kinds::order::parameter::INITIAL_PASSWORD;
use crate::kinds::order::{ORDER, Order};
use crate::payload::{Record, SuspiciousString};
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::payload::placeholder::is_placeholder;
use crate::span::Span;

pub(in crate::rules) static EXPOSED_SECRET: Rule = Rule {
    id: "payload/exposed-secret",
    level: Level::Warning,
    page: include_str!("../../../rules/payload/exposed-secret.md"),
    overlap: Overlap::OTHER,
    check: Check::Record(None, &|record, _, findings| {
        if record.kind().is_none() {
            return;
        }
        if record.index == 0 {
            check_surroundings(record, findings);
        }
        for string in record.suspicious_strings() {
            if is_secret(&string) {
                report(string.string.span(), findings);
            }
            if string.string.as_str() == INITIAL_PASSWORD {
                check_initial_passwords(record, &string, findings);
            }
        }
    }),
};

/// Reports the value of the parameter that is named by `name`.
fn check_initial_passwords(
    record: &Record<'_>,
    name: &SuspiciousString<'_>,
    findings: &mut RuleReporter<'_>,
) {
    if !record.is_of(&ORDER) {
        return;
    }
    let order = Order::read(*record);
    let mut entries = order.lines.iter().flat_map(|line| &line.entries);
    let entry = entries.find(|entry| entry.node.span().contains(name.string.span()));
    if let Some(EntryValue::String(password)) = entry.map(|entry| &entry.value)
        && is_real(password)
    {
        report(password.span(), findings);
    }
}

fn report(secret: Span, findings: &mut RuleReporter<'_>) {
    findings
        .report(
            secret,
            "this file contains a credential (a token, key or password)",
        )
        .help("remove it from the file, and replace or revoke it where it was issued");
}

/// Checks the text around the payload: the headers of an HTTP message or of a command.
fn check_surroundings(record: &Record<'_>, findings: &mut RuleReporter<'_>) {
    let Some(wrapping) = record.document.wrapping() else {
        return;
    };
    for surroundings in [Some(wrapping.before), wrapping.after]
        .into_iter()
        .flatten()
    {
        let mut line_start = surroundings.start as usize;
        for line in surroundings
            .of(record.document.text())
            .split_inclusive('\n')
        {
            if let Some(secret) = header_secret(line) {
                let start = (line_start + secret.start as usize) as u32;
                report(Span::new(start, start + secret.len()), findings);
            }
            line_start += line.len();
        }
    }
}

/// The credential in a header line such as `Authorization: Bearer …`, which may be in quotes as an option of a command.
fn header_secret(line: &str) -> Option<Span> {
    let (name, value) = line.split_once(':')?;
    let is_delimiter = |c: char| c.is_whitespace() || "'\"`".contains(c);
    let header = name.trim().rsplit(is_delimiter).next().unwrap_or_default();
    let end = value.find(['\'', '"', '`']).unwrap_or(value.len());
    let secret = strip_auth_scheme(value[..end].trim());
    let is_credential = is_secret_name(header) && is_real(secret) && !secret.is_empty();
    let start = (secret.as_ptr().addr() - line.as_ptr().addr()) as u32;
    is_credential.then(|| Span::new(start, start + secret.len() as u32))
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
    // As documentation shortens a credential, or says whose it is.
    let is_elided = secret.contains("...") || secret.contains('…') || secret.contains("***");
    let is_described = secret.to_ascii_uppercase().contains("YOUR");
    !(is_masked || is_elided || is_described || is_placeholder(secret))
}
