//! Commitment and billing: for how long a line binds, and how often it is billed.

use crate::finding::Level;
use crate::rule::{Check, Rule};

pub(in crate::rules) static SUBSCRIPTION_MISSING: Rule = Rule {
    id: "order/subscription-period-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/subscription-period-missing.md"),
    check: Check::Order(|order, _, findings| {
        if order.may_have("subscriptionPeriod") {
            return;
        }
        for line in order
            .lines
            .iter()
            .filter(|line| line.is_sale() && !line.may_have_term())
        {
            findings
                .report(
                    line.node.opening(),
                    "neither the order nor this line says for how long, `subscriptionPeriod` is missing",
                )
                .help("add `subscriptionPeriod` to the order, such as { \"type\": \"year\", \"duration\": 1 }");
        }
    }),
};

pub(in crate::rules) static BILLING_EXCEEDS_TERM: Rule = Rule {
    id: "order/billing-exceeds-term",
    level: Level::Error,
    page: include_str!("../../../rules/order/billing-exceeds-term.md"),
    check: Check::Line(|line, _, findings| {
        let (Some(billing), Some(term)) = (line.billing_period(), line.term()) else {
            return;
        };
        if billing.days() <= term.days() {
            return;
        }
        findings
            .report(
                billing.member.name.span(),
                format!(
                    "billing every {} is longer than the commitment of {}",
                    billing.words(),
                    term.words()
                ),
            )
            .label(
                term.member.name.span(),
                format!("commits for {}", term.words()),
            )
            .help("bill no less often than the commitment is renewed");
    }),
};
