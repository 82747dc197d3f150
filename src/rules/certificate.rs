//! Rules on certificates, one file per subject.

pub(super) mod audit;
pub(super) mod expiration;
pub(super) mod holder;
pub(super) mod href;
pub(super) mod operation;
pub(super) mod parameter;
mod platform_id;
pub(super) mod scope;

use crate::context::Context;
use crate::kinds::certificate::{CERTIFICATE, Certificate};
use crate::payload::{Kind, Record};
use crate::record_fact::RecordFact;
use crate::rule::{RuleReporter, ViewCheck};
use crate::rules::facts;

/// A check of certificates.
pub enum CertificateCheck {
    /// Runs on every certificate.
    Certificate(&'static CertificateFn),
    /// Runs nowhere: only extracts the facts that other records can contradict.
    Facts,
}

/// Checks a certificate.
pub type CertificateFn = dyn Fn(&Certificate<'_>, &Context, &mut RuleReporter<'_>) + Send + Sync;

impl ViewCheck for CertificateCheck {
    type View<'d> = Certificate<'d>;

    fn kind() -> &'static Kind {
        &CERTIFICATE
    }

    fn read(record: Record<'_>) -> Certificate<'_> {
        Certificate::read(record)
    }

    fn evaluate(&self, view: &Certificate<'_>, context: &Context, findings: &mut RuleReporter<'_>) {
        if let CertificateCheck::Certificate(check) = self {
            check(view, context, findings);
        }
    }

    fn extract_facts(view: &Certificate<'_>, facts: &mut Vec<RecordFact>) {
        facts.extend(facts::of_certificate(view));
    }
}
