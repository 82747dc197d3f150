//! For people: each finding with its lines, what to do, and where to read more.

use std::collections::HashSet;
use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode,
    ThemeCharacters, ThemeStyles,
};

use super::excerpt::Excerpt;
use super::{Report, Reporter, Screen, Summary, printable};
use crate::finding::{Finding, Level};
use crate::span::Span;

pub(super) struct Pretty<'w> {
    out: Box<dyn Write + 'w>,
    screen: Screen,
    /// Rules whose page was mentioned already.
    mentioned: HashSet<&'static str>,
}

impl<'w> Pretty<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>, screen: Screen) -> Self {
        Self {
            out,
            screen,
            mentioned: HashSet::new(),
        }
    }

    fn handler(&self, finding: &Finding) -> GraphicalReportHandler {
        let word = format!("{}[{}]:", finding.level, finding.rule);
        let characters = ThemeCharacters {
            error: word.clone(),
            warning: word.clone(),
            advice: word,
            ..ThemeCharacters::unicode()
        };
        let styles = if self.screen.has_colors {
            ThemeStyles::ansi()
        } else {
            ThemeStyles::none()
        };
        GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_width(self.screen.width)
            .with_links(false)
    }
}

impl Reporter for Pretty<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        for finding in report.findings() {
            let diagnostic = Shown::new(report, finding);
            let mut text = String::new();
            self.handler(finding)
                .render_report(&mut text, &diagnostic)
                .map_err(|_| io::Error::other("a finding could not be rendered"))?;
            for line in text.lines() {
                writeln!(
                    self.out,
                    "{}",
                    line.strip_prefix("  ")
                        .filter(|_| is_headline(line))
                        .unwrap_or(line)
                )?;
            }
            if self.mentioned.insert(finding.rule) {
                let rule = match report
                    .page_of(finding.rule)
                    .filter(|_| self.screen.has_links)
                {
                    Some(page) => {
                        format!("\u{1b}]8;;{page}\u{1b}\\{}\u{1b}]8;;\u{1b}\\", finding.rule)
                    }
                    None => finding.rule.to_owned(),
                };
                writeln!(self.out, "  more: countersign explain {rule}")?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}

/// The handler indents a finding's first line; ours begins at the margin.
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

/// A finding as miette shows it.
#[derive(Debug)]
struct Shown {
    message: String,
    level: Level,
    help: String,
    labels: Vec<LabeledSpan>,
    excerpt: Excerpt,
}

impl Shown {
    fn new(report: &Report<'_>, finding: &Finding) -> Self {
        let lines = report.lines;
        // A label on the finding's own place is the words of that place.
        let own = finding
            .labels
            .iter()
            .find(|label| label.span == finding.span);
        let others: Vec<_> = finding
            .labels
            .iter()
            .filter(|label| label.span != finding.span)
            .collect();
        let mut spans: Vec<Span> = vec![finding.span];
        spans.extend(others.iter().map(|label| label.span));
        let excerpt = Excerpt::new(&printable(report.file), lines, &spans);

        let mut labels = Vec::new();
        let mut notes = Vec::new();
        if let Some(place) = excerpt.places[0] {
            labels.push(LabeledSpan::new_primary_with_span(
                own.map(|label| printable(&label.message).into()),
                place,
            ));
        }
        for (label, place) in others.iter().zip(&excerpt.places[1..]) {
            let message = printable(&label.message).into_owned();
            match place {
                Some(place) => labels.push(LabeledSpan::new_with_span(Some(message), *place)),
                None => {
                    let place = lines.position(label.span.start);
                    notes.push(format!(
                        "{message}: line {}, column {}",
                        place.line, place.column
                    ));
                }
            }
        }
        if let Some(fix) = &finding.fix {
            notes.push(format!("{} ({} fix)", fix.title, fix.safety.as_str()));
        }
        notes.extend(finding.help.clone());
        Self {
            message: printable(&finding.message).into_owned(),
            level: finding.level,
            help: notes
                .iter()
                .map(|note| printable(note))
                .collect::<Vec<_>>()
                .join("\n"),
            labels,
            excerpt,
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
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
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
