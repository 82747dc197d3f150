//! What the parser has to say about a text that is not JSON, without words: those are made elsewhere.

use super::parse::Parser;
use crate::span::Span;

/// One place where the text is not JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The exact characters.
    pub span: Span,
    /// What is wrong with them.
    pub defect: Defect,
}

/// What is wrong, and what recovery learnt that a fix needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Defect {
    /// Text in front of the value.
    LeadingText {
        /// Every line of it has a shape that is known to hold no payload.
        known: bool,
        /// Where the value starts.
        value: u32,
    },
    /// Text behind the value.
    TrailingText,
    /// A second value; every further one is part of this fault.
    SeveralValues,
    /// A comma before a closing bracket.
    TrailingComma,
    /// A comment.
    Comment,
    /// A comma or colon is missing before the token.
    MissingSeparator(char),
    /// A string or member name without quotes.
    UnquotedString {
        /// Whether it is a member name.
        is_name: bool,
    },
    /// Strings in quotes that JSON does not know; the span is the first of them.
    ForeignQuotes(Vec<ForeignString>),
    /// A word or number that other languages know.
    ForeignLiteral(ForeignLiteral),
    /// A control character that stands unescaped in a string.
    RawControl(char),
    /// An escape that JSON does not know.
    UnknownEscape,
    /// Half a surrogate pair.
    LoneSurrogate,
    /// So many more illegal characters and escapes in the string.
    MoreIllegalEscapes {
        /// How many.
        count: usize,
        /// Those of them that are control characters.
        controls: Vec<Span>,
    },
    /// A quote, bracket or comment that is never closed; the span is the opener.
    Unclosed {
        /// What closes it.
        closer: &'static str,
        /// Where the closer belongs; the span is empty unless a wrong closer stands there.
        /// None if closing it there would not make the text whole.
        place: Option<Span>,
    },
    /// The name of a member of an object whose opening bracket is missing.
    MissingOpener,
    /// An opening bracket of the wrong form.
    WrongOpener {
        /// The right one.
        right: char,
        /// The closing bracket, if that is of the wrong form too.
        closing: Option<Span>,
    },
    /// Something that cannot stand here.
    Unexpected(Expected),
    /// Invisible characters between tokens, each run of them; the span is the first character.
    Invisible {
        /// How many characters.
        count: usize,
        /// The runs.
        runs: Vec<Span>,
    },
    /// A member name that stands earlier in the same object.
    DuplicateKey {
        /// The earlier name.
        first: Span,
        /// From the earlier name up to the member behind it, if both values are the same.
        removable: Option<Span>,
    },
    /// A bracket beyond the depth limit.
    TooDeep,
    /// The bytes are not UTF-8; what they seem to be instead.
    NotUtf8(Encoding),
}

/// What could have stood in the place of an unexpected token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Any value, at the top of a text without one.
    AnyValue,
    /// The value of a member or element.
    Value,
    /// A member name.
    Name,
    /// A colon.
    Colon,
    /// A comma or the closing bracket.
    CommaOrCloser(char),
    /// The end of the text, or anything but a bracket that closes nothing.
    Opened,
    /// A digit: the sign before it belongs to no JSON number.
    Digit,
}

/// A spelling from another language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignLiteral {
    /// `True`, `FALSE`, `Null`: JSON's word in other letters.
    Cased(&'static str),
    /// Python's `None`.
    None,
    /// JavaScript's `undefined`.
    Undefined,
    /// `NaN` and the infinities.
    NotFinite,
    /// `+1`, `.5`, `1.`.
    LooseNumber,
    /// `0x1F`.
    Hexadecimal,
    /// `007`.
    LeadingZeros,
}

/// A string in quotes that JSON does not know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ForeignString {
    /// The opening delimiter.
    pub opening: Span,
    /// The closing delimiter; empty at the line's end if it is missing.
    pub closing: Span,
}

/// What bytes that are not UTF-8 seem to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16, either byte order.
    Utf16,
    /// UTF-32, either byte order.
    Utf32,
    /// Anything else.
    Unknown,
}

/// What stands in front of the value.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// From its first character that is not blank to its last.
    pub span: Span,
    /// What an HTTP line in it says about the direction.
    pub direction: Option<Direction>,
    /// Whether it asks for a list of everything at the target: the answer to GET.
    pub is_get: bool,
    /// The last GUID in the target of a request line.
    pub tenant: Option<Span>,
}

/// Which way a payload travels, as an HTTP line above it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the platform.
    Request,
    /// From the platform.
    Response,
}

impl Parser<'_> {
    #[cold]
    pub(super) fn fault(&mut self, span: Span, defect: Defect) {
        self.faults.push(Fault { span, defect });
    }

    /// Makes one fault of what is told once for a whole text.
    pub(super) fn finish_faults(&mut self) {
        if let Some(first) = self.foreign.first() {
            let span = Span::new(first.opening.start, first.closing.end);
            let strings = std::mem::take(&mut self.foreign);
            self.fault(span, Defect::ForeignQuotes(strings));
        }
        if let Some(run) = self.invisible.first() {
            let first = run.of(self.text).chars().next().map_or(0, char::len_utf8) as u32;
            let span = Span::new(run.start, run.start + first);
            let runs = std::mem::take(&mut self.invisible);
            let count = runs
                .iter()
                .map(|run| run.of(self.text).chars().count())
                .sum();
            self.fault(span, Defect::Invisible { count, runs });
        }
    }
}
