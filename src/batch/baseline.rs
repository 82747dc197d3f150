//! Baselines: files of accepted findings, so that only new findings fail a run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::output::{Fingerprint, Report, fingerprint};
use crate::path::{InputError, io_error_message};

/// The version of the file format. Incremented when older releases cannot read it.
const VERSION: u32 = 1;

/// Accepted findings, keyed by fingerprints that do not depend on line numbers or the order of records.
#[derive(Debug, Default)]
pub struct Baseline {
    entries: BTreeMap<Fingerprint, Entry>,
    /// The files that the run checked.
    checked_files: BTreeSet<String>,
}

/// The findings that share a fingerprint.
#[derive(Clone, Debug)]
struct Entry {
    rule: String,
    file: String,
    pointer: String,
    count: usize,
    /// How many of them occurred in the run.
    matched: usize,
}

#[derive(Serialize, Deserialize)]
struct BaselineJson {
    version: u32,
    findings: Vec<EntryJson>,
}

#[derive(Serialize, Deserialize)]
struct EntryJson {
    fingerprint: String,
    rule: String,
    file: String,
    pointer: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
}

fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_one(count: &usize) -> bool {
    *count == 1
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    /// If the file cannot be read or is not a baseline of a known version.
    pub fn read(path: &Path) -> Result<Self, InputError> {
        let error_for = |message: String| InputError(format!("{}: {message}", path.display()));
        let unreadable = |error: io::Error| {
            let cause = io_error_message(&error);
            error_for(format!("cannot read the baseline: {cause}"))
        };
        // A pipe may never end, and a device has no end.
        if !fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(error_for("cannot read the baseline: not a file".into()));
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        let file: BaselineJson = serde_json::from_str(&text).map_err(|error| {
            error_for(format!(
                "not a baseline: {error}; create one with `--write-baseline`"
            ))
        })?;
        if file.version != VERSION {
            return Err(error_for(format!(
                "unsupported baseline version {}, expected {VERSION}",
                file.version
            )));
        }
        let mut baseline = Self::default();
        for row in file.findings {
            let Ok(fingerprint) = row.fingerprint.parse() else {
                let message = format!("`{}` is not a fingerprint", row.fingerprint);
                return Err(error_for(message));
            };
            let entry = Entry {
                rule: row.rule,
                file: row.file,
                pointer: row.pointer,
                count: row.count,
                matched: 0,
            };
            baseline.entries.insert(fingerprint, entry);
        }
        Ok(baseline)
    }

    /// Records that a file is checked.
    pub(super) fn begin_file(&mut self, file: &str) {
        self.checked_files.insert(file.to_owned());
    }

    /// Returns whether a finding is in the baseline, and marks one occurrence of it as matched.
    pub(super) fn match_finding(&mut self, report: &Report<'_>, finding: &Finding) -> bool {
        let entry = self.entries.get_mut(&fingerprint(report, finding));
        entry.is_some_and(|entry| {
            let is_match = entry.matched < entry.count;
            entry.matched += usize::from(is_match);
            is_match
        })
    }

    /// Adds a finding to the baseline. `pointer` is what a person reads of its place.
    pub(super) fn add(&mut self, report: &Report<'_>, finding: &Finding, pointer: &str) {
        let entry = self.entries.entry(fingerprint(report, finding));
        let entry = entry.or_insert_with(|| Entry {
            rule: finding.rule.to_owned(),
            file: report.file.to_owned(),
            pointer: pointer.to_owned(),
            count: 0,
            matched: 0,
        });
        entry.count += 1;
    }

    /// Iterates over the findings of the checked files that no longer occur, as
    /// `file: rule at pointer`.
    pub fn resolved(&self) -> impl Iterator<Item = String> {
        let is_resolved = |entry: &&Entry| {
            entry.matched < entry.count && self.checked_files.contains(&entry.file)
        };
        self.entries.values().filter(is_resolved).flat_map(|entry| {
            let (file, rule) = (&entry.file, &entry.rule);
            let description = match &*entry.pointer {
                "" => format!("{file}: {rule}"),
                pointer => format!("{file}: {rule} at {pointer}"),
            };
            std::iter::repeat_n(description, entry.count - entry.matched)
        })
    }

    /// Writes the baseline file, sorted by file, rule and pointer.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let row = |(fingerprint, entry): (&Fingerprint, &Entry)| EntryJson {
            fingerprint: fingerprint.to_string(),
            rule: entry.rule.clone(),
            file: entry.file.clone(),
            pointer: entry.pointer.clone(),
            count: entry.count,
        };
        let mut findings: Vec<EntryJson> = self.entries.iter().map(row).collect();
        findings.sort_by(|a, b| {
            let key = |row: &EntryJson| (row.file.clone(), row.rule.clone(), row.pointer.clone());
            key(a)
                .cmp(&key(b))
                .then_with(|| a.fingerprint.cmp(&b.fingerprint))
        });
        let file = BaselineJson {
            version: VERSION,
            findings,
        };
        serde_json::to_writer_pretty(&mut *out, &file)?;
        out.write_all(b"\n")
    }
}
