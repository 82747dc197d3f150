//! The engine: syntax, then schema, then rules; one mistake, one finding; levels; order.

mod absorb;
mod rulebook;
mod trial;

use std::collections::HashMap;

use absorb::Absorber;
use rulebook::Rulebook;

use crate::config::{Config, Ignore, Told};
use crate::document::Document;
use crate::finding::Finding;
use crate::json::Pointers;
use crate::payload::{Part, PayloadKind, Record, page_numbers, records, unsorted};
use crate::rule::Rule;
use crate::rules::RULES;
use crate::schema::{Schema, embedded};
use crate::span::Span;

/// Judges documents. Holds what is the same for all of them; makes no use of what came before.
pub struct Engine {
    config: Config,
    rules: Rulebook,
    own_schema: Option<Schema>,
    /// The schemas that the configuration names for certain files, by the path it gives.
    file_schemas: HashMap<String, Schema>,
}

/// What the engine says of one document.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// The records of the document, in order.
    pub records: Vec<RecordSummary>,
    /// What is wrong, in order of place and then of rule.
    pub findings: Vec<Finding>,
    /// The places in [`Config::ignores`] of those that kept a finding back.
    pub used_ignores: Vec<usize>,
    /// The places in [`Config::payloads`] of those that speak of the document's file.
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
    pub form: Option<crate::payload::Form>,
    /// What people call it by. Told only where the document has findings.
    pub key: Option<String>,
}

impl Verdict {
    /// The index of the record in which `span` stands.
    pub fn record_at(&self, span: Span) -> Option<usize> {
        place_of(&self.records, |record| record.span, span)
    }
}

