//! The engine: syntax, then schemas, then rules; one finding per mistake; levels; ignores; order.

mod cross_record;
mod dedup;
mod detached;
mod encoded;
mod fix_safety;
mod ignores;
mod intended_text;
mod location;
mod outcome;
mod panic;
mod rule_set;
mod value_path;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dedup::Deduplicator;
pub use detached::{
    DetachedFact, DetachedFactError, DetachedRecord, DetachedRelations, RelatedFinding,
};
use encoded::EncodedPayloads;
use fix_safety::Checked;
use location::locate;
pub use outcome::{Outcome, RecordSummary};
use outcome::{sort, spans_of};
pub use panic::{catch_panic, panicked_outcome};
use rule_set::RuleSet;
pub use value_path::PATH_SEPARATOR;

use crate::answer::Answer;
use crate::config::{Config, FileConfig};
use crate::context::Context;
use crate::document::{Document, second_value_finding};
use crate::finding::{Finding, Level, Safety};
use crate::payload::{DocumentPart, Envelope, Identity, Record, Records, whole_document};
use crate::record_fact::RecordFact;
use crate::registry::Registry;
use crate::rule::{DocumentRecords, Rule, RuleReporter};
use crate::rules::export::cross_record::CrossRecordState;
use crate::rules::payload::kind::{UNKNOWN_KIND, report_missing_payload};
use crate::schema::Schema;
use crate::span::Span;

/// Whether a document is checked together with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CrossRecord {
    /// By itself.
    Off,
    /// With other documents, whose records may contradict its own.
    On,
}

/// Checks documents against schemas and rules. Immutable and stateless between calls, so that one engine serves any
/// number of threads.
pub struct Engine {
    registry: Arc<Registry>,
    config: Config,
    rules: RuleSet,
    user_schema: Option<Schema>,
    /// The schemas that the configuration names for certain files, by the path it gives.
    file_schemas: HashMap<String, Schema>,
    /// The answers of the marketplace that the configuration names for certain files, by the path it gives.
    file_answers: HashMap<String, Arc<Answer>>,
    /// Set by a caller that no longer wants the outcome.
    cancellation: Arc<AtomicBool>,
}

impl Engine {
    /// An engine with every built-in kind and rule.
    pub fn new(config: Config) -> Self {
        Self::with_registry(Registry::built_in(), config)
    }

    /// An engine with the kinds and rules of a registry.
    pub fn with_registry(registry: Arc<Registry>, config: Config) -> Self {
        Self {
            rules: RuleSet::new(registry.rules()),
            registry,
            config,
            user_schema: None,
            file_schemas: HashMap::new(),
            file_answers: HashMap::new(),
            cancellation: Arc::default(),
        }
    }

    /// The same engine with only these rules.
    pub fn only_rules(mut self, rules: &[&'static Rule]) -> Self {
        self.rules = RuleSet::new(rules);
        self
    }

    /// Checks no further record of a document once `cancellation` is set; the outcome is then incomplete and to be
    /// discarded.
    pub fn with_cancellation(mut self, cancellation: Arc<AtomicBool>) -> Self {
        self.cancellation = cancellation;
        self
    }

    /// Whether the current check was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.cancellation.load(Ordering::Relaxed)
    }

    /// Validates against this schema too. Unless a kind is declared it is the only check, and then of the whole value
    /// of a document rather than of each of its records.
    pub fn with_schema(mut self, schema: Schema) -> Self {
        self.user_schema = Some(schema);
        self
    }

    /// Validates the files for which the configuration names one of these schemas against it too. Each comes with its
    /// path as the configuration gives it.
    pub fn with_file_schemas(mut self, schemas: Vec<(String, Schema)>) -> Self {
        self.file_schemas.extend(schemas);
        self
    }

    /// The values of `format` in schemas of the user's that are not checked, because no specification defines them.
    pub fn unknown_formats(&self) -> BTreeSet<&str> {
        let schemas = self.user_schema.iter().chain(self.file_schemas.values());
        schemas.flat_map(Schema::unknown_formats).collect()
    }

