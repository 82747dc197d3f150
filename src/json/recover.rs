//! The cold side of the parser: what it does where brackets, commas and colons are not as JSON wants
//! them. Each function says what is wrong, and returns where the strict side goes on.

use super::fault::{Defect, Expected};
use super::frame::State;
use super::parse::Parser;
use super::quotes::quote_kind;
use super::tape::{Entry, Kind, flag};
use super::words::is_invisible;
use crate::span::Span;

impl Parser<'_> {
    /// Skips comments and invisible characters, and notes them.
    #[cold]
    pub(super) fn skip_odd_blanks(&mut self) {
        loop {
            while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
                self.at += 1;
            }
            if let Some(end) = self.comment_end(self.at) {
                self.fault(Span::new(self.at as u32, end as u32), Defect::Comment);
                self.at = end;
            } else if self.character(self.at).is_some_and(is_invisible) {
                let start = self.at;
                while let Some(character) = self.character(self.at).filter(|&c| is_invisible(c)) {
                    self.at += character.len_utf8();
                }
                let run = Span::new(start as u32, self.at as u32);
                // What follows a name that was never closed is walked over again.
                if self
                    .invisible
                    .last()
                    .is_none_or(|last| last.end <= run.start)
                {
                    self.invisible.push(run);
                }
            } else {
                return;
            }
        }
    }

    /// The character that starts at byte `at`.
    pub(super) fn character(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The end of the comment that starts at `at`, if one does.
    pub(super) fn comment_end(&self, at: usize) -> Option<usize> {
        let rest = &self.bytes[at.min(self.bytes.len())..];
        if rest.starts_with(b"//") || rest.starts_with(b"#") {
            Some(self.trim_end(at, self.line_end(at)))
        } else if rest.starts_with(b"/*") {
            let close = memchr::memmem::find(&rest[2..], b"*/");
            Some(close.map_or_else(
                || self.trim_end(at, self.bytes.len()),
                |close| at + 2 + close + 2,
            ))
        } else {
            None
        }
    }

    /// The end of the line in which byte `at` stands, without its line break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let known = self.line.get();
        if known.start as usize <= at && at < known.end as usize {
            return known.end as usize;
        }
        let rest = &self.bytes[at..];
        let end = memchr::memchr2(b'\n', b'\r', rest).map_or(self.bytes.len(), |len| at + len);
        self.line.set(Span::new(at as u32, end as u32));
        end
    }

    /// `end` without the blanks and invisible characters that stand before it, back to `start`.
    pub(super) fn trim_end(&self, start: usize, end: usize) -> usize {
        let text = &self.text[start..end];
        start
            + text
                .trim_end_matches(|c: char| c.is_whitespace() || is_invisible(c))
                .len()
    }

    /// A place where a value should stand and none that JSON knows does.
    #[cold]
    pub(super) fn recover_value(&mut self, state: State) -> State {
        if self.at >= self.bytes.len() {
            return self.end_of_text(state);
        }
        match self.peek() {
            b']' if state == State::Element => {
                self.trailing_comma();
                self.close_here()
            }
            b'}' if state == State::Element && !self.has_open(true) => {
                self.trailing_comma();
                self.recover_closer()
            }
            b'}' | b']' if state != State::Value => self.recover_closer(),
            b',' | b']' | b'}' | b':' | b'=' | b';' | b')' => {
                if state == State::Value {
                    self.push_guess();
                }
                self.unexpected(Expected::Value)
            }
            _ => {
                match self.character(self.at).and_then(quote_kind) {
                    Some(kind) => self.foreign_string(kind),
                    None => self.word(),
                }
                self.child_ends()
            }
        }
    }

    /// Puts a null where a value is missing, so that every name has one.
    fn push_guess(&mut self) {
        self.push(Kind::Null, 0);
        self.mark_last(flag::GUESSED);
        // The cursor stands on a token, so ending the value here moves nothing.
        self.child_ends();
    }

    /// Reads a member name that does not begin with a quote. None once the name is on the tape.
    #[cold]
    pub(super) fn recover_name(&mut self, state: State) -> Option<State> {
        if self.at >= self.bytes.len() {
            return Some(self.end_of_text(state));
        }
        match self.peek() {
            b'}' => {
                self.trailing_comma();
                return Some(self.close_here());
            }
            b']' => {
                if state == State::Name {
                    self.trailing_comma();
                }
                return Some(self.recover_closer());
            }
            _ => {}
        }
        if let Some(kind) = self.character(self.at).and_then(quote_kind) {
            self.foreign_string(kind);
            return None;
        }
        if let Some(end) = self.bare_name_end(self.at) {
            let span = Span::new(self.at as u32, end as u32);
            self.push_string(span, 0, 0, 0);
            self.fault(span, Defect::UnquotedString { is_name: true });
            self.at = end;
            return None;
        }
        if state == State::FirstName
            && self.peek() == b'{'
            && let Some(next) = self.enter_list()
        {
            return Some(next);
        }
        if state == State::Name && self.peek() == b'{' && self.is_in_list() {
            // `{"a":1, {"b":2}` in a list: the first object lacks its bracket before the comma.
            let place = Some(Span::empty(self.comma as u32));
            self.close_by_force(place, self.comma);
            return Some(State::Element);
        }
        if state == State::Name && self.is_decimal_comma() {
            self.fault(
                Span::new(self.comma as u32, self.comma as u32 + 1),
                Defect::Unexpected(Expected::Digit),
            );
            self.damage();
            self.skip_to_separator();
            return Some(State::Separator);
        }
        Some(self.unexpected(Expected::Name))
    }

    /// Whether the last comma stands directly between digits, as in `1,5`.
    fn is_decimal_comma(&self) -> bool {
        self.at == self.comma + 1
            && self.comma > 0
            && self.byte(self.comma - 1).is_ascii_digit()
            && self.peek().is_ascii_digit()
    }

    /// A name without a colon. None if the value can be read all the same.
    #[cold]
    pub(super) fn recover_colon(&mut self) -> Option<State> {
        match self.peek() {
            b'=' => {
                let len = 1 + usize::from(self.byte(self.at + 1) == b'>');
                let span = Span::new(self.at as u32, (self.at + len) as u32);
                self.fault(span, Defect::Unexpected(Expected::Colon));
                self.damage();
                self.at += len;
                self.skip_blanks();
                None
            }
            b',' | b'}' | b']' | b';' | b')' => {
                self.push_guess();
                Some(self.unexpected(Expected::Colon))
            }
            _ if self.at >= self.bytes.len() => Some(self.end_of_text(State::Value)),
            _ => {
                self.missing_separator(':');
                None
            }
        }
    }

    /// A place between two values without a comma or the right bracket.
    #[cold]
    pub(super) fn recover_separator(&mut self) -> State {
        if self.at >= self.bytes.len() {
            return self.end_of_text(State::Separator);
        }
        match self.peek() {
            b'}' | b']' => self.recover_closer(),
            b':' if self.enter_object() => {
                self.at += 1;
                self.skip_blanks();
                State::Value
            }
            b':' | b';' | b'=' | b')' => self.unexpected_separator(),
            _ if self.top().is_object() && !self.is_name_with_colon() => {
                self.unexpected_separator()
            }
            _ => {
                self.missing_separator(',');
                if self.top().is_object() {
                    State::Name
                } else {
                    State::Element
                }
            }
        }
    }

    fn unexpected_separator(&mut self) -> State {
        self.unexpected(Expected::CommaOrCloser(if self.top().is_object() {
            '}'
        } else {
            ']'
        }))
    }

    fn missing_separator(&mut self, separator: char) {
        // A string that nobody closed has swallowed it, or would swallow what is put there.
        if self.entries.last().is_some_and(Entry::is_unclosed) {
            return;
        }
        let token = self.token(self.at);
        self.fault(token, Defect::MissingSeparator(separator));
    }

    fn trailing_comma(&mut self) {
        let comma = Span::new(self.comma as u32, self.comma as u32 + 1);
        // A comma that could not stand there at all has been told already.
        if self.faults.last().is_none_or(|last| last.span != comma) {
            self.fault(comma, Defect::TrailingComma);
        }
    }

    /// The innermost open container cannot be trusted to hold all that was meant.
    pub(super) fn damage(&mut self) {
        if self.depth() > 0 {
            let frame = *self.top();
            self.entries[frame.entry as usize].set(flag::DAMAGED);
        }
    }

    /// Reports the token at the cursor and goes on at the next comma or bracket of the same depth.
    fn unexpected(&mut self, expected: Expected) -> State {
        let token = self.token(self.at);
        self.fault(token, Defect::Unexpected(expected));
        self.damage();
        if !matches!(self.peek(), b',' | b'}' | b']' | b'{' | b'[') {
            self.at = token.end as usize;
        }
        self.skip_to_separator();
        State::Separator
    }

    /// Moves the cursor to the next comma or closing bracket of this depth, or to the end.
    fn skip_to_separator(&mut self) {
        let mut depth = 0usize;
        while self.at < self.bytes.len() {
            match self.peek() {
                b',' if depth == 0 => return,
                b'}' | b']' if depth == 0 => return,
                b'}' | b']' => depth -= 1,
                b'{' | b'[' => depth += 1,
                b'"' => {
                    self.at = self.token(self.at).end as usize;
                    continue;
                }
                _ => {}
            }
            self.at += self.character(self.at).map_or(1, char::len_utf8);
        }
    }

    /// The token at `at`, as far as it can be told: a string, a bracket or sign, or a word.
    pub(super) fn token(&self, at: usize) -> Span {
        let line = self.line_end(at);
        let rest = &self.text[at..line];
        let len = match rest.chars().next() {
            Some('"') => {
                let mut end = at + 1;
                while end < line && self.bytes[end] != b'"' {
                    end += 1 + usize::from(self.bytes[end] == b'\\');
                }
                (end + 1).min(line) - at
            }
            Some(c) if ",:;=(){}[]".contains(c) => 1,
            Some(c) => {
                let closer = quote_kind(c).map(|_| c);
                let ends = |(_, c): &(usize, char)| {
                    c.is_whitespace()
                        || is_invisible(*c)
                        || ",:;={}[]\"".contains(*c)
                        || Some(*c) == closer
                };
                rest.char_indices()
                    .skip(1)
                    .find(ends)
                    .map_or(rest.len(), |(end, _)| end)
            }
            None => 0,
        };
        let mut end = at + len;
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span::new(at as u32, end as u32)
    }

    fn has_open(&self, is_object: bool) -> bool {
        self.open_containers()
            .any(|frame| frame.is_object() == is_object)
    }

    /// A closing bracket that does not fit the innermost container, or any. It may end an outer one,
    /// whose inner ones lack theirs; it may be of the wrong form; or it may be one too many. What
    /// follows tells which: the reading under which the next brackets fit for longest.
    fn recover_closer(&mut self) -> State {
        if self.forgive_closer() {
            return self.close_here();
        }
        let is_brace = self.peek() == b'}';
        let open = self.open_forms();
        let innermost = open.len() - 1;
        let fitting = open.iter().rposition(|is_object| *is_object == is_brace);
        if fitting == Some(innermost) {
            return self.close_here();
        }
        let behind = self.at + 1;
        let as_outer = fitting.map_or(0, |place| self.brackets_fit(&open[..place], behind));
        let as_wrong_form = self.brackets_fit(&open[..innermost], behind);
        let as_surplus = self.brackets_fit(&open, behind);
        match fitting {
            Some(place) if as_outer >= as_wrong_form && as_outer >= as_surplus => {
                let here = self.trim_end(0, self.at);
                while self.depth() > place + 1 {
                    self.close_by_force(Some(Span::empty(here as u32)), here);
                }
                self.close_here()
            }
            _ if as_wrong_form >= as_surplus => {
                let bracket = Span::new(self.at as u32, self.at as u32 + 1);
                self.at += 1;
                self.close_by_force(Some(bracket), self.at)
            }
            _ => {
                let bracket = Span::new(self.at as u32, self.at as u32 + 1);
                self.fault(bracket, Defect::Unexpected(Expected::Opened));
                self.at += 1;
                self.skip_blanks();
                State::Separator
            }
        }
    }

    /// How many of the next brackets fit, if these containers (`true` for an object) are open.
    pub(super) fn brackets_fit(&self, open: &[bool], mut at: usize) -> usize {
        const FAR: usize = 64;
        let mut open = open.to_vec();
        let mut fitting = 0;
        while at < self.bytes.len() && fitting < FAR {
            match self.bytes[at] {
                b'"' => {
                    at = self.token(at).end as usize;
                    continue;
                }
                byte @ (b'{' | b'[') => {
                    // Nothing but a comma stands between two values.
                    open.push(byte == b'{');
                    fitting += 1;
                }
                byte @ (b'}' | b']') => match open.pop() {
                    Some(is_object) if is_object == (byte == b'}') => fitting += 1,
                    _ => return fitting,
                },
                _ => {}
            }
            at += 1;
        }
        // A text that ends with all closed is what was meant.
        if at >= self.bytes.len() && open.is_empty() {
            usize::MAX
        } else {
            fitting
        }
    }

    /// Closes the innermost container, whose own closing bracket is missing.
    fn close_by_force(&mut self, place: Option<Span>, end: usize) -> State {
        if self.depth() == 0 {
            return State::Separator;
        }
        let frame = *self.top();
        let start = self.entries[frame.entry as usize].start;
        let closer = if frame.is_object() { "}" } else { "]" };
        // Behind a string that nobody closed it would become a part of that.
        let swallows =
            |string: &&Entry, place: &Span| string.is_unclosed() && string.end == place.start;
        let last = self.entries.last();
        let place = place.filter(|place| !last.is_some_and(|last| swallows(&last, place)));
        // One without a bracket has been told.
        if matches!(self.byte(start as usize), b'{' | b'[') {
            self.fault(
                Span::new(start, start + 1),
                Defect::Unclosed { closer, place },
            );
        }
        self.damage();
        self.close_at(end)
    }

    /// Says that the text has no value, at its last character that is not blank.
    pub(super) fn no_value(&mut self) {
        let end = self.trim_end(0, self.bytes.len());
        let last = self.text[..end]
            .chars()
            .next_back()
            .map_or(0, char::len_utf8);
        let span = Span::new((end - last) as u32, end as u32);
        self.fault(span, Defect::Unexpected(Expected::AnyValue));
    }

    /// The text ends while containers are open.
    fn end_of_text(&mut self, state: State) -> State {
        let end = self.trim_end(0, self.bytes.len());
        let mut place = Some(Span::empty(end as u32));
        if state == State::Value {
            if self.depth() == 0 {
                self.no_value();
            }
            self.at = end;
            self.push_guess();
            place = None;
        }
        // A comment without an end hides whatever closes the containers: that is one mistake.
        let is_hidden = self.faults.last().is_some_and(|last| {
            let text = last.span.of(self.text);
            last.defect == Defect::Comment && text.starts_with("/*") && !text.ends_with("*/")
        });
        while self.depth() > 0 {
            if is_hidden {
                self.damage();
                self.close_at(end);
            } else {
                self.close_by_force(place, end);
            }
        }
        self.at = self.bytes.len();
        State::Separator
    }
}
