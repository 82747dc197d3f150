//! The rules of the `json/` family. The parser finds what they name; `document` puts it into words.

use crate::finding::Level;
use crate::rule::{Check, Rule};

pub(super) static COMMENT: Rule = Rule {
    id: "json/comment",
    level: Level::Error,
    page: include_str!("../../rules/json/comment.md"),
    check: Check::Syntax,
};

pub(super) static DUPLICATE_KEY: Rule = Rule {
    id: "json/duplicate-key",
    level: Level::Error,
    page: include_str!("../../rules/json/duplicate-key.md"),
    check: Check::Syntax,
};

pub(super) static FOREIGN_LITERAL: Rule = Rule {
    id: "json/foreign-literal",
    level: Level::Error,
    page: include_str!("../../rules/json/foreign-literal.md"),
    check: Check::Syntax,
};

pub(super) static FOREIGN_QUOTES: Rule = Rule {
    id: "json/foreign-quotes",
    level: Level::Error,
    page: include_str!("../../rules/json/foreign-quotes.md"),
    check: Check::Syntax,
};

pub(super) static ILLEGAL_ESCAPE: Rule = Rule {
    id: "json/illegal-escape",
    level: Level::Error,
    page: include_str!("../../rules/json/illegal-escape.md"),
    check: Check::Syntax,
};

pub(super) static INVISIBLE_CHARACTER: Rule = Rule {
    id: "json/invisible-character",
    level: Level::Error,
    page: include_str!("../../rules/json/invisible-character.md"),
    check: Check::Syntax,
};

pub(super) static LEADING_TEXT: Rule = Rule {
    id: "json/leading-text",
    level: Level::Error,
    page: include_str!("../../rules/json/leading-text.md"),
    check: Check::Syntax,
};

pub(super) static MISSING_SEPARATOR: Rule = Rule {
    id: "json/missing-separator",
    level: Level::Error,
    page: include_str!("../../rules/json/missing-separator.md"),
    check: Check::Syntax,
};

pub(super) static SEVERAL_VALUES: Rule = Rule {
    id: "json/several-values",
    level: Level::Error,
    page: include_str!("../../rules/json/several-values.md"),
    check: Check::Syntax,
};

pub(super) static TRAILING_COMMA: Rule = Rule {
    id: "json/trailing-comma",
    level: Level::Error,
    page: include_str!("../../rules/json/trailing-comma.md"),
    check: Check::Syntax,
};

pub(super) static TRAILING_TEXT: Rule = Rule {
    id: "json/trailing-text",
    level: Level::Error,
    page: include_str!("../../rules/json/trailing-text.md"),
    check: Check::Syntax,
};

pub(crate) static UNCLOSED: Rule = Rule {
    id: "json/unclosed",
    level: Level::Error,
    page: include_str!("../../rules/json/unclosed.md"),
    check: Check::Syntax,
};

pub(super) static UNEXPECTED_TOKEN: Rule = Rule {
    id: "json/unexpected-token",
    level: Level::Error,
    page: include_str!("../../rules/json/unexpected-token.md"),
    check: Check::Syntax,
};

pub(super) static UNQUOTED_STRING: Rule = Rule {
    id: "json/unquoted-string",
    level: Level::Error,
    page: include_str!("../../rules/json/unquoted-string.md"),
    check: Check::Syntax,
};

pub(crate) static UNREADABLE: Rule = Rule {
    id: "json/unreadable",
    level: Level::Error,
    page: include_str!("../../rules/json/unreadable.md"),
    check: Check::Syntax,
};
