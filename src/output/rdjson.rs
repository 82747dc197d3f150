//! The `rdjson` format: the diagnostic format of reviewdog, with suggestions.

use std::io::{self, Write};

use serde::Serialize;

use super::escaped_json;
use super::{Report, Reporter, Summary};
use crate::finding::{Edit, Finding, Fix, Level};
use crate::line_index::LineIndex;
use crate::span::Span;

/// The maximum number of lines of a suggestion. A longer change cannot be reviewed as one suggestion.
const MAX_SUGGESTION_LINES: u64 = 30;

/// Writes reviewdog diagnostics.
pub(super) struct Rdjson<'w> {
    out: Box<dyn Write + 'w>,
    has_started: bool,
    has_diagnostics: bool,
}

impl<'w> Rdjson<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out,
            has_started: false,
            has_diagnostics: false,
        }
    }

    /// Writes the start of the object, once.
    fn start(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.has_started, true) {
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
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u64,
    /// In bytes, from 1.
    column: u64,
}

impl Range {
    fn of(span: Span, lines: &LineIndex<'_>) -> Self {
        let position = |offset: u32| {
            let at = lines.position(offset);
            Position {
                line: at.line,
                column: at.byte_column(),
            }
        };
        Self {
            start: position(span.start),
            end: position(span.end),
        }
    }
}

impl Suggestion {
    /// Merges the edits of a fix, and the unchanged source between them, into one replacement. Returns
    /// `None` if that is too long.
    fn from_fix(fix: &Fix, lines: &LineIndex<'_>) -> Option<Self> {
        let (first, last) = (fix.edits.first()?, fix.edits.last()?);
        let span = Span::new(first.span.start, last.span.end);
        let range = Range::of(span, lines);
        if range.end.line - range.start.line >= MAX_SUGGESTION_LINES {
            return None;
        }
        let (mut text, mut copied_to) = (String::new(), span.start);
        for Edit {
            span,
            text: replacement,
        } in &fix.edits
        {
            text.push_str(Span::new(copied_to, span.start).of(lines.text()));
            text.push_str(replacement);
            copied_to = span.end;
        }
        Some(Self { range, text })
    }
}

impl<'a> Diagnostic<'a> {
    fn new(report: &Report<'a>, finding: &'a Finding) -> Self {
        let suggestion = finding.fix.as_ref();
        let suggestion = suggestion.and_then(|fix| Suggestion::from_fix(fix, report.lines));
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

impl Rdjson<'_> {
    fn write_diagnostic(&mut self, diagnostic: &Diagnostic<'_>) -> io::Result<()> {
        let has_diagnostics = std::mem::replace(&mut self.has_diagnostics, true);
        self.out
            .write_all(if has_diagnostics { b",\n" } else { b"\n" })?;
        escaped_json::to_writer(&mut self.out, diagnostic)?;
        Ok(())
    }
}

impl Reporter for Rdjson<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        self.start()?;
        for finding in report.findings() {
            self.write_diagnostic(&Diagnostic::new(report, finding))?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.start()?;
        if let Some(message) = summary.interruption() {
            let (path, line) = summary.last_place();
            let position = || Position { line, column: 1 };
            self.write_diagnostic(&Diagnostic {
                message,
                location: Location {
                    path: &path,
                    range: Range {
                        start: position(),
                        end: position(),
                    },
                },
                severity: "ERROR",
                code: Code {
                    value: "interrupted",
                },
                suggestions: Vec::new(),
            })?;
        }
        self.out.write_all(b"]}\n")?;
        self.out.flush()
    }
}
