//! Member names that stand twice in one object.

use std::collections::HashMap;

use super::fault::Defect;
use super::parse::Parser;
use super::tape::{Kind, flag};
use super::text::unescape;
use crate::span::Span;

impl Parser<'_> {
    /// Marks the names of the object that is closed, whose entry is `object`, that stand again behind
    /// them. Returns how many it marked.
    #[cold]
    pub(super) fn shadow_duplicates(&mut self, object: u32) -> u32 {
        let names = self.names_of(object);
        let mut tags: Vec<u32> = names
            .iter()
            .map(|&name| self.entries[name as usize].link)
            .collect();
        tags.sort_unstable();
        if tags.windows(2).any(|pair| pair[0] == pair[1]) {
            self.report_duplicates(&names)
        } else {
            0
        }
    }

    /// The entries of the names of the object that is closed.
    fn names_of(&self, object: u32) -> Vec<u32> {
        let mut names = Vec::new();
        let mut name = object + 1;
        while let Some(value) = self.entries.get(name as usize + 1) {
            names.push(name);
            name += 1 + value.link;
        }
        names
    }

    fn report_duplicates(&mut self, entries: &[u32]) -> u32 {
        let mut places: HashMap<String, (usize, usize)> = HashMap::new();
        let mut marked = 0;
        for (place, &entry) in entries.iter().enumerate() {
            let text = self.name_text(entry);
            match places.get_mut(&text) {
                None => {
                    places.insert(text, (place, place));
                }
                Some((first, last)) => {
                    let first_entry = entries[*first];
                    let removable = self
                        .same_values(entries[*last], entry)
                        .then(|| self.member_with_comma(entries[*last], entries[*last + 1]));
                    self.entries[entries[*last] as usize].set(flag::SHADOWED);
                    *last = place;
                    marked += 1;
                    let first = self.entry_span(first_entry);
                    self.fault(
                        self.entry_span(entry),
                        Defect::DuplicateKey { first, removable },
                    );
                }
            }
        }
        marked
    }

    fn name_text(&self, entry: u32) -> String {
        let written = self.entries[entry as usize].content().of(self.text);
        let text = unescape(written);
        // Halves of different characters are read alike and are not the same.
        if text.contains(char::REPLACEMENT_CHARACTER) {
            written.to_owned()
        } else {
            text
        }
    }

    /// From a member's name up to the name of the next member.
    fn member_with_comma(&self, name: u32, next_name: u32) -> Span {
        Span::new(
            self.entry_span(name).start,
            self.entry_span(next_name).start,
        )
    }

    pub(super) fn entry_span(&self, entry: u32) -> Span {
        let entry = &self.entries[entry as usize];
        Span::new(entry.start, entry.end)
    }

    /// Whether the members named by two entries have the same value, written alike.
    fn same_values(&self, left: u32, right: u32) -> bool {
        let (left, right) = (left as usize + 1, right as usize + 1);
        let values = |at: usize| {
            let end = at + self.entries[at].link as usize;
            self.entries[at..end].iter()
        };
        values(left).len() == values(right).len()
            && values(left).zip(values(right)).all(|(a, b)| {
                a.kind() == b.kind()
                    && (a.kind() == Kind::String || a.link == b.link)
                    && (matches!(a.kind(), Kind::Array | Kind::Object)
                        || a.content().of(self.text) == b.content().of(self.text))
            })
    }
}
