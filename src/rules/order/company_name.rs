//! The customer's company name. One look sorts a name into what is wrong with it as a whole; the
//! weaker faults are judged on the name as it would read with its spaces mended.

use super::word_list::COMPANY_ABBREVIATIONS;
use crate::finding::{Fix, Level};
use crate::json::quote;
use crate::payload::order::{Line, Text};
use crate::payload::parameter::Parameter;
use crate::rule::{Check, Rule};
use crate::span::Span;

/// What is wrong with a name as a whole; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WholeFault {
    Blank,
    OneCharacter,
    Abbreviation,
    SpacedCharacters,
}

struct CompanyName<'d> {
    text: Text<'d>,
    fault: Option<WholeFault>,
}

impl<'d> CompanyName<'d> {
    fn of(line: &Line<'d>) -> Option<Self> {
        let text = line.text(Parameter::CustomerCompanyName)?;
        let fault = whole_fault(&text);
        Some(Self { text, fault })
    }

    fn with(line: &Line<'d>, fault: WholeFault) -> Option<Text<'d>> {
        Self::of(line)
            .filter(|name| name.fault == Some(fault))
            .map(|name| name.text)
    }
}

/// Whether an error on the company name as a whole already says what is wrong.
pub(super) fn has_error(name: &str) -> bool {
    whole_fault(name).is_some()
}

fn whole_fault(name: &str) -> Option<WholeFault> {
    let mut letters = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase);
    let Some(first) = letters.next() else {
        return Some(WholeFault::Blank);
    };
    if letters.all(|letter| letter == first) {
        return Some(WholeFault::OneCharacter);
    }
    if COMPANY_ABBREVIATIONS.has(&normalised(name)) || COMPANY_ABBREVIATIONS.has(&joined(name)) {
        return Some(WholeFault::Abbreviation);
    }
    let is_single = |word: &str| {
        let mut characters = word.chars();
        characters.next().is_some_and(char::is_alphanumeric) && characters.next().is_none()
    };
    let is_spaced =
        name.split_whitespace().all(is_single) && name.split_whitespace().nth(1).is_some();
    is_spaced.then_some(WholeFault::SpacedCharacters)
}

