//! One text with its tape and what is wrong with it as JSON.

mod syntax;

use crate::finding::Finding;
use crate::json::{self, Defect, Encoding, Fault, Head, Node, Parsed, StringRole, Tape};
use crate::span::Span;

/// The most bytes one document may have: places are counted in 32 bits.
pub const SIZE_LIMIT: usize = u32::MAX as usize;

/// One parsed text.
#[derive(Debug)]
pub struct Document<'t> {
    parsed: Parsed<'t>,
    faults: Vec<Fault>,
}

impl<'t> Document<'t> {
    /// Parses `text`, of at most [`SIZE_LIMIT`] bytes.
    pub fn parse(text: &'t str) -> Self {
        Self::parse_onto(text, Tape::default())
    }

    /// Parses `text` onto a tape that has served before, see [`Document::into_tape`].
    pub fn parse_onto(text: &'t str, tape: Tape) -> Self {
        let (parsed, faults) = json::parse(text, tape);
        Self { parsed, faults }
    }

    /// Parses bytes. If they are not UTF-8, the document holds their readable start as its text, no
    /// value, and one finding at the first byte that cannot be read.
    pub fn parse_bytes(bytes: &'t [u8]) -> Self {
        Self::parse_bytes_onto(bytes, Tape::default())
    }

    /// Parses bytes onto a tape that has served before, see [`Document::into_tape`].
    pub fn parse_bytes_onto(bytes: &'t [u8], tape: Tape) -> Self {
        let (text, encoding) = match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => (text, utf16_without_mark(bytes)),
            Err(_) => (readable_start(bytes), Some(encoding_of(bytes))),
        };
        let Some(encoding) = encoding else {
            return Self::parse_onto(text, tape);
        };
        let span = Span::empty(if encoding == Encoding::Unknown {
            text.len() as u32
        } else {
            0
        });
        let faults = vec![Fault {
            span,
            defect: Defect::NotUtf8(encoding),
        }];
        Self {
            parsed: Parsed::unread(text),
            faults,
        }
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.parsed.text()
    }

    /// The values of the text that stand in no other.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.parsed.roots()
    }

    /// The value in which `span` stands and that stands in no other.
    pub fn root_at(&self, span: Span) -> Option<Node<'_>> {
        self.roots().find(|root| root.span().contains(span))
    }

    /// The strings in the value at `node` that deserve a second look, see [`Parsed::odd_strings`].
    pub fn odd_strings(&self, node: Node<'_>) -> impl Iterator<Item = (Node<'_>, StringRole<'_>)> {
        self.parsed.odd_strings(node)
    }

    /// What stands in front of the value, where something does.
    pub fn head(&self) -> Option<&Head> {
        self.parsed.head()
    }

    /// What is wrong with the text as JSON, without words.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// What is wrong with the text as JSON: the findings of the `json/` family.
    pub fn syntax_findings(&self) -> Vec<Finding> {
        self.faults
            .iter()
            .map(|fault| syntax::explain(self.text(), fault))
            .collect()
    }

    /// The tape, to be used for another document.
    pub fn into_tape(self) -> Tape {
        self.parsed.into_tape()
    }
}

/// As much of some bytes as is UTF-8, from their first one on.
pub(crate) fn readable_start(bytes: &[u8]) -> &str {
    let chunk = bytes.utf8_chunks().next();
    chunk.map_or("", |chunk| chunk.valid())
}

/// What bytes that are not UTF-8 seem to be, by their byte order mark or their zeros.
fn encoding_of(bytes: &[u8]) -> Encoding {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Encoding::Utf32,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Encoding::Utf16,
        _ => utf16_without_mark(bytes).unwrap_or(Encoding::Unknown),
    }
}

/// UTF-16 or UTF-32 text without a byte order mark: its first characters are ASCII, so zeros stand
/// between them.
fn utf16_without_mark(bytes: &[u8]) -> Option<Encoding> {
    let first = bytes.first_chunk::<4>()?;
    match first.map(|byte| byte != 0) {
        [false, false, false, true] | [true, false, false, false] => Some(Encoding::Utf32),
        [false, true, false, true] | [true, false, true, false] => Some(Encoding::Utf16),
        _ => None,
    }
}
