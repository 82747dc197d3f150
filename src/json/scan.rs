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
pub(super) fn find_special(bytes: &[u8], at: usize) -> usize {
    find_special_and_wide(bytes, at).0
}

const ONES: u64 = u64::MAX / 0xFF;
const HIGHS: u64 = ONES << 7;

/// The first quote, backslash or control character from `at` on, and whether a byte beyond ASCII may
/// stand before it: no such byte is missed, and one shortly behind the end may count too.
#[inline(always)]
pub(super) fn find_special_and_wide(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut seen = 0;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        seen |= word;
        // Flipping bit 1 moves the quote next to the control characters, so one comparison finds
        // both. The lowest byte marked is a true hit: a borrow only ever marks bytes above one.
        let low = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
        let hits = (low | backslash) & !word & HIGHS;
        if hits != 0 {
            return (at + hits.trailing_zeros() as usize / 8, seen & HIGHS != 0);
        }
        at += 8;
    }
    while at < bytes.len() && !matches!(bytes[at], b'"' | b'\\' | 0..0x20) {
        seen |= u64::from(bytes[at]);
        at += 1;
    }
    (at.min(bytes.len()), seen & HIGHS != 0)
}

/// Whether a string from `start` to `end`, its quotes not counted, begins and ends as texts usually do:
/// with a letter, a digit or one of a few signs. An empty one does.
#[inline(always)]
pub(super) fn is_usual(bytes: &[u8], start: usize, end: usize) -> bool {
    BEGINNINGS[byte_at(bytes, start) as usize] && ENDINGS[byte_at(bytes, end - 1) as usize]
}

/// The bytes that a usual text begins with: not the letter of `Bearer`. The quote is that of an empty
/// one.
static BEGINNINGS: [bool; 256] = usual(b"+/#(&'*\"", b"Bb");
/// The bytes that a usual text ends with.
static ENDINGS: [bool; 256] = usual(b"/#)&'*!\"", b"");

/// Letters and digits, and `more` of other bytes, `but` some.
const fn usual(more: &[u8], but: &[u8]) -> [bool; 256] {
    let mut usual = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        usual[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut place = 0;
    while place < more.len() {
        usual[more[place] as usize] = true;
        place += 1;
    }
    place = 0;
    while place < but.len() {
        usual[but[place] as usize] = false;
        place += 1;
    }
    usual
}
