//! What a certificate applies to: a buyer or a licensee, and the matching reference.

use crate::finding::{Level, Safety};
use crate::kinds::certificate::{Certificate, Scope};
use crate::payload::JsonString;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::certificate::CertificateCheck;

pub(in crate::rules) static SCOPE_CASE: Rule = Rule {
    id: "certificate/scope-case",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/scope-case.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            let (Some(scope_string), Some(scope)) = (&certificate.scope_string, certificate.scope)
            else {
                return;
            };
            // The schema reports any other spelling.
            if scope_string.as_str() == scope.name().to_ascii_lowercase() {
                findings
                    .report(
                        scope_string.span(),
                        format_args!(
                            "`applicableTo` is in lower case; the platform writes `{}`, not \
                             `{scope_string}`",
                            scope.name()
                        ),
                    )
                    .fix(scope_string.replacement_fix(scope.name(), Safety::Safe));
            }
        },
    )),
};

/// The scope of a complete certificate and its references.
struct ScopeReferences<'c, 'd> {
    /// The scope as written.
    scope_string: &'c JsonString<'d>,
    /// Whether the reference that the scope requires is present, and its property name.
    expected: (bool, &'static str),
    /// The same for the other reference.
    other: (bool, &'static str),
}

impl<'c, 'd> ScopeReferences<'c, 'd> {
    fn read(certificate: &'c Certificate<'d>) -> Option<Self> {
        let scope_string = certificate.scope_string.as_ref()?;
        let buyer = (certificate.buyer.is_some(), "buyer");
        let licensee = (certificate.licensee.is_some(), "licensee");
        let (expected, other) = match certificate.scope? {
            Scope::Buyer => (buyer, licensee),
            Scope::Licensee => (licensee, buyer),
        };
        certificate.is_complete().then_some(Self {
            scope_string,
            expected,
            other,
        })
    }
}

pub(in crate::rules) static SCOPE_MISMATCH: Rule = Rule {
    id: "certificate/scope-mismatch",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/scope-mismatch.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            let Some(ScopeReferences {
                scope_string,
                expected: (false, expected),
                other: (true, found),
            }) = ScopeReferences::read(certificate)
            else {
                return;
            };
            if certificate.has_misspelt_property(expected) {
                return;
            }
            let finding = findings.report(
                scope_string.span(),
                format_args!(
                    "`applicableTo` is `{scope_string}`, but the certificate refers only to a \
                     {found}"
                ),
            );
            if let Some(reference) = certificate.buyer.or(certificate.licensee) {
                finding.label(reference.name.span(), format!("refers to a {found}"));
            }
            finding.help(format!("add the `{expected}`, or correct `applicableTo`"));
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
            let Some(ScopeReferences {
                scope_string,
                expected: (false, expected),
                other: (false, other),
            }) = ScopeReferences::read(certificate)
            else {
                return;
            };
            let is_misspelt = |name| certificate.has_misspelt_property(name);
            if !is_misspelt(expected) && !is_misspelt(other) {
                findings
                    .report(
                        scope_string.span(),
                        format_args!(
                            "`applicableTo` is `{scope_string}`, but the certificate has no \
                             `{expected}`"
                        ),
                    )
                    .help(format!(
                        "add the `{expected}` to which the certificate applies"
                    ));
            }
        },
    )),
};

pub(in crate::rules) static PROGRAM_SCOPE_MISMATCH: Rule = Rule {
    id: "certificate/program-scope-mismatch",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/program-scope-mismatch.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            let (Some(scope_string), Some(scope)) = (&certificate.scope_string, certificate.scope)
            else {
                return;
            };
            let Some((of_program, place)) = &certificate.program_scope else {
                return;
            };
            if *of_program != scope {
                findings
                    .report(
                        scope_string.span(),
                        format_args!(
                            "the certificate applies to `{}`, but its program applies to `{}`",
                            scope.name(),
                            of_program.name()
                        ),
                    )
                    .label(place.span(), "`applicableTo` of the program")
                    .help("correct `applicableTo`, or refer to another program");
            }
        },
    )),
};
