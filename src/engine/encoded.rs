//! Encoded payloads: a whole text, or strings of an unknown envelope. They are decoded and checked like any other
//! payload, and their findings are reported at their positions in the original text.

use super::Engine;
use super::outcome::{Outcome, RecordSummary};
use crate::document::{DecodedText, Document, EncodedText, Evidence, TextEncoding};
use crate::payload::{Declared, Identity, Record};
use crate::rule::RuleReporter;
use crate::rules::json::{ENCODED_TEXT, LEADING_TEXT};
use crate::span::Span;

/// Checks the encoded payloads of a document.
pub(super) struct EncodedPayloads<'c> {
    pub(super) engine: &'c Engine,
    /// Checks a decoded payload.
    pub(super) check: &'c dyn Fn(&Document<'_>) -> Outcome,
}

impl EncodedPayloads<'_> {
    /// Adds the outcomes of a document's encoded payloads to the outcome of the document.
    pub(super) fn check_all(
        &self,
        document: &Document<'_>,
        records: &[Record<'_>],
        outcome: &mut Outcome,
    ) {
        if let Some(encoded) = document.encoded() {
            let evidence = document.evidence();
            let mut inner = self.check_decoded(&encoded.decoded, evidence, "");
            if matches!(
                encoded.encoding,
                TextEncoding::LinePrefix | TextEncoding::ShellQuotes
            ) {
                // The text around the payload is already reported with its encoding.
                inner
                    .findings
                    .retain(|finding| finding.rule != LEADING_TEXT.id);
            }
            outcome.append(inner, 0);
        } else {
            let all = records.iter().enumerate();
            let encoded = all.filter(|(_, record)| record.identity == Identity::Encoded);
            let mut replaced = Vec::new();
            for (index, record) in encoded {
                self.check_strings(record, outcome);
                replaced.push(index);
            }
            remove_records(outcome, &replaced);
        }
        super::sort(&mut outcome.findings);
    }

    /// Checks a decoded text. Positions in the outcome are those in the original text. `pointer` is the JSON Pointer
    /// of the string that was decoded, or empty for a whole text.
    fn check_decoded(
        &self,
        decoded: &DecodedText,
        evidence: Option<&Evidence>,
        pointer: &str,
    ) -> Outcome {
        let document = Document::parse(decoded.as_str());
        let document = document.with_evidence(evidence.unwrap_or(&Evidence::default()));
        let mut outcome = (self.check)(&document);
        let to_source = |span: Span| decoded.source_span(span);
        for record in &mut outcome.records {
            record.span = to_source(record.span);
            record.pointer.insert_str(0, pointer);
        }
        for fact in &mut outcome.facts {
            fact.span = to_source(fact.span);
        }
        for finding in &mut outcome.findings {
            finding.span = to_source(finding.span);
            for label in &mut finding.labels {
                label.span = to_source(label.span);
            }
            finding.pointer.insert_str(0, pointer);
            // The replacement would have to be encoded. The fix is offered once the text is decoded.
            finding.fix = None;
        }
        outcome
    }

    /// Adds the outcomes of the payloads in the strings of a record.
    fn check_strings(&self, record: &Record<'_>, outcome: &mut Outcome) {
        let detector = self.engine.registry.detector();
        for payload in detector.encoded_payloads(record.document, record.node) {
            let inner = crate::json::pointer_to(record.node, payload.string);
            let pointer = format!("{}{inner}", record.pointer());
            let decoded = &payload.encoded.decoded;
            outcome.append(
                self.check_decoded(decoded, record.document.evidence(), &pointer),
                0,
            );
            let mut found = Vec::new();
            let mut reporter = RuleReporter::new(&ENCODED_TEXT, &mut found);
            let finding = reporter.report(payload.string, payload.encoded.message());
            if self.is_found_decoded(record, payload.string, decoded.as_str()) {
                finding.fix(EncodedText::decoding_fix(payload.string, decoded.as_str()));
            } else {
                finding.help("send the JSON itself instead of a string that contains it");
            }
            finding.pointer = pointer;
            self.engine.config().apply_levels(&mut found);
            outcome.findings.append(&mut found);
        }
    }
}

impl EncodedPayloads<'_> {
    /// Whether the payload in a string of a record is still found if the string is replaced with it. Otherwise its
    /// findings would vanish.
    fn is_found_decoded(&self, record: &Record<'_>, string: Span, decoded: &str) -> bool {
        let text = record.document.text();
        let (before, after) = (&text[..string.start as usize], &text[string.end as usize..]);
        let replaced = format!("{before}{decoded}{after}");
        let document = Document::parse(&replaced);
        let detector = self.engine.registry.detector();
        let records = detector.records(&document, Declared::default(), None);
        let at = Span::new(string.start, string.start + decoded.len() as u32);
        records
            .iter()
            .any(|found| found.kind().is_some() && at.contains(found.node.span()))
    }
}

/// Removes the records at these indices, because their decoded payloads are records themselves, and sorts the others
/// by position.
fn remove_records(outcome: &mut Outcome, removed: &[usize]) {
    let records = std::mem::take(&mut outcome.records).into_iter().enumerate();
    let mut kept: Vec<(usize, RecordSummary)> = records
        .filter(|(index, _)| !removed.contains(index))
        .collect();
    kept.sort_by_key(|(_, record)| record.span);
    for fact in &mut outcome.facts {
        let index = kept.iter().position(|(index, _)| *index == fact.record);
        fact.record = index.unwrap_or_default();
    }
    outcome.records = kept.into_iter().map(|(_, record)| record).collect();
}
