//! Looking at bytes: the few loops that see every byte of a text, sixteen at a time.

use wide::u8x16;

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
pub(super) const BLANK: u8 = 1;
pub(super) const ODD: u8 = 2;

/// The byte at `at`; 0 behind the end.
#[inline(always)]
pub(super) fn byte_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// How many bytes are looked at together.
const LANES: usize = 16;

/// The next bytes from `at` on, if so many are left.
#[inline(always)]
fn lanes(bytes: &[u8], at: usize) -> Option<u8x16> {
    let chunk = bytes.get(at..)?.first_chunk::<LANES>()?;
    Some(u8x16::new(*chunk))
}

/// The lanes that hold one of these bytes.
#[inline(always)]
fn holding_any(lanes: u8x16, of: &[u8]) -> u8x16 {
    let is = |byte: u8| lanes.simd_eq(u8x16::splat(byte));
    of[1..]
        .iter()
        .fold(is(of[0]), |found, &byte| found | is(byte))
}

/// The first byte from `at` on that is no plain blank.
#[inline(always)]
pub(super) fn skip_spaces(bytes: &[u8], mut at: usize) -> usize {
    while let Some(lanes) = lanes(bytes, at) {
        let others = !holding_any(lanes, b" \n\r\t").to_bitmask() & ((1 << LANES) - 1);
        if others != 0 {
            return at + others.trailing_zeros() as usize;
        }
        at += LANES;
    }
    while BLANK_KIND[byte_at(bytes, at) as usize] == BLANK {
        at += 1;
    }
    at
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
pub(crate) fn find_special(bytes: &[u8], at: usize) -> usize {
    find_special_and_wide(bytes, at).0
}

/// The first quote, backslash or control character from `at` on, the end if there is none; and whether
/// a byte beyond printable ASCII stands before it.
#[inline(always)]
pub(super) fn find_special_and_wide(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut is_wide = false;
    while let Some(lanes) = lanes(bytes, at) {
        let is_control = lanes.min(u8x16::splat(0x1F)).simd_eq(lanes);
        let hits = (holding_any(lanes, b"\"\\") | is_control).to_bitmask();
        // The highest bit of a byte beyond ASCII is set.
        let wide = (lanes | holding_any(lanes, b"\x7F")).to_bitmask();
        if hits != 0 {
            let first = hits.trailing_zeros();
            is_wide |= wide & ((1 << first) - 1) != 0;
            return (at + first as usize, is_wide);
        }
        is_wide |= wide != 0;
        at += LANES;
    }
    while at < bytes.len() && !matches!(bytes[at], b'"' | b'\\' | 0..0x20) {
        is_wide |= bytes[at] >= 0x7F;
        at += 1;
    }
    (at.min(bytes.len()), is_wide)
}

/// Where the value begins behind a name whose text ends at `end`, if its quote, the colon and at most one
/// blank stand between, as they do most often.
#[inline(always)]
pub(super) fn value_behind(bytes: &[u8], end: usize) -> Option<usize> {
    let is_token = |byte: u8| BLANK_KIND[byte as usize] == TOKEN;
    match *bytes.get(end..)?.first_chunk::<4>()? {
        [b'"', b':', b' ', next] if is_token(next) => Some(end + 3),
        [b'"', b':', next, _] if is_token(next) => Some(end + 2),
        _ => None,
    }
}

/// Whether a string from `start` to `end`, its quotes not counted, begins and ends as texts usually do:
/// with a letter, a digit or one of a few signs, and not with the scheme of a credential. An empty one
/// does.
#[inline(always)]
pub(super) fn is_usual(bytes: &[u8], start: usize, end: usize) -> bool {
    let begins = BEGINNINGS[byte_at(bytes, start) as usize] || is_word_in_b(&bytes[start..end]);
    begins && ENDINGS[byte_at(bytes, end - 1) as usize]
}

/// Whether a text begins with the letter of `Bearer` and `Basic`, and with neither.
#[cold]
fn is_word_in_b(text: &[u8]) -> bool {
    let has_scheme = |scheme: &[u8]| {
        let start = text.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    matches!(text.first(), Some(b'B' | b'b')) && !has_scheme(b"bearer") && !has_scheme(b"basic")
}

/// The bytes that a usual text begins with, if not with a scheme. The quote is that of an empty one.
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
