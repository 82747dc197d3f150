//! Findings for values of the wrong type, values that are not allowed, and numbers out of range.

use jsonschema::error::{TypeKind, ValidationErrorKind as Is};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use super::describe::{describe, format_value, join_alternatives, join_options, type_name};
use super::violation::Violation;
use super::{container, string};
use crate::finding::{Edit, Finding, Fix, Level, Safety};
use crate::json::{Kind, Node, Number, escape, quote};
use crate::suggest;

/// Returns the finding for a violation that is about a value rather than about its properties.
pub(super) fn explain(violation: &Violation<'_, '_, '_>) -> Finding {
    match violation.error.kind() {
        Is::Type { kind } => wrong_type(violation, kind),
        Is::Enum { options } => not_in_enum(violation, options),
        Is::Constant { .. } | Is::Not { .. } | Is::FalseSchema | Is::OneOfMultipleValid { .. } => {
            not_allowed(violation)
        }
        Is::Minimum { .. }
        | Is::Maximum { .. }
        | Is::ExclusiveMinimum { .. }
        | Is::ExclusiveMaximum { .. }
        | Is::MultipleOf { .. } => out_of_range(violation),
        Is::MinLength { .. }
        | Is::MaxLength { .. }
        | Is::Pattern { .. }
        | Is::Format { .. }
        | Is::BacktrackLimitExceeded { .. }
        | Is::RegexEngineFailure { .. }
        | Is::ContentEncoding { .. }
        | Is::ContentMediaType { .. }
        | Is::FromUtf8 { .. } => string::explain(violation),
        Is::MinItems { .. }
        | Is::MaxItems { .. }
        | Is::MinProperties { .. }
        | Is::MaxProperties { .. }
        | Is::Contains
        | Is::AdditionalItems { .. }
        | Is::UnevaluatedItems { .. }
        | Is::PropertyNames { .. } => container::explain(violation),
        // Explained with properties, alternatives and duplicates, and listed here so that the compiler reports new kinds.
        Is::Required { .. }
        | Is::AdditionalProperties { .. }
        | Is::UnevaluatedProperties { .. }
        | Is::UniqueItems
        | Is::AnyOf { .. }
        | Is::OneOfNotValid { .. }
        | Is::Custom { .. }
        | Is::Referencing(_) => violation.unspecific(),
    }
}

fn not_allowed(violation: &Violation<'_, '_, '_>) -> Finding {
    let (subject, condition) = (&violation.subject, &violation.condition);
    match violation.error.kind() {
        Is::Constant { expected_value } => {
            let requirement = format!("must be {}", format_value(expected_value));
            violation.mismatch("schema/const", &requirement)
        }
        Is::Not { .. } => {
            let found = describe(violation.node);
            let message =
                format!("{subject} is {found}, which the schema does not allow{condition}");
            violation.at_value("schema/not", message)
        }
        Is::FalseSchema => violation.at_value(
            "schema/false-schema",
            format!("{subject} is not allowed{condition}"),
        ),
        Is::OneOfMultipleValid { context } => {
            let message = format!(
                "{subject} matches more than one of {} alternatives in the schema; exactly one must match",
                context.len()
            );
            violation.at_value("schema/one-of", message)
        }
        _ => violation.unspecific(),
    }
}

fn out_of_range(violation: &Violation<'_, '_, '_>) -> Finding {
    let (rule, requirement) = match violation.error.kind() {
        Is::Minimum { limit } => ("schema/minimum", format!("must be at least {limit}")),
        Is::Maximum { limit } => ("schema/maximum", format!("must be at most {limit}")),
        Is::ExclusiveMinimum { limit } => (
            "schema/exclusive-minimum",
            format!("must be greater than {limit}"),
        ),
        Is::ExclusiveMaximum { limit } => (
            "schema/exclusive-maximum",
            format!("must be less than {limit}"),
        ),
        Is::MultipleOf { multiple_of } => (
            "schema/multiple-of",
            format!("must be a multiple of {multiple_of}"),
        ),
        _ => return violation.unspecific(),
    };
    violation.mismatch(rule, &requirement)
}

