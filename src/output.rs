//! Reports: what a run says, in one format or several, each a file of its own.

mod checkstyle;
mod concise;
mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod markdown;
mod ndjson;
mod pretty;
mod printable;
mod rdjson;
mod redact;
mod sarif;
mod uri;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::str::FromStr;

use crate::engine::Verdict;
use crate::finding::{Finding, Level, Safety};
use crate::line_index::LineIndex;
use crate::payload::PayloadKind;

pub use fingerprint::{Fingerprint, fingerprint};
pub use printable::{grouped, printable};
pub use redact::redacted;
pub use uri::uri_of;

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
    /// Where the rules' pages can be read.
    pub rule_pages: Option<&'a str>,
}

impl<'a> Report<'a> {
    /// The address of a rule's page.
    pub fn page_of(&self, rule: &str) -> Option<String> {
        Some(page_at(self.rule_pages?, rule))
    }

    /// The findings that are to be shown.
    pub fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        self.verdict.findings.iter().take(self.shown)
    }
}

/// The address of a rule's page in a folder of pages.
pub fn page_at(pages: &str, rule: &str) -> String {
    format!("{pages}/{rule}.md")
}

/// What was found in a whole run. Everything is counted, shown or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were judged.
    pub files: usize,
    /// Files that could not be read.
    pub unreadable: usize,
    /// Bytes that were judged, compressed files expanded.
    pub bytes: u64,
    /// Records, by kind; the last count is of those without one.
    pub records: [usize; PayloadKind::ALL.len() + 1],
    /// Records without a finding.
    pub clean_records: usize,
    /// Records with a finding that fails the run.
    pub invalid_records: usize,
    /// Findings, by level, loudest first.
    pub findings: [usize; Level::ALL.len()],
    /// Findings, by rule.
    pub rules: BTreeMap<&'static str, Tally>,
    /// Findings with a safe fix.
    pub safe_fixes: usize,
    /// Findings with an unsafe fix.
    pub unsafe_fixes: usize,
    /// Findings that were not shown.
    pub hidden: usize,
    /// Findings that the baseline knows: they are neither shown nor counted elsewhere.
    pub known: usize,
    /// Findings that the baseline knows in files that were judged, and that are no more.
    pub gone: usize,
    /// How often a rule failed itself, so that nothing is known by it.
    pub failed: usize,
    /// Fixes that were made, or that were shown as a diff.
    pub fixed: usize,
    /// Files whose fixes could not be written.
    pub unwritten: usize,
}

/// How often a rule was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The loudest level at which it was told.
    pub level: Level,
    /// How many findings there are.
    pub count: usize,
    /// Where it was broken first.
    pub example: Place,
}

/// A place that a person can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as people named it.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The character in the line, from 1.
    pub column: u64,
}

impl Summary {
    /// Counts what a report tells. A record with a finding at `fail_level` or above is invalid.
    pub fn add(&mut self, report: &Report<'_>, fail_level: Level) {
        let verdict = report.verdict;
        for finding in &verdict.findings {
            self.findings[place_of(finding.level)] += 1;
            match &finding.fix {
                Some(fix) if fix.safety == Safety::Safe => self.safe_fixes += 1,
                Some(_) => self.unsafe_fixes += 1,
                None => {}
            }
            let tally = self.rules.entry(finding.rule).or_insert_with(|| {
                let place = report.lines.position(finding.span.start);
                Tally {
                    level: finding.level,
                    count: 0,
                    example: Place {
                        file: report.file.to_owned(),
                        line: place.line,
                        column: place.column,
                    },
                }
            });
            tally.count += 1;
            tally.level = tally.level.max(finding.level);
        }
        for (record, loudest) in verdict.records.iter().zip(verdict.loudest_levels()) {
            let place = PayloadKind::ALL
                .iter()
                .position(|kind| Some(*kind) == record.kind);
            self.records[place.unwrap_or(PayloadKind::ALL.len())] += 1;
            self.clean_records += usize::from(loudest.is_none());
            self.invalid_records += usize::from(loudest >= Some(fail_level));
        }
        self.failed += verdict.failures();
        self.hidden += verdict.findings.len() - report.shown.min(verdict.findings.len());
    }

    /// How many records there are in all.
    pub fn all_records(&self) -> usize {
        self.records.iter().sum()
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
    /// Whether a text can lead to an address.
    pub has_links: bool,
    /// Whether the payloads' values are replaced in what is shown.
    pub is_redacted: bool,
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
    /// For people: a page to look at, in one file.
    Html,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For GitHub Actions: annotations.
    Github,
    /// For GitLab: a code quality report.
    Gitlab,
    /// For test reports: JUnit's XML, a case a record.
    Junit,
    /// For what reads Checkstyle's XML.
    Checkstyle,
    /// For reviewdog, with suggestions.
    Rdjson,
    /// For a job's page or a pull request: a summary.
    Markdown,
}

impl FromStr for Format {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let mut formats = Format::ALL.into_iter();
        formats.find(|format| format.as_str() == word).ok_or(())
    }
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 12] = [
        Format::Pretty,
        Format::Concise,
        Format::Json,
        Format::Ndjson,
        Format::Html,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Checkstyle,
        Format::Rdjson,
        Format::Markdown,
    ];

    /// The format's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Pretty => "pretty",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Html => "html",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Checkstyle => "checkstyle",
            Format::Rdjson => "rdjson",
            Format::Markdown => "markdown",
        }
    }

    /// What it is for, in a clause.
    pub fn summary(self) -> &'static str {
        match self {
            Format::Pretty => "For people, with the lines around each finding",
            Format::Concise => "path:line:column: level[rule] message",
            Format::Json => "One JSON object",
            Format::Ndjson => "One JSON object a finding, each on a line",
            Format::Html => "A page to look at, in one file",
            Format::Sarif => "For code scanning: SARIF 2.1.0",
            Format::Github => "For GitHub Actions: annotations",
            Format::Gitlab => "For GitLab: a code quality report",
            Format::Junit => "For test reports: JUnit's XML, a case a record",
            Format::Checkstyle => "For what reads Checkstyle's XML",
            Format::Rdjson => "For reviewdog, with suggestions",
            Format::Markdown => "For a job's page or a pull request: a summary",
        }
    }

    /// A reporter that writes to `out`.
    pub fn reporter<'w>(self, out: Box<dyn Write + 'w>, screen: Screen) -> Box<dyn Reporter + 'w> {
        match self {
            Format::Pretty => Box::new(pretty::Pretty::new(out, screen)),
            Format::Concise => Box::new(concise::Concise::new(out)),
            Format::Json => Box::new(json::Json::new(out)),
            Format::Ndjson => Box::new(ndjson::Ndjson::new(out)),
            Format::Html => Box::new(html::Html::new(out, screen.is_redacted)),
            Format::Sarif => Box::new(sarif::Sarif::new(out)),
            Format::Github => Box::new(github::Github::new(out)),
            Format::Gitlab => Box::new(gitlab::Gitlab::new(out)),
            Format::Junit => Box::new(junit::Junit::new(out)),
            Format::Checkstyle => Box::new(checkstyle::Checkstyle::new(out)),
            Format::Rdjson => Box::new(rdjson::Rdjson::new(out)),
            Format::Markdown => Box::new(markdown::Markdown::new(out)),
        }
    }
}
