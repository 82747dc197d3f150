//! The parser: text in, tape out. What stands here, in one file since it compiles to one loop, reads
//! JSON as RFC 8259 has it; wherever the text leaves that path, the cold side in `recover` says what is
//! wrong and where to go on.

use std::cell::Cell;

use super::fault::{Defect, Fault, ForeignString, Head};
use super::frame::{Frame, Habits, Scratch, State};
use super::scan::{
    BLANK, BLANK_KIND, ODD, byte_at, find_special, find_special_and_wide, is_usual, number_end,
    skip_spaces, value_behind,
};
use super::tape::{Entry, Kind, Parsed, Tape};
use crate::names::NameTag;
use crate::span::Span;

/// How many containers may stand inside each other.
pub const DEPTH_LIMIT: usize = 1024;

/// The container at the cursor goes too deep: the text is given up.
pub(super) struct TooDeep;

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    /// The cursor.
    pub(super) at: usize,
    /// Where the last comma stands.
    pub(super) comma: usize,
    pub(super) entries: Vec<Entry>,
    pub(super) roots: Vec<u32>,
    /// What is open and innermost.
    pub(super) top: Frame,
    /// What is open around it.
    pub(super) outer: Vec<Frame>,
    pub(super) habits: Habits,
    pub(super) odd: Vec<u32>,
    pub(super) head: Option<Head>,
    pub(super) faults: Vec<Fault>,
    pub(super) invisible: Vec<Span>,
    pub(super) foreign: Vec<ForeignString>,
    /// The stretch up to a line's end that the cold side looked at last: in a text of one long line
    /// it would else walk to the end for every fault.
    pub(super) line: Cell<Span>,
}

/// Reads `text`, of at most 4 GiB, onto a tape that may have served before. Returns its values and
/// what is wrong with it as JSON, in no particular order. Never fails: broken places are marked.
pub fn parse(text: &str, tape: Tape) -> (Parsed<'_>, Vec<Fault>) {
    let Tape {
        mut entries,
        mut roots,
        mut odd,
        scratch: Scratch { mut frames, habits },
        ..
    } = tape;
    entries.clear();
    roots.clear();
    odd.clear();
    frames.clear();
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: if text.starts_with('\u{FEFF}') { 3 } else { 0 },
        comma: 0,
        entries,
        roots,
        top: Frame::default(),
        outer: frames,
        habits,
        odd,
        head: None,
        faults: Vec::new(),
        invisible: Vec::new(),
        foreign: Vec::new(),
        line: Cell::new(Span::default()),
    };
    if let Err(TooDeep) = parser.document() {
        let bracket = Span::new(parser.at as u32, parser.at as u32 + 1);
        parser.entries.clear();
        parser.roots.clear();
        parser.odd.clear();
        parser.faults.clear();
        parser.invisible.clear();
        parser.foreign.clear();
        parser.fault(bracket, Defect::TooDeep);
    }
    debug_assert!(parser.odd.is_sorted());
    parser.finish_faults();
    let Parser {
        entries,
        roots,
        outer: frames,
        habits,
        odd,
        head,
        faults,
        ..
    } = parser;
    let scratch = Scratch { frames, habits };
    (
        Parsed::new(
            text,
            Tape {
                entries,
                roots,
                odd,
                head,
                scratch,
            },
        ),
        faults,
    )
}

