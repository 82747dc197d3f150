//! Values that a schema refuses: the sentence, the place and the fix for each kind of violation.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use super::Violation;
use crate::finding::{Edit, Finding, Fix, Level, Safety};
use crate::json::{Kind, Node, Number, escape, quote};
use crate::suggest;

/// The finding for a violation that is about a value rather than about its members.
pub(super) fn explain(violation: &Violation<'_, '_, '_>) -> Finding {
    use ValidationErrorKind as Is;
    let Violation {
        error,
        node,
        subject,
        subschema,
    } = violation;
    let found = described(*node);
    let at_value = |rule, message| Finding::new(rule, Level::Error, node.span(), message);
    let at_opening = |rule, message| Finding::new(rule, Level::Error, node.opening(), message);
    match error.kind() {
        Is::Type { kind } => wrong_type(*node, subject, kind, subschema),
        Is::Enum { options } => not_in_enum(*node, subject, options),
        Is::Constant { expected_value } => {
            let wanted = written(expected_value);
            at_value(
                "schema/const",
                format!("{subject} is {found}, only {wanted} is allowed"),
            )
        }
        Is::Pattern { pattern } => pattern_not_met(*node, subject, pattern, subschema),
        Is::Format { format } => wrong_format(*node, subject, format),
        Is::Minimum { limit } => at_value(
            "schema/minimum",
            format!("{subject} is {found}, at least {limit} is allowed"),
        ),
        Is::Maximum { limit } => at_value(
            "schema/maximum",
            format!("{subject} is {found}, at most {limit} is allowed"),
        ),
        Is::ExclusiveMinimum { limit } => {
            let message = format!("{subject} is {found}, only more than {limit} is allowed");
            at_value("schema/exclusive-minimum", message)
        }
        Is::ExclusiveMaximum { limit } => {
            let message = format!("{subject} is {found}, only less than {limit} is allowed");
            at_value("schema/exclusive-maximum", message)
        }
        Is::MultipleOf { multiple_of } => {
            let message = format!("{subject} is {found}, which is no multiple of {multiple_of}");
            at_value("schema/multiple-of", message)
        }
        Is::MinLength { .. } if node.content_span().is_empty() => {
            at_value("schema/min-length", format!("{subject} is empty"))
        }
        Is::MinLength { limit } => {
            let (has, wants) = (length(*node), counted(*limit, "character"));
            at_value(
                "schema/min-length",
                format!("{subject} has {has}, at least {wants} is expected"),
            )
        }
        Is::MaxLength { limit } => {
            let has = length(*node);
            at_value(
                "schema/max-length",
                format!("{subject} has {has}, and at most {limit} may stand there"),
            )
        }
        Is::MinItems { limit } => {
            let (has, wants) = (size(*node, "element"), counted(*limit, "element"));
            at_opening(
                "schema/min-items",
                format!("{subject} has {has}, at least {wants} is expected"),
            )
        }
        Is::MaxItems { limit } => {
            let has = size(*node, "element");
            at_opening(
                "schema/max-items",
                format!("{subject} has {has}, and at most {limit} may stand there"),
            )
        }
        Is::MinProperties { limit } => {
            let (has, wants) = (size(*node, "member"), counted(*limit, "member"));
            let message = format!("{subject} has {has}, at least {wants} is expected");
            at_opening("schema/min-properties", message)
        }
        Is::MaxProperties { limit } => {
            let has = size(*node, "member");
            let message = format!("{subject} has {has}, and at most {limit} may stand there");
            at_opening("schema/max-properties", message)
        }
        Is::UniqueItems => repeated_item(*node, subject),
        Is::Contains => at_opening(
            "schema/contains",
            format!("{subject} lacks an element of the kind that it must hold"),
        ),
        Is::AdditionalItems { limit } => {
            let surplus = node.elements().nth(*limit).unwrap_or(*node);
            let allowed = counted(*limit as u64, "element");
            let message = format!("{subject} may have {allowed} only");
            Finding::new(
                "schema/additional-items",
                Level::Error,
                surplus.span(),
                message,
            )
        }
        Is::UnevaluatedItems { unexpected } => surplus_items(*node, subject, unexpected),
        Is::OneOfMultipleValid { context } => {
            let message = format!(
                "{subject} fits several of {} shapes, of which only one may fit",
                context.len()
            );
            at_value("schema/one-of", message)
        }
        Is::Not { .. } => at_value(
            "schema/not",
            format!("{subject} is {found}, which the schema rules out here"),
        ),
        Is::FalseSchema => at_value(
            "schema/false-schema",
            format!("{subject} may not stand here at all"),
        ),
        Is::PropertyNames { error } => bad_name(*node, subject, error),
        Is::ContentEncoding { content_encoding } => at_value(
            "schema/content",
            format!("{subject} is not encoded as {content_encoding}"),
        ),
        Is::ContentMediaType { content_media_type } => at_value(
            "schema/content",
            format!("{subject} holds no {content_media_type}"),
        ),
        Is::FromUtf8 { .. } => at_value(
            "schema/content",
            format!("{subject} does not decode to text"),
        ),
        Is::BacktrackLimitExceeded { .. } | Is::RegexEngineFailure { .. } => at_value(
            "schema/pattern",
            format!("{subject} could not be compared with its pattern, which takes too long"),
        ),
        // Handled with members and branches; named here so that a new kind is noticed.
        Is::Required { .. }
        | Is::AdditionalProperties { .. }
        | Is::UnevaluatedProperties { .. }
        | Is::AnyOf { .. }
        | Is::OneOfNotValid { .. }
        | Is::Custom { .. }
        | Is::Referencing(_) => at_value(
            "schema/false-schema",
            format!("{subject} is not what the schema asks for"),
        ),
    }
}

