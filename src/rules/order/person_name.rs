//! The name of the person who accepted the agreement.

use crate::finding::Level;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;

const NAMES: &[Parameter] = &[Parameter::FirstNameAgreement, Parameter::LastNameAgreement];

pub(in crate::rules) static PERSON_NAME_SHAPE: Rule = Rule {
    id: "order/person-name-shape",
    level: Level::Error,
    page: include_str!("../../../rules/order/person-name-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(NAMES, &|name, _, findings| {
        let defect = if !name.chars().any(char::is_alphabetic) {
            "has no letter"
        } else if is_initial(name.trim()) {
            "is a single letter"
        } else {
            return;
        };
        findings
            .report(name.span(), format_args!("the name `{name}` {defect}"))
            .help("give the name of the person who accepted the agreement");
    })),
};

/// Whether a name without surrounding whitespace is a single cased letter. In scripts without case, one character can be a name.
fn is_initial(name: &str) -> bool {
    let mut characters = name.chars();
    let only = characters.next().filter(|_| characters.next().is_none());
    only.is_some_and(|letter| letter.is_uppercase() || letter.is_lowercase())
}
