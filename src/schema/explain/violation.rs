//! One violation of a schema, and the findings that many keywords have in common.

use jsonschema::ValidationError;
use serde_json::Value;

use super::describe::{describe, format_count};
use crate::finding::{Finding, Level};
use crate::json::Node;

/// A violation with the value it is about.
pub(super) struct Violation<'e, 's, 'd> {
    pub(super) error: &'e ValidationError<'e>,
    pub(super) node: Node<'d>,
    /// The value as the subject of a sentence: `` `customerId` ``.
    pub(super) subject: String,
    /// The condition under which the keyword applies, to append to a requirement: empty, or ` when …`.
    pub(super) condition: String,
    /// The schema object that holds the violated keyword.
    pub(super) subschema: &'s Value,
}

impl Violation<'_, '_, '_> {
    /// A finding at the value.
    pub(super) fn at_value(&self, rule: &'static str, message: String) -> Finding {
        Finding::new(rule, Level::Error, self.node.span(), message)
    }

    /// A finding at the opening bracket of the value.
    pub(super) fn at_opening(&self, rule: &'static str, message: String) -> Finding {
        Finding::new(rule, Level::Error, self.node.opening(), message)
    }

    /// A finding at the value that says what the value must be and what it is.
    pub(super) fn mismatch(&self, rule: &'static str, requirement: &str) -> Finding {
        let (subject, condition, found) = (&self.subject, &self.condition, describe(self.node));
        self.at_value(
            rule,
            format!("{subject} {requirement}{condition}, found {found}"),
        )
    }

    /// The message that the value has `found` of what `noun` names, which is less than `least`.
    pub(super) fn below_minimum(&self, found: &str, least: u64, noun: &str) -> String {
        let (subject, condition) = (&self.subject, &self.condition);
        let least = format_count(least, noun);
        format!("{subject} must have at least {least}{condition}, found {found}")
    }

    /// The message that the value has `found` of what `noun` names, which is more than `most`.
    pub(super) fn above_maximum(&self, found: &str, most: u64, noun: &str) -> String {
        let (subject, condition) = (&self.subject, &self.condition);
        let most = format_count(most, noun);
        format!("{subject} must have at most {most}{condition}, found {found}")
    }

    /// The finding for a violation of which nothing more is known.
    pub(super) fn unspecific(&self) -> Finding {
        let subject = &self.subject;
        self.at_value(
            "schema/false-schema",
            format!("{subject} does not match the schema"),
        )
    }
}
