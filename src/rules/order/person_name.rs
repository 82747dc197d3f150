//! The name of the person who accepted the agreement.

use super::customer_data::MAX_NAME_LEN;
use crate::finding::Level;
use crate::kinds::order::ParameterString;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::order::OrderCheck;

const NAMES: &[Parameter] = &[Parameter::FirstNameAgreement, Parameter::LastNameAgreement];

pub(in crate::rules) static PERSON_NAME_SHAPE: Rule = Rule {
    id: "order/person-name-shape",
    level: Level::Error,
    page: include_str!("../../../rules/order/person-name-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(NAMES, &|name, _, findings| {
        let defect = if !name.chars().any(char::is_alphabetic) {
            "contains no letter"
        } else if is_initial(name.trim()) {
            "is a single letter"
        } else {
            return report_long(name, findings);
        };
        findings
            .report(name.span(), format_args!("the name `{name}` {defect}"))
            .help("enter the full name of the person who accepted the agreement");
    })),
};

/// Reports a name that some of Microsoft's services refuse for its length. `order/value-too-long` reports a longer one.
fn report_long(name: &ParameterString<'_, '_>, findings: &mut RuleReporter<'_>) {
    // A string has at most as many characters as bytes.
    if name.len() <= MAX_SAFE_LEN {
        return;
    }
    let length = name.chars().count();
    if (MAX_SAFE_LEN + 1..=MAX_NAME_LEN).contains(&length) {
        let message = format_args!(
            "the name has {length} characters; some services refuse more than {MAX_SAFE_LEN}"
        );
        let finding = findings.report(name.span(), message);
        finding.level = Level::Warning;
        finding.help("shorten the name");
    }
}

/// The number of characters that every service accepts.
const MAX_SAFE_LEN: usize = 40;

/// Whether a name without surrounding whitespace is a single cased letter. In scripts without case, one character can be a name.
fn is_initial(name: &str) -> bool {
    let mut characters = name.chars();
    let only = characters.next().filter(|_| characters.next().is_none());
    only.is_some_and(|letter| letter.is_uppercase() || letter.is_lowercase())
}
