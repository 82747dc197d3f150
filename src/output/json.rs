//! The `json` format: one JSON object for the run, described by `schemas/findings.schema.json`.

use std::io::{self, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::escaped_json;
use super::{Location, Report, Reporter, RuleStats, Summary, fingerprint};
use crate::finding::{Edit, Finding, Level};
use crate::line_index::{LineIndex, Position};
use crate::payload::Kind;
use crate::span::Span;

/// The text of the JSON Schema of the formats `json` and `ndjson`.
pub const FINDINGS_SCHEMA: &str = include_str!("../../schemas/findings.schema.json");

/// The version of the format. It is raised for a change that breaks programs that read the report.
const VERSION: u32 = 1;

/// Writes one JSON object for the run.
pub struct Json<'w> {
    out: Box<dyn Write + 'w>,
    has_started: bool,
    has_findings: bool,
}

impl<'w> Json<'w> {
    /// A reporter that writes to `out`.
    pub fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out,
            has_started: false,
            has_findings: false,
        }
    }

    /// Writes the start of the object, once.
    fn start(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.has_started, true) {
            write!(self.out, "{{\"version\":{VERSION},\"findings\":[")?;
        }
        Ok(())
    }
}

impl Reporter for Json<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        self.start()?;
        for finding in report.findings() {
            let separator = if std::mem::replace(&mut self.has_findings, true) {
                ",\n"
            } else {
                "\n"
            };
            self.out.write_all(separator.as_bytes())?;
            escaped_json::to_writer(&mut self.out, &FindingRow::new(report, finding))?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.start()?;
        self.out.write_all(if self.has_findings {
            b"\n],\"complete\":"
        } else {
            b"],\"complete\":"
        })?;
        write!(self.out, "{},\"summary\":", !summary.is_interrupted)?;
        escaped_json::to_writer(&mut self.out, &SummaryRow::new(summary))?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

/// Writes a finding of a report as the JSON object of the formats `json` and `ndjson`.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_finding_json(
    out: &mut dyn Write,
    report: &Report<'_>,
    finding: &Finding,
) -> io::Result<()> {
    escaped_json::to_writer(out, &FindingRow::new(report, finding))?;
    Ok(())
}

/// A finding as JSON.
#[derive(Serialize)]
pub(super) struct FindingRow<'a> {
    rule: &'a str,
    level: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    url: Option<String>,
    file: &'a str,
    record: Option<RecordRow<'a>>,
    kind: Option<&'static str>,
    form: Option<&'static str>,
    pointer: &'a str,
    path: String,
    range: Range,
    labels: Vec<LabelRow<'a>>,
    fix: Option<FixRow<'a>>,
    fingerprint: String,
}

#[derive(Serialize)]
struct RecordRow<'a> {
    /// From 0.
    index: usize,
    /// From 1.
    line: u64,
    key: Option<&'a str>,
}

#[derive(Serialize)]
struct Range {
    start: PositionRow,
    end: PositionRow,
}

#[derive(Serialize)]
struct PositionRow {
    offset: u64,
    line: u64,
    column: u64,
    utf16: u64,
}

#[derive(Serialize)]
struct LabelRow<'a> {
    range: Range,
    message: &'a str,
}

#[derive(Serialize)]
struct FixRow<'a> {
    title: &'a str,
    safety: &'static str,
    edits: Vec<EditRow<'a>>,
}

#[derive(Serialize)]
struct EditRow<'a> {
    range: Range,
    text: &'a str,
}

impl From<Position> for PositionRow {
    fn from(position: Position) -> Self {
        let Position {
            offset,
            line,
            column,
            utf16,
            ..
        } = position;
        Self {
            offset,
            line,
            column,
            utf16,
        }
    }
}

impl Range {
    fn of(span: Span, lines: &LineIndex<'_>) -> Self {
        Self {
            start: lines.position(span.start).into(),
            end: lines.position(span.end).into(),
        }
    }
}

