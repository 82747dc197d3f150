//! One JSON object for the whole run; the shape is `schemas/findings.schema.json`.

use std::io::{self, Write};

use serde::Serialize;

use super::{Place, Report, Reporter, Summary, Tally, fingerprint};
use crate::finding::{Edit, Finding, Level};
use crate::line_index::{LineIndex, Position};
use crate::payload::PayloadKind;
use crate::span::Span;

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
    url: Option<String>,
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
    start: PlaceRow,
    end: PlaceRow,
}

#[derive(Serialize)]
struct PlaceRow {
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

impl From<Position> for PlaceRow {
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
            url: report.page_of(finding.rule),
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
            fingerprint: fingerprint(report, finding).to_string(),
        }
    }
}

#[derive(Serialize)]
struct SummaryRow<'s> {
    files: usize,
    unreadable: usize,
    bytes: u64,
    records: RecordsRow,
    errors: usize,
    warnings: usize,
    infos: usize,
    rules: Vec<TallyRow<'s>>,
    fixes: FixesRow,
    hidden: usize,
    known: usize,
    gone: usize,
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
    invalid: usize,
}

#[derive(Serialize)]
struct TallyRow<'s> {
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
        let [certificate, qualification, order, unknown] = summary.records;
        Self {
            files: summary.files,
            unreadable: summary.unreadable,
            bytes: summary.bytes,
            records: RecordsRow {
                certificate,
                qualification,
                order,
                unknown,
                clean: summary.clean_records,
                invalid: summary.invalid_records,
            },
            errors: summary.at(Level::Error),
            warnings: summary.at(Level::Warning),
            infos: summary.at(Level::Info),
            rules: summary.rules.iter().map(TallyRow::new).collect(),
            fixes: FixesRow {
                safe: summary.safe_fixes,
                r#unsafe: summary.unsafe_fixes,
            },
            hidden: summary.hidden,
            known: summary.known,
            gone: summary.gone,
            fixed: summary.fixed,
            unwritten: summary.unwritten,
        }
    }
}

impl<'s> TallyRow<'s> {
    fn new((rule, tally): (&&'s str, &'s Tally)) -> Self {
        let Place { file, line, column } = &tally.example;
        Self {
            rule,
            level: tally.level.as_str(),
            count: tally.count,
            example: ExampleRow {
                file,
                line: *line,
                column: *column,
            },
        }
    }
}
