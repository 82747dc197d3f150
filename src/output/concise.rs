//! The `concise` format: one line per finding, `path:line:column: level[rule] message`. Many terminals make
//! such a location a link.

use std::io::{self, Write};

use super::limited::FindingWriter;
use super::{Report, escape_unprintable};
use crate::finding::Finding;

/// Writes one line per finding.
pub(super) struct Concise;

impl FindingWriter for Concise {
    fn write(
        &mut self,
        report: &Report<'_>,
        finding: &Finding,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let file = escape_unprintable(report.file);
        let position = report.lines.position(finding.span.start);
        let message = escape_unprintable(&finding.message).replace('\t', " ");
        let (line, column, level, rule) =
            (position.line, position.column, finding.level, finding.rule);
        writeln!(out, "{file}:{line}:{column}: {level}[{rule}] {message}")
    }
}
