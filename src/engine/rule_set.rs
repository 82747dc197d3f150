//! The rules of an engine, sorted by what they check.

use std::any::{Any, TypeId};

use crate::context::Context;
use crate::finding::Finding;
use crate::payload::{Kind, Record};
use crate::record_fact::RecordFact;
use crate::rule::{
    AnyViewCheck, Check, DocumentCheck, DocumentRecords, Evaluator, RecordCheck, Rule,
    RuleReporter, StringCheck,
};

/// The checks of some rules. Rules that a part of countersign reports by itself are listed only.
#[derive(Default)]
pub(super) struct RuleSet {
    /// All of them.
    rules: Vec<&'static Rule>,
    documents: Vec<(&'static Rule, &'static DocumentCheck)>,
    records: Vec<(&'static Rule, &'static RecordCheck)>,
    strings: Vec<(&'static Rule, &'static StringCheck)>,
    /// One for each type of view check.
    views: Vec<View>,
    has_cross_record_rules: bool,
}

/// The evaluator of one type of view check.
struct View {
    check_type: TypeId,
    kind: &'static Kind,
    evaluator: Box<dyn Evaluator>,
}

impl RuleSet {
    pub(super) fn new(rules: &[&'static Rule]) -> Self {
        let mut set = RuleSet {
            rules: rules.to_vec(),
            ..RuleSet::default()
        };
        for &rule in rules {
            match rule.check {
                Check::BuiltIn(_) => {}
                Check::Document(check) => set.documents.push((rule, check)),
                Check::Record(check) => set.records.push((rule, check)),
                Check::String(check) => set.strings.push((rule, check)),
                Check::View(check) => set.add_view(rule, check),
                Check::CrossRecord(views) => {
                    set.has_cross_record_rules = true;
                    views.iter().for_each(|view| set.add_view(rule, *view));
                }
            }
        }
        set
    }

    fn add_view(&mut self, rule: &'static Rule, check: &'static dyn AnyViewCheck) {
        let check_type = Any::type_id(check);
        let known = self
            .views
            .iter()
            .position(|view| view.check_type == check_type);
        let index = known.unwrap_or_else(|| {
            let evaluator = check.evaluator();
            self.views.push(View {
                check_type,
                kind: evaluator.kind(),
                evaluator,
            });
            self.views.len() - 1
        });
        self.views[index].evaluator.add(rule, check);
    }

    /// All rules of the set.
    pub(super) fn rules(&self) -> &[&'static Rule] {
        &self.rules
    }

    /// Whether a rule of this id, which relates records of a run to each other, is in the set.
    pub(super) fn has_cross_record_rule(&self, id: &str) -> bool {
        let is_it = |rule: &&Rule| rule.id == id && matches!(rule.check, Check::CrossRecord(_));
        self.has_cross_record_rules && self.rules.iter().copied().any(|rule| is_it(&rule))
    }

    /// Adds what the rules report about a record, and, where asked, what it says that other records can contradict.
    pub(super) fn check_record(
        &self,
        record: &Record<'_>,
        context: &Context,
        findings: &mut Vec<Finding>,
        mut facts: Option<&mut Vec<RecordFact>>,
    ) {
        for (rule, check) in &self.records {
            check(record, context, &mut RuleReporter::new(rule, findings));
        }
        let Some(kind) = record.kind() else { return };
        for string in record.suspicious_strings() {
            for (rule, check) in &self.strings {
                check(
                    &string,
                    record,
                    context,
                    &mut RuleReporter::new(rule, findings),
                );
            }
        }
        for view in self.views.iter().filter(|view| view.kind == kind) {
            view.evaluator
                .evaluate(record, context, findings, facts.as_deref_mut());
        }
    }

    /// Adds what the rules report about the records and envelopes of a document together.
    pub(super) fn check_document(
        &self,
        document: &DocumentRecords<'_, '_>,
        context: &Context,
        findings: &mut Vec<Finding>,
    ) {
        for (rule, check) in &self.documents {
            check(document, context, &mut RuleReporter::new(rule, findings));
        }
    }
}