/// Without case, dots, commas, surrounding parentheses and needless blanks.
fn normalised(name: &str) -> String {
    let words: Vec<String> = name
        .split_whitespace()
        .map(normalised_word)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

fn normalised_word(word: &str) -> String {
    word.trim_matches(['(', ')'])
        .chars()
        .filter(|c| !matches!(c, '.' | ','))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The normal form of `c p a`, which is a run of single letters, as the word that it spells.
fn joined(name: &str) -> String {
    let normal = normalised(name);
    if normal.split(' ').all(|word| word.chars().count() == 1) {
        normal.replace(' ', "")
    } else {
        String::new()
    }
}

/// The name with tabs and line breaks as blanks, one blank between words and none around them.
fn mended(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(in crate::rules) static BLANK: Rule = Rule {
    id: "order/company-blank",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-blank.md"),
    check: Check::Line(|line, _, findings| {
        if let Some(name) = CompanyName::with(line, WholeFault::Blank) {
            findings
                .report(name.span(), "the company name has no letter and no digit")
                .help("give the customer's registered name");
        }
    }),
};

pub(in crate::rules) static ONE_CHARACTER: Rule = Rule {
    id: "order/company-one-character",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-one-character.md"),
    check: Check::Line(|line, _, findings| {
        if let Some(name) = CompanyName::with(line, WholeFault::OneCharacter) {
            findings
                .report(
                    name.span(),
                    format!("`{}` has one and the same letter or digit; a company name has two at least", &*name),
                )
                .help("give the customer's registered name");
        }
    }),
};

pub(in crate::rules) static SPACED_CHARACTERS: Rule = Rule {
    id: "order/company-spaced-characters",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-spaced-characters.md"),
    check: Check::Line(|line, _, findings| {
        if let Some(name) = CompanyName::with(line, WholeFault::SpacedCharacters) {
            findings
                .report(
                    name.span(),
                    format!("`{}` is single characters with blanks between them", &*name),
                )
                .help("give the customer's registered name, without blanks inside its words");
        }
    }),
};

pub(in crate::rules) static SPACING: Rule = Rule {
    id: "order/company-spacing",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-spacing.md"),
    check: Check::Line(|line, _, findings| {
        let Some(CompanyName { text, fault }) = CompanyName::of(line) else {
            return;
        };
        let mended = mended(&text);
        if *text == *mended || !matches!(fault, None | Some(WholeFault::Abbreviation)) {
            return;
        }
        findings
            .report(
                text.span(),
                format!("the company name has {}", misplaced_blank(&text)),
            )
            .fix(Fix::safe(
                format!("write {}", quote(&mended)),
                vec![text.replace(&mended)],
            ));
    }),
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

pub(in crate::rules) static ABBREVIATION: Rule = Rule {
    id: "order/company-abbreviation",
    level: Level::Error,
    page: include_str!("../../../rules/order/company-abbreviation.md"),
    check: Check::Line(|line, _, findings| {
        if let Some(name) = CompanyName::with(line, WholeFault::Abbreviation) {
            findings
                .report(
                    name.span(),
                    format!("`{}` is an abbreviation and no company name", mended(&name)),
                )
                .help("give the customer's registered name");
        }
    }),
};

pub(in crate::rules) static ABBREVIATION_WORD: Rule = Rule {
    id: "order/company-abbreviation-word",
    level: Level::Warning,
    page: include_str!("../../../rules/order/company-abbreviation-word.md"),
    check: Check::Line(|line, _, findings| {
        let Some(CompanyName { text, fault: None }) = CompanyName::of(line) else {
            return;
        };
        let Some(words) = abbreviation_in(&text) else {
            return;
        };
        let start = text.node.content_span().start;
        let finding = findings.report(
            text.span(),
            format!(
                "the abbreviation `{}` stands as a word of its own in the company name",
                &text[words.clone()]
            ),
        );
        // Behind an escape, places in the text are not places in the file.
        if text.node.content_span().len() as usize == text.len() {
            let span = Span::new(start + words.start as u32, start + words.end as u32);
            finding.label(span, "may be refused as an abbreviation");
        }
        finding.help("leave it out if the name stays the customer's, or silence this rule for registered names");
    }),
};

/// Where the longest abbreviation that stands as words of its own is; the first of several.
fn abbreviation_in(name: &str) -> Option<std::ops::Range<usize>> {
    let starts = name
        .split_whitespace()
        .map(|word| word.as_ptr().addr() - name.as_ptr().addr());
    let words: Vec<(usize, &str)> = starts.zip(name.split_whitespace()).collect();
    let mut best: Option<std::ops::Range<usize>> = None;
    for (first, &(start, _)) in words.iter().enumerate() {
        for &(last, word) in words.iter().skip(first).take(3) {
            let range = start..last + word.len();
            let piece = &name[range.clone()];
            let is_known = COMPANY_ABBREVIATIONS.has(&normalised(piece))
                || COMPANY_ABBREVIATIONS.has(&joined(piece));
            if is_known && best.as_ref().is_none_or(|best| range.len() > best.len()) {
                best = Some(range);
            }
        }
    }
    best
}

const INTERNET_SUFFIXES: [&str; 9] = [
    ".com", ".org", ".net", ".edu", ".club", ".biz", ".info", ".shop", ".online",
];

pub(in crate::rules) static DOMAIN_SUFFIX: Rule = Rule {
    id: "order/company-domain-suffix",
    level: Level::Warning,
    page: include_str!("../../../rules/order/company-domain-suffix.md"),
    check: Check::Line(|line, _, findings| {
        let Some(CompanyName { text, fault: None }) = CompanyName::of(line) else {
            return;
        };
        let name = text.trim();
        let suffix = INTERNET_SUFFIXES.iter().find(|suffix| {
            let at = name.len().saturating_sub(suffix.len());
            at > 0
                && name
                    .get(at..)
                    .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
        });
        if let Some(suffix) = suffix {
            findings
                .report(
                    text.span(),
                    format!("the company name `{name}` ends in the internet suffix `{suffix}`"),
                )
                .help("give the company's name, not its domain");
        }
    }),
};

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert_eq!(whole_fault(name), fault, "{name}");
        }
    }

    #[test]
    fn the_longest_abbreviation_is_found_as_a_word() {
        let found = |name: &'static str| abbreviation_in(name).map(|range| &name[range]);
        assert_eq!(found("27 Rings Jewelers LLC"), Some("LLC"));
        assert_eq!(found("Acme Pty Ltd"), Some("Pty Ltd"));
        assert_eq!(found("Smith c p a"), Some("c p a"));
        assert_eq!(found("Acme, Inc."), Some("Inc."));
        assert_eq!(found("Income Builders"), None);
    }
}
