//! The reason for a denial.

use crate::finding::{Level, Safety};
use crate::kinds::qualification::{Qualification, QualificationType, VettingStatus};
use crate::rule::{Check, Overlap, Rule};
use crate::rules::data::VETTING_REASONS;
use crate::rules::qualification::QualificationCheck;
use crate::suggest;

pub(in crate::rules) static REASON_UNFAMILIAR: Rule = Rule {
    id: "qualification/reason-unfamiliar",
    level: Level::Info,
    page: include_str!("../../../rules/qualification/reason-unfamiliar.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            let Some(reason) = qualification.reason() else {
                return;
            };
            if qualification.is_never_vetted() || is_known_and_not_denied(qualification) {
                return;
            }
            // The published reasons only apply to Education.
            let is_for_government = qualification.qualification_type
                == Some(QualificationType::GovernmentCommunityCloud);
            let message = match (is_published(&reason), is_for_government) {
                (true, false) => return,
                (true, true) => format!("`{reason}` is a published reason for `Education` only"),
                (false, _) => format!("`{reason}` is not a published vetting reason"),
            };
            let finding = findings.report(reason.span(), message);
            match nearest_reason(&reason).filter(|_| !is_for_government) {
                Some(near) => finding.fix(reason.replacement_fix(near, Safety::Unsafe)),
                None => finding.help("compare the reason with the response of the service"),
            };
        },
    )),
};

pub(in crate::rules) static REASON_WITHOUT_DENIAL: Rule = Rule {
    id: "qualification/reason-without-denial",
    level: Level::Warning,
    page: include_str!("../../../rules/qualification/reason-without-denial.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            if qualification.is_never_vetted() || !is_known_and_not_denied(qualification) {
                return;
            }
            let (Some(_), Some(member), Some(status)) = (
                qualification.reason(),
                qualification.vetting_reason,
                qualification.status(),
            ) else {
                return;
            };
            findings
                .report(
                    member.name.span(),
                    format_args!(
                        "`vettingReason` is set, but `vettingStatus` is `{status}`, not `Denied`"
                    ),
                )
                .label(status.span(), "not `Denied`")
                .help("keep only the one that the service returned last");
        },
    )),
};

/// Whether the status is a known one that needs no reason.
fn is_known_and_not_denied(qualification: &Qualification<'_>) -> bool {
    matches!(
        qualification.known_status,
        Some(VettingStatus::Approved | VettingStatus::InReview)
    )
}

fn published_reasons() -> impl Iterator<Item = &'static str> {
    VETTING_REASONS.iter()
}

fn is_published(reason: &str) -> bool {
    let reason = reason.trim();
    published_reasons().any(|published| published.eq_ignore_ascii_case(reason))
}

/// The published reason of which a string is a misspelling.
fn nearest_reason(reason: &str) -> Option<&'static str> {
    suggest::nearest(reason.trim(), published_reasons()).filter(|_| !is_published(reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_published_reasons_in_any_case_and_misspelt() {
        for reason in published_reasons() {
            assert!(is_published(reason) && is_published(&reason.to_uppercase()));
            assert_eq!(nearest_reason(reason), None, "{reason}");
        }
        for (written, expected) in [
            ("Not an eligible Libary", Some("Not an eligible Library")),
            ("not an academic domian", Some("Not an Academic Domain")),
            ("the registration has lapsed", None),
            ("", None),
        ] {
            assert!(!is_published(written), "{written}");
            let is_expected = match (nearest_reason(written), expected) {
                (Some(near), Some(expected)) => near.eq_ignore_ascii_case(expected),
                (near, expected) => near == expected,
            };
            assert!(is_expected, "{written}");
        }
    }
}
