//! Properties whose names are in the wrong letter case, or that have no value.

use crate::finding::Level;
use crate::rule::{Check, Overlap, Rule, Source};

pub(crate) static NULL_PROPERTY: Rule = Rule {
    id: "payload/null-property",
    level: Level::Warning,
    page: include_str!("../../../rules/payload/null-property.md"),
    overlap: Overlap::OTHER,
    check: Check::BuiltIn(Source::Engine),
};

pub(crate) static PROPERTY_CASE: Rule = Rule {
    id: "payload/property-case",
    level: Level::Error,
    page: include_str!("../../../rules/payload/property-case.md"),
    overlap: Overlap::OTHER,
    check: Check::BuiltIn(Source::Engine),
};