/// The finding where no shape of several fits and none is nearer than the others.
pub(super) fn no_branch_fits(
    error: &ValidationError<'_>,
    node: Node<'_>,
    subject: &str,
    branches: usize,
) -> Finding {
    let rule = match error.kind() {
        ValidationErrorKind::AnyOf { .. } => "schema/any-of",
        _ => "schema/one-of",
    };
    let message = format!(
        "{subject} is {}, which fits none of {branches} allowed shapes",
        described(node)
    );
    Finding::new(rule, Level::Error, node.span(), message)
}

fn wrong_type(node: Node<'_>, subject: &str, kind: &TypeKind, subschema: &Value) -> Finding {
    let allowed: Vec<JsonType> = match kind {
        TypeKind::Single(one) => vec![*one],
        TypeKind::Multiple(several) => several.iter().collect(),
    };
    let names: Vec<&str> = allowed.iter().map(|allowed| type_name(*allowed)).collect();
    let message = format!(
        "{subject} is {}, {} is expected",
        described(node),
        names.join(" or ")
    );
    let mut finding = Finding::new("schema/type", Level::Error, node.span(), message);
    if let Some(fix) = allowed
        .iter()
        .find_map(|allowed| retyped(node, *allowed, subschema))
    {
        finding.fix(fix);
    }
    finding
}

/// Whether a number in quotes would be a text that the schema takes.
fn fits_as_text(number: &str, subschema: &Value) -> bool {
    let is_word = match subschema.get("enum").and_then(Value::as_array) {
        Some(words) => words.iter().any(|word| word == number),
        None => true,
    };
    let matches = match subschema.get("pattern").and_then(Value::as_str) {
        Some(pattern) => regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(number)),
        None => true,
    };
    is_word && matches && subschema.get("format").is_none()
}

