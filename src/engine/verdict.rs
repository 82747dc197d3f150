//! What the engine says of a document.

use crate::finding::{Finding, Level};
use crate::payload::{Form, PayloadKind};
use crate::rules::export::claim::Claim;
use crate::rules::payload::crash::FAILED_RULE;
use crate::span::Span;

/// What the engine says of one document.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// The records of the document, in order.
    pub records: Vec<RecordSummary>,
    /// What is wrong, in order of place and then of rule.
    pub findings: Vec<Finding>,
    /// What the records say that others may contradict or repeat.
    pub claims: Vec<Claim>,
    /// The places in [`crate::config::Config::ignores`] of those that kept a finding back.
    pub used_ignores: Vec<usize>,
    /// The places in [`crate::config::Config::payloads`] of those that speak of the document's file.
    pub used_payloads: Vec<usize>,
}

/// What a report tells of a record beside its findings.
#[derive(Clone, Debug)]
pub struct RecordSummary {
    /// Where the record stands.
    pub span: Span,
    /// Its kind, if it is one that countersign judges.
    pub kind: Option<PayloadKind>,
    /// Its form, if it has a kind.
    pub form: Option<Form>,
    /// What people call it by. Told only where the document has findings.
    pub key: Option<String>,
    /// Its JSON Pointer, if it stands in a list.
    pub pointer: String,
}

impl Verdict {
    /// The index of the record in which `span` stands.
    pub fn record_at(&self, span: Span) -> Option<usize> {
        place_of(&self.records, |record| record.span, span)
    }

    /// Adds what was said of the text that comes next, from byte `start` on.
    pub fn append(&mut self, next: Verdict, start: u32) {
        let Verdict {
            records,
            findings,
            claims,
            used_ignores,
            used_payloads,
        } = next;
        self.claims.extend(claims.into_iter().map(|mut claim| {
            claim.shift(start, self.records.len());
            claim
        }));
        self.records.extend(records.into_iter().map(|mut record| {
            record.span = record.span.shifted(start);
            record
        }));
        self.findings
            .extend(findings.into_iter().map(|mut finding| {
                finding.shift(start);
                finding
            }));
        self.used_ignores.extend(used_ignores);
        self.used_payloads.extend(used_payloads);
    }

    /// For each record the loudest level of what was found in it.
    pub fn loudest_levels(&self) -> Vec<Option<Level>> {
        let mut levels = vec![None; self.records.len()];
        for finding in &self.findings {
            if let Some(record) = self.record_at(finding.span) {
                levels[record] = levels[record].max(Some(finding.level));
            }
        }
        levels
    }

    /// How often a rule failed itself.
    pub fn failures(&self) -> usize {
        let is_failure = |finding: &&Finding| finding.rule == FAILED_RULE.id;
        self.findings.iter().filter(is_failure).count()
    }
}

/// The index of the record, of those in order of their places, in which `span` begins.
pub(super) fn place_of<R>(
    records: &[R],
    span_of: impl Fn(&R) -> Span,
    span: Span,
) -> Option<usize> {
    let behind = records.partition_point(|record| span_of(record).start <= span.start);
    let place = behind.checked_sub(1)?;
    (span.start < span_of(&records[place]).end).then_some(place)
}
