//! Tokens and lines of text that is not JSON: comments, invisible characters, quotes of other kinds.

use super::super::error::SyntaxErrorKind;
use super::super::parser::Parser;
use crate::span::Span;

/// Whether a character is invisible, or whitespace that JSON does not allow.
pub(crate) fn is_invisible(character: char) -> bool {
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

fn is_whitespace_or_invisible(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

/// The offset of the first character from `at` on that is neither whitespace nor invisible.
pub(crate) fn next_visible(text: &str, at: usize) -> usize {
    text.len()
        - text[at..]
            .trim_start_matches(is_whitespace_or_invisible)
            .len()
}

/// The end of the last character of a text that is neither whitespace nor invisible.
pub(crate) fn visible_end(text: &str) -> usize {
    text.trim_end_matches(is_whitespace_or_invisible).len()
}

/// The two families of quotes. A quote closes a string that any quote of the same family opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum QuoteKind {
    Single,
    Double,
}

/// The family of a quote that JSON does not allow.
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

impl Parser<'_> {
    /// Skips whitespace, comments and invisible characters, and reports the latter two.
    #[cold]
    pub(crate) fn skip_non_json_whitespace(&mut self) {
        loop {
            while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
                self.pos += 1;
            }
            if let Some(end) = self.comment_end(self.pos) {
                let span = Span::new(self.pos as u32, end as u32);
                self.error(span, SyntaxErrorKind::Comment);
                self.pos = end;
            } else if self.character(self.pos).is_some_and(is_invisible) {
                let start = self.pos;
                while let Some(character) = self.character(self.pos).filter(|&c| is_invisible(c)) {
                    self.pos += character.len_utf8();
                }
                let run = Span::new(start as u32, self.pos as u32);
                // The text after an unclosed name is scanned twice.
                if self
                    .invisible
                    .last()
                    .is_none_or(|last| last.end <= run.start)
                {
                    self.invisible.push(run);
                }
            } else {
                return;
            }
        }
    }

    /// The character at byte offset `at`.
    pub(super) fn character(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The end of the comment that starts at `at`; `None` if none does.
    pub(crate) fn comment_end(&self, at: usize) -> Option<usize> {
        let rest = &self.bytes[at.min(self.bytes.len())..];
        if rest.starts_with(b"//") || rest.starts_with(b"#") && !is_interpolation(rest) {
            Some(self.trim_end(at, self.line_end(at)))
        } else if rest.starts_with(b"/*") {
            let close = memchr::memmem::find(&rest[2..], b"*/");
            Some(close.map_or_else(
                || self.trim_end(at, self.bytes.len()),
                |close| at + 2 + close + 2,
            ))
        } else {
            None
        }
    }

    /// The end of the line that contains byte offset `at`, without its line break.
    pub(crate) fn line_end(&self, at: usize) -> usize {
        let known = self.line.get();
        if known.start as usize <= at && at < known.end as usize {
            return known.end as usize;
        }
        let rest = &self.bytes[at..];
        let end = memchr::memchr2(b'\n', b'\r', rest).map_or(self.bytes.len(), |len| at + len);
        self.line.set(Span::new(at as u32, end as u32));
        end
    }

    /// Moves `end` to the left over whitespace and invisible characters, at most to `start`.
    pub(crate) fn trim_end(&self, start: usize, end: usize) -> usize {
        start + visible_end(&self.text[start..end])
    }

    /// The span of the token at `at`: a string, a bracket or punctuation mark, or a word. It ends with the
    /// line.
    pub(super) fn token(&self, at: usize) -> Span {
        let line = self.line_end(at);
        let rest = &self.text[at..line];
        let len = match rest.chars().next() {
            Some('"') => {
                let mut end = at + 1;
                while end < line && self.bytes[end] != b'"' {
                    end += 1 + usize::from(self.bytes[end] == b'\\');
                }
                (end + 1).min(line) - at
            }
            Some(c) if ",:;=(){}[]".contains(c) => 1,
            Some(c) => {
                let closer = quote_kind(c).map(|_| c);
                let ends = |(_, c): &(usize, char)| {
                    c.is_whitespace()
                        || is_invisible(*c)
                        || ",:;={}[]\"".contains(*c)
                        || Some(*c) == closer
                };
                rest.char_indices()
                    .skip(1)
                    .find(ends)
                    .map_or(rest.len(), |(end, _)| end)
            }
            None => 0,
        };
        let mut end = at + len;
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span::new(at as u32, end as u32)
    }
}

/// Whether a text starts with a name in `#{…}`, which is a placeholder and not a comment.
fn is_interpolation(text: &[u8]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.$-".contains(byte);
    let Some(name) = text.strip_prefix(b"#{") else {
        return false;
    };
    let len = name.iter().take_while(|byte| is_name(byte)).count();
    len > 0 && name.get(len) == Some(&b'}')
}
