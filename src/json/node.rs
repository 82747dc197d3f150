//! Views of one value on the tape. The children of a container are in `children`.

use std::borrow::Cow;
use std::ops::Range;

use super::entry::{Entry, Kind, flag};
use super::escape::unescape;
use super::lexer::short_eq;
use super::number::Number;
use super::tape::Parsed;
use super::vocabulary::{KnownName, NameId, PrefixKey};
use crate::span::Span;

/// One value or property name on the tape.
#[derive(Clone, Copy, Debug)]
pub struct Node<'d> {
    pub(super) entry: &'d Entry,
    pub(super) parsed: &'d Parsed<'d>,
}

/// A value's entry on the tape without its text: half the size of a [`Node`].
#[derive(Clone, Copy, Debug)]
pub struct EntryRef<'d>(&'d Entry);

impl EntryRef<'_> {
    /// The span of the value, delimiters included.
    pub fn span(self) -> Span {
        self.0.span()
    }

    /// The span of a string without its delimiters; the whole span of any other value.
    pub fn content_span(self) -> Span {
        if self.0.kind() == Kind::String {
            self.0.content()
        } else {
            self.span()
        }
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.entry, other.entry)
    }
}

impl<'d> Node<'d> {
    pub(super) fn new(parsed: &'d Parsed<'d>, index: u32) -> Self {
        Self {
            entry: &parsed.tape.entries[index as usize],
            parsed,
        }
    }

    /// The index of the value's entry on the tape; it grows with the offset in the text.
    #[inline]
    pub fn index(&self) -> u32 {
        let first = self.parsed.tape.entries.as_ptr().addr();
        let here = std::ptr::from_ref(self.entry).addr();
        ((here - first) / size_of::<Entry>()) as u32
    }

    /// The entries of everything inside the value.
    #[inline]
    pub(super) fn inner(&self) -> &'d [Entry] {
        let here = self.index() as usize;
        &self.parsed.tape.entries[here + 1..here + self.entry.extent_or_name as usize]
    }

    /// The address of the parsed text in memory; together with [`Node::index`] it identifies a value.
    pub fn address(&self) -> usize {
        std::ptr::from_ref(self.parsed).addr()
    }

    #[inline]
    fn written(&self, span: Span) -> &'d str {
        span.of(self.parsed.text)
    }

    /// The bit of the value's [`Kind`] in a set of kinds.
    #[inline]
    pub fn kind_bit(&self) -> u8 {
        self.entry.kind_bit()
    }

    /// The kind of the value.
    #[inline]
    pub fn kind(&self) -> Kind {
        self.entry.kind()
    }

    /// The value's entry.
    #[inline]
    pub fn entry_ref(&self) -> EntryRef<'d> {
        EntryRef(self.entry)
    }

    /// The value of another entry of the same text.
    pub fn node_at(&self, entry: EntryRef<'d>) -> Node<'d> {
        Node {
            entry: entry.0,
            parsed: self.parsed,
        }
    }

    /// The span of the value, delimiters included.
    #[inline]
    pub fn span(&self) -> Span {
        self.entry_ref().span()
    }

    /// The span of a string without its delimiters; the whole span of any other value.
    pub fn content_span(&self) -> Span {
        self.entry_ref().content_span()
    }

    /// Whether this is an empty string.
    #[inline]
    pub fn is_empty_text(&self) -> bool {
        self.kind() == Kind::String && self.entry.content().is_empty()
    }

    /// The span of a container's opening bracket, or of its first name where the bracket is missing; the
    /// whole span of any other value.
    pub fn opening(&self) -> Span {
        let start = self.entry.start;
        if !matches!(self.kind(), Kind::Array | Kind::Object) {
            return self.span();
        }
        match self.inner().first() {
            Some(name) if name.start == start => Span::new(start, name.end),
            _ => {
                let bracket = self.source().chars().next();
                Span::new(start, start + bracket.map_or(0, char::len_utf8) as u32)
            }
        }
    }

    /// The value as it is written.
    pub fn source(&self) -> &'d str {
        self.written(self.span())
    }

    /// Whether recovery inserted the value or guessed its type.
    pub fn is_synthetic(&self) -> bool {
        self.entry.has(flag::SYNTHETIC)
    }

    /// Whether a part of the container could not be parsed: properties and elements may be there that the
    /// tape lacks.
    pub fn has_errors(&self) -> bool {
        self.entry.has(flag::HAS_ERRORS)
    }

    /// The content of a string, with its escapes resolved.
    #[inline]
    pub fn as_text(&self) -> Option<Cow<'d, str>> {
        (self.kind() == Kind::String).then(|| self.resolved())
    }

    /// The content of a value that is known to be a string.
    #[inline]
    pub(super) fn resolved(&self) -> Cow<'d, str> {
        let written = self.written(self.entry.content());
        if self.entry.has(flag::ESCAPED) {
            Cow::Owned(unescape(written))
        } else {
            Cow::Borrowed(written)
        }
    }

    /// The bytes of a string without escapes that recovery did not guess.
    #[inline]
    pub fn as_plain_bytes(&self) -> Option<&'d [u8]> {
        let entry = self.entry;
        let text = self.parsed.text;
        entry
            .is_plain_text()
            .then(|| entry.content().bytes_of(text))
    }

    /// The key of a string without escapes that recovery did not guess.
    #[inline]
    pub(crate) fn as_plain_key(&self) -> Option<PrefixKey> {
        let content = self.entry.content();
        let bytes = self.parsed.text.as_bytes();
        self.entry
            .is_plain_text()
            .then(|| PrefixKey::at(bytes, content.start as usize, content.len() as usize))
    }

    /// The content of a string without escapes that recovery did not guess.
    #[inline]
    pub fn as_plain_text(&self) -> Option<&'d str> {
        let entry = self.entry;
        entry.is_plain_text().then(|| self.written(entry.content()))
    }

    /// The known name that the string is. Recorded only for strings without escapes that are values of the
    /// name property of pairs, see
    /// [`Vocabulary::with_name_value_pair`](super::Vocabulary::with_name_value_pair).
    #[inline]
    pub fn known_value(&self) -> Option<KnownName> {
        self.entry.known_value()
    }

    /// Whether this is a name/value pair, see
    /// [`Elements::next_name_value_pair`](super::Elements::next_name_value_pair).
    #[inline(always)]
    pub fn is_name_value_pair(&self) -> bool {
        self.entry.has(flag::NAME_VALUE_PAIR)
    }

    /// Whether this is a string with the content `text`.
    #[inline]
    pub fn is_text(&self, text: &str) -> bool {
        let entry = self.entry;
        if entry.kind() != Kind::String {
            return false;
        }
        let content = entry.content();
        if entry.has(flag::ESCAPED) {
            return unescape(self.written(content)) == text;
        }
        short_eq(content.bytes_of(self.parsed.text), text.as_bytes())
    }

    /// The number.
    pub fn as_number(&self) -> Option<Number<'d>> {
        (self.kind() == Kind::Number).then(|| Number::new(self.source()))
    }

    /// The boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// The number of the name, if this is a property name and known.
    pub fn known_name(&self) -> Option<KnownName> {
        let is_name = self.entry.has(flag::NAME);
        NameId::from_bits(self.entry.extent_or_name)
            .known()
            .filter(|_| is_name)
    }

    /// The tape indexes of everything in the value, itself included.
    fn extent(&self) -> Range<u32> {
        let width = match self.kind() {
            Kind::Array | Kind::Object => self.entry.extent_or_name,
            _ => 1,
        };
        let here = self.index();
        here..here + width
    }

    /// The string with its role; `None` for any other value.
    fn with_role(self) -> Option<(Node<'d>, StringRole<'d>)> {
        if self.kind() != Kind::String {
            return None;
        }
        let previous = self.index().checked_sub(1);
        let previous = previous.map(|index| Node::new(self.parsed, index));
        let role = match previous {
            _ if self.entry.has(flag::NAME) => StringRole::Name,
            Some(name) if name.entry.has(flag::NAME) => StringRole::Value(name),
            _ => StringRole::Element,
        };
        Some((self, role))
    }
}

