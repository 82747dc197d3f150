//! Rules on qualifications, one file per subject.

pub(super) mod date;
pub(super) mod form;
pub(super) mod list;
pub(super) mod name;
pub(super) mod property;
pub(super) mod reason;
pub(super) mod vetting;

use crate::context::Context;
use crate::kinds::qualification::{QUALIFICATION, Qualification};
use crate::payload::{Kind, Record};
use crate::record_fact::RecordFact;
use crate::rule::{RuleReporter, ViewCheck};
use crate::rules::facts;

/// A check of qualifications.
pub enum QualificationCheck {
    /// Runs on every qualification.
    Qualification(&'static QualificationFn),
    /// Runs nowhere: only extracts the facts that other records can contradict.
    Facts,
}

/// Checks a qualification.
pub type QualificationFn =
    dyn Fn(&Qualification<'_>, &Context, &mut RuleReporter<'_>) + Send + Sync;

impl ViewCheck for QualificationCheck {
    type View<'d> = Qualification<'d>;

    fn kind() -> &'static Kind {
        &QUALIFICATION
    }

    fn read(record: Record<'_>) -> Qualification<'_> {
        Qualification::read(record)
    }

    fn evaluate(
        &self,
        view: &Qualification<'_>,
        context: &Context,
        findings: &mut RuleReporter<'_>,
    ) {
        if let QualificationCheck::Qualification(check) = self {
            check(view, context, findings);
        }
    }

    fn extract_facts(view: &Qualification<'_>, facts: &mut Vec<RecordFact>) {
        facts.extend(facts::of_qualification(view));
    }
}
