//! Documents: a text with its values, the text around them, and its syntax errors.

mod base64_text;
mod candidate;
mod edits;
mod encoded_text;
mod folded;
mod http;
mod messages;
mod source_map;
mod text_format;
mod wrapping;

pub use self::encoded_text::{EncodedText, TextEncoding, decode_string};
pub use self::http::{Evidence, HttpDirection};
pub(crate) use self::messages::second_value_finding;
use self::messages::surroundings;
pub use self::source_map::DecodedText;
pub use self::text_format::TextFormat;
use self::wrapping::Location;
pub use self::wrapping::{Wrapping, WrappingKind};
use crate::finding::Finding;
use crate::json::{
    self, Encoding, Node, Parsed, Start, StringRole, SyntaxError, SyntaxErrorKind, Tape,
};
use crate::names::VOCABULARY;
use crate::span::Span;

/// The maximum size of a document, in bytes: spans have 32-bit offsets.
pub const SIZE_LIMIT: usize = u32::MAX as usize;

/// One parsed text.
#[derive(Debug)]
pub struct Document<'t> {
    /// The whole text, of which `parsed` can be a part.
    text: &'t str,
    parsed: Parsed<'t>,
    surroundings: Option<Box<Surroundings>>,
    syntax_errors: Vec<SyntaxError>,
}

/// The position of a text in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextPlace {
    /// At its start, where a byte order mark is allowed.
    FileStart,
    /// After other text.
    Later,
}

/// What is known about a text that is not just a JSON value.
#[derive(Debug, Default)]
struct Surroundings {
    wrapping: Option<Wrapping>,
    evidence: Evidence,
    /// Whether the evidence is from the text before fixes were applied to it.
    is_evidence_inherited: bool,
    encoded: Option<EncodedText>,
    /// The format of the text, if it is not JSON and contains no payload.
    format: Option<TextFormat>,
}

impl<'t> Document<'t> {
    /// Parses `text`, of at most [`SIZE_LIMIT`] bytes.
    pub fn parse(text: &'t str) -> Self {
        Self::parse_onto(text, Tape::default())
    }

    /// Parses `text` onto a reused tape, see [`Document::into_tape`].
    pub fn parse_onto(text: &'t str, tape: Tape) -> Self {
        Self::parse_at(text, TextPlace::FileStart, tape)
    }

    /// Parses `text`, which is at `place` in its file.
    fn parse_at(text: &'t str, place: TextPlace, tape: Tape) -> Self {
        let start = match place {
            TextPlace::FileStart if text.starts_with(BYTE_ORDER_MARK) => BYTE_ORDER_MARK.len_utf8(),
            _ => 0,
        };
        let (parsed, syntax_errors) =
            json::parse_from(text, start, Start::Value, &VOCABULARY, tape);
        let is_payload = syntax_errors.is_empty() && !is_lone_string(&parsed);
        let document = Self {
            text,
            parsed,
            surroundings: None,
            syntax_errors,
        };
        match is_payload {
            true => document,
            false => document.locate_payload(),
        }
    }

    /// Finds the payload in a text that does not start with it, and parses it or decodes it.
    #[cold]
    fn locate_payload(self) -> Self {
        let text = self.text;
        let first = json::next_visible(text, 0);
        if self.starts_with_payload(first) {
            return self;
        }
        if let Some(encoded) = encoded_text::detect(text) {
            return Self::without_values(
                text,
                Surroundings {
                    encoded: Some(encoded),
                    ..Surroundings::default()
                },
            );
        }
        let found = wrapping::locate(text).filter(|_| !self.syntax_errors.is_empty());
        let is_payload = |found: &Location| found.has_known_names || found.is_http_message();
        if !self.syntax_errors.is_empty()
            && !found.as_ref().is_some_and(is_payload)
            && let Some(format) = TextFormat::of(text)
        {
            return Self::without_values(
                text,
                Surroundings {
                    format: Some(format),
                    ..Surroundings::default()
                },
            );
        }
        match found {
            Some(found) => self.parse_located(found, first),
            None => self,
        }
    }

    /// A document of a text without values.
    fn without_values(text: &'t str, surroundings: Surroundings) -> Self {
        Self {
            text,
            parsed: Parsed::without_values(text, &VOCABULARY),
            syntax_errors: Vec::new(),
            surroundings: Some(Box::new(surroundings)),
        }
    }

