//! The address of the customer.

use crate::finding::{Edit, Fix, Level};
use crate::kinds::customer::{Customer, Role};
use crate::rule::{Check, Overlap, Rule};
use crate::rules::customer::CustomerCheck;
use crate::rules::data::US_STATES;
use crate::rules::fields::address::{self, Country};
use crate::rules::fields::{country, phone};

/// A property of the address in a request to Partner Center.
fn address_path(name: &str) -> [&str; 3] {
    ["billingProfile", "defaultAddress", name]
}

fn is_american(customer: &Customer<'_>) -> bool {
    customer.country().and_then(Country::of_code) == Some(Country::UnitedStates)
}

pub(in crate::rules) static UNKNOWN_COUNTRY: Rule = Rule {
    id: "customer/unknown-country",
    level: Level::Error,
    page: include_str!("../../../rules/customer/unknown-country.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Country],
        &|field, _, _, findings| country::check_known(field.name, &field.string, findings),
    )),
};

pub(in crate::rules) static COUNTRY_NOT_SOLD: Rule = Rule {
    id: "customer/country-not-sold",
    level: Level::Error,
    page: include_str!("../../../rules/customer/country-not-sold.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Country],
        &|field, customer, context, findings| {
            let domain = customer.field(Role::Domain);
            let domain = domain.map(|domain| domain.string.as_str());
            country::check_sold(&field.string, domain, context, findings);
        },
    )),
};

pub(in crate::rules) static UNKNOWN_STATE: Rule = Rule {
    id: "customer/unknown-state",
    level: Level::Error,
    page: include_str!("../../../rules/customer/unknown-state.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::State],
        &|field, customer, _, findings| {
            let country = customer.country().and_then(Country::of_code);
            if country.is_some() {
                address::check_state(field.name, &field.string, country, findings);
            }
        },
    )),
};

pub(in crate::rules) static POSTAL_CODE_SHAPE: Rule = Rule {
    id: "customer/postal-code-shape",
    level: Level::Error,
    page: include_str!("../../../rules/customer/postal-code-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::PostalCode],
        &|field, customer, _, findings| {
            address::check_postal_code(&field.string, customer.country(), findings);
        },
    )),
};

pub(in crate::rules) static PHONE_SHAPE: Rule = Rule {
    id: "customer/phone-shape",
    level: Level::Warning,
    page: include_str!("../../../rules/customer/phone-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Phone],
        &|field, customer, _, findings| {
            phone::check_shape(&field.string, customer.country(), findings);
        },
    )),
};

pub(in crate::rules) static PHONE_MISSING: Rule = Rule {
    id: "customer/phone-missing",
    level: Level::Warning,
    page: include_str!("../../../rules/customer/phone-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Country],
        &|field, customer, _, findings| {
            let is_missing = !customer.may_have(&address_path("phoneNumber"));
            if is_missing && country::requires_registration(&field.string) {
                phone::report_missing("phoneNumber", &field.string, findings);
            }
        },
    )),
};

pub(in crate::rules) static ADDRESS_INCOMPLETE: Rule = Rule {
    id: "customer/address-incomplete",
    level: Level::Error,
    page: include_str!("../../../rules/customer/address-incomplete.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Country],
        &|field, customer, _, findings| {
            if !is_american(customer) {
                return;
            }
            // `customer/region-for-state` reports a state in the wrong property.
            let has_region = customer.field(Role::Region).is_some();
            let is_missing = |name: &&str| {
                let is_elsewhere = *name == "state" && has_region;
                !customer.may_have(&address_path(name)) && !is_elsewhere
            };
            let missing = ["city", "state", "postalCode"]
                .into_iter()
                .filter(is_missing);
            let missing: Vec<String> = missing.map(|name| format!("`{name}`")).collect();
            if missing.is_empty() {
                return;
            }
            let verb = if missing.len() == 1 { "is" } else { "are" };
            findings
                .report(
                    field.string.span(),
                    format_args!(
                        "the address is incomplete: {} {verb} missing",
                        missing.join(", ")
                    ),
                )
                .help("add the missing parts; Partner Center requires them in the United States");
        },
    )),
};

pub(in crate::rules) static REGION_FOR_STATE: Rule = Rule {
    id: "customer/region-for-state",
    level: Level::Warning,
    page: include_str!("../../../rules/customer/region-for-state.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Region],
        &|field, customer, _, findings| {
            if !is_american(customer) || customer.may_have(&address_path("state")) {
                return;
            }
            let name = field.member.name;
            let finding = findings.report(
                name.span(),
                "in the United States the state is in `state`, not in `region`",
            );
            let code = field.string.trim().to_ascii_uppercase();
            if !US_STATES.contains(&code) {
                finding.help("add `state` with the two-letter code of the state");
                return;
            }
            let is_pascal = name.as_text().is_some_and(|text| text.starts_with('R'));
            let state = if is_pascal { "State" } else { "state" };
            let edit = Edit::replace(name.content_span(), state);
            finding.fix(Fix::unsafe_(format!("rename to `{state}`"), vec![edit]));
        },
    )),
};
