//! States and postal codes.

use crate::finding::{Level, Safety};
use crate::payload::JsonString;
use crate::rule::RuleReporter;
use crate::rules::data::{
    CANADIAN_PROVINCE_NAMES, CANADIAN_PROVINCES, CodeList, US_STATE_NAMES, US_STATES, WordList,
};

/// A country whose states and postal codes are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Country {
    UnitedStates,
    Canada,
}

impl Country {
    /// The country of this code, if it is one of the two, ignoring case.
    pub(in crate::rules) fn of_code(code: &JsonString<'_>) -> Option<Country> {
        let code = code.trim();
        if code.eq_ignore_ascii_case("US") {
            Some(Country::UnitedStates)
        } else if code.eq_ignore_ascii_case("CA") {
            Some(Country::Canada)
        } else {
            None
        }
    }

    fn states(self) -> &'static CodeList {
        match self {
            Country::UnitedStates => &US_STATES,
            Country::Canada => &CANADIAN_PROVINCES,
        }
    }

    fn state_names(self) -> &'static WordList {
        match self {
            Country::UnitedStates => &US_STATE_NAMES,
            Country::Canada => &CANADIAN_PROVINCE_NAMES,
        }
    }
}

/// Reports what is not the code of a state or province. `name` is what the value is called; without a country, it can be
/// a state of either.
pub(in crate::rules) fn check_state(
    name: &str,
    state: &JsonString<'_>,
    country: Option<Country>,
    findings: &mut RuleReporter<'_>,
) {
    let candidates: &[Country] = match country {
        Some(Country::UnitedStates) => &[Country::UnitedStates],
        Some(Country::Canada) => &[Country::Canada],
        None => &[Country::UnitedStates, Country::Canada],
    };
    let is_state = |code: &str| {
        candidates
            .iter()
            .any(|country| country.states().contains(code))
    };
    if is_state(state) {
        return;
    }
    let region = match country {
        Some(Country::UnitedStates) => "US state",
        Some(Country::Canada) => "Canadian province",
        None => "US state or Canadian province",
    };
    let finding = findings.report(
        state.span(),
        format_args!("`{name}` must be a {region} code of two capital letters, found `{state}`"),
    );
    let upper = state.trim().to_uppercase();
    let lower = state.trim().to_lowercase();
    let code = || {
        let mut names = candidates.iter().map(|country| country.state_names());
        names.find_map(|names| names.code_of(&lower))
    };
    if is_state(&upper) {
        finding.fix(state.replacement_fix(&upper, Safety::Safe));
    } else if let Some(code) = code() {
        finding.fix(state.replacement_fix(code, Safety::Unsafe));
    } else {
        finding.help("use the two-letter code of the state or province, such as `NY` or `ON`");
    }
}

/// Reports what is not a postal code of the country with this code.
pub(in crate::rules) fn check_postal_code(
    code: &JsonString<'_>,
    country: Option<&JsonString<'_>>,
    findings: &mut RuleReporter<'_>,
) {
    let Some(country_code) = country else { return };
    let Some(country) = Country::of_code(country_code) else {
        return check_portuguese_code(code, country_code, findings);
    };
    let (is_valid, code_name, help): (fn(&str) -> bool, _, _) = match country {
        Country::UnitedStates => (
            is_zip_code,
            "US ZIP code; expected the form `12345` or `12345-6789`",
            "use 5 digits, or 5 digits, a hyphen and 4 digits",
        ),
        Country::Canada => (
            is_canadian_code,
            "Canadian postal code; expected the form `A1A 1A1`",
            "use a code such as `K1A 0B1`, with capital letters and a space",
        ),
    };
    if is_valid(code) {
        return;
    }
    let finding = findings.report(code.span(), format_args!("`{code}` is not a {code_name}"));
    match corrected_code(country, code).filter(|(corrected, _)| is_valid(corrected)) {
        Some((corrected, safety)) => {
            // No source says that a Canadian code is refused for its case or its missing space.
            if country == Country::Canada {
                finding.level = Level::Warning;
            }
            finding.fix(code.replacement_fix(&corrected, safety))
        }
        None => finding.help(help),
    };
}

