//! Recovery where a value, a name, a colon or a comma is missing or not allowed.

use super::super::entry::{Entry, Kind, flag};
use super::super::error::{Expected, SyntaxErrorKind};
use super::super::parser::Parser;
use super::super::stack::State;
use super::token::{QuoteKind, quote_kind};
use crate::span::Span;

impl Parser<'_> {
    /// Recovers where the grammar requires a value and the text has no JSON value.
    #[cold]
    pub(crate) fn recover_value(&mut self, state: State) -> State {
        if self.pos >= self.bytes.len() {
            return self.end_of_text(state);
        }
        if state != State::Value
            && let Some(next) = self.recover_foreign_closer()
        {
            return next;
        }
        let foreign = self.recover_foreign_opener();
        if let Some(next) = foreign.or_else(|| self.recover_ellipsis_as_value(state)) {
            return next;
        }
        match self.peek() {
            b']' if state == State::Element => {
                self.report_trailing_comma();
                self.close_here()
            }
            b'}' if state == State::Element && !self.has_open(true) => {
                self.report_trailing_comma();
                self.recover_closer()
            }
            b'}' | b']' if state != State::Value => self.recover_closer(),
            b',' | b']' | b'}' | b':' | b'=' | b';' | b')' => {
                if state == State::Value {
                    self.push_synthetic_null();
                }
                self.report_unexpected(Expected::Value)
            }
            _ => {
                match self.non_json_quote() {
                    Some((prefix, kind)) => self.parse_non_json_string(prefix, kind),
                    None => self.parse_word(),
                }
                self.finish_child()
            }
        }
    }

    /// The length of the prefix at the cursor, and the kind of the quote after it, if JSON does not allow them.
    fn non_json_quote(&self) -> Option<(usize, QuoteKind)> {
        let prefix = self.string_prefix_len();
        let quote = self.character(self.pos + prefix)?;
        let kind = quote_kind(quote).or((quote == '"').then_some(QuoteKind::Double));
        Some((prefix, kind?))
    }

    /// Recovers from an ellipsis in place of omitted elements.
    fn recover_ellipsis_as_value(&mut self, state: State) -> Option<State> {
        match state {
            State::Value => None,
            _ => self.recover_ellipsis(),
        }
    }

    /// Puts a `null` on the tape where a value is missing, so that every name has a value.
    pub(super) fn push_synthetic_null(&mut self) {
        self.push(Kind::Null, 0);
        self.mark_last(flag::SYNTHETIC);
        // The cursor is at a token: this skips no whitespace.
        self.finish_child();
    }

    /// Parses a property name that does not start with a JSON quote. Returns `None` if the name is on the
    /// tape, else what the grammar allows next.
    #[cold]
    pub(crate) fn recover_name(&mut self, state: State) -> Option<State> {
        if self.pos >= self.bytes.len() {
            return Some(self.end_of_text(state));
        }
        match self.peek() {
            b'}' => {
                self.report_trailing_comma();
                return Some(self.close_here());
            }
            b']' => {
                if state == State::Name {
                    self.report_trailing_comma();
                }
                return Some(self.recover_closer());
            }
            _ => {}
        }
        if let Some((prefix, kind)) = self.non_json_quote() {
            self.parse_non_json_string(prefix, kind);
            return None;
        }
        let foreign = self.recover_foreign_closer();
        if let Some(next) = foreign.or_else(|| self.recover_ellipsis()) {
            return Some(next);
        }
        self.skip_symbol_mark();
        if let Some(end) = self.bare_name_end(self.pos) {
            let span = Span::new(self.pos as u32, end as u32);
            self.push_string(span, 0, 0, 0);
            self.error(span, SyntaxErrorKind::UnquotedString { is_name: true });
            self.pos = end;
            return None;
        }
        if state == State::FirstName
            && let Some(next) = self.recover_placeholder_in_braces()
        {
            return Some(next);
        }
        if state == State::FirstName
            && self.peek() == b'{'
            && let Some(next) = self.recover_brace_before_name()
        {
            return Some(next);
        }
        if state == State::Name && self.peek() == b'{' && self.is_in_array() {
            // `{"a":1, {"b":2}` in an array: the first object lacks its closing bracket before the comma.
            let place = Span::empty(self.last_comma as u32);
            self.force_close(place, self.last_comma);
            return Some(State::Element);
        }
        if state == State::Name && self.is_decimal_comma() {
            let comma = Span::new(self.last_comma as u32, self.last_comma as u32 + 1);
            self.error(comma, SyntaxErrorKind::Unexpected(Expected::Digit));
            self.mark_errors();
            self.skip_to_separator();
            return Some(State::Separator);
        }
        Some(self.report_unexpected(Expected::Name))
    }

    /// Removes the last name, which the end of the text cuts off, from the tape.
    fn drop_last_name(&mut self) {
        let dropped = self.entries.pop();
        self.dropped_name = dropped.map(|name| name.start as usize);
        let len = self.entries.len() as u32;
        self.suspicious.retain(|entry| *entry < len);
    }

    /// Whether the last comma is directly between digits, as in `1,5`.
    fn is_decimal_comma(&self) -> bool {
        self.pos == self.last_comma + 1
            && self.last_comma > 0
            && self.byte(self.last_comma - 1).is_ascii_digit()
            && self.peek().is_ascii_digit()
    }

    /// Recovers where a name has no colon. Returns `None` if a value follows.
    #[cold]
    pub(crate) fn recover_colon(&mut self) -> Option<State> {
        if self.recover_foreign_colon() {
            return None;
        }
        match self.peek() {
            b'=' => {
                let span = Span::new(self.pos as u32, self.pos as u32 + 1);
                self.error(span, SyntaxErrorKind::Unexpected(Expected::Colon));
                self.mark_errors();
                self.pos += 1;
                self.skip_whitespace();
                None
            }
            b'}' | b']' if self.entries.last().is_some_and(Entry::is_unclosed) => {
                // The name is half-typed. That it is not closed is reported.
                self.drop_last_name();
                self.mark_errors();
                Some(State::Separator)
            }
            b',' | b'}' | b']' | b';' | b')' => {
                self.push_synthetic_null();
                Some(self.report_unexpected(Expected::Colon))
            }
            _ if self.pos >= self.bytes.len() && self.unterminated.is_some() => {
                self.drop_last_name();
                Some(self.end_of_text(State::Separator))
            }
            _ if self.pos >= self.bytes.len() => Some(self.end_of_text(State::Value)),
            _ => {
                self.report_missing_separator(':');
                None
            }
        }
    }

    /// Recovers where neither a comma nor the right closing bracket follows a value.
    #[cold]
    pub(crate) fn recover_separator(&mut self) -> State {
        if self.pos >= self.bytes.len() {
            return self.end_of_text(State::Separator);
        }
        let foreign = self.recover_foreign_comma();
        if let Some(next) = foreign.or_else(|| self.recover_foreign_closer()) {
            return next;
        }
        if self.recover_inner_quotes() {
            self.skip_whitespace();
            return State::Separator;
        }
        match self.peek() {
            b'}' | b']' => self.recover_closer(),
            b':' if self.recover_colon_after_value() => {
                self.pos += 1;
                self.skip_whitespace();
                State::Value
            }
            b':' | b';' | b'=' | b')' => self.report_unexpected_separator(),
            _ if self.top().is_object() && !self.is_name_with_colon() => {
                self.report_unexpected_separator()
            }
            _ => {
                self.report_missing_separator(',');
                if self.top().is_object() {
                    State::Name
                } else {
                    State::Element
                }
            }
        }
    }

    fn report_unexpected_separator(&mut self) -> State {
        let closer = if self.top().is_object() { '}' } else { ']' };
        self.report_unexpected(Expected::CommaOrCloser(closer))
    }

    fn report_missing_separator(&mut self, separator: char) {
        // An unclosed string contains the separator, or would contain one that is inserted here.
        if self.entries.last().is_some_and(Entry::is_unclosed) {
            return;
        }
        let token = self.token(self.pos);
        self.error(token, SyntaxErrorKind::MissingSeparator(separator));
    }

    fn report_trailing_comma(&mut self) {
        let len = self.character(self.last_comma).map_or(1, char::len_utf8);
        let comma = Span::new(self.last_comma as u32, (self.last_comma + len) as u32);
        // A comma that is not allowed at all has been reported.
        if self.errors.last().is_none_or(|last| last.span != comma) {
            self.error(comma, SyntaxErrorKind::TrailingComma);
        }
    }

    /// Reports the token at the cursor and moves to the next comma or closing bracket of this depth.
    fn report_unexpected(&mut self, expected: Expected) -> State {
        let token = self.token(self.pos);
        self.error(token, SyntaxErrorKind::Unexpected(expected));
        self.mark_errors();
        if !matches!(self.peek(), b',' | b'}' | b']' | b'{' | b'[') {
            self.pos = token.end as usize;
        }
        self.skip_to_separator();
        State::Separator
    }

    /// Moves the cursor to the next comma or closing bracket of this depth, or to the end.
    fn skip_to_separator(&mut self) {
        let mut depth = 0usize;
        while self.pos < self.bytes.len() {
            match self.peek() {
                b',' if depth == 0 => return,
                b'}' | b']' if depth == 0 => return,
                b'}' | b']' => depth -= 1,
                b'{' | b'[' => depth += 1,
                b'"' => {
                    self.pos = self.token(self.pos).end as usize;
                    continue;
                }
                _ => {}
            }
            self.pos += self.character(self.pos).map_or(1, char::len_utf8);
        }
    }

    /// Reports that the text has no value, at its last visible character.
    pub(crate) fn report_missing_value(&mut self) {
        let end = self.trim_end(0, self.bytes.len());
        let last = self.text[..end]
            .chars()
            .next_back()
            .map_or(0, char::len_utf8);
        let span = Span::new((end - last) as u32, end as u32);
        self.error(span, SyntaxErrorKind::Unexpected(Expected::AnyValue));
    }
}
