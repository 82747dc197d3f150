//! The cold side of the parser for strings: in quotes of another kind, without an end, or holding
//! what JSON does not allow in them.

use super::fault::{Defect, ForeignString};
use super::parse::Parser;
use super::scan::find_special;
use super::tape::flag;
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

impl Parser<'_> {
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
    pub(super) fn foreign_closing(&self, from: usize, kind: QuoteKind) -> (Span, bool) {
        let line = self.line_end(from);
        let mut first = None;
        let mut is_escaped = false;
        for (place, character) in self.text[from..line].char_indices() {
            let closes = quote_kind(character) == Some(kind)
                || (kind == QuoteKind::Double && character == '"');
            // JSON escapes only its own kind; a backslash before another quote is text.
            if closes && (!is_escaped || !character.is_ascii()) {
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
            end = self.trim_end(from, end - 1);
        }
        let closers: Vec<u8> = self.text[from..end]
            .bytes()
            .rev()
            .take_while(|byte| matches!(byte, b'}' | b']' | b' '))
            .filter(|byte| *byte != b' ')
            .collect();
        let fits = closers.len() <= self.depth()
            && closers
                .iter()
                .rev()
                .zip(self.open_containers().rev())
                .all(|(&closer, frame)| (closer == b'}') == frame.is_object());
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
        let mut controls = Vec::new();
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
                '\r' if content[at + 1..].starts_with('\n') => (2, Some(Defect::RawControl('\n'))),
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
                    if let Defect::RawControl(_) = defect {
                        controls.push(place);
                    }
                }
            }
            at += len;
        }
        if let Some(place) = beyond {
            self.fault(
                place,
                Defect::MoreIllegalEscapes {
                    count: found - ILLEGAL_ESCAPE_LIMIT,
                    controls,
                },
            );
        }
    }
}
