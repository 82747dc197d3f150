//! Countries.

use crate::context::{Context, MarketplaceRegion};
use crate::finding::{Level, Safety};
use crate::payload::JsonString;
use crate::rule::RuleReporter;
use crate::rules::data::{COUNTRIES, COUNTRIES_NOT_SOLD, COUNTRY_NAMES, REGISTRATION_COUNTRIES};

/// Reports what is not the code of a country. `name` is what the value is called.
pub(in crate::rules) fn check_known(
    name: &str,
    country: &JsonString<'_>,
    findings: &mut RuleReporter<'_>,
) {
    if COUNTRIES.contains(country) {
        return;
    }
    let finding = findings.report(
        country.span(),
        format_args!(
            "`{name}` must be an ISO 3166-1 code of two capital letters, found `{country}`"
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
}

/// Reports a country in which Microsoft's partners do not sell. `domain` is that of the customer's tenant.
pub(in crate::rules) fn check_sold(
    country: &JsonString<'_>,
    domain: Option<&str>,
    context: &Context,
    findings: &mut RuleReporter<'_>,
) {
    if !COUNTRIES.contains(country) {
        return;
    }
    let code = country.as_str();
    if COUNTRIES_NOT_SOLD.contains(code) {
        findings
            .report(
                country.span(),
                format_args!("`{code}` is not a country in which Microsoft sells through partners"),
            )
            .help("check the customer's country");
    } else if matches!(code, "BY" | "RU") {
        let message =
            format_args!("`{code}` is not a market of Microsoft's Cloud Solution Provider program");
        let finding = findings.report(country.span(), message);
        finding.level = Level::Warning;
        finding.help("ask the marketplace whether the order is possible");
    } else if code == "CN" && !is_for_china(domain, context) {
        let message = "customers in `CN` buy on the marketplace in China, not on the worldwide \
                       marketplace";
        let finding = findings.report(country.span(), message);
        finding.level = Level::Warning;
        finding.help(
            "set `marketplace-region = \"china\"` if the order goes to the marketplace in China",
        );
    }
}

/// Whether a customer buys on the marketplace in China: by the configuration, or by the domain of the tenant.
fn is_for_china(domain: Option<&str>, context: &Context) -> bool {
    let is_chinese = |domain: &str| {
        let lower = domain.trim().to_ascii_lowercase();
        lower.ends_with(".partner.onmschina.cn")
    };
    match context.marketplace_region {
        Some(region) => region == MarketplaceRegion::China,
        None => domain.is_some_and(is_chinese),
    }
}

/// Whether Partner Center creates a customer in this country only with a phone number and a registration number.
pub(in crate::rules) fn requires_registration(country: &JsonString<'_>) -> bool {
    REGISTRATION_COUNTRIES.contains_ignore_case(country.trim())
}
