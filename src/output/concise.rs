//! The `concise` format: one line per finding, `path:line:column: level[rule] message`. Many terminals make
//! such a location a link.

use std::io::{self, Write};

use super::{Report, Reporter, Summary, escape_unprintable};

/// Writes one line per finding.
pub(super) struct Concise<'w> {
    out: Box<dyn Write + 'w>,
}

impl<'w> Concise<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self { out }
    }
}

impl Reporter for Concise<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        let file = escape_unprintable(report.file);
        for finding in report.findings() {
            let position = report.lines.position(finding.span.start);
            let message = escape_unprintable(&finding.message).replace('\t', " ");
            let (line, column, level, rule) =
                (position.line, position.column, finding.level, finding.rule);
            writeln!(
                self.out,
                "{file}:{line}:{column}: {level}[{rule}] {message}"
            )?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}
