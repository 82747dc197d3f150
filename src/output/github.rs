//! For GitHub Actions: workflow commands, which become annotations.

use std::io::{self, Write};

use super::{Report, Reporter, Summary, printable};
use crate::finding::{Finding, Level};

/// How many annotations of each level the platform shows of one step.
const ANNOTATIONS: usize = 10;

pub(super) struct Github<'w> {
    out: Box<dyn Write + 'w>,
    /// The file whose group is open.
    group: Option<String>,
    /// How many annotations were made, by level.
    made: [usize; Level::ALL.len()],
    /// How many findings are told without one.
    left_out: usize,
}

impl<'w> Github<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out,
            group: None,
            made: [0; Level::ALL.len()],
            left_out: 0,
        }
    }

    fn open_group(&mut self, file: &str) -> io::Result<()> {
        if self.group.as_deref() == Some(file) {
            return Ok(());
        }
        self.close_group()?;
        writeln!(self.out, "::group::{}", data(file))?;
        self.group = Some(file.to_owned());
        Ok(())
    }

    fn close_group(&mut self) -> io::Result<()> {
        if self.group.take().is_some() {
            writeln!(self.out, "::endgroup::")?;
        }
        Ok(())
    }

    fn tell(&mut self, report: &Report<'_>, finding: &Finding) -> io::Result<()> {
        let (command, place, room) = match finding.level {
            Level::Error => ("error", 0, ANNOTATIONS),
            Level::Warning => ("warning", 1, ANNOTATIONS),
            // One is kept for what is left out.
            Level::Info => ("notice", 2, ANNOTATIONS - 1),
        };
        let start = report.lines.position(finding.span.start);
        let end = report.lines.position(finding.span.end);
        let file = report.file;
        if self.made[place] >= room {
            self.left_out += 1;
            // Nothing at the beginning of this line can be taken for a command.
            return writeln!(
                self.out,
                " {}:{}:{}: {}[{}] {}",
                printable(file),
                start.line,
                start.column,
                finding.level,
                finding.rule,
                printable(&finding.message)
            );
        }
        self.made[place] += 1;
        let text = match &finding.help {
            Some(help) => format!("{}\n{help}", finding.message),
            None => finding.message.clone(),
        };
        // Columns are shown only where all is on one line.
        let columns = if start.line == end.line {
            format!(",col={},endColumn={}", start.column, end.column)
        } else {
            String::new()
        };
        writeln!(
            self.out,
            "::{command} file={},line={},endLine={}{columns},title={}::{}",
            property(file),
            start.line,
            end.line,
            property(finding.rule),
            data(&text)
        )
    }
}

impl Reporter for Github<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        for finding in report.findings() {
            self.open_group(report.file)?;
            self.tell(report, finding)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.close_group()?;
        if self.left_out > 0 {
            writeln!(
                self.out,
                "::notice title=countersign::{} more findings are in the log of this step, without an annotation",
                self.left_out
            )?;
        }
        self.out.flush()
    }
}

/// A text as the data of a command.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(printable).collect();
    lines.join("\n").replace('%', "%25").replace('\n', "%0A")
}

/// A text as a property of a command.
fn property(text: &str) -> String {
    let data = printable(text).replace('%', "%25");
    data.replace(':', "%3A").replace(',', "%2C")
}