impl Parser<'_> {
    fn document(&mut self) -> Result<(), TooDeep> {
        self.at = skip_spaces(self.bytes, self.at);
        if !matches!(self.peek(), b'{' | b'[' | b'"') && !self.head() {
            return Ok(());
        }
        self.root()?;
        self.skip_blanks();
        if self.at < self.bytes.len() {
            self.behind_the_value()
        } else {
            Ok(())
        }
    }

    /// Reads one value that stands in no other, from the cursor on.
    ///
    /// The strict side keeps the cursor in a variable of its own, since a processor waits for what it
    /// has just written to memory. Around the cold side, which knows only `self.at`, it is handed over.
    pub(super) fn root(&mut self) -> Result<(), TooDeep> {
        self.skip_blanks();
        self.roots.push(self.entries.len() as u32);
        let mut state = State::Value;
        let mut at = self.at;
        loop {
            state = match state {
                State::Value | State::FirstElement | State::Element => {
                    self.value(state, &mut at)?
                }
                State::FirstName | State::Name => self.members(state, &mut at)?,
                State::Separator if self.outer.is_empty() => {
                    self.at = at;
                    return Ok(());
                }
                State::Separator => self.separator(&mut at),
            };
        }
    }

    #[inline(always)]
    fn value(&mut self, state: State, at: &mut usize) -> Result<State, TooDeep> {
        let start = *at;
        match self.byte(start) {
            b'"' => {
                let entry = self.entries.len() as u32;
                match self.plain_string(at) {
                    Some((len, is_wide)) => {
                        let end = *at - 1;
                        if is_wide || !is_usual(self.bytes, end - len, end) {
                            self.odd.push(entry);
                        }
                    }
                    None => self.cold(at, Self::string_with_escapes),
                }
            }
            b'{' => return self.open(true, at),
            b'[' => return self.open(false, at),
            b'-' | b'0'..=b'9' => match number_end(self.bytes, start) {
                Some(end) if self.ends_token(end) => self.push_plain(Kind::Number, end, at),
                _ => return Ok(self.cold(at, |parser| parser.recover_value(state))),
            },
            b't' if self.literal(start, b"true") => self.push_plain(Kind::True, start + 4, at),
            b'f' if self.literal(start, b"false") => self.push_plain(Kind::False, start + 5, at),
            b'n' if self.literal(start, b"null") => self.push_plain(Kind::Null, start + 4, at),
            b']' if state == State::FirstElement => return Ok(self.close(at)),
            _ => return Ok(self.cold(at, |parser| parser.recover_value(state))),
        }
        Ok(self.value_ends(at))
    }

    /// Members, each a name, its colon and its value, as long as one follows another.
    #[inline(always)]
    fn members(&mut self, state: State, at: &mut usize) -> Result<State, TooDeep> {
        let mut next = state;
        loop {
            next = match self.byte(*at) {
                b'"' => match self.plain_name(at) {
                    Some(value) => {
                        *at = value;
                        self.value(State::Value, at)?
                    }
                    None => self.behind_name(at)?,
                },
                b'}' if next == State::FirstName => return Ok(self.close(at)),
                _ => match self.cold(at, |parser| parser.odd_name(next)) {
                    Some(next) => return Ok(next),
                    None => self.behind_name(at)?,
                },
            };
            if next != State::Name {
                return Ok(next);
            }
        }
    }

    /// Puts the name at the cursor on the tape. Where the value begins, if that is plain to see; else the
    /// cursor moves behind the name.
    #[inline(always)]
    fn plain_name(&mut self, at: &mut usize) -> Option<usize> {
        let start = *at + 1;
        let expected = self.habits.expected(&self.top);
        let known = expected.and_then(|name| Some((name.end_at(self.bytes, start)?, name)));
        let (end, tag) = match known {
            Some((end, name)) => (end, NameTag::from(name)),
            None => {
                let end = find_special(self.bytes, start);
                if self.byte(end) != b'"' {
                    self.cold(at, Self::escaped_name);
                    return None;
                }
                let tag = NameTag::of_bytes(self.bytes, start, end - start);
                self.meet_name(tag);
                (end, tag)
            }
        };
        let span = Span::new(*at as u32, end as u32 + 1);
        self.entries.push(Entry::name(span, tag));
        self.top.note_name(tag);
        *at = end + 1;
        value_behind(self.bytes, end)
    }

    /// The colon and the value behind a name.
    #[inline(never)]
    fn behind_name(&mut self, at: &mut usize) -> Result<State, TooDeep> {
        self.next_token(at);
        if self.byte(*at) == b':' {
            *at += 1;
            self.next_token(at);
        } else if let Some(next) = self.cold(at, Self::recover_colon) {
            return Ok(next);
        }
        self.value(State::Value, at)
    }

    #[inline(always)]
    fn separator(&mut self, at: &mut usize) -> State {
        match (self.byte(*at), self.top.is_object) {
            (b',', _) => self.pass_comma(at),
            (b'}', true) | (b']', false) => self.close(at),
            _ => self.cold(at, Self::recover_separator),
        }
    }

    #[inline(always)]
    fn pass_comma(&mut self, at: &mut usize) -> State {
        self.comma = *at;
        *at += 1;
        self.next_token(at);
        if self.top.is_object {
            State::Name
        } else {
            State::Element
        }
    }

    /// Hands the cursor to the cold side and takes it back.
    #[inline(always)]
    fn cold<T>(&mut self, at: &mut usize, recover: impl FnOnce(&mut Self) -> T) -> T {
        self.at = *at;
        let result = recover(self);
        *at = self.at;
        result
    }

    /// Moves the cursor to the next token.
    #[inline(always)]
    fn next_token(&mut self, at: &mut usize) {
        let kind_at = |at: usize| BLANK_KIND[byte_at(self.bytes, at) as usize];
        let mut kind = kind_at(*at);
        if kind == BLANK {
            // Often it is the only one.
            *at += 1;
            kind = kind_at(*at);
        }
        if kind == BLANK {
            *at = skip_spaces(self.bytes, *at + 1);
            kind = kind_at(*at);
        }
        if kind == ODD && *at < self.bytes.len() {
            self.cold(at, Self::skip_odd_blanks);
        }
    }

    /// Moves the cold side's cursor to the next token.
    pub(super) fn skip_blanks(&mut self) {
        let mut at = self.at;
        self.next_token(&mut at);
        self.at = at;
    }

    /// The byte at the cold side's cursor; 0 at the end.
    pub(super) fn peek(&self) -> u8 {
        self.byte(self.at)
    }

    /// The byte at `at`; 0 behind the end.
    #[inline(always)]
    pub(super) fn byte(&self, at: usize) -> u8 {
        byte_at(self.bytes, at)
    }

    #[inline(always)]
    fn open(&mut self, is_object: bool, at: &mut usize) -> Result<State, TooDeep> {
        if self.outer.len() >= DEPTH_LIMIT {
            self.at = *at;
            return Err(TooDeep);
        }
        let entry = self.entries.len() as u32;
        self.enter(entry, is_object);
        let kind = if is_object { Kind::Object } else { Kind::Array };
        self.entries.push(Entry::new(kind, *at as u32, 0));
        *at += 1;
        self.next_token(at);
        Ok(if is_object {
            State::FirstName
        } else {
            State::FirstElement
        })
    }

    /// Closes the innermost container with the bracket at the cursor.
    #[inline(always)]
    fn close(&mut self, at: &mut usize) -> State {
        *at += 1;
        self.end_container(*at);
        self.value_ends(at)
    }

    /// Closes the innermost container with the bracket at the cold side's cursor.
    pub(super) fn close_here(&mut self) -> State {
        self.at += 1;
        self.close_at(self.at)
    }

    /// Closes the innermost container for the cold side.
    pub(super) fn close_at(&mut self, end: usize) -> State {
        self.end_container(end);
        self.child_ends()
    }

    /// Takes the innermost container, whose text ends before byte `end`, from the open ones.
    #[inline(always)]
    fn end_container(&mut self, end: usize) {
        let Some(outer) = self.outer.pop() else {
            return;
        };
        let mut frame = std::mem::replace(&mut self.top, outer);
        if frame.may_repeat_a_name {
            frame.count -= self.shadow_duplicates(frame.entry);
        }
        let width = self.entries.len() as u32 - frame.entry;
        let entry = &mut self.entries[frame.entry as usize];
        entry.end = end as u32;
        entry.link = width;
        entry.set_count(frame.count);
    }

    /// Counts the value that ends before the cursor, and passes the comma that most often follows.
    #[inline(always)]
    fn value_ends(&mut self, at: &mut usize) -> State {
        self.top.count += 1;
        self.next_token(at);
        if self.byte(*at) == b',' && !self.outer.is_empty() {
            self.pass_comma(at)
        } else {
            State::Separator
        }
    }

    /// Counts the value that ends before the cold side's cursor.
    pub(super) fn child_ends(&mut self) -> State {
        self.top.count += 1;
        self.skip_blanks();
        State::Separator
    }

    /// Puts a value without children on the tape that takes `len` bytes from the cold side's cursor on.
    pub(super) fn push(&mut self, kind: Kind, len: usize) {
        let mut at = self.at;
        self.push_plain(kind, at + len, &mut at);
        self.at = at;
    }

    /// Puts a value without children on the tape that goes from the cursor to `end`.
    #[inline(always)]
    fn push_plain(&mut self, kind: Kind, end: usize, at: &mut usize) {
        self.entries.push(Entry::new(kind, *at as u32, end as u32));
        *at = end;
    }

    /// Puts a string that is not plain on the tape. `opening` and `closing` are the lengths of its
    /// delimiters.
    pub(super) fn push_string(&mut self, span: Span, opening: usize, closing: usize, flags: u32) {
        self.odd.push(self.entries.len() as u32);
        self.entries
            .push(Entry::string(span, opening as u32, closing as u32, flags));
    }

    /// Marks the value that was put on the tape last.
    pub(super) fn mark_last(&mut self, flags: u32) {
        if let Some(entry) = self.entries.last_mut() {
            entry.set(flags);
        }
    }

    fn literal(&self, at: usize, word: &[u8]) -> bool {
        self.bytes[at..].starts_with(word) && self.ends_token(at + word.len())
    }

    /// Whether a number or literal that ends before `at` is followed by what may follow it.
    pub(super) fn ends_token(&self, at: usize) -> bool {
        match self.bytes.get(at) {
            None | Some(b',' | b']' | b'}' | b'\n' | b'\r' | b'"' | b'{' | b'[') => true,
            Some(b' ' | b'\t') => self.ends_behind_spaces(at),
            Some(b'/') => self.comment_end(at).is_some(),
            Some(_) => false,
        }
    }

    /// Whether nothing of the same unquoted text follows the spaces at `at`.
    fn ends_behind_spaces(&self, mut at: usize) -> bool {
        while matches!(self.byte(at), b' ' | b'\t') {
            at += 1;
        }
        matches!(self.byte(at), b',' | b']' | b'}' | b'\n' | b'\r') || !self.continues_word(at)
    }

    /// A string without escapes from its quote on: how many bytes its text has, and whether any may
    /// be beyond ASCII. Nothing is read if it holds anything special.
    #[inline(always)]
    fn plain_string(&mut self, at: &mut usize) -> Option<(usize, bool)> {
        let start = *at + 1;
        let (end, is_wide) = find_special_and_wide(self.bytes, start);
        if self.byte(end) != b'"' {
            return None;
        }
        let span = Span::new(*at as u32, end as u32 + 1);
        self.entries.push(Entry::string(span, 1, 1, 0));
        *at = end + 1;
        Some((end - start, is_wide))
    }

    #[cold]
    pub(super) fn fault(&mut self, span: Span, defect: Defect) {
        self.faults.push(Fault { span, defect });
    }

    fn finish_faults(&mut self) {
        if let Some(first) = self.foreign.first() {
            let span = Span::new(first.opening.start, first.closing.end);
            let strings = std::mem::take(&mut self.foreign);
            self.fault(span, Defect::ForeignQuotes(strings));
        }
        if let Some(run) = self.invisible.first() {
            let first = run.of(self.text).chars().next().map_or(0, char::len_utf8) as u32;
            let span = Span::new(run.start, run.start + first);
            let runs = std::mem::take(&mut self.invisible);
            let count = runs
                .iter()
                .map(|run| run.of(self.text).chars().count())
                .sum();
            self.fault(span, Defect::Invisible { count, runs });
        }
    }
}
