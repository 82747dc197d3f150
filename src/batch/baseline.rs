//! Findings that somebody knows of already, so that only new ones fail a run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::output::{Fingerprint, Report, fingerprint};
use crate::path::{InputError, io_error_message};

/// Raised when an older release could not read the file any more.
const VERSION: u32 = 1;

/// Findings by what tells them apart wherever they move.
#[derive(Debug, Default)]
pub struct Baseline {
    entries: BTreeMap<Fingerprint, Entry>,
    /// The files of a run.
    files: BTreeSet<String>,
}

/// A finding, or several that nothing tells apart.
#[derive(Clone, Debug)]
struct Entry {
    rule: String,
    file: String,
    pointer: String,
    count: usize,
    /// How many of them a run has met.
    met: usize,
}

#[derive(Serialize, Deserialize)]
struct FileRow {
    version: u32,
    findings: Vec<EntryRow>,
}

#[derive(Serialize, Deserialize)]
struct EntryRow {
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

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the serializer hands out references"
)]
fn is_one(count: &usize) -> bool {
    *count == 1
}

impl Baseline {
    /// Reads what an earlier run wrote.
    ///
    /// # Errors
    /// If the file cannot be read or is no baseline.
    pub fn read(path: &Path) -> Result<Self, InputError> {
        let trouble = |why: String| InputError(format!("{}: {why}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| {
            trouble(format!(
                "the baseline cannot be read: {}",
                io_error_message(&error)
            ))
        })?;
        let file: FileRow = serde_json::from_str(&text).map_err(|error| {
            trouble(format!(
                "this is no baseline: {error}; write one with --write-baseline"
            ))
        })?;
        if file.version != VERSION {
            return Err(trouble(format!(
                "a baseline of version {}, where {VERSION} is known",
                file.version
            )));
        }
        let mut baseline = Self::default();
        for row in file.findings {
            let Ok(fingerprint) = row.fingerprint.parse() else {
                let why = format!("`{}` is no fingerprint", row.fingerprint);
                return Err(trouble(why));
            };
            let entry = Entry {
                rule: row.rule,
                file: row.file,
                pointer: row.pointer,
                count: row.count,
                met: 0,
            };
            baseline.entries.insert(fingerprint, entry);
        }
        Ok(baseline)
    }

    /// Begins with a file.
    pub(super) fn begin(&mut self, file: &str) {
        self.files.insert(file.to_owned());
    }

    /// Whether a finding is known.
    pub(super) fn knows(&mut self, report: &Report<'_>, finding: &Finding) -> bool {
        let entry = self.entries.get_mut(&fingerprint(report, finding));
        entry.is_some_and(|entry| {
            let is_known = entry.met < entry.count;
            entry.met += usize::from(is_known);
            is_known
        })
    }

    /// Adds a finding.
    pub(super) fn add(&mut self, report: &Report<'_>, finding: &Finding) {
        let entry = self.entries.entry(fingerprint(report, finding));
        let entry = entry.or_insert_with(|| Entry {
            rule: finding.rule.to_owned(),
            file: report.file.to_owned(),
            pointer: finding.pointer.clone(),
            count: 0,
            met: 0,
        });
        entry.count += 1;
    }

    /// What was known of the run's files and is no more, each in words.
    pub fn gone(&self) -> impl Iterator<Item = String> {
        let is_gone = |entry: &&Entry| entry.met < entry.count && self.files.contains(&entry.file);
        self.entries.values().filter(is_gone).flat_map(|entry| {
            let (file, rule) = (&entry.file, &entry.rule);
            let words = match &*entry.pointer {
                "" => format!("{file}: {rule}"),
                pointer => format!("{file}: {rule} at {pointer}"),
            };
            std::iter::repeat_n(words, entry.count - entry.met)
        })
    }

    /// Writes the findings, by file, rule and place.
    ///
    /// # Errors
    /// If `out` takes no more.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let row = |(fingerprint, entry): (&Fingerprint, &Entry)| EntryRow {
            fingerprint: fingerprint.to_string(),
            rule: entry.rule.clone(),
            file: entry.file.clone(),
            pointer: entry.pointer.clone(),
            count: entry.count,
        };
        let mut findings: Vec<EntryRow> = self.entries.iter().map(row).collect();
        findings.sort_by(|a, b| {
            let key = |row: &EntryRow| (row.file.clone(), row.rule.clone(), row.pointer.clone());
            key(a)
                .cmp(&key(b))
                .then_with(|| a.fingerprint.cmp(&b.fingerprint))
        });
        let file = FileRow {
            version: VERSION,
            findings,
        };
        serde_json::to_writer_pretty(&mut *out, &file)?;
        out.write_all(b"\n")
    }
}
