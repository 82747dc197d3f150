//! Partitions the records of a run into valid and invalid ones (`--valid-out`, `--invalid-out`).

use std::io::{self, Write};
use std::ops::Range;

use super::chunks::{ChunkKind, lines_of};
use crate::engine::Outcome;
use crate::finding::Level;
use crate::span::Span;

/// The outputs for valid and invalid records. Each record is written unchanged on its own line, except that
/// line breaks inside it become spaces.
#[derive(Default)]
pub struct RecordPartition<'a> {
    /// Receives the records without a finding that fails the run.
    pub valid: Option<&'a mut dyn Write>,
    /// Receives all other records, and text that is not a record.
    pub invalid: Option<&'a mut dyn Write>,
}

impl RecordPartition<'_> {
    /// Writes the records of a chunk with these bytes.
    pub(super) fn write(
        &mut self,
        bytes: &[u8],
        kind: &ChunkKind,
        outcome: &Outcome,
        fail_level: Level,
    ) -> io::Result<()> {
        if self.valid.is_none() && self.invalid.is_none() {
            return Ok(());
        }
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
                        self.write_record(line, is_valid)?;
                    }
                }
                Ok(())
            }
            ChunkKind::Whole | ChunkKind::Elements { .. } => {
                let levels = outcome.max_levels();
                for (record, level) in outcome.records.iter().zip(levels) {
                    let is_valid = level < Some(fail_level);
                    self.write_record(on_one_line(bytes, record.span), is_valid)?;
                }
                let is_empty = bytes.trim_ascii().is_empty();
                if outcome.records.is_empty() && !outcome.findings.is_empty() && !is_empty {
                    self.write_record(on_one_line(bytes, Span::new(0, bytes.len() as u32)), false)?;
                }
                Ok(())
            }
        }
    }

    fn write_record(&mut self, record: impl AsRef<[u8]>, is_valid: bool) -> io::Result<()> {
        let out = if is_valid {
            &mut self.valid
        } else {
            &mut self.invalid
        };
        let Some(out) = out else { return Ok(()) };
        let record = record.as_ref();
        out.write_all(record)?;
        if !record.ends_with(b"\n") {
            out.write_all(b"\n")?;
        }
        Ok(())
    }
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

/// Returns the bytes of a span with line breaks replaced by spaces.
fn on_one_line(bytes: &[u8], span: Span) -> Vec<u8> {
    let bytes = &bytes[span.start as usize..span.end as usize];
    let to_space = |byte: &u8| match byte {
        b'\n' | b'\r' => b' ',
        byte => *byte,
    };
    bytes.iter().map(to_space).collect()
}
