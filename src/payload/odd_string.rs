//! Strings that deserve a second look: few in most payloads, and told at one glance from the rest.

use super::{Record, Text};
use crate::json::{Node, StringRole};

/// A text, or the name of a member, that is not plainly sound.
#[derive(Clone, Debug)]
pub struct OddString<'d> {
    /// What it says, and where.
    pub text: Text<'d>,
    /// What it stands for.
    pub role: StringRole<'d>,
}

impl<'d> OddString<'d> {
    /// The name of the member whose value it is.
    pub fn member_name(&self) -> Option<Node<'d>> {
        match self.role {
            StringRole::Value(name) => Some(name),
            _ => None,
        }
    }
}

/// The strings of a record that deserve a second look: those that begin or end with anything but a
/// letter, a digit or what usually stands there, hold an escape or a letter beyond ASCII, begin with the
/// letter of `Bearer`, or belong to a member that payloads do not have otherwise.
pub fn odd_strings<'d>(record: &Record<'d>) -> Vec<OddString<'d>> {
    let node = record.node;
    let is_ascii = node.source().is_ascii();
    let mut odd = Vec::new();
    for (string, role) in node.strings() {
        if is_plain(string, role, is_ascii) {
            continue;
        }
        if let Some(text) = Text::read(string) {
            odd.push(OddString { text, role });
        }
    }
    odd
}

#[inline]
fn is_plain(string: Node<'_>, role: StringRole<'_>, is_ascii: bool) -> bool {
    if string.known_name().is_some() {
        return true;
    }
    let is_usual = match role {
        StringRole::Value(name) => name.known_name().is_some(),
        StringRole::Name | StringRole::Element => true,
    };
    let Some(text) = string.as_plain_text().filter(|_| is_usual) else {
        return false;
    };
    match text.as_bytes() {
        [] => true,
        [first, .., last] => {
            BEGINNINGS[usize::from(*first)]
                && ENDINGS[usize::from(*last)]
                && (is_ascii || text.is_ascii())
        }
        [only] => BEGINNINGS[usize::from(*only)],
    }
}

/// The bytes that a plainly sound text begins with.
static BEGINNINGS: [bool; 256] = usual(b"+/#(&'*", b"Bb");
/// The bytes that a plainly sound text ends with.
static ENDINGS: [bool; 256] = usual(b"/#)&'*!", b"");

/// Letters and digits, and `more` of other bytes, `but` some.
const fn usual(more: &[u8], but: &[u8]) -> [bool; 256] {
    let mut usual = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let character = byte as u8;
        usual[byte] = character.is_ascii_alphanumeric();
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
