//! The parser: text in, tape out. What stands here, in one file since it compiles to one loop, reads
//! JSON as RFC 8259 has it; wherever the text leaves that path, the cold side in `recover` says what is
//! wrong and where to go on.

use std::cell::Cell;

use super::fault::{Defect, Fault, ForeignString, Head};
use super::frame::{Frame, Scratch, State};
use super::rote::Rote;
use super::scan::{
    BLANK, BLANK_KIND, ODD, byte_at, find_special, find_special_and_wide, is_usual, number_end,
    skip_spaces, value_behind,
};
use super::tape::{Entry, Kind, Parsed, Tape, flag};
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
    /// What is open, the innermost last. The first is the text itself.
    pub(super) open: Vec<Frame>,
    /// Away while it is used.
    pub(super) rote: Option<Box<Rote>>,
    pub(super) odd: Vec<u32>,
    pub(super) head: Option<Box<Head>>,
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
        scratch: Scratch { mut frames, rote },
        ..
    } = tape;
    entries.clear();
    roots.clear();
    odd.clear();
    frames.clear();
    frames.push(Frame::default());
    let mut rote = rote.unwrap_or_default();
    rote.begin();
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: if text.starts_with('\u{FEFF}') { 3 } else { 0 },
        comma: 0,
        entries,
        roots,
        open: frames,
        rote: Some(rote),
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
        open: frames,
        rote,
        odd,
        head,
        faults,
        ..
    } = parser;
    let scratch = Scratch { frames, rote };
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
        let mut rote = self.rote.take().unwrap_or_default();
        let read = self.root_by(&mut rote);
        self.rote = Some(rote);
        read
    }

    #[inline(always)]
    fn root_by(&mut self, rote: &mut Rote) -> Result<(), TooDeep> {
        self.skip_blanks();
        self.roots.push(self.entries.len() as u32);
        let mut at = self.at;
        let mut state = State::Value;
        loop {
            state = match state {
                State::Value | State::FirstElement | State::Element => {
                    self.value(rote, state, &mut at)?
                }
                State::FirstName | State::Name => self.name(state, &mut at),
                State::Separator if self.depth() == 0 => {
                    self.meet_end(rote, at);
                    self.at = at;
                    return Ok(());
                }
                State::Separator => self.separator(&mut at),
            };
        }
    }

    #[inline(always)]
    fn value(&mut self, rote: &mut Rote, state: State, at: &mut usize) -> Result<State, TooDeep> {
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
                        if self.top().expects_word {
                            self.note_word(end - len, len);
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
        self.top_mut().count += 1;
        match self.pass_by_rote(rote, at) {
            Some(next) => Ok(next),
            None => Ok(self.pass_one_comma(at)),
        }
    }

    /// A name and its colon, or the end of an object that has none.
    #[inline(always)]
    fn name(&mut self, state: State, at: &mut usize) -> State {
        match self.byte(*at) {
            b'"' => match self.plain_name(at) {
                Some(value) => {
                    *at = value;
                    State::Value
                }
                None => self.behind_name(at),
            },
            b'}' if state == State::FirstName => self.close(at),
            _ => match self.cold(at, |parser| parser.odd_name(state)) {
                Some(next) => next,
                None => self.behind_name(at),
            },
        }
    }

    /// Puts the name at the cursor on the tape. Where the value begins, if that is plain to see; else the
    /// cursor moves behind the name.
    #[inline(always)]
    fn plain_name(&mut self, at: &mut usize) -> Option<usize> {
        let start = *at + 1;
        let end = find_special(self.bytes, start);
        if self.byte(end) != b'"' {
            self.cold(at, Self::escaped_name);
            return None;
        }
        let tag = NameTag::of_bytes(self.bytes, start, end - start);
        if tag.name().is_none() {
            self.note_rare_name(self.entries.len() as u32);
        }
        self.push_name(Span::new(*at as u32, end as u32 + 1), tag);
        *at = end + 1;
        value_behind(self.bytes, end)
    }

    /// Puts the name of a member of the innermost container on the tape.
    #[inline(always)]
    pub(super) fn push_name(&mut self, span: Span, tag: NameTag) {
        self.entries.push(Entry::name(span, tag));
        self.top_mut().note_name(tag);
    }

    /// The colon behind a name.
    #[inline(never)]
    fn behind_name(&mut self, at: &mut usize) -> State {
        self.next_token(at);
        if self.byte(*at) == b':' {
            *at += 1;
            self.next_token(at);
        } else if let Some(next) = self.cold(at, Self::recover_colon) {
            return next;
        }
        State::Value
    }

    #[inline(always)]
    fn separator(&mut self, at: &mut usize) -> State {
        match (self.byte(*at), self.top().is_object()) {
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
        if self.top().is_object() {
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
        if self.depth() >= DEPTH_LIMIT {
            self.at = *at;
            return Err(TooDeep);
        }
        self.open_container(*at, is_object);
        *at += 1;
        self.next_token(at);
        Ok(if is_object {
            State::FirstName
        } else {
            State::FirstElement
        })
    }

    /// Puts a container on the tape that begins at `start`, and goes into it.
    #[inline(always)]
    pub(super) fn open_container(&mut self, start: usize, is_object: bool) {
        let entry = self.entries.len() as u32;
        self.enter(entry, is_object);
        let kind = if is_object { Kind::Object } else { Kind::Array };
        self.entries.push(Entry::open(kind, start as u32));
    }

    /// Closes the innermost container with the bracket at the cursor.
    #[inline(never)]
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
    pub(super) fn end_container(&mut self, end: usize) {
        if self.depth() == 0 {
            return;
        }
        let Some(mut frame) = self.open.pop() else {
            return;
        };
        if frame.may_repeat_a_name {
            frame.count -= self.shadow_duplicates(frame.entry);
        }
        let width = self.entries.len() as u32 - frame.entry;
        let entries = &mut self.entries[frame.entry as usize..];
        let is_pair = Entry::are_pair(entries);
        let Some(entry) = entries.first_mut() else {
            return;
        };
        if is_pair {
            entry.set(flag::PAIR);
        }
        entry.end = end as u32;
        entry.link = width;
        entry.set_count(frame.count);
    }

    /// Counts the value that ends before the cursor, and passes the comma that most often follows.
    #[inline(always)]
    fn value_ends(&mut self, at: &mut usize) -> State {
        self.top_mut().count += 1;
        self.pass_one_comma(at)
    }

    #[inline(always)]
    fn pass_one_comma(&mut self, at: &mut usize) -> State {
        self.next_token(at);
        if self.byte(*at) == b',' && self.depth() > 0 {
            self.pass_comma(at)
        } else {
            State::Separator
        }
    }

    /// Counts the value that ends before the cold side's cursor.
    pub(super) fn child_ends(&mut self) -> State {
        self.top_mut().count += 1;
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

    /// Notes which word the string on the tape is that was read last, if it is any.
    fn note_word(&mut self, start: usize, len: usize) {
        let word = NameTag::of_bytes(self.bytes, start, len).name();
        if let (Some(word), Some(entry)) = (word, self.entries.last_mut()) {
            entry.set_word(word);
        }
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
}
