//! Findings that relate the records of a run to each other.

use super::outcome::{Outcome, record_index};
use super::{Engine, sort};
use crate::document::Document;
use crate::finding::Finding;
use crate::json::Pointers;
use crate::record_fact::RecordFact;
use crate::rules::export::cross_record::CrossRecordState;
use crate::span::Span;

impl Engine {
    /// The findings that relate records to each other and to those that `state` has seen.
    pub(super) fn relate_records(
        &self,
        state: &mut CrossRecordState,
        facts: &[RecordFact],
        records: usize,
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        state.check(facts, records, &mut found);
        found.retain(|finding| self.rules.has_cross_record_rule(finding.rule));
        found
    }

    /// Adds to an outcome how its records contradict or repeat each other and the records checked before. `text` is the
    /// text that the outcome's spans refer to.
    pub fn check_cross_record(
        &self,
        state: &mut CrossRecordState,
        outcome: &mut Outcome,
        text: &str,
        file: &str,
    ) {
        let mut found = self.relate_records(state, &outcome.facts, outcome.records.len());
        if found.is_empty() {
            return;
        }
        self.config.apply_levels(&mut found);
        for finding in &mut found {
            let Some(index) = outcome.record_at(finding.span) else {
                continue;
            };
            // The document is gone: parse the record once more for its key and pointers.
            let record = &mut outcome.records[index];
            let start = record.span.start;
            let alone = Document::parse(record.span.of(text));
            let detector = self.registry.detector();
            let read = detector.records(&alone, record.declared(), None);
            let Some(again) = read.first() else {
                // The payload is in a string, so its source text is not JSON.
                finding.pointer.clone_from(&record.pointer);
                continue;
            };
            record.key = again.key();
            let span = Span::new(finding.span.start - start, finding.span.end - start);
            let within = Pointers::new(again.node).pointer_to(span);
            finding.pointer = format!("{}{within}", record.pointer);
        }
        let Outcome {
            records,
            used_ignores,
            ..
        } = &mut *outcome;
        let key_at = |span: Span| {
            let index = record_index(records, |record| record.span, span)?;
            records[index].key.clone()
        };
        self.retain_unignored(file, key_at, &mut found, used_ignores);
        outcome.findings.append(&mut found);
        sort(&mut outcome.findings);
    }
}
