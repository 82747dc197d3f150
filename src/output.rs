//! Reports: what a run says, in one format or several, each a file of its own.

mod concise;
mod excerpt;
mod json;
mod ndjson;
mod pretty;
mod printable;

use std::io::{self, Write};

use crate::engine::Verdict;
use crate::finding::{Finding, Level, Safety};
use crate::payload::PayloadKind;
use crate::span::LineIndex;

pub use printable::printable;

/// Says what was found, file by file, and then closes.
pub trait Reporter {
    /// Says what was found in one file.
    fn report(&mut self, report: &Report<'_>) -> io::Result<()>;
    /// Says what was found in all.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// What was found in one file.
pub struct Report<'a> {
    /// The file as people named it.
    pub file: &'a str,
    /// Its text, by lines.
    pub lines: &'a LineIndex<'a>,
    /// Its records and findings.
    pub verdict: &'a Verdict,
    /// How many records of the file went before those of the verdict.
    pub first_record: usize,
    /// How many findings, from the first, are to be shown.
    pub shown: usize,
}

impl<'a> Report<'a> {
    /// The findings that are to be shown.
    pub fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        self.verdict.findings.iter().take(self.shown)
    }
}

/// What was found in a whole run. Everything is counted, shown or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were judged.
    pub files: usize,
    /// Files that could not be read.
    pub unreadable: usize,
    /// Records, by kind; the last count is of those without one.
    pub records: [usize; PayloadKind::ALL.len() + 1],
    /// Records without a finding.
    pub clean_records: usize,
    /// Findings, by level, loudest first.
    pub findings: [usize; Level::ALL.len()],
    /// Findings with a safe fix.
    pub safe_fixes: usize,
    /// Findings with an unsafe fix.
    pub unsafe_fixes: usize,
    /// Findings that were not shown.
    pub hidden: usize,
    /// Fixes that were made, or that were shown as a diff.
    pub fixed: usize,
    /// Files whose fixes could not be written.
    pub unwritten: usize,
}

impl Summary {
    /// Counts a file, or a piece of one, of which so many findings were shown.
    pub fn add(&mut self, verdict: &Verdict, shown: usize) {
        let mut is_clean = vec![true; verdict.records.len()];
        for finding in &verdict.findings {
            self.findings[place_of(finding.level)] += 1;
            match &finding.fix {
                Some(fix) if fix.safety == Safety::Safe => self.safe_fixes += 1,
                Some(_) => self.unsafe_fixes += 1,
                None => {}
            }
            if let Some(record) = verdict.record_at(finding.span) {
                is_clean[record] = false;
            }
        }
        for record in &verdict.records {
            let place = PayloadKind::ALL
                .iter()
                .position(|kind| Some(*kind) == record.kind);
            self.records[place.unwrap_or(PayloadKind::ALL.len())] += 1;
        }
        self.clean_records += is_clean.iter().filter(|clean| **clean).count();
        self.hidden += verdict.findings.len() - shown.min(verdict.findings.len());
    }

    /// How many findings there are at a level.
    pub fn at(&self, level: Level) -> usize {
        self.findings[place_of(level)]
    }

    /// How many findings there are in all.
    pub fn total(&self) -> usize {
        self.findings.iter().sum()
    }

    /// The findings in words: `2 errors, 1 warning`.
    pub fn counted(&self) -> String {
        let counts: Vec<String> = Level::ALL
            .into_iter()
            .filter(|level| self.at(*level) > 0)
            .map(|level| match (level, self.at(level)) {
                (Level::Info, count) => format!("{count} info"),
                (level, 1) => format!("1 {level}"),
                (level, count) => format!("{count} {level}s"),
            })
            .collect();
        if counts.is_empty() {
            "no findings".into()
        } else {
            counts.join(", ")
        }
    }
}

fn place_of(level: Level) -> usize {
    Level::ALL
        .iter()
        .position(|known| *known == level)
        .unwrap_or_default()
}

/// What the place can show where people read a report.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// How many columns a line has.
    pub width: usize,
    /// Whether it shows colours.
    pub has_colors: bool,
}

/// The forms a report can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: each finding with the lines around it.
    Pretty,
    /// For people and editors: each finding on one line.
    Concise,
    /// For programs: one object.
    Json,
    /// For programs: one object a finding, each on a line.
    Ndjson,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 4] = [
        Format::Pretty,
        Format::Concise,
        Format::Json,
        Format::Ndjson,
    ];

    /// The format's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Pretty => "pretty",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
        }
    }

    /// A reporter that writes to `out`.
    pub fn reporter<'w>(self, out: Box<dyn Write + 'w>, screen: Screen) -> Box<dyn Reporter + 'w> {
        match self {
            Format::Pretty => Box::new(pretty::Pretty::new(out, screen)),
            Format::Concise => Box::new(concise::Concise::new(out)),
            Format::Json => Box::new(json::Json::new(out)),
            Format::Ndjson => Box::new(ndjson::Ndjson::new(out)),
        }
    }
}
