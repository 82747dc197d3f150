//! The preamble of a document: text in front of the payload, such as the lines of an HTTP message that were
//! copied with it.

use crate::json::LeadingTextReader;
use crate::span::Span;

/// The text in front of the payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Preamble {
    /// From its first visible character to its last.
    pub span: Span,
    /// The direction that an HTTP line in it states.
    pub direction: Option<HttpDirection>,
    /// Whether the payload is the answer to a GET, so that it may list everything at the target.
    pub is_get: bool,
    /// The last GUID in the target of a request line.
    pub tenant: Option<Span>,
}

/// The direction in which a payload travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpDirection {
    /// To the platform.
    Request,
    /// From the platform.
    Response,
}

/// A line in front of a payload.
enum Line {
    /// `POST target`.
    Request {
        /// The offset of the target in the line.
        target: usize,
        /// The direction of a payload with this method.
        direction: Option<HttpDirection>,
    },
    /// `HTTP/1.1 200 OK`.
    Status,
    /// `Name: value`.
    Header,
}

/// Reads the preamble while the parser skips it.
#[derive(Default)]
pub(super) struct PreambleReader {
    span: Option<Span>,
    direction: Option<HttpDirection>,
    is_get: bool,
    tenant: Option<Span>,
}

impl PreambleReader {
    /// The preamble, if the document has one.
    pub(super) fn into_preamble(self) -> Option<Preamble> {
        Some(Preamble {
            span: self.span?,
            direction: self.direction,
            is_get: self.is_get,
            tenant: self.tenant,
        })
    }

    fn record_line(&mut self, line: &Line, text: &str, span: Span) {
        match *line {
            Line::Request { target, direction } => {
                self.direction = direction.or(self.direction);
                self.is_get = direction == Some(HttpDirection::Response);
                let target = Span::new(span.start + target as u32, span.end);
                let tenant = last_guid(target.of(text))
                    .map(|at| Span::new(0, GUID_LEN as u32).shifted(target.start + at as u32));
                self.tenant = tenant.or(self.tenant);
            }
            Line::Status => self.direction = Some(HttpDirection::Response),
            Line::Header => {}
        }
    }
}

impl LeadingTextReader for PreambleReader {
    fn read_line(&mut self, text: &str, span: Span) -> bool {
        let line = parse_line(span.of(text));
        if let Some(line) = &line {
            self.record_line(line, text, span);
        }
        line.is_some()
    }

    fn recognizes_prefix(&self, prefix: &str) -> bool {
        is_assignment(prefix)
    }

    fn finish(&mut self, span: Span) {
        self.span = Some(span);
    }
}

fn parse_line(line: &str) -> Option<Line> {
    if line.starts_with("HTTP/") && line[5..].starts_with(|c: char| c.is_ascii_digit()) {
        return Some(Line::Status);
    }
    let mut words = line.split_whitespace();
    let method = words.next()?;
    let direction = match method.to_ascii_uppercase().as_str() {
        "POST" | "PUT" | "PATCH" => Some(Some(HttpDirection::Request)),
        "GET" => Some(Some(HttpDirection::Response)),
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

/// Whether the text after a colon is a payload rather than the value of a header, such as `{token}`.
fn starts_payload(value: &str) -> bool {
    match value.strip_prefix(['{', '[']) {
        Some(rest) => rest.is_empty() || rest.trim_start().starts_with(['"', '{', '[', '}', ']']),
        None => false,
    }
}

/// Whether the text before the payload on its line is `media/type=` or `name =`.
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

/// The length of a GUID, in bytes.
const GUID_LEN: usize = 36;

/// The offset of the last GUID in `text`.
fn last_guid(text: &str) -> Option<usize> {
    let is_guid = |window: &[u8]| {
        window.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    text.as_bytes().windows(GUID_LEN).rposition(is_guid)
}
