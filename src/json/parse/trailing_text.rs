//! Text without a value, and text and more values after the first one.

use super::super::entry::Entry;
use super::super::error::{Expected, SyntaxErrorKind};
use super::super::parser::{Parser, TooDeep};
use super::super::recover::token::next_visible;
use crate::span::Span;

/// The words that are a literal in some programming language.
const LITERALS: [&str; 7] = [
    "true",
    "false",
    "null",
    "none",
    "undefined",
    "nan",
    "infinity",
];

impl Parser<'_> {
    /// Whether a text that does not start with a JSON bracket or quote starts with a value. Reports a missing value.
    #[cold]
    pub(super) fn has_value(&mut self) -> bool {
        let first = next_visible(self.text, self.pos);
        let (mut at, mut comments_end) = (first, first);
        while let Some(comment) = self.comment_end(at) {
            comments_end = comment;
            at = next_visible(self.text, comment);
        }
        let rest = self.text[at..self.line_end(at)].trim_end();
        let is_value = rest
            .starts_with(|c: char| c.is_ascii_digit() || "{[｛［\"-+.'“„‘«＂".contains(c))
            || LITERALS
                .iter()
                .any(|literal| rest.eq_ignore_ascii_case(literal));
        if at >= self.bytes.len() && comments_end > first {
            // A text that is only a comment, such as a line of NDJSON, lacks nothing.
            let span = Span::new(first as u32, comments_end as u32);
            self.error(span, SyntaxErrorKind::Comment);
        } else if !is_value {
            self.report_missing_value();
        }
        is_value
    }

    /// Whether the last byte of an object without opening brace is its closing brace: all its values end before that
    /// byte.
    pub(super) fn has_surplus_closer(&self, object: usize) -> bool {
        let end = self.entries[object].end;
        let inner = self.entries[object + 1..].iter();
        inner.map(Entry::span).all(|span| span.end < end)
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
                b',' if matches!(
                    self.byte(next_visible(self.text, self.pos + 1)),
                    b'{' | b'['
                ) =>
                {
                    self.pos += 1;
                }
                _ => {
                    let end = self.trim_end(self.pos, self.bytes.len());
                    let span = Span::new(self.pos as u32, end as u32);
                    // A line that was cut out of an array ends with its comma.
                    let kind = match span.of(self.text) {
                        "," => SyntaxErrorKind::TrailingComma,
                        _ => SyntaxErrorKind::TrailingText,
                    };
                    self.error(span, kind);
                    self.pos = self.bytes.len();
                }
            }
        }
    }
}
