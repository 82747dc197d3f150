//! Abbreviations of legal forms in company names, such as `Pty. Ltd.`, and the index that finds them.
//!
//! The list is data: an abbreviation is one or more words of letters and digits of any script, at least two characters
//! in all. Whatever the search depends on is derived from the list when the index is built.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use smallvec::SmallVec;

use super::has_ascii_whitespace_only;
use crate::rules::data::COMPANY_ABBREVIATIONS;
use crate::simd::{ByteMasks, set_bits};

/// The index of the shipped list.
pub(super) static ABBREVIATIONS: LazyLock<AbbreviationIndex> =
    LazyLock::new(|| AbbreviationIndex::new(COMPANY_ABBREVIATIONS.iter()));

/// The number of words of a name that are searched together even if each abbreviation has fewer words, so that
/// `c p a` is found among other words.
const MIN_WINDOW: usize = 3;

/// The maximum number of letters of a spelled-out abbreviation. A longer sequence is reported as single characters.
const MAX_SPELLED_OUT: usize = 9;

/// The number of bytes in which the characters must be that [`AbbreviationIndex::may_start`] looks at. Bounds the work
/// for each word of a name that has only punctuation.
const PREFIX_LEN: usize = 18;

/// A list of abbreviations and the tables for the search.
pub(super) struct AbbreviationIndex {
    /// The abbreviations in UTF-8, in lower case, with one space between words.
    known: BTreeSet<&'static [u8]>,
    /// The maximum length of a normal form in bytes: that of the longest abbreviation, if it is spelled out.
    max_len: usize,
    /// The maximum number of words of an abbreviation within a name.
    window: usize,
    /// By the class of the first character, the classes of the second one.
    second: ClassTable,
    /// By the class of the second character, the classes of the third one.
    third: ClassTable,
    /// By the class of the first character, the classes of the second one of abbreviations without a third one.
    last: ClassTable,
}

impl AbbreviationIndex {
    /// An index of abbreviations in lower case with one space between words. Entries of one character are never found.
    pub(super) fn new(list: impl Iterator<Item = &'static str>) -> Self {
        let mut index = Self {
            known: BTreeSet::new(),
            max_len: 0,
            window: MIN_WINDOW,
            second: ClassTable::EMPTY,
            third: ClassTable::EMPTY,
            last: ClassTable::EMPTY,
        };
        for abbreviation in list {
            index.known.insert(abbreviation.as_bytes());
            index.max_len = index.max_len.max(2 * abbreviation.len());
            index.window = index.window.max(abbreviation.split(' ').count());
            let mut classes = abbreviation.chars().filter_map(class_of);
            let (Some(first), Some(second)) = (classes.next(), classes.next()) else {
                continue;
            };
            index.second.insert(first, second);
            match classes.next() {
                Some(third) => index.third.insert(second, third),
                None => index.last.insert(first, second),
            }
        }
        index
    }

    /// Whether a string is an abbreviation, whatever its case, dots, commas, parentheses around words and additional
    /// whitespace. A sequence of single letters is the word that they spell.
    pub(super) fn is_abbreviation(&self, text: &str) -> bool {
        self.may_start(text) && self.is_known(text)
    }

    fn is_known(&self, text: &str) -> bool {
        NormalForm::of(text, self.max_len).is_some_and(|form| {
            self.known.contains(form.words.as_slice())
                || form.spells_a_word() && self.known.contains(form.letters().as_slice())
        })
    }

    /// Whether an abbreviation may be at the start of a string, by its first three letters or digits. Rules out
    /// most words of names, and never a word that an abbreviation starts with.
    #[inline]
    pub(super) fn may_start(&self, text: &str) -> bool {
        // For most words two bytes decide.
        if let [first, second, ..] = text.as_bytes()
            && let (Some(first), Some(second)) = (class_of_byte(*first), class_of_byte(*second))
            && !self.second.contains(first, second)
        {
            return false;
        }
        self.may_start_after_punctuation(text)
    }

    fn may_start_after_punctuation(&self, text: &str) -> bool {
        let mut prefix = text
            .char_indices()
            .take_while(|(at, _)| *at < PREFIX_LEN)
            .filter_map(|(at, c)| Some((at, class_of(c)?)));
        let (Some((_, first)), Some((at, second))) = (prefix.next(), prefix.next()) else {
            return false;
        };
        if !self.second.contains(first, second) {
            return false;
        }
        match prefix.next() {
            Some((_, third)) if self.third.contains(second, third) => true,
            // An abbreviation of two characters ends with its word.
            Some((next, _)) => {
                self.last.contains(first, second) && text[at..next].contains(char::is_whitespace)
            }
            None => self.last.contains(first, second),
        }
    }

