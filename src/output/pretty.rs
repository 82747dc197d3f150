//! The `pretty` format: each finding with its source lines, its fix and help, rendered by miette.

use std::collections::HashSet;
use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode,
    ThemeCharacters, ThemeStyles,
};

use super::source_window::SourceWindow;
use super::{RenderOptions, Report, Reporter, Summary, escape_unprintable};
use crate::finding::{Finding, Label, Level};
use crate::line_index::LineIndex;
use crate::span::Span;

/// Writes findings for people.
pub(super) struct Pretty<'w> {
    out: Box<dyn Write + 'w>,
    options: RenderOptions,
    /// The name of the program that prints rule pages.
    program: &'static str,
    /// The rules whose page was mentioned already.
    mentioned: HashSet<&'static str>,
}

impl<'w> Pretty<'w> {
    pub(super) fn new(
        out: Box<dyn Write + 'w>,
        options: RenderOptions,
        program: &'static str,
    ) -> Self {
        Self {
            out,
            options,
            program,
            mentioned: HashSet::new(),
        }
    }

    /// A handler whose severity icon is the level and rule of the finding.
    fn handler(&self, finding: &Finding) -> GraphicalReportHandler {
        let prefix = format!("{}[{}]:", finding.level, finding.rule);
        let characters = ThemeCharacters {
            error: prefix.clone(),
            warning: prefix.clone(),
            advice: prefix,
            ..ThemeCharacters::unicode()
        };
        let styles = if self.options.has_colors {
            ThemeStyles::ansi()
        } else {
            ThemeStyles::none()
        };
        GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_width(self.options.width)
            .with_links(false)
    }

    fn write_finding(&mut self, report: &Report<'_>, finding: &Finding) -> io::Result<()> {
        let diagnostic = FindingDiagnostic::new(report, finding);
        let mut text = String::new();
        self.handler(finding)
            .render_report(&mut text, &diagnostic)
            .map_err(|_| io::Error::other("a finding could not be rendered"))?;
        for line in text.lines() {
            // miette indents the headline, which must start at the margin.
            let unindented = line.strip_prefix("  ").filter(|_| is_headline(line));
            writeln!(self.out, "{}", unindented.unwrap_or(line))?;
        }
        Ok(())
    }

    /// Writes how to read the page of a rule, with a hyperlink if the terminal supports it.
    fn write_rule_reference(&mut self, report: &Report<'_>, rule: &str) -> io::Result<()> {
        let url = report.rule_url(rule).filter(|_| self.options.has_links);
        let rule = match url {
            Some(url) => format!("\u{1b}]8;;{url}\u{1b}\\{rule}\u{1b}]8;;\u{1b}\\"),
            None => rule.to_owned(),
        };
        writeln!(self.out, "  more: {} explain {rule}", self.program)
    }
}

impl Reporter for Pretty<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        for finding in report.findings() {
            self.write_finding(report, finding)?;
            if self.mentioned.insert(finding.rule) {
                self.write_rule_reference(report, finding.rule)?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}

/// Whether a line that miette rendered is the headline of a finding: an indented level and rule,
/// perhaps after a colour code.
fn is_headline(line: &str) -> bool {
    let line = line.strip_prefix("  ").unwrap_or_default();
    let plain = line.trim_start_matches(|c: char| c != 'e' && c != 'w' && c != 'i');
    line.starts_with(['\u{1b}', 'e', 'w', 'i'])
        && Level::ALL.iter().any(|level| {
            plain
                .strip_prefix(level.as_str())
                .is_some_and(|rest| rest.starts_with('['))
        })
}

/// A finding as a miette diagnostic.
#[derive(Debug)]
struct FindingDiagnostic {
    message: String,
    level: Level,
    help: String,
    labels: Vec<LabeledSpan>,
    source: SourceWindow,
}

impl FindingDiagnostic {
    fn new(report: &Report<'_>, finding: &Finding) -> Self {
        // A label on the span of the finding itself becomes the text of the primary label.
        let own = finding
            .labels
            .iter()
            .find(|label| label.span == finding.span);
        let others: Vec<&Label> = finding
            .labels
            .iter()
            .filter(|label| label.span != finding.span)
            .collect();
        let mut spans: Vec<Span> = vec![finding.span];
        spans.extend(others.iter().map(|label| label.span));
        let source = SourceWindow::new(&escape_unprintable(report.file), report.lines, &spans);

        let mut labels = Vec::new();
        let mut notes = Vec::new();
        if let Some(span) = source.spans[0] {
            labels.push(LabeledSpan::new_primary_with_span(
                own.map(|label| escape_unprintable(&label.message).into()),
                span,
            ));
        }
        for (label, span) in others.iter().zip(&source.spans[1..]) {
            match span {
                Some(span) => {
                    let message = escape_unprintable(&label.message).into_owned();
                    labels.push(LabeledSpan::new_with_span(Some(message), *span));
                }
                None => notes.push(label_as_note(label, report.lines)),
            }
        }
        if let Some(fix) = &finding.fix {
            notes.push(format!("{} ({} fix)", fix.title, fix.safety.as_str()));
        }
        notes.extend(finding.help.clone());
        Self {
            message: escape_unprintable(&finding.message).into_owned(),
            level: finding.level,
            help: notes
                .iter()
                .map(|note| escape_unprintable(note))
                .collect::<Vec<_>>()
                .join("\n"),
            labels,
            source,
        }
    }
}

/// The text of a label whose span is not shown, with its location.
fn label_as_note(label: &Label, lines: &LineIndex<'_>) -> String {
    let position = lines.position(label.span.start);
    format!(
        "{}: line {}, column {}",
        escape_unprintable(&label.message),
        position.line,
        position.column
    )
}

impl fmt::Display for FindingDiagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for FindingDiagnostic {}

impl Diagnostic for FindingDiagnostic {
    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
