//! Redaction: masks the values of payloads, so that a report can be shared.

use std::ops::Range;

use crate::engine::{Outcome, PATH_SEPARATOR};
use crate::finding::{Finding, Fix};
use crate::registry::Registry;

/// Masks the values in a source text and in its findings. A letter or digit outside of a known name
/// becomes a character of the same length in UTF-8, so that spans stay valid. The message of a finding
/// becomes the summary of its rule.
pub fn redact(text: &str, outcome: &Outcome, registry: &Registry) -> (String, Outcome) {
    let mask = |text: &str| mask(text, registry);
    let mut outcome = outcome.clone();
    for record in &mut outcome.records {
        record.key = record.key.take().map(|key| mask(&key));
        record.pointer = mask_pointer(&record.pointer, registry);
    }
    for finding in &mut outcome.findings {
        redact_finding(finding, registry);
    }
    (mask(text), outcome)
}

fn redact_finding(finding: &mut Finding, registry: &Registry) {
    let summary = registry
        .rule(finding.rule)
        .map_or("", |rule| rule.summary());
    finding.message = summary.trim_end_matches('.').to_owned();
    finding.help = None;
    finding.pointer = mask_pointer(&finding.pointer, registry);
    finding.path = mask_path(&finding.path, registry);
    for label in &mut finding.labels {
        label.message = "see here".into();
    }
    if let Some(Fix { title, edits, .. }) = &mut finding.fix {
        *title = "a fix is available".into();
        for edit in edits {
            edit.text = mask(&edit.text, registry);
        }
    }
}

/// Masks the letters and digits outside of known names.
fn mask(text: &str, registry: &Registry) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut copied_to = 0;
    for name in known_names(text, registry) {
        masked.extend(text[copied_to..name.start].chars().map(mask_char));
        masked.push_str(&text[name.clone()]);
        copied_to = name.end;
    }
    masked.extend(text[copied_to..].chars().map(mask_char));
    masked
}

/// The replacement of a character, with the same length in UTF-8.
fn mask_char(character: char) -> char {
    match (character.is_alphanumeric(), character.len_utf8()) {
        (false, _) => character,
        (true, 1) => 'x',
        (true, 2) => '\u{d7}',
        (true, 3) => '\u{2022}',
        (true, _) => '\u{1f78c}',
    }
}

/// The ranges of the strings that are known names of properties or parameters. Finds strings by their
/// quotes alone, because the text may be malformed; a name in an unexpected place counts as a value.
fn known_names(text: &str, registry: &Registry) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let mut offset = 0;
    while let Some(start) = text[offset..].find('"').map(|found| offset + found + 1) {
        let Some(end) = string_end(text, start) else {
            break;
        };
        let string = &text[start..end];
        let is_property_name = text[end + 1..].trim_start().starts_with(':');
        if is_property_name && registry.is_property(string) || registry.is_entry_name(string) {
            names.push(start..end);
        }
        offset = end + 1;
    }
    names
}

/// The offset of the closing quote of the string whose content starts at `start`. A line break ends a
/// string too, so that a missing quote affects one line only.
fn string_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut offset = start;
    loop {
        match bytes.get(offset)? {
            b'\\' => offset += 2,
            b'"' | b'\n' => return Some(offset),
            _ => offset += 1,
        }
    }
}

/// Masks the segments of a JSON Pointer that are neither an index nor a known name.
pub(crate) fn mask_pointer(pointer: &str, registry: &Registry) -> String {
    let mask_segment = |segment: &str| {
        let is_index = segment.bytes().all(|byte| byte.is_ascii_digit());
        if is_index || registry.is_property(segment) {
            segment.to_owned()
        } else {
            mask(segment, registry)
        }
    };
    let segments: Vec<String> = pointer.split('/').map(mask_segment).collect();
    segments.join("/")
}

/// Masks the names in the path of a value that are neither a number nor a known name.
fn mask_path(path: &str, registry: &Registry) -> String {
    let labels = || registry.kinds().iter().flat_map(|kind| kind.list_labels());
    let mask_name = |name: &str| {
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
        match is_number || registry.is_property(name) || registry.is_entry_name(name) {
            true => name.to_owned(),
            false => mask(name, registry),
        }
    };
    let mask_part = |part: &str| {
        let labelled = labels().find_map(|label| {
            let name = part.strip_prefix(label.label)?.strip_prefix(' ')?;
            Some((label.label, name))
        });
        match labelled {
            Some((label, name)) => format!("{label} {}", mask_name(name)),
            None => part.split('.').map(mask_name).collect::<Vec<_>>().join("."),
        }
    };
    let parts: Vec<String> = path.split(PATH_SEPARATOR).map(mask_part).collect();
    parts.join(PATH_SEPARATOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_values_and_keeps_known_names() {
        let text = "{\"customerId\": \"1000417733\", \"Kundé\": [true, 12],\n \
                    \"name\": \"customer_email\", \"value\": \"jö@例.com\"}";
        assert_eq!(
            mask(text, &Registry::built_in()),
            "{\"customerId\": \"xxxxxxxxxx\", \"xxxx\u{d7}\": [xxxx, xx],\n \
             \"name\": \"customer_email\", \"value\": \"x\u{d7}@\u{2022}.xxx\"}"
        );
        assert_eq!(mask(text, &Registry::built_in()).len(), text.len());
        assert_eq!(
            mask_pointer("/products/0/Jane", &Registry::built_in()),
            "/products/0/xxxx"
        );
        assert_eq!(
            mask_path(
                "line 1 › parameter jane › customerId.doe",
                &Registry::built_in()
            ),
            "line 1 › parameter xxxx › customerId.xxx"
        );
        assert_eq!(
            mask_path("line 2 › parameter customer_email", &Registry::built_in()),
            "line 2 › parameter customer_email"
        );
    }

    #[test]
    fn masks_values_next_to_a_missing_quote() {
        for text in [
            "{\"value\": \"jane, \"id\": 3}",
            "{value: jane, 'id': \"3\\",
            "\"jane\nvalue\": 1",
        ] {
            assert!(
                !mask(text, &Registry::built_in()).contains("jane"),
                "{text}"
            );
        }
    }
}
