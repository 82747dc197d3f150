//! The customer's company name.

use crate::finding::Level;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule, Subject};
use crate::rules::fields::company_name;
use crate::rules::order::OrderCheck;

/// A check of the company name.
macro_rules! company_name {
    ($check:ident) => {
        Check::View(&OrderCheck::Parameter(
            &[Parameter::CustomerCompanyName],
            &|name, _, findings| company_name::$check(name, findings),
        ))
    };
}

pub(in crate::rules) static COMPANY_BLANK: Rule = Rule {
    id: "order/company-blank",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-blank.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_has_letter),
};

pub(in crate::rules) static COMPANY_ONE_CHARACTER: Rule = Rule {
    id: "order/company-one-character",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-one-character.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_one_character),
};

pub(in crate::rules) static COMPANY_SPACED_CHARACTERS: Rule = Rule {
    id: "order/company-spaced-characters",
    level: Level::Warning,
    page: include_str!("../../../rules/order/company-spaced-characters.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_spaced_characters),
};

pub(in crate::rules) static COMPANY_SPACING: Rule = Rule {
    id: "order/company-spacing",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-spacing.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace, Subject::Characters]),
    check: company_name!(check_spacing),
};

pub(in crate::rules) static COMPANY_ABBREVIATION: Rule = Rule {
    id: "order/company-abbreviation",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-abbreviation.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_abbreviation),
};

pub(in crate::rules) static COMPANY_ABBREVIATION_WORD: Rule = Rule {
    id: "order/company-abbreviation-word",
    level: Level::Warning,
    page: include_str!("../../../rules/order/company-abbreviation-word.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_abbreviation_word),
};

pub(in crate::rules) static COMPANY_DOMAIN_SUFFIX: Rule = Rule {
    id: "order/company-domain-suffix",
    level: Level::Warning,
    page: include_str!("../../../rules/order/company-domain-suffix.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_domain_suffix),
};
