//! Partitions the records of a run into valid and invalid ones (`--valid-out`, `--invalid-out`).

use std::io::{self, Write};
use std::ops::Range;

use serde::de::IgnoredAny;

use super::chunks::{ChunkKind, lines_of};
use crate::engine::Outcome;
use crate::finding::{Finding, Level};
use crate::output::{Report, write_finding_json};

/// The outputs for valid and invalid records. Each record is written unchanged on its own line, except that
/// line breaks inside it become spaces.
#[derive(Default)]
pub struct RecordPartition<'a> {
    /// Receives the records without a finding that fails the run.
    pub valid: Option<&'a mut dyn Write>,
    /// Receives all other records, and text that is not a record.
    pub invalid: Option<&'a mut dyn Write>,
    /// Whether invalid records are written with their findings, as `{"record": …, "findings": […]}`. What is not JSON
    /// becomes a string.
    pub has_findings: bool,
}

impl RecordPartition<'_> {
    /// Writes the records of a chunk with these bytes, whose outcome is in the report.
    pub(super) fn write(
        &mut self,
        bytes: &[u8],
        kind: &ChunkKind,
        report: &Report<'_>,
        fail_level: Level,
    ) -> io::Result<()> {
        if self.valid.is_none() && self.invalid.is_none() {
            return Ok(());
        }
        let outcome = report.outcome;
        match kind {
            ChunkKind::Opening
            | ChunkKind::Closing { .. }
            | ChunkKind::OversizedLine(_)
            | ChunkKind::Binary(_) => Ok(()),
            ChunkKind::Lines { .. } => {
                let mut start = 0;
                for line in lines_of(bytes) {
                    let range = start..start + line.len();
                    start = range.end;
                    if !line.trim_ascii().is_empty() {
                        let is_valid = is_line_valid(&range, outcome, fail_level);
                        self.write_record(line, range, is_valid, report)?;
                    }
                }
                Ok(())
            }
            ChunkKind::Whole | ChunkKind::Elements { .. } => {
                let levels = outcome.max_levels();
                for (record, level) in outcome.records.iter().zip(levels) {
                    let is_valid = level < Some(fail_level);
                    let range = record.span.start as usize..record.span.end as usize;
                    let record = on_one_line(&bytes[range.clone()]);
                    self.write_record(&record, range, is_valid, report)?;
                }
                let is_empty = bytes.trim_ascii().is_empty();
                if outcome.records.is_empty() && !outcome.findings.is_empty() && !is_empty {
                    self.write_record(&on_one_line(bytes), 0..bytes.len(), false, report)?;
                }
                Ok(())
            }
        }
    }

    /// Writes a record, which is at `range` in the chunk.
    fn write_record(
        &mut self,
        record: &[u8],
        range: Range<usize>,
        is_valid: bool,
        report: &Report<'_>,
    ) -> io::Result<()> {
        let out = if is_valid {
            &mut self.valid
        } else {
            &mut self.invalid
        };
        let Some(out) = out else { return Ok(()) };
        if self.has_findings && !is_valid {
            return write_with_findings(out, record, &range, report);
        }
        out.write_all(record)?;
        if !record.ends_with(b"\n") {
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

fn write_with_findings(
    out: &mut dyn Write,
    record: &[u8],
    range: &Range<usize>,
    report: &Report<'_>,
) -> io::Result<()> {
    out.write_all(b"{\"record\":")?;
    match serde_json::from_slice::<IgnoredAny>(record) {
        Ok(_) => out.write_all(record.trim_ascii())?,
        Err(_) => serde_json::to_writer(&mut *out, &String::from_utf8_lossy(record).trim_end())?,
    }
    out.write_all(b",\"findings\":[")?;
    let findings = &report.outcome.findings;
    let is_here = |finding: &&Finding| range.contains(&(finding.span.start as usize));
    for (index, finding) in findings.iter().filter(is_here).enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        write_finding_json(out, report, finding)?;
    }
    out.write_all(b"]}\n")
}

/// Returns whether a line contains a record and no finding in it fails the run.
fn is_line_valid(line: &Range<usize>, outcome: &Outcome, fail_level: Level) -> bool {
    // The index of the first item that starts in the line or after it.
    let first_from_line = |starts: &dyn Fn(usize) -> u32, count: usize| {
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low + (high - low) / 2;
            if (starts(middle) as usize) < line.start {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    };
    let (records, findings) = (&outcome.records, &outcome.findings);
    let record = first_from_line(&|index| records[index].span.start, records.len());
    let has_record = records
        .get(record)
        .is_some_and(|record| line.contains(&(record.span.start as usize)));
    let finding = first_from_line(&|index| findings[index].span.start, findings.len());
    let fails = findings[finding..]
        .iter()
        .take_while(|finding| (finding.span.start as usize) < line.end)
        .any(|finding| finding.level >= fail_level);
    has_record && !fails
}

/// Returns bytes with line breaks replaced by spaces.
fn on_one_line(bytes: &[u8]) -> Vec<u8> {
    let to_space = |byte: &u8| match byte {
        b'\n' | b'\r' => b' ',
        byte => *byte,
    };
    bytes.iter().map(to_space).collect()
}
