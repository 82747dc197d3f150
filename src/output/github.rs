//! The `github` format: workflow commands of GitHub Actions, which become annotations.

use std::io::{self, Write};

use super::{Report, Reporter, Summary, escape_unprintable};
use crate::finding::{Finding, Level};

/// The number of annotations of each level that GitHub shows per step.
const MAX_ANNOTATIONS: usize = 10;

/// Writes workflow commands of GitHub Actions.
pub(super) struct Github<'w> {
    out: Box<dyn Write + 'w>,
    /// The name of the file whose group is open.
    open_group: Option<String>,
    /// The number of annotations of each level so far.
    annotations: [usize; Level::ALL.len()],
    /// The number of findings that were written to the log without an annotation.
    unannotated: usize,
}

impl<'w> Github<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out,
            open_group: None,
            annotations: [0; Level::ALL.len()],
            unannotated: 0,
        }
    }

    /// Opens the log group of a file, unless it is open already.
    fn open_group(&mut self, file: &str) -> io::Result<()> {
        if self.open_group.as_deref() == Some(file) {
            return Ok(());
        }
        self.close_group()?;
        writeln!(self.out, "::group::{}", escape_data(file))?;
        self.open_group = Some(file.to_owned());
        Ok(())
    }

    /// Closes the log group of the current file, if there is one.
    fn close_group(&mut self) -> io::Result<()> {
        if self.open_group.take().is_some() {
            writeln!(self.out, "::endgroup::")?;
        }
        Ok(())
    }

    /// Writes a finding as an annotation, or as a plain line of the log when there are too many.
    fn write_finding(&mut self, report: &Report<'_>, finding: &Finding) -> io::Result<()> {
        let (command, index, limit) = match finding.level {
            Level::Error => ("error", 0, MAX_ANNOTATIONS),
            Level::Warning => ("warning", 1, MAX_ANNOTATIONS),
            // `finish` needs one notice for the number of findings without an annotation.
            Level::Info => ("notice", 2, MAX_ANNOTATIONS - 1),
        };
        let start = report.lines.position(finding.span.start);
        let end = report.lines.position(finding.span.end);
        let file = report.file;
        if self.annotations[index] >= limit {
            self.unannotated += 1;
            // The leading space keeps GitHub from parsing this line as a command.
            return writeln!(
                self.out,
                " {}:{}:{}: {}[{}] {}",
                escape_unprintable(file),
                start.line,
                start.column,
                finding.level,
                finding.rule,
                escape_unprintable(&finding.message)
            );
        }
        self.annotations[index] += 1;
        let message = match &finding.help {
            Some(help) => format!("{}\n{help}", finding.message),
            None => finding.message.clone(),
        };
        // GitHub accepts columns only for a span on one line.
        let columns = if start.line == end.line {
            format!(",col={},endColumn={}", start.column, end.column)
        } else {
            String::new()
        };
        writeln!(
            self.out,
            "::{command} file={},line={},endLine={}{columns},title={}::{}",
            escape_property(file),
            start.line,
            end.line,
            escape_property(finding.rule),
            escape_data(&message)
        )
    }
}

impl Reporter for Github<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        for finding in report.findings() {
            self.open_group(report.file)?;
            self.write_finding(report, finding)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.close_group()?;
        if let Some(interruption) = summary.interruption() {
            let interruption = escape_data(&interruption);
            writeln!(self.out, "::error title=countersign::{interruption}")?;
        }
        if self.unannotated > 0 {
            writeln!(
                self.out,
                "::notice title=countersign::{} more findings are in the log of this step, without an annotation",
                self.unannotated
            )?;
        }
        self.out.flush()
    }
}

/// Escapes a string as the data of a workflow command.
fn escape_data(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(escape_unprintable).collect();
    lines.join("\n").replace('%', "%25").replace('\n', "%0A")
}

/// Escapes a string as a property of a workflow command.
fn escape_property(text: &str) -> String {
    let data = escape_unprintable(text).replace('%', "%25");
    data.replace(':', "%3A").replace(',', "%2C")
}
