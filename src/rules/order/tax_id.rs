//! The customer's tax ID, which Partner Center calls the organization registration number.

use super::address::requires_customer_data;
use crate::finding::Level;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::data::REGISTRATION_COUNTRIES;
use crate::rules::order::OrderCheck;

pub(in crate::rules) static TAX_ID_MISSING: Rule = Rule {
    id: "order/tax-id-missing",
    level: Level::Warning,
    page: include_str!("../../../rules/order/tax-id-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::EffectiveCountry],
        &|country, _, findings| {
            let line = country.line;
            if line.has(Parameter::CustomerTaxId) || line.is_for_new_tenant() != Some(true) {
                return;
            }
            let code = country.trim();
            if REGISTRATION_COUNTRIES.contains_ignore_case(code) && requires_customer_data(line) {
                let code = code.to_ascii_uppercase();
                findings
                    .report(
                        country.span(),
                        format_args!(
                            "`customer_tax_id` is missing; Partner Center requires a tax ID for \
                             new customers in `{code}`"
                        ),
                    )
                    .help("add `customer_tax_id` with the registration number of the customer");
            }
        },
    )),
};

/// The numbers of characters that a tax ID can have.
const LENGTHS: std::ops::RangeInclusive<usize> = 5..=22;

pub(in crate::rules) static TAX_ID_SHAPE: Rule = Rule {
    id: "order/tax-id-shape",
    level: Level::Warning,
    page: include_str!("../../../rules/order/tax-id-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::CustomerTaxId],
        &|id, _, findings| {
            let length = id.trim().chars().count();
            if LENGTHS.contains(&length) {
                return;
            }
            let plural = if length == 1 { "" } else { "s" };
            findings
                .report(
                    id.span(),
                    format_args!(
                        "the tax ID `{id}` has {length} character{plural}; Partner Center accepts \
                         {} to {}",
                        LENGTHS.start(),
                        LENGTHS.end()
                    ),
                )
                .help(
                    "write the registration number as the authority issued it, without other text",
                );
        },
    )),
};
