//! The properties of an object and the elements of an array.

use std::borrow::Cow;
use std::iter::FusedIterator;

use super::entry::{COUNT_LIMIT, Entry, Kind, flag};
use super::node::Node;
use super::tape::Parsed;
use super::vocabulary::{KnownName, NameId};

/// One property of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member<'d> {
    /// The name, always a string.
    pub name: Node<'d>,
    /// The value.
    pub value: Node<'d>,
}

impl<'d> Member<'d> {
    /// The number of the name, if it is known.
    #[inline]
    pub fn known(&self) -> Option<KnownName> {
        NameId::from_bits(self.name.entry.extent_or_name).known()
    }

    /// The number of the known name that equals the name in ASCII letters of any case.
    #[inline]
    pub fn known_ignore_case(&self) -> Option<KnownName> {
        match self.known() {
            None => self.find_ignore_case(),
            known => known,
        }
    }

    #[cold]
    fn find_ignore_case(&self) -> Option<KnownName> {
        self.name
            .parsed
            .vocabulary
            .find_ignore_case(&self.name_text())
    }

    /// The name with its escapes resolved.
    #[inline]
    pub fn name_text(&self) -> Cow<'d, str> {
        self.name.resolved()
    }
}

/// An iterator over the properties of an object.
#[derive(Clone, Debug)]
pub struct Members<'d> {
    parsed: &'d Parsed<'d>,
    /// The entries of the properties to come.
    entries: &'d [Entry],
}

impl<'d> Members<'d> {
    /// The entries of the next name and value, shadowed ones included.
    #[inline]
    fn next_entries(&mut self) -> Option<(&'d Entry, &'d Entry)> {
        let [name, value, rest @ ..] = self.entries else {
            return None;
        };
        self.entries = match value.extent_or_name {
            1 => rest,
            extent => rest.get(extent as usize - 1..).unwrap_or_default(),
        };
        Some((name, value))
    }

    #[inline]
    fn member(&self, name: &'d Entry, value: &'d Entry) -> Member<'d> {
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
        while let Some((name, value)) = self.next_entries() {
            if !name.has(flag::SHADOWED) {
                return Some(self.member(name, value));
            }
        }
        None
    }
}

impl FusedIterator for Members<'_> {}

/// An iterator over the properties of an object whose names are known.
#[derive(Clone, Debug)]
pub struct NamedMembers<'d> {
    object: Node<'d>,
    members: Members<'d>,
}

impl<'d> NamedMembers<'d> {
    /// The known name that a property's name equals in letters of another case, unless the object has a
    /// property with that name.
    #[cold]
    fn known_in_other_case(&self, member: &Member<'d>) -> Option<KnownName> {
        let name = member.known_ignore_case()?;
        self.object.value_of(name).is_none().then_some(name)
    }
}

impl<'d> Iterator for NamedMembers<'d> {
    type Item = (KnownName, Member<'d>);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let member = self.members.next()?;
            let name = member.known().or_else(|| self.known_in_other_case(&member));
            if let Some(name) = name {
                return Some((name, member));
            }
        }
    }
}

impl FusedIterator for NamedMembers<'_> {}

/// An iterator over the elements of an array.
#[derive(Clone, Debug)]
pub struct Elements<'d> {
    parsed: &'d Parsed<'d>,
    /// The entries of the elements to come.
    entries: &'d [Entry],
}

impl<'d> Iterator for Elements<'d> {
    type Item = Node<'d>;

    #[inline]
    fn next(&mut self) -> Option<Node<'d>> {
        let element = self.entries.first()?;
        self.entries = self
            .entries
            .get(element.extent_or_name as usize..)
            .unwrap_or_default();
        Some(Node {
            entry: element,
            parsed: self.parsed,
        })
    }
}

impl FusedIterator for Elements<'_> {}

impl<'d> Elements<'d> {
    /// The next element and its two values, if it is a name/value pair: an object of exactly a name property, whose
    /// value is a known name, and a value property, whose value is a string that is neither empty nor escaped. Any
    /// other element stays the next one.
    #[inline(always)]
    pub fn next_name_value_pair(&mut self) -> Option<(Node<'d>, KnownName, Node<'d>)> {
        let [pair, _, name, _, value, rest @ ..] = self.entries else {
            return None;
        };
        if !pair.has(flag::NAME_VALUE_PAIR) {
            return None;
        }
        let name = name.known_value()?;
        self.entries = rest;
        let node = |entry| Node {
            entry,
            parsed: self.parsed,
        };
        Some((node(pair), name, node(value)))
    }
}

