//! What the marketplace answered to the validation of the order.

use std::collections::HashMap;

use crate::answer::{Answer, LineAnswer, Refusal};
use crate::finding::{Level, Safety};
use crate::json::Node;
use crate::kinds::order::entry::{Entry, EntryValue};
use crate::kinds::order::{Line, Order};
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::answer::{choices_help, refusal_message};
use crate::rules::order::OrderCheck;

pub(in crate::rules) static REFUSED_PARAMETER: Rule = Rule {
    id: "order/refused-parameter",
    level: Level::Error,
    page: include_str!("../../../rules/order/refused-parameter.md"),
    overlap: Overlap::ANSWER,
    check: Check::View(&OrderCheck::Order(&|order, context, findings| {
        if let Some(answer) = context.answer.as_deref().filter(|_| order.is_request()) {
            check_answer(order, answer, findings);
        }
    })),
};

fn check_answer(order: &Order<'_>, answer: &Answer, findings: &mut RuleReporter<'_>) {
    let mut seen = HashMap::new();
    for (index, result) in answer.lines.iter().enumerate() {
        if let Some(line) = line_of(order, index, result, &mut seen) {
            for refusal in &result.refusals {
                report(line, refusal, findings);
            }
        }
    }
}

/// The line that a result is about: of the lines with its part number the one at the same place among them, or the line
/// at the place of the result if that names no part number.
fn line_of<'o, 'd, 'a>(
    order: &'o Order<'d>,
    index: usize,
    result: &'a LineAnswer,
    seen: &mut HashMap<&'a str, usize>,
) -> Option<&'o Line<'d>> {
    let Some(mpn) = result.mpn.as_deref() else {
        return order.lines.get(index);
    };
    let nth = seen.entry(mpn).or_default();
    let has_mpn = |line: &&Line<'_>| {
        let own = line.mpn.as_deref();
        own.is_some_and(|own| own.trim().eq_ignore_ascii_case(mpn.trim()))
    };
    let line = order.lines.iter().filter(has_mpn).nth(*nth);
    *nth += 1;
    line
}

/// Reports a refusal at the value that was refused, or at the list of parameters if the line does not have it. A value
/// that was changed since is not reported.
fn report(line: &Line<'_>, refusal: &Refusal, findings: &mut RuleReporter<'_>) {
    let name = &refusal.parameter;
    let has_name = |entry: &&Entry<'_>| {
        entry
            .name()
            .is_some_and(|own| own.as_text().is_some_and(|own| own.trim() == name.as_str()))
    };
    let entry = line.entries.iter().find(has_name);
    let written = entry.map(|entry| value_of(entry));
    let is_changed = match (written.and_then(|value| value.as_text()), &refusal.value) {
        (Some(now), Some(then)) => now.trim() != then.trim(),
        _ => false,
    };
    let place = written.or_else(|| Some(line.parameters?.name));
    let Some(place) = place.filter(|_| !is_changed) else {
        return;
    };
    let reason = refusal.message.as_deref().unwrap_or_default();
    let finding = findings.report(place.span(), refusal_message(name, reason.trim()));
    let choices: Vec<&str> = refusal.choices.iter().map(String::as_str).collect();
    let help = choices_help(&choices);
    finding.help(help.unwrap_or("correct the parameter, and validate the order again".into()));
    let string = entry.and_then(|entry| match &entry.value {
        EntryValue::String(string) => Some(string),
        _ => None,
    });
    if let (Some(string), Some(choice)) = (string, choices.first()) {
        finding.fix(string.replacement_fix(choice, Safety::Unsafe));
    }
}

/// The value of an entry, or its name if it has none.
fn value_of<'d>(entry: &Entry<'d>) -> Node<'d> {
    match &entry.value {
        EntryValue::String(_) | EntryValue::Other(_) | EntryValue::Missing => {
            let value = entry
                .member("value")
                .or_else(|| entry.member("structured_value"));
            value
                .map(|member| member.value)
                .or(entry.name())
                .unwrap_or(entry.node)
        }
        EntryValue::Misplaced(name) => *name,
        EntryValue::Unreadable => entry.node,
    }
}