impl Engine {
    /// An engine that judges by the embedded schemas and every rule.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            rules: Rulebook::of(RULES),
            own_schema: None,
            file_schemas: HashMap::new(),
        }
    }

    /// An engine that judges by one rule alone, and by no schema unless it is one of `schema/`.
    pub fn for_rule(config: Config, rule: &'static Rule) -> Self {
        Self {
            config,
            rules: Rulebook::of(&[rule]),
            own_schema: None,
            file_schemas: HashMap::new(),
        }
    }

    /// Judges by this schema too. Unless a kind is stated it judges alone, and then the whole value
    /// of a document rather than each of its records.
    pub fn with_schema(mut self, schema: Schema) -> Self {
        self.own_schema = Some(schema);
        self
    }

    /// Judges the files for which the configuration names the schema at `path` by it too.
    pub fn with_file_schema(mut self, path: String, schema: Schema) -> Self {
        self.file_schemas.insert(path, schema);
        self
    }

    /// What somebody decided.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether nothing but a schema that somebody brought judges.
    fn is_schema_alone(&self) -> bool {
        self.own_schema.is_some() && self.config.stated.kind.is_none()
    }

    /// Says everything that is wrong with a document that is no file.
    pub fn check(&self, document: &Document<'_>) -> Verdict {
        self.check_file(document, "", None)
    }

    /// Says everything that is wrong with a document. `file` is its path from the configuration's
    /// folder, its segments joined by `/`: what the configuration says of certain files goes by it.
    /// `part` says of which list the document is a part, if it is one.
    pub fn check_file(&self, document: &Document<'_>, file: &str, part: Option<&Part>) -> Verdict {
        let told = self.config.told_of(file);
        let (records, mut findings) = self.find(document, &told, part);
        let mut used_ignores = Vec::new();
        if !findings.is_empty() {
            trial::try_safe_fixes(document.text(), &mut findings, |text| {
                self.find(&Document::parse(text), &told, part).1
            });
            self.ignore(file, &records, &mut findings, &mut used_ignores);
        }
        let is_clean = findings.is_empty();
        let summarise = |record: &Record<'_>| RecordSummary {
            span: record.node.span(),
            kind: record.kind(),
            form: record.kind().map(|_| record.form),
            key: if is_clean { None } else { record.key() },
        };
        Verdict {
            records: records.iter().map(summarise).collect(),
            findings,
            used_ignores,
            used_payloads: told.entries,
        }
    }

    /// The records of a document and all that is wrong with it, in order.
    fn find<'d>(
        &self,
        document: &'d Document<'d>,
        told: &Told<'_>,
        part: Option<&'d Part>,
    ) -> (Vec<Record<'d>>, Vec<Finding>) {
        let mut findings = document.syntax_findings();
        let records = if self.is_schema_alone() {
            unsorted(document)
        } else {
            records(document, told.stated, part)
        };
        let file_schema = told.schema.and_then(|path| self.file_schemas.get(path));
        let absorber = Absorber::new(&findings);
        for record in &records {
            self.check_record(record, file_schema, &absorber, &mut findings);
        }
        if !self.is_schema_alone() {
            self.check_pages(document, &records, &mut findings);
            let context = &self.config.context;
            self.rules.judge_list(&records, context, &mut findings);
        }
        if !findings.is_empty() {
            self.settle(document, &records, part, &mut findings);
        }
        (records, findings)
    }

    /// Checks what envelopes say of the lists in them.
    fn check_pages(
        &self,
        document: &Document<'_>,
        records: &[Record<'_>],
        findings: &mut Vec<Finding>,
    ) {
        // Most documents are one record.
        if matches!(records, [only] if only.list.is_none()) {
            return;
        }
        for root in document.roots() {
            let page = page_numbers(root);
            let schema = page.and_then(|(_, kind, definition)| embedded(kind, definition));
            if let (Some((node, ..)), Some(schema)) = (page, schema) {
                schema.check(node, findings);
            }
        }
    }

    fn check_record(
        &self,
        record: &Record<'_>,
        file_schema: Option<&Schema>,
        absorber: &Absorber,
        findings: &mut Vec<Finding>,
    ) {
        let mut refused = Vec::new();
        for schema in self.own_schema.iter().chain(file_schema) {
            schema.check(record.node, &mut refused);
        }
        if self.is_schema_alone() {
            findings.append(&mut refused);
            return;
        }
        if let Some(schema) = record
            .kind()
            .and_then(|kind| embedded(kind, record.definition()))
        {
            schema.check(record.node, &mut refused);
        }
        let mut judged = Vec::new();
        self.rules.judge(record, &self.config.context, &mut judged);
        absorber.absorb(&mut refused, &mut judged);
        findings.append(&mut refused);
        findings.append(&mut judged);
    }

    /// Takes away the findings that the configuration ignores, and notes by which entry.
    fn ignore(
        &self,
        file: &str,
        records: &[Record<'_>],
        findings: &mut Vec<Finding>,
        used: &mut Vec<usize>,
    ) {
        let ignores = &self.config.ignores;
        if ignores.is_empty() {
            return;
        }
        findings.retain(|finding| {
            let place = place_of(records, |record| record.node.span(), finding.span);
            let key = place.and_then(|place| records[place].key());
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

    /// Orders findings, sets their levels and tells their pointers.
    fn settle<'d>(
        &self,
        document: &'d Document<'d>,
        records: &[Record<'d>],
        part: Option<&Part>,
        findings: &mut Vec<Finding>,
    ) {
        self.config.apply_levels(findings);
        findings.sort_by(|a, b| {
            let key = |finding: &Finding| (finding.span.start, finding.rule, finding.span.end);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        findings.dedup_by(|a, b| a.rule == b.rule && a.span == b.span && a.message == b.message);
        let mut teller = Teller::default();
        for finding in findings {
            let place = place_of(records, |record| record.node.span(), finding.span);
            let record = place.map(|place| &records[place]);
            finding.pointer =
                match record.filter(|record| record.node.span().contains(finding.span)) {
                    Some(record) => teller.pointer_in(record, finding.span),
                    None => {
                        let list = part.map_or("", |part| &part.pointer);
                        format!("{list}{}", teller.pointer_outside(document, finding.span))
                    }
                };
        }
    }
}

/// Tells the pointers of findings in order of their places.
#[derive(Default)]
struct Teller<'d> {
    /// For the record at hand its place in the list of records, its own pointer, and its values'.
    record: Option<(usize, String, Pointers<'d>)>,
    /// For the root at hand where it stands, and its values' pointers.
    root: Option<(Span, Pointers<'d>)>,
}

impl<'d> Teller<'d> {
    fn pointer_in(&mut self, record: &Record<'d>, span: Span) -> String {
        let known = self
            .record
            .take()
            .filter(|(index, ..)| *index == record.index);
        let (_, outer, inner) = self.record.insert(
            known.unwrap_or_else(|| (record.index, record.pointer(), Pointers::new(record.node))),
        );
        format!("{outer}{}", inner.pointer_to(span))
    }

    fn pointer_outside(&mut self, document: &'d Document<'d>, span: Span) -> String {
        let known = self.root.take().filter(|(root, _)| root.contains(span));
        let found = || {
            let root = document.root_at(span)?;
            Some((root.span(), Pointers::new(root)))
        };
        self.root = known.or_else(found);
        match &mut self.root {
            Some((_, pointers)) => pointers.pointer_to(span),
            None => String::new(),
        }
    }
}

/// The index of the record, of those in order of their places, in which `span` begins.
fn place_of<R>(records: &[R], span_of: impl Fn(&R) -> Span, span: Span) -> Option<usize> {
    let behind = records.partition_point(|record| span_of(record).start <= span.start);
    let place = behind.checked_sub(1)?;
    (span.start < span_of(&records[place]).end).then_some(place)
}
