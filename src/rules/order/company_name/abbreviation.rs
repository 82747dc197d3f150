//! Abbreviations of legal forms in company names, such as `Pty. Ltd.`, found by an index that is derived from the word
//! list: any abbreviation of at least two letters may be listed.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use crate::rules::data::COMPANY_ABBREVIATIONS;
use crate::simd::{ByteMasks, set_bits};

/// The index of the shipped list.
pub(super) static ABBREVIATIONS: LazyLock<AbbreviationIndex> =
    LazyLock::new(|| AbbreviationIndex::new(COMPANY_ABBREVIATIONS.iter()));

/// How many words a spelled-out abbreviation such as `c p a` has at most, to be found among other words.
const MAX_SPELLED_OUT: usize = 3;

/// A list of abbreviations and what a search needs to know of it.
pub(super) struct AbbreviationIndex {
    /// In lower case, words separated by one space.
    known: BTreeSet<&'static str>,
    /// The maximum length of an abbreviation in bytes, if each letter is a word of its own.
    max_len: usize,
    /// The maximum number of words of an abbreviation within a name.
    max_words: usize,
    /// For each first letter a bit for each second letter of an abbreviation.
    second: [u32; 26],
    /// For each second letter a bit for each third letter of an abbreviation.
    third: [u32; 26],
    /// For each first letter a bit for each second letter that ends an abbreviation.
    last: [u32; 26],
    /// Whether some abbreviation has anything but ASCII letters at its start, so that the tables do not decide.
    has_others: bool,
}

impl AbbreviationIndex {
    /// An index of abbreviations in lower case, each of at least two letters or digits, words separated by one space.
    pub(super) fn new(list: impl Iterator<Item = &'static str>) -> Self {
        let mut index = Self {
            known: list.collect(),
            max_len: 0,
            max_words: MAX_SPELLED_OUT,
            second: [0; 26],
            third: [0; 26],
            last: [0; 26],
            has_others: false,
        };
        let known: Vec<&str> = index.known.iter().copied().collect();
        for abbreviation in known {
            index.max_len = index.max_len.max(2 * abbreviation.len());
            index.max_words = index.max_words.max(abbreviation.split(' ').count());
            let mut letters = abbreviation.chars().filter(|c| *c != ' ').map(letter_index);
            match (
                letters.next().flatten(),
                letters.next().flatten(),
                letters.next(),
            ) {
                (Some(first), Some(second), Some(Some(third))) => {
                    index.second[first] |= 1 << second;
                    index.third[second] |= 1 << third;
                }
                (Some(first), Some(second), None) => {
                    index.second[first] |= 1 << second;
                    index.last[first] |= 1 << second;
                }
                _ => index.has_others = true,
            }
        }
        index
    }

    /// Whether a string is an abbreviation, whatever its case, dots, commas, parentheses around words and additional
    /// spaces; a sequence of single letters is the word that they spell.
    pub(super) fn is_abbreviation(&self, text: &str) -> bool {
        if !self.may_start(text) {
            return false;
        }
        let mut normal = String::with_capacity(self.max_len);
        let mut is_spelled_out = true;
        for word in text.split_whitespace() {
            let mut letters = 0;
            let word = word.trim_matches(['(', ')']).chars();
            for letter in word.filter(|c| !matches!(c, '.' | ',')) {
                if letters == 0 && !normal.is_empty() {
                    normal.push(' ');
                }
                if normal.len() >= self.max_len || !letter.is_alphanumeric() {
                    return false;
                }
                letters += 1;
                push_lower_case(letter, &mut normal);
            }
            is_spelled_out &= letters <= 1;
        }
        self.known.contains(normal.as_str())
            || is_spelled_out
                && normal.contains(' ')
                && self.known.contains(normal.replace(' ', "").as_str())
    }

