//! Company names. A name is first classified by what is wrong with it as a whole; this suppresses the
//! findings on weaker problems.

mod abbreviation;

use self::abbreviation::ABBREVIATIONS;
use crate::finding::Safety;
use crate::payload::JsonString;
use crate::rule::RuleReporter;
use crate::rules::data::COMPANY_DOMAIN_SUFFIXES;
use crate::simd::ByteMasks;

/// What is wrong with a name as a whole; the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WholeFault {
    NoLetter,
    OneCharacter,
    Abbreviation,
    SpacedCharacters,
}

/// Whether an error about the company name as a whole already says what is wrong.
pub(in crate::rules) fn has_error(name: &str) -> bool {
    whole_fault(name).is_some()
}

fn whole_fault(name: &str) -> Option<WholeFault> {
    if !has_letter(name) {
        Some(WholeFault::NoLetter)
    } else if ABBREVIATIONS.is_abbreviation(name) {
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
    // Fast path: two different letters at the start.
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
    // Fast path: the first word has two letters or digits.
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

/// The name with one space between words and none around them.
pub(in crate::rules) fn with_single_spaces(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether whitespace is not an ordinary space, follows another space, or is at either end.
pub(in crate::rules) fn has_unusual_spacing(name: &str) -> bool {
    let has_other = || name.contains(|c: char| c.is_whitespace() && c != ' ');
    let Some(masks) = ByteMasks::of(name.as_bytes()) else {
        return has_other() || name.contains("  ") || name.starts_with(' ') || name.ends_with(' ');
    };
    let (spaces, all) = (masks.eq_mask(b' '), masks.len_mask());
    let at_either_end = 1 | (all ^ all >> 1);
    masks.range_mask(b'\t'..=b'\r') | spaces & (spaces << 1 | at_either_end) != 0
        || !has_ascii_whitespace_only(&masks) && has_other()
}

/// Whether no character but ASCII ones can be whitespace: U+0085, U+00A0 and those above U+1000 start with one of these
/// bytes. Letters of European languages do not.
fn has_ascii_whitespace_only(masks: &ByteMasks) -> bool {
    masks.eq_mask(0xC2) | masks.range_mask(0xE1..=0xE3) == 0
}

/// Reports a name without letters and digits.
pub(in crate::rules) fn check_has_letter(name: &JsonString<'_>, findings: &mut RuleReporter<'_>) {
    if !has_letter(name) {
        findings
            .report(name.span(), "the company name contains no letter or digit")
            .help("enter the registered name of the customer");
    }
}

/// Reports a name that repeats one character.
pub(in crate::rules) fn check_one_character(
    name: &JsonString<'_>,
    findings: &mut RuleReporter<'_>,
) {
    if is_one_character(name) && whole_fault(name) == Some(WholeFault::OneCharacter) {
        findings
            .report(
                name.span(),
                format_args!(
                    "the company name `{name}` repeats one character; it needs at least two \
                     different letters or digits"
                ),
            )
            .help("enter the registered name of the customer");
    }
}

/// Reports a name of single characters with whitespace between them.
pub(in crate::rules) fn check_spaced_characters(
    name: &JsonString<'_>,
    findings: &mut RuleReporter<'_>,
) {
    if has_spaced_characters(name) && whole_fault(name) == Some(WholeFault::SpacedCharacters) {
        findings
            .report(
                name.span(),
                format_args!(
                    "the company name `{name}` consists of single characters separated by \
                     whitespace"
                ),
            )
            .help(
                "enter the registered name of the customer, without spaces inside its \
                 words",
            );
    }
}

/// Reports unusual whitespace in a name.
pub(in crate::rules) fn check_spacing(name: &JsonString<'_>, findings: &mut RuleReporter<'_>) {
    let is_checked = || matches!(whole_fault(name), None | Some(WholeFault::Abbreviation));
    if has_unusual_spacing(name) && is_checked() {
        findings
            .report(
                name.span(),
                format_args!("the company name {}", describe_spacing(name)),
            )
            .fix(name.replacement_fix(&with_single_spaces(name), Safety::Safe));
    }
}

fn describe_spacing(name: &str) -> &'static str {
    if name.contains('\t') {
        "contains a tab"
    } else if name.contains(['\n', '\r']) {
        "contains a line break"
    } else if name.contains(|c: char| c.is_whitespace() && c != ' ') {
        "contains whitespace other than ordinary spaces"
    } else if name.starts_with(' ') {
        "starts with a space"
    } else if name.ends_with(' ') {
        "ends with a space"
    } else {
        "contains consecutive spaces"
    }
}

/// Reports a name that is only an abbreviation.
pub(in crate::rules) fn check_abbreviation(name: &JsonString<'_>, findings: &mut RuleReporter<'_>) {
    if ABBREVIATIONS.is_abbreviation(name) {
        findings
            .report(
                name.span(),
                format_args!(
                    "the company name `{}` is only an abbreviation",
                    with_single_spaces(name)
                ),
            )
            .help("enter the registered name of the customer");
    }
}

/// Reports an abbreviation within a name.
pub(in crate::rules) fn check_abbreviation_word(
    name: &JsonString<'_>,
    findings: &mut RuleReporter<'_>,
) {
    let Some(words) = ABBREVIATIONS
        .find_in(name)
        .filter(|_| whole_fault(name).is_none())
    else {
        return;
    };
    let finding = findings.report(
        name.span(),
        format_args!(
            "the company name contains the abbreviation `{}`",
            &name[words]
        ),
    );
    finding.help(
        "remove the abbreviation if the name still identifies the customer, or turn this \
         rule off",
    );
}

/// Reports a top-level domain at the end of a name.
pub(in crate::rules) fn check_domain_suffix(
    text: &JsonString<'_>,
    findings: &mut RuleReporter<'_>,
) {
    let name = text.trim_end();
    let Some(suffix) = domain_suffix(name).filter(|_| whole_fault(text).is_none()) else {
        return;
    };
    findings
        .report(
            text.span(),
            format_args!("the company name `{name}` ends with the domain suffix `.{suffix}`"),
        )
        .help("enter the name of the company instead of its domain");
}

/// The top-level domain at the end of a company name, as in `Pellworm.de`.
fn domain_suffix(name: &str) -> Option<&str> {
    let dot = memchr::memrchr(b'.', name.as_bytes())?;
    let (rest, suffix) = (&name[..dot], &name[dot + 1..]);
    // `Co.KG` at the end of several words is an abbreviation.
    let is_abbreviation =
        rest.contains(' ') && suffix.len() == 2 && suffix.bytes().all(|c| c.is_ascii_uppercase());
    let is_suffix = !rest.trim().is_empty()
        && !is_abbreviation
        && COMPANY_DOMAIN_SUFFIXES.contains(&suffix.to_lowercase());
    is_suffix.then_some(suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_domain_suffix_of_a_name() {
        for (name, suffix) in [
            ("Pellworm.de", Some("de")),
            ("Pellworm Ferries.CO", None),
            ("PELLWORM.DE", Some("DE")),
            ("pellworm ferries.co", Some("co")),
            ("Kestrel GmbH & Co.KG", None),
            ("Kestrel S.A.", None),
            ("Kestrel Inc.", None),
            (".com", None),
            ("Kestrel 2.0", None),
            ("Кестрел.бг", Some("бг")),
        ] {
            assert_eq!(domain_suffix(name), suffix, "{name}");
        }
    }

    #[test]
    fn a_name_is_classified_by_what_is_wrong_with_it() {
        use WholeFault::*;
        for (name, fault) in [
            ("27 Rings Jewelers", None),
            ("   ", Some(NoLetter)),
            ("&$^#", Some(NoLetter)),
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
}
