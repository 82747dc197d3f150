//! The tape: one small entry a value, in document order.

use wide::u32x4;

use super::fault::Head;
use super::node::{Node, StringRole};
use crate::names::{Name, NameTag};
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

/// By the three bits that tell them; the last is never written.
const KINDS: [Kind; 8] = [
    Kind::Null,
    Kind::False,
    Kind::True,
    Kind::Number,
    Kind::String,
    Kind::Array,
    Kind::Object,
    Kind::Null,
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
    /// The string is a member's name.
    pub(crate) const NAME: u32 = 1 << 7;
    /// The object is a `name` that payloads use and a `value` that is some plain text.
    pub(crate) const PAIR: u32 = 1 << 8;
}

const KIND_MASK: u32 = 0b111;
const PAYLOAD_SHIFT: u32 = 9;
const WORD_SHIFT: u32 = PAYLOAD_SHIFT + 4;
pub(super) const COUNT_LIMIT: u32 = (1 << (32 - PAYLOAD_SHIFT)) - 1;

/// One value, or one member name. A name is followed by its value; children follow their container.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) start: u32,
    pub(super) end: u32,
    /// How many entries the value takes, its own included; for a member name, which always takes one,
    /// the bits of its [`NameTag`] instead.
    pub(super) link: u32,
    /// Kind, flags, and for a container its count of children, for a string the length of its
    /// delimiters in bytes and behind that the number of the word that it is.
    meta: u32,
}

impl Entry {
    pub(super) fn new(kind: Kind, start: u32, end: u32) -> Self {
        Self {
            start,
            end,
            link: 1,
            meta: kind as u32,
        }
    }

    /// A container that is not closed yet.
    #[inline(always)]
    pub(super) fn open(kind: Kind, start: u32) -> Self {
        Self::new(kind, start, start)
    }

    pub(super) fn string(span: Span, opening: u32, closing: u32, flags: u32) -> Self {
        let meta = Kind::String as u32 | flags | (opening | closing << 2) << PAYLOAD_SHIFT;
        Self {
            start: span.start,
            end: span.end,
            link: 1,
            meta,
        }
    }

    #[inline]
    pub(super) fn kind(&self) -> Kind {
        KINDS[(self.meta & KIND_MASK) as usize]
    }

    pub(super) fn set_kind(&mut self, kind: Kind) {
        self.meta = self.meta & !KIND_MASK | kind as u32;
    }

    #[inline]
    pub(super) fn kind_bit(&self) -> u8 {
        1 << (self.meta & KIND_MASK)
    }

    /// Whether this is a string that is read as it is written and that nobody had to guess.
    #[inline]
    pub(super) fn is_plain_text(&self) -> bool {
        self.meta & (KIND_MASK | flag::ESCAPED | flag::GUESSED) == Kind::String as u32
    }

    pub(super) fn has(&self, flag: u32) -> bool {
        self.meta & flag != 0
    }

    pub(super) fn set(&mut self, flag: u32) {
        self.meta |= flag;
    }

    /// The name of a member, in the quotes that JSON has.
    #[inline(always)]
    pub(super) fn name(span: Span, tag: NameTag) -> Self {
        let mut entry = Self::string(span, 1, 1, flag::NAME);
        entry.link = tag.bits();
        entry
    }

    /// A value that is one of the names, in the quotes that JSON has.
    #[inline(always)]
    pub(super) fn word(span: Span, word: Name) -> Self {
        let mut entry = Self::string(span, 1, 1, 0);
        entry.set_word(word);
        entry
    }

    /// Notes which of the names the string is, a value.
    #[inline(always)]
    pub(super) fn set_word(&mut self, word: Name) {
        self.meta |= (word.index() as u32 + 1) << WORD_SHIFT;
    }

    /// Which of the names the string is, if that was noted.
    #[inline(always)]
    pub(super) fn as_word(&self) -> Option<Name> {
        let number = (self.meta >> WORD_SHIFT).checked_sub(1)?;
        (self.kind() == Kind::String).then_some(Name::from_index(number as u8))
    }

