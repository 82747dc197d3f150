//! The customer's tax ID, which Partner Center calls the organization registration number.

use crate::finding::Level;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::fields::{country, registration};
use crate::rules::order::OrderCheck;

pub(in crate::rules) static TAX_ID_MISSING: Rule = Rule {
    id: "order/tax-id-missing",
    level: Level::Warning,
    page: include_str!("../../../rules/order/tax-id-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Missing(
        &[Parameter::CustomerTaxId],
        &|line, _, _, findings| {
            let Some(code) = line.string(Parameter::EffectiveCountry) else {
                return;
            };
            if line.is_for_new_tenant() == Some(true) && country::requires_registration(code) {
                findings
                    .report(
                        code.span(),
                        format_args!(
                            "`customer_tax_id` is missing; Partner Center requires a tax ID for \
                             new customers in `{}`",
                            code.trim().to_ascii_uppercase()
                        ),
                    )
                    .help("add `customer_tax_id` with the registration number of the customer");
            }
        },
    )),
};

pub(in crate::rules) static TAX_ID_SHAPE: Rule = Rule {
    id: "order/tax-id-shape",
    level: Level::Warning,
    page: include_str!("../../../rules/order/tax-id-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::CustomerTaxId],
        &|id, _, findings| registration::check_length("tax ID", id, findings),
    )),
};
