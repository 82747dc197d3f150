//! Properties that are not allowed for this type or in a request.

use crate::finding::{Fix, Level};
use crate::json::Member;
use crate::kinds::qualification::{Qualification, QualificationType};
use crate::payload::without_properties;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::qualification::QualificationCheck;

pub(in crate::rules) static MISPLACED_MEMBER: Rule = Rule {
    id: "qualification/misplaced-member",
    level: Level::Warning,
    page: include_str!("../../../rules/qualification/misplaced-member.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            let misplaced = misplaced_in(qualification);
            let [(first, owner), rest @ ..] = &misplaced[..] else {
                return;
            };
            let qualification_type = qualification
                .qualification_type
                .map_or("this qualification".to_owned(), |qualification_type| {
                    format!("`{}`", qualification_type.name())
                });
            let defect = match owner {
                Some(_) if qualification.is_response() => {
                    "is only allowed in a request, but this is a response".to_owned()
                }
                Some(owner) => {
                    format!("belongs to `{}`, not to {qualification_type}", owner.name())
                }
                None => {
                    format!("is a vetting property, but {qualification_type} is not vetted")
                }
            };
            let finding = findings.report(
                first.name.span(),
                format_args!("`{}` {defect}", first.name_text()),
            );
            for (member, _) in rest {
                finding.label(member.name.span(), "also misplaced");
            }
            let edits = without_properties(qualification.record.node, |member| {
                misplaced.iter().any(|(other, _)| other == member)
            });
            let title = removal_title(first, misplaced.len());
            finding.fix(Fix::unsafe_(title, edits));
        },
    )),
};

/// The title of the fix that removes `count` properties, of which `first` is the first.
fn removal_title(first: &Member<'_>, count: usize) -> String {
    match count {
        1 => format!("remove `{}`", first.name_text()),
        _ => format!("remove {count} properties"),
    }
}

/// The misplaced properties, in document order, each with the type for which it is requested, if any.
fn misplaced_in<'d>(
    qualification: &Qualification<'d>,
) -> Vec<(Member<'d>, Option<QualificationType>)> {
    let is_misplaced = |owner: QualificationType| {
        let is_other = |qualification_type: QualificationType| qualification_type != owner;
        qualification.is_response() || qualification.qualification_type.is_some_and(is_other)
    };
    let asked = qualification
        .request_properties()
        .filter(|(owner, _)| is_misplaced(*owner))
        .map(|(owner, member)| (member, Some(owner)));
    // `qualification/vetting-in-request` reports these in a request.
    let is_unvetted = qualification.is_never_vetted() && !qualification.is_request();
    let vetting = qualification
        .vetting_properties()
        .filter(|_| is_unvetted)
        .map(|member| (member, None));
    let mut misplaced: Vec<_> = asked.chain(vetting).collect();
    misplaced.sort_by_key(|(member, _)| member.name.index());
    misplaced
}

pub(in crate::rules) static VETTING_IN_REQUEST: Rule = Rule {
    id: "qualification/vetting-in-request",
    level: Level::Error,
    page: include_str!("../../../rules/qualification/vetting-in-request.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            if !qualification.is_request() {
                return;
            }
            let mut vetting: Vec<Member<'_>> = qualification.vetting_properties().collect();
            vetting.sort_by_key(|member| member.name.index());
            let [first, rest @ ..] = &vetting[..] else {
                return;
            };
            let finding = findings.report(
                first.name.span(),
                format_args!(
                    "`{}` is not allowed in a request; only the service sets it",
                    first.name_text()
                ),
            );
            for member in rest {
                finding.label(member.name.span(), "also set only by the service");
            }
            let edits =
                without_properties(qualification.record.node, |member| vetting.contains(member));
            let title = removal_title(first, vetting.len());
            finding.fix(Fix::unsafe_(title, edits));
        },
    )),
};
