//! The parser: text in, tape out. What stands here reads JSON as RFC 8259 has it; wherever the text
//! leaves that path, the cold side in `recover` says what is wrong and where to go on.

use std::collections::HashMap;

use super::fault::{Defect, Fault, ForeignString};
use super::tape::{Entry, Kind, Tape, flag};
use super::text::unescape;
use crate::span::Span;

/// How many containers may stand inside each other.
pub const DEPTH_LIMIT: usize = 1024;

/// Objects of more members than this look for duplicate names by hash instead of pair by pair.
const PAIRWISE_LIMIT: usize = 24;

/// The parser's own lists, kept with the tape so that a kept tape costs no allocation.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    frames: Vec<Frame>,
    names: Vec<Name>,
}

/// A container that is still open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Its entry on the tape.
    pub(super) entry: u32,
    pub(super) is_object: bool,
    count: u32,
    /// How many names were known when it was opened.
    names: u32,
}

/// A member name of an open object.
#[derive(Clone, Copy, Debug)]
struct Name {
    /// Equal for equal names, rarely for others.
    signature: u64,
    entry: u32,
}

/// What may stand at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The value of a member, or of the whole text.
    Value,
    /// An element, or the end of an array that has none.
    FirstElement,
    /// An element behind a comma.
    Element,
    /// A name, or the end of an object that has none.
    FirstName,
    /// A name behind a comma.
    Name,
    /// A comma or a closing bracket.
    Separator,
}

/// The container at the cursor goes too deep: the text is given up.
pub(super) struct TooDeep;

pub(super) struct Parser<'t, 'a> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    /// The cursor.
    pub(super) at: usize,
    /// Where the last comma stands.
    pub(super) comma: usize,
    pub(super) tape: &'a mut Tape,
    pub(super) faults: Vec<Fault>,
    pub(super) invisible: Vec<Span>,
    pub(super) foreign: Vec<ForeignString>,
}

/// Fills `tape` with the values of `text` and returns what is wrong with it as JSON, in no
/// particular order. Never fails: broken places are marked on the tape. `text` is at most 4 GiB.
pub fn parse(text: &str, tape: &mut Tape) -> Vec<Fault> {
    tape.entries.clear();
    tape.roots.clear();
    tape.head = None;
    tape.scratch.frames.clear();
    tape.scratch.names.clear();
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: if text.starts_with('\u{FEFF}') { 3 } else { 0 },
        comma: 0,
        tape,
        faults: Vec::new(),
        invisible: Vec::new(),
        foreign: Vec::new(),
    };
    match parser.document() {
        Ok(()) => parser.into_faults(),
        Err(TooDeep) => {
            let bracket = Span::new(parser.at as u32, parser.at as u32 + 1);
            parser.tape.entries.clear();
            parser.tape.roots.clear();
            vec![Fault {
                span: bracket,
                defect: Defect::TooDeep,
            }]
        }
    }
}

