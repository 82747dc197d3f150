//! The commitment term and the billing period of a line.

use crate::finding::Level;
use crate::kinds::order::Line;
use crate::kinds::order::period::{Period, PeriodUnit};
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::order::OrderCheck;

pub(in crate::rules) static SUBSCRIPTION_PERIOD_MISSING: Rule = Rule {
    id: "order/subscription-period-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/subscription-period-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Order(&|order, _, findings| {
        let lacks_term =
            |line: &&Line<'_>| line.is_sale() && !line.is_perpetual() && !line.may_have_term();
        if order.term.is_some() || order.may_have_property("subscriptionPeriod") {
            return;
        }
        for line in order.lines.iter().filter(lacks_term) {
            findings
                .report(
                    line.node.opening(),
                    "`subscriptionPeriod` is missing on this line and on the order",
                )
                .help(
                    "add `subscriptionPeriod` to the order or to the line, such as \
                     `{ \"type\": \"year\", \"duration\": 1 }`",
                );
        }
    })),
};

pub(in crate::rules) static BILLING_EXCEEDS_TERM: Rule = Rule {
    id: "order/billing-exceeds-term",
    level: Level::Error,
    page: include_str!("../../../rules/order/billing-exceeds-term.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Line(&|line, _, findings| {
        let Some((billing, term)) = billing_longer_than_term(line) else {
            return;
        };
        findings
            .report(
                billing.member.name.span(),
                format_args!(
                    "the billing period of {} is longer than the commitment term of {}",
                    billing.description(),
                    term.description()
                ),
            )
            .label(
                term.member.name.span(),
                format!("commitment term of {}", term.description()),
            )
            .help("use a shorter billing period or a longer term");
    })),
};

/// The billing period and the term, if the billing period is the longer one.
fn billing_longer_than_term<'l, 'd>(
    line: &'l Line<'d>,
) -> Option<(&'l Period<'d>, &'l Period<'d>)> {
    let (billing, term) = (line.billing.as_ref()?, line.term.as_ref()?);
    let is_longer = billing.is_longer_than(term) && !line.is_perpetual();
    is_longer.then_some((billing, term))
}

pub(in crate::rules) static UNUSUAL_PERIOD: Rule = Rule {
    id: "order/unusual-period",
    level: Level::Warning,
    page: include_str!("../../../rules/order/unusual-period.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Order(&|order, _, findings| {
        let lines = || order.lines.iter().filter(|line| line.is_new_commerce());
        let order_term = order.term.as_ref();
        if order_term.is_some_and(is_unusual) && lines().any(|line| !line.has_own_term) {
            report(order_term, findings);
        }
        for line in lines() {
            let (term, billing) = (line.term.as_ref(), line.billing.as_ref());
            if line.has_own_term && term.is_some_and(is_unusual) {
                report(term, findings);
            }
            if billing.is_some_and(is_unusual) && billing_longer_than_term(line).is_none() {
                report(billing, findings);
            }
        }
    })),
};

/// Whether Microsoft sells no product with this period.
fn is_unusual(period: &Period<'_>) -> bool {
    !(period.is_one_month() || matches!((period.unit, period.count), (PeriodUnit::Year, 1 | 3)))
}

fn report(period: Option<&Period<'_>>, findings: &mut RuleReporter<'_>) {
    let Some(period) = period else { return };
    let message = format!(
        "a period of {} is not sold by Microsoft; expected 1 month, 1 year or 3 years",
        period.description()
    );
    findings
        .report(period.member.name.span(), message)
        .help("use `month` with duration 1, or `year` with duration 1 or 3");
}