    /// Whether the first of some entries, which are all of an object, is to be marked as a pair.
    #[inline(always)]
    pub(super) fn are_pair(object: &[Entry]) -> bool {
        let [_, name, word, value_name, value] = object else {
            return false;
        };
        name.link == NameTag::from(Name::OF_WORDS).bits()
            && word.as_word().is_some()
            && value_name.link == NameTag::from(Name::VALUE).bits()
            && value.is_plain_text()
            && !value.content().is_empty()
    }

    /// What moves an entry so many bytes on in its text.
    #[inline(always)]
    pub(super) fn way(bytes: u32) -> u32x4 {
        u32x4::new([bytes, bytes, 0, 0])
    }

    /// The same further on in the text.
    #[inline(always)]
    pub(super) fn moved(&self, way: u32x4) -> Self {
        let here = u32x4::new([self.start, self.end, self.link, self.meta]);
        let [start, end, link, meta] = (here + way).to_array();
        Self {
            start,
            end,
            link,
            meta,
        }
    }

    /// Makes the string the name of a member.
    #[inline]
    pub(super) fn set_name(&mut self, tag: NameTag) {
        self.link = tag.bits();
        self.meta |= flag::NAME;
    }

    pub(super) fn set_count(&mut self, count: u32) {
        self.meta |= count.min(COUNT_LIMIT) << PAYLOAD_SHIFT;
    }

    pub(super) fn payload(&self) -> u32 {
        self.meta >> PAYLOAD_SHIFT
    }

    /// Whether this is a string that was opened and never closed.
    pub(super) fn is_unclosed(&self) -> bool {
        let (opening, closing) = self.delimiters();
        self.kind() == Kind::String && opening > 0 && closing == 0
    }

    /// The string's text without its delimiters, as written.
    #[inline]
    pub(super) fn content(&self) -> Span {
        let (opening, closing) = self.delimiters();
        Span::new(self.start + opening, self.end - closing)
    }

    /// How many bytes the string's delimiters have.
    #[inline]
    fn delimiters(&self) -> (u32, u32) {
        (self.payload() & 0b11, self.payload() >> 2 & 0b11)
    }
}

/// Every value of one text, in document order. Meant to be kept and filled again.
#[derive(Debug, Default)]
pub struct Tape {
    pub(super) entries: Vec<Entry>,
    pub(super) roots: Vec<u32>,
    /// The entries of strings that deserve a second look, some of them twice, in order.
    pub(super) odd: Vec<u32>,
    /// Rarely there.
    pub(super) head: Option<Box<Head>>,
    pub(super) scratch: super::frame::Scratch,
}

/// A text and the tape that was filled from it.
#[derive(Debug, Default)]
pub struct Parsed<'t> {
    pub(super) text: &'t str,
    pub(super) tape: Tape,
}

impl<'t> Parsed<'t> {
    pub(super) fn new(text: &'t str, tape: Tape) -> Self {
        Self { text, tape }
    }

    /// A text of which no value is read.
    pub fn unread(text: &'t str) -> Self {
        Self {
            text,
            tape: Tape::default(),
        }
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// What stands in front of the value, where something does.
    pub fn head(&self) -> Option<&Head> {
        self.tape.head.as_deref()
    }

    /// The values of the text that stand in no other: one, if the text is JSON.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.tape
            .roots
            .iter()
            .map(move |&index| Node::new(self, index))
    }

    /// The strings in the value at `node` that deserve a second look: those that begin or end with
    /// anything but a letter, a digit or what usually stands there, hold an escape or a character beyond
    /// printable ASCII, were not written as JSON has it, or belong to a member that payloads do not have
    /// otherwise. No other string is so; a few of these are like any other.
    pub fn odd_strings(&self, node: Node<'_>) -> impl Iterator<Item = (Node<'_>, StringRole<'_>)> {
        let inside = node.reach();
        let place_of = |entry| self.tape.odd.partition_point(|odd| *odd < entry);
        let mut before = None;
        let is_new = move |entry: &u32| before.replace(*entry) != Some(*entry);
        self.tape.odd[place_of(inside.start)..place_of(inside.end)]
            .iter()
            .copied()
            .filter(is_new)
            .filter_map(|entry| Node::new(self, entry).as_role())
    }

    /// The tape, to be filled again.
    pub fn into_tape(self) -> Tape {
        self.tape
    }
}
