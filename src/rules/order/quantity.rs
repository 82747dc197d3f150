//! The number of licences.

use super::part_number::without_term;
use crate::finding::{Label, Level};
use crate::kinds::order::{Line, Order, OrderType};
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;
use crate::span::Span;

/// The products of which a tenant has at most [`BUSINESS_LIMIT`] licences, with their names.
const BUSINESS_PRODUCTS: [(&str, &str); 3] = [
    ("CFQ7TTC0LCHC", "Microsoft 365 Business Premium"),
    ("CFQ7TTC0LDPB", "Microsoft 365 Business Standard"),
    ("CFQ7TTC0LH18", "Microsoft 365 Business Basic"),
];

const BUSINESS_LIMIT: u64 = 300;

pub(in crate::rules) static QUANTITY_LIMIT: Rule = Rule {
    id: "order/quantity-limit",
    level: Level::Warning,
    page: include_str!("../../../rules/order/quantity-limit.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Order(&|order, context, findings| {
        let sells = matches!(order.order_type, Some(OrderType::Sales | OrderType::Change));
        // Most orders are for few licences.
        let total = order
            .lines
            .iter()
            .filter_map(Line::quantity)
            .map(|(count, _)| count);
        let is_small = total.fold(0, u64::saturating_add) <= BUSINESS_LIMIT;
        if is_small || !sells || !order.is_request() {
            return;
        }
        // With an offer matrix, `order/offer-quantity` knows the limit of a single line.
        let is_offered = |line: &Line<'_>| {
            let catalogue = context.catalogue.as_ref().zip(line.mpn.as_ref());
            catalogue.is_some_and(|(catalogue, mpn)| {
                catalogue.offers(without_term(mpn)).next().is_some()
            })
        };
        if let [only] = &order.lines[..]
            && is_offered(only)
        {
            return;
        }
        for (product, name) in BUSINESS_PRODUCTS {
            let total = quantities_of(order, product).map(|(count, _)| count);
            let total = total.fold(0, u64::saturating_add);
            if total <= BUSINESS_LIMIT {
                continue;
            }
            let mut places = quantities_of(order, product).map(|(_, span)| span);
            let Some(first) = places.next() else { continue };
            let finding = findings.report(
                first,
                format_args!(
                    "the order has {total} licences of {name}; a tenant can have at most \
                     {BUSINESS_LIMIT}"
                ),
            );
            finding.labels.extend(places.map(|span| Label {
                span,
                message: "more licences of this product".into(),
            }));
            finding.help("order fewer licences, or an Enterprise product");
        }
    })),
};

/// The quantities of a product, and where each is.
fn quantities_of<'o>(order: &'o Order<'_>, product: &'o str) -> impl Iterator<Item = (u64, Span)> {
    let is_of_product = move |line: &&Line<'_>| {
        line.mpn.as_ref().is_some_and(|mpn| {
            mpn.split(':')
                .next()
                .is_some_and(|found| found.trim().eq_ignore_ascii_case(product))
        })
    };
    order
        .lines
        .iter()
        .filter(is_of_product)
        .filter_map(Line::quantity)
        .map(|(quantity, node)| (quantity, node.span()))
}