/// The role of a string in its text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StringRole<'d> {
    /// A property name.
    Name,
    /// The value of the property with this name.
    Value(Node<'d>),
    /// An element of an array, or the whole value.
    Element,
}

impl Parsed<'_> {
    /// The values of the text that are in no other value: one, if the text is JSON.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.tape
            .roots
            .iter()
            .map(move |&index| Node::new(self, index))
    }

    /// The root that contains `span`.
    pub fn root_at(&self, span: Span) -> Option<Node<'_>> {
        let roots = &self.tape.roots;
        let node = |index: u32| Node::new(self, index);
        let after = roots.partition_point(|&index| node(index).span().start <= span.start);
        let root = node(*roots.get(after.checked_sub(1)?)?);
        root.span().contains(span).then_some(root)
    }

    /// The strings in the value `node` that are unusual in some way: they start or end with anything but a
    /// letter, a digit or a usual punctuation mark, start with a suspicious prefix, are a suspicious word, contain an
    /// escape, markup (`&`, `<` or `%`) or a character outside printable ASCII, lack JSON quotes, or belong to a
    /// property whose name is not known. All such strings are among them, and a few others. The vocabulary lists the
    /// prefixes and words, see [`Vocabulary`](super::Vocabulary).
    pub fn suspicious_strings(
        &self,
        node: Node<'_>,
    ) -> impl Iterator<Item = (Node<'_>, StringRole<'_>)> {
        let extent = node.extent();
        let position_of = |entry| {
            self.tape
                .suspicious
                .partition_point(|suspicious| *suspicious < entry)
        };
        let mut previous = None;
        let is_new = move |entry: &u32| previous.replace(*entry) != Some(*entry);
        self.tape.suspicious[position_of(extent.start)..position_of(extent.end)]
            .iter()
            .copied()
            .filter(is_new)
            .filter_map(|entry| Node::new(self, entry).with_role())
    }
}
