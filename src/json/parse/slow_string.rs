//! Strings and names with escapes, and names that are not known.

use super::super::entry::flag;
use super::super::escape::unescape;
use super::super::lexer::find_special;
use super::super::parser::Parser;
use super::super::stack::State;
use crate::span::Span;

impl Parser<'_> {
    /// Parses a string that contains an escape or anything else special, from its quote on.
    #[inline(never)]
    pub(super) fn parse_escaped_string(&mut self) {
        let start = self.pos;
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
        self.pos = at + 1;
        self.push_string(Span::new(start as u32, at as u32 + 1), 1, 1, flag::ESCAPED);
    }

    /// Parses a name that contains an escape or anything else special, from its quote on.
    #[cold]
    pub(super) fn parse_escaped_name(&mut self) {
        let entry = self.entries.len() as u32;
        self.parse_escaped_string();
        self.finish_name(entry);
    }

    /// Makes a string that is on the tape a property name.
    #[cold]
    pub(crate) fn finish_name(&mut self, entry: u32) {
        let entry_of_name = &mut self.entries[entry as usize];
        let name = unescape(entry_of_name.content().of(self.text));
        let id = self.vocabulary.id(&name);
        entry_of_name.set_name(id);
        self.record_name(id);
        if id.known().is_none() {
            self.mark_unknown_name(entry);
        }
    }

    /// Marks the string at the end of the tape as suspicious, unless it is a word that the value of a name/value pair can
    /// be.
    #[inline(never)]
    pub(super) fn mark_suspicious(&mut self, entry: u32, is_wide: bool) {
        let is_pair_value = || {
            let [.., name, value] = self.entries.as_slice() else {
                return false;
            };
            let word = value.content().bytes_of(self.text);
            name.is_name_of(self.vocabulary.pair().value)
                && self.vocabulary.is_suspicious_word(word)
        };
        if is_wide || !is_pair_value() {
            self.suspicious.push(entry);
        }
    }

    /// Marks a name that is not known and its value as suspicious.
    #[cold]
    pub(super) fn mark_unknown_name(&mut self, entry: u32) {
        self.suspicious.extend([entry, entry + 1]);
    }

    /// Parses a property name that does not start with a JSON quote. Returns `None` if the name is on the
    /// tape, else what the grammar allows next.
    #[cold]
    pub(super) fn parse_non_json_name(&mut self, state: State) -> Option<State> {
        let entry = self.entries.len() as u32;
        let next = self.recover_name(state);
        if next.is_none() {
            self.finish_name(entry);
        }
        next
    }
}
