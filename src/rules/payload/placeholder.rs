//! Strings that are placeholders, or that contain markup or escapes that were not decoded.

use std::sync::LazyLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

use crate::finding::Level;
use crate::json::Node;
use crate::kinds::order::ORDER;
use crate::payload::{Record, SuspiciousString};
use crate::rule::{Check, Overlap, Rule, Supersedes};
use crate::rules::format::{is_guid, without_braces};

pub(in crate::rules) static PLACEHOLDER: Rule = Rule {
    id: "payload/placeholder",
    level: Level::Error,
    page: include_str!("../../../rules/payload/placeholder.md"),
    overlap: Overlap::OTHER.superseding(Supersedes::Everything),
    check: Check::String(&|string, record, _, findings| {
        let text = &string.string;
        let is_empty_id = is_empty_id(string);
        if !is_empty_id && is_ordinary(text) || string.is_name() {
            return;
        }
        if is_empty_id || is_placeholder(text) {
            let message = format_args!("`{text}` is a placeholder, not a value");
            findings
                .report(text.span(), message)
                .help("replace the placeholder with the actual value");
        } else if is_unfinished(text, record) {
            let message = format_args!("`{text}` contains undecoded markup or escapes");
            findings
                .report(text.span(), message)
                .help("replace escapes with the characters they represent, and remove tags");
        }
    }),
};

/// The bytes of templates and escapes. An ampersand is one only in an entity, whose end is the semicolon.
static IS_MARK: [bool; 256] = {
    let mut is_mark = [false; 256];
    let marks = b"{$<%;\\";
    let mut index = 0;
    while index < marks.len() {
        is_mark[marks[index] as usize] = true;
        index += 1;
    }
    is_mark
};

/// Rules out most strings: those that start as a word or number, contain no mark of a template or an escape, and are not
/// what a language prints for an object or for nothing.
fn is_ordinary(text: &str) -> bool {
    let starts_as_word = |first: char| first.is_alphanumeric() || "+(/".contains(first);
    text.starts_with(starts_as_word)
        && !text.bytes().any(|byte| IS_MARK[usize::from(byte)])
        && !(text.starts_with("System.") || text == "undefined" || text == "NaN")
}

/// What template engines, programming languages and spreadsheets write in place of a missing value.
static PLACEHOLDERS: LazyLock<RegexSet> = LazyLock::new(|| {
    compile(&[
        // Dots and masks.
        r"^(\.{3,}|…|\*{3,}|(•){3,}|#{3,}|(?i:\[(redacted|masked|hidden|filtered|removed)\]))$",
        // Template delimiters that do not occur in ordinary text.
        r"\{\{.+?\}\}|\$!?\{[^}]+\}|[#@]\{[^}]+\}|\$\([^)]+\)|\$\[[\w.]+\]|\{%.+?%\}|<[%?].+?[%?]>|\[%.+?%\]",
        // Template delimiters that must enclose the whole string.
        r#"^<[^<>{}"@]+>$|^\{[^{}<>"@\s][^{}<>"@]*\}$|^\{\s+([a-z_][\w.-]*|[\w.-]+(\s+[\w.-]+)+)\s+\}$|^<<[^<>]+>>$|^«[A-Za-z_]\w*»$|^\[\[.+\]\]$|^\*\|.+\|\*$"#,
        r"^%{1,2}[\w.\x80-\xff-]+%{1,2}$|^(##|@@|__)[\w\x80-\xff]+(##|@@|__)$|^(?i:\[your[-_ ][\w -]+\])$",
        // Variables and format specifiers.
        r"^\$([A-Z][A-Z0-9_]+|[a-z]+[A-Z_]\w*|[a-z]{1,2}|env:\w+)$|^%(\(\w+\))?[sdif]$|^%!\w\(.*\)$",
        // The end and the start of a string around a variable, as in shells and JavaScript.
        r#"^["']"?\$\{?\w+\}?"?["']$|^["'] ?[+.] ?[\w.]+ ?[+.] ?["']$"#,
        // What programming languages print for an object or for a missing value.
        r"^\[object \w+\]$|^System\.(Object|String|Collections)\b|^\[L[\w.]+;@[0-9a-f]+$|^(undefined|NaN)$",
        // Error values of spreadsheets, in English and other languages.
        r"^#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)$",
        r"^#(NV|N/D|N/DISP|NB|BEZUG!|WERT!|ZAHL!|ÜBERLAUF!|VALEUR!|NOMBRE!|NOM\?|(¡)?VALOR!|¿NOMBRE\?|¡REF!|RIF!|VALORE!|NOME\?|VERW!|WAARDE!)$",
    ])
});

