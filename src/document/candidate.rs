//! Places in a text where the payload may start, and a score of how much each looks like a payload.

use crate::json::next_visible;
use crate::names::{NAMES, VOCABULARY};
use crate::span::Span;

/// The maximum number of bytes that are read to score a candidate.
const PROBE_LEN: usize = 16 * 1024;

/// The maximum number of candidates in a text.
const MAX_CANDIDATES: usize = 128;

/// The maximum number of candidates after the first payload.
const MAX_FURTHER_CANDIDATES: usize = 100_000;

/// A place where the payload may start, and what follows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The byte offset.
    pub(super) start: usize,
    /// Whether it is the first of some properties without braces, rather than a bracket.
    pub(super) is_property: bool,
    /// The number of property names that payloads use.
    pub(super) known_names: usize,
    /// The number of quoted property names.
    pub(super) quoted_names: usize,
    /// The number of property names without quotes.
    pub(super) bare_names: usize,
    /// The end of the value, if all its brackets match.
    pub(super) end: Option<usize>,
}

impl Candidate {
    /// The candidate with the highest score, or an earlier one that also looks like a payload; `None` if the text has
    /// no candidate.
    pub(super) fn best(text: &str) -> Option<Candidate> {
        let candidates = Candidate::all(text);
        let best = candidates.iter().map(Candidate::score).max()?;
        let is_payload = |candidate: &&Candidate| {
            let starts_line = candidate.end.is_some() && starts_line(text, candidate.start);
            let has_known_names = candidate.known_names > 0 && candidate.quoted_names > 0;
            candidate.score() == best
                || has_known_names && (starts_line || candidate.score() * 4 >= best)
        };
        candidates.iter().find(is_payload).copied()
    }

    /// Whether the candidate has property names.
    pub(super) fn has_names(&self) -> bool {
        self.quoted_names + self.bare_names > 0
    }

    /// How much the candidate looks like a payload. Names that payloads use count most, then other quoted names, then
    /// matching brackets, then names without quotes.
    pub(super) fn score(&self) -> usize {
        16 * self.known_names.min(64)
            + 4 * self.quoted_names.min(64)
            + self.bare_names.min(64)
            + 2 * usize::from(self.end.is_some())
    }

    /// The candidates of a text in order, at most [`MAX_CANDIDATES`]. A place inside a candidate with property names
    /// is not a candidate itself.
    fn all(text: &str) -> Vec<Candidate> {
        let bytes = text.as_bytes();
        let mut candidates = Vec::new();
        let mut at = 0;
        while candidates.len() < MAX_CANDIDATES {
            let Some(found) = memchr::memchr3(b'{', b'[', b'"', &bytes[at..]) else {
                break;
            };
            let start = at + found;
            at = start + 1;
            let is_property = bytes[start] == b'"';
            // The bracket of a section that XML does not parse.
            if text[..start].ends_with("CDATA") {
                continue;
            }
            if is_property && (!candidates.is_empty() || !starts_line(text, start)) {
                continue;
            }
            let candidate = Candidate::probe(text, start, is_property);
            if is_property && !candidate.has_names() {
                continue;
            }
            if candidate.has_names() {
                at = candidate.end.unwrap_or(at).max(at);
            }
            candidates.push(candidate);
        }
        candidates
    }

    /// Reads tokens from `start` on, up to the first one that cannot be part of JSON or of a similar notation.
    pub(super) fn probe(text: &str, start: usize, is_property: bool) -> Candidate {
        let mut end = text.len().min(start + PROBE_LEN);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut probe = Probe {
            text: &text[..end],
            at: start,
            open: Vec::new(),
            found: Candidate {
                start,
                is_property,
                ..Candidate::default()
            },
        };
        probe.run();
        // The end of a value that is longer than the limit is found without reading its names.
        if probe.found.end.is_none() && end < text.len() && probe.at >= end {
            probe.found.end = matching_end(text, start);
        }
        probe.found
    }
}

/// Whether payloads use a property of this name, without regard to case.
fn is_known_name(name: &str) -> bool {
    VOCABULARY.id(name).known().is_some()
        || NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The payloads in a text after its first one, which ends at `start`: complete values with known names in quotes.
pub(super) fn further_payloads(text: &str, start: usize) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = start;
    for _ in 0..MAX_FURTHER_CANDIDATES {
        let Some(offset) = memchr::memchr2(b'{', b'[', &bytes[at..]) else {
            break;
        };
        let candidate = Candidate::probe(text, at + offset, false);
        at += offset + 1;
        if let Some(end) = candidate.end
            && candidate.known_names > 0
            && candidate.quoted_names > 0
        {
            found.push(Span::new(candidate.start as u32, end as u32));
            at = end;
        }
    }
    found
}

