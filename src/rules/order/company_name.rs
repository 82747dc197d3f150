//! The customer's company name. One look sorts a name into what is wrong with it as a whole; the
//! weaker faults are judged on the name as it would read with its spaces mended.

use std::ops::Range;
use std::sync::LazyLock;

use super::word_list::COMPANY_ABBREVIATIONS;
use crate::finding::{Level, Safety};
use crate::kinds::order::ParameterString;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule, Subject};
use crate::rules::order::OrderCheck;
use crate::simd::{ByteMasks, set_bits};

/// What is wrong with a name as a whole; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WholeFault {
    Blank,
    OneCharacter,
    Abbreviation,
    SpacedCharacters,
}

const COMPANY_NAME: &[Parameter] = &[Parameter::CustomerCompanyName];

/// Whether a name is none that a rule of this file could speak of: a short one in Latin letters that begins with
/// two different ones, has single blanks between its words, none of which begins as an abbreviation does,
/// and no dot where the dot of an internet suffix stands.
fn is_plain_name(name: &str) -> bool {
    let Some(short) = ByteMasks::of(name.as_bytes()) else {
        return false;
    };
    let [first, second, ..] = name.as_bytes() else {
        return false;
    };
    let blanks = short.eq_mask(b' ');
    let all = short.len_mask();
    // The letters from U+00C0 to U+024F, of which none is a blank.
    let latin = short.range_mask(0x80..=0xBF) | short.range_mask(0xC3..=0xC9);
    let odd = short.range_mask(b'\t'..=b'\r') | short.non_ascii_mask() & !latin;
    let last_eight = all & !(all >> 8);
    let has_only_single_blanks = blanks & (blanks << 1 | 1 | (all ^ all >> 1)) == 0;
    has_only_single_blanks
        && short.alphabetic_mask() & 1 != 0
        && (short.alphabetic_mask() | latin) & 2 != 0
        && !first.eq_ignore_ascii_case(second)
        && odd | short.eq_mask(b'.') & last_eight == 0
        && set_bits((blanks << 1 | 1) & !short.non_ascii_mask())
            .all(|start| !begins_like_abbreviation(&name[start..]))
}

fn is_plain(name: &ParameterString<'_, '_>) -> bool {
    name.is_plain(is_plain_name)
}

/// Whether an error on the company name as a whole already says what is wrong.
pub(super) fn has_error(name: &str) -> bool {
    whole_fault(name).is_some()
}

fn whole_fault(name: &str) -> Option<WholeFault> {
    if !has_letter(name) {
        Some(WholeFault::Blank)
    } else if is_abbreviation(name) {
        Some(WholeFault::Abbreviation)
    } else if is_one_character(name) {
        Some(WholeFault::OneCharacter)
    } else if has_spaced_characters(name) {
        Some(WholeFault::SpacedCharacters)
    } else {
        None
    }
}

fn has_letter(name: &str) -> bool {
    name.chars().any(char::is_alphanumeric)
}

fn is_one_character(name: &str) -> bool {
    // Two different letters settle it.
    if let [first, second, ..] = name.as_bytes()
        && first.is_ascii_alphabetic()
        && second.is_ascii_alphabetic()
        && !first.eq_ignore_ascii_case(second)
    {
        return false;
    }
    let mut letters = name.chars().filter(|c| c.is_alphanumeric());
    let Some(first) = letters.next() else {
        return false;
    };
    letters.all(|letter| letter == first || letter.to_lowercase().eq(first.to_lowercase()))
}

fn has_spaced_characters(name: &str) -> bool {
    // A word of two letters settles it.
    if let [first, second, ..] = name.as_bytes()
        && first.is_ascii_alphanumeric()
        && second.is_ascii_alphanumeric()
    {
        return false;
    }
    let is_single = |word: &str| {
        let mut characters = word.chars();
        characters.next().is_some_and(char::is_alphanumeric) && characters.next().is_none()
    };
    name.split_whitespace().all(is_single) && name.split_whitespace().nth(1).is_some()
}

