//! Where the parser stands: the containers that are open, and what may come next.

use super::parse::Parser;
use super::rote::Rote;
use crate::names::{Name, NameTag};

/// The parser's own lists, kept with the tape so that a kept tape costs no allocation.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(super) frames: Vec<Frame>,
    pub(super) rote: Option<Box<Rote>>,
}

/// The forms of the innermost containers, two bits each: for sixteen of them and no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Forms(u32);

impl Forms {
    /// These and, innermost, a container more.
    #[inline(always)]
    pub(super) fn inside(self, is_object: bool) -> Self {
        Self(self.0 << 2 | 2 | u32::from(is_object))
    }

    /// These, were the innermost container of this form.
    pub(super) fn reformed(self, is_object: bool) -> Self {
        Self(self.0 & !1 | u32::from(is_object))
    }

    /// Whether the innermost container is an object.
    #[inline(always)]
    pub(super) fn is_object(self) -> bool {
        self.0 & 1 == 1
    }

    /// Whether the innermost ones are those of `inner`, of which there are some.
    #[inline(always)]
    pub(super) fn end_with(self, inner: Forms) -> bool {
        let bits = (u32::BITS - inner.0.leading_zeros()).next_multiple_of(2);
        bits > 0 && (self.0 ^ inner.0) << (u32::BITS - bits) == 0
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
    /// Its form, and those of the containers around it.
    pub(super) forms: Forms,
    /// Whether a name met a bit that was set.
    pub(super) may_repeat_a_name: bool,
    /// Whether the last name was that of words.
    pub(super) expects_word: bool,
}

impl Frame {
    /// A container that is opened in this one.
    pub(super) fn container(&self, entry: u32, is_object: bool) -> Self {
        Self {
            entry,
            forms: self.forms.inside(is_object),
            ..Self::default()
        }
    }

    /// Whether it is an object.
    #[inline(always)]
    pub(super) fn is_object(&self) -> bool {
        self.forms.is_object()
    }

    /// Takes what is said of the same container further on.
    #[inline(always)]
    pub(super) fn go_on(&mut self, further: &Frame) {
        self.count += further.count;
        self.may_repeat_a_name |= self.names & further.names != 0;
        self.names |= further.names;
        self.expects_word = further.expects_word;
    }

    /// The same container where the tape has `entries` before it, among containers that give it these forms.
    #[inline(always)]
    pub(super) fn moved(&self, entries: u32, forms: Forms) -> Self {
        Self {
            entry: self.entry + entries,
            forms,
            ..*self
        }
    }

    /// Takes note of a member's name.
    #[inline(always)]
    pub(super) fn note_name(&mut self, tag: NameTag) {
        let bit = 1 << (tag.bits() % u64::BITS);
        self.may_repeat_a_name |= self.names & bit != 0;
        self.names |= bit;
        self.expects_word = tag == NameTag::from(Name::OF_WORDS);
    }
}

/// What may stand at the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    /// The value of a member, or of the whole text.
    #[default]
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
        self.open.iter().skip(1)
    }

    /// For each open container whether it is an object.
    pub(super) fn open_forms(&self) -> Vec<bool> {
        let containers = self.open_containers();
        containers.map(|frame| frame.is_object()).collect()
    }

    /// Whether the innermost container stands in a list.
    pub(super) fn is_in_list(&self) -> bool {
        let outer = self.open_containers().rev().nth(1);
        outer.is_some_and(|outer| !outer.is_object())
    }

    /// Makes the container of this entry the innermost one.
    #[inline(always)]
    pub(super) fn enter(&mut self, entry: u32, is_object: bool) {
        let inner = self.top().container(entry, is_object);
        self.open.push(inner);
    }

    /// What is open and innermost.
    #[inline(always)]
    pub(super) fn top(&self) -> &Frame {
        &self.open[self.open.len() - 1]
    }

    /// The same, to be changed.
    #[inline(always)]
    pub(super) fn top_mut(&mut self) -> &mut Frame {
        let last = self.open.len() - 1;
        &mut self.open[last]
    }

    /// How many containers are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len() - 1
    }
}
