//! The customer's country.

use std::sync::LazyLock;

use super::word_list::{COUNTRIES, COUNTRY_NAMES};
use crate::finding::{Level, Safety};
use crate::payload::parameter::Parameter;
use crate::rule::{Check, Rule};

pub(in crate::rules) static UNKNOWN: Rule = Rule {
    id: "order/unknown-country",
    level: Level::Error,
    page: include_str!("../../../rules/order/unknown-country.md"),
    check: Check::Text(&[Parameter::EffectiveCountry], |text, _, findings| {
        if is_country(text) {
            return;
        }
        let finding = findings.report(
            text.span(),
            format!("`{text}` is no country code of two capital letters"),
        );
        let upper = text.trim().to_uppercase();
        if is_country(&upper) {
            finding.fix(text.rewrite(&upper, Safety::Safe));
        } else if let Some(code) = COUNTRY_NAMES.code_of(&text.trim().to_lowercase()) {
            finding.fix(text.rewrite(code, Safety::Unsafe));
        } else {
            finding.help("give the code of ISO 3166-1, such as US");
        }
    }),
};

/// Whether the text is a code of the list; each is two capitals.
fn is_country(code: &str) -> bool {
    static SECOND_LETTERS: LazyLock<[u32; 26]> = LazyLock::new(|| {
        let mut letters = [0; 26];
        for code in COUNTRIES.iter().map(str::as_bytes) {
            letters[usize::from(code[0] - b'A')] |= 1 << (code[1] - b'A');
        }
        letters
    });
    match code.as_bytes() {
        [first @ b'A'..=b'Z', second @ b'A'..=b'Z'] => {
            SECOND_LETTERS[usize::from(first - b'A')] & (1 << (second - b'A')) != 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_the_list_are_countries_and_no_others() {
        let letters = || (b'A'..=b'Z').map(char::from);
        let codes: Vec<String> = letters()
            .flat_map(|first| letters().map(move |second| format!("{first}{second}")))
            .filter(|code| is_country(code))
            .collect();
        assert_eq!(codes, COUNTRIES.iter().collect::<Vec<_>>());
        assert!(!is_country("us") && !is_country("USA") && !is_country(""));
    }
}
