//! The `pretty` format: each finding with its source lines, its path, its fix and help.

use std::collections::HashSet;
use std::io::{self, Write};

use anstyle::{AnsiColor, Color, Style};

use super::frame::{Mark, Row, frame};
use super::limited::FindingWriter;
use super::line_view::LineView;
use super::{RenderOptions, Report, escape_unprintable};
use crate::finding::{Finding, Fix, Label, Level};
use crate::line_index::LineIndex;
use crate::span::Span;

/// The number of columns before the source, besides those of the line number.
const GUTTER: usize = 4;

/// Writes findings for people.
pub(super) struct Pretty {
    options: RenderOptions,
    /// The name of the program that prints rule pages.
    program: &'static str,
    /// The rules whose page was mentioned already.
    mentioned: HashSet<&'static str>,
    styles: Styles,
}

/// The styles of the parts of a finding.
#[derive(Clone, Copy, Default)]
struct Styles {
    error: Style,
    warning: Style,
    info: Style,
    bold: Style,
    dim: Style,
    /// Labels on related places.
    label: Style,
    removed: Style,
    added: Style,
}

impl Styles {
    fn ansi() -> Self {
        let bold = |color: AnsiColor| Style::new().bold().fg_color(Some(Color::Ansi(color)));
        Self {
            error: bold(AnsiColor::Red),
            warning: bold(AnsiColor::Yellow),
            info: bold(AnsiColor::Cyan),
            bold: Style::new().bold(),
            dim: Style::new().dimmed(),
            label: AnsiColor::Blue.on_default(),
            removed: AnsiColor::Red.on_default(),
            added: AnsiColor::Green.on_default(),
        }
    }

    fn of_level(&self, level: Level) -> Style {
        match level {
            Level::Error => self.error,
            Level::Warning => self.warning,
            Level::Info => self.info,
        }
    }
}

impl Pretty {
    pub(super) fn new(options: RenderOptions, program: &'static str) -> Self {
        Self {
            options,
            program,
            mentioned: HashSet::new(),
            styles: match options.has_colors {
                true => Styles::ansi(),
                false => Styles::default(),
            },
        }
    }

    fn write_finding(
        &mut self,
        report: &Report<'_>,
        finding: &Finding,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.write_headline(out, finding)?;
        let position = report.lines.position(finding.span.start);
        let last_line = finding
            .labels
            .iter()
            .map(|label| label.span.start)
            .fold(finding.span.start, u32::max);
        let last_line = report.lines.position(last_line).line + 2;
        let number_width = last_line.to_string().len().max(2);
        let (file, dim) = (escape_unprintable(report.file), self.styles.dim);
        let indent = " ".repeat(number_width + 1);
        writeln!(
            out,
            "{indent}{dim}╭─{dim:#} {file}:{}:{}",
            position.line, position.column
        )?;
        let path = report.path_of(finding);
        if !path.is_empty() {
            let path = self.wrap(&escape_unprintable(&path), number_width + GUTTER);
            for line in path {
                writeln!(out, "{indent}{dim}│{dim:#}  {line}")?;
            }
        }
        if !report.lines.text().is_empty() {
            self.write_rows(out, report, finding, number_width)?;
        }
        writeln!(out, "{indent}{dim}╰─{dim:#}")?;
        self.write_notes(out, report, finding)
    }

    fn write_headline(&self, out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
        let (level, bold) = (self.styles.of_level(finding.level), self.styles.bold);
        let prefix = format!("{}[{}]:", finding.level, finding.rule);
        let message = escape_unprintable(&finding.message);
        let whole = format!("{prefix} {message}");
        for (index, line) in self.wrap(&whole, 2).iter().enumerate() {
            match line.strip_prefix(&prefix) {
                Some(rest) if index == 0 => {
                    writeln!(out, "{level}{prefix}{level:#}{bold}{rest}{bold:#}")?;
                }
                _ if index == 0 => writeln!(out, "{bold}{line}{bold:#}")?,
                _ => writeln!(out, "  {bold}{line}{bold:#}")?,
            }
        }
        Ok(())
    }

