//! The state of the parser, and the steps that the strict grammar in `parse` and the recovery in `recover`
//! share.

use std::cell::Cell;
use std::mem;

use super::entry::{Entry, Kind, flag};
use super::error::{NonJsonLiteral, NonJsonString, SyntaxError, SyntaxErrorKind};
use super::gap_cache::GapCache;
use super::lexer::{BYTE_CLASS, OTHER, WHITESPACE, byte_at, skip_json_whitespace};
use super::stack::{Frame, State};
use super::tape::{Parsed, ParserBuffers, Tape};
use super::vocabulary::{NameId, Vocabulary};
use crate::span::Span;

/// The error of a container that exceeds the depth limit, at the cursor: all values of the text are dropped.
pub(super) struct TooDeep;

/// The parser of one text.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) vocabulary: &'static Vocabulary,
    /// The cursor of the recovery, a byte offset. The strict grammar keeps its cursor in a local variable.
    pub(super) pos: usize,
    /// The offset of the last comma.
    pub(super) last_comma: usize,
    pub(super) entries: Vec<Entry>,
    pub(super) roots: Vec<u32>,
    /// The text itself, then the open containers, the innermost last.
    pub(super) open: Vec<Frame>,
    /// Taken while the strict grammar uses it.
    pub(super) gaps: Option<Box<GapCache>>,
    pub(super) suspicious: Vec<u32>,
    pub(super) errors: Vec<SyntaxError>,
    /// The runs of invisible characters, which become one error.
    pub(super) invisible: Vec<Span>,
    /// The strings in other quotes, which become one error.
    pub(super) non_json_quotes: Vec<NonJsonString>,
    /// The punctuation of other scripts and languages, each with its JSON equivalent, which becomes one error.
    pub(super) foreign_marks: Vec<(Span, &'static str)>,
    /// The offset of the quote of the string in which the text ends.
    pub(super) unterminated: Option<usize>,
    /// The offset of the last half-typed name that was dropped from the tape.
    pub(super) dropped_name: Option<usize>,
    /// The last range that was searched for the end of its line. Without this cache each error in a text of
    /// one long line would search it to its end.
    pub(super) line: Cell<Span>,
}

impl<'t> Parser<'t> {
    /// Prepares to parse `text` from byte offset `start` on onto a tape, which is emptied.
    #[inline(always)]
    pub(super) fn new(
        text: &'t str,
        start: usize,
        vocabulary: &'static Vocabulary,
        tape: Tape,
    ) -> Self {
        let Tape {
            mut entries,
            mut roots,
            mut suspicious,
            buffers: ParserBuffers { mut frames, gaps },
        } = tape;
        entries.clear();
        roots.clear();
        suspicious.clear();
        frames.clear();
        frames.push(Frame::default());
        let mut gaps = gaps.unwrap_or_else(|| Box::new(GapCache::new(vocabulary)));
        gaps.begin(vocabulary);
        Self {
            text,
            bytes: text.as_bytes(),
            vocabulary,
            pos: start,
            last_comma: 0,
            entries,
            roots,
            open: frames,
            gaps: Some(gaps),
            suspicious,
            errors: Vec::new(),
            invisible: Vec::new(),
            non_json_quotes: Vec::new(),
            foreign_marks: Vec::new(),
            unterminated: None,
            dropped_name: None,
            line: Cell::new(Span::default()),
        }
    }

    /// Continues with a part of the text.
    pub(super) fn restrict_to(&mut self, text: &'t str, part: Span) {
        self.text = &text[..part.end as usize];
        self.bytes = self.text.as_bytes();
        self.pos = part.start as usize;
        self.line.set(Span::default());
    }

    /// Takes the filled tape and the errors out of the parser, which is too large to be moved.
    #[inline(always)]
    pub(super) fn finish(&mut self) -> (Parsed<'t>, Vec<SyntaxError>) {
        debug_assert!(self.suspicious.is_sorted());
        self.merge_errors();
        let tape = Tape {
            entries: mem::take(&mut self.entries),
            roots: mem::take(&mut self.roots),
            suspicious: mem::take(&mut self.suspicious),
            buffers: ParserBuffers {
                frames: mem::take(&mut self.open),
                gaps: self.gaps.take(),
            },
        };
        let parsed = Parsed {
            text: self.text,
            vocabulary: self.vocabulary,
            tape,
        };
        (parsed, mem::take(&mut self.errors))
    }

    /// Drops all values and errors but the one that the container at the cursor exceeds the depth limit.
    #[cold]
    pub(super) fn give_up(&mut self, _: TooDeep) {
        self.entries.clear();
        self.roots.clear();
        self.suspicious.clear();
        self.errors.clear();
        self.invisible.clear();
        self.non_json_quotes.clear();
        self.foreign_marks.clear();
        let bracket = Span::new(self.pos as u32, self.pos as u32 + 1);
        self.error(bracket, SyntaxErrorKind::TooDeep);
    }
}

