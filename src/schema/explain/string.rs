//! Findings for strings: length, pattern, format and content.

use jsonschema::error::ValidationErrorKind as Is;

use super::describe::{format_length, shorten};
use super::violation::Violation;
use crate::finding::{Edit, Finding, Fix};
use crate::json::{escape, quote};

/// Returns the finding for a violation that is about a string.
pub(super) fn explain(violation: &Violation<'_, '_, '_>) -> Finding {
    let subject = &violation.subject;
    match violation.error.kind() {
        Is::MinLength { limit } => too_short(violation, *limit),
        Is::MaxLength { limit } => {
            let found = format_length(violation.node);
            let message = violation.above_maximum(&found, *limit, "character");
            violation.at_value("schema/max-length", message)
        }
        Is::Pattern { pattern } => pattern_mismatch(violation, pattern),
        Is::Format { format } => invalid_format(violation, format),
        Is::BacktrackLimitExceeded { .. } | Is::RegexEngineFailure { .. } => violation.at_value(
            "schema/pattern",
            format!("{subject} was not checked: matching its pattern in the schema takes too long"),
        ),
        Is::ContentEncoding { content_encoding } => violation.at_value(
            "schema/content",
            format!("{subject} must be encoded as `{content_encoding}`"),
        ),
        Is::ContentMediaType { content_media_type } => violation.at_value(
            "schema/content",
            format!("{subject} must contain valid `{content_media_type}`"),
        ),
        Is::FromUtf8 { .. } => violation.at_value(
            "schema/content",
            format!("{subject} must decode to valid UTF-8"),
        ),
        _ => violation.unspecific(),
    }
}

fn too_short(violation: &Violation<'_, '_, '_>, limit: u64) -> Finding {
    let node = violation.node;
    let message = if node.content_span().is_empty() {
        format!("{} must not be empty", violation.subject)
    } else {
        violation.below_minimum(&format_length(node), limit, "character")
    };
    violation.at_value("schema/min-length", message)
}

fn pattern_mismatch(violation: &Violation<'_, '_, '_>, pattern: &str) -> Finding {
    let node = violation.node;
    let requirement = format!("must match `{}`", shorten(pattern));
    let mut finding = violation.mismatch("schema/pattern", &requirement);
    let normalized = node.as_text().and_then(|text| normalize(&text, pattern));
    if let Some(normalized) = normalized {
        let edits = vec![Edit::replace(node.content_span(), escape(&normalized))];
        let title = format!("replace with `{}`", quote(&normalized));
        finding.fix(Fix::safe(title, edits));
        return finding;
    }
    let examples = violation.subschema.get("examples");
    if let Some(example) = examples.and_then(|examples| examples.get(0)) {
        finding.help(format!("use a value such as `{example}`"));
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
    let other = format!("in the format `{format}`");
    let (name, example) = match format {
        "date" => ("a valid date", Some("2025-01-31")),
        "date-time" => (
            "a valid date and time with a time zone",
            Some("2025-01-31T14:05:31Z"),
        ),
        "time" => ("a valid time with a time zone", Some("14:05:31Z")),
        "duration" => ("a valid duration", Some("P1Y")),
        "email" | "idn-email" => ("a valid e-mail address", None),
        "hostname" | "idn-hostname" => ("a valid host name", None),
        "ipv4" | "ipv6" => ("a valid IP address", None),
        "uri" | "iri" => ("a valid URI", Some("https://host/path")),
        "uri-reference" | "iri-reference" => ("a valid URI reference", Some("/path/id")),
        "uuid" => ("a valid GUID", Some("a94c2acd-f6e7-4ff5-8d6c-7d03fa8aa02c")),
        "json-pointer" | "relative-json-pointer" => ("a valid JSON Pointer", Some("/a/0")),
        "regex" => ("a valid regular expression", None),
        _ => (other.as_str(), None),
    };
    let mut finding = violation.mismatch("schema/format", &format!("must be {name}"));
    if let Some(example) = example {
        finding.help(format!("use a value such as `\"{example}\"`"));
    }
    finding
}
