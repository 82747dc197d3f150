//! The outcome of checking a document.

use crate::document::Evidence;
use crate::finding::{Finding, Level};
use crate::payload::{Declared, Form, Kind, Record};
use crate::record_fact::RecordFact;
use crate::rules::payload::panic::FAILED_RULE;
use crate::span::Span;

/// The outcome of checking one document.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The records of the document, in order.
    pub records: Vec<RecordSummary>,
    /// The findings, sorted by span and then by rule.
    pub findings: Vec<Finding>,
    /// What the records say that other records can contradict or repeat.
    pub facts: Vec<RecordFact>,
    /// The indices in [`crate::config::Config::ignores`] of the entries that ignored a finding.
    pub used_ignores: Vec<usize>,
    /// The indices in [`crate::config::Config::payloads`] of the entries that match the document's file.
    pub used_payloads: Vec<usize>,
    /// What the text around the payload says about it.
    pub evidence: Option<Box<Evidence>>,
}

/// What a report says about a record besides its findings.
#[derive(Clone, Debug)]
pub struct RecordSummary {
    /// The span of the record.
    pub span: Span,
    /// Its kind, if it is one that is checked.
    pub kind: Option<&'static Kind>,
    /// Its form, if it has a kind.
    pub form: Option<Form>,
    /// The value that names it. Only set where the document has findings.
    pub key: Option<String>,
    /// Its JSON Pointer, if it is an element of a list.
    pub pointer: String,
}

impl RecordSummary {
    pub(super) fn of(record: &Record<'_>, needs_key: bool) -> Self {
        Self {
            span: record.node.span(),
            kind: record.kind(),
            form: record.kind().map(|_| record.form),
            key: if needs_key { record.key() } else { None },
            pointer: record.pointer(),
        }
    }

    /// What the record is, to read its text again.
    pub(super) fn declared(&self) -> Declared {
        Declared {
            kind: self.kind,
            form: self.form,
        }
    }
}

impl Outcome {
    /// Whether a payload of a known kind was recognised in the document.
    pub fn has_payload(&self) -> bool {
        self.records.iter().any(|record| record.kind.is_some())
    }

    /// The index of the record that contains `span`.
    pub fn record_at(&self, span: Span) -> Option<usize> {
        record_index(&self.records, |record| record.span, span)
    }

    /// Appends the outcome of the text that follows, from byte `start` on.
    pub fn append(&mut self, next: Outcome, start: u32) {
        let Outcome {
            records,
            findings,
            facts,
            used_ignores,
            used_payloads,
            evidence,
        } = next;
        self.evidence = self.evidence.take().or(evidence);
        self.facts.extend(facts.into_iter().map(|mut fact| {
            fact.shift(start, self.records.len());
            fact
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

    /// For each record the highest level of its findings.
    pub fn max_levels(&self) -> Vec<Option<Level>> {
        let mut levels = vec![None; self.records.len()];
        for finding in &self.findings {
            if let Some(record) = self.record_at(finding.span) {
                levels[record] = levels[record].max(Some(finding.level));
            }
        }
        levels
    }

    /// How many findings say that a rule panicked.
    pub fn failures(&self) -> usize {
        let is_failure = |finding: &&Finding| finding.rule == FAILED_RULE.id;
        self.findings.iter().filter(is_failure).count()
    }
}

/// The index of the record, among records sorted by span, in which `span` begins.
pub(super) fn record_index<R>(
    records: &[R],
    span_of: impl Fn(&R) -> Span,
    span: Span,
) -> Option<usize> {
    let after = records.partition_point(|record| span_of(record).start <= span.start);
    let index = after.checked_sub(1)?;
    (span.start < span_of(&records[index]).end).then_some(index)
}

/// The spans of records, in order.
pub(super) fn spans_of(records: &[Record<'_>]) -> Vec<Span> {
    records.iter().map(|record| record.node.span()).collect()
}

/// Sorts findings by span and then by rule.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.span.start, finding.rule, finding.span.end);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
}
