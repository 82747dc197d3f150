//! A limit on the findings that a report for people shows: one of each rule and the most severe ones first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use super::{Report, Reporter, Summary, with_thousands_separator};
use crate::finding::{Finding, Level};

/// Renders single findings as text.
pub(super) trait FindingWriter {
    /// Writes a finding of the report.
    fn write(
        &mut self,
        report: &Report<'_>,
        finding: &Finding,
        out: &mut dyn Write,
    ) -> io::Result<()>;
}

/// Writes at most a number of findings, in the order of the run. Without a limit, each is written at once.
pub(super) struct Limited<'w, W> {
    out: Box<dyn Write + 'w>,
    writer: W,
    limit: Option<usize>,
    /// The rules of which a finding is kept.
    rules: HashSet<&'static str>,
    kept: BTreeMap<Priority, Vec<u8>>,
    /// The number of findings so far.
    count: usize,
}

/// The order in which findings are chosen: the first of each rule, then the most severe ones, then earlier ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Priority {
    is_repeated_rule: bool,
    level: Reverse<Level>,
    /// The number of findings before it in the run.
    order: usize,
}

impl<'w, W: FindingWriter> Limited<'w, W> {
    /// A reporter that writes findings to `out`, at most `limit`.
    pub(super) fn new(out: Box<dyn Write + 'w>, writer: W, limit: Option<usize>) -> Self {
        Self {
            out,
            writer,
            limit,
            rules: HashSet::new(),
            kept: BTreeMap::new(),
            count: 0,
        }
    }

    fn keep(&mut self, report: &Report<'_>, finding: &Finding, limit: usize) -> io::Result<()> {
        let priority = Priority {
            is_repeated_rule: !self.rules.insert(finding.rule),
            level: Reverse(finding.level),
            order: self.count,
        };
        self.count += 1;
        let last = self.kept.last_key_value().map(|(last, _)| *last);
        if self.kept.len() >= limit && last.is_none_or(|last| last < priority) {
            return Ok(());
        }
        let mut text = Vec::new();
        self.writer.write(report, finding, &mut text)?;
        self.kept.insert(priority, text);
        if self.kept.len() > limit {
            self.kept.pop_last();
        }
        Ok(())
    }
}

impl<W: FindingWriter> Reporter for Limited<'_, W> {
    fn selects_findings(&self) -> bool {
        true
    }

    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        for finding in report.findings() {
            match self.limit {
                Some(limit) => self.keep(report, finding, limit)?,
                None => self.writer.write(report, finding, &mut self.out)?,
            }
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let shown = self.kept.len();
        let mut kept: Vec<_> = std::mem::take(&mut self.kept).into_iter().collect();
        kept.sort_by_key(|(priority, _)| priority.order);
        for (_, text) in kept {
            self.out.write_all(&text)?;
        }
        if self.limit.is_some() && self.count > shown {
            let more = with_thousands_separator(self.count - shown);
            let plural = if self.count - shown == 1 { "" } else { "s" };
            writeln!(
                self.out,
                "… {more} more finding{plural}: --max-findings 0, or --format html=report.html"
            )?;
        }
        if let Some(interruption) = summary.interruption() {
            writeln!(self.out, "{interruption}")?;
        }
        self.out.flush()
    }
}
