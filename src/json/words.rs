//! The cold side of the parser for words and strings: text without quotes, with quotes of another
//! kind, without an end, and the literals and numbers of other languages.

use super::fault::{Defect, Expected, ForeignLiteral, ForeignString};
use super::parse::{Parser, find_special, number_end};
use super::tape::{Kind, flag};
use super::text::{Escape, EscapeDefect};
use crate::span::Span;

/// Illegal characters reported one by one in each string; the rest are counted.
const ILLEGAL_ESCAPE_LIMIT: usize = 10;

/// The two families of quotes: one of a family closes what another of it opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum QuoteKind {
    Single,
    Double,
}

/// The family of a quote that JSON does not know.
pub(super) fn quote_kind(character: char) -> Option<QuoteKind> {
    match character {
        '\'' | '`' | '‘' | '’' | '‚' | '‛' | '′' | '´' | '‹' | '›' => {
            Some(QuoteKind::Single)
        }
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' | '＂' | '〝' | '〞' => {
            Some(QuoteKind::Double)
        }
        _ => None,
    }
}

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

impl Parser<'_, '_> {
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
        // `1 2` lacks a comma; `1 Main Street` lacks quotes.
        let run = &self.text[at..self.word_end(at)];
        !run.split_whitespace()
            .all(|word| number_end(word.as_bytes(), 0) == Some(word.len()))
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

    /// A string in quotes of another kind, from its opening quote on.
    pub(super) fn foreign_string(&mut self, kind: QuoteKind) {
        let start = self.at;
        let opening = self.character(start).map_or(0, char::len_utf8);
        let (closing, is_closed) = self.foreign_closing(start + opening, kind);
        let span = Span::new(start as u32, closing.end);
        let opener = Span::new(start as u32, (start + opening) as u32);
        if !is_closed {
            let place = Some(Span::empty(closing.start));
            self.fault(
                opener,
                Defect::Unclosed {
                    closer: "\"",
                    place,
                },
            );
        }
        self.foreign.push(ForeignString {
            opening: opener,
            closing,
        });
        self.finish_string(span, opening, closing.len() as usize, false);
    }

    /// Where the string that starts at `from`, behind its opening quote, is closed: by a quote of the
    /// family that is followed by what may follow a string, else by the first quote of the family,
    /// else at the end of the line (and then `false`).
    fn foreign_closing(&self, from: usize, kind: QuoteKind) -> (Span, bool) {
        let line = self.line_end(from);
        let mut first = None;
        let mut is_escaped = false;
        for (place, character) in self.text[from..line].char_indices() {
            let closes = quote_kind(character) == Some(kind)
                || (kind == QuoteKind::Double && character == '"');
            if closes && !is_escaped {
                let start = from + place;
                let end = start + character.len_utf8();
                let closing = Span::new(start as u32, end as u32);
                if self.may_follow_string(end) {
                    return (closing, true);
                }
                first.get_or_insert(closing);
            }
            is_escaped = character == '\\' && !is_escaped;
        }
        match first {
            Some(closing) => (closing, true),
            None => (Span::empty(self.unterminated_end(from, line) as u32), false),
        }
    }

    fn may_follow_string(&self, at: usize) -> bool {
        let rest = self.text[at..self.line_end(at)].trim_start();
        match rest.chars().next() {
            None => true,
            Some(character) => {
                matches!(character, ',' | ':' | '}' | ']')
                    || rest.starts_with("//")
                    || (rest.len() < self.line_end(at) - at
                        && (character == '"' || quote_kind(character).is_some()))
            }
        }
    }

    /// Where a string ends that has no closing quote before `line`: it gives back a comma and those
    /// brackets that close what is open.
    fn unterminated_end(&self, from: usize, line: usize) -> usize {
        let mut end = self.trim_end(from, line);
        if end > from && self.bytes[end - 1] == b',' {
            return self.trim_end(from, end - 1);
        }
        let closers: Vec<u8> = self.text[from..end]
            .bytes()
            .rev()
            .take_while(|byte| matches!(byte, b'}' | b']' | b' '))
            .filter(|byte| *byte != b' ')
            .collect();
        let fits = closers.len() <= self.frames().len()
            && closers
                .iter()
                .rev()
                .zip(self.frames().iter().rev())
                .all(|(&closer, frame)| (closer == b'}') == frame.is_object);
        if fits {
            end = from + self.text[from..end].trim_end_matches(['}', ']', ' ']).len();
        }
        end
    }

