//! Findings for arrays and objects: their size, their elements and the names of their properties.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Is;
use jsonschema::json::Node as _;
use serde_json::Value;

use super::describe::{format_count, format_size, format_value, join_alternatives};
use super::violation::Violation;
use crate::finding::{Finding, Level};
use crate::json::Node;

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
        Is::UniqueItems => duplicate_element(violation),
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

fn duplicate_element(violation: &Violation<'_, '_, '_>) -> Finding {
    let elements: Vec<Node<'_>> = violation.node.elements().collect();
    let values: Vec<_> = elements.iter().map(|element| element.to_value()).collect();
    let duplicate = (1..values.len()).find_map(|later| {
        (0..later)
            .find(|&first| jsonschema::json::cmp::equal(&values[first], &values[later]))
            .map(|first| (first, later))
    });
    let message = format!("duplicate element in {}", violation.subject);
    let Some((first, later)) = duplicate else {
        return violation.at_opening("schema/unique-items", message);
    };
    let span = elements[later].span();
    let mut finding = Finding::new("schema/unique-items", Level::Error, span, message);
    finding.label(elements[first].span(), "first occurrence");
    finding
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
    let (span, name) = match member {
        Some(member) => (
            member.name.span(),
            format!(
                "the property name `{}`",
                member.name.as_text().unwrap_or_default()
            ),
        ),
        None => (
            node.opening(),
            format!("a property name in {}", violation.subject),
        ),
    };
    let message = format!("{name} must {}", describe_name_constraint(error));
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

fn describe_name_constraint(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Is::Pattern { pattern } => format!("match `{pattern}`"),
        Is::MaxLength { limit } => format!("have at most {}", format_count(*limit, "character")),
        Is::MinLength { limit } => format!("have at least {}", format_count(*limit, "character")),
        Is::Enum { options } => {
            let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
            let list: Vec<String> = options
                .iter()
                .map(|value: &Value| format_value(value))
                .collect();
            format!("be {}", join_alternatives(&list))
        }
        _ => "match the schema".to_owned(),
    }
}
