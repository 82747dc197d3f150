//! Findings for arrays and objects: their size, their elements and the names of their properties.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Is;

use super::describe::{format_count, format_size, join_options, shorten};
use super::violation::Violation;
use crate::finding::{Finding, Level};
use crate::json::{Kind, Node, quote};

/// Returns the finding for a violation that is about an array or an object as a whole.
pub(super) fn explain(violation: &Violation<'_, '_, '_>) -> Finding {
    let (node, subject) = (violation.node, &violation.subject);
    match violation.error.kind() {
        Is::MinItems { limit } => {
            let message = violation.below_minimum(&format_size(node), *limit, "element");
            violation.at_opening("schema/min-items", message)
        }
        Is::MaxItems { limit } => {
            let message = violation.above_maximum(&format_size(node), *limit, "element");
            violation.at_opening("schema/max-items", message)
        }
        Is::MinProperties { limit } => {
            let message = violation.below_minimum(&format_size(node), *limit, "property");
            violation.at_opening("schema/min-properties", message)
        }
        Is::MaxProperties { limit } => {
            let message = violation.above_maximum(&format_size(node), *limit, "property");
            violation.at_opening("schema/max-properties", message)
        }
        Is::Contains => {
            let amount = match violation.subschema.get("maxContains") {
                Some(_) => "too few or too many",
                None => "too few",
            };
            let condition = &violation.condition;
            let message = format!(
                "{subject} has {amount} elements that match `contains` in the schema{condition}"
            );
            violation.at_opening("schema/contains", message)
        }
        Is::AdditionalItems { limit } => {
            let first = node.elements().nth(*limit).unwrap_or(node);
            let allowed = format_count(*limit as u64, "element");
            let message = format!("{subject} must have at most {allowed}");
            Finding::new(
                "schema/additional-items",
                Level::Error,
                first.span(),
                message,
            )
        }
        Is::UnevaluatedItems { unexpected } => unevaluated_element(violation, unexpected),
        Is::PropertyNames { error } => invalid_property_name(violation, error),
        _ => violation.unspecific(),
    }
}

/// The finding for the first element that equals an earlier one, if there is one.
pub(super) fn duplicate_element(array: Node<'_>, subject: &str) -> Option<Finding> {
    let (first, later) = duplicate(array)?;
    let message = format!("duplicate element in {subject}");
    let mut finding = Finding::new("schema/unique-items", Level::Error, later.span(), message);
    finding.label(first.span(), "first occurrence");
    Some(finding)
}

/// The first element that equals an earlier one, after that one. Numbers are compared exactly.
fn duplicate(array: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let mut seen = HashMap::new();
    array.elements().find_map(|element| {
        let mut text = String::new();
        write_canonical(element, &mut text);
        match seen.entry(text) {
            Entry::Occupied(first) => Some((*first.get(), element)),
            Entry::Vacant(entry) => {
                entry.insert(element);
                None
            }
        }
    })
}

/// Appends the same text for equal values, and no other one.
fn write_canonical(node: Node<'_>, text: &mut String) {
    match node.kind() {
        Kind::Null | Kind::False | Kind::True => text.push_str(node.source()),
        Kind::Number => {
            let number = node.as_number().map(|number| number.canonical_text());
            text.push_str(&number.unwrap_or_default());
        }
        Kind::String => text.push_str(&quote(&node.as_text().unwrap_or_default())),
        Kind::Array => {
            text.push('[');
            for element in node.elements() {
                write_canonical(element, text);
                text.push(',');
            }
            text.push(']');
        }
        Kind::Object => {
            let mut members: Vec<_> = node
                .members()
                .map(|member| (member.name_text(), member.value))
                .collect();
            members.sort_by(|(left, _), (right, _)| left.cmp(right));
            text.push('{');
            for (name, value) in members {
                text.push_str(&quote(&name));
                text.push(':');
                write_canonical(value, text);
                text.push(',');
            }
            text.push('}');
        }
    }
}

fn unevaluated_element(violation: &Violation<'_, '_, '_>, unexpected: &[String]) -> Finding {
    // The error lists the values of the elements, but not their indices.
    let element = violation
        .node
        .elements()
        .find(|element| unexpected.iter().any(|value| value == element.source()));
    let span = element.map_or(violation.node.opening(), |element| element.span());
    let message = format!(
        "{} has an element that the schema does not describe",
        violation.subject
    );
    Finding::new("schema/unevaluated-items", Level::Error, span, message)
}

fn invalid_property_name(
    violation: &Violation<'_, '_, '_>,
    error: &ValidationError<'_>,
) -> Finding {
    let node = violation.node;
    let member = node
        .members()
        .find(|member| !is_valid_name(&member.name.as_text().unwrap_or_default(), error));
    let (span, subject, name) = match member {
        Some(member) => {
            let name = member.name.as_text().unwrap_or_default();
            let subject = format!("the property name `{name}`");
            (member.name.span(), subject, name)
        }
        None => {
            let subject = format!("a property name in {}", violation.subject);
            (node.opening(), subject, Cow::default())
        }
    };
    let message = format!("{subject} must {}", describe_name_constraint(error, &name));
    Finding::new("schema/property-names", Level::Error, span, message)
}

/// Whether a property name satisfies the keyword that `error` is about, as far as it is known here.
fn is_valid_name(name: &str, error: &ValidationError<'_>) -> bool {
    match error.kind() {
        Is::MaxLength { limit } => name.chars().count() as u64 <= *limit,
        Is::MinLength { limit } => name.chars().count() as u64 >= *limit,
        Is::Pattern { pattern } => {
            regex::Regex::new(pattern).map_or(true, |regex| regex.is_match(name))
        }
        Is::Enum { options } => options
            .as_array()
            .is_none_or(|options| options.iter().any(|option| option == name)),
        Is::Constant { expected_value } => expected_value.as_ref() == name,
        _ => true,
    }
}

fn describe_name_constraint(error: &ValidationError<'_>, name: &str) -> String {
    match error.kind() {
        Is::Pattern { pattern } => format!("match `{}`", shorten(pattern)),
        Is::MaxLength { limit } => format!("have at most {}", format_count(*limit, "character")),
        Is::MinLength { limit } => format!("have at least {}", format_count(*limit, "character")),
        Is::Enum { options } => {
            let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
            format!("be {}", join_options(options, Some(name)))
        }
        _ => "match the schema".to_owned(),
    }
}
