//! Text in front of the value, and text and more values after it.

use super::super::error::{Expected, SyntaxErrorKind};
use super::super::parser::{Parser, TooDeep};
use super::super::recover::token::is_invisible;
use crate::span::Span;

/// Recognizes text in front of the value, of which JSON knows nothing. Removing text that was recognized is
/// safe.
pub trait LeadingTextReader {
    /// Reads one line in front of the value, whose content is at `line`. Returns whether it recognizes the
    /// line. Then no part of the line belongs to the value, even if it contains brackets.
    fn read_line(&mut self, text: &str, line: Span) -> bool;

    /// Returns whether it recognizes `prefix`, which precedes the value on the same line.
    fn recognizes_prefix(&self, prefix: &str) -> bool;

    /// Takes the span of all text in front of the value; called once, if there is text and a value.
    fn finish(&mut self, span: Span);
}

/// Recognizes nothing.
pub(super) struct NoLeadingText;

impl LeadingTextReader for NoLeadingText {
    fn read_line(&mut self, _: &str, _: Span) -> bool {
        false
    }

    fn recognizes_prefix(&self, _: &str) -> bool {
        false
    }

    fn finish(&mut self, _: Span) {}
}

impl Parser<'_> {
    /// Skips the text in front of the value. Leaves the cursor at the value, or at comments right before it.
    /// Returns whether there is a value.
    #[cold]
    pub(super) fn skip_leading_text(&mut self, reader: &mut dyn LeadingTextReader) -> bool {
        let start = self.pos;
        let mut is_recognized = true;
        let mut has_text = false;
        let mut begin = None;
        let mut end = start;
        let mut at = start;
        let value = loop {
            at = self.skip_invisible(at);
            if at >= self.bytes.len() {
                return self.has_lone_scalar(start);
            }
            if matches!(self.bytes[at], b'{' | b'[') {
                break at;
            }
            begin.get_or_insert(at);
            if let Some(comment) = self.comment_end(at) {
                (at, end) = (comment, comment);
                continue;
            }
            has_text = true;
            let line = self.line_end(at);
            if reader.read_line(self.text, Span::new(at as u32, line as u32)) {
                (at, end) = (line, self.trim_end(at, line));
                continue;
            }
            if let Some(bracket) = memchr::memchr2(b'{', b'[', &self.bytes[at..line]) {
                is_recognized &= reader.recognizes_prefix(&self.text[at..at + bracket]);
                end = self.trim_end(at, at + bracket);
                break at + bracket;
            }
            is_recognized = false;
            (at, end) = (line, self.trim_end(at, line));
        };
        if let Some(begin) = begin.filter(|_| has_text) {
            let span = Span::new(begin as u32, end as u32);
            let value = value as u32;
            let kind = SyntaxErrorKind::LeadingText {
                is_recognized,
                value,
            };
            self.error(span, kind);
            reader.finish(span);
            self.pos = end;
        }
        true
    }

    /// The offset of the next character from `at` on that is neither whitespace nor invisible.
    fn skip_invisible(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let visible = rest.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c));
        self.bytes.len() - visible.len()
    }

    /// Whether a text without brackets is a scalar; if not, reports that it has no value.
    fn has_lone_scalar(&mut self, start: usize) -> bool {
        let mut at = self.skip_invisible(start);
        while let Some(comment) = self.comment_end(at) {
            at = self.skip_invisible(comment);
        }
        let rest = self.text[at..self.line_end(at)].trim_end();
        let literals = [
            "true",
            "false",
            "null",
            "none",
            "undefined",
            "nan",
            "infinity",
        ];
        let is_scalar = rest.starts_with(|c: char| c.is_ascii_digit() || "-+.'“„‘«".contains(c))
            || literals
                .iter()
                .any(|literal| rest.eq_ignore_ascii_case(literal));
        if !is_scalar {
            self.report_missing_value();
        }
        is_scalar
    }

    /// Parses what follows the first value.
    #[cold]
    pub(super) fn parse_trailing_text(&mut self) -> Result<(), TooDeep> {
        let mut is_first = true;
        loop {
            self.skip_whitespace();
            match self.peek() {
                _ if self.pos >= self.bytes.len() => return Ok(()),
                b'{' | b'[' => {
                    let second = self.entries.len();
                    let start = self.pos;
                    self.parse_root()?;
                    if is_first {
                        let span = self.entries[second].span();
                        debug_assert_eq!(span.start, start as u32);
                        self.error(span, SyntaxErrorKind::SeveralValues);
                        is_first = false;
                    }
                }
                b'}' | b']' => {
                    let bracket = Span::new(self.pos as u32, self.pos as u32 + 1);
                    self.error(bracket, SyntaxErrorKind::Unexpected(Expected::Opened));
                    self.pos += 1;
                }
                b',' if matches!(self.byte(self.skip_invisible(self.pos + 1)), b'{' | b'[') => {
                    self.pos += 1;
                }
                _ => {
                    let end = self.trim_end(self.pos, self.bytes.len());
                    let span = Span::new(self.pos as u32, end as u32);
                    self.error(span, SyntaxErrorKind::TrailingText);
                    self.pos = self.bytes.len();
                }
            }
        }
    }
}