    /// A text in lines of the width of the terminal less an indentation.
    fn wrap(&self, text: &str, indentation: usize) -> Vec<String> {
        let width = self.options.width.saturating_sub(indentation).max(20);
        // A word with a hyphen, such as an option, stays whole.
        let options =
            textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation);
        let lines = textwrap::wrap(text, options);
        lines.into_iter().map(|line| line.into_owned()).collect()
    }

    fn write_rows(
        &self,
        out: &mut dyn Write,
        report: &Report<'_>,
        finding: &Finding,
        number_width: usize,
    ) -> io::Result<()> {
        let width = self
            .options
            .width
            .saturating_sub(number_width + GUTTER)
            .max(20);
        let rows = frame(report.lines, &marks_of(finding), width);
        let level = self.styles.of_level(finding.level);
        let (dim, secondary) = (self.styles.dim, self.styles.label);
        let style_of = |is_primary: bool| if is_primary { level } else { secondary };
        let margin = " ".repeat(number_width + 1);
        for row in rows {
            let line = match row {
                Row::Gap => format!("{margin}{dim}⋮{dim:#}"),
                Row::Source { number, text } => {
                    format!("{dim}{number:>number_width$} │{dim:#} {text}")
                }
                Row::Underline {
                    column,
                    width,
                    label,
                    is_primary,
                } => {
                    let style = style_of(is_primary);
                    let mark = if is_primary { "^" } else { "-" };
                    let space = " ".repeat(column);
                    let mark = mark.repeat(width);
                    format!("{margin}{dim}·{dim:#} {space}{style}{mark} {label}{style:#}")
                }
                Row::Label {
                    column,
                    text,
                    is_primary,
                } => {
                    let (style, space) = (style_of(is_primary), " ".repeat(column));
                    format!("{margin}{dim}·{dim:#} {space}{style}{text}{style:#}")
                }
            };
            write_trimmed(out, &line)?;
        }
        Ok(())
    }

    /// Writes the fix, with the line that it changes before and after, and the help.
    fn write_notes(
        &mut self,
        out: &mut dyn Write,
        report: &Report<'_>,
        finding: &Finding,
    ) -> io::Result<()> {
        let bold = self.styles.bold;
        if let Some(fix) = &finding.fix {
            let safety = match fix.safety {
                crate::finding::Safety::Safe => "safe fix, --fix",
                crate::finding::Safety::Unsafe => "unsafe fix, --fix=unsafe",
            };
            let title = format!("{} ({safety})", escape_unprintable(&fix.title));
            self.write_note(out, "fix", &title)?;
            let width = self.options.width.saturating_sub(6).max(20);
            if let Some((before, after)) = line_diff(report.lines, fix, width) {
                let (removed, added) = (self.styles.removed, self.styles.added);
                writeln!(out, "    {removed}- {before}{removed:#}")?;
                writeln!(out, "    {added}+ {after}{added:#}")?;
            }
        }
        if let Some(help) = &finding.help {
            self.write_note(out, "help", &escape_unprintable(help))?;
        }
        if self.mentioned.insert(finding.rule) {
            let url = report
                .rule_url(finding.rule)
                .filter(|_| self.options.has_links);
            let rule = match url {
                Some(url) => format!("\u{1b}]8;;{url}\u{1b}\\{}\u{1b}]8;;\u{1b}\\", finding.rule),
                None => finding.rule.to_owned(),
            };
            writeln!(out, "  {bold}more:{bold:#} {} explain {rule}", self.program)?;
        }
        Ok(())
    }

    fn write_note(&self, out: &mut dyn Write, name: &str, text: &str) -> io::Result<()> {
        let bold = self.styles.bold;
        let indentation = name.len() + 4;
        for (index, line) in self.wrap(text, indentation).iter().enumerate() {
            match index {
                0 => writeln!(out, "  {bold}{name}:{bold:#} {line}")?,
                _ => writeln!(out, "{}{line}", " ".repeat(indentation))?,
            }
        }
        Ok(())
    }
}

impl FindingWriter for Pretty {
    fn write(
        &mut self,
        report: &Report<'_>,
        finding: &Finding,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.write_finding(report, finding, out)?;
        writeln!(out)
    }
}

/// Writes a line without the spaces at its end.
fn write_trimmed(out: &mut dyn Write, line: &str) -> io::Result<()> {
    writeln!(out, "{}", line.trim_end())
}

/// The places to underline: that of the finding and those of its labels. A label on the finding itself belongs to it.
fn marks_of(finding: &Finding) -> Vec<Mark> {
    let text = |label: &Label| Some(escape_unprintable(&label.message).into_owned());
    let own = finding
        .labels
        .iter()
        .find(|label| label.span == finding.span);
    let primary = Mark {
        span: finding.span,
        label: own.and_then(text),
        is_primary: true,
    };
    let others = finding
        .labels
        .iter()
        .filter(|label| label.span != finding.span);
    let others = others.map(|label| Mark {
        span: label.span,
        label: text(label),
        is_primary: false,
    });
    std::iter::once(primary).chain(others).collect()
}

/// The line that a fix changes, before and after it, cut to a number of columns. `None` if the fix changes several lines,
/// or more than fits.
fn line_diff(lines: &LineIndex<'_>, fix: &Fix, width: usize) -> Option<(String, String)> {
    let text = lines.text();
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span.start);
    let (first, last) = (edits.first()?, edits.last()?);
    let index = lines.line_at(first.span.start);
    let line = lines.line(index);
    let is_in_line =
        last.span.end <= line.end && edits.iter().all(|edit| !edit.text.contains(['\n', '\r']));
    let is_change = edits
        .iter()
        .any(|edit| !edit.span.is_empty() || !edit.text.is_empty());
    if !is_in_line || !is_change {
        return None;
    }
    let changed = Span::new(first.span.start, last.span.end);
    let mut after = Span::new(changed.start, changed.start).of(text).to_owned();
    let mut at = changed.start;
    for edit in edits {
        after.push_str(Span::new(at, edit.span.start).of(text));
        after.push_str(&edit.text);
        at = edit.span.end;
    }
    // The unchanged text around the change, as much as can be shown.
    let reach = |offset: u32| (4 * width as u32).min(offset);
    let boundary = |mut offset: u32| {
        while !text.is_char_boundary(offset as usize) {
            offset += 1;
        }
        offset
    };
    let start = boundary((changed.start - reach(changed.start)).max(line.start));
    let end = boundary((changed.end + 4 * width as u32).min(line.end));
    let (head, tail) = (Span::new(start, changed.start), Span::new(changed.end, end));
    let new = format!("{}{after}{}", head.of(text), tail.of(text));
    let show = |text: &str, line: Span, focus: Span| {
        let view = LineView::new(text, line, focus, width);
        view.shows(focus).then(|| view.text.trim_end().to_owned())
    };
    let focus = Span::new(head.len(), head.len() + after.len() as u32);
    let old = show(text, Span::new(start, end), changed)?;
    let new = show(&new, Span::new(0, new.len() as u32), focus)?;
    // Leading whitespace is the same in both.
    let indent = old.len() - old.trim_start().len();
    let indent = indent.min(new.len() - new.trim_start().len());
    Some((old[indent..].to_owned(), new[indent..].to_owned()))
}
