//! Byte-level scanning: the few loops that read every byte of a text, sixteen bytes at a time.

use wide::u8x16;

/// The class of each byte between tokens: the start of a token, JSON whitespace, or a byte that needs a
/// closer look (a comment, a control character, or a byte outside printable ASCII).
pub(super) static BYTE_CLASS: [u8; 256] = {
    let mut classes = [TOKEN; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\n' | b'\r' | b'\t' => WHITESPACE,
            b'/' | b'#' | 0..b' ' | 0x7F.. => OTHER,
            _ => TOKEN,
        };
        byte += 1;
    }
    classes
};
pub(super) const TOKEN: u8 = 0;
pub(super) const WHITESPACE: u8 = 1;
pub(super) const OTHER: u8 = 2;

/// The byte at offset `at`; 0 past the end.
#[inline(always)]
pub(super) fn byte_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// The number of bytes in one SIMD vector.
const LANES: usize = 16;

/// Loads the vector at offset `at`, if that many bytes are left.
#[inline(always)]
fn lanes(bytes: &[u8], at: usize) -> Option<u8x16> {
    let chunk = bytes.get(at..)?.first_chunk::<LANES>()?;
    Some(u8x16::new(*chunk))
}

/// The lanes that hold one of the bytes `of`.
#[inline(always)]
fn holding_any(lanes: u8x16, of: &[u8]) -> u8x16 {
    let is = |byte: u8| lanes.simd_eq(u8x16::splat(byte));
    of[1..]
        .iter()
        .fold(is(of[0]), |found, &byte| found | is(byte))
}

/// The offset of the first byte from `at` on that is not JSON whitespace.
#[inline(always)]
pub(super) fn skip_json_whitespace(bytes: &[u8], mut at: usize) -> usize {
    while let Some(lanes) = lanes(bytes, at) {
        let others = !holding_any(lanes, b" \n\r\t").to_bitmask() & ((1 << LANES) - 1);
        if others != 0 {
            return at + others.trailing_zeros() as usize;
        }
        at += LANES;
    }
    while BYTE_CLASS[byte_at(bytes, at) as usize] == WHITESPACE {
        at += 1;
    }
    at
}

/// The end of the JSON number that starts at `start`; `None` if none does.
pub(super) fn number_end(bytes: &[u8], start: usize) -> Option<usize> {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let digits = |mut at: usize| {
        while byte(at).is_ascii_digit() {
            at += 1;
        }
        at
    };
    let mut at = start + usize::from(byte(start) == b'-');
    match byte(at) {
        b'0' => at += 1,
        b'1'..=b'9' => at = digits(at),
        _ => return None,
    }
    if byte(at) == b'.' {
        let end = digits(at + 1);
        if end == at + 1 {
            return None;
        }
        at = end;
    }
    if matches!(byte(at), b'e' | b'E') {
        let from = at + 1 + usize::from(matches!(byte(at + 1), b'+' | b'-'));
        let end = digits(from);
        if end == from {
            return None;
        }
        at = end;
    }
    Some(at)
}

/// The offset of the first quote, backslash or control character from `at` on; the end if there is none.
#[inline(always)]
pub(crate) fn find_special(bytes: &[u8], at: usize) -> usize {
    find_special_and_wide(bytes, at).0
}

/// The same offset as [`find_special`], and whether a byte outside printable ASCII or of markup (`&`, `<`, `%`)
/// precedes it.
#[inline(always)]
pub(super) fn find_special_and_wide(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut is_wide = false;
    while let Some(lanes) = lanes(bytes, at) {
        let is_control = lanes.min(u8x16::splat(0x1F)).simd_eq(lanes);
        let hits = (holding_any(lanes, b"\"\\") | is_control).to_bitmask();
        // `to_bitmask` takes the highest bit of each lane, which is set in every byte above ASCII.
        let wide = (lanes | holding_any(lanes, b"\x7F&<%")).to_bitmask();
        if hits != 0 {
            let first = hits.trailing_zeros();
            is_wide |= wide & ((1 << first) - 1) != 0;
            return (at + first as usize, is_wide);
        }
        is_wide |= wide != 0;
        at += LANES;
    }
    while at < bytes.len() && !matches!(bytes[at], b'"' | b'\\' | 0..0x20) {
        is_wide |= bytes[at] >= 0x7F || matches!(bytes[at], b'&' | b'<' | b'%');
        at += 1;
    }
    (at.min(bytes.len()), is_wide)
}

/// The offset of the value after a name whose closing quote is at `quote`. `None` unless just a colon and at
/// most one whitespace byte separate them, which is the most frequent layout.
#[inline(always)]
pub(super) fn value_after_name(bytes: &[u8], quote: usize) -> Option<usize> {
    let is_token = |byte: u8| BYTE_CLASS[byte as usize] == TOKEN;
    match *bytes.get(quote..)?.first_chunk::<4>()? {
        [b'"', b':', b' ', next] if is_token(next) => Some(quote + 3),
        [b'"', b':', next, _] if is_token(next) => Some(quote + 2),
        _ => None,
    }
}

/// Whether two byte strings are equal. Inlined comparison of up to 32 bytes: names are short, and a call to
/// `memcmp` takes longer than two overlapping loads.
#[inline(always)]
pub(super) fn short_eq(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    match left.len() {
        8..=16 => {
            left.first_chunk::<8>() == right.first_chunk()
                && left.last_chunk::<8>() == right.last_chunk()
        }
        4..8 => {
            left.first_chunk::<4>() == right.first_chunk()
                && left.last_chunk::<4>() == right.last_chunk()
        }
        0..4 => left.iter().zip(right).all(|(a, b)| a == b),
        17..=32 => {
            left.first_chunk::<16>() == right.first_chunk()
                && left.last_chunk::<16>() == right.last_chunk()
        }
        _ => left == right,
    }
}

/// Whether `bytes` has `expected` at offset `at`. Compares all bytes without a branch between them, because the caller
/// expects to find it. A call to `memcmp` is as fast on x86-64, and slower in WebAssembly.
#[inline(always)]
pub(super) fn has_at(bytes: &[u8], at: usize, expected: &[u8]) -> bool {
    let Some(found) = bytes.get(at..at + expected.len()) else {
        return false;
    };
    let (Some(tail), Some(expected_tail)) = (found.last_chunk(), expected.last_chunk()) else {
        return short_eq(found, expected);
    };
    let difference =
        |found: &[u8; LANES], expected: &[u8; LANES]| u8x16::new(*found) ^ u8x16::new(*expected);
    let pairs = found.as_chunks().0.iter().zip(expected.as_chunks().0);
    let all = pairs.fold(difference(tail, expected_tail), |all, (found, expected)| {
        all | difference(found, expected)
    });
    all == u8x16::ZERO
}
