//! One JSON object for the whole run; the shape is `schemas/findings.schema.json`.

use std::io::{self, Write};

use serde::Serialize;

use super::{Report, Reporter, Summary};
use crate::finding::{Edit, Finding, Level};
use crate::payload::PayloadKind;
use crate::span::{LineIndex, Position, Span};

/// Raised when a program that reads the report would have to change.
const VERSION: u32 = 1;

pub(super) struct Json<'w> {
    out: Box<dyn Write + 'w>,
    is_begun: bool,
    has_findings: bool,
}

impl<'w> Json<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out,
            is_begun: false,
            has_findings: false,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_begun, true) {
            write!(self.out, "{{\"version\":{VERSION},\"findings\":[")?;
        }
        Ok(())
    }
}

impl Reporter for Json<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        self.begin()?;
        for finding in report.findings() {
            let separator = if std::mem::replace(&mut self.has_findings, true) {
                ",\n"
            } else {
                "\n"
            };
            self.out.write_all(separator.as_bytes())?;
            serde_json::to_writer(&mut self.out, &FindingRow::new(report, finding))?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.begin()?;
        self.out.write_all(if self.has_findings {
            b"\n],\"summary\":"
        } else {
            b"],\"summary\":"
        })?;
        serde_json::to_writer(&mut self.out, &SummaryRow::new(summary))?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

/// A finding as JSON.
#[derive(Serialize)]
pub(super) struct FindingRow<'a> {
    rule: &'a str,
    level: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    url: Option<&'a str>,
    file: &'a str,
    record: Option<RecordRow<'a>>,
    kind: Option<&'static str>,
    form: Option<&'static str>,
    pointer: &'a str,
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
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
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

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        let Position {
            offset,
            line,
            column,
            utf16,
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
        let place = report.verdict.record_at(finding.span);
        let record = place.map(|place| &report.verdict.records[place]);
        let edit = |edit: &'a Edit| EditRow {
            range: Range::of(edit.span, lines),
            text: &edit.text,
        };
        Self {
            rule: finding.rule,
            level: finding.level.as_str(),
            message: &finding.message,
            help: finding.help.as_deref(),
            url: None,
            file: report.file,
            record: place.zip(record).map(|(place, record)| RecordRow {
                index: report.first_record + place,
                line: lines.number_of(lines.line_at(record.span.start)),
                key: record.key.as_deref(),
            }),
            kind: record
                .and_then(|record| record.kind)
                .map(PayloadKind::as_str),
            form: record
                .and_then(|record| record.form)
                .map(|form| form.as_str()),
            pointer: &finding.pointer,
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
            fingerprint: fingerprint(report, finding),
        }
    }
}

/// Tells a finding from others wherever its lines move: by file, record, rule, place in the record
/// and what stands there.
fn fingerprint(report: &Report<'_>, finding: &Finding) -> String {
    let record = report
        .verdict
        .record_at(finding.span)
        .map(|place| &report.verdict.records[place]);
    let key = record
        .and_then(|record| record.key.as_deref())
        .unwrap_or_default();
    let token = finding.span.of(report.lines.text());
    let parts = [
        report.file,
        key,
        finding.rule,
        &finding.pointer,
        &finding.message,
        token,
    ];
    // FNV-1a: small, and the same on every machine and in every release.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.join("\0").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[derive(Serialize)]
struct SummaryRow {
    files: usize,
    unreadable: usize,
    records: RecordsRow,
    errors: usize,
    warnings: usize,
    infos: usize,
    fixes: FixesRow,
    hidden: usize,
    fixed: usize,
    unwritten: usize,
}

#[derive(Serialize)]
struct RecordsRow {
    certificate: usize,
    qualification: usize,
    order: usize,
    unknown: usize,
    clean: usize,
}

#[derive(Serialize)]
struct FixesRow {
    safe: usize,
    r#unsafe: usize,
}

impl SummaryRow {
    fn new(summary: &Summary) -> Self {
        let [certificate, qualification, order, unknown] = summary.records;
        Self {
            files: summary.files,
            unreadable: summary.unreadable,
            records: RecordsRow {
                certificate,
                qualification,
                order,
                unknown,
                clean: summary.clean_records,
            },
            errors: summary.at(Level::Error),
            warnings: summary.at(Level::Warning),
            infos: summary.at(Level::Info),
            fixes: FixesRow {
                safe: summary.safe_fixes,
                r#unsafe: summary.unsafe_fixes,
            },
            hidden: summary.hidden,
            fixed: summary.fixed,
            unwritten: summary.unwritten,
        }
    }
}
