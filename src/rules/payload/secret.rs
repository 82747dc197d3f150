//! Credentials that stand where everybody reads them. No message repeats one.

use crate::finding::Level;
use crate::json::Node;
use crate::payload::{OddString, Record};
use crate::rule::{Check, Findings, Rule};
use crate::rules::payload::text::is_placeholder;
use crate::span::Span;

pub(in crate::rules) static EXPOSED: Rule = Rule {
    id: "payload/exposed-secret",
    level: Level::Warning,
    page: include_str!("../../../rules/payload/exposed-secret.md"),
    check: Check::Strings(|record, strings, findings| {
        if record.index == 0 {
            judge_head(record, findings);
        }
        for string in strings {
            if is_secret(string) {
                report(string.text.span(), findings);
            }
        }
    }),
};

fn report(secret: Span, findings: &mut Findings<'_>) {
    findings
        .report(secret, "a credential stands here for everybody to read")
        .help("take it out, and have it replaced where it was issued");
}

/// The header lines above the payload.
fn judge_head(record: &Record<'_>, findings: &mut Findings<'_>) {
    let Some(head) = record.document.preamble() else {
        return;
    };
    let mut at = head.span.start as usize;
    for line in head.span.of(record.document.text()).split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let secret = without_scheme(value.trim());
        if is_secret_name(name.trim()) && is_given(secret) {
            let from = start + name.len() + 1 + (secret.as_ptr().addr() - value.as_ptr().addr());
            report(
                Span::new(from as u32, (from + secret.len()) as u32),
                findings,
            );
        }
    }
}

fn is_secret(string: &OddString<'_>) -> bool {
    let Some(name) = string.member_name() else {
        return false;
    };
    let text = string.text.trim();
    let secret = without_scheme(text);
    let is_token = secret.len() < text.len() && secret.len() >= SHORTEST_TOKEN;
    (is_token && !secret.contains(' ') || is_secret_member(name)) && is_given(secret)
}

/// `Bearer` and less is a word, not a token.
const SHORTEST_TOKEN: usize = 12;

fn is_secret_member(name: Node<'_>) -> bool {
    // No payload has a name for credentials.
    name.known_name().is_none() && name.as_text().is_some_and(|name| is_secret_name(&name))
}

/// Whether a header or member of this name holds a credential.
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

/// What stands behind `Bearer` or `Basic`.
fn without_scheme(value: &str) -> &str {
    match value.split_once(' ') {
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("basic") =>
        {
            rest.trim_start()
        }
        _ => value,
    }
}

/// Whether there is a credential, and no stand-in for one.
fn is_given(secret: &str) -> bool {
    let is_masked = secret
        .bytes()
        .all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.'));
    !is_masked && !is_placeholder(secret)
}
