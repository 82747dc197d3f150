//! Rules on what platforms answer: the result of a validation, and error bodies.

use crate::finding::Level;
use crate::json::Kind;
use crate::kinds::validation_result::{VALIDATION_RESULT, ValidationResult};
use crate::kinds::vendor_error::VENDOR_ERROR;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::data::RULES_BY_ERROR_CODE;

pub(in crate::rules) static REFUSED_PARAMETER: Rule = Rule {
    id: "answer/refused-parameter",
    level: Level::Error,
    page: include_str!("../../rules/answer/refused-parameter.md"),
    overlap: Overlap::OTHER,
    check: Check::Record(Some(&VALIDATION_RESULT), &|record, _, findings| {
        for parameter in ValidationResult::read(*record).refused {
            let reason = parameter
                .message
                .as_ref()
                .map_or("", |message| message.trim());
            let finding = findings.report(
                parameter.name.span(),
                refusal_message(&parameter.name, reason),
            );
            let choices: Vec<&str> = parameter
                .choices
                .iter()
                .map(|choice| choice.value.as_str())
                .collect();
            match choices_help(&choices) {
                Some(help) => finding.help(help),
                None => finding.help(
                    "correct the order; `countersign check ORDER --answer ANSWER` shows the place",
                ),
            };
        }
    }),
};

/// The message that the marketplace refuses a parameter.
pub(in crate::rules) fn refusal_message(name: &str, reason: &str) -> String {
    match reason.trim_end_matches('.') {
        "" => format!("the marketplace refuses `{name}`"),
        reason => format!("the marketplace refuses `{name}`: {reason}"),
    }
}

/// The help that lists the values that are accepted, if there are any.
pub(in crate::rules) fn choices_help(choices: &[&str]) -> Option<String> {
    /// The maximum number of values in a help.
    const SHOWN: usize = 5;
    let shown: Vec<String> = choices
        .iter()
        .take(SHOWN)
        .map(|choice| format!("`{choice}`"))
        .collect();
    match (&shown[..], choices.len().saturating_sub(SHOWN)) {
        ([], _) => None,
        ([only], _) => Some(format!("the marketplace accepts {only}")),
        (_, 0) => Some(format!("the marketplace accepts {}", shown.join(", "))),
        (_, rest) => Some(format!(
            "the marketplace accepts {} and {rest} more",
            shown.join(", ")
        )),
    }
}

pub(in crate::rules) static REFUSED_REQUEST: Rule = Rule {
    id: "answer/refused-request",
    level: Level::Error,
    page: include_str!("../../rules/answer/refused-request.md"),
    overlap: Overlap::OTHER,
    check: Check::Record(Some(&VENDOR_ERROR), &|record, _, findings| {
        let Some(code) = record.node.get("code") else {
            return;
        };
        let code_text = match code.kind() {
            Kind::String => code.as_text().unwrap_or_default().into_owned(),
            _ => code.source().to_owned(),
        };
        let description = record.node.get("description");
        let description = description.and_then(|node| node.as_text());
        let description = description
            .as_deref()
            .map_or("", str::trim)
            .trim_end_matches('.');
        let finding = findings.report(
            code.span(),
            format_args!(
                "a request was refused with Partner Center error {code_text}: {description}"
            ),
        );
        match RULES_BY_ERROR_CODE.code_of(&code_text) {
            Some(rules) => finding.help(format!(
                "check the request with countersign: {} before it is sent",
                reported_by(rules)
            )),
            None => finding.help(
                "look the code up in the list of Partner Center REST error codes of Microsoft",
            ),
        };
    }),
};

/// The clause that these rules, separated by spaces, report the cause.
fn reported_by(rules: &str) -> String {
    let rules: Vec<String> = rules.split(' ').map(|rule| format!("`{rule}`")).collect();
    match &rules[..] {
        [rule] => format!("{rule} reports the cause"),
        [others @ .., last] => format!("{} or {last} reports the cause", others.join(", ")),
        [] => String::new(),
    }
}
