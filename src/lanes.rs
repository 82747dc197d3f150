//! Short texts, looked at as a whole: what is asked of their bytes is answered with a bit for each.

use std::ops::RangeInclusive;

use wide::u8x16;

/// How many bytes are looked at together.
const LANES: usize = 16;

/// A text of 1 to 64 bytes. The lowest bit of an answer speaks of its first byte.
#[derive(Clone, Copy)]
pub struct Short {
    /// The bytes, sixteen at each of the [`Short::offsets`]; what stands behind a shorter text is 0.
    lanes: [u8x16; Short::LONGEST / LANES],
    len: usize,
}

impl Short {
    /// How many bytes it has at most.
    pub const LONGEST: usize = u64::BITS as usize;

    /// The text, if it is neither empty nor too long.
    #[inline(always)]
    pub fn of(text: &[u8]) -> Option<Self> {
        let len = text.len();
        if len == 0 || len > Self::LONGEST {
            return None;
        }
        if len < LANES {
            let lanes = [few_bytes(text); Self::LONGEST / LANES];
            return Some(Self { lanes, len });
        }
        let [_, second, third, last] = Self::offsets(len);
        let at = |at: usize| Some(u8x16::new(*text[at..].first_chunk()?));
        let mut lanes = [at(0)?, at(second)?, u8x16::ZERO, u8x16::ZERO];
        if len > 2 * LANES {
            [lanes[2], lanes[3]] = [at(third)?, at(last)?];
        }
        Some(Self { lanes, len })
    }

    /// Where the lanes begin: the last ones may overlap, since a byte that is seen twice is the same.
    #[inline(always)]
    fn offsets(len: usize) -> [usize; Self::LONGEST / LANES] {
        let last = len.saturating_sub(LANES);
        [0, LANES.min(last), (2 * LANES).min(last), last]
    }

    /// Where any byte is.
    #[inline(always)]
    pub fn all(&self) -> u64 {
        u64::MAX >> (Self::LONGEST - self.len)
    }

    /// Where this byte is.
    #[inline(always)]
    pub fn is(&self, byte: u8) -> u64 {
        self.bits(|lanes| lanes.simd_eq(u8x16::splat(byte)))
    }

    /// Where a byte from this range is, which begins above 0.
    #[inline(always)]
    pub fn is_in(&self, range: RangeInclusive<u8>) -> u64 {
        self.bits(|lanes| within(lanes, &range))
    }

    /// Where a letter of ASCII is, in either case.
    #[inline(always)]
    pub fn is_letter(&self) -> u64 {
        self.bits(|lanes| within(lanes | u8x16::splat(0x20), &(b'a'..=b'z')))
    }

    /// Where a byte beyond ASCII is.
    #[inline(always)]
    pub fn is_wide(&self) -> u64 {
        self.bits(|lanes| lanes)
    }

    /// The highest bits of what becomes of the bytes.
    #[inline(always)]
    fn bits(&self, sort: impl Fn(u8x16) -> u8x16) -> u64 {
        let offsets = Self::offsets(self.len);
        let bits = |place: usize| {
            let bits = sort(self.lanes[place]).to_bitmask() as u16;
            u64::from(bits) << offsets[place]
        };
        let mut all = bits(0) | bits(1);
        if self.len > 2 * LANES {
            all |= bits(2) | bits(3);
        }
        all
    }
}

#[inline(always)]
fn within(lanes: u8x16, range: &RangeInclusive<u8>) -> u8x16 {
    let above = lanes - u8x16::splat(*range.start());
    above
        .min(u8x16::splat(range.end() - range.start()))
        .simd_eq(above)
}

/// A text of fewer than sixteen bytes.
#[inline(always)]
fn few_bytes(text: &[u8]) -> u8x16 {
    let len = text.len();
    // The halves of a text may overlap.
    let number = if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        u128::from(first) | u128::from(last) << (8 * (len - 8))
    } else {
        let bytes = text.iter().rev();
        bytes.fold(0, |number, byte| number << 8 | u128::from(*byte))
    };
    u8x16::new(number.to_le_bytes())
}

/// The places of the bits that are set, in order.
pub fn places(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (bits != 0).then(|| bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        place
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_byte_is_told_by_its_bit(text in prop::collection::vec(any::<u8>(), 0..70)) {
            let Some(short) = Short::of(&text) else {
                prop_assert!(text.is_empty() || text.len() > Short::LONGEST);
                return Ok(());
            };
            let bits = |is: fn(u8) -> bool| {
                let bit = |(place, byte): (usize, &u8)| u64::from(is(*byte)) << place;
                text.iter().enumerate().map(bit).sum::<u64>()
            };
            prop_assert_eq!(short.all(), bits(|_| true));
            prop_assert_eq!(short.is(b'a'), bits(|byte| byte == b'a'));
            prop_assert_eq!(short.is_in(b'0'..=b'9'), bits(|byte| byte.is_ascii_digit()));
            prop_assert_eq!(short.is_letter(), bits(|byte| byte.is_ascii_alphabetic()));
            prop_assert_eq!(short.is_wide(), bits(|byte| !byte.is_ascii()));
            let found: Vec<usize> = places(short.is_letter()).collect();
            let letters = (0..text.len()).filter(|place| text[*place].is_ascii_alphabetic());
            prop_assert_eq!(found, letters.collect::<Vec<_>>());
        }
    }
}
