//! Look-ups of rules, payload kinds and schemas: the only file of the server that reads the static tables
//! of the crate.

use crate::payload::{PayloadKind, Record};
use crate::rule::Rule;
use crate::rules;
use crate::schema::{self, Outline};
use crate::spelling;

/// Returns the rule with an ID.
pub(super) fn rule(id: &str) -> Option<&'static Rule> {
    rules::find(id)
}

/// Returns the message for an ID that no rule has, with the rule ID nearest to it if one is similar.
pub(super) fn unknown_rule_message(id: &str) -> String {
    let ids = rules::RULES.iter().map(|rule| rule.id);
    match spelling::nearest(id, ids) {
        Some(nearest) => format!("there is no rule `{id}`; did you mean `{nearest}`?"),
        None => format!("there is no rule `{id}`"),
    }
}

/// Returns the outline of the schema that describes a record; `None` if its kind is unknown.
pub(super) fn outline(record: &Record<'_>) -> Option<Outline<'static>> {
    let schema = schema::embedded(record.kind()?, record.definition())?;
    Some(schema.outline())
}

/// Whether a record is an order, whose lines have parameters.
pub(super) fn is_order(record: &Record<'_>) -> bool {
    record.kind() == Some(PayloadKind::Order)
}

/// Compiles the embedded schemas, so that the first finding does not have to wait for it.
pub(super) fn preload_schemas() {
    schema::prepare();
}
