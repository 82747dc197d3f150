//! The findings that the page holds: a limited number for each rule, so that the page and the memory of a run stay small.

use std::collections::{BTreeMap, HashMap};
use std::io;

use serde::Serialize;

use super::row::Row;
use crate::output::Report;
use crate::output::escaped_json;
use crate::span::Span;

/// The maximum number of rows of a rule.
pub(super) const MAX_ROWS: usize = 200;

/// The maximum number of records of a rule whose text the page holds.
pub(super) const MAX_RECORDS: usize = 20;

/// The maximum number of bytes of a record's text. The rest is left out.
const MAX_RECORD_BYTES: usize = 8 * 1024;

/// The rows of the table, and the texts of their records.
#[derive(Default)]
pub(super) struct Kept {
    /// Each row as JSON, in the order of the report.
    pub(super) rows: Vec<String>,
    /// Each record as JSON. Rows name them by their index.
    pub(super) records: Vec<String>,
    /// The rules of the rows.
    pub(super) rules: BTreeMap<&'static str, KeptCounts>,
}

/// What is kept of a rule.
#[derive(Default)]
pub(super) struct KeptCounts {
    rows: usize,
    records: usize,
}

/// The text of a record.
#[derive(Serialize)]
struct RecordText<'a> {
    /// The number of its first line in the file.
    line: u64,
    text: &'a str,
    /// The number of bytes of the record if `text` is only its start.
    bytes: Option<u32>,
}

impl Kept {
    /// Adds the findings of a report, as far as there is room for their rules. Returns the number of added rows.
    pub(super) fn add(&mut self, report: &Report<'_>) -> io::Result<usize> {
        let rows_before = self.rows.len();
        // The records of this report whose text is kept, each with its index in `self.records`.
        let mut texts = HashMap::new();
        for finding in report.findings() {
            let counts = self.rules.entry(finding.rule).or_default();
            if counts.rows == MAX_ROWS {
                continue;
            }
            counts.rows += 1;
            let index = report.outcome.record_at(finding.span);
            if let Some(index) = index.filter(|index| !texts.contains_key(index))
                && counts.records < MAX_RECORDS
            {
                counts.records += 1;
                texts.insert(index, self.records.len());
                self.records.push(record_json(report, index)?);
            }
            let text = index.and_then(|index| texts.get(&index).copied());
            let row = Row::new(report, finding, index, text);
            self.rows.push(script_json(&row)?);
        }
        Ok(self.rows.len() - rows_before)
    }

    /// The number of rows of a rule.
    pub(super) fn rows_of(&self, rule: &str) -> usize {
        self.rules.get(rule).map_or(0, |counts| counts.rows)
    }
}

/// The text of the record with an index in the report's outcome, as JSON.
fn record_json(report: &Report<'_>, index: usize) -> io::Result<String> {
    let span = report.outcome.records[index].span;
    let text = span.of(report.lines.text());
    let end = prefix_length(text, MAX_RECORD_BYTES);
    script_json(&RecordText {
        line: line_of(report, span),
        text: &text[..end],
        bytes: (end < text.len()).then(|| span.len()),
    })
}

fn line_of(report: &Report<'_>, span: Span) -> u64 {
    let lines = report.lines;
    lines.number_of(lines.line_at(span.start))
}

/// The length of the longest prefix of `text` that has at most `max` bytes.
fn prefix_length(text: &str, max: usize) -> usize {
    let mut end = text.len().min(max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// JSON that can be the content of a `script` element: without `<`, `>` and `&`.
pub(super) fn script_json(value: &impl Serialize) -> io::Result<String> {
    // These characters occur in JSON strings only, where an escape has the same meaning.
    Ok(escaped_json::to_string(value)?
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_texts_between_characters() {
        assert_eq!(prefix_length("aé", 2), 1);
        assert_eq!(prefix_length("aé", 3), 3);
        assert_eq!(prefix_length("aé", 9), 3);
    }
}
