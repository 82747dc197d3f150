//! Word lists and code lists: the files in `rules/data`, sorted, one entry per line.

use std::sync::LazyLock;

/// A word list, split into lines when it is first used.
pub(super) struct WordList(LazyLock<Vec<&'static str>>);

impl WordList {
    pub(super) const fn new(lines: fn() -> Vec<&'static str>) -> Self {
        Self(LazyLock::new(lines))
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

/// A list of codes of two capital letters, looked up without string comparison.
pub(super) struct CodeList {
    codes: WordList,
    /// For each first letter a bit for each second letter.
    pairs: LazyLock<[u32; 26]>,
}

impl CodeList {
    const fn new(lines: fn() -> Vec<&'static str>, pairs: fn() -> [u32; 26]) -> Self {
        Self {
            codes: WordList::new(lines),
            pairs: LazyLock::new(pairs),
        }
    }

    /// Whether the list contains exactly this code.
    pub(super) fn contains(&self, code: &str) -> bool {
        match code.as_bytes() {
            [first @ b'A'..=b'Z', second @ b'A'..=b'Z'] => {
                self.pairs[usize::from(first - b'A')] & (1 << (second - b'A')) != 0
            }
            _ => false,
        }
    }
}

fn pairs_of(codes: &WordList) -> [u32; 26] {
    let mut pairs = [0; 26];
    for code in codes.iter().map(str::as_bytes) {
        pairs[usize::from(code[0] - b'A')] |= 1 << (code[1] - b'A');
    }
    pairs
}

pub(super) static COMPANY_ABBREVIATIONS: WordList = WordList::new(|| {
    include_str!("../../rules/data/company-abbreviations.txt")
        .lines()
        .collect()
});

pub(super) static COUNTRIES: CodeList = CodeList::new(
    || {
        include_str!("../../rules/data/countries.txt")
            .lines()
            .collect()
    },
    || pairs_of(&COUNTRIES.codes),
);

/// Names and longer codes of countries, each with its two-letter code: `germany=DE`.
pub(super) static COUNTRY_NAMES: WordList = WordList::new(|| {
    include_str!("../../rules/data/country-names.txt")
        .lines()
        .collect()
});

pub(super) static SAMPLE_WORDS: WordList = WordList::new(|| {
    include_str!("../../rules/data/sample-words.txt")
        .lines()
        .collect()
});

pub(super) static SAMPLE_MAIL_DOMAINS: WordList = WordList::new(|| {
    include_str!("../../rules/data/sample-mail-domains.txt")
        .lines()
        .collect()
});

/// The states of the US and its capital district.
pub(super) static US_STATES: CodeList = CodeList::new(
    || {
        include_str!("../../rules/data/us-states.txt")
            .lines()
            .collect()
    },
    || pairs_of(&US_STATES.codes),
);

/// Their names and older codes, each with its code: `new york=NY`.
pub(super) static US_STATE_NAMES: WordList = WordList::new(|| {
    include_str!("../../rules/data/us-state-names.txt")
        .lines()
        .collect()
});

/// The provinces and territories of Canada.
pub(super) static CANADIAN_PROVINCES: CodeList = CodeList::new(
    || {
        include_str!("../../rules/data/canadian-provinces.txt")
            .lines()
            .collect()
    },
    || pairs_of(&CANADIAN_PROVINCES.codes),
);

/// Their names and older codes, each with its code: `ontario=ON`.
pub(super) static CANADIAN_PROVINCE_NAMES: WordList = WordList::new(|| {
    include_str!("../../rules/data/canadian-province-names.txt")
        .lines()
        .collect()
});

/// The countries whose addresses Microsoft accepts only with a phone number.
pub(super) static PHONE_COUNTRIES: CodeList = CodeList::new(
    || {
        include_str!("../../rules/data/phone-mandatory-countries.txt")
            .lines()
            .collect()
    },
    || pairs_of(&PHONE_COUNTRIES.codes),
);

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
            &PHONE_COUNTRIES,
        ] {
            let codes: Vec<String> = letters()
                .flat_map(|first| letters().map(move |second| format!("{first}{second}")))
                .filter(|code| list.contains(code))
                .collect();
            assert_eq!(codes, list.codes.iter().collect::<Vec<_>>());
            assert!(!list.contains("us") && !list.contains("USA") && !list.contains(""));
        }
    }
}
