//! The customer's data: not needed for an existing tenant, and limited in length.

use std::collections::HashSet;

use crate::finding::{Fix, Level};
use crate::json::Node;
use crate::kinds::order::entry::Entry;
use crate::kinds::order::parameter::Parameter;
use crate::payload::without_elements;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::fields::person_name::MAX_NAME_LEN;
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
            "customer data is not needed for an existing tenant; Microsoft already has it",
        );
        for name in data.filter_map(|entry| entry.name()) {
            finding.label(name.span(), "also not needed");
        }
        let data = line.entries.iter().filter(is_of_customer);
        let removed: HashSet<u32> = data.map(|entry| entry.node.index()).collect();
        let is_removed = |element: Node<'_>| removed.contains(&element.index());
        let edits = without_elements(list.value, is_removed);
        finding
            .help("remove it, unless Microsoft rejected the data that it has")
            .fix(Fix::unsafe_("remove the customer data", edits));
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
        &|string, _, findings| {
            let limit = match string.parameter {
                Parameter::CustomerCompanyName => 255,
                Parameter::EffectiveAddress => 200,
                _ => MAX_NAME_LEN,
            };
            // A string has at most as many characters as bytes.
            if string.len() <= limit {
                return;
            }
            let length = string.chars().count();
            if length > limit {
                findings
                    .report(
                        string.span(),
                        format_args!(
                            "`{}` has {length} characters; Microsoft accepts at most {limit}",
                            string.parameter.name()
                        ),
                    )
                    .help("shorten the value");
            }
        },
    )),
};
