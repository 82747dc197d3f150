//! The type of a qualification, as written.

use crate::finding::{Level, Safety};
use crate::kinds::qualification::QualificationType;
use crate::rule::{Check, Overlap, Rule, Supersedes};
use crate::rules::qualification::QualificationCheck;

pub(in crate::rules) static SHORT_NAME: Rule = Rule {
    id: "qualification/short-name",
    level: Level::Error,
    page: include_str!("../../../rules/qualification/short-name.md"),
    overlap: Overlap::OTHER.superseding(Supersedes::Schema),
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            let Some(type_string) = &qualification.type_string else {
                return;
            };
            let Some(qualification_type) = QualificationType::from_short_name(type_string) else {
                return;
            };
            let name = qualification_type.name();
            findings
                .report(
                    type_string.span(),
                    format_args!(
                        "`{type_string}` is an abbreviation of `{name}`, expected the full name"
                    ),
                )
                .fix(type_string.replacement_fix(name, Safety::Unsafe));
        },
    )),
};

pub(in crate::rules) static UNSETTABLE_QUALIFICATION: Rule = Rule {
    id: "qualification/unsettable-qualification",
    level: Level::Error,
    page: include_str!("../../../rules/qualification/unsettable-qualification.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            let is_unsettable = matches!(
                qualification.qualification_type,
                Some(QualificationType::None | QualificationType::Nonprofit)
            );
            let Some(type_string) = &qualification.type_string else {
                return;
            };
            if is_unsettable && qualification.is_request() {
                findings
                    .report(
                        type_string.span(),
                        format_args!(
                            "`{type_string}` cannot be requested; only the service returns it"
                        ),
                    )
                    .help("request `Education`, `GovernmentCommunityCloud` or `StateOwnedEntity`");
            }
        },
    )),
};
