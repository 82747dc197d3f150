//! Findings for strings: length, pattern, format and content.

use jsonschema::error::ValidationErrorKind as Is;

use super::describe::format_length;
use super::violation::Violation;
use crate::finding::{Edit, Finding, Fix};
use crate::json::{escape, quote};

/// Returns the finding for a violation that is about a string.
pub(super) fn explain(violation: &Violation<'_, '_, '_>) -> Finding {
    let subject = &violation.subject;
    match violation.error.kind() {
        Is::MinLength { limit } => too_short(violation, *limit),
        Is::MaxLength { limit } => {
            let message = violation.above_maximum(&format_length(violation.node), *limit);
            violation.at_value("schema/max-length", message)
        }
        Is::Pattern { pattern } => pattern_mismatch(violation, pattern),
        Is::Format { format } => invalid_format(violation, format),
        Is::BacktrackLimitExceeded { .. } | Is::RegexEngineFailure { .. } => violation.at_value(
            "schema/pattern",
            format!("{subject} could not be compared with its pattern, which takes too long"),
        ),
        Is::ContentEncoding { content_encoding } => violation.at_value(
            "schema/content",
            format!("{subject} is not encoded as {content_encoding}"),
        ),
        Is::ContentMediaType { content_media_type } => violation.at_value(
            "schema/content",
            format!("{subject} holds no {content_media_type}"),
        ),
        Is::FromUtf8 { .. } => violation.at_value(
            "schema/content",
            format!("{subject} does not decode to text"),
        ),
        _ => violation.unspecific(),
    }
}

fn too_short(violation: &Violation<'_, '_, '_>, limit: u64) -> Finding {
    let node = violation.node;
    let message = if node.content_span().is_empty() {
        format!("{} is empty", violation.subject)
    } else {
        violation.below_minimum(&format_length(node), limit, "character")
    };
    violation.at_value("schema/min-length", message)
}

fn pattern_mismatch(violation: &Violation<'_, '_, '_>, pattern: &str) -> Finding {
    let node = violation.node;
    let expected = format!("which does not match `{pattern}`");
    let mut finding = violation.mismatch("schema/pattern", &expected);
    let normalized = node.as_text().and_then(|text| normalize(&text, pattern));
    if let Some(normalized) = normalized {
        let edits = vec![Edit::replace(node.content_span(), escape(&normalized))];
        finding.fix(Fix::safe(format!("write {}", quote(&normalized)), edits));
        return finding;
    }
    let examples = violation.subschema.get("examples");
    if let Some(example) = examples.and_then(|examples| examples.get(0)) {
        finding.help(format!("write it like {example}"));
    }
    finding
}

/// Trims a string, writes its prefix in upper case and joins its parts with hyphens. `None` if the result
/// does not match the pattern.
fn normalize(string: &str, pattern: &str) -> Option<String> {
    let joined = string.trim().replace(['_', ' '], "-");
    let (prefix, rest) = joined.split_once('-')?;
    let candidate = format!("{}-{rest}", prefix.to_uppercase());
    let regex = regex::Regex::new(pattern).ok()?;
    regex.is_match(&candidate).then_some(candidate)
}

fn invalid_format(violation: &Violation<'_, '_, '_>, format: &str) -> Finding {
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
    let mut finding = violation.mismatch("schema/format", &format!("which is not {name}"));
    if let Some(example) = example {
        finding.help(format!("write it like \"{example}\""));
    }
    finding
}
