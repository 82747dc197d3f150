//! Random changes of bytes.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Bytes that a change inserts: the tokens of JSON, the parts of numbers and escapes, and what is no UTF-8.
const INSERTIONS: [&[u8]; 32] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\u0041",
    b"\\uD83D\\uDE00",
    b"\\uDE00",
    b"\\b",
    b"0",
    b"-",
    b".",
    b"e",
    b"E+9",
    b"00",
    b"1e5",
    b"-0.0",
    b"null",
    b"true",
    b"\x00",
    b"\x1F",
    b"\x7F",
    b"\xFF",
    b"\xC3",
    b"\xED\xA0\x80",
    b"\xEF\xBB\xBF",
    b"\n",
    b"/",
    b"18446744073709551616",
];

/// A change of some bytes at a place.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Insert(Index, &'static [u8]),
    Remove(Index, usize),
    Repeat(Index, usize),
    Flip(Index, u8),
}

/// Any change.
pub(crate) fn any_edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        4 => (at(), select(INSERTIONS.to_vec())).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        2 => (at(), 1..9_usize).prop_map(|(at, count)| Edit::Remove(at, count)),
        1 => (at(), 1..40_usize).prop_map(|(at, count)| Edit::Repeat(at, count)),
        1 => (at(), 0..8_u8).prop_map(|(at, bit)| Edit::Flip(at, bit)),
    ]
}

/// Makes a change.
pub(crate) fn apply(edit: &Edit, bytes: &mut Vec<u8>) {
    let (Edit::Insert(at, _) | Edit::Remove(at, _) | Edit::Repeat(at, _) | Edit::Flip(at, _)) =
        edit;
    let at = at.index(bytes.len() + 1);
    let end = |count: usize| (at + count).min(bytes.len());
    match *edit {
        Edit::Insert(_, inserted) => drop(bytes.splice(at..at, inserted.iter().copied())),
        Edit::Remove(_, count) => drop(bytes.drain(at..end(count))),
        Edit::Repeat(_, count) => {
            let copy = bytes[at..end(count)].to_vec();
            drop(bytes.splice(at..at, copy));
        }
        Edit::Flip(_, bit) => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
            }
        }
    }
}