/// Reports a code that is not one of Portugal, such as `1000` or `1000-205`, if that is the country.
fn check_portuguese_code(
    code: &JsonString<'_>,
    country: &JsonString<'_>,
    findings: &mut RuleReporter<'_>,
) {
    if !country.trim().eq_ignore_ascii_case("PT") {
        return;
    }
    let is_expected = |(index, byte): (usize, u8)| match index {
        4 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    let is_valid =
        |text: &str| matches!(text.len(), 4 | 8) && text.bytes().enumerate().all(is_expected);
    if is_valid(code) {
        return;
    }
    let message = format_args!(
        "`{code}` is not a Portuguese postal code; expected the form `1234` or `1234-567`"
    );
    let finding = findings.report(code.span(), message);
    finding.level = Level::Warning;
    match is_valid(code.trim()) {
        true => finding.fix(code.replacement_fix(code.trim(), Safety::Safe)),
        false => finding.help("use 4 digits, or 4 digits, a hyphen and 3 digits"),
    };
}

/// Whether a string is a ZIP code, such as `14221` or `14221-1408`.
fn is_zip_code(text: &str) -> bool {
    let is_expected = |(index, byte): (usize, u8)| match index {
        5 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    matches!(text.len(), 5 | 10) && text.bytes().enumerate().all(is_expected)
}

/// Whether a string is a Canadian postal code, such as `B3H 4R2`.
fn is_canadian_code(text: &str) -> bool {
    let is_expected = |(index, byte): (usize, u8)| match index {
        0 | 2 | 5 => byte.is_ascii_uppercase(),
        3 => byte == b' ',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 7 && text.bytes().enumerate().all(is_expected)
}

/// A candidate for the intended code. The caller validates it.
fn corrected_code(country: Country, code: &str) -> Option<(String, Safety)> {
    let trimmed = code.trim();
    match country {
        Country::UnitedStates if is_zip_code(trimmed) => Some((trimmed.to_owned(), Safety::Safe)),
        Country::UnitedStates => {
            if !trimmed.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            match trimmed.len() {
                4 => Some((format!("0{trimmed}"), Safety::Unsafe)),
                9 => Some((
                    format!("{}-{}", &trimmed[..5], &trimmed[5..]),
                    Safety::Unsafe,
                )),
                _ => None,
            }
        }
        Country::Canada => {
            let letters: String = trimmed
                .chars()
                .filter(|c| !matches!(c, ' ' | '-'))
                .flat_map(char::to_uppercase)
                .collect();
            let (area, unit) = letters.split_at_checked(3)?;
            Some((format!("{area} {unit}"), Safety::Safe))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrects_postal_codes() {
        use Country::{Canada, UnitedStates};
        use Safety::{Safe, Unsafe};
        for (country, code, expected) in [
            (UnitedStates, " 14221", Some(("14221", Safe))),
            (UnitedStates, "4609", Some(("04609", Unsafe))),
            (UnitedStates, "142211234", Some(("14221-1234", Unsafe))),
            (UnitedStates, "B3H 4R2", None),
            (Canada, "b3h4r2", Some(("B3H 4R2", Safe))),
            (Canada, "B3H-4R2", Some(("B3H 4R2", Safe))),
        ] {
            let found = corrected_code(country, code);
            let found = found
                .as_ref()
                .map(|(code, safety)| (code.as_str(), *safety));
            assert_eq!(found, expected, "{code}");
        }
        assert!(is_zip_code("14221") && is_zip_code("14221-1408") && !is_zip_code("14221-140"));
        assert!(is_canadian_code("B3H 4R2") && !is_canadian_code("B3H4R2 "));
    }
}
