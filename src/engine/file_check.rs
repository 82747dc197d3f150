//! The check of one document: its records, what schemas and rules find in them, and which fixes are safe.

use std::borrow::Cow;

use super::dedup::Deduplicator;
use super::encoded::EncodedPayloads;
use super::fix_safety::{self, Checked};
use super::location::locate;
use super::outcome::{Outcome, RecordSummary, sort, spans_of};
use super::rule_set::RuleSet;
use super::{CrossRecord, Engine, intended_text};
use crate::config::FileConfig;
use crate::context::Context;
use crate::document::Document;
use crate::finding::{Finding, Safety};
use crate::payload::{DocumentPart, Envelope, Identity, Record, Records, whole_document};
use crate::record_fact::RecordFact;
use crate::rule::DocumentRecords;
use crate::rules::export::cross_record::CrossRecordState;
use crate::span::Span;

/// The check of a document, or of a part of it, with some rules.
pub(super) struct FileCheck<'e> {
    engine: &'e Engine,
    rules: &'e RuleSet,
    file: &'e str,
    part: DocumentPart<'e>,
    cross_record: CrossRecord,
    file_config: FileConfig<'e>,
    context: Cow<'e, Context>,
}

impl<'e> FileCheck<'e> {
    /// A check with these rules of a document that is `part` of the file at this path.
    pub(super) fn new(
        engine: &'e Engine,
        rules: &'e RuleSet,
        file: &'e str,
        part: DocumentPart<'e>,
        cross_record: CrossRecord,
    ) -> Self {
        let file_config = engine.config.for_file(file);
        Self {
            context: engine.context(&file_config),
            engine,
            rules,
            file,
            part,
            cross_record,
            file_config,
        }
    }

    /// The outcome for a document.
    pub(super) fn run(&self, document: &Document<'_>) -> Outcome {
        let records = self.records(document);
        let mut outcome = Outcome::default();
        outcome.findings = self.collect_findings(document, &records, &mut outcome.facts);
        if !outcome.findings.is_empty() {
            self.settle_findings(document, &records, &mut outcome);
        }
        let needs_key = !outcome.findings.is_empty();
        let summaries = records
            .iter()
            .map(|record| RecordSummary::of(record, needs_key));
        outcome.records = summaries.collect();
        outcome.evidence = document.evidence().cloned().map(Box::new);
        let holds_encoded = |record: &Record<'_>| record.identity == Identity::Encoded;
        if document.encoded().is_some() || records.iter().any(holds_encoded) {
            self.check_encoded(document, &records, &mut outcome);
        }
        outcome.used_payloads = self.file_config.entries.clone();
        outcome
    }

    /// Decides which fixes of a document with findings are safe, and drops the findings that the configuration ignores.
    #[cold]
    fn settle_findings(
        &self,
        document: &Document<'_>,
        records: &[Record<'_>],
        outcome: &mut Outcome,
    ) {
        let Outcome {
            findings,
            facts,
            used_ignores,
            ..
        } = outcome;
        self.demote_harmful_fixes(document, findings, &spans_of(records), facts);
        self.engine
            .ignore(self.file, records, findings, used_ignores);
    }

    #[cold]
    fn check_encoded(
        &self,
        document: &Document<'_>,
        records: &[Record<'_>],
        outcome: &mut Outcome,
    ) {
        let (engine, part) = (self.engine, DocumentPart::Whole);
        let whole = FileCheck::new(engine, self.rules, self.file, part, self.cross_record);
        let encoded = EncodedPayloads {
            engine,
            check: &|document| whole.run(document),
        };
        encoded.check_all(document, records, outcome);
    }

    /// Makes safe fixes unsafe that change other findings about a document.
    fn demote_harmful_fixes(
        &self,
        document: &Document<'_>,
        findings: &mut [Finding],
        records: &[Span],
        facts: &[RecordFact],
    ) {
        // Most findings have no safe fix.
        let mut all = findings.iter();
        if !all.any(|finding| finding.fix_up_to(Safety::Safe).is_some()) {
            return;
        }
        let relate = |facts: &[RecordFact], records: usize| match records {
            0 | 1 => Vec::new(),
            _ => {
                let mut state = CrossRecordState::with_capacity(facts.len());
                self.engine.relate_records(&mut state, facts, records)
            }
        };
        let inherited = document.inherited_evidence().cloned().unwrap_or_default();
        let related = relate(facts, records.len());
        fix_safety::demote_harmful_fixes(document.text(), findings, records, &related, |text| {
            let document = Document::parse(text).with_evidence(&inherited);
            let records = self.records(&document);
            let mut facts = Vec::new();
            let mut findings = self.collect_findings(&document, &records, &mut facts);
            findings.append(&mut relate(&facts, records.len()));
            Checked {
                findings,
                records: spans_of(&records),
            }
        });
    }

    /// The records of a document.
    fn records<'d>(&'d self, document: &'d Document<'d>) -> Records<'d> {
        if self.engine.is_schema_only() {
            return whole_document(document);
        }
        let detector = self.engine.registry.detector();
        detector.records(document, self.file_config.declared, self.part.list_part())
    }

