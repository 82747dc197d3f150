//! Opening brackets that are missing or of the wrong form. What follows tells which: the reading under
//! which the next brackets fit for longest.

use super::fault::{Defect, Expected};
use super::frame::State;
use super::parse::{DEPTH_LIMIT, Parser};
use super::tape::{Entry, Kind, flag};
use crate::span::Span;

impl Parser<'_> {
    /// At a colon behind a value: makes that value the name of a member, if it can be one, of an object
    /// that lacks its bracket, or of the list in which it stands and which is an object then.
    pub(super) fn enter_object(&mut self) -> bool {
        let is_behind = |last: &Entry| {
            let between = &self.bytes[last.end as usize..self.at];
            between.iter().all(u8::is_ascii_whitespace)
        };
        let is_name = |last: &Entry| {
            last.kind() == Kind::String
                && self.byte(last.start as usize) == b'"'
                && !last.is_unclosed()
                && is_behind(last)
        };
        // A container that was given up once is not looked at again for each of its colons.
        let can_enter = (1..DEPTH_LIMIT).contains(&self.depth())
            && !self.entries[self.top().entry as usize].has(flag::DAMAGED)
            && self.entries.last().is_some_and(is_name);
        if !can_enter {
            return false;
        }
        let is_first_element = !self.top().is_object() && self.top().count == 1;
        let mut open = self.open_forms();
        let as_it_stands = self.brackets_fit(&open, self.at);
        open.push(true);
        let inside = self.brackets_fit(&open, self.at);
        open.truncate(self.depth() - 1);
        open.push(true);
        let as_object = self.brackets_fit(&open, self.at);
        if inside > as_it_stands && !(is_first_element && as_object >= inside) {
            self.open_before_last();
        } else if is_first_element {
            self.reopen(true);
            self.top_mut().count = 0;
            self.name_ends(self.entries.len() as u32 - 1);
        } else {
            return false;
        }
        true
    }

    /// At a `{` where an object's first name is due: it may be one too many, or the object is a list in
    /// braces. Where to go on then.
    pub(super) fn enter_list(&mut self) -> Option<State> {
        let is_list = match self.behind_object()? {
            // Lists of lists are rare, a brace too many in each element of one is not.
            (b']', _) | (b',', b'{') => !self.is_in_list(),
            (b',', _) => false,
            _ => {
                let open = self.open_forms();
                let as_surplus = self.brackets_fit(&open, self.at + 1);
                if as_surplus <= self.brackets_fit(&open, self.at) {
                    return None;
                }
                false
            }
        };
        if is_list {
            self.reopen(false);
            return Some(State::FirstElement);
        }
        let bracket = Span::new(self.at as u32, self.at as u32 + 1);
        self.fault(bracket, Defect::Unexpected(Expected::Name));
        self.at += 1;
        self.skip_blanks();
        Some(State::FirstName)
    }

    /// The two signs behind the object at the cursor, blanks left out; zeros behind the end.
    fn behind_object(&self) -> Option<(u8, u8)> {
        /// So long an object can be seen through.
        const REACH: usize = 4096;
        let mut depth = 0usize;
        let mut at = self.at;
        let end = self.bytes.len().min(at + REACH);
        while at < end {
            match self.bytes[at] {
                b'"' => {
                    at = self.token(at).end as usize;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                let rest = self.bytes[at..].iter();
                let mut signs = rest.filter(|byte| !byte.is_ascii_whitespace());
                let mut sign = || signs.next().copied().unwrap_or(0);
                return Some((sign(), sign()));
            }
        }
        None
    }

    /// Lets what was told of the innermost container's opening bracket cover the closing one at the cursor,
    /// if that is of the same wrong form.
    pub(super) fn forgive_closer(&mut self) -> bool {
        if self.depth() == 0 {
            return false;
        }
        let start = self.entries[self.top().entry as usize].start;
        let here = Span::new(self.at as u32, self.at as u32 + 1);
        let forms = (
            self.byte(start as usize),
            self.peek(),
            self.top().is_object(),
        );
        if !matches!(forms, (b'[', b']', true) | (b'{', b'}', false)) {
            return false;
        }
        let told = self
            .faults
            .iter_mut()
            .rev()
            .find(|fault| fault.span.start == start);
        match told.map(|fault| &mut fault.defect) {
            Some(Defect::WrongOpener { closing, .. }) => {
                *closing = Some(here);
                true
            }
            _ => false,
        }
    }

    /// Takes the innermost container, whose bracket is of the wrong form, for one of the other.
    pub(super) fn reopen(&mut self, is_object: bool) {
        let (kind, right) = match is_object {
            true => (Kind::Object, '{'),
            false => (Kind::Array, '['),
        };
        let object = self.top().entry;
        let entry = &mut self.entries[object as usize];
        entry.set_kind(kind);
        let bracket = Span::new(entry.start, entry.start + 1);
        let top = self.top_mut();
        top.forms = top.forms.reformed(is_object);
        let closing = None;
        self.fault(bracket, Defect::WrongOpener { right, closing });
    }

    /// Opens the object whose first name is the string on the tape that was read last. Where its bracket
    /// was is a guess, so that neither it nor an object around it can be said to lack anything.
    fn open_before_last(&mut self) {
        let object = self.entries.len() as u32 - 1;
        let name = self.entry_span(object);
        self.fault(name, Defect::MissingOpener);
        if self.top().is_object() {
            self.damage();
        }
        self.entries
            .insert(object as usize, Entry::open(Kind::Object, name.start));
        let moved = self.odd.iter_mut().rev().take_while(|odd| **odd >= object);
        moved.for_each(|odd| *odd += 1);
        self.top_mut().count -= 1;
        self.enter(object, true);
        self.damage();
        self.name_ends(object + 1);
    }
}
