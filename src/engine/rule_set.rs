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
    /// The checks of whatever kind.
    general: UntypedChecks,
    strings: Checks<StringCheck>,
    /// The checks of one kind only, so that a record is not handed to those of another kind.
    kinds: Vec<KindRules>,
    has_cross_record_rules: bool,
}

/// Checks, each with its rule.
type Checks<C> = Vec<(&'static Rule, &'static C)>;

/// The checks that read no view.
#[derive(Default)]
struct UntypedChecks {
    documents: Checks<DocumentCheck>,
    records: Checks<RecordCheck>,
}

/// The checks of one kind.
struct KindRules {
    kind: &'static Kind,
    untyped: UntypedChecks,
    /// One for each type of view check.
    views: Vec<View>,
}

/// The evaluator of one type of view check.
struct View {
    check_type: TypeId,
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
                Check::Document(kind, check) => set.untyped_of(kind).documents.push((rule, check)),
                Check::Record(kind, check) => set.untyped_of(kind).records.push((rule, check)),
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

    /// The checks of one kind, or of whatever kind.
    fn untyped_of(&mut self, kind: Option<&'static Kind>) -> &mut UntypedChecks {
        match kind {
            Some(kind) => &mut self.rules_of(kind).untyped,
            None => &mut self.general,
        }
    }

    fn rules_of(&mut self, kind: &'static Kind) -> &mut KindRules {
        let known = self.kinds.iter().position(|rules| rules.kind == kind);
        let index = known.unwrap_or_else(|| {
            self.kinds.push(KindRules {
                kind,
                untyped: UntypedChecks::default(),
                views: Vec::new(),
            });
            self.kinds.len() - 1
        });
        &mut self.kinds[index]
    }

    fn add_view(&mut self, rule: &'static Rule, check: &'static dyn AnyViewCheck) {
        let check_type = Any::type_id(check);
        let evaluator = check.evaluator();
        let views = &mut self.rules_of(evaluator.kind()).views;
        let known = views.iter().position(|view| view.check_type == check_type);
        let index = known.unwrap_or_else(|| {
            views.push(View {
                check_type,
                evaluator,
            });
            views.len() - 1
        });
        views[index].evaluator.add(rule, check);
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
        for (rule, check) in &self.general.records {
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
        let Some(rules) = self.kinds.iter().find(|rules| rules.kind == kind) else {
            return;
        };
        for (rule, check) in &rules.untyped.records {
            check(record, context, &mut RuleReporter::new(rule, findings));
        }
        for view in &rules.views {
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
        let has_record = |rules: &&KindRules| {
            let mut records = document.records.iter();
            !rules.untyped.documents.is_empty() && records.any(|record| record.is_of(rules.kind))
        };
        let of_kinds = self.kinds.iter().filter(has_record);
        let checks = of_kinds.flat_map(|rules| &rules.untyped.documents);
        for (rule, check) in self.general.documents.iter().chain(checks) {
            check(document, context, &mut RuleReporter::new(rule, findings));
        }
    }
}
