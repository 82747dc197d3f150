//! The status of vetting, and the properties it requires.

use crate::finding::{Level, Safety};
use crate::json::{Member, quote};
use crate::kinds::qualification::{Qualification, VettingStatus};
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::qualification::QualificationCheck;
use crate::suggest;

pub(in crate::rules) static VETTING_INCOMPLETE: Rule = Rule {
    id: "qualification/vetting-incomplete",
    level: Level::Warning,
    page: include_str!("../../../rules/qualification/vetting-incomplete.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            if !qualification.is_response() || qualification.is_never_vetted() {
                return;
            }
            match (qualification.vetting_status, qualification.known_status) {
                (None, _) => report_missing_status(qualification, findings),
                (Some(status), Some(VettingStatus::Denied)) => {
                    report_missing_reason(qualification, status, findings)
                }
                (Some(status), Some(VettingStatus::InReview)) => {
                    report_missing_date(qualification, status, findings)
                }
                _ => {}
            }
        },
    )),
};

fn report_missing_status(qualification: &Qualification<'_>, findings: &mut RuleReporter<'_>) {
    let Some(qualification_type) = qualification.qualification_type else {
        return;
    };
    if qualification.may_have_property("vettingStatus") {
        return;
    }
    findings
        .report(
            qualification.record.node.opening(),
            format_args!(
                "`vettingStatus` is required in a response for `{}`",
                qualification_type.name()
            ),
        )
        .help("add the status that the service returned");
}

fn report_missing_reason(
    qualification: &Qualification<'_>,
    status: Member<'_>,
    findings: &mut RuleReporter<'_>,
) {
    // The schema reports other types than a string; a string of whitespace is not a reason.
    let is_present = match qualification.vetting_reason {
        Some(member) => {
            let is_damaged = qualification.record.node.has_errors();
            is_damaged || member.value.as_text().is_none() || qualification.reason().is_some()
        }
        None => qualification.may_have_property("vettingReason"),
    };
    if !is_present {
        findings
            .report(
                status.value.span(),
                "`vettingReason` is required when `vettingStatus` is `Denied`",
            )
            .help("add the reason that the service returned");
    }
}

fn report_missing_date(
    qualification: &Qualification<'_>,
    status: Member<'_>,
    findings: &mut RuleReporter<'_>,
) {
    let is_present = qualification.vetting_created_date.is_some()
        || qualification.vetting_create_date.is_some()
        || qualification.may_have_property("vettingCreatedDate")
        || qualification.may_have_property("vettingCreateDate");
    if !is_present {
        findings
            .report(
                status.value.span(),
                "`vettingCreatedDate` is required when `vettingStatus` is `InReview`",
            )
            .help("add the date that the service returned");
    }
}

pub(in crate::rules) static VETTING_STATUS_SPELLING: Rule = Rule {
    id: "qualification/vetting-status-spelling",
    level: Level::Error,
    page: include_str!("../../../rules/qualification/vetting-status-spelling.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            let (Some(status), Some(vetting)) =
                (qualification.status(), qualification.known_status)
            else {
                return;
            };
            let name = vetting.name();
            if status.as_str() != name {
                findings
                    .report(
                        status.span(),
                        format_args!("`vettingStatus` is spelled `{name}`, not `{status}`"),
                    )
                    .fix(status.replacement_fix(name, Safety::Safe));
            }
        },
    )),
};

pub(in crate::rules) static UNKNOWN_VETTING_STATUS: Rule = Rule {
    id: "qualification/unknown-vetting-status",
    level: Level::Warning,
    page: include_str!("../../../rules/qualification/unknown-vetting-status.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            let Some(status) = qualification
                .status()
                .filter(|_| qualification.known_status.is_none())
            else {
                return;
            };
            let message = if status.trim().is_empty() {
                "`vettingStatus` has no value, expected `Approved`, `InReview` or `Denied`"
                    .to_owned()
            } else {
                format!(
                    "unknown vetting status `{status}`, expected `Approved`, `InReview` or `Denied`"
                )
            };
            let finding = findings.report(status.span(), message);
            // Another status would change the meaning, so it is suggested without a fix.
            match suggest::nearest(
                status.trim(),
                VettingStatus::ALL.into_iter().map(VettingStatus::name),
            ) {
                Some(name) => {
                    finding.help(format!("replace with {} if that is meant", quote(name)))
                }
                None => finding.help("use the status that the service returned"),
            };
        },
    )),
};
