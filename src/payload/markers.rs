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

    #[inline]
    pub(super) fn count_in(self, other: Markers) -> u32 {
        (self.0 & other.0).count_ones()
    }
}
