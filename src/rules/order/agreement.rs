//! The customer's acceptance of Microsoft's agreement.

use crate::finding::{Level, Safety};
use crate::kinds::order::entry::Entry;
use crate::kinds::order::parameter::{NameMatch, Parameter, ParameterSet};
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;

pub(in crate::rules) static MCA_MISSING: Rule = Rule {
    id: "order/mca-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/mca-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Missing(
        &[Parameter::McaAcceptance],
        &|line, _, _, findings| {
            let Some(preference) = line.string(Parameter::TenantPreference) else {
                return;
            };
            if line.is_for_new_tenant() != Some(true) {
                return;
            }
            findings
                .report(
                    preference.span(),
                    "`mca_acceptance` is missing; a new tenant requires acceptance of the \
                     Microsoft Customer Agreement",
                )
                .help(
                    "ask the customer to accept the agreement, then add `mca_acceptance` with \
                     the value `yes`",
                );
        },
    )),
};

pub(in crate::rules) static MCA_NOT_ACCEPTED: Rule = Rule {
    id: "order/mca-not-accepted",
    level: Level::Error,
    page: include_str!("../../../rules/order/mca-not-accepted.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::McaAcceptance],
        &|acceptance, _, findings| {
            let entry = acceptance.line.entry(Parameter::McaAcceptance);
            let has_exact_name =
                |entry: &Entry<'_>| matches!(entry.name_match, NameMatch::Exact(_));
            if acceptance.as_str() == "yes"
                || !acceptance.line.is_sale()
                || !entry.is_some_and(has_exact_name)
            {
                return;
            }
            let finding = findings.report(
                acceptance.span(),
                format_args!("`mca_acceptance` must be `yes`, found `{acceptance}`"),
            );
            if acceptance.trim().eq_ignore_ascii_case("yes") {
                finding.fix(acceptance.replacement_fix("yes", Safety::Safe));
            } else {
                finding.help("write `yes` after the customer has accepted the agreement");
            }
        },
    )),
};

/// The parameters that must be present together.
const AGREEMENT_PARTS: [Parameter; 4] = [
    Parameter::McaAcceptance,
    Parameter::AgreementDate,
    Parameter::FirstNameAgreement,
    Parameter::LastNameAgreement,
];

pub(in crate::rules) static AGREEMENT_INCOMPLETE: Rule = Rule {
    id: "order/agreement-incomplete",
    level: Level::Error,
    page: include_str!("../../../rules/order/agreement-incomplete.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Missing(
        &AGREEMENT_PARTS,
        &|line, _, _, findings| {
            // `order/mca-missing` reports that a new tenant has no acceptance.
            let is_reported_elsewhere = |parameter: &Parameter| {
                *parameter == Parameter::McaAcceptance && line.is_for_new_tenant() == Some(true)
            };
            let missing: Vec<String> = AGREEMENT_PARTS
                .iter()
                .filter(|parameter| !line.has(**parameter) && !is_reported_elsewhere(parameter))
                .map(|parameter| format!("`{}`", parameter.name()))
                .collect();
            let present = AGREEMENT_PARTS
                .iter()
                .filter_map(|parameter| line.entry(*parameter)?.name());
            let Some(first) = present
                .min_by_key(|name| name.index())
                .filter(|_| !missing.is_empty())
            else {
                return;
            };
            let verb = if missing.len() == 1 { "is" } else { "are" };
            // Active subscriptions of existing tenants were ordered with `mca_acceptance` alone.
            let is_bare_acceptance = missing.len() == AGREEMENT_PARTS.len() - 1
                && line.has(Parameter::McaAcceptance)
                && line.is_for_new_tenant() == Some(false);
            let finding = findings
                .report(
                    first.span(),
                    format_args!(
                        "the agreement is incomplete: {} {verb} missing",
                        missing.join(", ")
                    ),
                )
                .help(
                    "add the missing parameters, so that they state who accepted the agreement and \
                 when",
                );
            if is_bare_acceptance {
                finding.level = Level::Warning;
            }
        },
    )),
};

pub(in crate::rules) static AGREEMENT_EMAIL_MISSING: Rule = Rule {
    id: "order/agreement-email-missing",
    level: Level::Warning,
    page: include_str!("../../../rules/order/agreement-email-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Missing(
        &[Parameter::EmailAddressAgreement],
        &|line, _, _, findings| {
            if !line.has_all(ParameterSet::of(&AGREEMENT_PARTS)) {
                return;
            }
            let names = AGREEMENT_PARTS
                .iter()
                .filter_map(|parameter| line.entry(*parameter)?.name());
            if let Some(first) = names.min_by_key(|name| name.index()) {
                findings
                    .report(
                        first.span(),
                        "`email_address_agreement` is missing from the customer agreement",
                    )
                    .help("add the e-mail address of the person who accepted the agreement");
            }
        },
    )),
};