    /// Parses the payload that was found in the text, unless it starts at `first`, the first visible character.
    fn parse_located(self, found: Location, first: usize) -> Self {
        let text = self.text;
        let start = match found.is_property {
            true => Start::Properties,
            false => Start::Value,
        };
        let payload = found.payload;
        let is_whole = payload.start as usize == first && start == Start::Value;
        let follows_comments = starts_with_comment(text, first)
            && found
                .wrapping
                .as_ref()
                .is_none_or(|wrapping| wrapping::is_only_comments(wrapping.before.of(text)));
        // Leading brackets without property names are skipped only if known names follow later.
        let ends_first = || candidate::matching_end(text, first).unwrap_or(text.len());
        let follows_brackets = text[first..].starts_with(['{', '['])
            && (!found.has_known_names || (payload.start as usize) < ends_first());
        if is_whole || follows_comments || follows_brackets {
            return self;
        }
        let tape = self.parsed.into_tape();
        let further = found.wrapping.iter().flat_map(|wrapping| &wrapping.further);
        let parts: Vec<Span> = [payload].iter().chain(further).copied().collect();
        let (parsed, syntax_errors) = match start {
            Start::Value => json::parse_parts(text, &parts, &VOCABULARY, tape),
            Start::Properties => {
                let text = &text[..payload.end as usize];
                json::parse_from(text, payload.start as usize, start, &VOCABULARY, tape)
            }
        };
        Self {
            text,
            parsed,
            syntax_errors,
            surroundings: Some(Box::new(Surroundings {
                wrapping: found.wrapping,
                evidence: found.evidence,
                ..Surroundings::default()
            })),
        }
    }

    /// Whether the text starts, at its first visible character, with an object or array that has property names.
    fn starts_with_payload(&self, first: usize) -> bool {
        self.text[first..].starts_with(['{', '[', '｛', '［'])
            && candidate::Candidate::probe(self.text, first, false).has_names()
    }

    /// Parses bytes. If they are not UTF-8, the text of the document is the longest prefix that is, and it
    /// has no value and one finding at the first invalid byte.
    pub fn parse_bytes(bytes: &'t [u8]) -> Self {
        Self::parse_bytes_onto(bytes, Tape::default())
    }

    /// Parses bytes onto a reused tape, see [`Document::into_tape`].
    pub fn parse_bytes_onto(bytes: &'t [u8], tape: Tape) -> Self {
        Self::parse_bytes_at(bytes, TextPlace::FileStart, tape)
    }

    /// Parses bytes, which are at `place` in their file, onto a reused tape, see [`Document::into_tape`].
    pub fn parse_bytes_at(bytes: &'t [u8], place: TextPlace, tape: Tape) -> Self {
        let (text, encoding) = match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => (text, WideEncoding::detect(bytes).map(WideEncoding::group)),
            Err(_) => (valid_utf8_prefix(bytes), Some(detect_encoding(bytes))),
        };
        let Some(encoding) = encoding else {
            return Self::parse_at(text, place, tape);
        };
        let span = Span::empty(if encoding == Encoding::Unknown {
            text.len() as u32
        } else {
            0
        });
        let kind = SyntaxErrorKind::NotUtf8(encoding);
        Self {
            text,
            parsed: Parsed::without_values(text, &VOCABULARY),
            surroundings: None,
            syntax_errors: vec![SyntaxError { span, kind }],
        }
    }

    /// Adds the evidence from before fixes were applied to the text, unless the text still contains evidence.
    pub fn with_evidence(mut self, evidence: &Evidence) -> Self {
        if *evidence != Evidence::default() {
            let surroundings = self.surroundings.get_or_insert_default();
            if surroundings.evidence == Evidence::default() {
                surroundings.evidence = evidence.clone();
                surroundings.is_evidence_inherited = true;
            }
        }
        self
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The values of the text that are in no other value.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.parsed.roots()
    }

    /// The root that contains `span`.
    pub fn root_at(&self, span: Span) -> Option<Node<'_>> {
        self.parsed.root_at(span)
    }

    /// The strings in the value `node` that are unusual in some way, see [`Parsed::suspicious_strings`].
    pub fn suspicious_strings(
        &self,
        node: Node<'_>,
    ) -> impl Iterator<Item = (Node<'_>, StringRole<'_>)> {
        self.parsed.suspicious_strings(node)
    }

    /// The text around the payload, if there is any.
    pub fn wrapping(&self) -> Option<&Wrapping> {
        self.surroundings.as_ref()?.wrapping.as_ref()
    }

    /// What the text around the payload says about it.
    pub fn evidence(&self) -> Option<&Evidence> {
        Some(&self.surroundings.as_ref()?.evidence)
    }

    /// The evidence, if it is from the text before fixes were applied to it.
    pub(crate) fn inherited_evidence(&self) -> Option<&Evidence> {
        let surroundings = self.surroundings.as_ref()?;
        surroundings
            .is_evidence_inherited
            .then_some(&surroundings.evidence)
    }

    /// The payload, if the text contains it in an encoded form. The document then has no values.
    pub fn encoded(&self) -> Option<&EncodedText> {
        self.surroundings.as_ref()?.encoded.as_ref()
    }

    /// The format of the text, if it is not JSON and contains no payload. The document then has no values.
    pub fn format(&self) -> Option<TextFormat> {
        self.surroundings.as_ref()?.format
    }

    /// The syntax errors, without messages.
    pub fn syntax_errors(&self) -> &[SyntaxError] {
        &self.syntax_errors
    }

    /// The findings about the text itself: about the text around the payload, one per syntax error, and about the
    /// encoding.
    pub fn syntax_findings(&self) -> Vec<Finding> {
        if self.surroundings.is_none() && self.syntax_errors.is_empty() {
            return Vec::new();
        }
        let wrapping = self
            .wrapping()
            .map(|wrapping| surroundings::wrapping(self.text, wrapping));
        let errors = folded::findings(self.text, &self.syntax_errors);
        let encoded = self
            .encoded()
            .map(|encoded| surroundings::encoded_text(self.text, encoded));
        let format = self
            .format()
            .map(|format| surroundings::other_format(self.text, format));
        wrapping
            .into_iter()
            .chain(errors)
            .chain(encoded)
            .chain(format)
            .collect()
    }

    /// The tape, for reuse with another document.
    pub fn into_tape(self) -> Tape {
        self.parsed.into_tape()
    }
}