/// Entities, percent-encoding, tags and escape sequences, which an ordinary string does not contain.
static UNFINISHED: LazyLock<RegexSet> = LazyLock::new(|| {
    compile(&[
        r"&(amp|quot|lt|gt|apos|nbsp|#[0-9]+|#x[0-9A-Fa-f]+);",
        r"&([A-Za-z](uml|acute|grave|circ|tilde|cedil|ring|slash|caron)|szlig|[lr][sda]quo|[nm]dash|hellip|euro|copy|reg|trade|(ae|AE|oe|OE)lig|shy|middot|ordm);",
        r"%(2[0-9A-F]|3[A-F]|C3%[89AB]).",
        r"</?[a-z][a-z0-9]*\s*/?>",
        r"\\[nrt]([A-Z0-9 ]|$)",
    ])
});

/// Compiles patterns for bytes, which takes a tenth of the time that classes of Unicode take: a process that checks one
/// payload spends most of its time on what it does once. `\w` is an ASCII letter, digit or underscore; other letters are
/// the bytes from `\x80`.
///
/// # Panics
///
/// Panics if a pattern is invalid, which the tests rule out.
fn compile(patterns: &[&str]) -> RegexSet {
    RegexSetBuilder::new(patterns)
        .unicode(false)
        .build()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Whether a string is a placeholder. A GUID in braces is not one.
pub(in crate::rules) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    !is_ordinary(text) && PLACEHOLDERS.is_match(text.as_bytes()) && !is_guid(without_braces(text))
}

/// Whether the value of an ID is a programming language's word for no value, such as `null`.
fn is_empty_id(string: &SuspiciousString<'_>) -> bool {
    const WORDS: [&str; 5] = ["null", "none", "undefined", "nan", "nil"];
    let is_word = |word: &&str| string.string.trim().eq_ignore_ascii_case(word);
    let names_id = |name: Node<'_>| {
        let name = name.as_text().unwrap_or_default();
        name.ends_with("Id") || matches!(&*name, "id" | "mpn" | "orderNumber")
    };
    // No word is longer.
    string.string.len() <= "undefined".len()
        && string.property_name().is_some_and(names_id)
        && WORDS.iter().any(is_word)
}

/// Whether a string of an order contains markup or an escape sequence that was not decoded.
fn is_unfinished(text: &str, record: &Record<'_>) -> bool {
    record.is_of(&ORDER) && !text.contains("://") && UNFINISHED.is_match(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_out_ordinary_values_without_a_pattern() {
        for text in [
            "O'Malley's Tackle & Bait",
            "Ärzte am Markt",
            "札幌市",
            "(503) 555-0142",
            "+48 56 555 01 42",
            "52/10 Mill Lane, Suite 4",
            "r&d@windmill.com",
        ] {
            assert!(is_ordinary(text), "{text}");
        }
        for text in [
            "%größe%",
            "__Straße__",
            "¿NOMBRE?",
            "R&amp;D",
            "•••",
            "¡VALOR!",
        ] {
            assert!(!is_ordinary(text), "{text}");
        }
    }

    #[test]
    fn distinguishes_placeholders_from_values() {
        for text in [
            "...",
            "…",
            "<token>",
            "{{prodUrl}}",
            "{customer_id}",
            "${HOST}",
            " <a b> ",
            "$customerId",
            "%größe%",
            "__Straße__",
            "##名##",
            "•••",
            "#¡VALOR!",
            "{{größe}}",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "",
            "..",
            "{a94c2acd-f6e7-4ff5-cd6c-7d03fa8aa02c}",
            "a < b > c",
            "<>",
            "<john@doe.com>",
            "{\"a\":1}",
            "Contoso",
            "$mart",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