impl<'a> FindingRow<'a> {
    pub(super) fn new(report: &Report<'a>, finding: &'a Finding) -> Self {
        let lines = report.lines;
        let index = report.outcome.record_at(finding.span);
        let record = index.map(|index| &report.outcome.records[index]);
        let edit = |edit: &'a Edit| EditRow {
            range: Range::of(edit.span, lines),
            text: &edit.text,
        };
        Self {
            rule: finding.rule,
            level: finding.level.as_str(),
            message: &finding.message,
            help: finding.help.as_deref(),
            url: report.rule_url(finding.rule),
            file: report.file,
            record: index.zip(record).map(|(index, record)| RecordRow {
                index: report.first_record + index,
                line: lines.number_of(lines.line_at(record.span.start)),
                key: record.key.as_deref(),
            }),
            kind: record.and_then(|record| record.kind).map(Kind::id),
            form: record
                .and_then(|record| record.form)
                .map(|form| form.as_str()),
            pointer: &finding.pointer,
            path: report.path_of(finding),
            range: Range::of(finding.span, lines),
            labels: finding
                .labels
                .iter()
                .map(|label| LabelRow {
                    range: Range::of(label.span, lines),
                    message: &label.message,
                })
                .collect(),
            fix: finding.fix.as_ref().map(|fix| FixRow {
                title: &fix.title,
                safety: fix.safety.as_str(),
                edits: fix.edits.iter().map(edit).collect(),
            }),
            fingerprint: fingerprint(report, finding).to_string(),
        }
    }
}

#[derive(Serialize)]
struct SummaryRow<'s> {
    files: usize,
    unrecognised: usize,
    unreadable: usize,
    bytes: u64,
    records: RecordsRow<'s>,
    errors: usize,
    warnings: usize,
    infos: usize,
    rules: Vec<RuleStatsRow<'s>>,
    fixes: FixesRow,
    hidden: usize,
    ignored: usize,
    known: usize,
    gone: usize,
    fixed: usize,
    unwritten: usize,
}

/// The number of records of each kind, and of clean and invalid records, as one flat object.
struct RecordsRow<'s>(&'s Summary);

impl Serialize for RecordsRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (kind, count) in self.0.records_by_kind() {
            map.serialize_entry(kind.map_or("unknown", Kind::id), &count)?;
        }
        map.serialize_entry("clean", &self.0.clean_records)?;
        map.serialize_entry("invalid", &self.0.invalid_records)?;
        map.end()
    }
}

#[derive(Serialize)]
struct RuleStatsRow<'s> {
    rule: &'s str,
    level: &'static str,
    count: usize,
    example: ExampleRow<'s>,
}

#[derive(Serialize)]
struct ExampleRow<'s> {
    file: &'s str,
    line: u64,
    column: u64,
}

#[derive(Serialize)]
struct FixesRow {
    safe: usize,
    r#unsafe: usize,
}

impl<'s> SummaryRow<'s> {
    fn new(summary: &'s Summary) -> Self {
        Self {
            files: summary.files,
            unrecognised: summary.unrecognised,
            unreadable: summary.unreadable,
            bytes: summary.bytes,
            records: RecordsRow(summary),
            errors: summary.findings_at(Level::Error),
            warnings: summary.findings_at(Level::Warning),
            infos: summary.findings_at(Level::Info),
            rules: summary.rules.iter().map(RuleStatsRow::new).collect(),
            fixes: FixesRow {
                safe: summary.safe_fixes,
                r#unsafe: summary.unsafe_fixes,
            },
            hidden: summary.hidden,
            ignored: summary.ignored,
            known: summary.baseline_matched,
            gone: summary.baseline_resolved,
            fixed: summary.fixed,
            unwritten: summary.unwritten,
        }
    }
}

impl<'s> RuleStatsRow<'s> {
    fn new((rule, stats): (&&'s str, &'s RuleStats)) -> Self {
        let Location { file, line, column } = &stats.example;
        Self {
            rule,
            level: stats.level.as_str(),
            count: stats.count,
            example: ExampleRow {
                file,
                line: *line,
                column: *column,
            },
        }
    }
}
