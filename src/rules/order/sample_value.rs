//! Values that were copied from a sample and not replaced.

use crate::finding::Level;
use crate::kinds::order::Line;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::fields::sample;
use crate::rules::order::OrderCheck;

pub(in crate::rules) static SAMPLE_VALUE: Rule = Rule {
    id: "order/sample-value",
    level: Level::Warning,
    page: include_str!("../../../rules/order/sample-value.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[
            Parameter::CustomerCompanyName,
            Parameter::CustomerEmail,
            Parameter::EmailAddressAgreement,
            Parameter::FirstNameAgreement,
            Parameter::LastNameAgreement,
            Parameter::MicrosoftDomain,
        ],
        &|string, _, findings| {
            let is_sample = match string.parameter {
                Parameter::CustomerCompanyName => sample::is_sample_company(string),
                Parameter::MicrosoftDomain => is_sample_domain(string.line, string),
                Parameter::CustomerEmail | Parameter::EmailAddressAgreement => {
                    sample::is_sample_email(string)
                }
                _ => sample::is_sample_word(string),
            };
            if is_sample {
                sample::report(string, findings);
            }
        },
    )),
};

/// Whether the domain is that of a new tenant whose name is one of a sample.
pub(super) fn is_sample_domain(line: &Line<'_>, domain: &str) -> bool {
    sample::is_sample_domain(domain) && line.is_for_new_tenant() == Some(true)
}
