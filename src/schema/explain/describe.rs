//! Values, types and counts as messages write them.

use jsonschema::JsonType;
use serde_json::Value;

use crate::json::{Kind, Node};

/// Describes a value: what it is, and how it is written.
pub(super) fn describe(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Null => "`null`".into(),
        Kind::False | Kind::True => format!("the boolean `{}`", node.source()),
        Kind::Number => format!("the number `{}`", node.source()),
        Kind::String => match node.as_text().unwrap_or_default() {
            string if string.is_empty() => "an empty string".into(),
            string => format!("the string `{}`", shorten(&string)),
        },
        Kind::Array => "an array".into(),
        Kind::Object => "an object".into(),
    }
}

fn shorten(string: &str) -> String {
    /// The maximum number of characters of a string in a message.
    const LIMIT: usize = 80;
    match string.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &string[..end]),
        None => string.to_owned(),
    }
}

/// Formats a value of the schema as code.
pub(super) fn format_value(value: &Value) -> String {
    match value {
        Value::String(string) => format!("`{string}`"),
        other => format!("`{other}`"),
    }
}

/// Joins alternatives: `a`, `b` or `c`.
pub(super) fn join_alternatives(alternatives: &[String]) -> String {
    match alternatives {
        [] => "nothing".into(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} or {last}", head.join(", ")),
    }
}

/// The name of a JSON type, with its article.
pub(super) fn type_name(json_type: JsonType) -> &'static str {
    match json_type {
        JsonType::Array => "an array",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Null => "`null`",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a string",
    }
}

/// Formats a count with its noun, in the plural where needed.
pub(super) fn format_count(count: u64, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if count == 1 => format!("1 {noun}"),
        Some(stem) => format!("{count} {stem}ies"),
        None => format!("{count} {noun}s"),
    }
}

/// Formats the number of characters of a string.
pub(super) fn format_length(node: Node<'_>) -> String {
    let string = node.as_text().unwrap_or_default();
    string.chars().count().to_string()
}

/// Formats the number of elements or properties of a container.
pub(super) fn format_size(node: Node<'_>) -> String {
    match node.child_count() {
        0 => "none".into(),
        count => count.to_string(),
    }
}