    /// Whether an abbreviation may be at the start of a word of a name. Decides most names without splitting them.
    fn may_contain(&self, name: &str) -> bool {
        let Some(masks) = ByteMasks::of(name.as_bytes()).filter(has_ascii_whitespace_only) else {
            return true;
        };
        let spaces = masks.eq_mask(b' ') | masks.range_mask(b'\t'..=b'\r');
        let starts = !spaces & (spaces << 1 | 1) & masks.len_mask();
        set_bits(starts).any(|start| self.may_start(&name[start..]))
    }

    /// The range of the longest abbreviation among the words of a name; of several the first.
    pub(super) fn find_in(&self, name: &str) -> Option<Range<usize>> {
        if !self.may_contain(name) {
            return None;
        }
        let mut best: Option<Range<usize>> = None;
        let mut words = word_ranges(name);
        loop {
            let window = words.clone().take(self.window);
            let Some(Range { start, .. }) = words.next() else {
                return best;
            };
            if !self.may_start(&name[start..]) {
                continue;
            }
            for Range { end, .. } in window {
                let is_longer = best.as_ref().is_none_or(|best| end - start > best.len());
                if is_longer && self.is_abbreviation(&name[start..end]) {
                    best = Some(start..end);
                }
            }
        }
    }
}

/// A string as abbreviations are listed.
struct NormalForm {
    /// The letters in lower case, with one space between words.
    words: SmallVec<[u8; 32]>,
    word_count: usize,
    has_only_single_letters: bool,
}

impl NormalForm {
    /// Normalizes a string; `None` if a word has other characters than letters and digits, or if there are more than
    /// `max_len` bytes.
    fn of(text: &str, max_len: usize) -> Option<Self> {
        let mut form = Self {
            words: SmallVec::new(),
            word_count: 0,
            has_only_single_letters: true,
        };
        for word in text.split_whitespace() {
            let letters = word.trim_matches(['(', ')']).chars();
            let mut letter_count = 0;
            for letter in letters.filter(|c| !matches!(c, '.' | ',')) {
                if letter_count == 0 {
                    form.start_word();
                }
                letter_count += 1;
                form.push(letter);
                if form.words.len() > max_len || !letter.is_alphanumeric() {
                    return None;
                }
            }
            form.has_only_single_letters &= letter_count <= 1;
        }
        Some(form)
    }

    fn start_word(&mut self) {
        if self.word_count > 0 {
            self.words.push(b' ');
        }
        self.word_count += 1;
    }

    fn push(&mut self, letter: char) {
        let mut utf8 = [0; 4];
        let letter = lower_case(letter).encode_utf8(&mut utf8);
        self.words.extend_from_slice(letter.as_bytes());
    }

    fn spells_a_word(&self) -> bool {
        self.has_only_single_letters && (2..=MAX_SPELLED_OUT).contains(&self.word_count)
    }

    /// The word that single letters spell.
    fn letters(&self) -> SmallVec<[u8; 32]> {
        let is_letter = |byte: &u8| *byte != b' ';
        self.words.iter().copied().filter(is_letter).collect()
    }
}

/// A set of pairs of character classes.
struct ClassTable([u64; CLASSES]);

/// The number of classes: one for each ASCII letter in either case, one for each digit, and [`OTHER`].
const CLASSES: usize = 26 + 10 + 1;

/// The class of letters and digits outside ASCII.
const OTHER: u8 = CLASSES as u8 - 1;

impl ClassTable {
    const EMPTY: Self = Self([0; CLASSES]);

    fn insert(&mut self, class: u8, next: u8) {
        self.0[usize::from(class)] |= 1 << next;
    }

    fn contains(&self, class: u8, next: u8) -> bool {
        self.0[usize::from(class)] & 1 << next != 0
    }
}

/// The class of a letter or digit.
fn class_of(c: char) -> Option<u8> {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => class_of_byte(byte),
        // The letters of European languages, without a look at the Unicode tables.
        _ if matches!(c, 'À'..='ɏ') && !matches!(c, '×' | '÷') => Some(OTHER),
        _ => c.is_alphanumeric().then_some(OTHER),
    }
}

