//! The counts of a whole run.

use std::collections::BTreeMap;

use super::escape::{escape_unprintable, with_thousands_separator};
use super::report::Report;
use crate::finding::{Finding, Level, Safety};
use crate::payload::Kind;

/// The counts of a whole run. Findings that are not shown are counted too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The number of files that were checked.
    pub files: usize,
    /// The number of files that could not be read.
    pub unreadable: usize,
    /// The number of files that were found in a folder and contain no payload.
    pub unrecognised: usize,
    /// The number of bytes that were checked, after decompression.
    pub bytes: u64,
    /// The number of records of each kind.
    pub records: Vec<(&'static Kind, usize)>,
    /// The number of records of unknown kind.
    pub unknown_records: usize,
    /// The number of records without a finding.
    pub clean_records: usize,
    /// The number of records with a finding that fails the run.
    pub invalid_records: usize,
    /// The number of findings of each level, in the order of [`Level::ALL`].
    pub findings: [usize; Level::ALL.len()],
    /// The statistics of each rule that has findings.
    pub rules: BTreeMap<&'static str, RuleStats>,
    /// The number of findings with a safe fix.
    pub safe_fixes: usize,
    /// The number of findings with an unsafe fix.
    pub unsafe_fixes: usize,
    /// The number of findings that are not shown.
    pub hidden: usize,
    /// The number of findings that entries of the configuration ignore. No other count includes them.
    pub ignored: usize,
    /// The number of findings that the baseline contains. No other count includes them.
    pub baseline_matched: usize,
    /// The number of baseline entries for checked files that no longer match a finding.
    pub baseline_resolved: usize,
    /// The number of times that a rule failed, so that its result is unknown.
    pub rule_failures: usize,
    /// The number of fixes that were applied, or shown as a diff.
    pub fixed: usize,
    /// The number of files whose fixes could not be written.
    pub unwritten: usize,
    /// Whether the run was interrupted, so that the counts are those of a part of the input.
    pub is_interrupted: bool,
    /// The name of the file and the line, from 1, of the last record that was checked.
    pub last_record: Option<(String, u64)>,
}

/// The statistics of one rule over a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleStats {
    /// The most severe level of its findings.
    pub level: Level,
    /// The number of its findings.
    pub count: usize,
    /// The location of its first finding.
    pub example: Location,
}

/// A line and column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The name of the file, from the root of the repository.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
}

impl Summary {
    /// The summary of a run that has checked nothing yet, which counts these kinds even where there are no records.
    pub fn of_kinds(kinds: &[&'static Kind]) -> Self {
        Self {
            records: kinds.iter().map(|kind| (*kind, 0)).collect(),
            ..Self::default()
        }
    }

    /// Adds the records and findings of a report. A record with a finding at `fail_level` or above is
    /// invalid.
    pub fn add(&mut self, report: &Report<'_>, fail_level: Level) {
        let outcome = report.outcome;
        for finding in &outcome.findings {
            self.add_finding(report, finding);
        }
        for (record, level) in outcome.records.iter().zip(outcome.max_levels()) {
            self.count_record(record.kind);
            self.clean_records += usize::from(level.is_none());
            self.invalid_records += usize::from(level >= Some(fail_level));
        }
        self.rule_failures += outcome.failures();
        self.ignored += outcome.used_ignores.len();
        if let Some(last) = outcome.records.last() {
            let line = report
                .lines
                .number_of(report.lines.line_at(last.span.start));
            match &mut self.last_record {
                Some((file, last_line)) if file == report.file => *last_line = line,
                last_record => *last_record = Some((report.file.to_owned(), line)),
            }
        }
        self.hidden += outcome.findings.len() - report.shown.min(outcome.findings.len());
    }

    fn count_record(&mut self, kind: Option<&'static Kind>) {
        let Some(kind) = kind else {
            self.unknown_records += 1;
            return;
        };
        match self.records.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => self.records.push((kind, 1)),
        }
    }

    fn add_finding(&mut self, report: &Report<'_>, finding: &Finding) {
        self.findings[level_index(finding.level)] += 1;
        match &finding.fix {
            Some(fix) if fix.safety == Safety::Safe => self.safe_fixes += 1,
            Some(_) => self.unsafe_fixes += 1,
            None => {}
        }
        let stats = self.rules.entry(finding.rule).or_insert_with(|| {
            let position = report.lines.position(finding.span.start);
            RuleStats {
                level: finding.level,
                count: 0,
                example: Location {
                    file: report.file.to_owned(),
                    line: position.line,
                    column: position.column,
                },
            }
        });
        stats.count += 1;
        stats.level = stats.level.max(finding.level);
    }

    /// The number of records of each kind, and last that of the records of an unknown kind (`None`).
    pub fn records_by_kind(&self) -> impl Iterator<Item = (Option<&'static Kind>, usize)> {
        let known = self
            .records
            .iter()
            .map(|(kind, count)| (Some(*kind), *count));
        known.chain([(None, self.unknown_records)])
    }

    /// The number of records of all kinds.
    pub fn total_records(&self) -> usize {
        self.records_by_kind().map(|(_, count)| count).sum()
    }

    /// The number of findings at a level.
    pub fn findings_at(&self, level: Level) -> usize {
        self.findings[level_index(level)]
    }

    /// The number of findings of all levels.
    pub fn total_findings(&self) -> usize {
        self.findings.iter().sum()
    }

    /// What reports say about a run that was interrupted.
    pub fn interruption(&self) -> Option<String> {
        self.is_interrupted.then(|| match &self.last_record {
            Some((file, line)) => {
                let file = escape_unprintable(file);
                format!("interrupted: the report is incomplete; the last complete record is {file}:{line}")
            }
            None => "interrupted: the report is incomplete; no record was checked".to_owned(),
        })
    }

    /// The file and line, from 1, up to which an interrupted run came.
    #[cfg(feature = "reports")]
    pub(super) fn last_place(&self) -> (String, u64) {
        let start = || ("<none>".to_owned(), 1);
        self.last_record.clone().unwrap_or_else(start)
    }

    /// The number of findings of each level as a phrase, such as `2 errors, 1 warning`.
    pub fn findings_phrase(&self) -> String {
        let counts: Vec<String> = Level::ALL
            .into_iter()
            .filter(|level| self.findings_at(*level) > 0)
            .map(|level| match (level, self.findings_at(level)) {
                (Level::Info, count) => format!("{} info", with_thousands_separator(count)),
                (level, 1) => format!("1 {level}"),
                (level, count) => format!("{} {level}s", with_thousands_separator(count)),
            })
            .collect();
        if counts.is_empty() {
            "no findings".into()
        } else {
            counts.join(", ")
        }
    }
}

/// The index of a level in [`Summary::findings`].
fn level_index(level: Level) -> usize {
    Level::ALL
        .iter()
        .position(|known| *known == level)
        .unwrap_or_default()
}
