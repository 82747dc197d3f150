//! A row of the table of findings.

use std::ops::{Range, RangeInclusive};

use serde::Serialize;

use crate::finding::Finding;
use crate::output::source_window::SourceWindow;
use crate::output::{Report, escape_unprintable};
use crate::payload::Kind;
use crate::span::Span;

/// A row of the table of findings.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    rule: &'a str,
    level: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    file: String,
    line: u64,
    column: u64,
    /// The number of the record in the file, from 1.
    record: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    pointer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixRow<'a>>,
    frame: Frame<'a>,
    /// The index of the text of the record in the data of the page, if the page has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<usize>,
}

#[derive(Serialize)]
struct FixRow<'a> {
    title: &'a str,
    safety: &'static str,
}

/// The source lines around a finding.
#[derive(Serialize)]
struct Frame<'a> {
    numbers: Vec<u64>,
    lines: Vec<String>,
    marks: Vec<Mark<'a>>,
}

/// A marked range of characters of a line.
#[derive(Serialize)]
struct Mark<'a> {
    /// The index of the line in [`Frame::lines`].
    line: usize,
    start: usize,
    end: usize,
    label: &'a str,
    /// Whether this is the span of the finding itself.
    main: bool,
}

impl<'a> Row<'a> {
    /// The row of a finding. `index` is that of its record in the outcome, `text` that of the record's text in the page.
    pub(super) fn new(
        report: &Report<'a>,
        finding: &'a Finding,
        index: Option<usize>,
        text: Option<usize>,
    ) -> Self {
        let position = report.lines.position(finding.span.start);
        let record = index.map(|index| &report.outcome.records[index]);
        Self {
            rule: finding.rule,
            level: finding.level.as_str(),
            message: &finding.message,
            help: finding.help.as_deref(),
            file: escape_unprintable(report.file).into_owned(),
            line: position.line,
            column: position.column,
            record: index.map(|index| report.first_record + index + 1),
            key: record.and_then(|record| record.key.as_deref()),
            kind: record.and_then(|record| record.kind).map(Kind::id),
            pointer: &finding.pointer,
            fix: finding.fix.as_ref().map(|fix| FixRow {
                title: &fix.title,
                safety: fix.safety.as_str(),
            }),
            frame: Frame::new(report, finding, record.map(|record| record.span)),
            text,
        }
    }
}

impl<'a> Frame<'a> {
    /// The lines around a finding. `record` is the span of its record.
    fn new(report: &Report<'a>, finding: &'a Finding, record: Option<Span>) -> Self {
        let others = || {
            let labels = finding.labels.iter();
            labels.filter(|label| label.span != finding.span)
        };
        // A label on the span of the finding itself becomes the text of the main mark.
        let own = finding
            .labels
            .iter()
            .find(|label| label.span == finding.span);
        let mut spans = vec![finding.span];
        spans.extend(others().map(|label| label.span));
        let mut labels = vec![own.map_or("", |label| label.message.as_str())];
        labels.extend(others().map(|label| label.message.as_str()));
        let window = SourceWindow::new(report.lines, &spans);
        let marks: Vec<_> = window.marks().collect();
        let record_lines = record.map(|span| line_numbers(report, span));
        // The lines around a record in one line are other records.
        let is_shown = |index: usize, number: u64| {
            let is_in_record = record_lines
                .as_ref()
                .is_none_or(|lines| lines.contains(&number));
            is_in_record || marks.iter().flatten().any(|(line, _)| *line == index)
        };
        let lines = window.numbered_lines().enumerate();
        let shown: Vec<(usize, u64, &str)> = lines
            .filter(|(index, (number, _))| is_shown(*index, *number))
            .map(|(index, (number, line))| (index, number, line))
            .collect();
        let position_of = |line: usize| shown.iter().position(|(index, ..)| *index == line);
        let mark = |(index, (mark, label)): (usize, (&Option<_>, _))| {
            let (line, characters): &(usize, Range<usize>) = mark.as_ref()?;
            Some(Mark {
                line: position_of(*line)?,
                start: characters.start,
                end: characters.end,
                label,
                main: index == 0,
            })
        };
        Self {
            numbers: shown.iter().map(|(_, number, _)| *number).collect(),
            lines: shown.iter().map(|(.., line)| (*line).to_owned()).collect(),
            marks: marks
                .iter()
                .zip(labels)
                .enumerate()
                .filter_map(mark)
                .collect(),
        }
    }
}

/// The numbers of the lines that a span touches.
fn line_numbers(report: &Report<'_>, span: Span) -> RangeInclusive<u64> {
    let number_at = |offset| report.lines.number_of(report.lines.line_at(offset));
    number_at(span.start)..=number_at(span.end)
}
