//! Recovery from unquoted strings, and from literals and numbers of other languages.

use super::super::entry::{Kind, flag};
use super::super::error::{Expected, NonJsonLiteral, SyntaxErrorKind};
use super::super::lexer::number_end;
use super::super::number::normalize_number;
use super::super::parser::Parser;
use super::token::{is_invisible, quote_kind};
use crate::span::Span;

/// The maximum number of bytes in which the words after a number or literal are looked at. Without it, each one in a
/// long line would be compared with the rest of the line.
const MAX_WORDS_LEN: usize = 256;

impl Parser<'_> {
    /// Whether the text at `at`, after a number or literal and spaces, belongs to the same unquoted string.
    pub(crate) fn continues_word(&self, at: usize) -> bool {
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
        // `1 2` lacks a comma, `1 Main Street` lacks quotes. The next few words show which one it is.
        let limit = self.line_end(at).min(at + MAX_WORDS_LEN);
        let is_boundary = |end: &usize| self.text.is_char_boundary(*end);
        let end = (at..=limit).rev().find(is_boundary).unwrap_or(at);
        let run = &self.text[at..end];
        for word in run.split_whitespace().take(4) {
            let end = word.find([',', '}', ']']);
            let token = &word[..end.unwrap_or(word.len())];
            if !token.is_empty() && !is_json_number(token) {
                return true;
            }
            if end.is_some() {
                break;
            }
        }
        false
    }

    /// The end of the unquoted string at `start`: before a comma, bracket, comment, line end or quoted name.
    fn word_end(&self, start: usize) -> usize {
        let line = self.line_end(start);
        let mut end = start;
        while end < line {
            let is_after_space = end > start && matches!(self.bytes[end - 1], b' ' | b'\t');
            let stops = match self.bytes[end] {
                b',' | b'}' | b']' => true,
                b'/' | b'#' => is_after_space && self.comment_end(end).is_some(),
                b'"' => is_after_space && self.is_string_with_colon(end),
                0xEF => self.text[end..].starts_with(['，', '｝', '］']),
                b')' => self.is_in_tuple(),
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
        self.is_before_colon(self.token(at).end as usize)
    }

    fn is_before_colon(&self, at: usize) -> bool {
        self.text[at..self.line_end(at)]
            .trim_start()
            .starts_with(':')
    }

    /// Whether a property name, quoted or not, and a colon are at the cursor.
    pub(super) fn is_name_with_colon(&self) -> bool {
        match self.character(self.pos) {
            Some('"') => self.is_string_with_colon(self.pos),
            Some(_) if self.string_prefix_len() > 0 => true,
            Some(character) => match quote_kind(character) {
                Some(kind) => {
                    let content = self.pos + character.len_utf8();
                    let (closing, _) = self.closing_quote(content, kind);
                    self.is_before_colon(closing.end as usize)
                }
                None => self.bare_name_end(self.pos).is_some(),
            },
            None => false,
        }
    }

    /// The end of the unquoted property name at `at`, if a colon follows it.
    pub(super) fn bare_name_end(&self, at: usize) -> Option<usize> {
        let line = self.line_end(at);
        let rest = &self.text[at..line];
        let len = rest.find([':', ',', '{', '}', '[', ']', '"', '=', '：'])?;
        let end = self.trim_end(at, at + len);
        let is_colon = [":", "=>", "："]
            .iter()
            .any(|colon| rest[len..].starts_with(colon));
        (is_colon && end > at).then_some(end)
    }

    /// Parses unquoted text in place of a value: a literal or number of another language, a JSON literal or
    /// number that something unexpected follows, or a string.
    pub(super) fn parse_word(&mut self) {
        if self.parse_placeholder() || self.parse_call() {
            return;
        }
        let start = self.pos;
        let end = self
            .word_end(start)
            .max(start + self.character(start).map_or(1, char::len_utf8));
        let run = &self.text[start..end];
        let first = run.split([' ', '\t']).next().unwrap_or(run);
        let word = if self.continues_word(self.spaces_end(start + first.len())) {
            run
        } else {
            first
        };
        let word = word.trim_end_matches(is_invisible);
        if !self.parse_literal(word) {
            let span = Span::new(start as u32, (start + run.len()) as u32);
            // A closing quote that is the only one lacks its counterpart.
            let has_closing = run.len() > 1 && run.find('"') == Some(run.len() - 1);
            self.push_string(span, 0, usize::from(has_closing), 0);
            self.error(span, SyntaxErrorKind::UnquotedString { is_name: false });
            self.pos = end;
        }
    }

    fn spaces_end(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), b' ' | b'\t') {
            at += 1;
        }
        at
    }

    /// Puts `word`, which is at the cursor, on the tape if it is a literal or number. Returns whether it is.
    fn parse_literal(&mut self, word: &str) -> bool {
        use NonJsonLiteral::*;
        let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
        let (kind, literal) = match word {
            "true" => (Kind::True, Option::None),
            "false" => (Kind::False, Option::None),
            "null" => (Kind::Null, Option::None),
            "None" => (Kind::Null, Some(None)),
            "undefined" => (Kind::Null, Some(Undefined)),
            _ if is_json_number(word) => (Kind::Number, Option::None),
            _ if word.eq_ignore_ascii_case("true") => (Kind::True, Some(Cased("true"))),
            _ if word.eq_ignore_ascii_case("false") => (Kind::False, Some(Cased("false"))),
            _ if word.eq_ignore_ascii_case("null") => (Kind::Null, Some(Cased("null"))),
            _ if matches!(unsigned, "NaN" | "nan" | "Infinity" | "inf") => {
                (Kind::Null, Some(NotFinite))
            }
            _ if is_loose_number(word) => (Kind::Number, Some(LooseNumber)),
            _ if is_hexadecimal(unsigned) => (Kind::Null, Some(Hexadecimal)),
            _ if has_leading_zeros(unsigned) => {
                self.push_number_with_leading_zeros(word.len());
                return true;
            }
            _ if is_number_with_underscores(word) => {
                self.push_number_with_underscores(word);
                return true;
            }
            _ => return false,
        };
        if let Some(literal) = literal {
            let span = self.span_at_cursor(word.len());
            self.error(span, SyntaxErrorKind::NonJsonLiteral(literal));
        }
        self.push(kind, word.len());
        if matches!(literal, Some(None | Undefined | NotFinite | Hexadecimal)) {
            self.mark_last(flag::SYNTHETIC);
        }
        true
    }

    /// A number with leading zeros is usually a code, such as a postal code: it becomes a string.
    fn push_number_with_leading_zeros(&mut self, len: usize) {
        let span = self.span_at_cursor(len);
        self.push_string(span, 0, 0, flag::SYNTHETIC);
        let kind = SyntaxErrorKind::NonJsonLiteral(NonJsonLiteral::LeadingZeros);
        self.error(span, kind);
        self.pos += len;
    }

    fn push_number_with_underscores(&mut self, word: &str) {
        let at = self.pos + word.find('_').unwrap_or(0);
        let underscore = Span::new(at as u32, at as u32 + 1);
        self.error(underscore, SyntaxErrorKind::Unexpected(Expected::Digit));
        self.mark_errors();
        self.push(Kind::Null, word.len());
        self.mark_last(flag::SYNTHETIC);
    }

    fn span_at_cursor(&self, len: usize) -> Span {
        Span::new(self.pos as u32, (self.pos + len) as u32)
    }
}

pub(super) fn is_json_number(word: &str) -> bool {
    number_end(word.as_bytes(), 0) == Some(word.len())
}

/// Whether a word is `+1`, `.5`, `-.5`, `1.`, `1.e5` or the like: a JSON number but for a sign or a missing
/// digit.
fn is_loose_number(word: &str) -> bool {
    normalize_number(word).is_some_and(|number| is_json_number(&number))
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
    let number = format!("{}{significant}", if whole.is_empty() { "0" } else { "" });
    zeros > usize::from(whole.is_empty()) && is_json_number(&number)
}

fn is_number_with_underscores(word: &str) -> bool {
    let digits = word.replace('_', "");
    word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && is_json_number(&digits)
}
