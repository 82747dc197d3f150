//! The name of the person who accepted the agreement.

use crate::finding::Level;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::fields::person_name;
use crate::rules::order::OrderCheck;

const NAMES: &[Parameter] = &[Parameter::FirstNameAgreement, Parameter::LastNameAgreement];

pub(in crate::rules) static PERSON_NAME_SHAPE: Rule = Rule {
    id: "order/person-name-shape",
    level: Level::Error,
    page: include_str!("../../../rules/order/person-name-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(NAMES, &|name, _, findings| {
        person_name::check_shape("the person who accepted the agreement", name, findings);
    })),
};
