//! Word lists and code lists: the files in `rules/data`, sorted, one entry per line.

use std::sync::OnceLock;

/// A word list, split into lines when it is first used.
pub(super) struct WordList {
    text: &'static str,
    lines: OnceLock<Vec<&'static str>>,
}

impl WordList {
    const fn new(text: &'static str) -> Self {
        Self {
            text,
            lines: OnceLock::new(),
        }
    }

    /// The code of a name, in a list of lines such as `new york=NY`.
    pub(super) fn code_of(&self, name: &str) -> Option<&'static str> {
        self.iter().find_map(|line| {
            let (known, code) = line.split_once('=')?;
            (known == name).then_some(code)
        })
    }

    /// Whether the list contains exactly this word.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.lines().binary_search(&word).is_ok()
    }

    /// The lines, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.lines().iter().copied()
    }

    fn lines(&self) -> &[&'static str] {
        self.lines.get_or_init(|| self.text.lines().collect())
    }
}

/// A list of codes of two capital letters, looked up without string comparison.
pub(super) struct CodeList {
    #[cfg(test)]
    text: &'static str,
    /// For each first letter a bit for each second letter.
    pairs: [u32; 26],
}

impl CodeList {
    /// Parses a list. A list that is not lines of two capital letters does not compile.
    const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        let mut pairs = [0; 26];
        let mut at = 0;
        while at < bytes.len() {
            let (first, second) = (bytes[at], bytes[at + 1]);
            assert!(
                first.is_ascii_uppercase() && second.is_ascii_uppercase() && bytes[at + 2] == b'\n'
            );
            pairs[(first - b'A') as usize] |= 1 << (second - b'A');
            at += 3;
        }
        Self {
            #[cfg(test)]
            text,
            pairs,
        }
    }

    /// Whether the list contains this code in letters of any case.
    pub(super) fn contains_ignore_case(&self, code: &str) -> bool {
        let upper = |byte: u8| byte.to_ascii_uppercase();
        match code.as_bytes() {
            &[first, second] => self.contains_bytes([upper(first), upper(second)]),
            _ => false,
        }
    }

    /// Whether the list contains exactly this code.
    pub(super) fn contains(&self, code: &str) -> bool {
        match code.as_bytes() {
            &[first, second] => self.contains_bytes([first, second]),
            _ => false,
        }
    }

    fn contains_bytes(&self, code: [u8; 2]) -> bool {
        match code {
            [first @ b'A'..=b'Z', second @ b'A'..=b'Z'] => {
                self.pairs[usize::from(first - b'A')] & (1 << (second - b'A')) != 0
            }
            _ => false,
        }
    }
}

/// Abbreviations of legal forms, in lower case: `pty ltd`.
pub(super) static COMPANY_ABBREVIATIONS: WordList =
    WordList::new(include_str!("../../rules/data/company-abbreviations.txt"));

/// The countries of ISO 3166-1.
pub(super) static COUNTRIES: CodeList =
    CodeList::new(include_str!("../../rules/data/countries.txt"));

/// Names and longer codes of countries, each with its two-letter code: `germany=DE`.
pub(super) static COUNTRY_NAMES: WordList =
    WordList::new(include_str!("../../rules/data/country-names.txt"));

/// Values of sample orders, in lower case.
pub(super) static SAMPLE_WORDS: WordList =
    WordList::new(include_str!("../../rules/data/sample-words.txt"));

/// Domains of sample e-mail addresses.
pub(super) static SAMPLE_MAIL_DOMAINS: WordList =
    WordList::new(include_str!("../../rules/data/sample-mail-domains.txt"));

/// The states of the US and its capital district.
pub(super) static US_STATES: CodeList =
    CodeList::new(include_str!("../../rules/data/us-states.txt"));

/// Names and older codes of US states, each with its code: `new york=NY`.
pub(super) static US_STATE_NAMES: WordList =
    WordList::new(include_str!("../../rules/data/us-state-names.txt"));

/// The provinces and territories of Canada.
pub(super) static CANADIAN_PROVINCES: CodeList =
    CodeList::new(include_str!("../../rules/data/canadian-provinces.txt"));

/// Names and older codes of Canadian provinces, each with its code: `ontario=ON`.
pub(super) static CANADIAN_PROVINCE_NAMES: WordList =
    WordList::new(include_str!("../../rules/data/canadian-province-names.txt"));

/// The countries in which Microsoft registers a customer only with a phone number and a tax id.
pub(super) static REGISTRATION_COUNTRIES: CodeList =
    CodeList::new(include_str!("../../rules/data/registration-countries.txt"));

/// The countries that Partner Center does not list.
pub(super) static COUNTRIES_NOT_SOLD: CodeList =
    CodeList::new(include_str!("../../rules/data/countries-not-sold.txt"));

/// The top-level domains of ASCII letters that the IANA lists, in lower case, as of October 2025.
pub(super) static TOP_LEVEL_DOMAINS: WordList =
    WordList::new(include_str!("../../rules/data/top-level-domains.txt"));

/// Top-level domains that Microsoft warns of at the end of a company name, in lower case.
pub(super) static COMPANY_DOMAIN_SUFFIXES: WordList =
    WordList::new(include_str!("../../rules/data/company-domain-suffixes.txt"));

/// For each error code of Partner Center that a rule's page names, the ids of these rules: `600051=order/phone-missing`.
pub(super) static RULES_BY_ERROR_CODE: WordList =
    WordList::new(include_str!("../../rules/data/rules-by-error-code.txt"));

/// The cultures that Partner Center supports, as it spells them.
pub(super) static CULTURES: WordList =
    WordList::new(include_str!("../../rules/data/partner-center-cultures.txt"));

/// The reasons of a denial that the service publishes, as it spells them.
pub(super) static VETTING_REASONS: WordList =
    WordList::new(include_str!("../../rules/data/vetting-reasons.txt"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_a_list_are_in_it_and_no_others() {
        let letters = || (b'A'..=b'Z').map(char::from);
        for list in [
            &COUNTRIES,
            &US_STATES,
            &CANADIAN_PROVINCES,
            &REGISTRATION_COUNTRIES,
            &COUNTRIES_NOT_SOLD,
        ] {
            let codes: Vec<String> = letters()
                .flat_map(|first| letters().map(move |second| format!("{first}{second}")))
                .filter(|code| list.contains(code))
                .collect();
            assert_eq!(codes, list.text.lines().collect::<Vec<_>>());
            assert!(!list.contains("us") && !list.contains("USA") && !list.contains(""));
        }
    }
}