/// Whether the first value is a string, which may be an encoded payload.
fn is_lone_string(parsed: &Parsed<'_>) -> bool {
    let first = parsed.roots().next();
    first.is_some_and(|root| root.kind() == json::Kind::String)
}

const BYTE_ORDER_MARK: char = '\u{FEFF}';

fn starts_with_comment(text: &str, first: usize) -> bool {
    ["//", "/*", "#"]
        .iter()
        .any(|start| text[first..].starts_with(start))
}

/// The longest prefix of some bytes that is valid UTF-8.
pub(crate) fn valid_utf8_prefix(bytes: &[u8]) -> &str {
    let chunk = bytes.utf8_chunks().next();
    chunk.map_or("", |chunk| chunk.valid())
}

/// The likely encoding of bytes that are not UTF-8.
fn detect_encoding(bytes: &[u8]) -> Encoding {
    WideEncoding::detect(bytes).map_or(Encoding::Unknown, WideEncoding::group)
}

/// An encoding of Unicode in which a code unit has more than one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WideEncoding {
    /// UTF-16 with the low byte first, as PowerShell writes it.
    Utf16Le,
    /// UTF-16 with the high byte first.
    Utf16Be,
    /// UTF-32 with the low byte first.
    Utf32Le,
    /// UTF-32 with the high byte first.
    Utf32Be,
}

impl WideEncoding {
    /// Every encoding.
    pub const ALL: [WideEncoding; 4] = [
        WideEncoding::Utf16Le,
        WideEncoding::Utf16Be,
        WideEncoding::Utf32Le,
        WideEncoding::Utf32Be,
    ];

    /// Detects the encoding of a text by its byte order mark, or by the zero bytes of its first characters, which are
    /// ASCII in JSON.
    pub fn detect(bytes: &[u8]) -> Option<WideEncoding> {
        match bytes {
            [0xFF, 0xFE, 0, 0, ..] => return Some(WideEncoding::Utf32Le),
            [0, 0, 0xFE, 0xFF, ..] => return Some(WideEncoding::Utf32Be),
            [0xFF, 0xFE, ..] => return Some(WideEncoding::Utf16Le),
            [0xFE, 0xFF, ..] => return Some(WideEncoding::Utf16Be),
            _ => {}
        }
        let first = bytes.first_chunk::<4>()?;
        match first.map(|byte| byte != 0) {
            [true, false, false, false] => Some(WideEncoding::Utf32Le),
            [false, false, false, true] => Some(WideEncoding::Utf32Be),
            [true, false, true, false] => Some(WideEncoding::Utf16Le),
            [false, true, false, true] => Some(WideEncoding::Utf16Be),
            _ => None,
        }
    }

    /// Whether a text in this encoding starts with a byte order mark.
    pub fn starts_with_mark(self, bytes: &[u8]) -> bool {
        self.unit(bytes) == Some(u32::from(BYTE_ORDER_MARK))
    }

    /// The name, without the order of bytes.
    pub fn name(self) -> &'static str {
        match self.width() {
            2 => "UTF-16",
            _ => "UTF-32",
        }
    }

    /// The number of bytes of a code unit.
    pub fn width(self) -> usize {
        match self {
            WideEncoding::Utf16Le | WideEncoding::Utf16Be => 2,
            WideEncoding::Utf32Le | WideEncoding::Utf32Be => 4,
        }
    }

    /// The code unit of some bytes. `None` if they are too few.
    pub fn unit(self, bytes: &[u8]) -> Option<u32> {
        let (two, four) = (bytes.first_chunk(), bytes.first_chunk());
        match self {
            WideEncoding::Utf16Le => Some(u16::from_le_bytes(*two?).into()),
            WideEncoding::Utf16Be => Some(u16::from_be_bytes(*two?).into()),
            WideEncoding::Utf32Le => Some(u32::from_le_bytes(*four?)),
            WideEncoding::Utf32Be => Some(u32::from_be_bytes(*four?)),
        }
    }

    /// The encoding as syntax errors name it.
    fn group(self) -> Encoding {
        match self.width() {
            2 => Encoding::Utf16,
            _ => Encoding::Utf32,
        }
    }
}
