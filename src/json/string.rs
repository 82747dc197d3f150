//! Strings and names that are not plain, and names that nobody expected.

use super::frame::State;
use super::parse::Parser;
use super::scan::find_special;
use super::tape::flag;
use super::text::unescape;
use crate::names::NameTag;
use crate::span::Span;

impl Parser<'_> {
    /// A string that holds something special, from its quote on.
    #[inline(never)]
    pub(super) fn string_with_escapes(&mut self) {
        let start = self.at;
        let mut at = find_special(self.bytes, start + 1);
        while self.byte(at) == b'\\' {
            let letter = self.byte(at + 1);
            if !matches!(
                letter,
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't'
            ) {
                return self.recover_string(start);
            }
            at = find_special(self.bytes, at + 2);
        }
        if self.byte(at) != b'"' {
            return self.recover_string(start);
        }
        self.at = at + 1;
        self.push_string(Span::new(start as u32, at as u32 + 1), 1, 1, flag::ESCAPED);
    }

    /// A name that holds something special, from its quote on.
    #[cold]
    pub(super) fn escaped_name(&mut self) {
        let entry = self.entries.len() as u32;
        self.string_with_escapes();
        self.name_ends(entry);
    }

    /// Notes that the entry, which is on the tape, is a member name.
    #[cold]
    pub(super) fn name_ends(&mut self, entry: u32) {
        let entry_of_name = &mut self.entries[entry as usize];
        let text = unescape(entry_of_name.content().of(self.text));
        let tag = NameTag::of(&text);
        entry_of_name.set_name(tag);
        self.top_mut().note_name(tag);
        if tag.name().is_none() {
            self.note_rare_name(entry);
        }
    }

    /// Notes that a name, and its value, deserve a second look.
    #[cold]
    pub(super) fn note_rare_name(&mut self, entry: u32) {
        self.odd.extend([entry, entry + 1]);
    }

    /// Reads a member name that does not begin with a quote. None once the name is on the tape.
    #[cold]
    pub(super) fn odd_name(&mut self, state: State) -> Option<State> {
        let entry = self.entries.len() as u32;
        let next = self.recover_name(state);
        if next.is_none() {
            self.name_ends(entry);
        }
        next
    }
}
