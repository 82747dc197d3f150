//! Parameters with a closed list of values.

use crate::finding::{Level, Safety};
use crate::json::quote;
use crate::payload::parameter::Parameter;
use crate::rule::{Check, Rule};
use crate::spelling;

const CHOICES: [(Parameter, [&str; 2]); 2] = [
    (Parameter::TenantPreference, ["new", "existing"]),
    (Parameter::SpecialQualifications, ["None", "soe"]),
];

pub(in crate::rules) static UNKNOWN: Rule = Rule {
    id: "order/unknown-choice",
    level: Level::Error,
    page: include_str!("../../../rules/order/unknown-choice.md"),
    check: Check::Line(|line, _, findings| {
        for (parameter, values) in CHOICES {
            let Some(text) = line.text(parameter) else {
                continue;
            };
            if values.contains(&&*text) {
                continue;
            }
            let [first, second] = values;
            let finding = findings.report(
                text.span(),
                format!(
                    "`{}` of `{}` is neither `{first}` nor `{second}`",
                    &*text,
                    parameter.name()
                ),
            );
            let restyled = values
                .into_iter()
                .find(|value| text.trim().eq_ignore_ascii_case(value));
            let is_state_owned = parameter == Parameter::SpecialQualifications
                && spelling::is_same_but_for_style(&text, "StateOwnedEntity");
            match restyled {
                Some(value) => {
                    finding.fix(text.rewrite(value, Safety::Safe));
                }
                None if is_state_owned => {
                    finding.fix(text.rewrite("soe", Safety::Unsafe));
                }
                None => {
                    finding.help(format!("write {} or {}", quote(first), quote(second)));
                }
            }
        }
    }),
};