/// Whether a text is an abbreviation of the list, however it is dotted, cased and spaced: case, dots,
/// commas, parentheses around words and needless blanks do not count, and a run of single letters is
/// the word that they spell.
fn is_abbreviation(text: &str) -> bool {
    if !begins_like_abbreviation(text) {
        return false;
    }
    let mut normal = [0; LONGEST];
    let mut len = 0;
    let mut is_spelt_out = true;
    for word in text.split_whitespace() {
        let start = len;
        for byte in word
            .trim_matches(['(', ')'])
            .bytes()
            .filter(|byte| !matches!(byte, b'.' | b','))
        {
            if start == len && start > 0 {
                len += 1;
                normal[start] = b' ';
            }
            if len + 1 >= LONGEST || !byte.is_ascii_alphabetic() {
                return false;
            }
            normal[len] = byte.to_ascii_lowercase();
            len += 1;
        }
        is_spelt_out &= len - start <= 1 + usize::from(start > 0);
    }
    let Ok(normal) = std::str::from_utf8(&normal[..len]) else {
        return false;
    };
    COMPANY_ABBREVIATIONS.has(normal)
        || is_spelt_out
            && normal.contains(' ')
            && COMPANY_ABBREVIATIONS.has(&normal.replace(' ', ""))
}

/// Whether the first three letters could be those of an abbreviation: most names are told by them.
fn begins_like_abbreviation(text: &str) -> bool {
    /// For each letter those that stand behind it in the first and in the second place.
    static FOLLOWERS: LazyLock<[[u32; 26]; 2]> = LazyLock::new(|| {
        let mut letters = [[0; 26]; 2];
        for known in COMPANY_ABBREVIATIONS.iter().map(str::as_bytes) {
            for place in [0, 1] {
                letters[place][usize::from(known[place] - b'a')] |= 1 << (known[place + 1] - b'a');
            }
        }
        letters
    });
    let follows = |place: usize, letter: u8, next: u8| {
        FOLLOWERS[place][usize::from(letter)] & (1 << next) != 0
    };
    // Two letters often settle it.
    if let [first, second, ..] = text.as_bytes()
        && first.is_ascii_alphabetic()
        && second.is_ascii_alphabetic()
        && !follows(0, (first | 0x20) - b'a', (second | 0x20) - b'a')
    {
        return false;
    }
    // Behind more signs than that no abbreviation follows.
    let mut letters = text
        .bytes()
        .take(LONGEST)
        .filter(|byte| byte.is_ascii_alphanumeric())
        .map(|byte| byte | 0x20);
    let mut letter = || match letters.next() {
        Some(letter @ b'a'..=b'z') => Some(letter - b'a'),
        _ => None,
    };
    let (Some(first), Some(second)) = (letter(), letter()) else {
        return false;
    };
    follows(0, first, second) && letter().is_some_and(|third| follows(1, second, third))
}

/// Room for the longest abbreviation of the list in its normal form.
const LONGEST: usize = 18;

/// The name with tabs and line breaks as blanks, one blank between words and none around them.
pub(super) fn mended(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a blank is no plain one, follows another, or stands at either end.
pub(super) fn has_odd_spacing(name: &str) -> bool {
    // As if a blank stood in front.
    let mut before = b' ';
    for byte in name.bytes() {
        match byte {
            b' ' if before == b' ' => return true,
            b'\t'..=b'\r' => return true,
            _ => before = byte,
        }
    }
    let has_other = || !name.is_ascii() && name.contains(|c: char| c.is_whitespace() && c != ' ');
    !name.is_empty() && (before == b' ' || has_other())
}

pub(in crate::rules) static COMPANY_BLANK: Rule = Rule {
    id: "order/company-blank",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-blank.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: Check::View(&OrderCheck::Parameter(
        COMPANY_NAME,
        &|name, _, findings| {
            if is_plain(name) {
                return;
            }
            if !has_letter(name) {
                findings
                    .report(name.span(), "the company name has no letter and no digit")
                    .help("give the customer's registered name");
            }
        },
    )),
};

pub(in crate::rules) static COMPANY_ONE_CHARACTER: Rule = Rule {
    id: "order/company-one-character",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-one-character.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: Check::View(&OrderCheck::Parameter(
        COMPANY_NAME,
        &|name, _, findings| {
            if is_plain(name) {
                return;
            }
            if is_one_character(name) && whole_fault(name) == Some(WholeFault::OneCharacter) {
                findings
                .report(
                    name.span(),
                    format_args!("`{name}` has one and the same letter or digit; a company name has two at least"),
                )
                .help("give the customer's registered name");
            }
        },
    )),
};

pub(in crate::rules) static COMPANY_SPACED_CHARACTERS: Rule = Rule {
    id: "order/company-spaced-characters",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-spaced-characters.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: Check::View(&OrderCheck::Parameter(
        COMPANY_NAME,
        &|name, _, findings| {
            if is_plain(name) {
                return;
            }
            if has_spaced_characters(name)
                && whole_fault(name) == Some(WholeFault::SpacedCharacters)
            {
                findings
                    .report(
                        name.span(),
                        format_args!("`{name}` is single characters with blanks between them"),
                    )
                    .help("give the customer's registered name, without blanks inside its words");
            }
        },
    )),
};

pub(in crate::rules) static COMPANY_SPACING: Rule = Rule {
    id: "order/company-spacing",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-spacing.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace, Subject::Characters]),
    check: Check::View(&OrderCheck::Parameter(
        COMPANY_NAME,
        &|name, _, findings| {
            if is_plain(name) {
                return;
            }
            let is_judged = || matches!(whole_fault(name), None | Some(WholeFault::Abbreviation));
            if has_odd_spacing(name) && is_judged() {
                findings
                    .report(
                        name.span(),
                        format_args!("the company name has {}", misplaced_blank(name)),
                    )
                    .fix(name.replacement_fix(&mended(name), Safety::Safe));
            }
        },
    )),
};

