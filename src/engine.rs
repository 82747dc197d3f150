//! The engine: syntax, then schema, then rules; one mistake, one finding; levels; order.

mod absorb;
mod guard;
mod rulebook;
mod trial;
mod verdict;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use absorb::Absorber;
pub use guard::{failed_verdict, unless_it_fails};
use rulebook::Rulebook;
use verdict::place_of;
pub use verdict::{RecordSummary, Verdict};

use crate::config::{Config, Ignore, Told};
use crate::document::Document;
use crate::finding::Finding;
use crate::json::Pointers;
use crate::payload::{Extent, Record, Records, Stated, page_of, records, unsorted};
use crate::rule::{Check, Rule};
use crate::rules::RULES;
use crate::rules::export::claim::Claim;
use crate::rules::export::relations::Relations;
use crate::schema::{Schema, embedded};
use crate::span::Span;

/// What a document is judged with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Company {
    /// Nothing.
    None,
    /// Other documents, which may contradict it.
    OtherDocuments,
}

/// Judges documents. Holds what is the same for all of them; makes no use of what came before.
pub struct Engine {
    config: Config,
    rules: Rulebook,
    own_schema: Option<Schema>,
    /// The schemas that the configuration names for certain files, by the path it gives.
    file_schemas: HashMap<String, Schema>,
    /// Set by whoever wants no verdict any more.
    stop: Arc<AtomicBool>,
}