    /// Reports what the marketplace refused in the files for which the configuration names one of these answers. Each
    /// comes with its path as the configuration gives it.
    pub fn with_file_answers(mut self, answers: Vec<(String, Arc<Answer>)>) -> Self {
        self.file_answers.extend(answers);
        self
    }

    /// The facts that rules are given for a file.
    fn context(&self, file_config: &FileConfig<'_>) -> Cow<'_, Context> {
        let own = &self.config.context;
        let answer = file_config.answer.filter(|_| own.answer.is_none());
        match answer.and_then(|path| self.file_answers.get(path)) {
            Some(answer) => Cow::Owned(Context {
                answer: Some(Arc::clone(answer)),
                ..own.clone()
            }),
            None => Cow::Borrowed(own),
        }
    }

    /// The kinds and rules.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether a schema of the user's applies to a file.
    pub fn validates_against_own_schema(&self, file: &str) -> bool {
        self.user_schema.is_some() || self.config.for_file(file).schema.is_some()
    }

    /// Whether only the user's schema is checked.
    fn is_schema_only(&self) -> bool {
        self.user_schema.is_some() && self.config.declared.kind.is_none()
    }

    /// Checks a document that is not a file.
    pub fn check(&self, document: &Document<'_>) -> Outcome {
        let outcome = panic::check(self, document, "", DocumentPart::Whole, CrossRecord::Off);
        match outcome.records.len() {
            0 | 1 => outcome,
            _ => self.with_relations(outcome, document),
        }
    }

    /// Adds to the outcome of a document what its records say about each other.
    fn with_relations(&self, mut outcome: Outcome, document: &Document<'_>) -> Outcome {
        let mut state = CrossRecordState::with_capacity(outcome.facts.len());
        self.check_cross_record(&mut state, &mut outcome, document.text(), "");
        outcome
    }

    /// Checks a document, apart from what only other documents show (see [`Engine::check_cross_record`]). `file` is its
    /// path from the configuration's folder, its segments joined by `/`, which selects what the configuration says
    /// about certain files. A rule that panics becomes a finding, and the others are evaluated all the same.
    pub fn check_file(
        &self,
        document: &Document<'_>,
        file: &str,
        part: DocumentPart<'_>,
    ) -> Outcome {
        panic::check(self, document, file, part, CrossRecord::On)
    }

    fn check_with(
        &self,
        rules: &RuleSet,
        document: &Document<'_>,
        file: &str,
        part: DocumentPart<'_>,
        cross_record: CrossRecord,
    ) -> Outcome {
        let file_config = self.config.for_file(file);
        let records = self.records(document, &file_config, part);
        let mut facts = Vec::new();
        let wanted = Some((&mut facts, cross_record));
        let mut findings =
            self.collect_findings(rules, document, &records, &file_config, part, wanted);
        let mut used_ignores = Vec::new();
        if !findings.is_empty() {
            let spans = spans_of(&records);
            let recheck = |document: &Document<'_>, facts: &mut _| {
                let wanted = Some((facts, cross_record));
                let records = self.records(document, &file_config, part);
                Checked {
                    findings: self.collect_findings(
                        rules,
                        document,
                        &records,
                        &file_config,
                        part,
                        wanted,
                    ),
                    records: spans_of(&records),
                }
            };
            self.demote_harmful_fixes(document, &mut findings, &spans, &facts, recheck);
            self.ignore(file, &records, &mut findings, &mut used_ignores);
        }
        let needs_key = !findings.is_empty();
        let mut outcome = Outcome {
            records: (records.iter())
                .map(|record| RecordSummary::of(record, needs_key))
                .collect(),
            findings,
            facts,
            used_ignores,
            used_payloads: file_config.entries,
            evidence: document.evidence().cloned().map(Box::new),
        };
        let holds_encoded = |record: &Record<'_>| record.identity == Identity::Encoded;
        if document.encoded().is_some() || records.iter().any(holds_encoded) {
            let encoded = EncodedPayloads {
                engine: self,
                rules,
                file,
                cross_record,
            };
            encoded.check(document, &records, &mut outcome);
        }
        outcome
    }