fn misplaced_blank(name: &str) -> &'static str {
    if name.contains('\t') {
        "a tab in it"
    } else if name.contains(['\n', '\r']) {
        "a line break in it"
    } else if name.contains(|c: char| c.is_whitespace() && c != ' ') {
        "a blank in it that is no plain one"
    } else if name.starts_with(' ') {
        "a blank in front of it"
    } else if name.ends_with(' ') {
        "a blank behind it"
    } else {
        "two blanks in a row"
    }
}

pub(in crate::rules) static COMPANY_ABBREVIATION: Rule = Rule {
    id: "order/company-abbreviation",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-abbreviation.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: Check::View(&OrderCheck::Parameter(
        COMPANY_NAME,
        &|name, _, findings| {
            if is_plain(name) {
                return;
            }
            if is_abbreviation(name) {
                findings
                    .report(
                        name.span(),
                        format_args!("`{}` is an abbreviation and no company name", mended(name)),
                    )
                    .help("give the customer's registered name");
            }
        },
    )),
};

pub(in crate::rules) static COMPANY_ABBREVIATION_WORD: Rule = Rule {
    id: "order/company-abbreviation-word",
    level: Level::Warning,
    page: include_str!("../../../rules/order/company-abbreviation-word.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: Check::View(&OrderCheck::Parameter(
        COMPANY_NAME,
        &|name, _, findings| {
            if is_plain(name) {
                return;
            }
            let Some(words) = abbreviation_in(name).filter(|_| whole_fault(name).is_none()) else {
                return;
            };
            let finding = findings.report(
                name.span(),
                format_args!(
                    "the abbreviation `{}` stands as a word of its own in the company name",
                    &name[words]
                ),
            );
            finding.help("leave it out if the name stays the customer's, or silence this rule for registered names");
        },
    )),
};

/// Where the longest abbreviation that stands as words of its own is; the first of several.
fn abbreviation_in(name: &str) -> Option<Range<usize>> {
    let mut best: Option<Range<usize>> = None;
    for start in word_starts(name) {
        if !begins_like_abbreviation(&name[start..]) {
            continue;
        }
        for word in name[start..].split_whitespace().take(MOST_WORDS) {
            let end = word.as_ptr().addr() - name.as_ptr().addr() + word.len();
            let is_longer = best.as_ref().is_none_or(|best| end - start > best.len());
            if is_longer && is_abbreviation(&name[start..end]) {
                best = Some(start..end);
            }
        }
    }
    best
}

/// The places at which a word that an abbreviation could be begins: those behind a blank.
fn word_starts(name: &str) -> impl Iterator<Item = usize> {
    let is_blank = |byte: u8| byte == b' ' || matches!(byte, b'\t'..=b'\r');
    let mut before = b' ';
    name.bytes().enumerate().filter_map(move |(at, byte)| {
        let last = std::mem::replace(&mut before, byte);
        let is_letter = byte.is_ascii() && !is_blank(byte);
        let is_start = is_letter
            && (is_blank(last) || !last.is_ascii() && name[..at].ends_with(char::is_whitespace));
        is_start.then_some(at)
    })
}

/// `c p a` and `pty ltd`: no abbreviation has more words.
const MOST_WORDS: usize = 3;

const INTERNET_SUFFIXES: [&str; 9] = [
    ".com", ".org", ".net", ".edu", ".club", ".biz", ".info", ".shop", ".online",
];

