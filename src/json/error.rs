//! Syntax errors as data. The messages are in `document::messages`.

use crate::span::Span;

/// One place where the text is not JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntaxError {
    /// The exact characters.
    pub span: Span,
    /// What is wrong with them.
    pub kind: SyntaxErrorKind,
}

/// The kind of a syntax error, and what recovery found out that a fix needs.
#[derive(Clone, Debug, PartialEq)]
pub enum SyntaxErrorKind {
    /// Text after the value.
    TrailingText,
    /// A second value; all further values belong to the same error.
    SeveralValues,
    /// A comma before a closing bracket.
    TrailingComma,
    /// A comment.
    Comment,
    /// A comma or colon is missing before the token.
    MissingSeparator(char),
    /// A string or property name without quotes.
    UnquotedString {
        /// Whether it is a property name.
        is_name: bool,
    },
    /// All unquoted property names of the text, if there are several; the span is that of the first.
    UnquotedNames(Vec<Span>),
    /// All literals of the text in the wrong case, if there are several, each with the JSON literal; the span is that
    /// of the first.
    CasedLiterals(Vec<(Span, &'static str)>),
    /// All strings of the text in quotes that JSON does not allow; the span is that of the first.
    NonJsonQuotes(Vec<NonJsonString>),
    /// All punctuation marks of other scripts or languages, each with its JSON equivalent, or an empty string if it
    /// must be removed; the span is that of the first.
    ForeignPunctuation(Vec<(Span, &'static str)>),
    /// A template placeholder that was not replaced, or an ellipsis.
    Placeholder,
    /// All unescaped quotes inside a string, at least two; the span is that of the first.
    InnerQuotes(Vec<Span>),
    /// A literal or number in the notation of another language.
    NonJsonLiteral(NonJsonLiteral),
    /// An unescaped control character in a string.
    RawControl(char),
    /// An escape sequence that JSON does not define.
    UnknownEscape,
    /// One half of a surrogate pair.
    LoneSurrogate,
    /// The illegal characters and escapes of a string after the first ones, which are reported one by one.
    MoreIllegalEscapes {
        /// How many there are.
        count: usize,
        /// Those of them that are control characters.
        controls: Vec<Span>,
    },
    /// A string, array or object that is not closed; the span is that of the opening delimiter.
    Unclosed {
        /// The closing delimiter.
        closer: &'static str,
        /// The outermost bracket that is not closed either, if there are several.
        outermost: Option<Span>,
        /// Where what is missing belongs: an empty span, or that of what must be replaced.
        place: Span,
        /// What is missing there, up to the last closing delimiter.
        missing: String,
    },
    /// The text ends inside a string, before a value or with open brackets; the span is that of its last character.
    EndsEarly(Box<OpenEnd>),
    /// The first property name of an object whose opening bracket is missing.
    MissingOpener,
    /// The properties of an object without braces; the span is that of all of them.
    MissingBraces {
        /// Whether the closing brace is present.
        is_closed: bool,
    },
    /// An opening bracket of the wrong kind.
    WrongOpener {
        /// The correct bracket.
        right: char,
        /// The closing bracket, if it is also of the wrong kind.
        closing: Option<Span>,
    },
    /// A token that is not allowed here.
    Unexpected(Expected),
    /// All invisible characters between tokens; the span is that of the first character.
    Invisible {
        /// The number of characters.
        count: usize,
        /// The runs of adjacent characters.
        runs: Vec<Span>,
    },
    /// A property name that the same object has already.
    DuplicateKey {
        /// The first property name.
        first: Span,
        /// From the previous such name up to the next property, if both values are the same.
        removable: Option<Span>,
    },
    /// A bracket that exceeds the depth limit.
    TooDeep,
    /// The bytes are not UTF-8.
    NotUtf8(Encoding),
}

/// What the end of a text leaves open.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenEnd {
    /// The quote of the string in which the text ends.
    pub string: Option<Span>,
    /// The brackets that are open, the outermost first.
    pub brackets: Vec<Span>,
    /// What `closing` replaces: the end of the text, or the part of it that cannot be completed.
    pub tail: Span,
    /// What closes all of it.
    pub closing: String,
}

/// What JSON allows in the place of an unexpected token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Any value: the text has none.
    AnyValue,
    /// The value of a property, or an element.
    Value,
    /// A property name.
    Name,
    /// A colon.
    Colon,
    /// A comma or this closing bracket.
    CommaOrCloser(char),
    /// Anything but a closing bracket without an opening one.
    Opened,
    /// A digit: the character belongs to no JSON number.
    Digit,
}

/// A literal or number in the notation of another language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonJsonLiteral {
    /// `True`, `FALSE`, `Null`: this JSON literal in the wrong case.
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
    /// `ISODate("…")`: a function call.
    Call {
        /// The text between its parentheses, without surrounding whitespace.
        argument: Span,
    },
}

/// A string in quotes that JSON does not allow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NonJsonString {
    /// The opening delimiter.
    pub opening: Span,
    /// The closing delimiter; an empty span at the end of the line if it is missing.
    pub closing: Span,
}

/// The likely encoding of bytes that are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16 in either byte order.
    Utf16,
    /// UTF-32 in either byte order.
    Utf32,
    /// Neither of them.
    Unknown,
}