    /// Makes safe fixes unsafe that change other findings about a document.
    fn demote_harmful_fixes(
        &self,
        document: &Document<'_>,
        findings: &mut [Finding],
        records: &[Span],
        facts: &[RecordFact],
        collect: impl Fn(&Document<'_>, &mut Vec<RecordFact>) -> Checked,
    ) {
        // Most findings have no safe fix.
        if !findings
            .iter()
            .any(|finding| finding.fix_up_to(Safety::Safe).is_some())
        {
            return;
        }
        let relate = |facts: &[RecordFact], records: usize| match records {
            0 | 1 => Vec::new(),
            _ => {
                let mut state = CrossRecordState::with_capacity(facts.len());
                self.relate_records(&mut state, facts, records)
            }
        };
        let inherited = document.inherited_evidence().cloned().unwrap_or_default();
        let related = relate(facts, records.len());
        fix_safety::demote_harmful_fixes(document.text(), findings, records, &related, |text| {
            let document = Document::parse(text).with_evidence(&inherited);
            let mut facts = Vec::new();
            let mut checked = collect(&document, &mut facts);
            let mut related = relate(&facts, checked.records.len());
            checked.findings.append(&mut related);
            checked
        });
    }

    /// The records of a document.
    fn records<'d>(
        &self,
        document: &'d Document<'d>,
        file_config: &FileConfig<'_>,
        part: DocumentPart<'d>,
    ) -> Records<'d> {
        if self.is_schema_only() {
            return whole_document(document);
        }
        let detector = self.registry.detector();
        detector.records(document, file_config.declared, part.list_part())
    }

    /// The findings about a document with these records, in order.
    fn collect_findings<'d>(
        &self,
        rules: &RuleSet,
        document: &'d Document<'d>,
        records: &[Record<'d>],
        file_config: &FileConfig<'_>,
        part: DocumentPart<'d>,
        mut facts: Option<(&mut Vec<RecordFact>, CrossRecord)>,
    ) -> Vec<Finding> {
        let wanted = reborrow(&mut facts);
        let findings = self.collect_as_written(rules, document, records, file_config, part, wanted);
        if findings.is_empty() {
            return findings;
        }
        let corrected = intended_text::check(document, records, &findings, |document| {
            if let Some((facts, _)) = &mut facts {
                facts.clear();
            }
            let records = self.records(document, file_config, part);
            let wanted = reborrow(&mut facts);
            self.collect_as_written(rules, document, &records, file_config, part, wanted)
        });
        match corrected {
            Some(mut corrected) => {
                self.finalize(document, records, part, &mut corrected);
                corrected
            }
            None => findings,
        }
    }

    /// The findings about a document with these records, in order, with all names as written. Facts are only extracted
    /// where other records can contradict them.
    fn collect_as_written<'d>(
        &self,
        rules: &RuleSet,
        document: &'d Document<'d>,
        records: &[Record<'d>],
        file_config: &FileConfig<'_>,
        part: DocumentPart<'d>,
        facts: Option<(&mut Vec<RecordFact>, CrossRecord)>,
    ) -> Vec<Finding> {
        let mut findings = document.syntax_findings();
        let context = self.context(file_config);
        let file_schema = file_config
            .schema
            .and_then(|path| self.file_schemas.get(path));
        let deduplicator = Deduplicator::new(&self.registry, &self.config, &findings);
        let has_others = |cross_record| cross_record == CrossRecord::On || records.len() > 1;
        let facts = facts.filter(|(_, cross_record)| has_others(*cross_record));
        let mut facts = facts.map(|(facts, _)| facts);
        for record in records.iter().take_while(|_| !self.is_cancelled()) {
            let facts = facts.as_deref_mut();
            self.check_record(
                (rules, &context),
                record,
                file_schema,
                &deduplicator,
                &mut findings,
                facts,
            );
        }
        if !self.is_schema_only() {
            let envelopes = self.check_envelopes(document, records, part, &mut findings);
            let document = DocumentRecords {
                records,
                envelopes: &envelopes,
            };
            rules.check_document(&document, &context, &mut findings);
        }
        if !findings.is_empty() {
            self.finalize(document, records, part, &mut findings);
        }
        findings
    }

    /// Validates what envelopes say about their lists, and returns the envelopes.
    fn check_envelopes<'d>(
        &self,
        document: &'d Document<'d>,
        records: &[Record<'_>],
        part: DocumentPart<'_>,
        findings: &mut Vec<Finding>,
    ) -> Vec<Envelope<'d>> {
        // Most documents are one record without an envelope.
        if matches!(records, [only] if only.list.is_none()) {
            return Vec::new();
        }
        let detector = self.registry.detector();
        let envelopes = document
            .roots()
            .filter_map(|root| detector.envelope_of(root, part));
        envelopes
            .inspect(|envelope| {
                let mut schema_findings = Vec::new();
                if let Some(schema) = envelope.kind.definition(envelope.definition) {
                    schema.check(envelope.node, &mut schema_findings);
                }
                findings.append(&mut schema_findings);
            })
            .collect()
    }

    fn check_record(
        &self,
        (rules, context): (&RuleSet, &Context),
        record: &Record<'_>,
        file_schema: Option<&Schema>,
        deduplicator: &Deduplicator<'_>,
        findings: &mut Vec<Finding>,
        facts: Option<&mut Vec<RecordFact>>,
    ) {
        // An envelope of an encoded payload belongs to another program and is not checked.
        if record.identity == Identity::Encoded {
            return;
        }
        let mut schema_findings = Vec::new();
        for schema in self.user_schema.iter().chain(file_schema) {
            schema.check(record.node, &mut schema_findings);
        }
        if self.is_schema_only() {
            findings.append(&mut schema_findings);
            return;
        }
        let definition = |kind: &'static crate::payload::Kind| kind.definition(record.definition());
        if let Some(schema) = record.kind().and_then(definition) {
            schema.check(record.node, &mut schema_findings);
        }
        let mut rule_findings = Vec::new();
        rules.check_record(record, context, &mut rule_findings, facts);
        if schema_findings.is_empty() && rule_findings.is_empty() {
            return;
        }
        deduplicator.drop_overlapping(&mut schema_findings, &mut rule_findings);
        findings.append(&mut schema_findings);
        findings.append(&mut rule_findings);
    }

    /// The outcome on a file that has to contain a payload and contains none. `text` is its content: whitespace or an
    /// empty array.
    pub fn report_missing_payload(&self, file: &str, text: &str) -> Outcome {
        let mut findings = Vec::new();
        report_missing_payload(text, &mut RuleReporter::new(&UNKNOWN_KIND, &mut findings));
        for finding in findings.iter_mut() {
            finding.level = Level::Error;
        }
        self.outcome_of(file, findings)
    }

    /// The outcome on a file of several values whose name does not say that each of its lines is one. `text` is the line
    /// of the second value.
    pub fn report_second_value(&self, file: &str, text: &str) -> Outcome {
        let start = text.len() - text.trim_start().len();
        let span = Span::new(start as u32, start as u32 + 1);
        self.outcome_of(file, vec![second_value_finding(text, span)])
    }

    /// The outcome that consists of these findings.
    fn outcome_of(&self, file: &str, findings: Vec<Finding>) -> Outcome {
        let mut outcome = Outcome {
            findings,
            ..Outcome::default()
        };
        let findings = &mut outcome.findings;
        self.config.apply_levels(findings);
        self.retain_unignored(file, |_| None, findings, &mut outcome.used_ignores);
        outcome
    }

    /// Sorts findings, sets their levels and adds their pointers.
    fn finalize<'d>(
        &self,
        document: &'d Document<'d>,
        records: &[Record<'d>],
        part: DocumentPart<'_>,
        findings: &mut Vec<Finding>,
    ) {
        self.config.apply_levels(findings);
        sort(findings);
        findings.dedup_by(|a, b| a.rule == b.rule && a.span == b.span && a.message == b.message);
        locate(document, records, part, findings);
        findings.iter_mut().for_each(Finding::shorten_texts);
    }
}

/// Where facts are wanted, for one of several uses.
fn reborrow<'f>(
    facts: &'f mut Option<(&mut Vec<RecordFact>, CrossRecord)>,
) -> Option<(&'f mut Vec<RecordFact>, CrossRecord)> {
    facts
        .as_mut()
        .map(|(facts, cross_record)| (&mut **facts, *cross_record))
}
