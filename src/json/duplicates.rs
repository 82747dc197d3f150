//! Duplicate property names in one object.

use std::collections::HashMap;

use super::entry::{Kind, flag};
use super::error::SyntaxErrorKind;
use super::escape::unescape;
use super::parser::Parser;
use crate::span::Span;

impl Parser<'_> {
    /// Marks and reports the names of a closed object, whose entry is `object`, that a later property
    /// repeats. Returns how many there are.
    #[cold]
    pub(super) fn shadow_duplicates(&mut self, object: u32) -> u32 {
        let names = self.names_of(object);
        let mut ids: Vec<u32> = names
            .iter()
            .map(|&name| self.entries[name as usize].extent_or_name)
            .collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            self.report_duplicates(&names)
        } else {
            0
        }
    }

    /// The entries of the names of a closed object.
    fn names_of(&self, object: u32) -> Vec<u32> {
        let mut names = Vec::new();
        let mut name = object + 1;
        while let Some(value) = self.entries.get(name as usize + 1) {
            names.push(name);
            name += 1 + value.extent_or_name;
        }
        names
    }

    fn report_duplicates(&mut self, entries: &[u32]) -> u32 {
        // The index of the first and the last property so far with each name.
        let mut seen: HashMap<String, (usize, usize)> = HashMap::new();
        let mut count = 0;
        for (index, &entry) in entries.iter().enumerate() {
            let name = self.name_text(entry);
            match seen.get_mut(&name) {
                None => {
                    seen.insert(name, (index, index));
                }
                Some((first, last)) => {
                    let first_entry = entries[*first];
                    let removable = self
                        .has_same_value(entries[*last], entry)
                        .then(|| self.property_with_comma(entries[*last], entries[*last + 1]));
                    self.entries[entries[*last] as usize].set(flag::SHADOWED);
                    *last = index;
                    count += 1;
                    let first = self.entry_span(first_entry);
                    self.error(
                        self.entry_span(entry),
                        SyntaxErrorKind::DuplicateKey { first, removable },
                    );
                }
            }
        }
        count
    }

    fn name_text(&self, entry: u32) -> String {
        let written = self.entries[entry as usize].content().of(self.text);
        let text = unescape(written);
        // Different lone surrogates all become U+FFFD and are different names.
        if text.contains(char::REPLACEMENT_CHARACTER) {
            written.to_owned()
        } else {
            text
        }
    }

    /// The span from a property's name up to the name of the next property.
    fn property_with_comma(&self, name: u32, next_name: u32) -> Span {
        Span::new(
            self.entry_span(name).start,
            self.entry_span(next_name).start,
        )
    }

    fn entry_span(&self, entry: u32) -> Span {
        self.entries[entry as usize].span()
    }

    /// Whether the properties with these name entries have the same value in the same notation, whitespace
    /// aside.
    fn has_same_value(&self, left: u32, right: u32) -> bool {
        let (left, right) = (left as usize + 1, right as usize + 1);
        let values = |at: usize| {
            let end = at + self.entries[at].extent_or_name as usize;
            self.entries[at..end].iter()
        };
        values(left).len() == values(right).len()
            && values(left).zip(values(right)).all(|(a, b)| {
                a.kind() == b.kind()
                    && (a.kind() == Kind::String || a.extent_or_name == b.extent_or_name)
                    && (matches!(a.kind(), Kind::Array | Kind::Object)
                        || a.content().of(self.text) == b.content().of(self.text))
            })
    }
}
