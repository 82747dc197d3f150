//! Looking at bytes: the few loops that see every byte of a text.

/// What a byte may begin between tokens: a token, a blank, or something to look at more closely.
pub(super) static BLANK_KIND: [u8; 256] = {
    let mut kinds = [TOKEN; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b' ' | b'\n' | b'\r' | b'\t' => BLANK,
            b'/' | b'#' | 0..b' ' | 0x7F.. => ODD,
            _ => TOKEN,
        };
        byte += 1;
    }
    kinds
};
pub(super) const TOKEN: u8 = 0;
const BLANK: u8 = 1;
pub(super) const ODD: u8 = 2;

/// The byte at `at`; 0 behind the end.
#[inline(always)]
pub(super) fn byte_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// The first byte from `at` on that is no plain blank.
#[inline(always)]
pub(super) fn skip_spaces(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let byte = byte_at(bytes, at);
        if BLANK_KIND[byte as usize] != BLANK {
            return at;
        }
        at += 1;
        // Indentation comes in long runs.
        if byte == b'\n' {
            while bytes.get(at..at + 8) == Some(b"        ") {
                at += 8;
            }
        }
    }
}

/// The end of the JSON number at `start`, as far as it is one.
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

/// The first quote, backslash or control character from `at` on; the end if there is none.
#[inline(always)]
pub(super) fn find_special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 0xFF;
    const HIGHS: u64 = ONES << 7;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        // Flipping bit 1 moves the quote next to the control characters, so one comparison finds
        // both. The lowest byte marked is a true hit: a borrow only ever marks bytes above one.
        let low = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
        let hits = (low | backslash) & !word & HIGHS;
        if hits != 0 {
            return at + hits.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while at < bytes.len() && !matches!(bytes[at], b'"' | b'\\' | 0..0x20) {
        at += 1;
    }
    at.min(bytes.len())
}
