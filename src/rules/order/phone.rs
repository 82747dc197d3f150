//! The customer's phone number.

use super::address::requires_customer_data;
use crate::finding::Level;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::fields::{country, phone};
use crate::rules::order::OrderCheck;

pub(in crate::rules) static PHONE_SHAPE: Rule = Rule {
    id: "order/phone-shape",
    level: Level::Warning,
    page: include_str!("../../../rules/order/phone-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::EffectivePhonenumber],
        &|number, _, findings| {
            let country = number.line.string(Parameter::EffectiveCountry);
            phone::check_shape(number, country, findings);
        },
    )),
};

pub(in crate::rules) static PHONE_MISSING: Rule = Rule {
    id: "order/phone-missing",
    level: Level::Warning,
    page: include_str!("../../../rules/order/phone-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Missing(
        &[Parameter::EffectivePhonenumber],
        &|line, _, _, findings| {
            let Some(code) = line.string(Parameter::EffectiveCountry) else {
                return;
            };
            if country::requires_registration(code) && requires_customer_data(line) {
                phone::report_missing("effective_phonenumber", code, findings);
            }
        },
    )),
};
