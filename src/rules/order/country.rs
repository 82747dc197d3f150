//! The customer's country.

use crate::finding::{Level, Safety};
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::data::{COUNTRIES, COUNTRY_NAMES};
use crate::rules::order::OrderCheck;

pub(in crate::rules) static UNKNOWN_COUNTRY: Rule = Rule {
    id: "order/unknown-country",
    level: Level::Error,
    page: include_str!("../../../rules/order/unknown-country.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::EffectiveCountry],
        &|country, _, findings| {
            if COUNTRIES.contains(country) {
                return;
            }
            let finding = findings.report(
                country.span(),
                format_args!("`{country}` is no country code of two capital letters"),
            );
            let upper = country.trim().to_uppercase();
            if COUNTRIES.contains(&upper) {
                finding.fix(country.replacement_fix(&upper, Safety::Safe));
            } else if let Some(code) = COUNTRY_NAMES.code_of(&country.trim().to_lowercase()) {
                finding.fix(country.replacement_fix(code, Safety::Unsafe));
            } else {
                finding.help("give the code of ISO 3166-1, such as US");
            }
        },
    )),
};
