//! Files in other formats than JSON.

use crate::finding::Level;
use crate::rule::{Check, Overlap, Rule, Source};

pub(crate) static NOT_JSON: Rule = Rule {
    id: "payload/not-json",
    level: Level::Error,
    page: include_str!("../../../rules/payload/not-json.md"),
    overlap: Overlap::OTHER,
    check: Check::BuiltIn(Source::Parser),
};

pub(crate) static NOT_UTF8: Rule = Rule {
    id: "json/not-utf8",
    level: Level::Warning,
    page: include_str!("../../../rules/json/not-utf8.md"),
    overlap: Overlap::OTHER,
    check: Check::BuiltIn(Source::Input),
};