    /// Whether an abbreviation may be at the start of a string, by its first three letters. Decides most words of names.
    pub(super) fn may_start(&self, text: &str) -> bool {
        if self.has_others {
            return true;
        }
        let has = |table: &[u32; 26], first: usize, next: usize| table[first] & (1 << next) != 0;
        // Two letters decide most words.
        if let [first, second, ..] = text.as_bytes()
            && let (Some(first), Some(second)) = (
                letter_index(char::from(*first)),
                letter_index(char::from(*second)),
            )
            && !has(&self.second, first, second)
        {
            return false;
        }
        let mut letters = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| byte.is_ascii_alphanumeric())
            .map(|(at, byte)| (at, letter_index(char::from(byte))));
        let (Some((_, Some(first))), Some((at, Some(second)))) = (letters.next(), letters.next())
        else {
            return false;
        };
        if !has(&self.second, first, second) {
            return false;
        }
        match letters.next() {
            Some((_, Some(third))) if has(&self.third, second, third) => true,
            // One of two letters ends with its word.
            Some((next, _)) => {
                has(&self.last, first, second) && text[at..next].contains(char::is_whitespace)
            }
            None => has(&self.last, first, second),
        }
    }

    /// Whether an abbreviation may be at the start of a word of a name. Decides most names without splitting them.
    fn may_contain(&self, name: &str) -> bool {
        let Some(masks) = ByteMasks::of(name.as_bytes()).filter(|_| name.is_ascii()) else {
            return true;
        };
        let spaces = masks.eq_mask(b' ') | masks.range_mask(b'\t'..=b'\r');
        let starts = !spaces & (spaces << 1 | 1) & masks.len_mask();
        set_bits(starts).any(|start| self.may_start(&name[start..]))
    }

    /// The range of the longest abbreviation among the words of a name; of several the first.
    pub(super) fn find_in(&self, name: &str) -> Option<Range<usize>> {
        let mut best: Option<Range<usize>> = None;
        let end_of = |word: &str| word.as_ptr().addr() - name.as_ptr().addr() + word.len();
        if !self.may_contain(name) {
            return None;
        }
        for word in name.split_whitespace() {
            let start = end_of(word) - word.len();
            if !self.may_start(&name[start..]) {
                continue;
            }
            for last in name[start..].split_whitespace().take(self.max_words) {
                let end = end_of(last);
                let is_longer = best.as_ref().is_none_or(|best| end - start > best.len());
                if is_longer && self.is_abbreviation(&name[start..end]) {
                    best = Some(start..end);
                }
            }
        }
        best
    }
}

/// The index of an ASCII letter in the alphabet, in either case.
fn letter_index(c: char) -> Option<usize> {
    let lower = c.to_ascii_lowercase();
    lower
        .is_ascii_lowercase()
        .then(|| usize::from(lower as u8 - b'a'))
}

/// Appends a character in lower case. A character outside ASCII never becomes an ASCII letter, as the Kelvin sign would.
fn push_lower_case(c: char, text: &mut String) {
    if c.is_ascii() {
        text.push(c.to_ascii_lowercase());
    } else {
        text.extend(
            c.to_lowercase()
                .map(|lower| if lower.is_ascii() { c } else { lower }),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'n>(index: &AbbreviationIndex, name: &'n str) -> Option<&'n str> {
        index.find_in(name).map(|range| &name[range])
    }

    #[test]
    fn finds_the_longest_abbreviation_among_words() {
        for (name, expected) in [
            ("27 Rings Jewelers LLC", Some("LLC")),
            ("Acme Pty Ltd", Some("Pty Ltd")),
            ("Smith c p a", Some("c p a")),
            ("Acme, Inc.", Some("Inc.")),
            ("Acme\u{A0}Inc", Some("Inc")),
            ("Caféinc Roasters", None),
            ("Income Builders", None),
        ] {
            assert_eq!(found(&ABBREVIATIONS, name), expected, "{name}");
        }
    }

    #[test]
    fn recognises_an_abbreviation_in_any_notation() {
        for text in [
            "LLC",
            "c. p. a.",
            "C.P.A",
            "Pty. Ltd.",
            "(inc.)",
            "O.O.O.",
            "g m b h",
            " llc ",
        ] {
            assert!(ABBREVIATIONS.is_abbreviation(text), "{text}");
        }
        for text in ["", "LL", "LLCs", "L&C", "Pty Ltd Co", "LLC 2", "\u{212A}FT"] {
            assert!(!ABBREVIATIONS.is_abbreviation(text), "{text}");
        }
    }

    #[test]
    fn a_list_may_hold_any_abbreviation() {
        let lists: [&[&str]; 4] = [
            &["ag", "as", "bv", "oy", "oy ab", "se", "spa", "srl"],
            &["a1", "3g"],
            &["øk", "ab"],
            &["société anonyme", "kommanditgesellschaft auf aktien", "gbr"],
        ];
        for list in lists {
            let index = AbbreviationIndex::new(list.iter().copied());
            for abbreviation in list {
                let upper = abbreviation.to_uppercase();
                let dotted: String = upper.chars().map(|c| format!("{c}.")).collect();
                assert!(index.is_abbreviation(abbreviation), "{abbreviation}");
                assert!(index.is_abbreviation(&upper), "{upper}");
                assert!(index.is_abbreviation(&format!("({upper})")), "{upper}");
                if !abbreviation.contains(' ') {
                    assert!(index.is_abbreviation(&dotted), "{dotted}");
                }
                assert_eq!(found(&index, &format!("Nordlicht {upper}")), Some(&*upper));
                assert_eq!(found(&index, &format!("{upper} Nordlicht")), Some(&*upper));
            }
        }
        let index = AbbreviationIndex::new(lists[0].iter().copied());
        for name in [
            "Agrar Handel",
            "Oyster Bar",
            "Sea View",
            "Spare Parts",
            "A Grand Hotel",
        ] {
            assert_eq!(found(&index, name), None, "{name}");
        }
        assert_eq!(found(&index, "Salmi Oy Ab"), Some("Oy Ab"));
        assert_eq!(found(&index, "Muster A.G."), Some("A.G."));
    }
}
