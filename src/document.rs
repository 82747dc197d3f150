//! Documents: a text with its values, its preamble and its syntax errors.

mod edits;
mod messages;
mod preamble;

use self::preamble::PreambleReader;
pub use self::preamble::{HttpDirection, Preamble};
use crate::finding::Finding;
use crate::json::{
    Encoding, Node, Parsed, StringRole, SyntaxError, SyntaxErrorKind, Tape, parse_with_leading_text,
};
use crate::names::VOCABULARY;
use crate::span::Span;

/// The maximum size of a document, in bytes: spans have 32-bit offsets.
pub const SIZE_LIMIT: usize = u32::MAX as usize;

/// One parsed text.
#[derive(Debug)]
pub struct Document<'t> {
    parsed: Parsed<'t>,
    preamble: Option<Preamble>,
    syntax_errors: Vec<SyntaxError>,
}

impl<'t> Document<'t> {
    /// Parses `text`, of at most [`SIZE_LIMIT`] bytes.
    pub fn parse(text: &'t str) -> Self {
        Self::parse_onto(text, Tape::default())
    }

    /// Parses `text` onto a tape that has served before, see [`Document::into_tape`].
    pub fn parse_onto(text: &'t str, tape: Tape) -> Self {
        let mut reader = PreambleReader::default();
        let (parsed, syntax_errors) = parse_with_leading_text(text, &VOCABULARY, tape, &mut reader);
        Self {
            parsed,
            preamble: reader.into_preamble(),
            syntax_errors,
        }
    }

    /// Parses bytes. If they are not UTF-8, the text of the document is the longest prefix that is, and it
    /// has no value and one finding at the first invalid byte.
    pub fn parse_bytes(bytes: &'t [u8]) -> Self {
        Self::parse_bytes_onto(bytes, Tape::default())
    }

    /// Parses bytes onto a tape that has served before, see [`Document::into_tape`].
    pub fn parse_bytes_onto(bytes: &'t [u8], tape: Tape) -> Self {
        let (text, encoding) = match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => (text, utf16_without_bom(bytes)),
            Err(_) => (valid_utf8_prefix(bytes), Some(detect_encoding(bytes))),
        };
        let Some(encoding) = encoding else {
            return Self::parse_onto(text, tape);
        };
        let span = Span::empty(if encoding == Encoding::Unknown {
            text.len() as u32
        } else {
            0
        });
        let kind = SyntaxErrorKind::NotUtf8(encoding);
        Self {
            parsed: Parsed::without_values(text, &VOCABULARY),
            preamble: None,
            syntax_errors: vec![SyntaxError { span, kind }],
        }
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.parsed.text()
    }

    /// The values of the text that are in no other value.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.parsed.roots()
    }

    /// The root that contains `span`.
    pub fn root_at(&self, span: Span) -> Option<Node<'_>> {
        self.roots().find(|root| root.span().contains(span))
    }

    /// The strings in the value `node` that are unusual in some way, see [`Parsed::suspicious_strings`].
    pub fn suspicious_strings(
        &self,
        node: Node<'_>,
    ) -> impl Iterator<Item = (Node<'_>, StringRole<'_>)> {
        self.parsed.suspicious_strings(node)
    }

    /// The text in front of the payload, if there is any.
    pub fn preamble(&self) -> Option<&Preamble> {
        self.preamble.as_ref()
    }

    /// The syntax errors, without messages.
    pub fn syntax_errors(&self) -> &[SyntaxError] {
        &self.syntax_errors
    }

    /// The findings of the `json/` rules, one per syntax error.
    pub fn syntax_findings(&self) -> Vec<Finding> {
        self.syntax_errors
            .iter()
            .map(|error| messages::finding(self.text(), error))
            .collect()
    }

    /// The tape, for reuse with another document.
    pub fn into_tape(self) -> Tape {
        self.parsed.into_tape()
    }
}

/// The longest prefix of some bytes that is valid UTF-8.
pub(crate) fn valid_utf8_prefix(bytes: &[u8]) -> &str {
    let chunk = bytes.utf8_chunks().next();
    chunk.map_or("", |chunk| chunk.valid())
}

/// The likely encoding of bytes that are not UTF-8, by their byte order mark or their zero bytes.
fn detect_encoding(bytes: &[u8]) -> Encoding {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Encoding::Utf32,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Encoding::Utf16,
        _ => utf16_without_bom(bytes).unwrap_or(Encoding::Unknown),
    }
}

/// Detects UTF-16 or UTF-32 without a byte order mark: its first characters are ASCII, so that zero bytes
/// alternate with others.
fn utf16_without_bom(bytes: &[u8]) -> Option<Encoding> {
    let first = bytes.first_chunk::<4>()?;
    match first.map(|byte| byte != 0) {
        [false, false, false, true] | [true, false, false, false] => Some(Encoding::Utf32),
        [false, true, false, true] | [true, false, true, false] => Some(Encoding::Utf16),
        _ => None,
    }
}
