//! The customer's country.

use crate::context::{Context, MarketplaceRegion};
use crate::finding::{Level, Safety};
use crate::kinds::order::Line;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::data::{COUNTRIES, COUNTRIES_NOT_SOLD, COUNTRY_NAMES};
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
                format_args!(
                    "`effective_country` must be an ISO 3166-1 code of two capital letters, found \
                     `{country}`"
                ),
            );
            let upper = country.trim().to_uppercase();
            if COUNTRIES.contains(&upper) {
                finding.fix(country.replacement_fix(&upper, Safety::Safe));
            } else if let Some(code) = COUNTRY_NAMES.code_of(&country.trim().to_lowercase()) {
                finding.fix(country.replacement_fix(code, Safety::Unsafe));
            } else {
                finding.help("use the two-letter code of the country, such as `US`");
            }
        },
    )),
};

pub(in crate::rules) static COUNTRY_NOT_SOLD: Rule = Rule {
    id: "order/country-not-sold",
    level: Level::Error,
    page: include_str!("../../../rules/order/country-not-sold.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::EffectiveCountry],
        &|country, context, findings| {
            if !country.line.is_sale() || !COUNTRIES.contains(country) {
                return;
            }
            let code = country.as_str();
            if COUNTRIES_NOT_SOLD.contains(code) {
                findings
                    .report(
                        country.span(),
                        format_args!(
                            "`{code}` is not a country in which Microsoft sells through partners"
                        ),
                    )
                    .help("check the customer's country");
            } else if matches!(code, "BY" | "RU") {
                let message = format_args!(
                    "`{code}` is not a market of Microsoft's Cloud Solution Provider program"
                );
                let finding = findings.report(country.span(), message);
                finding.level = Level::Warning;
                finding.help("ask the marketplace whether the order is possible");
            } else if code == "CN" && !is_for_china(country.line, context) {
                let message = "customers in `CN` buy on the marketplace in China, not on the \
                               worldwide marketplace";
                let finding = findings.report(country.span(), message);
                finding.level = Level::Warning;
                finding.help(
                    "set `marketplace-region = \"china\"` if the order goes to the marketplace in \
                     China",
                );
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