impl Parser<'_, '_> {
    fn document(&mut self) -> Result<(), TooDeep> {
        self.skip_spaces();
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
    pub(super) fn root(&mut self) -> Result<(), TooDeep> {
        self.skip_blanks();
        let root = self.tape.entries.len() as u32;
        self.tape.roots.push(root);
        let mut state = State::Value;
        loop {
            state = match state {
                State::Value | State::FirstElement | State::Element => self.value(state)?,
                State::FirstName | State::Name => self.member(state)?,
                State::Separator => match self.tape.scratch.frames.last() {
                    Some(&frame) => self.separator(frame),
                    None => return Ok(()),
                },
            };
        }
    }

    fn value(&mut self, state: State) -> Result<State, TooDeep> {
        match self.peek() {
            b'"' => self.string(),
            b'{' => return self.open(true),
            b'[' => return self.open(false),
            b'-' | b'0'..=b'9' => return Ok(self.number(state)),
            b't' if self.literal(b"true") => self.push(Kind::True, 4),
            b'f' if self.literal(b"false") => self.push(Kind::False, 5),
            b'n' if self.literal(b"null") => self.push(Kind::Null, 4),
            b']' if state == State::FirstElement => return Ok(self.close()),
            _ => return Ok(self.recover_value(state)),
        }
        Ok(self.value_ends())
    }

    /// A name, its colon and its value.
    fn member(&mut self, state: State) -> Result<State, TooDeep> {
        match self.peek() {
            b'"' => {
                self.begin_name();
                self.string();
            }
            b'}' if state == State::FirstName => return Ok(self.close()),
            _ => {
                if let Some(next) = self.recover_name(state) {
                    return Ok(next);
                }
            }
        }
        self.end_name();
        self.skip_blanks();
        if self.peek() != b':' {
            if let Some(next) = self.recover_colon() {
                return Ok(next);
            }
        } else {
            self.at += 1;
            self.skip_blanks();
        }
        self.value(State::Value)
    }

    fn separator(&mut self, frame: Frame) -> State {
        match (self.peek(), frame.is_object) {
            (b',', is_object) => {
                self.comma = self.at;
                self.at += 1;
                self.skip_blanks();
                if is_object {
                    State::Name
                } else {
                    State::Element
                }
            }
            (b'}', true) | (b']', false) => self.close(),
            _ => self.recover_separator(frame),
        }
    }

    /// The byte at the cursor; 0 at the end.
    #[inline]
    pub(super) fn peek(&self) -> u8 {
        self.byte(self.at)
    }

    /// The byte at `at`; 0 behind the end.
    #[inline]
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    #[inline]
    fn skip_spaces(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// Moves the cursor to the next token.
    #[inline]
    pub(super) fn skip_blanks(&mut self) {
        self.skip_spaces();
        let byte = self.peek();
        if byte >= 0x80 || byte < b' ' || byte == b'/' || byte == b'#' || byte == 0x7F {
            self.skip_odd_blanks();
        }
    }

    fn open(&mut self, is_object: bool) -> Result<State, TooDeep> {
        if self.tape.scratch.frames.len() >= DEPTH_LIMIT {
            return Err(TooDeep);
        }
        let entry = self.tape.entries.len() as u32;
        let names = self.tape.scratch.names.len() as u32;
        self.tape.scratch.frames.push(Frame {
            entry,
            is_object,
            count: 0,
            names,
        });
        let kind = if is_object { Kind::Object } else { Kind::Array };
        self.tape
            .entries
            .push(Entry::new(kind, self.at as u32, 0, 0));
        self.at += 1;
        self.skip_blanks();
        Ok(if is_object {
            State::FirstName
        } else {
            State::FirstElement
        })
    }

    /// Closes the innermost container with the bracket at the cursor.
    pub(super) fn close(&mut self) -> State {
        self.at += 1;
        self.close_at(self.at)
    }

    /// Closes the innermost container, whose text ends before byte `end`.
    pub(super) fn close_at(&mut self, end: usize) -> State {
        if let Some(mut frame) = self.tape.scratch.frames.pop() {
            if frame.is_object {
                frame.count -= self.shadow_duplicates(frame.names as usize);
            }
            let next = self.tape.entries.len() as u32;
            let entry = &mut self.tape.entries[frame.entry as usize];
            entry.end = end as u32;
            entry.next = next;
            entry.set_count(frame.count);
        }
        self.value_ends()
    }

    /// Counts the value that ends before the cursor.
    pub(super) fn value_ends(&mut self) -> State {
        if let Some(frame) = self.tape.scratch.frames.last_mut() {
            frame.count += 1;
            self.skip_blanks();
        }
        State::Separator
    }

    pub(super) fn frames(&self) -> &[Frame] {
        &self.tape.scratch.frames
    }

    /// Puts a value without children on the tape that takes `len` bytes from the cursor on.
    pub(super) fn push(&mut self, kind: Kind, len: usize) {
        let next = self.tape.entries.len() as u32 + 1;
        self.tape.entries.push(Entry::new(
            kind,
            self.at as u32,
            (self.at + len) as u32,
            next,
        ));
        self.at += len;
    }

    /// Puts a string on the tape. `opening` and `closing` are the lengths of its delimiters.
    pub(super) fn push_string(&mut self, span: Span, opening: usize, closing: usize, flags: u32) {
        let next = self.tape.entries.len() as u32 + 1;
        self.tape.entries.push(Entry::string(
            span,
            next,
            opening as u32,
            closing as u32,
            flags,
        ));
    }

    /// Marks the value that was put on the tape last.
    pub(super) fn mark_last(&mut self, flags: u32) {
        if let Some(entry) = self.tape.entries.last_mut() {
            entry.set(flags);
        }
    }

    fn literal(&self, word: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(word) && self.ends_token(self.at + word.len())
    }

    /// Whether a number or literal that ends before `at` is followed by what may follow it.
    pub(super) fn ends_token(&self, at: usize) -> bool {
        match self.bytes.get(at) {
            None | Some(b',' | b']' | b'}' | b'\n' | b'\r') => true,
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
        !self.continues_word(at)
    }

    /// A string from its quote on.
    fn string(&mut self) {
        let start = self.at;
        let mut at = find_special(self.bytes, start + 1);
        let mut flags = 0;
        while self.byte(at) == b'\\' {
            flags = flag::ESCAPED;
            if !matches!(
                self.byte(at + 1),
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
        self.push_string(Span::new(start as u32, at as u32 + 1), 1, 1, flags);
    }

    fn number(&mut self, state: State) -> State {
        let start = self.at;
        match number_end(self.bytes, start) {
            Some(end) if self.ends_token(end) => {
                self.push(Kind::Number, end - start);
                self.value_ends()
            }
            _ => self.recover_value(state),
        }
    }

    /// Notes that the next entry on the tape is a member name.
    pub(super) fn begin_name(&mut self) {
        let entry = self.tape.entries.len() as u32;
        self.tape.scratch.names.push(Name {
            signature: 0,
            entry,
        });
    }

    fn end_name(&mut self) {
        if let Some(name) = self.tape.scratch.names.last_mut() {
            let entry = &self.tape.entries[name.entry as usize];
            name.signature = if entry.has(flag::ESCAPED) {
                let text = unescape(entry.content().of(self.text));
                signature(text.as_bytes(), 0, text.len())
            } else {
                let content = entry.content();
                signature(self.bytes, content.start as usize, content.len() as usize)
            };
        }
    }

    /// Forgets the names of the object that is closed, of which the first stands at `from`, and
    /// marks those that stand again behind them. Returns how many it marked.
    fn shadow_duplicates(&mut self, from: usize) -> u32 {
        let names = &self.tape.scratch.names[from..];
        let repeats = if names.len() <= PAIRWISE_LIMIT {
            (1..names.len()).any(|later| {
                names[..later]
                    .iter()
                    .any(|name| name.signature == names[later].signature)
            })
        } else {
            true
        };
        let marked = if repeats {
            self.report_duplicates(from)
        } else {
            0
        };
        self.tape.scratch.names.truncate(from);
        marked
    }

    #[cold]
    fn report_duplicates(&mut self, from: usize) -> u32 {
        let entries: Vec<u32> = self.tape.scratch.names[from..]
            .iter()
            .map(|name| name.entry)
            .collect();
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
                    self.tape.entries[entries[*last] as usize].set(flag::SHADOWED);
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
        let entry = &self.tape.entries[entry as usize];
        unescape(entry.content().of(self.text))
    }

    /// From a member's name up to the name of the next member.
    fn member_with_comma(&self, name: u32, next_name: u32) -> Span {
        Span::new(
            self.entry_span(name).start,
            self.entry_span(next_name).start,
        )
    }

    pub(super) fn entry_span(&self, entry: u32) -> Span {
        let entry = &self.tape.entries[entry as usize];
        Span::new(entry.start, entry.end)
    }

    /// Whether the members named by two entries have the same value, written alike.
    fn same_values(&self, left: u32, right: u32) -> bool {
        let (left, right) = (left as usize + 1, right as usize + 1);
        let values = |at: usize| {
            let end = self.tape.entries[at].next as usize;
            self.tape.entries[at..end].iter()
        };
        values(left).len() == values(right).len()
            && values(left).zip(values(right)).all(|(a, b)| {
                a.kind() == b.kind()
                    && a.next as usize - left == b.next as usize - right
                    && (matches!(a.kind(), Kind::Array | Kind::Object)
                        || a.content().of(self.text) == b.content().of(self.text))
            })
    }

    #[cold]
    pub(super) fn fault(&mut self, span: Span, defect: Defect) {
        self.faults.push(Fault { span, defect });
    }

    fn into_faults(mut self) -> Vec<Fault> {
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
        self.faults
    }
}

/// The end of the JSON number at `start`, as far as it is one.
pub(super) fn number_end(bytes: &[u8], start: usize) -> Option<usize> {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let digits = |mut at: usize| {
        while byte(at).is_ascii_digit() {
            at += 1;
        }
        at
    };
    let mut at = start + usize::from(byte(start) == b'-');
    match byte(at) {
        b'0' => at += 1,
        b'1'..=b'9' => at = digits(at),
        _ => return None,
    }
    if byte(at) == b'.' {
        let end = digits(at + 1);
        if end == at + 1 {
            return None;
        }
        at = end;
    }
    if matches!(byte(at), b'e' | b'E') {
        let from = at + 1 + usize::from(matches!(byte(at + 1), b'+' | b'-'));
        let end = digits(from);
        if end == from {
            return None;
        }
        at = end;
    }
    Some(at)
}

/// The first quote, backslash or control character from `at` on; the end if there is none.
#[inline]
pub(super) fn find_special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    // The lowest byte marked is a true hit: a borrow only ever marks bytes above one.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let quotes = zeros(word ^ (ONES * b'"' as u64));
        let backslashes = zeros(word ^ (ONES * b'\\' as u64));
        let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let hits = quotes | backslashes | controls;
        if hits != 0 {
            return at + hits.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while at < bytes.len() && !matches!(bytes[at], b'"' | b'\\' | 0..0x20) {
        at += 1;
    }
    at.min(bytes.len())
}

/// Length and first bytes of a name, in one word.
#[inline]
fn signature(bytes: &[u8], start: usize, len: usize) -> u64 {
    let head = match bytes.get(start..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(chunk) if len >= 8 => u64::from_le_bytes(*chunk),
        Some(chunk) => u64::from_le_bytes(*chunk) & ((1 << (8 * len)) - 1),
        None => bytes[start..(start + len).min(bytes.len())]
            .iter()
            .rev()
            .fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    head ^ (len as u64) << 56
}
