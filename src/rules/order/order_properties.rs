//! The properties of the order itself.

use crate::finding::{Edit, Fix, Level};
use crate::kinds::order::OrderType;
use crate::names::{KnownName, known, spelling};
use crate::payload::without_properties;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;

const MISSPELT_PO_NUMBER: KnownName = known("ponumber");

pub(in crate::rules) static PO_NUMBER_CASE: Rule = Rule {
    id: "order/po-number-case",
    level: Level::Warning,
    page: include_str!("../../../rules/order/po-number-case.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Order(&|order, _, findings| {
        let mut members = order.node().members();
        let Some(member) = members.find(|member| member.known() == Some(MISSPELT_PO_NUMBER)) else {
            return;
        };
        let finding = findings.report(
            member.name.span(),
            "the orders API expects `poNumber`, not `ponumber`",
        );
        match order.member("poNumber") {
            Some(right) => {
                finding
                    .label(right.name.span(), "`poNumber` is also present")
                    .help("remove `ponumber`");
            }
            None => {
                let edit = Edit::replace(member.name.content_span(), "poNumber");
                finding.fix(Fix::unsafe_("rename to `poNumber`", vec![edit]));
            }
        }
    })),
};

pub(in crate::rules) static SUBSCRIPTION_MISSING: Rule = Rule {
    id: "order/subscription-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/subscription-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Order(&|order, _, findings| {
        let needs_one = matches!(
            order.order_type,
            Some(OrderType::Change | OrderType::Renewal | OrderType::Cancellation)
        );
        if !needs_one || !order.is_request() || order.may_have_property("subscriptionId") {
            return;
        }
        let Some(order_type) = order.member("type") else {
            return;
        };
        let all_lines_have_one =
            !order.lines.is_empty() && order.lines.iter().all(|line| line.may_have_subscription());
        if all_lines_have_one || order.lines.iter().any(|line| line.node.has_errors()) {
            return;
        }
        let type_name = order_type.value.as_text().unwrap_or_default();
        findings
            .report(
                order_type.value.span(),
                format_args!("`subscriptionId` is missing; a {type_name} order requires it"),
            )
            .help("add `subscriptionId` to the order, or to each of its lines");
    })),
};

const READ_ONLY_PROPERTIES: [KnownName; 11] = [
    known("id"),
    known("orderNumber"),
    known("status"),
    known("statusCode"),
    known("creationDate"),
    known("provisioningDate"),
    known("lastBillingDate"),
    known("nextBillingDate"),
    known("total"),
    known("details"),
    known("creditCheck"),
];

pub(in crate::rules) static READ_ONLY_MEMBER: Rule = Rule {
    id: "order/read-only-member",
    level: Level::Warning,
    page: include_str!("../../../rules/order/read-only-member.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Order(&|order, _, findings| {
        if !order.is_request() || !order.record.is_form_declared {
            return;
        }
        for member in order.node().members() {
            let Some(name) = member
                .known()
                .filter(|name| READ_ONLY_PROPERTIES.contains(name))
            else {
                continue;
            };
            let edits = without_properties(order.node(), |other| *other == member);
            findings
                .report(
                    member.name.span(),
                    format_args!(
                        "`{}` is not allowed in a request; only the platform sets it",
                        spelling(name)
                    ),
                )
                .fix(Fix::unsafe_("remove the property", edits));
        }
    })),
};
