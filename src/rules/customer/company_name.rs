//! The name of the company.

use crate::finding::Level;
use crate::kinds::customer::Role;
use crate::rule::{Check, Overlap, Rule, Subject};
use crate::rules::customer::CustomerCheck;
use crate::rules::fields::company_name;

/// A check of the company name.
macro_rules! company_name {
    ($check:ident) => {
        Check::View(&CustomerCheck::Field(
            &[Role::CompanyName],
            &|field, _, _, findings| company_name::$check(&field.string, findings),
        ))
    };
}

pub(in crate::rules) static COMPANY_ABBREVIATION: Rule = Rule {
    id: "customer/company-abbreviation",
    level: Level::Error,
    page: include_str!("../../../rules/customer/company-abbreviation.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_abbreviation),
};

pub(in crate::rules) static COMPANY_ABBREVIATION_WORD: Rule = Rule {
    id: "customer/company-abbreviation-word",
    level: Level::Warning,
    page: include_str!("../../../rules/customer/company-abbreviation-word.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_abbreviation_word),
};

pub(in crate::rules) static COMPANY_BLANK: Rule = Rule {
    id: "customer/company-blank",
    level: Level::Error,
    page: include_str!("../../../rules/customer/company-blank.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_has_letter),
};

pub(in crate::rules) static COMPANY_DOMAIN_SUFFIX: Rule = Rule {
    id: "customer/company-domain-suffix",
    level: Level::Warning,
    page: include_str!("../../../rules/customer/company-domain-suffix.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_domain_suffix),
};

pub(in crate::rules) static COMPANY_ONE_CHARACTER: Rule = Rule {
    id: "customer/company-one-character",
    level: Level::Error,
    page: include_str!("../../../rules/customer/company-one-character.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_one_character),
};

pub(in crate::rules) static COMPANY_SPACED_CHARACTERS: Rule = Rule {
    id: "customer/company-spaced-characters",
    level: Level::Warning,
    page: include_str!("../../../rules/customer/company-spaced-characters.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: company_name!(check_spaced_characters),
};

pub(in crate::rules) static COMPANY_SPACING: Rule = Rule {
    id: "customer/company-spacing",
    level: Level::Error,
    page: include_str!("../../../rules/customer/company-spacing.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace, Subject::Characters]),
    check: company_name!(check_spacing),
};
