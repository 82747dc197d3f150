//! Views of the tape: one value, and the members or elements of one.

use std::borrow::Cow;

use super::children::{Elements, Member, Members, NamedMembers};
use super::number::Number;
use super::tape::{COUNT_LIMIT, Entry, Kind, Parsed, flag};
use super::text::unescape;
use crate::names::{Key, Name, NameTag, is_same};
use crate::span::Span;

/// One value on the tape.
#[derive(Clone, Copy, Debug)]
pub struct Node<'d> {
    pub(super) entry: &'d Entry,
    pub(super) parsed: &'d Parsed<'d>,
}

/// Where a value stands, on the tape and in its text: half of a [`Node`].
#[derive(Clone, Copy, Debug)]
pub struct Place<'d>(&'d Entry);

impl Place<'_> {
    /// Where the value stands, delimiters included.
    pub fn span(self) -> Span {
        Span::new(self.0.start, self.0.end)
    }

    /// Where the text of a string stands, without its delimiters; the whole span of anything else.
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

    /// The entry's place on the tape; grows with the place in the text.
    #[inline]
    pub fn index(&self) -> u32 {
        let first = self.parsed.tape.entries.as_ptr().addr();
        let here = std::ptr::from_ref(self.entry).addr();
        ((here - first) / size_of::<Entry>()) as u32
    }

    /// The entries behind this one that belong to it.
    #[inline]
    fn inner(&self) -> &'d [Entry] {
        let here = self.index() as usize;
        &self.parsed.tape.entries[here + 1..here + self.entry.link as usize]
    }

    /// Where the parsed text lies in memory; with [`Node::index`] it tells a value from all others.
    pub fn address(&self) -> usize {
        std::ptr::from_ref(self.parsed).addr()
    }

    #[inline]
    fn written(&self, span: Span) -> &'d str {
        span.of(self.parsed.text)
    }

    /// A bit that tells what the value is: that of its [`Kind`]'s place.
    #[inline]
    pub fn kind_bit(&self) -> u8 {
        self.entry.kind_bit()
    }

    /// What the value is.
    #[inline]
    pub fn kind(&self) -> Kind {
        self.entry.kind()
    }

    /// Its place.
    #[inline]
    pub fn place(&self) -> Place<'d> {
        Place(self.entry)
    }

    /// The value at a place of the same text.
    pub fn at(&self, place: Place<'d>) -> Node<'d> {
        Node {
            entry: place.0,
            parsed: self.parsed,
        }
    }

    /// Where the value stands, delimiters included.
    #[inline]
    pub fn span(&self) -> Span {
        self.place().span()
    }

    /// Where the text of a string stands, without its delimiters; the whole span of anything else.
    pub fn content_span(&self) -> Span {
        self.place().content_span()
    }

    /// Whether this is a string without any text.
    #[inline]
    pub fn is_empty_text(&self) -> bool {
        self.kind() == Kind::String && self.entry.content().is_empty()
    }

    /// The opening bracket of a container, its first name where that is missing; else the whole value.
    pub fn opening(&self) -> Span {
        let start = self.entry.start;
        if !matches!(self.kind(), Kind::Array | Kind::Object) {
            return self.span();
        }
        match self.inner().first() {
            Some(name) if name.start == start => Span::new(start, name.end),
            _ => Span::new(start, start + 1),
        }
    }

    /// The value as it is written.
    pub fn source(&self) -> &'d str {
        self.written(self.span())
    }

    /// Whether recovery had to guess what the value is.
    pub fn is_guessed(&self) -> bool {
        self.entry.has(flag::GUESSED)
    }

    /// Whether something in this container could not be read, so that nothing may be called missing.
    pub fn is_damaged(&self) -> bool {
        self.entry.has(flag::DAMAGED)
    }

    /// The text of a string, with its escapes resolved.
    #[inline]
    pub fn as_text(&self) -> Option<Cow<'d, str>> {
        (self.kind() == Kind::String).then(|| self.resolved())
    }

    /// The text of what is known to be a string.
    #[inline]
    pub(super) fn resolved(&self) -> Cow<'d, str> {
        let written = self.written(self.entry.content());
        if self.entry.has(flag::ESCAPED) {
            Cow::Owned(unescape(written))
        } else {
            Cow::Borrowed(written)
        }
    }

    /// The bytes of a string that nobody had to guess and that holds no escape.
    #[inline]
    pub fn as_plain_bytes(&self) -> Option<&'d [u8]> {
        let entry = self.entry;
        let text = self.parsed.text;
        entry
            .is_plain_text()
            .then(|| entry.content().bytes_of(text))
    }

    /// The key of a string that nobody had to guess and that holds no escape.
    #[inline]
    pub(crate) fn as_plain_key(&self) -> Option<Key> {
        let content = self.entry.content();
        let bytes = self.parsed.text.as_bytes();
        self.entry
            .is_plain_text()
            .then(|| Key::at(bytes, content.start as usize, content.len() as usize))
    }

    /// The text of a string that nobody had to guess and that holds no escape.
    #[inline]
    pub fn as_plain_text(&self) -> Option<&'d str> {
        let entry = self.entry;
        entry.is_plain_text().then(|| self.written(entry.content()))
    }

    /// Which of the names that payloads use the string is, if it is the plain value of a member `name`.
    #[inline]
    pub fn as_word(&self) -> Option<Name> {
        self.entry.as_word()
    }

    /// The name and the value of a pair: an object of a `name` that payloads use and a `value` that is some plain
    /// text, and nothing else.
    #[inline(always)]
    pub fn as_pair(&self) -> Option<(Node<'d>, Node<'d>)> {
        let [_, name, _, value] = self.inner() else {
            return None;
        };
        let node = |entry| self.at(Place(entry));
        self.is_pair().then_some((node(name), node(value)))
    }

    /// Whether this is a pair.
    #[inline(always)]
    pub fn is_pair(&self) -> bool {
        self.entry.has(flag::PAIR)
    }

    /// Whether this is the string `text`.
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
        is_same(content.bytes_of(self.parsed.text), text.as_bytes())
    }

    /// The number.
    pub fn as_number(&self) -> Option<Number<'d>> {
        (self.kind() == Kind::Number).then(|| Number::new(self.source()))
    }

    /// `true` or `false`.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// How many members or elements a container has; a name that stands twice counts once.
    #[inline]
    pub fn child_count(&self) -> usize {
        let entry = self.entry;
        match entry.kind() {
            Kind::Array if entry.payload() == COUNT_LIMIT => self.elements().count(),
            Kind::Object if entry.payload() == COUNT_LIMIT => self.members().count(),
            Kind::Array | Kind::Object => entry.payload() as usize,
            _ => 0,
        }
    }

    /// The members of an object, in document order; where a name stands twice, the last one.
    /// None for anything else.
    #[inline]
    pub fn members(&self) -> Members<'d> {
        let entries = if self.kind() == Kind::Object {
            self.inner()
        } else {
            &[]
        };
        Members {
            parsed: self.parsed,
            entries,
        }
    }

    /// The elements of an array, in document order. None for anything else.
    #[inline]
    pub fn elements(&self) -> Elements<'d> {
        let entries = if self.kind() == Kind::Array {
            self.inner()
        } else {
            &[]
        };
        Elements {
            parsed: self.parsed,
            entries,
        }
    }

    /// The name's number, if this is the name of a member and payloads use it.
    pub fn known_name(&self) -> Option<Name> {
        let is_name = self.entry.has(flag::NAME);
        NameTag::from_bits(self.entry.link)
            .name()
            .filter(|_| is_name)
    }

    /// The places on the tape of everything in the value, its own included.
    pub(super) fn reach(&self) -> std::ops::Range<u32> {
        let here = self.index();
        here..here + self.width()
    }

    fn width(&self) -> u32 {
        match self.kind() {
            Kind::Array | Kind::Object => self.entry.link,
            _ => 1,
        }
    }

    /// What a string stands for; `None` for any other value.
    pub(super) fn as_role(self) -> Option<(Node<'d>, StringRole<'d>)> {
        if self.kind() != Kind::String {
            return None;
        }
        let before = self.index().checked_sub(1);
        let before = before.map(|index| Node::new(self.parsed, index));
        let role = match before {
            _ if self.entry.has(flag::NAME) => StringRole::Name,
            Some(name) if name.entry.has(flag::NAME) => StringRole::Value(name),
            _ => StringRole::Element,
        };
        Some((self, role))
    }

    /// The object's member of this name.
    pub fn member(&self, name: &str) -> Option<Member<'d>> {
        self.member_by(NameTag::of(name), name)
    }

    /// The object's member of this name, whose tag is at hand.
    #[inline]
    pub fn member_by(&self, tag: NameTag, name: &str) -> Option<Member<'d>> {
        if self.kind() != Kind::Object {
            return None;
        }
        // Validators ask this so often that it looks at the entries themselves.
        let mut members = self.members();
        while let Some((found, value)) = members.pair() {
            if found.link == tag.bits() && !found.has(flag::SHADOWED) {
                let member = members.member(found, value);
                if tag.name().is_some() || member.name.is_text(name) {
                    return Some(member);
                }
            }
        }
        None
    }

    /// The members whose names payloads use, each with its name: those in other letters too, unless
    /// the right spelling stands in the same object.
    #[inline]
    pub fn named_members(&self) -> NamedMembers<'d> {
        NamedMembers {
            object: *self,
            members: self.members(),
        }
    }

    /// The values of an object that has just these members, in this order.
    #[inline(always)]
    pub fn values_in_order<const N: usize>(&self, names: [Name; N]) -> Option<[Node<'d>; N]> {
        let mut values = [*self; N];
        let mut members = self.members();
        for (value, name) in values.iter_mut().zip(names) {
            let (found, entry) = members.pair()?;
            if found.link != NameTag::from(name).bits() {
                return None;
            }
            value.entry = entry;
        }
        members.entries.is_empty().then_some(values)
    }

    /// The value of the object's member of this known name.
    pub fn value_of(&self, name: Name) -> Option<Node<'d>> {
        let [value] = self.values_of([name]);
        value
    }

    /// The values of the object's members of these known names, found in one walk.
    #[inline]
    pub fn values_of<const N: usize>(&self, names: [Name; N]) -> [Option<Node<'d>>; N] {
        let tags = names.map(|name| NameTag::from(name).bits());
        let mut values = [None; N];
        let mut members = self.members();
        while let Some((name, value)) = members.pair() {
            for place in 0..N {
                if name.link == tags[place] {
                    values[place] = Some(Node {
                        entry: value,
                        parsed: self.parsed,
                    });
                }
            }
        }
        values
    }

    /// The value of the object's member of this name.
    pub fn get(&self, name: &str) -> Option<Node<'d>> {
        self.member(name).map(|member| member.value)
    }

    /// The element of an array or member of an object that a segment of a JSON Pointer names.
    pub fn child(&self, segment: &str) -> Option<Node<'d>> {
        match self.kind() {
            Kind::Array => self.elements().nth(segment.parse().ok()?),
            _ => self.get(segment),
        }
    }
}

/// What a string stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StringRole<'d> {
    /// The name of a member.
    Name,
    /// The value of the member of this name.
    Value(Node<'d>),
    /// An element of an array, or the whole value.
    Element,
}
