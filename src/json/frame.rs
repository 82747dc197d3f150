//! Where the parser stands: the containers that are open, and what may come next.

use super::parse::Parser;
use crate::names::NameTag;

/// The parser's own list, kept with the tape so that a kept tape costs no allocation.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(super) frames: Vec<Frame>,
}

/// What is still open: a container, or the text itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    /// Its entry on the tape.
    pub(super) entry: u32,
    pub(super) count: u32,
    /// A bit for each name so far; names may share one.
    names: u64,
    /// Whether a name met a bit that was set.
    pub(super) may_repeat_a_name: bool,
    pub(super) is_object: bool,
}

impl Frame {
    pub(super) fn container(entry: u32, is_object: bool) -> Self {
        Self {
            entry,
            is_object,
            ..Self::default()
        }
    }

    /// Takes note of a member's name.
    #[inline(always)]
    pub(super) fn note_name(&mut self, tag: NameTag) {
        let bit = 1 << (tag.bits() % u64::BITS);
        self.may_repeat_a_name |= self.names & bit != 0;
        self.names |= bit;
    }
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

impl Parser<'_> {
    /// The containers that are open, the innermost last.
    pub(super) fn open_containers(&self) -> impl DoubleEndedIterator<Item = &Frame> {
        let innermost = (!self.outer.is_empty()).then_some(&self.top);
        // The first is the text.
        self.outer.iter().skip(1).chain(innermost)
    }

    /// How many containers are open.
    pub(super) fn depth(&self) -> usize {
        self.outer.len()
    }
}
