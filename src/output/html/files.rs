//! The number of findings of each file.

use std::collections::BTreeMap;

use super::chart::{ChartRow, MAX_BARS};
use crate::finding::Level;

/// Counts the findings of files that are reported one after the other. Of the files without a row in the table it keeps
/// only those with the most findings, so that a run over many files needs little memory.
#[derive(Default)]
pub(super) struct FileCounts {
    current: Option<FileCount>,
    /// The files with a row in the table.
    in_table: BTreeMap<String, FileCount>,
    /// The other files with the most findings.
    largest: Vec<FileCount>,
    /// The number of further files, and of their findings.
    rest: (usize, usize),
}

/// The findings of one file.
struct FileCount {
    name: String,
    level: Level,
    findings: usize,
    is_in_table: bool,
}

impl FileCounts {
    /// Adds findings of a file, and whether one of them is in the table. `level` is the highest level of the findings.
    pub(super) fn add(&mut self, name: &str, level: Level, findings: usize, is_in_table: bool) {
        if self.current.as_ref().is_none_or(|file| file.name != name) {
            self.end_file();
            // A configuration file is reported at the start and at the end of a run.
            let known = self.in_table.remove(name);
            self.current = Some(known.unwrap_or_else(|| FileCount {
                name: name.to_owned(),
                level,
                findings: 0,
                is_in_table: false,
            }));
        }
        if let Some(file) = &mut self.current {
            file.level = file.level.max(level);
            file.findings += findings;
            file.is_in_table |= is_in_table;
        }
    }

    /// Moves the current file to the others.
    pub(super) fn end_file(&mut self) {
        let Some(file) = self.current.take() else {
            return;
        };
        if file.is_in_table {
            self.in_table.insert(file.name.clone(), file);
            return;
        }
        let larger = |other: &FileCount| other.findings >= file.findings;
        let position = self.largest.partition_point(larger);
        self.largest.insert(position, file);
        if self.largest.len() > MAX_BARS
            && let Some(smallest) = self.largest.pop()
        {
            self.rest.0 += 1;
            self.rest.1 += smallest.findings;
        }
    }

    /// The number of findings of each file with a row in the table.
    pub(super) fn in_table(&self) -> BTreeMap<&str, usize> {
        let files = self.in_table.values();
        files
            .map(|file| (file.name.as_str(), file.findings))
            .collect()
    }

    /// The rows of the chart, and the number of files without a row in it and of their findings.
    pub(super) fn chart_rows(&self) -> (Vec<ChartRow>, (usize, usize)) {
        let files = self.in_table.values().chain(&self.largest);
        let rows = files.map(|file| ChartRow {
            label: file.name.clone(),
            level: file.level,
            count: file.findings,
            note: "",
            left_out: 0,
        });
        (rows.collect(), self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_files_with_a_row_and_the_largest_of_the_others() {
        let mut counts = FileCounts::default();
        counts.add("first", Level::Info, 1, true);
        for index in 0..100 {
            counts.add(&format!("{index}"), Level::Error, index + 1, false);
        }
        counts.add("first", Level::Error, 2, false);
        counts.end_file();
        assert_eq!(counts.in_table(), BTreeMap::from([("first", 3)]));
        let (rows, rest) = counts.chart_rows();
        let largest: Vec<usize> = rows.iter().map(|row| row.count).collect();
        assert_eq!(largest[..3], [3, 100, 99]);
        assert_eq!(rows.len(), 1 + MAX_BARS);
        assert_eq!(rest, (80, (1..=80).sum()));
    }
}