/// Whether a text mentions a property that payloads use, as a name: in quotes of any kind, or, if it is not a word of
/// ordinary text, before a quote or a colon.
pub(super) fn mentions_property(text: &str) -> bool {
    // The last characters of `&quot;` and `%22` are among them.
    const QUOTES: [char; 12] = ['"', '\'', '”', '“', '„', '’', '‘', '`', ';', '2', '\\', '^'];
    const ENDS: [char; 12] = ['"', '\'', '”', '“', '’', '`', '&', '%', '\\', ':', '=', '^'];
    const MIN_LEN: usize = 6;
    let is_name = |(at, name): (usize, &str)| {
        let is_quoted = text[..at].ends_with(QUOTES);
        let after = text[at + name.len()..].trim_start();
        (is_quoted || name.len() >= MIN_LEN) && after.starts_with(ENDS)
    };
    let mut names = NAMES.iter().copied();
    names.any(|name| text.match_indices(name).any(is_name))
}

/// Whether only whitespace precedes `at` on its line.
fn starts_line(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', '\t', '\u{FEFF}']);
    before.is_empty() || before.ends_with(['\n', '\r'])
}

/// The end of the value that starts with the bracket at `start`: after the bracket that matches it. Looks only at
/// brackets and strings.
pub(super) fn matching_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = string_end(text, at).unwrap_or(at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The offset of the closing quote of the string in double quotes at `start`, on the same line.
fn string_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return Some(at),
            b'\\' => at += 1,
            b'\n' => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

/// A token of JSON or of a similar notation.
enum Token {
    /// An opening bracket, and whether it starts an object.
    Open(bool),
    Close,
    Comma,
    Colon,
    /// A string in quotes.
    String,
    /// A word or number.
    Word,
    /// Anything else.
    Other,
    End,
}

/// What the probe expects next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    Name,
    Separator,
}

struct Probe<'t> {
    text: &'t str,
    at: usize,
    /// For each open container whether it is an object.
    open: Vec<bool>,
    found: Candidate,
}

impl Probe<'_> {
    fn run(&mut self) {
        let mut next = Next::Value;
        if self.found.is_property {
            self.open.push(true);
            next = Next::Name;
        }
        loop {
            let start = self.skip_whitespace();
            let token = self.token();
            next = match (next, token) {
                (_, Token::End | Token::Other) => {
                    self.at = self.at.max(start);
                    return;
                }
                (_, Token::Close) => {
                    self.open.pop();
                    if self.open.is_empty() {
                        self.found.end = Some(self.at);
                        return;
                    }
                    Next::Separator
                }
                (Next::Value, Token::Open(is_object)) => {
                    self.open.push(is_object);
                    if is_object { Next::Name } else { Next::Value }
                }
                (Next::Value, Token::String | Token::Word) => {
                    if self.open.is_empty() {
                        return;
                    }
                    Next::Separator
                }
                (Next::Name, token @ (Token::String | Token::Word)) => {
                    let is_quoted = matches!(token, Token::String);
                    match self.count_name(start, self.at, is_quoted) {
                        true => Next::Value,
                        false => return,
                    }
                }
                (Next::Separator, Token::Comma) => match self.open.last() {
                    Some(true) => Next::Name,
                    _ => Next::Value,
                },
                _ => return,
            };
        }
    }

    /// Counts the name in `start..end`, if a colon follows it, or if it is a known name in straight double quotes, whose
    /// colon may be missing. Returns whether it is a name.
    fn count_name(&mut self, start: usize, end: usize, is_quoted: bool) -> bool {
        let end_of_name = self.skip_whitespace();
        let has_colon = matches!(self.token(), Token::Colon);
        let is_part = |c: char| c.is_alphanumeric() || "_$-".contains(c);
        let written = &self.text[start..end];
        let name = written.trim_matches(|c: char| !is_part(c));
        let is_known = is_known_name(name);
        if !has_colon {
            if !(is_known && written.starts_with('"')) {
                return false;
            }
            self.at = end_of_name;
        }
        if is_quoted {
            self.found.quoted_names += 1;
        } else if name.len() == written.len() && name.chars().all(is_part) {
            self.found.bare_names += 1;
        } else {
            return false;
        }
        self.found.known_names += usize::from(is_known);
        true
    }

    /// Moves to the next character that is neither whitespace nor in a comment, and returns its offset.
    fn skip_whitespace(&mut self) -> usize {
        loop {
            self.at = next_visible(self.text, self.at);
            let visible = &self.text[self.at..];
            let comment = if visible.starts_with("//") {
                visible.find('\n').unwrap_or(visible.len())
            } else if visible.starts_with("/*") {
                visible.find("*/").map_or(visible.len(), |end| end + 2)
            } else {
                return self.at;
            };
            self.at += comment;
        }
    }

    /// Returns the token at the cursor and moves to its end.
    fn token(&mut self) -> Token {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else {
            return Token::End;
        };
        let (token, len) = match first {
            '{' | '｛' => (Token::Open(true), first.len_utf8()),
            '[' | '［' => (Token::Open(false), first.len_utf8()),
            '}' | ']' | '｝' | '］' => (Token::Close, first.len_utf8()),
            ',' | '，' => (Token::Comma, first.len_utf8()),
            ':' | '：' => (Token::Colon, first.len_utf8()),
            '=' if rest.starts_with("=>") => (Token::Colon, 2),
            '=' => (Token::Colon, 1),
            '"' => match string_end(self.text, self.at) {
                Some(end) => (Token::String, end + 1 - self.at),
                None => (Token::Other, 0),
            },
            '\'' | '“' | '”' | '„' | '‘' | '’' | '`' | '«' => {
                match quoted_len(rest, first) {
                    Some(len) => (Token::String, len),
                    None => (Token::Other, 0),
                }
            }
            _ => match word_len(rest) {
                0 => (Token::Other, 0),
                len => (Token::Word, len),
            },
        };
        self.at += len;
        token
    }
}