    /// The findings about a document with these records, in order. Replaces `facts`.
    fn collect_findings<'d>(
        &self,
        document: &'d Document<'d>,
        records: &[Record<'d>],
        facts: &mut Vec<RecordFact>,
    ) -> Vec<Finding> {
        let findings = self.collect_as_written(document, records, facts);
        match findings.is_empty() {
            true => findings,
            false => self.with_intended_text(document, records, findings, facts),
        }
    }

    /// These findings about a document, or those about its intended text, if that differs.
    #[cold]
    fn with_intended_text<'d>(
        &self,
        document: &'d Document<'d>,
        records: &[Record<'d>],
        findings: Vec<Finding>,
        facts: &mut Vec<RecordFact>,
    ) -> Vec<Finding> {
        let corrected = intended_text::check(document, records, &findings, |document| {
            self.collect_as_written(document, &self.records(document), facts)
        });
        match corrected {
            Some(mut corrected) => {
                self.finalize(document, records, &mut corrected);
                corrected
            }
            None => findings,
        }
    }

    /// The findings about a document with these records, in order, with all names as written. Replaces `facts`, which
    /// are only extracted where other records can contradict them.
    fn collect_as_written<'d>(
        &self,
        document: &'d Document<'d>,
        records: &[Record<'d>],
        facts: &mut Vec<RecordFact>,
    ) -> Vec<Finding> {
        facts.clear();
        let mut findings = document.syntax_findings();
        let deduplicator = Deduplicator::new(&self.engine.registry, &self.engine.config, &findings);
        let has_others = self.cross_record == CrossRecord::On || records.len() > 1;
        for record in records {
            if self.engine.is_cancelled() {
                break;
            }
            let facts = has_others.then_some(&mut *facts);
            self.check_record(record, &deduplicator, &mut findings, facts);
        }
        if !self.engine.is_schema_only() {
            let envelopes = self.check_envelopes(document, records, &mut findings);
            let document = DocumentRecords {
                records,
                envelopes: &envelopes,
            };
            self.rules
                .check_document(&document, &self.context, &mut findings);
        }
        if !findings.is_empty() {
            self.finalize(document, records, &mut findings);
        }
        findings
    }

    fn check_record(
        &self,
        record: &Record<'_>,
        deduplicator: &Deduplicator<'_>,
        findings: &mut Vec<Finding>,
        facts: Option<&mut Vec<RecordFact>>,
    ) {
        // An envelope of an encoded payload belongs to another program and is not checked.
        if record.identity == Identity::Encoded {
            return;
        }
        let mut schema_findings = Vec::new();
        for schema in self.engine.own_schemas(&self.file_config) {
            schema.check(record.node, &mut schema_findings);
        }
        if self.engine.is_schema_only() {
            findings.append(&mut schema_findings);
            return;
        }
        if let Some(kind) = record.kind()
            && let Some(schema) = kind.definition(record.definition())
        {
            schema.check(record.node, &mut schema_findings);
        }
        let mut rule_findings = Vec::new();
        self.rules
            .check_record(record, &self.context, &mut rule_findings, facts);
        if schema_findings.is_empty() && rule_findings.is_empty() {
            return;
        }
        deduplicator.drop_overlapping(&mut schema_findings, &mut rule_findings);
        findings.append(&mut schema_findings);
        findings.append(&mut rule_findings);
    }

    /// Validates what envelopes say about their lists, and returns the envelopes.
    fn check_envelopes<'d>(
        &self,
        document: &'d Document<'d>,
        records: &[Record<'_>],
        findings: &mut Vec<Finding>,
    ) -> Vec<Envelope<'d>> {
        // Most documents are one record without an envelope.
        if matches!(records, [only] if only.list.is_none()) {
            return Vec::new();
        }
        let detector = self.engine.registry.detector();
        let roots = document.roots();
        let envelopes = roots.filter_map(|root| detector.envelope_of(root, self.part));
        let check = |envelope: &Envelope<'d>| {
            let mut schema_findings = Vec::new();
            if let Some(schema) = envelope.kind.definition(envelope.definition) {
                schema.check(envelope.node, &mut schema_findings);
            }
            findings.append(&mut schema_findings);
        };
        envelopes.inspect(check).collect()
    }

    /// Sorts findings, sets their levels and adds their pointers.
    #[cold]
    fn finalize<'d>(
        &self,
        document: &'d Document<'d>,
        records: &[Record<'d>],
        findings: &mut Vec<Finding>,
    ) {
        self.engine.config.apply_levels(findings);
        sort(findings);
        findings.dedup_by(|a, b| a.rule == b.rule && a.span == b.span && a.message == b.message);
        locate(document, records, self.part, findings);
        findings.iter_mut().for_each(Finding::shorten_texts);
    }
}
