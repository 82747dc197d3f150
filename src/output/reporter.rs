//! The interface between a run and the report formats.

use std::io;

use super::report::Report;
use super::run_info::RunInfo;
use super::summary::Summary;

/// Writes one report: at most one call of [`Reporter::begin`], a call of [`Reporter::report`] for each checked file, or
/// part of a file, and one call of [`Reporter::finish`].
pub trait Reporter {
    /// Receives the facts about the run. A format that does not show them ignores them.
    fn begin(&mut self, run: &RunInfo) {
        let _ = run;
    }

    /// Whether the reporter selects which findings it shows. It then gets all of them, whatever their maximum number.
    fn selects_findings(&self) -> bool {
        false
    }

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
    /// The maximum number of findings that a report for people shows: one of each rule and the most severe ones first.
    /// `None` for all.
    pub max_findings: Option<usize>,
    /// The maximum number of results in a SARIF log, the most severe ones. `None` for all.
    pub max_results: Option<usize>,
}

impl Default for RenderOptions {
    /// Plain text of 100 columns with all findings.
    fn default() -> Self {
        Self {
            width: 100,
            has_colors: false,
            has_links: false,
            is_redacted: false,
            max_findings: None,
            max_results: None,
        }
    }
}
