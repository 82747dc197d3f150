//! The customer's country.

use crate::finding::Level;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::fields::country;
use crate::rules::order::OrderCheck;

pub(in crate::rules) static UNKNOWN_COUNTRY: Rule = Rule {
    id: "order/unknown-country",
    level: Level::Error,
    page: include_str!("../../../rules/order/unknown-country.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::EffectiveCountry],
        &|code, _, findings| country::check_known("effective_country", code, findings),
    )),
};

pub(in crate::rules) static COUNTRY_NOT_SOLD: Rule = Rule {
    id: "order/country-not-sold",
    level: Level::Error,
    page: include_str!("../../../rules/order/country-not-sold.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::EffectiveCountry],
        &|code, context, findings| {
            if code.line.is_sale() {
                let domain = code.line.string(Parameter::MicrosoftDomain);
                let domain = domain.map(|domain| domain.as_str());
                country::check_sold(code, domain, context, findings);
            }
        },
    )),
};
