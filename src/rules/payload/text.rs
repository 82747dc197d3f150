//! Strings that were damaged in transfer.

use std::borrow::Cow;

use crate::finding::{Fix, Level, Safety};
use crate::kinds::order::ORDER;
use crate::payload::JsonString;
use crate::rule::{Check, Overlap, Rule, Subject};

pub(in crate::rules) static SURROUNDING_SPACE: Rule = Rule {
    id: "payload/surrounding-space",
    level: Level::Warning,
    page: include_str!("../../../rules/payload/surrounding-space.md"),
    overlap: Overlap {
        subject: Subject::Whitespace,
        ..Overlap::VALUE
    },
    check: Check::String(&|string, _, _, findings| {
        let text = &string.string;
        let position = match (text.starts_with(' '), text.ends_with(' ')) {
            (true, true) => "starts and ends",
            (true, false) => "starts",
            (false, true) => "ends",
            (false, false) => return,
        };
        let trimmed = text.trim_matches(' ');
        if trimmed.is_empty() {
            return;
        }
        let subject = if string.is_name() {
            "the property name"
        } else {
            "the string"
        };
        findings
            .report(
                text.span(),
                format_args!(
                    "{subject} {} {position} with a space",
                    crate::json::quote(text)
                ),
            )
            .fix(text.replacement_fix(trimmed, Safety::Safe));
    }),
};

pub(in crate::rules) static DAMAGED_TEXT: Rule = Rule {
    id: "payload/damaged-text",
    level: Level::Warning,
    page: include_str!("../../../rules/payload/damaged-text.md"),
    overlap: Overlap {
        subject: Subject::Characters,
        ..Overlap::VALUE
    },
    check: Check::String(&|string, record, _, findings| {
        // The other platforms allow free text with several lines.
        let allows_line_breaks = !record.is_of(&ORDER);
        let text = &string.string;
        let Some(damage) = Damage::in_text(text, allows_line_breaks) else {
            return;
        };
        let finding = findings.report(text.span(), damage.message());
        match damage {
            Damage::Invisible(_) => {
                let cleaned = without_invisible(text);
                finding.fix(Fix::unsafe_(
                    format!("replace with {}", crate::json::quote(&cleaned)),
                    vec![text.replacement_edit(&cleaned)],
                ));
            }
            _ => {
                finding.help("type the string again, or copy it again from its source");
            }
        }
    }),
};

/// The first defect found in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    /// An invisible character, or a space other than U+0020.
    Invisible(char),
    /// A control character.
    Control(char),
    /// U+FFFD, the replacement for unreadable bytes.
    Replacement,
    /// UTF-8 that was decoded as Latin-1 or Windows-1252.
    Mojibake,
}

impl Damage {
    fn in_text(text: &JsonString<'_>, allows_line_breaks: bool) -> Option<Damage> {
        if !may_be_damaged(text) {
            return None;
        }
        text.char_indices().find_map(|(at, character)| {
            let before = text[..at].chars().next_back().unwrap_or(' ');
            let is_break = matches!(character, '\t' | '\n' | '\r');
            match character {
                char::REPLACEMENT_CHARACTER => Some(Damage::Replacement),
                _ if is_mojibake(before, character) => Some(Damage::Mojibake),
                // A joiner between letters of a non-Latin script is legitimate.
                '\u{200C}' | '\u{200D}' if !before.is_ascii() => None,
                _ if is_invisible(character) => Some(Damage::Invisible(character)),
                _ if character.is_control() && !(allows_line_breaks && is_break) => {
                    Some(Damage::Control(character))
                }
                _ => None,
            }
        })
    }

    fn message(self) -> Cow<'static, str> {
        match self {
            Damage::Invisible(c) => format!(
                "the string contains the invisible character U+{:04X}",
                u32::from(c)
            )
            .into(),
            Damage::Control(c) => format!(
                "the string contains the control character U+{:04X}",
                u32::from(c)
            )
            .into(),
            Damage::Replacement => {
                "the string contains U+FFFD, the replacement for a lost character".into()
            }
            Damage::Mojibake => {
                "the string is UTF-8 that was decoded as Latin-1 or Windows-1252".into()
            }
        }
    }
}

/// Rules out most strings: those of printable ASCII and of letters of Latin-1 and Latin Extended-A only, by the first
/// bytes of their characters.
fn may_be_damaged(text: &str) -> bool {
    let is_ordinary = |byte: u8| matches!(byte, b' '..=b'~' | 0x80..=0xBF | 0xC3..=0xC5);
    !text.bytes().all(is_ordinary)
}

/// Whether two characters are a UTF-8 sequence decoded as Latin-1 or Windows-1252.
fn is_mojibake(first: char, second: char) -> bool {
    match first {
        'Â' | 'Ã' | 'Ä' | 'Å' => matches!(second, '\u{80}'..='\u{BF}'),
        'â' => matches!(second, '€' | '\u{80}'..='\u{9F}'),
        _ => false,
    }
}

fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{A0}'
            | '\u{AD}'
            | '\u{180E}'
            | '\u{2007}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202F}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}'
    )
}

/// The string with ordinary spaces instead of special ones, and without invisible characters.
fn without_invisible(text: &str) -> String {
    text.chars()
        .filter_map(|character| match character {
            '\u{A0}' | '\u{2007}' | '\u{202F}' => Some(' '),
            _ => (!is_invisible(character)).then_some(character),
        })
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_mojibake_from_accented_letters() {
        let has = |text: &str| {
            text.chars()
                .zip(text.chars().skip(1))
                .any(|(a, b)| is_mojibake(a, b))
        };
        assert!(has("SÃ£o") && has("LiÃ¨ge") && has("â€œ") && has("Â°"));
        assert!(!has("SÃO JOÃO") && !has("Ærø Ångström") && !has("château"));
    }
}
