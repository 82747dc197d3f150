//! Parameters with a fixed set of values.

use crate::finding::{Level, Safety};
use crate::json::quote;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;
use crate::suggest;

pub(in crate::rules) static UNKNOWN_CHOICE: Rule = Rule {
    id: "order/unknown-choice",
    level: Level::Error,
    page: include_str!("../../../rules/order/unknown-choice.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[
            Parameter::TenantPreference,
            Parameter::SpecialQualifications,
        ],
        &|choice, _, findings| {
            let is_qualification = choice.parameter == Parameter::SpecialQualifications;
            let [first, second] = if is_qualification {
                ["None", "soe"]
            } else {
                ["new", "existing"]
            };
            if choice.as_str() == first || choice.as_str() == second {
                return;
            }
            let finding = findings.report(
                choice.span(),
                format_args!(
                    "`{}` must be `{first}` or `{second}`, found `{choice}`",
                    choice.parameter.name()
                ),
            );
            let canonical = [first, second]
                .into_iter()
                .find(|value| choice.trim().eq_ignore_ascii_case(value));
            if let Some(value) = canonical {
                finding.fix(choice.replacement_fix(value, Safety::Safe));
            } else if is_qualification && suggest::eq_ignore_style(choice, "StateOwnedEntity") {
                finding.fix(choice.replacement_fix("soe", Safety::Unsafe));
            } else {
                finding.help(format!("use `{}` or `{}`", quote(first), quote(second)));
            }
        },
    )),
};