/// The length of the string in other quotes at the start of `text`, if it ends on the same line.
fn quoted_len(text: &str, opening: char) -> Option<usize> {
    let closers: &[char] = match opening {
        '\'' => &['\''],
        '`' => &['`', '\''],
        '‘' | '’' => &['‘', '’'],
        _ => &['“', '”', '„', '»', '"'],
    };
    let content = &text[opening.len_utf8()..];
    let mut is_escaped = false;
    // Looks no further than to the first closing quote: a line can be the whole text.
    for (at, c) in content.char_indices() {
        match c {
            '\n' | '\r' => return None,
            _ if closers.contains(&c) && !is_escaped => {
                return Some(opening.len_utf8() + at + c.len_utf8());
            }
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    None
}

/// The length of the word, number, name or placeholder at the start of `text`: no longer than a line.
fn word_len(text: &str) -> usize {
    let is_end = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ':' | '{' | '}' | '[' | ']' | '"' | ';' | '=' | '，' | '：'
            )
    };
    if let Some(rest) = text.strip_prefix("${").or_else(|| text.strip_prefix("#{")) {
        return rest.find(['}', '\n']).map_or(0, |end| end + 3);
    }
    let word = &text[..text.find(is_end).unwrap_or(text.len())];
    let is_word = word.starts_with(|c: char| c.is_alphanumeric() || "_$-+.%<#@".contains(c));
    if is_word { word.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_candidate_with_the_most_known_names_is_the_best() {
        for (text, start) in [
            ("[INFO] {token} {\"qualification\":\"Education\"}", 15),
            (
                "[2026-11-28 10:00:00] [app] {\"a\":1} {\"type\":\"sales\"}",
                36,
            ),
            ("x => { send({ customerId: \"1\" }) }", 12),
            ("\"products\": [{ \"mpn\": \"x\" }], \"type\": \"sales\"", 0),
            ("no payload [1, 2]", 11),
        ] {
            let best = Candidate::best(text).expect("a candidate");
            assert_eq!(best.start, start, "{text}");
        }
        assert_eq!(Candidate::best("nothing here"), None);
    }

    #[test]
    fn a_candidate_ends_after_its_last_bracket() {
        for (text, end) in [
            ("{\"a\":\"}\"} rest", Some(9)),
            ("{\"a\":[1,{\"b\":2}]", None),
            ("{\"a\": 1, // }\n \"b\": 2}", Some(22)),
        ] {
            assert_eq!(Candidate::probe(text, 0, false).end, end, "{text}");
        }
    }
}
