//! Panics in rules.

use crate::finding::Level;
use crate::rule::{Check, Overlap, Rule, Source};

pub(crate) static FAILED_RULE: Rule = Rule {
    id: "payload/failed-rule",
    level: Level::Error,
    page: include_str!("../../../rules/payload/failed-rule.md"),
    overlap: Overlap::OTHER,
    check: Check::BuiltIn(Source::Engine),
};
