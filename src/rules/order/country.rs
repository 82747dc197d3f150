//! The customer's country.

use super::word_list::{COUNTRIES, COUNTRY_NAMES};
use crate::finding::{Level, Safety};
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;

pub(in crate::rules) static UNKNOWN_COUNTRY: Rule = Rule {
    id: "order/unknown-country",
    level: Level::Error,
    page: include_str!("../../../rules/order/unknown-country.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::EffectiveCountry],
        &|text, _, findings| {
            if COUNTRIES.has(text) {
                return;
            }
            let finding = findings.report(
                text.span(),
                format_args!("`{text}` is no country code of two capital letters"),
            );
            let upper = text.trim().to_uppercase();
            if COUNTRIES.has(&upper) {
                finding.fix(text.replacement_fix(&upper, Safety::Safe));
            } else if let Some(code) = COUNTRY_NAMES.code_of(&text.trim().to_lowercase()) {
                finding.fix(text.replacement_fix(code, Safety::Unsafe));
            } else {
                finding.help("give the code of ISO 3166-1, such as US");
            }
        },
    )),
};
