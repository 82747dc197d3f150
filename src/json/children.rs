//! The members of an object and the elements of an array.

use std::borrow::Cow;
use std::iter::FusedIterator;

use super::node::Node;
use super::tape::{Entry, Parsed, flag};
use crate::names::{Name, NameTag};

/// One member of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member<'d> {
    /// The name: always a string.
    pub name: Node<'d>,
    /// The value.
    pub value: Node<'d>,
}

/// The members of an object.
#[derive(Clone, Debug)]
pub struct Members<'d> {
    pub(super) parsed: &'d Parsed<'d>,
    /// What is left of the object's entries.
    pub(super) entries: &'d [Entry],
}

impl<'d> Members<'d> {
    /// The next name and value, those that stand again behind them too.
    #[inline]
    pub(super) fn pair(&mut self) -> Option<(&'d Entry, &'d Entry)> {
        let [name, value, rest @ ..] = self.entries else {
            return None;
        };
        self.entries = match value.link {
            1 => rest,
            width => rest.get(width as usize - 1..).unwrap_or_default(),
        };
        Some((name, value))
    }

    #[inline]
    pub(super) fn member(&self, name: &'d Entry, value: &'d Entry) -> Member<'d> {
        let node = |entry| Node {
            entry,
            parsed: self.parsed,
        };
        Member {
            name: node(name),
            value: node(value),
        }
    }
}

impl<'d> Iterator for Members<'d> {
    type Item = Member<'d>;

    #[inline]
    fn next(&mut self) -> Option<Member<'d>> {
        while let Some((name, value)) = self.pair() {
            if !name.has(flag::SHADOWED) {
                return Some(self.member(name, value));
            }
        }
        None
    }
}

impl FusedIterator for Members<'_> {}

/// The members of an object whose names payloads use.
#[derive(Clone, Debug)]
pub struct NamedMembers<'d> {
    pub(super) object: Node<'d>,
    pub(super) members: Members<'d>,
}

impl<'d> NamedMembers<'d> {
    /// The name that this member has but for its letters' case.
    #[cold]
    fn in_other_letters(&self, member: &Member<'d>) -> Option<Name> {
        let name = member.meant()?;
        self.object.value_of(name).is_none().then_some(name)
    }
}

impl<'d> Iterator for NamedMembers<'d> {
    type Item = (Name, Member<'d>);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let member = self.members.next()?;
            let name = member.known().or_else(|| self.in_other_letters(&member));
            if let Some(name) = name {
                return Some((name, member));
            }
        }
    }
}

impl FusedIterator for NamedMembers<'_> {}

impl<'d> Member<'d> {
    /// The name, if it is one that payloads use.
    #[inline]
    pub fn known(&self) -> Option<Name> {
        NameTag::from_bits(self.name.entry.link).name()
    }

    /// The name that payloads use and that this is, be it in other letters.
    #[inline]
    pub fn meant(&self) -> Option<Name> {
        self.known()
            .or_else(|| Name::in_other_letters(&self.name_text()))
    }

    /// The name with its escapes resolved.
    #[inline]
    pub fn name_text(&self) -> Cow<'d, str> {
        self.name.resolved()
    }
}

/// The elements of an array.
#[derive(Clone, Debug)]
pub struct Elements<'d> {
    pub(super) parsed: &'d Parsed<'d>,
    /// What is left of the array's entries.
    pub(super) entries: &'d [Entry],
}

impl<'d> Iterator for Elements<'d> {
    type Item = Node<'d>;

    #[inline]
    fn next(&mut self) -> Option<Node<'d>> {
        let element = self.entries.first()?;
        self.entries = self
            .entries
            .get(element.link as usize..)
            .unwrap_or_default();
        Some(Node {
            entry: element,
            parsed: self.parsed,
        })
    }
}

impl FusedIterator for Elements<'_> {}
