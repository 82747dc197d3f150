//! The company and the billing profile: domain, registration number, culture.

use crate::finding::{Level, Safety};
use crate::kinds::customer::Role;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::customer::CustomerCheck;
use crate::rules::data::CULTURES;
use crate::rules::fields::{country, domain, registration};
use crate::suggest;

/// The suffix of domains in the integration sandbox of Partner Center.
const SANDBOX_SUFFIX: &str = ".ccsctp.net";

pub(in crate::rules) static DOMAIN_SHAPE: Rule = Rule {
    id: "customer/domain-shape",
    level: Level::Error,
    page: include_str!("../../../rules/customer/domain-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Domain],
        &|field, _, _, findings| {
            let lower = field.string.trim().to_ascii_lowercase();
            if !lower.ends_with(SANDBOX_SUFFIX) {
                domain::check_shape(&field.string, true, findings);
            }
        },
    )),
};

pub(in crate::rules) static REGISTRATION_NUMBER_MISSING: Rule = Rule {
    id: "customer/registration-number-missing",
    level: Level::Warning,
    page: include_str!("../../../rules/customer/registration-number-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Country],
        &|field, customer, _, findings| {
            let path = ["companyProfile", "organizationRegistrationNumber"];
            if customer.may_have(&path) || !country::requires_registration(&field.string) {
                return;
            }
            findings
                .report(
                    field.string.span(),
                    format_args!(
                        "`organizationRegistrationNumber` is missing; Partner Center requires it \
                         for new customers in `{}`",
                        field.string.trim().to_ascii_uppercase()
                    ),
                )
                .help("add it to `companyProfile` with the registration number of the customer");
        },
    )),
};

pub(in crate::rules) static REGISTRATION_NUMBER_SHAPE: Rule = Rule {
    id: "customer/registration-number-shape",
    level: Level::Warning,
    page: include_str!("../../../rules/customer/registration-number-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::RegistrationNumber],
        &|field, _, _, findings| {
            registration::check_length("registration number", &field.string, findings);
        },
    )),
};

pub(in crate::rules) static UNKNOWN_CULTURE: Rule = Rule {
    id: "customer/unknown-culture",
    level: Level::Error,
    page: include_str!("../../../rules/customer/unknown-culture.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Culture],
        &|field, _, _, findings| {
            let culture = &field.string;
            let known = |text: &str| {
                CULTURES
                    .iter()
                    .find(|known| known.eq_ignore_ascii_case(text))
            };
            if known(culture).is_some() {
                return;
            }
            let finding = findings.report(
                culture.span(),
                format_args!("`{culture}` is not a culture that Partner Center supports"),
            );
            let hyphenated = culture.trim().replace('_', "-");
            if let Some(culture) = known(&hyphenated) {
                finding.fix(field.string.replacement_fix(culture, Safety::Safe));
            } else if let Some(culture) = suggest::nearest(&hyphenated, CULTURES.iter()) {
                finding.fix(field.string.replacement_fix(culture, Safety::Unsafe));
            } else {
                finding.help("use a language and a country, such as `en-US`");
            }
        },
    )),
};
