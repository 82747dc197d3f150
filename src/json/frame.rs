//! Where the parser stands: the containers that are open, their names so far, and what may come next.

use crate::names::NameTag;

/// The parser's own lists, kept with the tape so that a kept tape costs no allocation.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(super) frames: Vec<Frame>,
    pub(super) names: Vec<Name>,
}

/// A container that is still open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Its entry on the tape.
    pub(super) entry: u32,
    pub(super) is_object: bool,
    pub(super) count: u32,
    /// How many names were known when it was opened.
    pub(super) names: u32,
}

/// A member name of an open object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    pub(super) tag: NameTag,
    pub(super) entry: u32,
}

/// What may stand at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The value of a member, or of the whole text.
    Value,
    /// An element, or the end of an array that has none.
    FirstElement,
    /// An element behind a comma.
    Element,
    /// A name, or the end of an object that has none.
    FirstName,
    /// A name behind a comma.
    Name,
    /// A comma or a closing bracket.
    Separator,
}
