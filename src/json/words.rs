//! The cold side of the parser for words: text without quotes, and the literals and numbers of other
//! languages.

use super::fault::{Defect, Expected, ForeignLiteral};
use super::parse::Parser;
use super::quotes::quote_kind;
use super::scan::number_end;
use super::tape::{Kind, flag};
use crate::span::Span;

/// Characters that show nothing, or a blank that JSON does not know.
pub(super) fn is_invisible(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | ' ' => false,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' => {
            true
        }
        '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => true,
        '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' => true,
        '\u{FEFF}' | '\u{FFA0}' => true,
        _ => character.is_whitespace() || character.is_control(),
    }
}

impl Parser<'_> {
    /// Whether what stands at `at`, behind a number or literal and a blank, belongs to the same text.
    pub(super) fn continues_word(&self, at: usize) -> bool {
        let Some(character) = self.character(at) else {
            return false;
        };
        if self.comment_end(at).is_some()
            || is_invisible(character)
            || quote_kind(character).is_some()
        {
            return false;
        }
        if matches!(
            character,
            ',' | ']' | '}' | '\n' | '\r' | '"' | '{' | '[' | ':' | ';' | '='
        ) {
            return false;
        }
        // `1 2` lacks a comma; `1 Main Street` lacks quotes. A few words tell the two apart.
        let run = &self.text[at..self.line_end(at)];
        for word in run.split_whitespace().take(4) {
            let end = word.find([',', '}', ']']);
            let piece = &word[..end.unwrap_or(word.len())];
            if !piece.is_empty() && number_end(piece.as_bytes(), 0) != Some(piece.len()) {
                return true;
            }
            if end.is_some() {
                break;
            }
        }
        false
    }

    /// The end of the unquoted text at `start`: before a comma, bracket, comment or line end, or
    /// before a quoted name.
    fn word_end(&self, start: usize) -> usize {
        let line = self.line_end(start);
        let mut end = start;
        while end < line {
            let is_behind_blank = end > start && matches!(self.bytes[end - 1], b' ' | b'\t');
            let stops = match self.bytes[end] {
                b',' | b'}' | b']' => true,
                b'/' | b'#' => is_behind_blank && self.comment_end(end).is_some(),
                b'"' => is_behind_blank && self.is_string_with_colon(end),
                _ => false,
            };
            if stops {
                break;
            }
            end += 1;
        }
        self.trim_end(start, end)
    }

    fn is_string_with_colon(&self, at: usize) -> bool {
        let end = self.token(at).end as usize;
        self.text[end..self.line_end(end)]
            .trim_start()
            .starts_with(':')
    }

    /// Whether a member name and a colon stand at the cursor, the name quoted in any way or not.
    pub(super) fn is_name_with_colon(&self) -> bool {
        match self.character(self.at) {
            Some('"') => self.is_string_with_colon(self.at),
            Some(character) => match quote_kind(character) {
                Some(kind) => {
                    let (closing, _) = self.foreign_closing(self.at + character.len_utf8(), kind);
                    let end = closing.end as usize;
                    self.text[end..self.line_end(end)]
                        .trim_start()
                        .starts_with(':')
                }
                None => self.bare_name_end(self.at).is_some(),
            },
            None => false,
        }
    }

    /// The end of a member name without quotes that starts at `at`, if a colon follows it.
    pub(super) fn bare_name_end(&self, at: usize) -> Option<usize> {
        let line = self.line_end(at);
        let len = self.text[at..line].find([':', ',', '{', '}', '[', ']', '"'])?;
        let end = self.trim_end(at, at + len);
        (self.bytes[at + len] == b':' && end > at).then_some(end)
    }

    /// Text without quotes in the place of a value: a literal or number of another language, a JSON
    /// one behind which something odd stands, or a string.
    pub(super) fn word(&mut self) {
        let start = self.at;
        let end = self
            .word_end(start)
            .max(start + self.character(start).map_or(1, char::len_utf8));
        let run = &self.text[start..end];
        let first = run.split([' ', '\t']).next().unwrap_or(run);
        let word = if self.continues_word(self.blanks_end(start + first.len())) {
            run
        } else {
            first
        };
        let word = word.trim_end_matches(is_invisible);
        if !self.literal_word(word) {
            let span = Span::new(start as u32, (start + run.len()) as u32);
            self.push_string(span, 0, 0, 0);
            self.fault(span, Defect::UnquotedString { is_name: false });
            self.at = end;
        }
    }

    fn blanks_end(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), b' ' | b'\t') {
            at += 1;
        }
        at
    }

    /// Puts `word`, which stands at the cursor, on the tape if it is a literal or number.
    fn literal_word(&mut self, word: &str) -> bool {
        use ForeignLiteral::*;
        let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
        let strict = |word: &str| number_end(word.as_bytes(), 0) == Some(word.len());
        let (kind, literal) = match word {
            "true" => (Kind::True, Option::None),
            "false" => (Kind::False, Option::None),
            "null" => (Kind::Null, Option::None),
            "None" => (Kind::Null, Some(None)),
            "undefined" => (Kind::Null, Some(Undefined)),
            _ if strict(word) => (Kind::Number, Option::None),
            _ if word.eq_ignore_ascii_case("true") => (Kind::True, Some(Cased("true"))),
            _ if word.eq_ignore_ascii_case("false") => (Kind::False, Some(Cased("false"))),
            _ if word.eq_ignore_ascii_case("null") => (Kind::Null, Some(Cased("null"))),
            _ if matches!(unsigned, "NaN" | "nan" | "Infinity" | "inf") => {
                (Kind::Null, Some(NotFinite))
            }
            _ if is_loose_number(word) => (Kind::Number, Some(LooseNumber)),
            _ if is_hexadecimal(unsigned) => (Kind::Null, Some(Hexadecimal)),
            _ if has_leading_zeros(unsigned) => {
                let span = self.here(word.len());
                self.push_string(span, 0, 0, flag::GUESSED);
                self.fault(span, Defect::ForeignLiteral(LeadingZeros));
                self.at += word.len();
                return true;
            }
            _ if is_number_with_underscores(word) => {
                let at = self.at + word.find('_').unwrap_or(0);
                let sign = Span::new(at as u32, at as u32 + 1);
                self.fault(sign, Defect::Unexpected(Expected::Digit));
                self.damage();
                self.push(Kind::Null, word.len());
                self.mark_last(flag::GUESSED);
                return true;
            }
            _ => return false,
        };
        if let Some(literal) = literal {
            let span = self.here(word.len());
            self.fault(span, Defect::ForeignLiteral(literal));
        }
        self.push(kind, word.len());
        if matches!(literal, Some(None | Undefined | NotFinite | Hexadecimal)) {
            self.mark_last(flag::GUESSED);
        }
        true
    }

    fn here(&self, len: usize) -> Span {
        Span::new(self.at as u32, (self.at + len) as u32)
    }
}

