//! Parameters with a closed list of values.

use crate::finding::{Level, Safety};
use crate::json::quote;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;
use crate::spelling;

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
        &|word, _, findings| {
            let is_qualification = word.parameter == Parameter::SpecialQualifications;
            let [first, second] = if is_qualification {
                ["None", "soe"]
            } else {
                ["new", "existing"]
            };
            if word.as_str() == first || word.as_str() == second {
                return;
            }
            let finding = findings.report(
                word.span(),
                format_args!(
                    "`{word}` of `{}` is neither `{first}` nor `{second}`",
                    word.parameter.name()
                ),
            );
            let restyled = [first, second]
                .into_iter()
                .find(|value| word.trim().eq_ignore_ascii_case(value));
            if let Some(value) = restyled {
                finding.fix(word.replacement_fix(value, Safety::Safe));
            } else if is_qualification && spelling::is_same_but_for_style(word, "StateOwnedEntity")
            {
                finding.fix(word.replacement_fix("soe", Safety::Unsafe));
            } else {
                finding.help(format!("write {} or {}", quote(first), quote(second)));
            }
        },
    )),
};
