//! The entries of the tape: 16 bytes per value or property name.

use wide::u32x4;

use super::vocabulary::{KnownName, NameId, PairIds};
use crate::span::Span;

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// `null`, and any value that recovery inserts without knowing its type.
    Null,
    /// `false`.
    False,
    /// `true`.
    True,
    /// A number, kept as written.
    Number,
    /// A string, in any delimiters.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// The kinds by their three bits; the last combination is never written.
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

/// Flags of an entry.
pub(super) mod flag {
    /// The string contains escapes.
    pub(crate) const ESCAPED: u32 = 1 << 3;
    /// Recovery inserted the value or guessed its type.
    pub(crate) const SYNTHETIC: u32 = 1 << 4;
    /// A part of the container could not be parsed.
    pub(crate) const HAS_ERRORS: u32 = 1 << 5;
    /// A later property of the object has the same name.
    pub(crate) const SHADOWED: u32 = 1 << 6;
    /// The string is a property name.
    pub(crate) const NAME: u32 = 1 << 7;
    /// The object is a name/value pair.
    pub(crate) const NAME_VALUE_PAIR: u32 = 1 << 8;
}

const KIND_MASK: u32 = 0b111;
/// Above the flags: a container's number of children, or the lengths of a string's delimiters.
const PAYLOAD_SHIFT: u32 = 9;
/// The bits of the length of an opening delimiter: a prefix of Python and a quote of up to three bytes.
const OPENING_BITS: u32 = 3;
/// The bits of the length of a closing delimiter: a quote of up to three bytes.
const CLOSING_BITS: u32 = 2;
/// Above the lengths of the delimiters: the number of the known name that the string is, plus 1.
const KNOWN_VALUE_SHIFT: u32 = PAYLOAD_SHIFT + OPENING_BITS + CLOSING_BITS;
/// The highest number of children that an entry holds; it means "this many or more".
pub(super) const COUNT_LIMIT: u32 = (1 << (32 - PAYLOAD_SHIFT)) - 1;

/// One value or one property name. A name precedes its value; a container precedes its children.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) start: u32,
    pub(super) end: u32,
    /// For a value, the number of entries that it takes, itself included. For a property name, which takes
    /// one, the bits of its [`NameId`].
    pub(super) extent_or_name: u32,
    /// Kind, flags and payload.
    meta: u32,
}

impl Entry {
    pub(super) fn new(kind: Kind, start: u32, end: u32) -> Self {
        Self {
            start,
            end,
            extent_or_name: 1,
            meta: kind as u32,
        }
    }

    /// A container that is not closed yet.
    #[inline(always)]
    pub(super) fn open(kind: Kind, start: u32) -> Self {
        Self::new(kind, start, start)
    }

    /// A string with delimiters of `opening` and `closing` bytes.
    pub(super) fn string(span: Span, opening: u32, closing: u32, flags: u32) -> Self {
        debug_assert!(opening < 1 << OPENING_BITS && closing < 1 << CLOSING_BITS);
        let delimiters = opening | closing << OPENING_BITS;
        let meta = Kind::String as u32 | flags | delimiters << PAYLOAD_SHIFT;
        Self {
            start: span.start,
            end: span.end,
            extent_or_name: 1,
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

    /// Whether this is a string without escapes that recovery did not guess.
    #[inline]
    pub(super) fn is_plain_text(&self) -> bool {
        self.meta & (KIND_MASK | flag::ESCAPED | flag::SYNTHETIC) == Kind::String as u32
    }

    pub(super) fn has(&self, flag: u32) -> bool {
        self.meta & flag != 0
    }

    pub(super) fn set(&mut self, flag: u32) {
        self.meta |= flag;
    }

    pub(super) fn clear(&mut self, flag: u32) {
        self.meta &= !flag;
    }

    pub(super) fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }

    /// A property name in JSON quotes.
    #[inline(always)]
    pub(super) fn name(span: Span, id: NameId) -> Self {
        let mut entry = Self::string(span, 1, 1, flag::NAME);
        entry.extent_or_name = id.bits();
        entry
    }

    /// A value in JSON quotes that is a known name.
    #[inline(always)]
    pub(super) fn known_string(span: Span, name: KnownName) -> Self {
        let mut entry = Self::string(span, 1, 1, 0);
        entry.set_known_value(name);
        entry
    }

    /// Records which known name the string, a value, is.
    #[inline(always)]
    pub(super) fn set_known_value(&mut self, name: KnownName) {
        self.meta |= (name.index() as u32 + 1) << KNOWN_VALUE_SHIFT;
    }

    /// The known name that the string is, if that was recorded.
    #[inline(always)]
    pub(super) fn known_value(&self) -> Option<KnownName> {
        let number = (self.meta >> KNOWN_VALUE_SHIFT).checked_sub(1)?;
        (self.kind() == Kind::String).then_some(KnownName::from_index(number as u8))
    }

    /// Whether the entries of one object are those of a name/value pair.
    #[inline(always)]
    pub(super) fn are_name_value_pair(object: &[Entry], pair: &PairIds) -> bool {
        let [_, name, known, value_name, value] = object else {
            return false;
        };
        name.extent_or_name == pair.name.bits()
            && known.known_value().is_some()
            && value_name.extent_or_name == pair.value.bits()
            && value.is_plain_text()
            && !value.content().is_empty()
    }

    /// Whether this is a property name with this id.
    pub(super) fn is_name_of(&self, id: NameId) -> bool {
        self.has(flag::NAME) && self.extent_or_name == id.bits()
    }

    /// The vector that shifts an entry by `bytes` in [`Entry::shifted`].
    #[inline(always)]
    pub(super) fn shift_by(bytes: u32) -> u32x4 {
        u32x4::new([bytes, bytes, 0, 0])
    }

    /// The same entry further on in the text.
    #[inline(always)]
    pub(super) fn shifted(&self, shift: u32x4) -> Self {
        let here = u32x4::new([self.start, self.end, self.extent_or_name, self.meta]);
        let [start, end, extent_or_name, meta] = (here + shift).to_array();
        Self {
            start,
            end,
            extent_or_name,
            meta,
        }
    }

    /// Makes the string a property name.
    #[inline]
    pub(super) fn set_name(&mut self, id: NameId) {
        self.extent_or_name = id.bits();
        self.meta |= flag::NAME;
    }

    pub(super) fn set_count(&mut self, count: u32) {
        self.meta |= count.min(COUNT_LIMIT) << PAYLOAD_SHIFT;
    }

    pub(super) fn payload(&self) -> u32 {
        self.meta >> PAYLOAD_SHIFT
    }

    /// Whether this is a string with an opening but no closing delimiter.
    pub(super) fn is_unclosed(&self) -> bool {
        let (opening, closing) = self.delimiters();
        self.kind() == Kind::String && opening > 0 && closing == 0
    }

    /// The span of the string without its delimiters.
    #[inline]
    pub(super) fn content(&self) -> Span {
        let (opening, closing) = self.delimiters();
        Span::new(self.start + opening, self.end - closing)
    }

    /// The lengths of the string's delimiters, in bytes.
    #[inline]
    pub(super) fn delimiters(&self) -> (u32, u32) {
        let closing = self.payload() >> OPENING_BITS;
        let [opening_mask, closing_mask] = [OPENING_BITS, CLOSING_BITS].map(|bits| (1 << bits) - 1);
        (self.payload() & opening_mask, closing & closing_mask)
    }
}
