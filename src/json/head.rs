//! What stands around the value: HTTP lines, an assignment or other text in front of it, and more
//! text or more values behind it.

use super::fault::{Defect, Direction, Expected, Head};
use super::parse::{Parser, TooDeep};
use super::words::is_invisible;
use crate::span::Span;

/// A line of a shape that stands in front of a payload and holds none of it.
enum Line {
    /// `POST target`, and what it says about the direction.
    Request {
        target: usize,
        direction: Option<Direction>,
    },
    /// `HTTP/1.1 200 OK`.
    Status,
    /// `Name: value`.
    Header,
}

impl Parser<'_> {
    /// Reads the text in front of the value and leaves the cursor at the value or at comments right
    /// before it. False if there is no value.
    #[cold]
    pub(super) fn head(&mut self) -> bool {
        let start = self.at;
        let mut head = Head {
            span: Span::default(),
            direction: None,
            is_get: false,
            tenant: None,
        };
        let mut is_known = true;
        let mut has_text = false;
        let mut begin = None;
        let mut end = start;
        let mut at = start;
        let value = loop {
            at = self.visible(at);
            if at >= self.bytes.len() {
                return self.without_bracket(start);
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
            match known_line(&self.text[at..line]) {
                Some(known) => {
                    self.note(&mut head, known, at, line);
                    (at, end) = (line, self.trim_end(at, line));
                }
                None => match memchr::memchr2(b'{', b'[', &self.bytes[at..line]) {
                    Some(bracket) => {
                        is_known &= is_assignment(&self.text[at..at + bracket]);
                        end = self.trim_end(at, at + bracket);
                        break at + bracket;
                    }
                    None => {
                        is_known = false;
                        (at, end) = (line, self.trim_end(at, line));
                    }
                },
            }
        };
        if let Some(begin) = begin.filter(|_| has_text) {
            head.span = Span::new(begin as u32, end as u32);
            let defect = Defect::LeadingText {
                known: is_known,
                value: value as u32,
            };
            self.fault(head.span, defect);
            self.head = Some(Box::new(head));
            self.at = end;
        }
        true
    }

    /// The next character that is neither blank nor invisible.
    fn visible(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let shown = rest.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c));
        self.bytes.len() - shown.len()
    }

    /// A text without any bracket: a lone scalar, or no value at all.
    fn without_bracket(&mut self, start: usize) -> bool {
        let mut at = self.visible(start);
        while let Some(comment) = self.comment_end(at) {
            at = self.visible(comment);
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
        if is_scalar {
            return true;
        }
        self.no_value();
        false
    }

    fn note(&self, head: &mut Head, line: Line, start: usize, end: usize) {
        match line {
            Line::Request { target, direction } => {
                head.direction = direction.or(head.direction);
                head.is_get = direction == Some(Direction::Response);
                head.tenant = last_guid(&self.text[start + target..end])
                    .map(|place| {
                        Span::new(
                            (start + target + place) as u32,
                            (start + target + place + 36) as u32,
                        )
                    })
                    .or(head.tenant);
            }
            Line::Status => head.direction = Some(Direction::Response),
            Line::Header => {}
        }
    }

    /// Reads what follows the first value.
    #[cold]
    pub(super) fn behind_the_value(&mut self) -> Result<(), TooDeep> {
        let mut is_first = true;
        loop {
            self.skip_blanks();
            match self.peek() {
                _ if self.at >= self.bytes.len() => return Ok(()),
                b'{' | b'[' => {
                    let second = self.entries.len();
                    let start = self.at;
                    self.root()?;
                    if is_first {
                        let span = self.entry_span(second as u32);
                        debug_assert_eq!(span.start, start as u32);
                        self.fault(span, Defect::SeveralValues);
                        is_first = false;
                    }
                }
                b'}' | b']' => {
                    let bracket = Span::new(self.at as u32, self.at as u32 + 1);
                    self.fault(bracket, Defect::Unexpected(Expected::Opened));
                    self.at += 1;
                }
                b',' if matches!(self.byte(self.visible(self.at + 1)), b'{' | b'[') => self.at += 1,
                _ => {
                    let end = self.trim_end(self.at, self.bytes.len());
                    self.fault(Span::new(self.at as u32, end as u32), Defect::TrailingText);
                    self.at = self.bytes.len();
                }
            }
        }
    }
}

fn known_line(line: &str) -> Option<Line> {
    if line.starts_with("HTTP/") && line[5..].starts_with(|c: char| c.is_ascii_digit()) {
        return Some(Line::Status);
    }
    let mut words = line.split_whitespace();
    let method = words.next()?;
    let direction = match method.to_ascii_uppercase().as_str() {
        "POST" | "PUT" | "PATCH" => Some(Some(Direction::Request)),
        "GET" => Some(Some(Direction::Response)),
        "DELETE" => Some(None),
        _ => None,
    };
    if let (Some(direction), Some(_)) = (direction, words.next()) {
        let version = words.next();
        if version.is_none_or(|version| version.starts_with("HTTP/")) && words.next().is_none() {
            return Some(Line::Request {
                target: method.len(),
                direction,
            });
        }
    }
    let (name, value) = line.split_once(':')?;
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_name && !starts_payload(value.trim())).then_some(Line::Header)
}

/// Whether what follows a colon is a payload rather than a header's value such as `{token}`.
fn starts_payload(value: &str) -> bool {
    match value.strip_prefix(['{', '[']) {
        Some(rest) => rest.is_empty() || rest.trim_start().starts_with(['"', '{', '[', '}', ']']),
        None => false,
    }
}

/// Whether the text right before the value is `media/type=` or `name =`.
fn is_assignment(text: &str) -> bool {
    let Some(name) = text.trim_end().strip_suffix('=') else {
        return false;
    };
    let name = name.trim_end();
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_$.+-".contains(&byte))
    };
    match name.split_once('/') {
        Some((kind, subtype)) => is_part(kind) && is_part(subtype),
        None => is_part(name),
    }
}

/// Where the last GUID in `text` starts.
fn last_guid(text: &str) -> Option<usize> {
    let is_guid = |piece: &[u8]| {
        piece.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    text.as_bytes().windows(36).rposition(is_guid)
}
