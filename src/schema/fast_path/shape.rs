//! What the fast path compiles a schema to.

use crate::json::{Kind, KnownName, PrefixKey};

/// The index of a property that its shape does not know, and of a slot that is not in use.
pub(super) const NO_INDEX: u8 = u8::MAX;

/// An index that no shape has.
pub(super) const NO_SHAPE: u16 = u16::MAX;

/// A bit for each [`Kind`].
const ALL_KINDS: u8 = 0x7F;

/// The maximum number of property values that the conditions of an object may read.
pub(super) const MAX_CAPTURED: usize = 8;

/// The bit of a [`Kind`] in a set of kinds.
pub(super) const fn bit_of(kind: Kind) -> u8 {
    1 << kind as u8
}

/// All constraints of one schema object.
pub(super) struct CompiledShape {
    /// A bit for each [`Kind`] that is allowed.
    pub(super) kinds: u8,
    /// Whether a number must be an integer.
    pub(super) is_integer: bool,
    /// For each name that payloads use, the constraint on that property. `None` without properties.
    pub(super) properties: Option<Box<[PropertyConstraint; KnownName::LIMIT]>>,
    /// The constraints on properties of other names.
    pub(super) other_properties: Vec<(String, PropertyConstraint)>,
    /// The number of properties that have an index.
    pub(super) property_count: usize,
    /// Whether properties without an index are refused.
    pub(super) is_closed: bool,
    pub(super) object: ObjectConstraint,
    /// The shape of each element.
    pub(super) items: Option<u16>,
    pub(super) min_items: usize,
    /// Whether an empty string is refused.
    pub(super) is_non_empty: bool,
    /// The allowed strings; `None` if the schema lists none. Where it does, no other kind is allowed. An empty list allows
    /// nothing.
    pub(super) strings: Option<Vec<AllowedString>>,
    pub(super) exclusive_minimum: Option<u64>,
    pub(super) minimum: Option<u64>,
    pub(super) maximum: Option<u64>,
    /// The prefixes of which a string must have one. Empty if any string is allowed.
    pub(super) prefixes: Vec<Prefix>,
    /// The number of property values that are captured for conditions.
    pub(super) captured: usize,
    /// Whether every pair is valid, whatever its strings are: see [`crate::json::Elements::next_name_value_pair`].
    pub(super) accepts_pairs: bool,
}

/// A string that is allowed.
pub(super) struct AllowedString {
    pub(super) key: PrefixKey,
    pub(super) value: String,
}

/// The constraints on an object that are checked once all its properties have been seen.
#[derive(Default)]
pub(super) struct ObjectConstraint {
    /// The required properties, one bit per property, by its index.
    pub(super) required: u64,
    pub(super) condition: Option<Condition>,
}

/// An `if` with its `then` and `else`.
pub(super) enum Condition {
    /// All three depend only on which properties are present: one bit per property, by its index.
    Presence {
        when: u64,
        then: u64,
        otherwise: u64,
    },
    /// Anything else.
    Branches(Box<Branches>),
}

pub(super) struct Branches {
    pub(super) when: Branch,
    pub(super) then: Option<Branch>,
    pub(super) otherwise: Option<Branch>,
}

/// The constraints of an `if`, a `then` or an `else` on the object.
pub(super) struct Branch {
    pub(super) properties: Vec<BranchProperty>,
    pub(super) object: ObjectConstraint,
}

pub(super) struct BranchProperty {
    /// The slot in which the property's value is captured.
    pub(super) slot: u8,
    pub(super) constraint: PropertyConstraint,
}

/// The constraint on the value of a property.
#[derive(Clone, Copy)]
pub(super) struct PropertyConstraint {
    /// The property's index among those that its shape knows; [`NO_INDEX`] for any other.
    pub(super) index: u8,
    /// A bit for each [`Kind`] that is allowed.
    pub(super) kinds: u8,
    /// Whether an empty string is refused.
    pub(super) is_non_empty: bool,
    /// The shape that the value must have; [`NO_SHAPE`] if there are no further constraints.
    pub(super) shape: u16,
    /// The slot in which the value is captured for conditions; [`NO_INDEX`] if none reads it.
    pub(super) slot: u8,
}

/// The beginning of a string, byte by byte.
pub(super) type Prefix = Vec<MaskedByte>;

/// The significant bits of a byte, and their values.
pub(super) struct MaskedByte {
    pub(super) mask: u8,
    pub(super) bits: u8,
}

impl PropertyConstraint {
    /// Allows every value.
    pub(super) const UNCONSTRAINED: PropertyConstraint = PropertyConstraint {
        index: NO_INDEX,
        kinds: ALL_KINDS,
        is_non_empty: false,
        shape: NO_SHAPE,
        slot: NO_INDEX,
    };

    /// Allows no value, because the fast path cannot decide.
    pub(super) const UNDECIDABLE: PropertyConstraint = PropertyConstraint {
        index: NO_INDEX,
        kinds: 0,
        is_non_empty: false,
        shape: NO_SHAPE,
        slot: NO_INDEX,
    };
}

impl CompiledShape {
    /// Whether only objects are allowed.
    pub(super) fn is_object_only(&self) -> bool {
        self.kinds == bit_of(Kind::Object)
    }
}

impl Default for CompiledShape {
    /// The shape that allows every value.
    fn default() -> Self {
        Self {
            kinds: ALL_KINDS,
            is_integer: false,
            properties: None,
            other_properties: Vec::new(),
            property_count: 0,
            is_closed: false,
            object: ObjectConstraint::default(),
            items: None,
            min_items: 0,
            is_non_empty: false,
            strings: None,
            exclusive_minimum: None,
            minimum: None,
            maximum: None,
            prefixes: Vec::new(),
            captured: 0,
            accepts_pairs: false,
        }
    }
}
