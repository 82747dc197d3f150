//! Problems with the application of fixes.

use crate::finding::Level;
use crate::rule::{Check, Overlap, Rule, Source};

pub(crate) static UNSETTLED_FIX: Rule = Rule {
    id: "payload/unsettled-fix",
    level: Level::Warning,
    page: include_str!("../../../rules/payload/unsettled-fix.md"),
    overlap: Overlap::OTHER,
    check: Check::BuiltIn(Source::Fixes),
};