/// The same value in another type, where nothing is lost.
fn retyped(node: Node<'_>, wanted: JsonType, subschema: &Value) -> Option<Fix> {
    let span = node.span();
    if wanted == JsonType::String && node.kind() == Kind::Number {
        if !fits_as_text(node.source(), subschema) {
            return None;
        }
        let edits = vec![Edit::insert(span.start, "\""), Edit::insert(span.end, "\"")];
        return Some(Fix::safe(format!("write {}", quote(node.source())), edits));
    }
    let text = node.as_text()?;
    let strict = text
        .parse::<serde_json::Number>()
        .ok()
        .map(|_| Number::new(&text));
    let value = match (wanted, &*text, strict) {
        (JsonType::Boolean, "true" | "false", _) => text.to_string(),
        (JsonType::Null, "null", _) => text.to_string(),
        (JsonType::Integer, _, Some(number)) => number.integer_text(20)?.into_owned(),
        (JsonType::Number, _, Some(_)) => text.to_string(),
        _ => return None,
    };
    Some(Fix::safe(
        format!("write {value}"),
        vec![Edit::replace(span, value)],
    ))
}

fn not_in_enum(node: Node<'_>, subject: &str, options: &Value) -> Finding {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let list: Vec<String> = options.iter().map(written).collect();
    let message = format!(
        "{subject} is {}, expected {}",
        described(node),
        either(&list)
    );
    let mut finding = Finding::new("schema/enum", Level::Error, node.span(), message);
    let words = || options.iter().filter_map(Value::as_str);
    if let Some(text) = node.as_text() {
        let restyled = words().find(|word| suggest::eq_ignore_style(&text, word));
        let near = restyled.or_else(|| suggest::nearest(&text, words()));
        if let Some(word) = near {
            finding.fix(Fix {
                title: format!("write {}", quote(word)),
                safety: Safety::when(restyled.is_some()),
                edits: vec![Edit::replace(node.content_span(), escape(word))],
            });
        }
    }
    finding
}

fn pattern_not_met(node: Node<'_>, subject: &str, pattern: &str, subschema: &Value) -> Finding {
    let message = format!(
        "{subject} is {}, which does not match `{pattern}`",
        described(node)
    );
    let mut finding = Finding::new("schema/pattern", Level::Error, node.span(), message);
    let mended = node.as_text().and_then(|text| fitted(&text, pattern));
    if let Some(mended) = mended {
        let edits = vec![Edit::replace(node.content_span(), escape(&mended))];
        finding.fix(Fix::safe(format!("write {}", quote(&mended)), edits));
    } else if let Some(example) = subschema
        .get("examples")
        .and_then(|examples| examples.get(0))
    {
        finding.help(format!("write it like {example}"));
    }
    finding
}

/// The text trimmed, its prefix in capitals and its parts joined by hyphens, if that fits.
fn fitted(text: &str, pattern: &str) -> Option<String> {
    let joined = text.trim().replace(['_', ' '], "-");
    let (prefix, rest) = joined.split_once('-')?;
    let candidate = format!("{}-{rest}", prefix.to_uppercase());
    let regex = regex::Regex::new(pattern).ok()?;
    regex.is_match(&candidate).then_some(candidate)
}

fn wrong_format(node: Node<'_>, subject: &str, format: &str) -> Finding {
    let (name, example) = match format {
        "date" => ("a date", Some("2025-01-31")),
        "date-time" => ("a date and time", Some("2025-01-31T14:05:31Z")),
        "time" => ("a time", Some("14:05:31Z")),
        "duration" => ("a duration", Some("P1Y")),
        "email" | "idn-email" => ("an e-mail address", None),
        "hostname" | "idn-hostname" => ("a host name", None),
        "ipv4" | "ipv6" => ("an IP address", None),
        "uri" | "iri" => ("a URI", Some("https://host/path")),
        "uri-reference" | "iri-reference" => ("a URI or a path", Some("/path/id")),
        "uuid" => ("a GUID", Some("a94c2acd-f6e7-4ff5-8d6c-7d03fa8aa02c")),
        "json-pointer" | "relative-json-pointer" => ("a JSON Pointer", Some("/a/0")),
        "regex" => ("a regular expression", None),
        other => (other, None),
    };
    let message = format!("{subject} is {}, which is not {name}", described(node));
    let mut finding = Finding::new("schema/format", Level::Error, node.span(), message);
    if let Some(example) = example {
        finding.help(format!("write it like \"{example}\""));
    }
    finding
}

