//! What is wrong with the fixes of a payload.

use crate::finding::Level;
use crate::rule::{Check, Rule};

pub(crate) static UNSETTLED_FIX: Rule = Rule {
    id: "payload/unsettled-fix",
    level: Level::Warning,
    page: include_str!("../../../rules/payload/unsettled-fix.md"),
    check: Check::Fix,
};