impl Parser<'_> {
    /// Merges the errors about unquoted names into one, and those about literals in the wrong case: each comes from
    /// the notation of another language.
    fn merge_literals(&mut self) {
        let (mut names, mut literals) = (Vec::new(), Vec::new());
        for error in &self.errors {
            match error.kind {
                SyntaxErrorKind::UnquotedString { is_name: true } => names.push(error.span),
                SyntaxErrorKind::NonJsonLiteral(NonJsonLiteral::Cased(word)) => {
                    literals.push((error.span, word));
                }
                _ => {}
            }
        }
        if names.len() > 1 {
            let is_name = SyntaxErrorKind::UnquotedString { is_name: true };
            self.errors.retain(|error| error.kind != is_name);
            self.error(names[0], SyntaxErrorKind::UnquotedNames(names));
        }
        if literals.len() > 1 {
            let is_cased = |kind: &SyntaxErrorKind| {
                matches!(
                    kind,
                    SyntaxErrorKind::NonJsonLiteral(NonJsonLiteral::Cased(_))
                )
            };
            self.errors.retain(|error| !is_cased(&error.kind));
            self.error(literals[0].0, SyntaxErrorKind::CasedLiterals(literals));
        }
    }

    /// Reports a syntax error.
    #[cold]
    pub(super) fn error(&mut self, span: Span, kind: SyntaxErrorKind) {
        self.errors.push(SyntaxError { span, kind });
    }

    /// Makes one error of all errors of a kind that is reported once per text.
    fn merge_errors(&mut self) {
        self.merge_literals();
        if let Some(first) = self.non_json_quotes.first() {
            let span = Span::new(first.opening.start, first.closing.end);
            let strings = std::mem::take(&mut self.non_json_quotes);
            self.error(span, SyntaxErrorKind::NonJsonQuotes(strings));
        }
        if let Some((span, _)) = self.foreign_marks.first() {
            let span = *span;
            let marks = std::mem::take(&mut self.foreign_marks);
            self.error(span, SyntaxErrorKind::ForeignPunctuation(marks));
        }
        if let Some(run) = self.invisible.first() {
            let first = run.of(self.text).chars().next().map_or(0, char::len_utf8) as u32;
            let span = Span::new(run.start, run.start + first);
            let runs = std::mem::take(&mut self.invisible);
            let count = runs
                .iter()
                .map(|run| run.of(self.text).chars().count())
                .sum();
            self.error(span, SyntaxErrorKind::Invisible { count, runs });
        }
    }

    /// The byte at offset `at`; 0 past the end.
    #[inline(always)]
    pub(super) fn byte(&self, at: usize) -> u8 {
        byte_at(self.bytes, at)
    }

    /// The byte at the recovery's cursor; 0 at the end.
    pub(super) fn peek(&self) -> u8 {
        self.byte(self.pos)
    }

    /// Runs a step of the recovery, which takes the cursor from `self.pos` and leaves it there.
    #[inline(always)]
    pub(super) fn with_slow_path<T>(
        &mut self,
        pos: &mut usize,
        recover: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.pos = *pos;
        let result = recover(self);
        *pos = self.pos;
        result
    }

    /// Moves the strict grammar's cursor to the next token.
    #[inline(always)]
    pub(super) fn skip_to_token(&mut self, pos: &mut usize) {
        let class_at = |at: usize| BYTE_CLASS[byte_at(self.bytes, at) as usize];
        let mut class = class_at(*pos);
        if class == WHITESPACE {
            // Most runs of whitespace are one byte long.
            *pos += 1;
            class = class_at(*pos);
        }
        if class == WHITESPACE {
            *pos = skip_json_whitespace(self.bytes, *pos + 1);
            class = class_at(*pos);
        }
        if class == OTHER && *pos < self.bytes.len() {
            self.with_slow_path(pos, Self::skip_non_json_whitespace);
        }
    }

    /// Moves the recovery's cursor to the next token.
    pub(super) fn skip_whitespace(&mut self) {
        let mut pos = self.pos;
        self.skip_to_token(&mut pos);
        self.pos = pos;
    }

    /// The open containers, the innermost last.
    pub(super) fn open_containers(&self) -> impl DoubleEndedIterator<Item = &Frame> {
        self.open.iter().skip(1)
    }

    /// For each open container whether it is an object, the innermost last.
    pub(super) fn open_kinds(&self) -> Vec<bool> {
        let containers = self.open_containers();
        containers.map(|frame| frame.is_object()).collect()
    }

    /// Whether the innermost container is an element of an array.
    pub(super) fn is_in_array(&self) -> bool {
        let outer = self.open_containers().rev().nth(1);
        outer.is_some_and(|outer| !outer.is_object())
    }

    /// Makes the container with this entry the innermost one.
    #[inline(always)]
    pub(super) fn enter(&mut self, entry: u32, is_object: bool) {
        let inner = self.top().container(entry, is_object);
        self.open.push(inner);
    }

    /// The innermost container, or the text.
    #[inline(always)]
    pub(super) fn top(&self) -> &Frame {
        &self.open[self.open.len() - 1]
    }

    /// The innermost container, or the text.
    #[inline(always)]
    pub(super) fn top_mut(&mut self) -> &mut Frame {
        let last = self.open.len() - 1;
        &mut self.open[last]
    }

    /// The number of open containers.
    pub(super) fn depth(&self) -> usize {
        self.open.len() - 1
    }

    /// Puts a container that starts at `start` on the tape and makes it the innermost one.
    #[inline(always)]
    pub(super) fn open_container(&mut self, start: usize, is_object: bool) {
        let entry = self.entries.len() as u32;
        self.enter(entry, is_object);
        let kind = if is_object { Kind::Object } else { Kind::Array };
        self.entries.push(Entry::open(kind, start as u32));
    }

    /// Closes the innermost container, which ends before offset `end`.
    #[inline(always)]
    pub(super) fn end_container(&mut self, end: usize) {
        if self.depth() == 0 {
            return;
        }
        let Some(mut frame) = self.open.pop() else {
            return;
        };
        if frame.may_have_duplicates {
            frame.count -= self.shadow_duplicates(frame.entry);
        }
        let extent = self.entries.len() as u32 - frame.entry;
        let entries = &mut self.entries[frame.entry as usize..];
        let is_pair = Entry::are_name_value_pair(entries, self.vocabulary.pair());
        let Some(entry) = entries.first_mut() else {
            return;
        };
        if is_pair {
            entry.set(flag::NAME_VALUE_PAIR);
        }
        entry.end = end as u32;
        entry.extent_or_name = extent;
        entry.set_count(frame.count);
    }

    /// Closes the innermost container with the bracket at the recovery's cursor.
    pub(super) fn close_here(&mut self) -> State {
        self.pos += 1;
        self.close_at(self.pos)
    }

    /// Closes the innermost container for the recovery, before offset `end`.
    pub(super) fn close_at(&mut self, end: usize) -> State {
        self.end_container(end);
        self.finish_child()
    }

    /// Counts the value that ends before the recovery's cursor.
    pub(super) fn finish_child(&mut self) -> State {
        self.top_mut().count += 1;
        self.skip_whitespace();
        State::Separator
    }

    /// Puts a property name of the innermost container on the tape.
    #[inline(always)]
    pub(super) fn push_name(&mut self, span: Span, id: NameId) {
        self.entries.push(Entry::name(span, id));
        self.record_name(id);
    }

    /// Records a property name of the innermost container.
    #[inline(always)]
    pub(super) fn record_name(&mut self, id: NameId) {
        let value_may_be_known = id == self.vocabulary.pair().name;
        self.top_mut().add_name(id, value_may_be_known);
    }

    /// Puts a scalar of `len` bytes at the recovery's cursor on the tape.
    pub(super) fn push(&mut self, kind: Kind, len: usize) {
        let mut pos = self.pos;
        self.push_scalar(kind, pos + len, &mut pos);
        self.pos = pos;
    }

    /// Puts a scalar from the strict grammar's cursor to `end` on the tape.
    #[inline(always)]
    pub(super) fn push_scalar(&mut self, kind: Kind, end: usize, pos: &mut usize) {
        self.entries.push(Entry::new(kind, *pos as u32, end as u32));
        *pos = end;
    }

    /// Puts a string that is not plain on the tape. `opening` and `closing` are the lengths of its
    /// delimiters.
    pub(super) fn push_string(&mut self, span: Span, opening: usize, closing: usize, flags: u32) {
        self.suspicious.push(self.entries.len() as u32);
        self.entries
            .push(Entry::string(span, opening as u32, closing as u32, flags));
    }

    /// Sets flags on the last entry of the tape.
    pub(super) fn mark_last(&mut self, flags: u32) {
        if let Some(entry) = self.entries.last_mut() {
            entry.set(flags);
        }
    }

    /// Marks the innermost container as incomplete: a part of it could not be parsed.
    pub(super) fn mark_errors(&mut self) {
        if self.depth() > 0 {
            let frame = *self.top();
            self.entries[frame.entry as usize].set(flag::HAS_ERRORS);
        }
    }
}
