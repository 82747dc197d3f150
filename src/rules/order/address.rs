//! The customer's address.

use crate::finding::Level;
use crate::kinds::order::Line;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::fields::address::{self, Country};
use crate::rules::order::OrderCheck;

/// The country of a line, if its states and postal codes are checked.
fn country_of(line: &Line<'_>) -> Option<Country> {
    Country::of_code(line.string(Parameter::EffectiveCountry)?)
}

/// The parts that an address requires: the state only in countries whose states are checked.
const REQUIRED_PARTS: [Parameter; 5] = [
    Parameter::EffectiveAddress,
    Parameter::EffectiveCity,
    Parameter::EffectivePostalCode,
    Parameter::EffectiveCountry,
    Parameter::EffectiveState,
];

pub(in crate::rules) static ADDRESS_INCOMPLETE: Rule = Rule {
    id: "order/address-incomplete",
    level: Level::Warning,
    page: include_str!("../../../rules/order/address-incomplete.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Missing(
        &REQUIRED_PARTS,
        &|line, _, _, findings| {
            let is_required = |parameter: Parameter| {
                parameter != Parameter::EffectiveState || country_of(line).is_some()
            };
            let is_missing =
                |parameter: &Parameter| !line.has(*parameter) && is_required(*parameter);
            if !REQUIRED_PARTS.iter().any(is_missing) || !requires_customer_data(line) {
                return;
            }
            let is_address_part = |parameter: Parameter| parameter.name().starts_with("effective_");
            let first = line
                .entries
                .iter()
                .find(|entry| entry.name_match.parameter().is_some_and(is_address_part))
                .and_then(|entry| entry.name());
            let Some(first) = first else { return };
            let names: Vec<String> = REQUIRED_PARTS
                .into_iter()
                .filter(is_missing)
                .map(|parameter| format!("`{}`", parameter.name()))
                .collect();
            let verb = if names.len() == 1 { "is" } else { "are" };
            let message = format_args!(
                "the address is incomplete: {} {verb} missing",
                names.join(", ")
            );
            let finding = findings.report(first.span(), message);
            finding.help("add the missing parts, or remove all `effective_` parameters");
            // Partner Center requires all of these parts of an address in the United States.
            if matches!(country_of(line), Some(Country::UnitedStates)) {
                finding.level = Level::Error;
            }
        },
    )),
};

/// Whether Partner Center requires this part of the line's address, as it does in the United States.
pub(super) fn is_required_address_part(line: &Line<'_>, parameter: Parameter) -> bool {
    REQUIRED_PARTS.contains(&parameter)
        && country_of(line) == Some(Country::UnitedStates)
        && requires_customer_data(line)
}

/// Whether data of the customer can be reported as missing. For an existing tenant, Microsoft already has it.
pub(super) fn requires_customer_data(line: &Line<'_>) -> bool {
    line.is_sale()
        && line.complete_parameters().is_some()
        && line.is_for_new_tenant() != Some(false)
}

pub(in crate::rules) static UNKNOWN_STATE: Rule = Rule {
    id: "order/unknown-state",
    level: Level::Error,
    page: include_str!("../../../rules/order/unknown-state.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::EffectiveState],
        &|state, _, findings| {
            let country = country_of(state.line);
            // A country that is unknown, or that may be lost in damaged text, may be another one.
            let may_have_country = state.line.has(Parameter::EffectiveCountry)
                || state.line.complete_parameters().is_none();
            if country.is_some() || !may_have_country {
                address::check_state("effective_state", state, country, findings);
            }
        },
    )),
};

pub(in crate::rules) static POSTAL_CODE_SHAPE: Rule = Rule {
    id: "order/postal-code-shape",
    level: Level::Error,
    page: include_str!("../../../rules/order/postal-code-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::EffectivePostalCode],
        &|code, _, findings| {
            let country = code.line.string(Parameter::EffectiveCountry);
            address::check_postal_code(code, country, findings);
        },
    )),
};