pub(in crate::rules) static COMPANY_DOMAIN_SUFFIX: Rule = Rule {
    id: "order/company-domain-suffix",
    level: Level::Warning,
    page: include_str!("../../../rules/order/company-domain-suffix.md"),
    overlap: Overlap::VALUE.covering(&[Subject::Whitespace]),
    check: Check::View(&OrderCheck::Parameter(
        COMPANY_NAME,
        &|text, _, findings| {
            if is_plain(text) {
                return;
            }
            let name = text.trim_end();
            // Names with a dot in their last eight letters are few.
            let end = &name.as_bytes()[name.len().saturating_sub(8)..];
            if memchr::memchr(b'.', end).is_none() {
                return;
            }
            let suffix = INTERNET_SUFFIXES.iter().find(|suffix| {
                let at = name.len().saturating_sub(suffix.len());
                at > 0
                    && name
                        .get(at..)
                        .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
            });
            if let Some(suffix) = suffix.filter(|_| whole_fault(text).is_none()) {
                findings
                    .report(
                        text.span(),
                        format_args!(
                            "the company name `{name}` ends in the internet suffix `{suffix}`"
                        ),
                    )
                    .help("give the company's name, not its domain");
            }
        },
    )),
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn any_name()(parts in prop::collection::vec(prop::sample::select(vec![
            "A", "a", "Al", "Bakery", "Ä", "ä", "é", "ж", "1", "LLC", "inc", "Pty", "Ltd", "Gmb", "GmbH", "c", "p",
            "(", ")", ".", ",", "&", "-", "com", "shop", " ", " ", " ", "\t", "\u{A0}", "\u{2003}", "\u{85}",
        ]), 0..9)) -> String {
            parts.concat()
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn no_rule_speaks_of_a_plain_name(name in any_name()) {
            if is_plain_name(&name) {
                prop_assert_eq!(whole_fault(&name), None);
                prop_assert!(!has_odd_spacing(&name));
                prop_assert_eq!(abbreviation_in(&name), None);
                let lower = name.to_lowercase();
                prop_assert!(!INTERNET_SUFFIXES.iter().any(|suffix| lower.trim_end().ends_with(suffix)));
            }
        }
    }

    #[test]
    fn usual_names_are_plain() {
        for name in [
            "Bluebird Bakery",
            "Bäckerei Grünwald und Söhne",
            "Tm & Sons of St. Marysville",
        ] {
            assert!(is_plain_name(name), "{name}");
        }
    }

    #[test]
    fn a_name_is_sorted_by_what_is_wrong_with_it() {
        use WholeFault::*;
        for (name, fault) in [
            ("27 Rings Jewelers", None),
            ("   ", Some(Blank)),
            ("&$^#", Some(Blank)),
            ("999", Some(OneCharacter)),
            ("a A a", Some(OneCharacter)),
            ("LLC", Some(Abbreviation)),
            ("c. p. a.", Some(Abbreviation)),
            ("C.P.A", Some(Abbreviation)),
            ("Pty. Ltd.", Some(Abbreviation)),
            ("(inc.)", Some(Abbreviation)),
            ("1 2 3", Some(SpacedCharacters)),
            ("J & K", None),
            ("AB", None),
            ("O.O.O.", Some(Abbreviation)),
        ] {
            assert_eq!(whole_fault(name), fault, "{name}");
        }
    }

    #[test]
    fn the_list_keeps_within_its_bounds() {
        for known in COMPANY_ABBREVIATIONS.iter() {
            assert!(
                known.bytes().filter(u8::is_ascii_alphanumeric).count() <= LONGEST,
                "{known}"
            );
            assert!(
                known.as_bytes()[..3].iter().all(u8::is_ascii_lowercase),
                "{known}"
            );
            assert!(known.split(' ').count() <= MOST_WORDS, "{known}");
        }
    }

    #[test]
    fn the_longest_abbreviation_is_found_as_a_word() {
        let found = |name: &'static str| abbreviation_in(name).map(|range| &name[range]);
        assert_eq!(found("27 Rings Jewelers LLC"), Some("LLC"));
        assert_eq!(found("Acme Pty Ltd"), Some("Pty Ltd"));
        assert_eq!(found("Smith c p a"), Some("c p a"));
        assert_eq!(found("Acme, Inc."), Some("Inc."));
        assert_eq!(found("Acme\u{A0}Inc"), Some("Inc"));
        assert_eq!(found("Caféinc Roasters"), None);
        assert_eq!(found("Income Builders"), None);
    }
}
