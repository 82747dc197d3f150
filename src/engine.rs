//! The engine: syntax, then schemas, then rules; one finding per mistake; levels; ignores; order.

mod cross_record;
mod dedup;
mod detached;
mod encoded;
mod file_check;
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

pub use detached::{
    DetachedFact, DetachedFactError, DetachedRecord, DetachedRelations, RelatedFinding,
};
use outcome::sort;
pub use outcome::{Outcome, RecordSummary};
pub use panic::{catch_panic, panicked_outcome};
use rule_set::RuleSet;
pub use value_path::PATH_SEPARATOR;

use crate::answer::Answer;
use crate::config::{Config, FileConfig};
use crate::context::Context;
use crate::document::{Document, second_value_finding};
use crate::finding::{Finding, Level};
use crate::payload::DocumentPart;
use crate::registry::Registry;
use crate::rule::{Rule, RuleReporter};
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

    /// The schemas of the user's that apply to a file.
    fn own_schemas(&self, file_config: &FileConfig<'_>) -> impl Iterator<Item = &Schema> {
        let file_schema = file_config
            .schema
            .and_then(|path| self.file_schemas.get(path));
        self.user_schema.iter().chain(file_schema)
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
}
