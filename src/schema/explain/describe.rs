//! Values, types and counts as messages write them.

use jsonschema::JsonType;
use serde_json::Value;

use crate::json::{Kind, Node};
use crate::suggest;

/// Describes a value: what it is, and how it is written.
pub(super) fn describe(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Null => "`null`".into(),
        Kind::False | Kind::True => format!("the boolean `{}`", node.source()),
        Kind::Number => format!("the number `{}`", shorten(node.source())),
        Kind::String => match node.as_text().unwrap_or_default() {
            string if string.is_empty() => "an empty string".into(),
            string => format!("the string `{}`", shorten(&string)),
        },
        Kind::Array => "an array".into(),
        Kind::Object => "an object".into(),
    }
}

/// A text with its end left out if it is long.
pub(super) fn shorten(string: &str) -> String {
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
        Value::String(string) if string.is_empty() => "an empty string".into(),
        Value::String(string) => format!("`{}`", shorten(string)),
        other => format!("`{}`", shorten(&other.to_string())),
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

/// Joins the values that a schema allows. Of a long list, those are named that are nearest to `found`.
pub(super) fn join_options(options: &[Value], found: Option<&str>) -> String {
    /// The maximum number of values of which all are named.
    const LIMIT: usize = 12;
    const NAMED: usize = 5;
    if options.len() <= LIMIT {
        return join_alternatives(&options.iter().map(format_value).collect::<Vec<_>>());
    }
    let mut nearest: Vec<&Value> = options.iter().collect();
    if let Some(found) = found {
        let distance = |option: &&Value| suggest::distance(found, option.as_str()?);
        nearest.sort_by_cached_key(|option| distance(option).unwrap_or(usize::MAX));
    }
    let named: Vec<String> = nearest[..NAMED]
        .iter()
        .map(|option| format_value(option))
        .collect();
    format!(
        "{} or one of {} others",
        named.join(", "),
        options.len() - NAMED
    )
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
