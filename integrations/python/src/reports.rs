//! Findings as the JSON objects of the wire format.

use countersign::engine::Outcome;
use countersign::line_index::LineIndex;
use countersign::output::{Report, write_finding_json};

/// What findings call a payload that is not a file.
pub(crate) const PAYLOAD: &str = "<payload>";

/// Appends the findings of a report to a JSON array without brackets.
pub(crate) fn append_findings(out: &mut Vec<u8>, report: &Report<'_>) {
    for finding in report.findings() {
        if !out.is_empty() {
            out.push(b',');
        }
        // Writing to memory cannot fail.
        let _ = write_finding_json(out, report, finding);
    }
}

/// A JSON array of the findings of an outcome about a text that is not a file.
pub(crate) fn findings_of(
    text: &str,
    outcome: &Outcome,
    first_record: usize,
    rule_pages: Option<&str>,
) -> Vec<u8> {
    let mut out = Vec::new();
    append_findings(
        &mut out,
        &Report {
            file: PAYLOAD,
            lines: &LineIndex::new(text),
            outcome,
            first_record,
            shown: usize::MAX,
            rule_pages,
        },
    );
    as_array(out)
}

/// The elements of an array, in brackets.
pub(crate) fn as_array(mut elements: Vec<u8>) -> Vec<u8> {
    elements.insert(0, b'[');
    elements.push(b']');
    elements
}
