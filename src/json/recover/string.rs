//! Recovery from strings in other quotes, without a closing quote, or with content that JSON does not allow.

use super::super::entry::flag;
use super::super::error::{NonJsonString, SyntaxErrorKind};
use super::super::escape::{Escape, EscapeDefect};
use super::super::lexer::find_special;
use super::super::parser::Parser;
use super::token::{QuoteKind, quote_kind};
use crate::span::Span;

/// The number of illegal characters per string that are reported one by one; the rest are counted.
const ILLEGAL_ESCAPE_LIMIT: usize = 10;

impl Parser<'_> {
    /// Parses a string in other quotes, whose opening quote follows a prefix of `prefix` bytes.
    pub(super) fn parse_non_json_string(&mut self, prefix: usize, kind: QuoteKind) {
        let start = self.pos;
        let quote = self.character(start + prefix);
        let opening = prefix + quote.map_or(0, char::len_utf8);
        let (closing, is_closed) = self.closing_quote(start + opening, kind);
        let span = Span::new(start as u32, closing.end);
        let opener = Span::new(start as u32, (start + opening) as u32);
        if !is_closed {
            self.report_unclosed_string(opener, closing.start);
        }
        self.non_json_quotes.push(NonJsonString {
            opening: opener,
            closing,
        });
        self.finish_string(span, opening, closing.len() as usize, false);
        if !is_closed {
            self.mark_end_as_guess();
        }
    }

    /// Marks the last string as one whose end is a guess, so that no rule checks it, and its container as incomplete.
    fn mark_end_as_guess(&mut self) {
        self.mark_last(flag::SYNTHETIC);
        self.mark_errors();
    }

    /// Reports that a string lacks its closing quote, which belongs at offset `end`.
    fn report_unclosed_string(&mut self, opener: Span, end: u32) {
        let kind = SyntaxErrorKind::Unclosed {
            closer: "\"",
            outermost: None,
            place: Span::empty(end),
            missing: "\"".to_owned(),
        };
        self.error(opener, kind);
    }

    /// The closing quote of the string whose content starts at `from`: the first quote of the family before a
    /// token that may follow a string, else the first quote of the family, else an empty span at the end of
    /// the line and `false`.
    pub(super) fn closing_quote(&self, from: usize, kind: QuoteKind) -> (Span, bool) {
        let line = self.line_end(from);
        let mut first = None;
        let mut is_escaped = false;
        for (offset, character) in self.text[from..line].char_indices() {
            let closes = quote_kind(character) == Some(kind)
                || (kind == QuoteKind::Double && character == '"');
            // A backslash escapes only ASCII quotes.
            if closes && (!is_escaped || !character.is_ascii()) {
                let start = from + offset;
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

    /// The end of a string that has no closing quote before `line`. A comma and the brackets that close the
    /// open containers at the end of the line do not belong to the string.
    fn unterminated_end(&self, from: usize, line: usize) -> usize {
        let mut end = self.trim_end(from, line);
        if end > from && self.bytes[end - 1] == b',' {
            end = self.trim_end(from, end - 1);
        }
        let closers: Vec<u8> = self.text[from..end]
            .bytes()
            .rev()
            .take_while(|byte| matches!(byte, b'}' | b']' | b' '))
            .filter(|byte| *byte != b' ')
            .collect();
        let matches = closers.len() <= self.depth()
            && closers
                .iter()
                .rev()
                .zip(self.open_containers().rev())
                .all(|(&closer, frame)| (closer == b'}') == frame.is_object());
        if matches {
            end = from + self.text[from..end].trim_end_matches(['}', ']', ' ']).len();
        }
        end
    }

    /// Parses a string from its quote at `start` on that contains more than JSON allows, or has no closing
    /// quote.
    #[cold]
    pub(crate) fn recover_string(&mut self, start: usize) {
        let mut at = start + 1;
        let end = loop {
            at = find_special(self.bytes, at);
            match self.byte(at) {
                b'"' => break at,
                b'\\' => at += Escape::read(&self.text[at..]).len,
                b'\n' | b'\r' if !self.continues_on_next_line(at) => {
                    return self.unterminated_string(start, at);
                }
                _ if at >= self.bytes.len() => return self.unterminated_string(start, at),
                _ => at += 1,
            }
        };
        self.finish_string(Span::new(start as u32, end as u32 + 1), 1, 1, true);
    }

    /// Whether a string continues after the line break at `at`: the next line has text that cannot be JSON,
    /// up to a quote that may close the string.
    fn continues_on_next_line(&self, at: usize) -> bool {
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

    /// Parses a string that no JSON quote closes before the line or the text ends at `line`.
    fn unterminated_string(&mut self, start: usize, line: usize) {
        let opener = Span::new(start as u32, start as u32 + 1);
        let text_end = self.trim_end(0, self.bytes.len());
        let is_last_line = line >= text_end;
        let other_quote =
            self.text[start + 1..line]
                .char_indices()
                .rev()
                .find(|&(offset, character)| {
                    let end = start + 1 + offset + character.len_utf8();
                    quote_kind(character).is_some() && self.may_follow_string(end)
                });
        let end = self.unterminated_end(start + 1, line);
        let closing = match other_quote {
            Some((offset, character)) => {
                let at = start + 1 + offset;
                Span::new(at as u32, (at + character.len_utf8()) as u32)
            }
            None => Span::empty(end as u32),
        };
        // The string goes on to the end of the text, unless brackets after it close everything that is open.
        if is_last_line && !self.closes_everything(closing.end as usize) {
            return self.cut_off_string(start, text_end);
        }
        if closing.is_empty() {
            self.report_unclosed_string(opener, closing.start);
        } else {
            let opening = opener;
            self.non_json_quotes
                .push(NonJsonString { opening, closing });
        }
        let span = Span::new(start as u32, closing.end);
        self.finish_string(span, 1, closing.len() as usize, true);
        if closing.is_empty() {
            self.mark_end_as_guess();
        }
    }

    /// Whether the rest of the text from `at` on has as many closing brackets as containers are open, and at least one.
    fn closes_everything(&self, at: usize) -> bool {
        let rest = self.text[at..]
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace());
        let closers = rest.filter(|byte| matches!(byte, b'}' | b']')).count();
        self.depth() > 0 && closers >= self.depth() || self.depth() == 0 && at < self.bytes.len()
    }

    /// Parses a string that the end of the text cuts off. The rest of the string and of the text is unknown.
    fn cut_off_string(&mut self, start: usize, end: usize) {
        self.push_string(Span::new(start as u32, end as u32), 1, 0, flag::SYNTHETIC);
        self.mark_all_errors();
        self.unterminated = Some(start);
        self.pos = end;
        if self.depth() == 0 {
            self.report_open_end();
        }
    }

    /// Puts the string on the tape, moves the cursor to its end, and reports content that JSON does not
    /// allow.
    fn finish_string(&mut self, span: Span, opening: usize, closing: usize, is_double: bool) {
        self.pos = span.end as usize;
        let start = span.start as usize + opening;
        let content = &self.text[start..span.end as usize - closing];
        let flags = if content.contains('\\') {
            flag::ESCAPED
        } else {
            0
        };
        self.push_string(span, opening, closing, flags);
        let mut found = 0;
        let mut first_beyond = None;
        let mut controls = Vec::new();
        let mut at = 0;
        while at < content.len() {
            let (len, kind) = illegal_character(&content[at..], is_double);
            if let Some(kind) = kind {
                let span = Span::new((start + at) as u32, (start + at + len) as u32);
                found += 1;
                if found <= ILLEGAL_ESCAPE_LIMIT {
                    self.error(span, kind);
                } else {
                    first_beyond.get_or_insert(span);
                    if let SyntaxErrorKind::RawControl(_) = kind {
                        controls.push(span);
                    }
                }
            }
            at += len;
        }
        if let Some(span) = first_beyond {
            let count = found - ILLEGAL_ESCAPE_LIMIT;
            self.error(
                span,
                SyntaxErrorKind::MoreIllegalEscapes { count, controls },
            );
        }
    }
}

/// The length of the character or escape at the start of `content`, which is not empty, and why JSON does not
/// allow it, if so.
fn illegal_character(content: &str, is_double: bool) -> (usize, Option<SyntaxErrorKind>) {
    let character = content.chars().next().unwrap_or_default();
    match character {
        '\\' => {
            let escape = Escape::read(content);
            let is_quote = !is_double && escape.character == Some('\'');
            let kind = match escape.defect {
                Some(EscapeDefect::Unknown) if !is_quote => Some(SyntaxErrorKind::UnknownEscape),
                Some(EscapeDefect::LoneSurrogate) => Some(SyntaxErrorKind::LoneSurrogate),
                _ => None,
            };
            (escape.len, kind)
        }
        '\r' if content[1..].starts_with('\n') => (2, Some(SyntaxErrorKind::RawControl('\n'))),
        '\0'..='\u{1F}' => (1, Some(SyntaxErrorKind::RawControl(character))),
        _ => (character.len_utf8(), None),
    }
}