impl Engine {
    /// An engine that judges by the embedded schemas and every rule.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            rules: Rulebook::of(RULES),
            own_schema: None,
            file_schemas: HashMap::new(),
            stop: Arc::default(),
        }
    }

    /// An engine that judges by these rules alone, and by the embedded schemas.
    pub fn for_rules(config: Config, rules: &[&'static Rule]) -> Self {
        Self {
            config,
            rules: Rulebook::of(rules),
            own_schema: None,
            file_schemas: HashMap::new(),
            stop: Arc::default(),
        }
    }

    /// Judges no further record of a document while `stop` is set: what is said of it then is worth
    /// nothing.
    pub fn stopped_by(mut self, stop: Arc<AtomicBool>) -> Self {
        self.stop = stop;
        self
    }

    /// Whether somebody wants no verdict any more.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Judges by this schema too. Unless a kind is stated it judges alone, and then the whole value
    /// of a document rather than each of its records.
    pub fn with_schema(mut self, schema: Schema) -> Self {
        self.own_schema = Some(schema);
        self
    }

    /// Judges the files for which the configuration names one of these schemas by it too. Each comes
    /// with its path as the configuration gives it.
    pub fn with_file_schemas(mut self, schemas: Vec<(String, Schema)>) -> Self {
        self.file_schemas.extend(schemas);
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
        let mut verdict = guard::check(self, document, "", Extent::Whole, Company::None);
        if verdict.records.len() > 1 {
            self.relate(&mut Relations::default(), &mut verdict, document.text(), "");
        }
        verdict
    }

    /// Says everything that is wrong with a document but what only other records show. `file` is its
    /// path from the configuration's folder, its segments joined by `/`: what the configuration says
    /// of certain files goes by it. A rule that fails on the way is a finding, and the others are
    /// asked all the same.
    pub fn check_file(&self, document: &Document<'_>, file: &str, extent: Extent<'_>) -> Verdict {
        guard::check(self, document, file, extent, Company::OtherDocuments)
    }

    fn check_by(
        &self,
        rules: &Rulebook,
        document: &Document<'_>,
        file: &str,
        extent: Extent<'_>,
        company: Company,
    ) -> Verdict {
        let told = self.config.told_of(file);
        let mut claims = Vec::new();
        let claimed = Some((&mut claims, company));
        let (records, mut findings) = self.find(rules, document, &told, extent, claimed);
        let mut used_ignores = Vec::new();
        if !findings.is_empty() {
            trial::try_safe_fixes(document.text(), &mut findings, |text| {
                let document = Document::parse(text);
                self.find(rules, &document, &told, extent, None).1
            });
            self.ignore(file, &records, &mut findings, &mut used_ignores);
        }
        let is_clean = findings.is_empty();
        let summarise = |record: &Record<'_>| RecordSummary {
            span: record.node.span(),
            kind: record.kind(),
            form: record.kind().map(|_| record.form),
            key: if is_clean { None } else { record.key() },
            pointer: match record.list {
                Some(_) => record.pointer(),
                None => String::new(),
            },
        };
        Verdict {
            records: records.iter().map(summarise).collect(),
            findings,
            claims,
            used_ignores,
            used_payloads: told.entries,
        }
    }

    /// Adds to a verdict what its records say against each other and against those that went before.
    /// `text` is what the verdict's places are places of.
    pub fn relate(&self, relations: &mut Relations, verdict: &mut Verdict, text: &str, file: &str) {
        let mut found = Vec::new();
        relations.judge(&verdict.claims, verdict.records.len(), &mut found);
        let is_asked = |id: &str| {
            let mut rules = self.rules.rules.iter();
            rules.any(|rule| rule.id == id && matches!(rule.check, Check::Relation))
        };
        found.retain(|finding| is_asked(finding.rule));
        if found.is_empty() {
            return;
        }
        self.config.apply_levels(&mut found);
        for finding in &mut found {
            let Some(place) = verdict.record_at(finding.span) else {
                continue;
            };
            // The document is gone; what is needed of the record is read once more.
            let record = &mut verdict.records[place];
            let start = record.span.start;
            let alone = Document::parse(record.span.of(text));
            let stated = Stated {
                kind: record.kind,
                form: record.form,
            };
            let read = records(&alone, stated, None);
            let Some(again) = read.first() else { continue };
            record.key = again.key();
            let span = Span::new(finding.span.start - start, finding.span.end - start);
            let within = Pointers::new(again.node).pointer_to(span);
            finding.pointer = format!("{}{within}", record.pointer);
        }
        let Verdict {
            records,
            used_ignores,
            ..
        } = &mut *verdict;
        let key_at = |span: Span| {
            let place = place_of(records, |record| record.span, span)?;
            records[place].key.clone()
        };
        self.retain_unignored(file, key_at, &mut found, used_ignores);
        verdict.findings.append(&mut found);
        sort(&mut verdict.findings);
    }

    /// The records of a document and all that is wrong with it, in order. What they claim is only asked of
    /// records in company.
    fn find<'d>(
        &self,
        rules: &Rulebook,
        document: &'d Document<'d>,
        told: &Told<'_>,
        extent: Extent<'d>,
        claims: Option<(&mut Vec<Claim>, Company)>,
    ) -> (Records<'d>, Vec<Finding>) {
        let mut findings = document.syntax_findings();
        let records = if self.is_schema_alone() {
            unsorted(document)
        } else {
            records(document, told.stated, extent.part())
        };
        let file_schema = told.schema.and_then(|path| self.file_schemas.get(path));
        let absorber = Absorber::new(&findings);
        let is_alone = |company: &Company| *company == Company::None && records.len() <= 1;
        let claims = claims.filter(|(_, company)| !is_alone(company));
        let mut claims = claims.map(|(claims, _)| claims);
        for record in records.iter().take_while(|_| !self.is_stopped()) {
            let claims = claims.as_deref_mut();
            self.check_record(rules, record, file_schema, &absorber, &mut findings, claims);
        }
        if !self.is_schema_alone() {
            self.check_pages(rules, document, &records, extent, &mut findings);
            let context = &self.config.context;
            rules.judge_list(&records, context, &mut findings);
        }
        if !findings.is_empty() {
            self.settle(document, &records, extent, &mut findings);
        }
        (records, findings)
    }

    /// Checks what envelopes say of the lists in them.
    fn check_pages(
        &self,
        rules: &Rulebook,
        document: &Document<'_>,
        records: &[Record<'_>],
        extent: Extent<'_>,
        findings: &mut Vec<Finding>,
    ) {
        // Most documents are one record.
        if matches!(records, [only] if only.list.is_none()) {
            return;
        }
        for page in document.roots().filter_map(|root| page_of(root, extent)) {
            let mut refused = Vec::new();
            if let Some(schema) = embedded(page.kind, page.definition) {
                schema.check(page.node, &mut refused);
            }
            rules.judge_page(&page, findings);
            findings.append(&mut refused);
        }
    }

    fn check_record(
        &self,
        rules: &Rulebook,
        record: &Record<'_>,
        file_schema: Option<&Schema>,
        absorber: &Absorber,
        findings: &mut Vec<Finding>,
        claims: Option<&mut Vec<Claim>>,
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
        rules.judge(record, &self.config.context, &mut judged, claims);
        if refused.is_empty() && judged.is_empty() {
            return;
        }
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
        let key_at = |span: Span| {
            let place = place_of(records, |record| record.node.span(), span)?;
            records[place].key()
        };
        self.retain_unignored(file, key_at, findings, used);
    }

    fn retain_unignored(
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

    /// Orders findings, sets their levels and tells their pointers.
    fn settle<'d>(
        &self,
        document: &'d Document<'d>,
        records: &[Record<'d>],
        extent: Extent<'_>,
        findings: &mut Vec<Finding>,
    ) {
        self.config.apply_levels(findings);
        sort(findings);
        findings.dedup_by(|a, b| a.rule == b.rule && a.span == b.span && a.message == b.message);
        let mut teller = Teller::default();
        for finding in findings {
            let place = place_of(records, |record| record.node.span(), finding.span);
            let record = place.map(|place| &records[place]);
            finding.pointer =
                match record.filter(|record| record.node.span().contains(finding.span)) {
                    Some(record) => teller.pointer_in(record, finding.span),
                    None => {
                        let list = extent.part().map_or("", |part| &part.pointer);
                        format!("{list}{}", teller.pointer_outside(document, finding.span))
                    }
                };
        }
    }
}

/// Puts findings in order of place and then of rule.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.span.start, finding.rule, finding.span.end);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
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
