//! Files that are read in chunks, against the same files read as a whole.

use std::io::Write;

use countersign::batch::{ChunkLimits, RecordMode};
use countersign::document::Document;
use countersign::output::Format;
use countersign::rule::Check;
use countersign::rules::RULES;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::engine::ENGINE;
use super::run::run;

/// A level of zstandard that is fast.
const FAST: i32 = 1;

/// The findings of a run as NDJSON, sorted, and its errors.
type Findings = (Vec<String>, Vec<String>);

fn findings(bytes: &[u8], mode: RecordMode, limits: ChunkLimits) -> Findings {
    let mut outcome = run(bytes, mode, limits, &[Format::Ndjson], false);
    let report = outcome.reports.remove(0);
    let mut lines: Vec<String> = report.lines().map(comparable).collect();
    lines.sort();
    (lines, outcome.errors)
}

/// Asserts that two runs have the same findings and errors.
fn assert_same(what: &str, found: &Findings, expected: &Findings) {
    let only_in = |some: &Findings, other: &Findings| {
        let differing = some.0.iter().filter(|line| !other.0.contains(line));
        differing.take(3).cloned().collect::<Vec<_>>()
    };
    assert!(
        found == expected,
        "{what}: found {:#?}, expected {:#?}, errors {:?} and {:?}",
        only_in(found, expected),
        only_in(expected, found),
        found.1,
        expected.1
    );
}

/// A finding without what depends on the other records of its chunk: the path names the record only if there are
/// several, what is not a payload is fixed only together with payloads, and an earlier record has a label only in the
/// same chunk.
fn comparable(line: &str) -> String {
    let mut finding: Value = serde_json::from_str(line).expect("a finding");
    finding["path"].take();
    if finding["kind"].is_null() {
        finding["fix"].take();
    }
    if matches!(check_of(&finding), Some(Check::CrossRecord(_))) {
        finding["labels"].take();
        finding["help"].take();
    }
    finding.to_string()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// The check of the rule of a finding.
fn check_of(finding: &Value) -> Option<Check> {
    let mut rules = RULES.iter();
    let rule = rules.find(|rule| finding["rule"] == rule.id);
    rule.map(|rule| rule.check)
}

/// Whether a finding is about the elements of an array together, of which a chunk has only some.
fn is_about_document(line: &str) -> bool {
    let finding: Value = serde_json::from_str(line).expect("a finding");
    matches!(check_of(&finding), Some(Check::Document(..)))
}

/// Whether a line is an object of a known kind. Neighbours of no known kind are reported together, for each chunk.
fn is_record(line: &&str) -> bool {
    let is_object = serde_json::from_str::<Value>(line).is_ok_and(|value| value.is_object());
    is_object && ENGINE.check(&Document::parse(line)).has_payload()
}

/// The number of records, and of bytes in a chunk, do not change the findings: lines, elements of an array, and
/// compressed files are read in small chunks and as a whole. The first two bytes select the limits.
pub fn chunks(input: &[u8]) {
    let Some((&[first, second], rest)) = input.split_first_chunk() else {
        return;
    };
    let small = ChunkLimits {
        whole: usize::from(first),
        chunk: 1 + usize::from(second) * 4,
        record: 1 << 20,
    };
    let large = ChunkLimits::default();
    let lines = findings(rest, RecordMode::Lines, large);
    assert_same("lines", &findings(rest, RecordMode::Lines, small), &lines);
    // What is compressed twice is not decompressed twice.
    let is_compressed = rest.starts_with(&[0x1F, 0x8B]) || rest.starts_with(&[0x28, 0xB5]);
    if !is_compressed {
        let found = findings(&gzip(rest), RecordMode::Lines, small);
        assert_same("gzip", &found, &lines);
        let compressed = zstd::encode_all(rest, FAST).expect("memory");
        let found = findings(&compressed, RecordMode::Lines, small);
        assert_same("zstandard", &found, &lines);
    }
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let records: Vec<&str> = text.lines().filter(is_record).collect();
    if records.is_empty() {
        return;
    }
    let array = format!("[{}]", records.join(",\n"));
    let of_records = |bytes: &[u8], mode, limits| {
        let (mut found, errors) = findings(bytes, mode, limits);
        found.retain(|line| !is_about_document(line));
        (found, errors)
    };
    let whole = of_records(array.as_bytes(), RecordMode::Document, large);
    let found = of_records(array.as_bytes(), RecordMode::Array, small);
    assert_same("array", &found, &whole);
    let found = of_records(&gzip(array.as_bytes()), RecordMode::Array, small);
    assert_same("gzip of an array", &found, &whole);
}
