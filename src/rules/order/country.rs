//! The customer's country.

use crate::context::{Context, MarketplaceRegion};
use crate::finding::Level;
use crate::kinds::order::Line;
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
                country::check_sold(code, || is_for_china(code.line, context), findings);
            }
        },
    )),
};

/// Whether an order goes to the marketplace in China: by the configuration, or by the domain of the tenant.
fn is_for_china(line: &Line<'_>, context: &Context) -> bool {
    let domain = line.string(Parameter::MicrosoftDomain);
    let is_chinese = domain.is_some_and(|domain| {
        domain
            .trim()
            .to_ascii_lowercase()
            .ends_with(".partner.onmschina.cn")
    });
    match context.marketplace_region {
        Some(region) => region == MarketplaceRegion::China,
        None => is_chinese,
    }
}
