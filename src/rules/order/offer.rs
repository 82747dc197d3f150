//! What Microsoft's offer matrix and price sheet say about the products of an order. Without these files the rules report
//! nothing.

use super::part_number::without_term;
use crate::catalogue::{Catalogue, Offer, Price, Source};
use crate::finding::Level;
use crate::kinds::order::parameter::Parameter;
use crate::kinds::order::period::{Period, PeriodUnit};
use crate::kinds::order::{Line, Order};
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;

/// The rows of the offer matrix about the product of a line in a request.
fn offers_of<'c>(line: &Line<'_>, catalogue: &'c Catalogue) -> Vec<Offer<'c>> {
    match &line.mpn {
        Some(mpn) if line.is_in_request() => catalogue.offers(without_term(mpn)).collect(),
        _ => Vec::new(),
    }
}

/// The rows of the price sheet about the product of a line in a request: those of the customer's country, if there are
/// any.
fn prices_of<'c>(line: &Line<'_>, catalogue: &'c Catalogue) -> Vec<Price<'c>> {
    let Some(mpn) = line.mpn.as_ref().filter(|_| line.is_in_request()) else {
        return Vec::new();
    };
    let all: Vec<Price<'c>> = catalogue.prices(without_term(mpn)).collect();
    let country = line
        .string(Parameter::EffectiveCountry)
        .map(|country| country.trim());
    let is_local = |price: &&Price<'_>| {
        country.is_some_and(|country| price.market.eq_ignore_ascii_case(country))
    };
    let local: Vec<Price<'c>> = all.iter().filter(is_local).copied().collect();
    if local.is_empty() { all } else { local }
}

/// The title of a product and its row, for a message.
fn describe(source: Source<'_>) -> String {
    format!("{} ({}:{})", source.title, source.file, source.line)
}

pub(in crate::rules) static OFFER_QUANTITY: Rule = Rule {
    id: "order/offer-quantity",
    level: Level::Error,
    page: include_str!("../../../rules/order/offer-quantity.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::CataloguedLine(
        &|line, _, catalogue, findings| {
            let offers = offers_of(line, catalogue);
            let Some((quantity, node)) = line.quantity() else {
                return;
            };
            let fits = |offer: &Offer<'_>| (offer.min..=offer.max).contains(&quantity);
            // A change to zero is a cancellation.
            let Some(offer) = offers
                .first()
                .filter(|_| quantity > 0 && !offers.iter().any(fits))
            else {
                return;
            };
            let (limit, bound) = match quantity < offer.min {
                true => ("at least", offer.min),
                false => ("at most", offer.max),
            };
            findings
                .report(
                    node.span(),
                    format_args!(
                        "`quantity` must be {limit} {bound} for {}, found `{quantity}`",
                        describe(offer.source)
                    ),
                )
                .help(format!(
                    "set `quantity` to {limit} {bound}, or order another product"
                ));
        },
    )),
};

pub(in crate::rules) static OFFER_PERIOD: Rule = Rule {
    id: "order/offer-period",
    level: Level::Error,
    page: include_str!("../../../rules/order/offer-period.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::CataloguedLine(
        &|line, _, catalogue, findings| {
            let prices = prices_of(line, catalogue);
            let (Some(first), Some(term), Some(billing)) =
                (prices.first(), line.term, line.billing)
            else {
                return;
            };
            let (Some(term_code), Some(plan)) = (term_code(&term), plan_of(&billing)) else {
                return;
            };
            // `order/billing-exceeds-term` reports this, whatever is offered.
            if billing.is_longer_than(&term) {
                return;
            }
            let is_offered = |price: &Price<'_>| {
                price.term.eq_ignore_ascii_case(term_code) && price.plan.eq_ignore_ascii_case(plan)
            };
            let is_known =
                |price: &Price<'_>| price.term.starts_with(['P', 'p']) && !price.plan.is_empty();
            if prices.iter().any(is_offered) || !prices.iter().all(is_known) {
                return;
            }
            let mut offered: Vec<String> = prices
                .iter()
                .map(|price| format!("{} {}", price.term, price.plan))
                .collect();
            offered.sort();
            offered.dedup();
            findings
                .report(
                    billing.member.name.span(),
                    format_args!(
                        "a term of {} with {} billing is not offered for {}",
                        term.description(),
                        plan.to_ascii_lowercase(),
                        describe(first.source)
                    ),
                )
                .label(term.member.name.span(), "the commitment term")
                .help(format!(
                    "use a term and a billing plan that are offered: {}",
                    offered.join(", ")
                ));
        },
    )),
};