/// Returns the finding for a value that matches no alternative, where none is nearer than the others.
pub(super) fn no_branch_matches(
    error: &ValidationError<'_>,
    node: Node<'_>,
    subject: &str,
    branches: usize,
) -> Finding {
    let rule = match error.kind() {
        Is::AnyOf { .. } => "schema/any-of",
        _ => "schema/one-of",
    };
    let alternatives = match branches {
        1 => "the only alternative".to_owned(),
        _ => format!("one of {branches} alternatives"),
    };
    let message = format!(
        "{subject} must match {alternatives} in the schema, found {}",
        describe(node)
    );
    Finding::new(rule, Level::Error, node.span(), message)
}

fn wrong_type(violation: &Violation<'_, '_, '_>, kind: &TypeKind) -> Finding {
    let allowed: Vec<JsonType> = match kind {
        TypeKind::Single(one) => vec![*one],
        TypeKind::Multiple(several) => several.iter().collect(),
    };
    let names = allowed.iter().map(|allowed| type_name(*allowed).to_owned());
    let requirement = format!("must be {}", join_alternatives(&names.collect::<Vec<_>>()));
    let mut finding = violation.mismatch("schema/type", &requirement);
    let mut fixes = allowed
        .iter()
        .filter_map(|allowed| convert(violation.node, *allowed, violation.subschema));
    if let Some(fix) = fixes.next() {
        finding.fix(fix);
    } else if allowed.contains(&JsonType::String) && is_damaged_integer(violation.node) {
        finding.help("replace the number with the original digits in quotes; a spreadsheet may have rounded it");
    }
    finding
}

/// Whether a value is a number in the form that spreadsheets give long IDs: `1.00773E+6`, `1000321.0`.
fn is_damaged_integer(node: Node<'_>) -> bool {
    node.kind() == Kind::Number && node.source().contains(['.', 'e', 'E'])
}

/// Whether a text is an integer in plain form: only digits, optionally after a minus sign.
fn is_plain_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the schema accepts a number that is put in quotes.
fn accepts_as_string(number: &str, subschema: &Value) -> bool {
    let is_listed = match subschema.get("enum").and_then(Value::as_array) {
        Some(strings) => strings.iter().any(|string| string == number),
        None => true,
    };
    let matches = match subschema.get("pattern").and_then(Value::as_str) {
        Some(pattern) => regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(number)),
        None => true,
    };
    is_listed && matches && subschema.get("format").is_none()
}

/// Returns the fix that converts a value to another type, if the conversion loses nothing.
fn convert(node: Node<'_>, target: JsonType, subschema: &Value) -> Option<Fix> {
    let span = node.span();
    if target == JsonType::String && node.kind() == Kind::Number {
        if !is_plain_integer(node.source()) || !accepts_as_string(node.source(), subschema) {
            return None;
        }
        let edits = vec![Edit::insert(span.start, "\""), Edit::insert(span.end, "\"")];
        let title = format!("replace with `{}`", quote(node.source()));
        return Some(Fix::safe(title, edits));
    }
    let string = node.as_text()?;
    let number = string
        .parse::<serde_json::Number>()
        .ok()
        .map(|_| Number::new(&string));
    let value = match (target, &*string, number) {
        (JsonType::Boolean, "true" | "false", _) => string.to_string(),
        (JsonType::Null, "null", _) => string.to_string(),
        (JsonType::Integer, _, Some(number)) if is_plain_integer(&string) => {
            number.integer_text(20)?.into_owned()
        }
        (JsonType::Number, _, Some(_)) => string.to_string(),
        _ => return None,
    };
    Some(Fix::safe(
        format!("replace with `{value}`"),
        vec![Edit::replace(span, value)],
    ))
}

fn not_in_enum(violation: &Violation<'_, '_, '_>, options: &Value) -> Finding {
    let node = violation.node;
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let found = node.as_text();
    let requirement = format!("must be {}", join_options(options, found.as_deref()));
    let mut finding = violation.mismatch("schema/enum", &requirement);
    let strings = || options.iter().filter_map(Value::as_str);
    if let Some(found) = found {
        let same = strings().find(|string| suggest::eq_ignore_style(&found, string));
        let nearest = same.or_else(|| suggest::nearest(&found, strings()));
        if let Some(string) = nearest {
            finding.fix(Fix {
                title: format!("replace with `{}`", quote(string)),
                safety: Safety::when(same.is_some()),
                edits: vec![Edit::replace(node.content_span(), escape(string))],
            });
        }
    }
    finding
}
