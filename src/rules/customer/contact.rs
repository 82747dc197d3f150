//! The contacts of the customer, and values that were copied from a sample.

use crate::finding::{Level, Safety};
use crate::kinds::customer::Role;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::customer::CustomerCheck;
use crate::rules::fields::{person_name, sample};

pub(in crate::rules) static PERSON_NAME_SHAPE: Rule = Rule {
    id: "customer/person-name-shape",
    level: Level::Error,
    page: include_str!("../../../rules/customer/person-name-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::FirstName, Role::LastName],
        &|field, _, _, findings| {
            person_name::check_shape("the contact", &field.string, findings);
        },
    )),
};

pub(in crate::rules) static SAMPLE_VALUE: Rule = Rule {
    id: "customer/sample-value",
    level: Level::Warning,
    page: include_str!("../../../rules/customer/sample-value.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[
            Role::CompanyName,
            Role::Domain,
            Role::Email,
            Role::FirstName,
            Role::LastName,
        ],
        &|field, _, _, findings| {
            let text = field.string.as_str();
            let is_sample = match field.role {
                Role::CompanyName => sample::is_sample_company(text),
                Role::Domain => sample::is_sample_domain(text),
                Role::Email => sample::is_sample_email(text),
                _ => sample::is_sample_word(text),
            };
            if is_sample {
                sample::report(&field.string, findings);
            }
        },
    )),
};

pub(in crate::rules) static MARKETPLACE_PHONE_SHAPE: Rule = Rule {
    id: "customer/marketplace-phone-shape",
    level: Level::Warning,
    page: include_str!("../../../rules/customer/marketplace-phone-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::MarketplacePhone],
        &|field, _, _, findings| {
            let phone = &field.string;
            if is_marketplace_number(phone) {
                return;
            }
            let finding = findings.report(
                phone.span(),
                format_args!(
                    "`{phone}` is not in the notation of the marketplace: country code, area code, \
                     number and extension with `#` between them"
                ),
            );
            match in_marketplace_notation(phone) {
                Some(number) => finding.fix(phone.replacement_fix(&number, Safety::Unsafe)),
                None => finding.help("write the number as in `49#2236#5550142#`"),
            };
        },
    )),
};

/// Whether a number is written as `CC#AREA#NUMBER#EXTENSION`. Area code and extension may be empty.
fn is_marketplace_number(text: &str) -> bool {
    let parts: Vec<&str> = text.split('#').collect();
    let [country, area, number, extension] = parts[..] else {
        return false;
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&country.len())
        && number.len() >= 4
        && [country, area, number, extension]
            .into_iter()
            .all(is_digits)
}

/// A number such as `+49 2236 5550142` in the notation of the marketplace.
fn in_marketplace_notation(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.trim().strip_prefix('+')?.split([' ', '-']).collect();
    let [country, area, number] = parts[..] else {
        return None;
    };
    let converted = format!("{country}#{area}#{number}#");
    (!area.is_empty() && is_marketplace_number(&converted)).then_some(converted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_and_converts_the_notation_of_the_marketplace() {
        for number in ["49#2236#5550142#", "81##18881234567#", "1#509#5550142#21"] {
            assert!(is_marketplace_number(number), "{number}");
        }
        for number in [
            "+49#2236#5550142#",
            "49#2236#5550142",
            "49#2236#555 01#",
            "#2236#5550142#",
            "",
        ] {
            assert!(!is_marketplace_number(number), "{number}");
        }
        let converted = |text| in_marketplace_notation(text);
        assert_eq!(
            converted("+49 2236 5550142").as_deref(),
            Some("49#2236#5550142#")
        );
        assert_eq!(
            converted("+1-509-5550142").as_deref(),
            Some("1#509#5550142#")
        );
        assert_eq!(converted("+49 2236 555 01 42"), None);
        assert_eq!(converted("2236 555 0142"), None);
    }
}
