//! What is said of the customer: not at all for a tenant that exists, and nowhere at too great a length.

use std::collections::HashSet;

use crate::finding::{Fix, Level};
use crate::json::Node;
use crate::kinds::order::parameter::{Entry, Parameter};
use crate::payload::without_elements;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;

pub(in crate::rules) static EXISTING_TENANT_CUSTOMER_DATA: Rule = Rule {
    id: "order/existing-tenant-customer-data",
    level: Level::Warning,
    page: include_str!("../../../rules/order/existing-tenant-customer-data.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Line(&|line, _, findings| {
        if line.is_for_new_tenant() != Some(false) {
            return;
        }
        let is_of_customer = |entry: &&Entry<'_>| {
            let name = entry.name_match.parameter().map_or("", Parameter::name);
            name.starts_with("customer_") || name.starts_with("effective_")
        };
        let mut data = line.entries.iter().filter(is_of_customer);
        let (Some(list), Some(first)) = (line.parameters, data.next()) else {
            return;
        };
        let Some(first_name) = first.name() else {
            return;
        };
        let finding = findings.report(
            first_name.span(),
            "data of the customer is sent for a tenant that exists, whose data Microsoft has",
        );
        for name in data.filter_map(|entry| entry.name()) {
            finding.label(name.span(), "sent too");
        }
        let data = line.entries.iter().filter(is_of_customer);
        let removed: HashSet<u32> = data.map(|entry| entry.node.index()).collect();
        let is_removed = |element: Node<'_>| removed.contains(&element.index());
        let edits = without_elements(list.value, is_removed);
        finding
            .help("leave it out, unless Microsoft has refused what it holds")
            .fix(Fix::unsafe_("take the customer's data out", edits));
    })),
};

pub(in crate::rules) static VALUE_TOO_LONG: Rule = Rule {
    id: "order/value-too-long",
    level: Level::Error,
    page: include_str!("../../../rules/order/value-too-long.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[
            Parameter::CustomerCompanyName,
            Parameter::EffectiveAddress,
            Parameter::FirstNameAgreement,
            Parameter::LastNameAgreement,
        ],
        &|text, _, findings| {
            let limit = match text.parameter {
                Parameter::CustomerCompanyName => 255,
                Parameter::EffectiveAddress => 200,
                _ => 50,
            };
            // No text has more characters than bytes.
            if text.len() <= limit {
                return;
            }
            let length = text.chars().count();
            if length > limit {
                findings
                    .report(
                        text.span(),
                        format_args!(
                            "`{}` has {length} characters, and Microsoft takes {limit} at most",
                            text.parameter.name()
                        ),
                    )
                    .help("shorten it");
            }
        },
    )),
};