    /// A string from its quote at `start` on that holds more than JSON allows, or has no end.
    #[cold]
    pub(super) fn recover_string(&mut self, start: usize) {
        let mut at = start + 1;
        let end = loop {
            at = find_special(self.bytes, at);
            match self.byte(at) {
                b'"' => break at,
                b'\\' => at += Escape::read(&self.text[at..]).len,
                b'\n' | b'\r' if !self.goes_on_behind_line(at) => {
                    return self.unterminated_string(start, at);
                }
                _ if at >= self.bytes.len() => return self.unterminated_string(start, at),
                _ => at += 1,
            }
        };
        self.finish_string(Span::new(start as u32, end as u32 + 1), 1, 1, true);
    }

    /// Whether a string goes on behind the line break at `at`: text follows that no JSON could be,
    /// up to a quote behind which a string may end.
    fn goes_on_behind_line(&self, at: usize) -> bool {
        let rest = self.text[at..].trim_start();
        let from = self.bytes.len() - rest.len();
        let line = self.line_end(from);
        let text = &self.text[from..line];
        match text.find('"') {
            Some(quote) => {
                quote > 0
                    && !text[..quote].contains([':', '{', '}', '[', ']', '\\'])
                    && self.may_follow_string(from + quote + 1)
            }
            None => false,
        }
    }

    /// A string that no quote closes before the line or the text ends at `line`.
    fn unterminated_string(&mut self, start: usize, line: usize) {
        let opener = Span::new(start as u32, start as u32 + 1);
        let foreign =
            self.text[start + 1..line]
                .char_indices()
                .rev()
                .find(|&(place, character)| {
                    let end = start + 1 + place + character.len_utf8();
                    quote_kind(character).is_some() && self.may_follow_string(end)
                });
        let closing = match foreign {
            Some((place, character)) => {
                let at = start + 1 + place;
                let closing = Span::new(at as u32, (at + character.len_utf8()) as u32);
                self.foreign.push(ForeignString {
                    opening: opener,
                    closing,
                });
                closing
            }
            None => {
                let closing = Span::empty(self.unterminated_end(start + 1, line) as u32);
                self.fault(
                    opener,
                    Defect::Unclosed {
                        closer: "\"",
                        place: Some(closing),
                    },
                );
                closing
            }
        };
        let span = Span::new(start as u32, closing.end);
        self.finish_string(span, 1, closing.len() as usize, true);
    }

    /// Puts the string on the tape, moves behind it, and reports what JSON does not allow in it.
    fn finish_string(&mut self, span: Span, opening: usize, closing: usize, is_double: bool) {
        self.at = span.end as usize;
        let start = span.start as usize + opening;
        let content = &self.text[start..span.end as usize - closing];
        let flags = if content.contains('\\') {
            flag::ESCAPED
        } else {
            0
        };
        self.push_string(span, opening, closing, flags);
        let mut found = 0;
        let mut beyond = None;
        let mut at = 0;
        while at < content.len() {
            let Some(character) = content[at..].chars().next() else {
                break;
            };
            let (len, defect) = match character {
                '\\' => {
                    let escape = Escape::read(&content[at..]);
                    let is_quote = !is_double && escape.character == Some('\'');
                    let defect = match escape.defect {
                        Some(EscapeDefect::Unknown) if !is_quote => Some(Defect::UnknownEscape),
                        Some(EscapeDefect::LoneSurrogate) => Some(Defect::LoneSurrogate),
                        _ => None,
                    };
                    (escape.len, defect)
                }
                '\0'..='\u{1F}' => (1, Some(Defect::RawControl(character))),
                _ => (character.len_utf8(), None),
            };
            if let Some(defect) = defect {
                let place = Span::new((start + at) as u32, (start + at + len) as u32);
                found += 1;
                if found <= ILLEGAL_ESCAPE_LIMIT {
                    self.fault(place, defect);
                } else {
                    beyond.get_or_insert(place);
                }
            }
            at += len;
        }
        if let Some(place) = beyond {
            self.fault(
                place,
                Defect::MoreIllegalEscapes(found - ILLEGAL_ESCAPE_LIMIT),
            );
        }
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
