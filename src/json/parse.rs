//! The parser's strict grammar: RFC 8259, from a text to a tape. Where the text is not JSON, the recovery in
//! `recover` reports what is wrong and says where to resume.

mod replay;
mod slow_string;
mod trailing_text;

use super::entry::{Entry, Kind, flag};
use super::error::{SyntaxError, SyntaxErrorKind};
use super::gap_cache::GapCache;
use super::lexer::{
    find_special, find_special_and_wide, number_end, skip_json_whitespace, value_after_name,
};
use super::parser::{Parser, TooDeep};
use super::stack::{DEPTH_LIMIT, State};
use super::tape::{Parsed, Tape};
use super::vocabulary::Vocabulary;
use crate::span::Span;

/// What the parser expects at the start of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// A value.
    Value,
    /// The properties of an object without braces.
    Properties,
}

/// Parses `text`, of at most 4 GiB, onto a tape, which may be a reused one. Returns the values and the syntax
/// errors, in no particular order. Parsing never fails: the tape has the values that recovery found.
pub fn parse<'t>(
    text: &'t str,
    vocabulary: &'static Vocabulary,
    tape: Tape,
) -> (Parsed<'t>, Vec<SyntaxError>) {
    parse_from(text, 0, Start::Value, vocabulary, tape)
}

/// Parses like [`parse`], from byte offset `start` of `text` on, where `expected` is expected. Spans are relative to
/// the whole `text`.
// Inlined, so that the tape moves from the parser to the caller only once.
#[inline]
pub fn parse_from<'t>(
    text: &'t str,
    start: usize,
    expected: Start,
    vocabulary: &'static Vocabulary,
    tape: Tape,
) -> (Parsed<'t>, Vec<SyntaxError>) {
    let mut parser = Parser::new(text, start, vocabulary, tape);
    let result = match expected {
        Start::Value => parser.parse_document(),
        Start::Properties => parser.parse_properties_without_braces(),
    };
    if let Err(error) = result {
        parser.give_up(error);
    }
    parser.finish()
}

/// Parses the values in these parts of `text`, which are in order and do not overlap. Spans are relative to the whole
/// `text`.
pub fn parse_parts<'t>(
    text: &'t str,
    parts: &[Span],
    vocabulary: &'static Vocabulary,
    tape: Tape,
) -> (Parsed<'t>, Vec<SyntaxError>) {
    let mut parser = Parser::new(text, 0, vocabulary, tape);
    for part in parts {
        parser.restrict_to(text, *part);
        if let Err(error) = parser.parse_document() {
            parser.give_up(error);
            break;
        }
    }
    parser.restrict_to(text, Span::new(0, text.len() as u32));
    parser.finish()
}

