//! Reports that can be handed on: the payloads' values are replaced, their shape stays.

use std::ops::Range;

use crate::engine::Verdict;
use crate::finding::{Finding, Fix};
use crate::names;
use crate::payload::parameter::Parameter;
use crate::rules;

/// A text, and what is wrong with it, without a value in them. Every letter and digit that is not of a
/// known name becomes another of as many bytes, so that each place stays where it is; what a rule says
/// of a value becomes the sentence on its page.
pub fn redacted(text: &str, verdict: &Verdict) -> (String, Verdict) {
    let mut verdict = verdict.clone();
    for record in &mut verdict.records {
        record.key = record.key.take().map(|key| mask(&key));
        record.pointer = mask_pointer(&record.pointer);
    }
    verdict.findings.iter_mut().for_each(redact);
    (mask(text), verdict)
}

fn redact(finding: &mut Finding) {
    let summary = rules::find(finding.rule).map_or("", |rule| rule.summary());
    finding.message = summary.trim_end_matches('.').to_owned();
    finding.help = None;
    finding.pointer = mask_pointer(&finding.pointer);
    for label in &mut finding.labels {
        label.message = "see here".into();
    }
    if let Some(Fix { title, edits, .. }) = &mut finding.fix {
        *title = "there is a change that mends it".into();
        for edit in edits {
            edit.text = mask(&edit.text);
        }
    }
}

/// A text in which only known names, and what is neither letter nor digit, are left.
fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for name in known_names(text) {
        masked.extend(text[at..name.start].chars().map(stand_in));
        masked.push_str(&text[name.clone()]);
        at = name.end;
    }
    masked.extend(text[at..].chars().map(stand_in));
    masked
}

/// What stands for a character, of as many bytes.
fn stand_in(character: char) -> char {
    match (character.is_alphanumeric(), character.len_utf8()) {
        (false, _) => character,
        (true, 1) => 'x',
        (true, 2) => '\u{d7}',
        (true, 3) => '\u{2022}',
        (true, _) => '\u{1f78c}',
    }
}

/// Where strings stand that are names of members, or of parameters, of a payload. Reads no more of the
/// text than its quotes: what stands elsewhere than it should is a value.
fn known_names(text: &str) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('"').map(|found| at + found + 1) {
        let Some(end) = end_of_string(text, start) else {
            break;
        };
        let string = &text[start..end];
        let is_name = text[end + 1..].trim_start().starts_with(':');
        if is_name && names::find_ignore_case(string).is_some()
            || Parameter::named(string).is_some()
        {
            names.push(start..end);
        }
        at = end + 1;
    }
    names
}

/// Where the string that begins at `start`, behind its quote, has its other quote. A line break ends
/// it too: so a quote that is missing hides no more than a line.
fn end_of_string(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'"' | b'\n' => return Some(at),
            _ => at += 1,
        }
    }
}

fn mask_pointer(pointer: &str) -> String {
    let mask_segment = |segment: &str| {
        let is_place = segment.bytes().all(|byte| byte.is_ascii_digit());
        if is_place || names::find_ignore_case(segment).is_some() {
            segment.to_owned()
        } else {
            mask(segment)
        }
    };
    let segments: Vec<String> = pointer.split('/').map(mask_segment).collect();
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_and_values_go() {
        let text = "{\"customerId\": \"1000417733\", \"Kundé\": [true, 12],\n \
                    \"name\": \"customer_email\", \"value\": \"jö@例.com\"}";
        assert_eq!(
            mask(text),
            "{\"customerId\": \"xxxxxxxxxx\", \"xxxx\u{d7}\": [xxxx, xx],\n \
             \"name\": \"customer_email\", \"value\": \"x\u{d7}@\u{2022}.xxx\"}"
        );
        assert_eq!(mask(text).len(), text.len());
        assert_eq!(mask_pointer("/products/0/Jane"), "/products/0/xxxx");
    }

    #[test]
    fn a_missing_quote_shows_no_value() {
        for text in [
            "{\"value\": \"jane, \"id\": 3}",
            "{value: jane, 'id': \"3\\",
            "\"jane\nvalue\": 1",
        ] {
            assert!(!mask(text).contains("jane"), "{text}");
        }
    }
}
