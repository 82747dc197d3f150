//! The findings of one file, as report formats get them.

use crate::engine::{Outcome, PATH_SEPARATOR};
use crate::finding::Finding;
use crate::line_index::LineIndex;

/// The findings of one file, or of one part of a file that is read in chunks.
pub struct Report<'a> {
    /// The name of the file, from the root of the repository.
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

    /// The path of a finding's value in words of its kind, such as `record 2 (2000417730) › line 1 › parameter
    /// customer_email`. The record is named only if the file has several.
    pub fn path_of(&self, finding: &Finding) -> String {
        let records = &self.outcome.records;
        let has_several = self.first_record > 0 || records.len() > 1;
        let index = self.outcome.record_at(finding.span).filter(|_| has_several);
        let record = index.map(|index| {
            let number = self.first_record + index + 1;
            match &records[index].key {
                Some(key) => format!("record {number} ({key})"),
                None => format!("record {number}"),
            }
        });
        let parts = record.into_iter().chain([finding.path.clone()]);
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        parts.join(PATH_SEPARATOR)
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
