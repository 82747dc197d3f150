//! Word lists: plain files, one word a line, sorted.

use std::sync::LazyLock;

/// A list that is split when it is first asked.
pub(super) struct WordList(LazyLock<Vec<&'static str>>);

impl WordList {
    pub(super) const fn new(lines: fn() -> Vec<&'static str>) -> Self {
        Self(LazyLock::new(lines))
    }

    /// Whether the list has exactly this word.
    pub(super) fn has(&self, word: &str) -> bool {
        self.0.binary_search(&word).is_ok()
    }

    /// The code of a name, in a list of lines such as `new york=NY`.
    pub(super) fn code_of(&self, name: &str) -> Option<&'static str> {
        self.iter().find_map(|line| {
            let (known, code) = line.split_once('=')?;
            (known == name).then_some(code)
        })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }
}

pub(super) static COMPANY_ABBREVIATIONS: WordList = WordList::new(|| {
    include_str!("../../../rules/data/company-abbreviations.txt")
        .lines()
        .collect()
});

pub(super) static COUNTRIES: WordList = WordList::new(|| {
    include_str!("../../../rules/data/countries.txt")
        .lines()
        .collect()
});

/// Names and longer codes of countries, each with its two-letter code: `germany=DE`.
pub(super) static COUNTRY_NAMES: WordList = WordList::new(|| {
    include_str!("../../../rules/data/country-names.txt")
        .lines()
        .collect()
});

pub(super) static SAMPLE_WORDS: WordList = WordList::new(|| {
    include_str!("../../../rules/data/sample-words.txt")
        .lines()
        .collect()
});

pub(super) static SAMPLE_MAIL_DOMAINS: WordList = WordList::new(|| {
    include_str!("../../../rules/data/sample-mail-domains.txt")
        .lines()
        .collect()
});

/// The states of the US and its capital district.
pub(super) static US_STATES: WordList = WordList::new(|| {
    include_str!("../../../rules/data/us-states.txt")
        .lines()
        .collect()
});

/// Their names and older codes, each with its code: `new york=NY`.
pub(super) static US_STATE_NAMES: WordList = WordList::new(|| {
    include_str!("../../../rules/data/us-state-names.txt")
        .lines()
        .collect()
});

/// The provinces and territories of Canada.
pub(super) static CANADIAN_PROVINCES: WordList = WordList::new(|| {
    include_str!("../../../rules/data/canadian-provinces.txt")
        .lines()
        .collect()
});

/// Their names and older codes, each with its code: `ontario=ON`.
pub(super) static CANADIAN_PROVINCE_NAMES: WordList = WordList::new(|| {
    include_str!("../../../rules/data/canadian-province-names.txt")
        .lines()
        .collect()
});

/// The countries in which Microsoft takes no address without a phone number.
pub(super) static PHONE_COUNTRIES: WordList = WordList::new(|| {
    include_str!("../../../rules/data/phone-mandatory-countries.txt")
        .lines()
        .collect()
});
