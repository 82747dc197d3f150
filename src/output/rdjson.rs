//! For reviewdog: its diagnostic format, with suggestions.

use std::io::{self, Write};

use serde::Serialize;

use super::{Report, Reporter, Summary};
use crate::finding::{Edit, Finding, Fix, Level};
use crate::line_index::LineIndex;
use crate::span::Span;

/// A change that runs over more lines than this is no suggestion to accept by a click.
const LINES: u64 = 30;

pub(super) struct Rdjson<'w> {
    out: Box<dyn Write + 'w>,
    is_begun: bool,
    has_diagnostics: bool,
}

impl<'w> Rdjson<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out,
            is_begun: false,
            has_diagnostics: false,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_begun, true) {
            self.out
                .write_all(b"{\"source\":{\"name\":\"countersign\"},\"diagnostics\":[")?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: u64,
    /// In bytes, from 1.
    column: u64,
}

impl Range {
    fn of(span: Span, lines: &LineIndex<'_>) -> Self {
        let place = |offset: u32| {
            let position = lines.position(offset);
            Place {
                line: position.line,
                column: position.byte_column(),
            }
        };
        Self {
            start: place(span.start),
            end: place(span.end),
        }
    }
}

impl Suggestion {
    /// All edits of a fix as one, with what stands between them.
    fn of(fix: &Fix, lines: &LineIndex<'_>) -> Option<Self> {
        let (first, last) = (fix.edits.first()?, fix.edits.last()?);
        let span = Span::new(first.span.start, last.span.end);
        let range = Range::of(span, lines);
        if range.end.line - range.start.line >= LINES {
            return None;
        }
        let (mut text, mut at) = (String::new(), span.start);
        for Edit { span, text: new } in &fix.edits {
            text.push_str(Span::new(at, span.start).of(lines.text()));
            text.push_str(new);
            at = span.end;
        }
        Some(Self { range, text })
    }
}

impl<'a> Diagnostic<'a> {
    fn new(report: &Report<'a>, finding: &'a Finding) -> Self {
        let suggestion = finding.fix.as_ref();
        let suggestion = suggestion.and_then(|fix| Suggestion::of(fix, report.lines));
        Self {
            message: match &finding.help {
                Some(help) => format!("{}; {help}", finding.message),
                None => finding.message.clone(),
            },
            location: Location {
                path: report.file,
                range: Range::of(finding.span, report.lines),
            },
            severity: match finding.level {
                Level::Error => "ERROR",
                Level::Warning => "WARNING",
                Level::Info => "INFO",
            },
            code: Code {
                value: finding.rule,
            },
            suggestions: suggestion.into_iter().collect(),
        }
    }
}

impl Reporter for Rdjson<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        self.begin()?;
        for finding in report.findings() {
            let has_diagnostics = std::mem::replace(&mut self.has_diagnostics, true);
            self.out
                .write_all(if has_diagnostics { b",\n" } else { b"\n" })?;
            serde_json::to_writer(&mut self.out, &Diagnostic::new(report, finding))?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.begin()?;
        self.out.write_all(b"]}\n")?;
        self.out.flush()
    }
}
