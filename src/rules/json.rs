//! The rules of the `json/` family. The parser finds these defects; [`crate::document`] reports them.

use crate::finding::Level;
use crate::rule::{Check, Overlap, Rule, Source, Subject};

pub(super) static COMMENT: Rule = Rule {
    id: "json/comment",
    level: Level::Error,
    page: include_str!("../../rules/json/comment.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(super) static DUPLICATE_KEY: Rule = Rule {
    id: "json/duplicate-key",
    level: Level::Error,
    page: include_str!("../../rules/json/duplicate-key.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(crate) static ENCODED_TEXT: Rule = Rule {
    id: "json/encoded-text",
    level: Level::Error,
    page: include_str!("../../rules/json/encoded-text.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(super) static FOREIGN_LITERAL: Rule = Rule {
    id: "json/foreign-literal",
    level: Level::Error,
    page: include_str!("../../rules/json/foreign-literal.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(super) static FOREIGN_PUNCTUATION: Rule = Rule {
    id: "json/foreign-punctuation",
    level: Level::Error,
    page: include_str!("../../rules/json/foreign-punctuation.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(super) static FOREIGN_QUOTES: Rule = Rule {
    id: "json/foreign-quotes",
    level: Level::Error,
    page: include_str!("../../rules/json/foreign-quotes.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(super) static ILLEGAL_ESCAPE: Rule = Rule {
    id: "json/illegal-escape",
    level: Level::Error,
    page: include_str!("../../rules/json/illegal-escape.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Characters]),
    check: Check::BuiltIn(Source::Parser),
};

pub(super) static INVISIBLE_CHARACTER: Rule = Rule {
    id: "json/invisible-character",
    level: Level::Error,
    page: include_str!("../../rules/json/invisible-character.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(crate) static LEADING_TEXT: Rule = Rule {
    id: "json/leading-text",
    level: Level::Error,
    page: include_str!("../../rules/json/leading-text.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(super) static MISSING_SEPARATOR: Rule = Rule {
    id: "json/missing-separator",
    level: Level::Error,
    page: include_str!("../../rules/json/missing-separator.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(super) static SEVERAL_VALUES: Rule = Rule {
    id: "json/several-values",
    level: Level::Error,
    page: include_str!("../../rules/json/several-values.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(super) static TRAILING_COMMA: Rule = Rule {
    id: "json/trailing-comma",
    level: Level::Error,
    page: include_str!("../../rules/json/trailing-comma.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(crate) static TRAILING_TEXT: Rule = Rule {
    id: "json/trailing-text",
    level: Level::Error,
    page: include_str!("../../rules/json/trailing-text.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(crate) static UNCLOSED: Rule = Rule {
    id: "json/unclosed",
    level: Level::Error,
    page: include_str!("../../rules/json/unclosed.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(crate) static UNEXPECTED_TOKEN: Rule = Rule {
    id: "json/unexpected-token",
    level: Level::Error,
    page: include_str!("../../rules/json/unexpected-token.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(super) static UNQUOTED_STRING: Rule = Rule {
    id: "json/unquoted-string",
    level: Level::Error,
    page: include_str!("../../rules/json/unquoted-string.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};

pub(crate) static UNREADABLE: Rule = Rule {
    id: "json/unreadable",
    level: Level::Error,
    page: include_str!("../../rules/json/unreadable.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Parser),
};
