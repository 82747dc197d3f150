//! One line a finding: `path:line:column: level[rule] message`, which terminals make clickable.

use std::io::{self, Write};

use super::{Report, Reporter, Summary, printable};

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
        let file = printable(report.file);
        for finding in report.findings() {
            let place = report.lines.position(finding.span.start);
            let message = printable(&finding.message).replace('\t', " ");
            let (line, column, level, rule) =
                (place.line, place.column, finding.level, finding.rule);
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