fn repeated_item(node: Node<'_>, subject: &str) -> Finding {
    use jsonschema::json::Node as _;
    let elements: Vec<Node<'_>> = node.elements().collect();
    let values: Vec<_> = elements.iter().map(|element| element.to_value()).collect();
    let repeat = (1..values.len()).find_map(|later| {
        (0..later)
            .find(|&first| jsonschema::json::cmp::equal(&values[first], &values[later]))
            .map(|first| (first, later))
    });
    let message = format!("{subject} holds the same element twice");
    match repeat {
        Some((first, later)) => {
            let span = elements[later].span();
            let mut finding = Finding::new("schema/unique-items", Level::Error, span, message);
            finding.label(elements[first].span(), "first here");
            finding
        }
        None => Finding::new("schema/unique-items", Level::Error, node.opening(), message),
    }
}

fn surplus_items(node: Node<'_>, subject: &str, unexpected: &[String]) -> Finding {
    // The violation tells values, not places.
    let surplus = node
        .elements()
        .find(|element| unexpected.iter().any(|value| value == element.source()));
    let span = surplus.map_or(node.opening(), |element| element.span());
    let message = format!("{subject} holds an element that the schema does not provide for");
    Finding::new("schema/unevaluated-items", Level::Error, span, message)
}

fn bad_name(node: Node<'_>, subject: &str, error: &ValidationError<'_>) -> Finding {
    use ValidationErrorKind as Is;
    let fails = |name: &str| match error.kind() {
        Is::MaxLength { limit } => name.chars().count() as u64 > *limit,
        Is::MinLength { limit } => (name.chars().count() as u64) < *limit,
        Is::Pattern { pattern } => {
            regex::Regex::new(pattern).is_ok_and(|regex| !regex.is_match(name))
        }
        Is::Enum { options } => options
            .as_array()
            .is_some_and(|options| !options.iter().any(|option| option == name)),
        Is::Constant { expected_value } => expected_value.as_ref() != name,
        _ => false,
    };
    let asked = match error.kind() {
        Is::Pattern { pattern } => format!("match `{pattern}`"),
        Is::MaxLength { limit } => format!("have at most {}", counted(*limit, "character")),
        Is::MinLength { limit } => format!("have at least {}", counted(*limit, "character")),
        Is::Enum { options } => {
            let list: Vec<String> = options
                .as_array()
                .into_iter()
                .flatten()
                .map(written)
                .collect();
            format!("be {}", either(&list))
        }
        _ => "be as the schema asks".to_owned(),
    };
    let member = node
        .members()
        .find(|member| fails(&member.name.as_text().unwrap_or_default()));
    let (span, name) = match member {
        Some(member) => (
            member.name.span(),
            format!("`{}`", member.name.as_text().unwrap_or_default()),
        ),
        None => (node.opening(), format!("a name in {subject}")),
    };
    let message = format!("the member name {name} must {asked}");
    Finding::new("schema/property-names", Level::Error, span, message)
}

/// A value in words: what it is, and how it is written.
fn described(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Null => "null".into(),
        Kind::False | Kind::True => format!("the boolean `{}`", node.source()),
        Kind::Number => format!("the number `{}`", node.source()),
        Kind::String => format!(
            "the text `{}`",
            shortened(&node.as_text().unwrap_or_default())
        ),
        Kind::Array => "an array".into(),
        Kind::Object => "an object".into(),
    }
}

fn shortened(text: &str) -> String {
    const LIMIT: usize = 80;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A value of the schema, as a message writes it.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}

/// `a`, `b` or `c`.
fn either(list: &[String]) -> String {
    match list {
        [] => "nothing".into(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} or {last}", head.join(", ")),
    }
}

fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "an array",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a string",
    }
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

fn length(node: Node<'_>) -> String {
    counted(
        node.as_text().unwrap_or_default().chars().count() as u64,
        "character",
    )
}

fn size(node: Node<'_>, what: &str) -> String {
    match node.child_count() {
        0 => format!("no {what}"),
        count => counted(count as u64, what),
    }
}
