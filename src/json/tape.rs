//! The tape: one small entry a value, in document order, and the views that read it.

use std::borrow::Cow;
use std::iter::FusedIterator;

use super::fault::Head;
use super::number::Number;
use super::text::unescape;
use crate::span::Span;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// `null`, and places where recovery knows no value.
    Null,
    /// `false`.
    False,
    /// `true`.
    True,
    /// A number, kept as written.
    Number,
    /// A string, in whatever delimiters it stands.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

const KINDS: [Kind; 7] = [
    Kind::Null,
    Kind::False,
    Kind::True,
    Kind::Number,
    Kind::String,
    Kind::Array,
    Kind::Object,
];

/// Facts about an entry, beside its kind.
pub(super) mod flag {
    /// The string's text is not its slice: it holds an escape.
    pub(crate) const ESCAPED: u32 = 1 << 3;
    /// Recovery had to guess the value's type.
    pub(crate) const GUESSED: u32 = 1 << 4;
    /// Something in this container could not be read.
    pub(crate) const DAMAGED: u32 = 1 << 5;
    /// A later member of the object has the same name.
    pub(crate) const SHADOWED: u32 = 1 << 6;
}

const KIND_MASK: u32 = 0b111;
const PAYLOAD_SHIFT: u32 = 8;
const COUNT_LIMIT: u32 = (1 << (32 - PAYLOAD_SHIFT)) - 1;

/// One value, or one member name. A name is followed by its value; children follow their container.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The entry behind this one and everything inside it.
    pub(super) next: u32,
    /// Kind, flags, and for a container its count of children, for a string the length of its
    /// delimiters in bytes.
    meta: u32,
}

impl Entry {
    pub(super) fn new(kind: Kind, start: u32, end: u32, next: u32) -> Self {
        Self {
            start,
            end,
            next,
            meta: kind as u32,
        }
    }

    pub(super) fn string(span: Span, next: u32, opening: u32, closing: u32, flags: u32) -> Self {
        let meta = Kind::String as u32 | flags | (opening | closing << 2) << PAYLOAD_SHIFT;
        Self {
            start: span.start,
            end: span.end,
            next,
            meta,
        }
    }

    pub(super) fn kind(&self) -> Kind {
        KINDS[(self.meta & KIND_MASK) as usize]
    }

    pub(super) fn has(&self, flag: u32) -> bool {
        self.meta & flag != 0
    }

    pub(super) fn set(&mut self, flag: u32) {
        self.meta |= flag;
    }

    pub(super) fn set_count(&mut self, count: u32) {
        self.meta |= count.min(COUNT_LIMIT) << PAYLOAD_SHIFT;
    }

    fn payload(&self) -> u32 {
        self.meta >> PAYLOAD_SHIFT
    }

    /// The string's text without its delimiters, as written.
    pub(super) fn content(&self) -> Span {
        Span::new(
            self.start + (self.payload() & 0b11),
            self.end - (self.payload() >> 2),
        )
    }
}

/// Every value of one text, in document order. Meant to be kept and filled again.
#[derive(Debug, Default)]
pub struct Tape {
    pub(super) entries: Vec<Entry>,
    pub(super) roots: Vec<u32>,
    pub(super) head: Option<Head>,
    pub(super) scratch: super::parse::Scratch,
}

impl Tape {
    /// What stands in front of the value, where something does.
    pub fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    /// How many values and member names the text holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the text holds no value.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The values of `text` that stand in no other value: one, if the text is JSON.
    /// `text` is the text that the tape was filled from.
    pub fn roots<'d>(&'d self, text: &'d str) -> impl Iterator<Item = Node<'d>> {
        self.roots.iter().map(move |&index| Node {
            tape: self,
            text,
            index,
        })
    }
}

/// One value on the tape.
#[derive(Clone, Copy, Debug)]
pub struct Node<'d> {
    tape: &'d Tape,
    text: &'d str,
    index: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.tape, other.tape)
    }
}

