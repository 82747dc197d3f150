//! Pre-filter of the rules on company names: decides by a few operations on the whole string that none of them reports
//! it, which is so for most names.
//!
//! **Invariant:** a name that is accepted is reported by no rule of `company_name`, whatever the list of abbreviations.
//! Held by the property test below.

use super::abbreviation::AbbreviationIndex;
use crate::simd::{ByteMasks, set_bits};

/// Whether a name is one of which no rule on company names can report anything: a short one in Latin letters that begins
/// with two different ones, has single spaces between its words, none of which starts like an abbreviation, and no dot
/// where the dot of a domain suffix would be.
pub(super) fn accepts(name: &str, abbreviations: &AbbreviationIndex) -> bool {
    let Some(masks) = ByteMasks::of(name.as_bytes()) else {
        return false;
    };
    let [first, second, ..] = name.as_bytes() else {
        return false;
    };
    let spaces = masks.eq_mask(b' ');
    let all = masks.len_mask();
    // The letters from U+00C0 to U+024F, none of which is whitespace.
    let latin = masks.range_mask(0x80..=0xBF) | masks.range_mask(0xC3..=0xC9);
    let unusual = masks.range_mask(b'\t'..=b'\r') | masks.non_ascii_mask() & !latin;
    let last_eight = all & !(all >> 8);
    let has_only_single_spaces = spaces & (spaces << 1 | 1 | (all ^ all >> 1)) == 0;
    abbreviations.has_letters_only()
        && has_only_single_spaces
        && masks.alphabetic_mask() & 1 != 0
        && (masks.alphabetic_mask() | latin) & 2 != 0
        && !first.eq_ignore_ascii_case(second)
        && unusual | masks.eq_mask(b'.') & last_eight == 0
        && set_bits((spaces << 1 | 1) & !masks.non_ascii_mask())
            .all(|start| !abbreviations.may_start(&name[start..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::abbreviation::{ABBREVIATIONS, AbbreviationIndex};
    use super::super::{INTERNET_SUFFIXES, has_unusual_spacing, whole_fault};
    use super::accepts;

    prop_compose! {
        fn any_name()(parts in prop::collection::vec(prop::sample::select(vec![
            "A", "a", "Al", "Bakery", "Ä", "ä", "é", "ж", "1", "LLC", "inc", "Pty", "Ltd", "Gmb", "GmbH", "c", "p",
            "AG", "Agrar", "Oy", "spa", "SE", "s", "e", "3g", "øk",
            "(", ")", ".", ",", "&", "-", "com", "shop", " ", " ", " ", "\t", "\u{A0}", "\u{2003}", "\u{85}",
        ]), 0..9)) -> String {
            parts.concat()
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn no_rule_reports_an_accepted_name(name in any_name()) {
            let short = AbbreviationIndex::new(["ag", "oy", "oy ab", "se", "spa"].into_iter());
            let others = AbbreviationIndex::new(["3g", "øk"].into_iter());
            for index in [&*ABBREVIATIONS, &short, &others] {
                if accepts(&name, index) {
                    prop_assert_eq!(whole_fault(&name, index), None);
                    prop_assert!(!has_unusual_spacing(&name));
                    prop_assert_eq!(index.find_in(&name), None);
                    let lower = name.to_lowercase();
                    prop_assert!(!INTERNET_SUFFIXES.iter().any(|suffix| lower.trim_end().ends_with(suffix)));
                }
            }
        }
    }

    #[test]
    fn usual_names_are_accepted() {
        for name in [
            "Bluebird Bakery",
            "Bäckerei Grünwald und Söhne",
            "Tm & Sons of St. Marysville",
        ] {
            assert!(accepts(name, &ABBREVIATIONS), "{name}");
        }
    }
}
