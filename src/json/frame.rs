//! Where the parser stands: the containers that are open, and what may come next.

use super::parse::Parser;
use crate::names::{Name, NameTag};

/// The parser's own lists, kept with the tape so that a kept tape costs no allocation.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(super) frames: Vec<Frame>,
    pub(super) habits: Habits,
}

/// Which name stood where the last time. Payloads name their members in the same order again and again,
/// and to see that a name is the expected one is quicker than to read it.
#[derive(Debug, Default)]
pub(super) struct Habits(Vec<Name>);

/// Where a name stands: behind another, or first in an object that belongs to another.
#[derive(Clone, Copy, Debug, Default)]
struct Place(u16);

impl Place {
    const COUNT: usize = 2 * Name::COUNT;

    fn behind(name: Name) -> Self {
        Self(name.index() as u16)
    }

    fn inside(self) -> Self {
        Self(self.0 | Name::COUNT as u16)
    }
}

/// What is still open: a container, or the text itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    /// Its entry on the tape.
    pub(super) entry: u32,
    pub(super) count: u32,
    /// A bit for each name so far; names may share one.
    names: u64,
    /// Where the next name stands.
    place: Place,
    /// Whether a name met a bit that was set.
    pub(super) may_repeat_a_name: bool,
    pub(super) is_object: bool,
}

impl Frame {
    /// A container that is opened in this one.
    pub(super) fn container(&self, entry: u32, is_object: bool) -> Self {
        Self {
            entry,
            is_object,
            place: self.place.inside(),
            ..Self::default()
        }
    }

    /// Takes note of a member's name.
    #[inline(always)]
    pub(super) fn note_name(&mut self, tag: NameTag) {
        let bit = 1 << (tag.bits() % u64::BITS);
        self.may_repeat_a_name |= self.names & bit != 0;
        self.names |= bit;
        if let Some(name) = tag.name() {
            self.place = Place::behind(name);
        }
    }
}

impl Habits {
    /// The name that is expected next.
    #[inline(always)]
    pub(super) fn expected(&self, frame: &Frame) -> Option<Name> {
        self.0.get(usize::from(frame.place.0)).copied()
    }

    /// Expects this name there the next time.
    #[cold]
    pub(super) fn learn(&mut self, frame: &Frame, name: Name) {
        if self.0.is_empty() {
            self.0 = vec![name; Place::COUNT];
        }
        self.0[usize::from(frame.place.0)] = name;
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

    /// For each open container whether it is an object.
    pub(super) fn open_forms(&self) -> Vec<bool> {
        let containers = self.open_containers();
        containers.map(|frame| frame.is_object).collect()
    }

    /// Whether the innermost container stands in a list.
    pub(super) fn is_in_list(&self) -> bool {
        let outer = self.open_containers().rev().nth(1);
        outer.is_some_and(|outer| !outer.is_object)
    }

    /// Makes the container of this entry the innermost one.
    #[inline(always)]
    pub(super) fn enter(&mut self, entry: u32, is_object: bool) {
        let inner = self.top.container(entry, is_object);
        self.outer.push(std::mem::replace(&mut self.top, inner));
    }

    /// How many containers are open.
    pub(super) fn depth(&self) -> usize {
        self.outer.len()
    }
}
