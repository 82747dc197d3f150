//! The rules of the `schema/` family, one per keyword. The validator finds these errors; [`crate::schema`]
//! reports them.

use crate::finding::Level;
use crate::rule::{Check, Overlap, Rule, Source};

pub(super) static ADDITIONAL_ITEMS: Rule = Rule {
    id: "schema/additional-items",
    level: Level::Error,
    page: include_str!("../../rules/schema/additional-items.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static ADDITIONAL_PROPERTIES: Rule = Rule {
    id: "schema/additional-properties",
    level: Level::Warning,
    page: include_str!("../../rules/schema/additional-properties.md"),
    overlap: Overlap::OTHER,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static ANY_OF: Rule = Rule {
    id: "schema/any-of",
    level: Level::Error,
    page: include_str!("../../rules/schema/any-of.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static CONST: Rule = Rule {
    id: "schema/const",
    level: Level::Error,
    page: include_str!("../../rules/schema/const.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static CONTAINS: Rule = Rule {
    id: "schema/contains",
    level: Level::Error,
    page: include_str!("../../rules/schema/contains.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static CONTENT: Rule = Rule {
    id: "schema/content",
    level: Level::Error,
    page: include_str!("../../rules/schema/content.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static ENUM: Rule = Rule {
    id: "schema/enum",
    level: Level::Error,
    page: include_str!("../../rules/schema/enum.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static EXCLUSIVE_MAXIMUM: Rule = Rule {
    id: "schema/exclusive-maximum",
    level: Level::Error,
    page: include_str!("../../rules/schema/exclusive-maximum.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static EXCLUSIVE_MINIMUM: Rule = Rule {
    id: "schema/exclusive-minimum",
    level: Level::Error,
    page: include_str!("../../rules/schema/exclusive-minimum.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static FALSE_SCHEMA: Rule = Rule {
    id: "schema/false-schema",
    level: Level::Error,
    page: include_str!("../../rules/schema/false-schema.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static FORMAT: Rule = Rule {
    id: "schema/format",
    level: Level::Error,
    page: include_str!("../../rules/schema/format.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static MAX_ITEMS: Rule = Rule {
    id: "schema/max-items",
    level: Level::Error,
    page: include_str!("../../rules/schema/max-items.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static MAX_LENGTH: Rule = Rule {
    id: "schema/max-length",
    level: Level::Error,
    page: include_str!("../../rules/schema/max-length.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static MAX_PROPERTIES: Rule = Rule {
    id: "schema/max-properties",
    level: Level::Error,
    page: include_str!("../../rules/schema/max-properties.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static MAXIMUM: Rule = Rule {
    id: "schema/maximum",
    level: Level::Error,
    page: include_str!("../../rules/schema/maximum.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static MIN_ITEMS: Rule = Rule {
    id: "schema/min-items",
    level: Level::Error,
    page: include_str!("../../rules/schema/min-items.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static MIN_LENGTH: Rule = Rule {
    id: "schema/min-length",
    level: Level::Error,
    page: include_str!("../../rules/schema/min-length.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static MIN_PROPERTIES: Rule = Rule {
    id: "schema/min-properties",
    level: Level::Error,
    page: include_str!("../../rules/schema/min-properties.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static MINIMUM: Rule = Rule {
    id: "schema/minimum",
    level: Level::Error,
    page: include_str!("../../rules/schema/minimum.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static MULTIPLE_OF: Rule = Rule {
    id: "schema/multiple-of",
    level: Level::Error,
    page: include_str!("../../rules/schema/multiple-of.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static NOT: Rule = Rule {
    id: "schema/not",
    level: Level::Error,
    page: include_str!("../../rules/schema/not.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static ONE_OF: Rule = Rule {
    id: "schema/one-of",
    level: Level::Error,
    page: include_str!("../../rules/schema/one-of.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static PATTERN: Rule = Rule {
    id: "schema/pattern",
    level: Level::Error,
    page: include_str!("../../rules/schema/pattern.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static PROPERTY_NAMES: Rule = Rule {
    id: "schema/property-names",
    level: Level::Error,
    page: include_str!("../../rules/schema/property-names.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static REQUIRED: Rule = Rule {
    id: "schema/required",
    level: Level::Error,
    page: include_str!("../../rules/schema/required.md"),
    overlap: Overlap::OTHER,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static TYPE: Rule = Rule {
    id: "schema/type",
    level: Level::Error,
    page: include_str!("../../rules/schema/type.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static UNEVALUATED_ITEMS: Rule = Rule {
    id: "schema/unevaluated-items",
    level: Level::Error,
    page: include_str!("../../rules/schema/unevaluated-items.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static UNEVALUATED_PROPERTIES: Rule = Rule {
    id: "schema/unevaluated-properties",
    level: Level::Warning,
    page: include_str!("../../rules/schema/unevaluated-properties.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};

pub(super) static UNIQUE_ITEMS: Rule = Rule {
    id: "schema/unique-items",
    level: Level::Error,
    page: include_str!("../../rules/schema/unique-items.md"),
    overlap: Overlap::VALUE,
    check: Check::BuiltIn(Source::Schema),
};