impl Parser<'_> {
    fn parse_document(&mut self) -> Result<(), TooDeep> {
        self.pos = skip_json_whitespace(self.bytes, self.pos);
        if !matches!(self.peek(), b'{' | b'[' | b'"') && !self.has_value() {
            return Ok(());
        }
        self.parse_root()?;
        self.parse_rest()
    }

    fn parse_rest(&mut self) -> Result<(), TooDeep> {
        self.skip_whitespace();
        if self.pos < self.bytes.len() {
            self.parse_trailing_text()
        } else {
            Ok(())
        }
    }

    /// Parses an object without braces, or without its opening brace.
    #[cold]
    fn parse_properties_without_braces(&mut self) -> Result<(), TooDeep> {
        self.skip_whitespace();
        let (start, object) = (self.pos, self.entries.len());
        self.parse_root_from(State::FirstName)?;
        let end = self.entries[object].end as usize;
        let is_closed =
            end > start && self.byte(end - 1) == b'}' && self.has_surplus_closer(object);
        let place = Span::new(start as u32, end as u32);
        // Nothing is lost if only the braces are missing.
        if self.errors.is_empty() {
            self.entries[object].clear(flag::HAS_ERRORS);
        }
        self.error(place, SyntaxErrorKind::MissingBraces { is_closed });
        self.parse_rest()
    }

    /// Parses one value that is in no other, from the cursor on.
    ///
    /// The strict grammar keeps its cursor in a local variable, which stays in a register. Calls of the
    /// recovery, which knows only `self.pos`, copy it there and back.
    #[inline(never)]
    fn parse_root(&mut self) -> Result<(), TooDeep> {
        self.parse_root_from(State::Value)
    }

    /// Parses a value, or, from [`State::FirstName`], the properties of an object without its opening brace. Compiled for
    /// each of the two by itself.
    #[inline(always)]
    fn parse_root_from(&mut self, state: State) -> Result<(), TooDeep> {
        let gaps = self.gaps.take();
        let mut gaps = gaps.unwrap_or_else(|| Box::new(GapCache::new(self.vocabulary)));
        let result = self.parse_root_with(&mut gaps, state);
        self.gaps = Some(gaps);
        result
    }

    #[inline(always)]
    fn parse_root_with(&mut self, gaps: &mut GapCache, state: State) -> Result<(), TooDeep> {
        self.skip_whitespace();
        self.roots.push(self.entries.len() as u32);
        let mut pos = self.pos;
        let mut state = state;
        if state == State::FirstName {
            self.open_container(pos, true);
        }
        loop {
            state = match state {
                State::Value | State::FirstElement | State::Element => {
                    self.parse_value(gaps, state, &mut pos)?
                }
                State::FirstName | State::Name => self.parse_name(state, &mut pos),
                State::Separator if self.depth() == 0 => {
                    self.observe_last_gap(gaps, pos);
                    self.pos = pos;
                    return Ok(());
                }
                State::Separator => self.parse_separator(&mut pos),
            };
        }
    }

    #[inline(always)]
    fn parse_value(
        &mut self,
        gaps: &mut GapCache,
        state: State,
        pos: &mut usize,
    ) -> Result<State, TooDeep> {
        let start = *pos;
        match self.byte(start) {
            b'"' => self.parse_string(pos),
            b'{' => return self.open_bracket(true, pos),
            b'[' => return self.open_bracket(false, pos),
            b'-' | b'0'..=b'9' => match number_end(self.bytes, start) {
                Some(end) if self.is_token_end(end) => self.push_scalar(Kind::Number, end, pos),
                _ => return Ok(self.with_slow_path(pos, |parser| parser.recover_value(state))),
            },
            b't' if self.is_literal(start, b"true") => {
                self.push_scalar(Kind::True, start + 4, pos);
            }
            b'f' if self.is_literal(start, b"false") => {
                self.push_scalar(Kind::False, start + 5, pos);
            }
            b'n' if self.is_literal(start, b"null") => {
                self.push_scalar(Kind::Null, start + 4, pos);
            }
            b']' if state == State::FirstElement => return Ok(self.close_bracket(pos)),
            _ => return Ok(self.with_slow_path(pos, |parser| parser.recover_value(state))),
        }
        self.top_mut().count += 1;
        match self.replay_gap(gaps, pos) {
            Some(next) => Ok(next),
            None => Ok(self.consume_optional_comma(pos)),
        }
    }

    /// Parses a string value and puts it on the tape.
    #[inline(always)]
    fn parse_string(&mut self, pos: &mut usize) {
        let entry = self.entries.len() as u32;
        let Some((len, is_wide)) = self.parse_plain_string(pos) else {
            return self.with_slow_path(pos, Self::parse_escaped_string);
        };
        let end = *pos - 1;
        if is_wide || !self.vocabulary.has_plain_ends(self.bytes, end - len, end) {
            self.mark_suspicious(entry, is_wide);
        }
        if self.top().value_may_be_known {
            self.tag_known_value(end - len, len);
        }
    }

    /// Parses a name and its colon, or the end of an empty object.
    #[inline(always)]
    fn parse_name(&mut self, state: State, pos: &mut usize) -> State {
        match self.byte(*pos) {
            b'"' => match self.parse_plain_name(pos) {
                Some(value) => {
                    *pos = value;
                    State::Value
                }
                None => self.expect_colon(pos),
            },
            b'}' if state == State::FirstName => self.close_bracket(pos),
            _ => match self.with_slow_path(pos, |parser| parser.parse_non_json_name(state)) {
                Some(next) => next,
                None => self.expect_colon(pos),
            },
        }
    }

    /// Puts the name at the cursor on the tape and moves the cursor to its end. Returns the offset of the
    /// value if the text between has its most frequent layout.
    #[inline(always)]
    fn parse_plain_name(&mut self, pos: &mut usize) -> Option<usize> {
        let start = *pos + 1;
        let end = find_special(self.bytes, start);
        if self.byte(end) != b'"' {
            self.with_slow_path(pos, Self::parse_escaped_name);
            return None;
        }
        let id = self.vocabulary.id_at(self.bytes, start, end - start);
        if id.known().is_none() {
            self.mark_unknown_name(self.entries.len() as u32);
        }
        self.push_name(Span::new(*pos as u32, end as u32 + 1), id);
        *pos = end + 1;
        value_after_name(self.bytes, end)
    }

    /// Parses the colon after a name.
    #[inline(never)]
    fn expect_colon(&mut self, pos: &mut usize) -> State {
        self.skip_to_token(pos);
        if self.byte(*pos) == b':' {
            *pos += 1;
            self.skip_to_token(pos);
        } else if let Some(next) = self.with_slow_path(pos, Self::recover_colon) {
            return next;
        }
        State::Value
    }

    #[inline(always)]
    fn parse_separator(&mut self, pos: &mut usize) -> State {
        match (self.byte(*pos), self.top().is_object()) {
            (b',', _) => self.consume_comma(pos),
            (b'}', true) | (b']', false) => self.close_bracket(pos),
            _ => self.with_slow_path(pos, Self::recover_separator),
        }
    }

    #[inline(always)]
    fn consume_comma(&mut self, pos: &mut usize) -> State {
        self.last_comma = *pos;
        *pos += 1;
        self.skip_to_token(pos);
        if self.top().is_object() {
            State::Name
        } else {
            State::Element
        }
    }

    /// Consumes the comma that follows most values, if there is one.
    #[inline(always)]
    fn consume_optional_comma(&mut self, pos: &mut usize) -> State {
        self.skip_to_token(pos);
        if self.byte(*pos) == b',' && self.depth() > 0 {
            self.consume_comma(pos)
        } else {
            State::Separator
        }
    }

    #[inline(always)]
    fn open_bracket(&mut self, is_object: bool, pos: &mut usize) -> Result<State, TooDeep> {
        if self.depth() >= DEPTH_LIMIT {
            self.pos = *pos;
            return Err(TooDeep);
        }
        self.open_container(*pos, is_object);
        *pos += 1;
        self.skip_to_token(pos);
        Ok(if is_object {
            State::FirstName
        } else {
            State::FirstElement
        })
    }

    /// Closes the innermost container with the bracket at the cursor.
    #[inline(never)]
    fn close_bracket(&mut self, pos: &mut usize) -> State {
        *pos += 1;
        self.end_container(*pos);
        self.top_mut().count += 1;
        self.consume_optional_comma(pos)
    }

    /// Records which known name the last string on the tape is, if any.
    fn tag_known_value(&mut self, start: usize, len: usize) {
        let name = self.vocabulary.id_at(self.bytes, start, len).known();
        if let (Some(name), Some(entry)) = (name, self.entries.last_mut()) {
            entry.set_known_value(name);
        }
    }

    fn is_literal(&self, at: usize, literal: &[u8]) -> bool {
        self.bytes[at..].starts_with(literal) && self.is_token_end(at + literal.len())
    }

    /// Whether a number or literal may end before offset `at`.
    fn is_token_end(&self, at: usize) -> bool {
        match self.bytes.get(at) {
            None | Some(b',' | b']' | b'}' | b'\n' | b'\r' | b'"' | b'{' | b'[') => true,
            Some(b' ' | b'\t') => self.is_token_end_before_spaces(at),
            Some(b'/') => self.comment_end(at).is_some(),
            Some(_) => false,
        }
    }

    /// Whether the spaces at `at` end a token, rather than separate words of one unquoted string.
    fn is_token_end_before_spaces(&self, mut at: usize) -> bool {
        while matches!(self.byte(at), b' ' | b'\t') {
            at += 1;
        }
        matches!(self.byte(at), b',' | b']' | b'}' | b'\n' | b'\r') || !self.continues_word(at)
    }

    /// Puts a string without escapes on the tape. Returns the length of its content in bytes, and whether a
    /// byte of it is outside printable ASCII. `None`, with the cursor where it was, if the string contains
    /// anything special.
    #[inline(always)]
    fn parse_plain_string(&mut self, pos: &mut usize) -> Option<(usize, bool)> {
        let start = *pos + 1;
        let (end, is_wide) = find_special_and_wide(self.bytes, start);
        if self.byte(end) != b'"' {
            return None;
        }
        let span = Span::new(*pos as u32, end as u32 + 1);
        self.entries.push(Entry::string(span, 1, 1, 0));
        *pos = end + 1;
        Some((end - start, is_wide))
    }
}
