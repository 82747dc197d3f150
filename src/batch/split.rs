//! Writing the records of a run into two files, the valid ones and the others.

use std::io::{self, Write};
use std::ops::Range;

use super::pieces::{Cut, lines_of};
use crate::engine::Verdict;
use crate::finding::Level;
use crate::span::Span;

/// Where records go, each as it stands on a line of its own. Line breaks within a record become blanks.
#[derive(Default)]
pub struct Split<'a> {
    /// Takes those without a finding that fails the run.
    pub valid: Option<&'a mut dyn Write>,
    /// Takes the others, and what could not be read as a record at all.
    pub invalid: Option<&'a mut dyn Write>,
}

impl Split<'_> {
    /// Writes the records of a piece, whose bytes these are.
    pub(super) fn write(
        &mut self,
        bytes: &[u8],
        cut: &Cut,
        verdict: &Verdict,
        fail_level: Level,
    ) -> io::Result<()> {
        if self.valid.is_none() && self.invalid.is_none() {
            return Ok(());
        }
        match cut {
            Cut::Opening | Cut::Closing { .. } | Cut::Skipped(_) => Ok(()),
            Cut::Lines => {
                let mut start = 0;
                for line in lines_of(bytes) {
                    let range = start..start + line.len();
                    start = range.end;
                    if !line.trim_ascii().is_empty() {
                        let is_valid = is_line_valid(&range, verdict, fail_level);
                        self.put(line, is_valid)?;
                    }
                }
                Ok(())
            }
            Cut::Whole | Cut::Elements { .. } => {
                let levels = verdict.loudest_levels();
                for (record, level) in verdict.records.iter().zip(levels) {
                    let is_valid = level < Some(fail_level);
                    self.put(on_one_line(bytes, record.span), is_valid)?;
                }
                let is_blank = bytes.trim_ascii().is_empty();
                if verdict.records.is_empty() && !verdict.findings.is_empty() && !is_blank {
                    self.put(on_one_line(bytes, Span::new(0, bytes.len() as u32)), false)?;
                }
                Ok(())
            }
        }
    }

    fn put(&mut self, record: impl AsRef<[u8]>, is_valid: bool) -> io::Result<()> {
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

/// Whether a line holds a record, and nothing in it fails the run.
fn is_line_valid(line: &Range<usize>, verdict: &Verdict, fail_level: Level) -> bool {
    let first = |starts: &dyn Fn(usize) -> u32, count: usize| {
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
    let (records, findings) = (&verdict.records, &verdict.findings);
    let record = first(&|index| records[index].span.start, records.len());
    let has_record = records
        .get(record)
        .is_some_and(|record| line.contains(&(record.span.start as usize)));
    let finding = first(&|index| findings[index].span.start, findings.len());
    let fails = findings[finding..]
        .iter()
        .take_while(|finding| (finding.span.start as usize) < line.end)
        .any(|finding| finding.level >= fail_level);
    has_record && !fails
}

/// Bytes without their line breaks.
fn on_one_line(bytes: &[u8], span: Span) -> Vec<u8> {
    let bytes = &bytes[span.start as usize..span.end as usize];
    let blank = |byte: &u8| match byte {
        b'\n' | b'\r' => b' ',
        byte => *byte,
    };
    bytes.iter().map(blank).collect()
}
