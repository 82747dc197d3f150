//! Strings that deserve a second look: few in most payloads.

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

/// The strings of a record that deserve a second look.
pub fn odd_strings<'d>(record: &Record<'d>) -> Vec<OddString<'d>> {
    let odd = record.document.suspicious_strings(record.node);
    odd.filter_map(|(string, role)| {
        Some(OddString {
            text: Text::read(string)?,
            role,
        })
    })
    .collect()
}
