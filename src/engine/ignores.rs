//! The findings that the configuration ignores.

use super::Engine;
use super::outcome::record_index;
use crate::config::Ignore;
use crate::finding::Finding;
use crate::payload::Record;
use crate::span::Span;

impl Engine {
    /// Drops the findings that the configuration ignores, and records by which entry.
    pub(super) fn ignore(
        &self,
        file: &str,
        records: &[Record<'_>],
        findings: &mut Vec<Finding>,
        used: &mut Vec<usize>,
    ) {
        let key_at = |span: Span| {
            let index = record_index(records, |record| record.node.span(), span)?;
            records[index].key()
        };
        self.retain_unignored(file, key_at, findings, used);
    }

    pub(super) fn retain_unignored(
        &self,
        file: &str,
        key_at: impl Fn(Span) -> Option<String>,
        findings: &mut Vec<Finding>,
        used: &mut Vec<usize>,
    ) {
        let ignores = &self.config.ignores;
        if ignores.is_empty() {
            return;
        }
        findings.retain(|finding| {
            let key = key_at(finding.span);
            let covers = |ignore: &Ignore| ignore.covers(finding, file, key.as_deref());
            match ignores.iter().position(covers) {
                Some(ignore) => {
                    used.push(ignore);
                    false
                }
                None => true,
            }
        });
    }
}
