//! Recovery from brackets that are missing, surplus or of the wrong kind. Where several readings are
//! possible, the one wins under which the most of the following brackets match.

use super::super::entry::{Entry, Kind, flag};
use super::super::error::{Expected, SyntaxErrorKind};
use super::super::parser::Parser;
use super::super::stack::{DEPTH_LIMIT, State};
use crate::span::Span;

impl Parser<'_> {
    /// Whether an object (or else an array) is open.
    pub(super) fn has_open(&self, is_object: bool) -> bool {
        self.open_containers()
            .any(|frame| frame.is_object() == is_object)
    }

    /// Recovers from a closing bracket that does not match the innermost container. It may close an outer
    /// container, whose inner ones lack their brackets; it may be of the wrong kind; or it may be surplus.
    pub(super) fn recover_closer(&mut self) -> State {
        if self.accept_matching_wrong_closer() {
            return self.close_here();
        }
        let is_brace = self.peek() == b'}';
        let open = self.open_kinds();
        let innermost = open.len() - 1;
        let matching = open.iter().rposition(|is_object| *is_object == is_brace);
        if matching == Some(innermost) {
            return self.close_here();
        }
        let after = self.pos + 1;
        let as_outer = matching.map_or(0, |index| self.matching_prefix_len(&open[..index], after));
        let as_wrong_kind = self.matching_prefix_len(&open[..innermost], after);
        let as_surplus = self.matching_prefix_len(&open, after);
        match matching {
            Some(index) if as_outer >= as_wrong_kind && as_outer >= as_surplus => {
                self.close_inner(index + 1);
                self.close_here()
            }
            _ if as_wrong_kind >= as_surplus => {
                let bracket = self.byte_at_cursor();
                self.pos += 1;
                self.force_close(bracket, self.pos)
            }
            _ => {
                let bracket = self.byte_at_cursor();
                self.error(bracket, SyntaxErrorKind::Unexpected(Expected::Opened));
                self.pos += 1;
                self.skip_whitespace();
                State::Separator
            }
        }
    }

    /// The span of the ASCII character at the cursor.
    fn byte_at_cursor(&self) -> Span {
        Span::new(self.pos as u32, self.pos as u32 + 1)
    }

    /// The number of brackets from `at` on that match if these containers are open (`true` for an object).
    /// Counts up to a limit.
    fn matching_prefix_len(&self, open: &[bool], mut at: usize) -> usize {
        const MAX: usize = 64;
        let mut open = open.to_vec();
        let mut matching = 0;
        while at < self.bytes.len() && matching < MAX {
            match self.bytes[at] {
                b'"' => {
                    at = self.token(at).end as usize;
                    continue;
                }
                byte @ (b'{' | b'[') => {
                    open.push(byte == b'{');
                    matching += 1;
                }
                byte @ (b'}' | b']') => match open.pop() {
                    Some(is_object) if is_object == (byte == b'}') => matching += 1,
                    _ => return matching,
                },
                _ => {}
            }
            at += 1;
        }
        // An interpretation under which all containers are closed at the end of the text is the correct one.
        if at >= self.bytes.len() && open.is_empty() {
            usize::MAX
        } else {
            matching
        }
    }

    /// Closes the innermost container, which lacks its bracket, at offset `end`. The bracket belongs at `place`.
    pub(super) fn force_close(&mut self, place: Span, end: usize) -> State {
        if self.depth() == 0 {
            return State::Separator;
        }
        let frame = *self.top();
        let closer = if frame.is_object() { "}" } else { "]" };
        // The error of a container without opening bracket has been reported.
        if let Some(bracket) = self.opening_bracket(&frame) {
            let kind = SyntaxErrorKind::Unclosed {
                closer,
                outermost: None,
                place,
                missing: closer.to_owned(),
            };
            self.error(bracket, kind);
        }
        self.mark_errors();
        self.close_at(end)
    }

    /// Closes the containers inside of the first `depth` ones, which lack their brackets before the closing bracket at
    /// the cursor. They and the last token, which may be half-typed, are one error.
    fn close_inner(&mut self, depth: usize) {
        let end = self.trim_end(0, self.pos);
        let last = self.last_token();
        let last_end = last.map_or(0, |last| last.end as usize);
        let cut_off = last.filter(|last| last.is_unclosed() && last_end == end);
        let dropped = self.dropped_name.filter(|start| *start >= last_end);
        let string = cut_off.map(|last| last.start as usize).or(dropped);
        let (place, mut missing) = self.missing_tail(end, string);
        self.forget_cut_off_token(end, string, place.start);
        let mut brackets = Vec::new();
        while self.depth() > depth {
            let frame = *self.top();
            if let Some(bracket) = self.opening_bracket(&frame) {
                let closer = if frame.is_object() { "}" } else { "]" };
                missing.push_str(closer);
                brackets.push((bracket, closer));
            }
            self.mark_errors();
            self.close_at(end);
        }
        let Some(&(innermost, closer)) = brackets.first() else {
            return;
        };
        let outermost = brackets.get(1..).and_then(<[_]>::last);
        let kind = SyntaxErrorKind::Unclosed {
            closer,
            outermost: outermost.map(|(bracket, _)| *bracket),
            place,
            missing,
        };
        self.error(innermost, kind);
    }

    /// Recovers from a colon after a value: makes that value, if it is a string, the first name of an object
    /// without opening bracket, or of the array that contains it, which then is an object. Returns whether
    /// that was possible.
    pub(super) fn recover_colon_after_value(&mut self) -> bool {
        let is_adjacent = |last: &Entry| {
            let between = &self.bytes[last.end as usize..self.pos];
            between.iter().all(u8::is_ascii_whitespace)
        };
        let is_name = |last: &Entry| {
            last.kind() == Kind::String
                && self.byte(last.start as usize) == b'"'
                && !last.is_unclosed()
                && is_adjacent(last)
        };
        // A container with an error is not examined again at each of its colons, which would take quadratic
        // time.
        let can_be_name = (1..DEPTH_LIMIT).contains(&self.depth())
            && !self.entries[self.top().entry as usize].has(flag::HAS_ERRORS)
            && self.entries.last().is_some_and(is_name);
        if !can_be_name {
            return false;
        }
        let is_first_element = !self.top().is_object() && self.top().count == 1;
        let mut open = self.open_kinds();
        let unchanged = self.matching_prefix_len(&open, self.pos);
        open.push(true);
        let as_inner_object = self.matching_prefix_len(&open, self.pos);
        open.truncate(self.depth() - 1);
        open.push(true);
        let as_object = self.matching_prefix_len(&open, self.pos);
        if as_inner_object > unchanged && !(is_first_element && as_object >= as_inner_object) {
            self.insert_missing_opener();
        } else if is_first_element {
            self.change_kind(true);
            self.top_mut().count = 0;
            self.finish_name(self.entries.len() as u32 - 1);
        } else {
            return false;
        }
        true
    }

    /// Recovers from a `{` in place of an object's first name: the bracket is surplus, or the object is an
    /// array in braces. Returns what the grammar allows next.
    pub(super) fn recover_brace_before_name(&mut self) -> Option<State> {
        let is_array = match self.tokens_after_object()? {
            // Arrays of arrays are rare, a surplus brace in each element of an array is not.
            (b']', _) | (b',', b'{') => !self.is_in_array(),
            (b',', _) => false,
            _ => {
                let open = self.open_kinds();
                let as_surplus = self.matching_prefix_len(&open, self.pos + 1);
                if as_surplus <= self.matching_prefix_len(&open, self.pos) {
                    return None;
                }
                false
            }
        };
        if is_array {
            self.change_kind(false);
            return Some(State::FirstElement);
        }
        let bracket = self.byte_at_cursor();
        self.error(bracket, SyntaxErrorKind::Unexpected(Expected::Name));
        self.pos += 1;
        self.skip_whitespace();
        Some(State::FirstName)
    }

    /// The first two bytes after the object at the cursor that are not whitespace; 0 past the end. `None` if
    /// the object is too long to look for its end.
    fn tokens_after_object(&self) -> Option<(u8, u8)> {
        /// The maximum length of the object, in bytes.
        const MAX_LEN: usize = 4096;
        let mut depth = 0usize;
        let mut at = self.pos;
        let end = self.bytes.len().min(at + MAX_LEN);
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
                let mut tokens = rest.filter(|byte| !byte.is_ascii_whitespace());
                let mut next = || tokens.next().copied().unwrap_or(0);
                return Some((next(), next()));
            }
        }
        None
    }

    /// Accepts the closing bracket at the cursor if it has the same wrong kind as the opening one of the
    /// innermost container, whose error then covers both.
    fn accept_matching_wrong_closer(&mut self) -> bool {
        if self.depth() == 0 {
            return false;
        }
        let start = self.entries[self.top().entry as usize].start;
        let here = self.byte_at_cursor();
        let brackets = (
            self.byte(start as usize),
            self.peek(),
            self.top().is_object(),
        );
        if !matches!(brackets, (b'[', b']', true) | (b'{', b'}', false)) {
            return false;
        }
        let reported = self
            .errors
            .iter_mut()
            .rev()
            .find(|error| error.span.start == start);
        match reported.map(|error| &mut error.kind) {
            Some(SyntaxErrorKind::WrongOpener { closing, .. }) => {
                *closing = Some(here);
                true
            }
            _ => false,
        }
    }

    /// Changes the kind of the innermost container and reports its opening bracket.
    fn change_kind(&mut self, is_object: bool) {
        let (kind, right) = match is_object {
            true => (Kind::Object, '{'),
            false => (Kind::Array, '['),
        };
        let container = self.top().entry as usize;
        self.entries[container].set_kind(kind);
        let start = self.entries[container].start;
        let bracket = self.opening_bracket(self.top());
        let bracket = bracket.unwrap_or(Span::new(start, start + 1));
        let top = self.top_mut();
        top.nesting = top.nesting.with_innermost(is_object);
        let closing = None;
        self.error(bracket, SyntaxErrorKind::WrongOpener { right, closing });
    }

    /// Opens an object whose first name is the last string on the tape. The place of its bracket is a guess,
    /// so neither it nor the object around it counts as complete.
    fn insert_missing_opener(&mut self) {
        let object = self.entries.len() as u32 - 1;
        let name = self.entries[object as usize].span();
        self.error(name, SyntaxErrorKind::MissingOpener);
        if self.top().is_object() {
            self.mark_errors();
        }
        self.entries
            .insert(object as usize, Entry::open(Kind::Object, name.start));
        let suspicious = self.suspicious.iter_mut().rev();
        let moved = suspicious.take_while(|entry| **entry >= object);
        moved.for_each(|entry| *entry += 1);
        self.top_mut().count -= 1;
        self.enter(object, true);
        self.mark_errors();
        self.finish_name(object + 1);
    }
}
