//! Errors in the compressed file of a payload.

use crate::finding::Level;
use crate::rule::{Check, Overlap, Rule, Source};

pub(crate) static BROKEN_COMPRESSION: Rule = Rule {
    id: "payload/broken-compression",
    level: Level::Error,
    page: include_str!("../../../rules/payload/broken-compression.md"),
    overlap: Overlap::OTHER,
    check: Check::BuiltIn(Source::Input),
};