impl<'d> Node<'d> {
    /// The number of properties or elements of a container; a duplicate name counts once.
    #[inline]
    pub fn child_count(&self) -> usize {
        let entry = self.entry;
        match entry.kind() {
            Kind::Array if entry.payload() == COUNT_LIMIT => self.elements().count(),
            Kind::Object if entry.payload() == COUNT_LIMIT => self.members().count(),
            Kind::Array | Kind::Object => entry.payload() as usize,
            _ => 0,
        }
    }

    /// The properties of an object in document order, of those with the same name the last one. Empty for any
    /// other value.
    #[inline]
    pub fn members(&self) -> Members<'d> {
        let entries = if self.kind() == Kind::Object {
            self.inner()
        } else {
            &[]
        };
        Members {
            parsed: self.parsed,
            entries,
        }
    }

    /// The elements of an array in document order. Empty for any other value.
    #[inline]
    pub fn elements(&self) -> Elements<'d> {
        let entries = if self.kind() == Kind::Array {
            self.inner()
        } else {
            &[]
        };
        Elements {
            parsed: self.parsed,
            entries,
        }
    }

    /// The property with this name.
    pub fn member(&self, name: &str) -> Option<Member<'d>> {
        self.member_by_id(self.parsed.vocabulary.id(name), name)
    }

    /// The property with this name, whose id the caller has looked up.
    #[inline]
    pub fn member_by_id(&self, id: NameId, name: &str) -> Option<Member<'d>> {
        if self.kind() != Kind::Object {
            return None;
        }
        // The most frequent look-up of schema validation: compares entries, and builds a node only for the
        // result.
        let mut members = self.members();
        while let Some((found, value)) = members.next_entries() {
            if found.extent_or_name == id.bits() && !found.has(flag::SHADOWED) {
                let member = members.member(found, value);
                if id.known().is_some() || member.name.is_text(name) {
                    return Some(member);
                }
            }
        }
        None
    }

    /// The properties with known names, each with its number. A name in another letter case counts as known,
    /// unless the object has a property with the correct spelling.
    #[inline]
    pub fn named_members(&self) -> NamedMembers<'d> {
        NamedMembers {
            object: *self,
            members: self.members(),
        }
    }

    /// The values of an object that has exactly these properties in this order.
    #[inline(always)]
    pub fn values_in_order<const N: usize>(&self, names: [KnownName; N]) -> Option<[Node<'d>; N]> {
        let mut values = [*self; N];
        let mut members = self.members();
        for (value, name) in values.iter_mut().zip(names) {
            let (found, entry) = members.next_entries()?;
            if found.extent_or_name != NameId::from_known(name).bits() {
                return None;
            }
            value.entry = entry;
        }
        members.entries.is_empty().then_some(values)
    }

    /// The value of the property with this known name.
    pub fn value_of(&self, name: KnownName) -> Option<Node<'d>> {
        let [value] = self.values_of([name]);
        value
    }

    /// The values of the properties with these known names, found in one pass.
    #[inline]
    pub fn values_of<const N: usize>(&self, names: [KnownName; N]) -> [Option<Node<'d>>; N] {
        let ids = names.map(|name| NameId::from_known(name).bits());
        let mut values = [None; N];
        let mut members = self.members();
        while let Some((name, value)) = members.next_entries() {
            for index in 0..N {
                if name.extent_or_name == ids[index] {
                    values[index] = Some(Node {
                        entry: value,
                        parsed: self.parsed,
                    });
                }
            }
        }
        values
    }

    /// The value of the property with this name.
    pub fn get(&self, name: &str) -> Option<Node<'d>> {
        self.member(name).map(|member| member.value)
    }

    /// The element or property value that one segment of a JSON Pointer addresses.
    pub fn child(&self, segment: &str) -> Option<Node<'d>> {
        match self.kind() {
            Kind::Array => self.elements().nth(segment.parse().ok()?),
            _ => self.get(segment),
        }
    }
}
