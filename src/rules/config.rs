//! The rules of the `config/` family, which the configuration reader reports.

use crate::finding::Level;
use crate::rule::{Check, Overlap, Rule, Source};

pub(crate) static EXPIRED_IGNORE: Rule = Rule {
    id: "config/expired-ignore",
    level: Level::Warning,
    page: include_str!("../../rules/config/expired-ignore.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Configuration),
};

pub(crate) static STALE_PRICE_SHEET: Rule = Rule {
    id: "config/stale-price-sheet",
    level: Level::Warning,
    page: include_str!("../../rules/config/stale-price-sheet.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Configuration),
};

pub(crate) static SYNTAX: Rule = Rule {
    id: "config/syntax",
    level: Level::Error,
    page: include_str!("../../rules/config/syntax.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Configuration),
};

pub(crate) static UNKNOWN_RULE: Rule = Rule {
    id: "config/unknown-rule",
    level: Level::Error,
    page: include_str!("../../rules/config/unknown-rule.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Configuration),
};

pub(crate) static UNUSED_ENTRY: Rule = Rule {
    id: "config/unused-entry",
    level: Level::Warning,
    page: include_str!("../../rules/config/unused-entry.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Configuration),
};
