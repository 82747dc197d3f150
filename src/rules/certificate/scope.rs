//! Whom a certificate is for: a buyer or a licensee, and the reference that says which.

use crate::finding::{Level, Safety};
use crate::kinds::certificate::{Certificate, Scope};
use crate::rule::{Check, Overlap, Rule};
use crate::rules::certificate::CertificateCheck;

pub(in crate::rules) static SCOPE_CASE: Rule = Rule {
    id: "certificate/scope-case",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/scope-case.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            let (Some(text), Some(scope)) = (&certificate.scope_string, certificate.scope) else {
                return;
            };
            // What is written in any third way the schema refuses.
            if text.as_str() == scope.name().to_ascii_lowercase() {
                findings
                    .report(
                        text.span(),
                        format_args!("the platform writes `{}`, not `{text}`", scope.name()),
                    )
                    .fix(text.replacement_fix(scope.name(), Safety::Safe));
            }
        },
    )),
};

/// What the scope calls for and what stands there instead, in that order, by name.
fn references(certificate: &Certificate<'_>) -> Option<[(bool, &'static str); 2]> {
    let buyer = (certificate.buyer.is_some(), "buyer");
    let licensee = (certificate.licensee.is_some(), "licensee");
    Some(match certificate.scope? {
        Scope::Buyer => [buyer, licensee],
        Scope::Licensee => [licensee, buyer],
    })
}

pub(in crate::rules) static SCOPE_MISMATCH: Rule = Rule {
    id: "certificate/scope-mismatch",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/scope-mismatch.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            let Some([(false, expected), (true, found)]) = references(certificate) else {
                return;
            };
            let Some(text) = certificate
                .scope_string
                .as_ref()
                .filter(|_| certificate.is_complete())
            else {
                return;
            };
            if certificate.has_misspelt_property(expected) {
                return;
            }
            let finding = findings.report(
                text.span(),
                format_args!("the scope is `{text}`, and only a {found} is referenced"),
            );
            if let Some(reference) = certificate.buyer.or(certificate.licensee) {
                finding.label(reference.name.span(), format!("the {found}"));
            }
            finding.help(format!("reference the {expected}, or correct the scope"));
        },
    )),
};

pub(in crate::rules) static SCOPE_REFERENCE_MISSING: Rule = Rule {
    id: "certificate/scope-reference-missing",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/scope-reference-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            let Some([(false, expected), (false, other)]) = references(certificate) else {
                return;
            };
            let is_misspelt = || {
                certificate.has_misspelt_property(expected)
                    || certificate.has_misspelt_property(other)
            };
            let Some(text) = certificate
                .scope_string
                .as_ref()
                .filter(|_| certificate.is_complete())
            else {
                return;
            };
            if !is_misspelt() {
                findings
                    .report(
                        text.span(),
                        format_args!("the scope is `{text}`, and no {expected} is referenced"),
                    )
                    .help(format!("add the `{expected}` that the certificate is for"));
            }
        },
    )),
};