/// The class of an ASCII letter or digit.
fn class_of_byte(byte: u8) -> Option<u8> {
    match byte | 0x20 {
        letter @ b'a'..=b'z' => Some(letter - b'a'),
        _ if byte.is_ascii_digit() => Some(26 + byte - b'0'),
        _ => None,
    }
}

/// The letter in lower case. A character outside ASCII stays in its class: the Kelvin sign is not a `k`.
fn lower_case(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) if lower.is_ascii() == c.is_ascii() => lower,
        _ => c,
    }
}

/// The ranges of the words of a name, which whitespace separates.
fn word_ranges(name: &str) -> impl Iterator<Item = Range<usize>> + Clone {
    name.split_whitespace().map(|word| {
        let start = word.as_ptr().addr() - name.as_ptr().addr();
        start..start + word.len()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
    fn every_letter_and_digit_has_a_class() {
        for c in '\0'..=char::MAX {
            assert_eq!(class_of(c).is_some(), c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn each_name_with_other_whitespace_is_recognised() {
        let spaces = ('\u{80}'..=char::MAX).filter(|c| c.is_whitespace());
        for name in spaces.map(|space| format!("Nordlicht{space}Inc")) {
            let masks = ByteMasks::of(name.as_bytes()).expect("a short name");
            assert!(!has_ascii_whitespace_only(&masks), "{name:?}");
            assert_eq!(found(&ABBREVIATIONS, &name), Some("Inc"), "{name:?}");
        }
        let masks = ByteMasks::of("Bäckerei Øst Żółć Αθήνα".as_bytes()).expect("a short name");
        assert!(has_ascii_whitespace_only(&masks));
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

    #[test]
    fn ignores_long_sequences_of_letters_and_of_punctuation() {
        for (text, expected) in [
            ("l i m i t e d", true),
            ("c o r p o r a t i o n", false),
            ("c.o.r.p.o.r.a.t.i.o.n.", true),
            ("...............llc", true),
            ("................llc", false),
            ("llc................", true),
        ] {
            assert_eq!(ABBREVIATIONS.is_abbreviation(text), expected, "{text}");
        }
        assert_eq!(found(&ABBREVIATIONS, "Smith g m b h"), None);
    }

    #[test]
    fn the_shipped_list_is_in_normal_form() {
        for abbreviation in COMPANY_ABBREVIATIONS.iter() {
            let form =
                NormalForm::of(abbreviation, abbreviation.len()).expect("letters and digits");
            assert_eq!(
                form.words.as_slice(),
                abbreviation.as_bytes(),
                "{abbreviation}"
            );
            assert!(
                abbreviation.chars().filter_map(class_of).count() >= 2,
                "{abbreviation}"
            );
        }
    }

    prop_compose! {
        fn any_name()(parts in prop::collection::vec(prop::sample::select(vec![
            "Agrar", "AG", "a", "A", "g", "Oy", "oy", "ab", "AB", "se", "s", "p", "SpA", "3", "3g", "1", "ø", "Øk", "k",
            "ä", "ж", "LLC", "l", "c", "Pty", "ltd", "\u{212A}", "(", ")", ".", ",", "&", " ", " ", " ", "\t", "\u{A0}",
        ]), 0..9)) -> String {
            parts.concat()
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn the_tables_rule_out_no_abbreviation(name in any_name()) {
            let lists: [&[&str]; 4] = [
                &["ag", "oy ab", "se", "spa"],
                &["3g", "a1", "øk", "økä"],
                &["a ø", "ab ag ab ag"],
                &[],
            ];
            let indices = lists.map(|list| AbbreviationIndex::new(list.iter().copied()));
            for index in indices.iter().chain([&*ABBREVIATIONS]) {
                let words: Vec<_> = word_ranges(&name).collect();
                let windows = words.iter().enumerate().flat_map(|(first, start)| {
                    words[first..].iter().take(index.window).map(|end| start.start..end.end)
                });
                let longest = windows
                    .filter(|range| index.is_known(&name[range.clone()]))
                    .min_by_key(|range| (usize::MAX - range.len(), range.start));
                prop_assert_eq!(index.find_in(&name), longest);
                prop_assert_eq!(index.is_abbreviation(&name), index.is_known(&name));
            }
        }
    }
}