/// `+1`, `.5`, `-.5`, `1.`, `1.e5`: a JSON number but for a sign or a missing digit.
fn is_loose_number(word: &str) -> bool {
    let Some(mended) = tighten_number(word) else {
        return false;
    };
    number_end(mended.as_bytes(), 0) == Some(mended.len())
}

/// A loose number as JSON writes it.
pub(crate) fn tighten_number(word: &str) -> Option<String> {
    let (sign, rest) = match word.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", word.strip_prefix('+').unwrap_or(word)),
    };
    if !rest.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mantissa_end = rest.find(['e', 'E']).unwrap_or(rest.len());
    let (mantissa, power) = rest.split_at(mantissa_end);
    let mantissa = mantissa.strip_suffix('.').unwrap_or(mantissa);
    let zero = if mantissa.starts_with('.') { "0" } else { "" };
    Some(format!("{sign}{zero}{mantissa}{power}"))
}

fn is_hexadecimal(word: &str) -> bool {
    let digits = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
    digits.is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn has_leading_zeros(word: &str) -> bool {
    let significant = word.trim_start_matches('0');
    let zeros = word.len() - significant.len();
    let whole = significant
        .split(['.', 'e', 'E'])
        .next()
        .unwrap_or_default();
    let mended = format!("{}{significant}", if whole.is_empty() { "0" } else { "" });
    zeros > usize::from(whole.is_empty()) && number_end(mended.as_bytes(), 0) == Some(mended.len())
}

fn is_number_with_underscores(word: &str) -> bool {
    let digits = word.replace('_', "");
    word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && number_end(digits.as_bytes(), 0) == Some(digits.len())
}
