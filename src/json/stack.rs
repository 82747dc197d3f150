//! The stack of open containers, and what the grammar allows next.

use super::vocabulary::NameId;

/// The maximum nesting depth of containers.
pub const DEPTH_LIMIT: usize = 1024;

/// The kinds of the sixteen innermost open containers, two bits each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct NestingBits(u32);

impl NestingBits {
    /// These with one more container inside.
    #[inline(always)]
    pub(super) fn push(self, is_object: bool) -> Self {
        Self(self.0 << 2 | 2 | u32::from(is_object))
    }

    /// These with another kind for the innermost container.
    pub(super) fn with_innermost(self, is_object: bool) -> Self {
        Self(self.0 & !1 | u32::from(is_object))
    }

    /// Whether the innermost container is an object.
    #[inline(always)]
    pub(super) fn is_object(self) -> bool {
        self.0 & 1 == 1
    }

    /// Whether the innermost containers are those of `inner`, which is not empty.
    #[inline(always)]
    pub(super) fn end_with(self, inner: NestingBits) -> bool {
        let bits = (u32::BITS - inner.0.leading_zeros()).next_multiple_of(2);
        bits > 0 && (self.0 ^ inner.0) << (u32::BITS - bits) == 0
    }
}

/// An open container, or the text itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    /// The index of its entry on the tape.
    pub(super) entry: u32,
    /// The number of its children so far.
    pub(super) count: u32,
    /// A Bloom filter of its property names so far, one bit per name.
    names: u64,
    /// Its kind, and those of the containers around it.
    pub(super) nesting: NestingBits,
    /// Whether the bit of a property name was set before: the name may be a duplicate.
    pub(super) may_have_duplicates: bool,
    /// Whether the last property name is the one whose values are known names themselves.
    pub(super) value_may_be_known: bool,
}

impl Frame {
    /// A new container inside this one.
    pub(super) fn container(&self, entry: u32, is_object: bool) -> Self {
        Self {
            entry,
            nesting: self.nesting.push(is_object),
            ..Self::default()
        }
    }

    /// Whether the container is an object.
    #[inline(always)]
    pub(super) fn is_object(&self) -> bool {
        self.nesting.is_object()
    }

    /// Adds what `later` records about a later part of the same container.
    #[inline(always)]
    pub(super) fn merge(&mut self, later: &Frame) {
        self.count += later.count;
        self.may_have_duplicates |= self.names & later.names != 0;
        self.names |= later.names;
        self.value_may_be_known = later.value_may_be_known;
    }

    /// The same container `entries` further on the tape, nested as `nesting` says.
    #[inline(always)]
    pub(super) fn shifted(&self, entries: u32, nesting: NestingBits) -> Self {
        Self {
            entry: self.entry + entries,
            nesting,
            ..*self
        }
    }

    /// Records a property name.
    #[inline(always)]
    pub(super) fn add_name(&mut self, id: NameId, value_may_be_known: bool) {
        let bit = 1 << (id.bits() % u64::BITS);
        self.may_have_duplicates |= self.names & bit != 0;
        self.names |= bit;
        self.value_may_be_known = value_may_be_known;
    }
}

/// What the grammar allows at the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    /// The value of a property, or of the whole text.
    #[default]
    Value,
    /// The first element, or the end of an empty array.
    FirstElement,
    /// An element after a comma.
    Element,
    /// The first property name, or the end of an empty object.
    FirstName,
    /// A property name after a comma.
    Name,
    /// A comma or a closing bracket.
    Separator,
}