impl<'d> Node<'d> {
    fn entry(&self) -> &'d Entry {
        &self.tape.entries[self.index as usize]
    }

    fn at(&self, index: u32) -> Node<'d> {
        Node { index, ..*self }
    }

    /// The entry's place on the tape; grows with the place in the text.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Where the tape itself lies in memory; with [`Node::index`] it tells a value from all others.
    pub fn tape_address(&self) -> usize {
        std::ptr::from_ref(self.tape).addr()
    }

    /// What the value is.
    pub fn kind(&self) -> Kind {
        self.entry().kind()
    }

    /// Where the value stands, delimiters included.
    pub fn span(&self) -> Span {
        let entry = self.entry();
        Span::new(entry.start, entry.end)
    }

    /// Where the text of a string stands, without its delimiters; the whole span of anything else.
    pub fn content_span(&self) -> Span {
        if self.kind() == Kind::String {
            self.entry().content()
        } else {
            self.span()
        }
    }

    /// The opening bracket of a container, else the first character.
    pub fn opening(&self) -> Span {
        let start = self.entry().start;
        match self.kind() {
            Kind::Array | Kind::Object => Span::new(start, start + 1),
            _ => self.span(),
        }
    }

    /// The value as it is written.
    pub fn source(&self) -> &'d str {
        self.span().of(self.text)
    }

    /// Whether recovery had to guess what the value is.
    pub fn is_guessed(&self) -> bool {
        self.entry().has(flag::GUESSED)
    }

    /// Whether something in this container could not be read, so that nothing may be called missing.
    pub fn is_damaged(&self) -> bool {
        self.entry().has(flag::DAMAGED)
    }

    /// The text of a string, with its escapes resolved.
    pub fn as_text(&self) -> Option<Cow<'d, str>> {
        let entry = self.entry();
        (entry.kind() == Kind::String).then(|| {
            let written = entry.content().of(self.text);
            if entry.has(flag::ESCAPED) {
                Cow::Owned(unescape(written))
            } else {
                Cow::Borrowed(written)
            }
        })
    }

    /// Whether this is the string `text`.
    pub fn is_text(&self, text: &str) -> bool {
        let entry = self.entry();
        if entry.kind() != Kind::String {
            return false;
        }
        let written = entry.content().of(self.text);
        if entry.has(flag::ESCAPED) {
            unescape(written) == text
        } else {
            written == text
        }
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
    pub fn child_count(&self) -> usize {
        let entry = self.entry();
        match entry.kind() {
            Kind::Array if entry.payload() == COUNT_LIMIT => self.elements().count(),
            Kind::Object if entry.payload() == COUNT_LIMIT => self.members().count(),
            Kind::Array | Kind::Object => entry.payload() as usize,
            _ => 0,
        }
    }

    /// The members of an object, in document order; where a name stands twice, the last one.
    /// None for anything else.
    pub fn members(&self) -> Members<'d> {
        let entry = self.entry();
        let end = if entry.kind() == Kind::Object {
            entry.next
        } else {
            0
        };
        Members {
            container: *self,
            next: self.index + 1,
            end,
        }
    }

    /// The elements of an array, in document order. None for anything else.
    pub fn elements(&self) -> Elements<'d> {
        let entry = self.entry();
        let end = if entry.kind() == Kind::Array {
            entry.next
        } else {
            0
        };
        Elements {
            container: *self,
            next: self.index + 1,
            end,
        }
    }

    /// The object's member of this name.
    pub fn member(&self, name: &str) -> Option<Member<'d>> {
        self.members().find(|member| member.name.is_text(name))
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

/// One member of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member<'d> {
    /// The name: always a string.
    pub name: Node<'d>,
    /// The value.
    pub value: Node<'d>,
}

/// The members of an object.
#[derive(Clone, Debug)]
pub struct Members<'d> {
    container: Node<'d>,
    next: u32,
    end: u32,
}

impl<'d> Iterator for Members<'d> {
    type Item = Member<'d>;

    fn next(&mut self) -> Option<Member<'d>> {
        while self.next < self.end {
            let name = self.container.at(self.next);
            let value = self.container.at(self.next + 1);
            self.next = value.entry().next;
            if !name.entry().has(flag::SHADOWED) {
                return Some(Member { name, value });
            }
        }
        None
    }
}

impl FusedIterator for Members<'_> {}

/// The elements of an array.
#[derive(Clone, Debug)]
pub struct Elements<'d> {
    container: Node<'d>,
    next: u32,
    end: u32,
}

impl<'d> Iterator for Elements<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        (self.next < self.end).then(|| {
            let element = self.container.at(self.next);
            self.next = element.entry().next;
            element
        })
    }
}

impl FusedIterator for Elements<'_> {}
