//! Sets of properties.

/// A set of the properties that a `Detector` looks at, as bits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Markers(u128);

impl Markers {
    /// The number of different properties.
    pub(super) const LIMIT: usize = u128::BITS as usize;

    pub(super) fn insert(&mut self, index: usize) {
        self.0 |= 1 << index;
    }

    #[inline]
    pub(super) fn add(&mut self, other: Markers) {
        self.0 |= other.0;
    }

    #[inline]
    pub(super) fn intersects(self, other: Markers) -> bool {
        self.0 & other.0 != 0
    }

    #[inline]
    pub(super) fn contains(self, other: Markers) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether it has at least `count` elements of `other`.
    #[inline]
    pub(super) fn has_at_least(self, count: u32, other: Markers) -> bool {
        let mut common = self.0 & other.0;
        for _ in 1..count {
            // Clears the lowest bit. `count` is small, so that this is faster than to count all bits.
            common &= common.wrapping_sub(1);
        }
        common != 0
    }
}
