//! The interface between a run and the report formats.

use std::io;

use super::summary::Summary;
use crate::engine::Outcome;
use crate::finding::Finding;
use crate::line_index::LineIndex;

/// Writes one report: a call of [`Reporter::report`] for each checked file, or part of a file, and one
/// call of [`Reporter::finish`].
pub trait Reporter {
    /// Writes the findings of one file.
    ///
    /// # Errors
    /// If the report cannot be written.
    fn report(&mut self, report: &Report<'_>) -> io::Result<()>;

    /// Writes what the format says about the whole run, and flushes the report.
    ///
    /// # Errors
    /// If the report cannot be written.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// The findings of one file, or of one part of a file that is read in chunks.
pub struct Report<'a> {
    /// The name of the file as the user gave it.
    pub file: &'a str,
    /// The source text with its line index.
    pub lines: &'a LineIndex<'a>,
    /// The records and findings.
    pub outcome: &'a Outcome,
    /// The number of records of the file before the first one of `outcome`.
    pub first_record: usize,
    /// The number of findings to show, counted from the first.
    pub shown: usize,
    /// The URL of the folder that holds the rule pages.
    pub rule_pages: Option<&'a str>,
}

impl<'a> Report<'a> {
    /// The URL of a rule's page, if the configuration names a folder of rule pages.
    pub fn rule_url(&self, rule: &str) -> Option<String> {
        Some(rule_page_url(self.rule_pages?, rule))
    }

    /// The findings to show.
    pub fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        self.outcome.findings.iter().take(self.shown)
    }
}

/// The URL of a rule's page in a folder of rule pages.
pub fn rule_page_url(rule_pages: &str, rule: &str) -> String {
    format!("{rule_pages}/{rule}.md")
}

/// The options that a report is rendered with.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions {
    /// The width of a line, in columns.
    pub width: usize,
    /// Whether the output contains ANSI colours.
    pub has_colors: bool,
    /// Whether the output contains OSC 8 hyperlinks.
    pub has_links: bool,
    /// Whether the values of the payloads are masked.
    pub is_redacted: bool,
}