/// The code of a term in the price sheet.
fn term_code(term: &Period<'_>) -> Option<&'static str> {
    match term.unit {
        PeriodUnit::Month | PeriodUnit::Year => match term.rounded_months() {
            1 => Some("P1M"),
            12 => Some("P1Y"),
            36 => Some("P3Y"),
            _ => None,
        },
        PeriodUnit::Day => term.is_one_month().then_some("P1M"),
    }
}

/// The billing plan in the price sheet.
fn plan_of(billing: &Period<'_>) -> Option<&'static str> {
    match billing.rounded_months() {
        1 => Some("Monthly"),
        12 => Some("Annual"),
        36 => Some("Triennial"),
        _ => None,
    }
}

pub(in crate::rules) static OFFER_COUNTRY: Rule = Rule {
    id: "order/offer-country",
    level: Level::Error,
    page: include_str!("../../../rules/order/offer-country.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::CataloguedLine(
        &|line, _, catalogue, findings| {
            let Some(country) = line.string(Parameter::EffectiveCountry) else {
                return;
            };
            let offers = offers_of(line, catalogue);
            let code = country.trim().to_ascii_uppercase();
            let is_sold = |offer: &Offer<'_>| {
                offer.countries.is_empty() || offer.countries.split(' ').any(|known| known == code)
            };
            let Some(offer) = offers
                .first()
                .filter(|_| code.len() == 2 && !offers.iter().any(is_sold))
            else {
                return;
            };
            let finding = findings.report(
                country.span(),
                format_args!(
                    "the product {} is not sold in `{code}`",
                    describe(offer.source)
                ),
            );
            if let Some(mpn) = &line.mpn {
                finding.label(mpn.span(), "the product");
            }
            finding.help("choose a product that is sold in the customer's country");
        },
    )),
};

pub(in crate::rules) static OFFER_PREREQUISITE: Rule = Rule {
    id: "order/offer-prerequisite",
    level: Level::Warning,
    page: include_str!("../../../rules/order/offer-prerequisite.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::CataloguedLine(
        &|line, order, catalogue, findings| {
            // An existing tenant can have the prerequisite already.
            if !line.is_sale() || line.is_for_new_tenant() != Some(true) {
                return;
            }
            let offers = offers_of(line, catalogue);
            let is_met = |offer: &Offer<'_>| {
                let mut products = offer.prerequisites.split(' ');
                offer.prerequisites.is_empty() || products.any(|one| is_ordered(order, line, one))
            };
            let (Some(offer), Some(mpn)) = (offers.first(), &line.mpn) else {
                return;
            };
            if offers.iter().any(is_met) {
                return;
            }
            let listed: Vec<&str> = offer.prerequisites.split(' ').take(3).collect();
            let more = match offer.prerequisites.split(' ').count() > 3 {
                true => " and others",
                false => "",
            };
            findings
                .report(
                    mpn.span(),
                    format_args!(
                        "the add-on {} requires another product that the order does not contain",
                        describe(offer.source)
                    ),
                )
                .help(format!(
                    "add one of the required products to the order: {}{more}",
                    listed.join(", ")
                ));
        },
    )),
};

/// Whether another line of the order is for this product, or this product and SKU.
fn is_ordered(order: &Order<'_>, line: &Line<'_>, product: &str) -> bool {
    order
        .lines
        .iter()
        .filter(|other| other.node != line.node)
        .any(|other| {
            other.mpn.as_ref().is_some_and(|mpn| {
                let number = without_term(mpn).to_ascii_uppercase();
                number == product || number.split(':').next() == Some(product)
            })
        })
}

pub(in crate::rules) static OFFER_SEGMENT: Rule = Rule {
    id: "order/offer-segment",
    level: Level::Warning,
    page: include_str!("../../../rules/order/offer-segment.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::CataloguedLine(
        &|line, _, catalogue, findings| {
            if !line.is_sale() {
                return;
            }
            let Some(qualification) = line.string(Parameter::SpecialQualifications) else {
                return;
            };
            let prices = prices_of(line, catalogue);
            let is_commercial = |price: &Price<'_>| {
                price.segment.is_empty() || price.segment.eq_ignore_ascii_case("Commercial")
            };
            let Some(first) = prices.first().filter(|_| !prices.iter().any(is_commercial)) else {
                return;
            };
            if qualification.trim().eq_ignore_ascii_case("None") {
                let finding = findings.report(
                qualification.span(),
                format_args!(
                    "the product {} is for the segment `{}`, but the order states no qualification",
                    describe(first.source),
                    first.segment
                ),
            );
                if let Some(mpn) = &line.mpn {
                    finding.label(mpn.span(), "the product");
                }
                finding
                    .help("check that the customer is qualified, or order the commercial product");
            }
        },
    )),
};
