//! Reading a file in pieces: whole if it is small, else lines or elements of its list, so many at a
//! time that no file has to be held.

use std::io::{self, Read};

use memchr::{memchr, memrchr};

use super::expanded::Expanded;
use super::scanner::Scanner;
use crate::document::{Document, SIZE_LIMIT, valid_utf8_prefix};
use crate::json::Kind;
use crate::payload::{Part, part_of};

/// How a file is cut into records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Records {
    /// As its suffix and its first bytes say.
    #[default]
    Auto,
    /// It is one document.
    Document,
    /// Each line is one.
    Lines,
    /// It is a list, or an envelope of one, read element by element whatever its size.
    Array,
}

/// How much is held at a time, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Up to here a file is read as one document, unless its lines are its records.
    pub whole: usize,
    /// So much of a longer file is read at a time, and what is left of a record.
    pub chunk: usize,
    /// The longest record of a longer file.
    pub record: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            whole: 2 << 20,
            chunk: 48 << 10,
            record: 16 << 20,
        }
    }
}

/// Up to here the list of a long file has begun, or it is none.
const ENVELOPE: usize = 128 << 10;

/// A piece of a file.
#[derive(Debug)]
pub(super) struct Piece {
    /// The bytes, as they stand in the file.
    pub(super) bytes: Vec<u8>,
    /// What they are.
    pub(super) cut: Cut,
    /// Whether the file breaks off behind them, so that the last record may be cut short.
    pub(super) is_torn: bool,
}

/// What a piece of a file is.
#[derive(Debug)]
pub(super) enum Cut {
    /// All of it.
    Whole,
    /// Some lines, each with its line break.
    Lines,
    /// A line that is too long to be held, of so many bytes with its line break. They are not here.
    Skipped(u64),
    /// What stands before a list's opening bracket: it is judged with what stands behind the list.
    Opening,
    /// Some elements, with what stands before the first of them, the opening bracket or a comma; the
    /// last ones with the closing bracket.
    Elements {
        /// What they are of.
        part: Part,
        /// Whether they are the last ones.
        is_last: bool,
    },
    /// What stands behind the list's closing bracket; with it comes what stood before the list.
    Closing {
        /// What stood before the list.
        opening: Vec<u8>,
        /// How many elements the list has, unless nobody closed it.
        elements: Option<usize>,
    },
}

/// The pieces of a file, in order.
pub(super) struct Pieces<'p, 'r> {
    reader: &'p mut Expanded<'r>,
    records: Records,
    sizes: Sizes,
    /// Whether a line that is too long to be held may be left out: not where the file is rewritten.
    may_skip: bool,
    /// What has been read and belongs to no piece yet.
    buffer: Vec<u8>,
    is_ended: bool,
    state: State,
}

enum State {
    Start,
    Lines,
    Elements {
        scanner: Scanner,
        part: Part,
        opening: Vec<u8>,
        /// Whether what stands before the list was handed out.
        is_opened: bool,
    },
    Closing {
        opening: Vec<u8>,
        elements: Option<usize>,
    },
    Ended,
}

impl<'p, 'r> Pieces<'p, 'r> {
    /// The pieces of what `reader` gives. `records` says how it is cut; `may_skip` whether a line that
    /// is too long to be held may be left out, which is an error otherwise.
    pub(super) fn new(
        reader: &'p mut Expanded<'r>,
        records: Records,
        sizes: Sizes,
        may_skip: bool,
    ) -> Self {
        Self {
            reader,
            records,
            sizes,
            may_skip,
            buffer: Vec::new(),
            is_ended: false,
            state: State::Start,
        }
    }

    /// The next piece.
    ///
    /// # Errors
    /// If the file cannot be read, or one of its records is longer than can be held.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        if let State::Start = self.state
            && let Some(whole) = self.start()?
        {
            return Ok(Some(whole));
        }
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Start | State::Ended => Ok(None),
            State::Lines => self.lines(),
            State::Elements {
                scanner,
                part,
                opening,
                is_opened: false,
            } => {
                let bytes = opening.clone();
                self.state = State::Elements {
                    scanner,
                    part,
                    opening,
                    is_opened: true,
                };
                Ok(Some(self.piece(bytes, Cut::Opening)))
            }
            State::Elements {
                scanner,
                part,
                opening,
                is_opened: true,
            } => self.elements(scanner, part, opening).map(Some),
            State::Closing { opening, elements } => {
                self.fill(self.sizes.whole + 1)?;
                if self.buffer.len() > self.sizes.whole {
                    return Err(io::Error::other(
                        "what stands behind the list is too long to be held; it is not checked",
                    ));
                }
                let bytes = std::mem::take(&mut self.buffer);
                Ok(Some(self.piece(bytes, Cut::Closing { opening, elements })))
            }
        }
    }

    /// Decides how the file is cut. Returns it, if it is one document.
    fn start(&mut self) -> io::Result<Option<Piece>> {
        if self.records == Records::Lines {
            self.state = State::Lines;
            return Ok(None);
        }
        if self.records != Records::Document {
            self.fill(self.sizes.whole + 1)?;
        }
        let is_long = self.buffer.len() > self.sizes.whole;
        if is_long || self.records == Records::Array {
            let begin = &self.buffer[..self.buffer.len().min(ENVELOPE)];
            let is_all = self.is_ended && begin.len() == self.buffer.len();
            if let Some((start, part)) = list_in(begin, is_all) {
                self.state = State::Elements {
                    scanner: Scanner::default(),
                    part,
                    opening: self.take(start),
                    is_opened: false,
                };
                return Ok(None);
            }
            if self.records == Records::Array {
                return Err(io::Error::other(
                    "neither a list nor an envelope of one; leave --records to be told",
                ));
            }
            if begins_with_lines(&self.buffer) {
                self.state = State::Lines;
                return Ok(None);
            }
        }
        if is_long && self.reader.is_compressed() {
            let limit = self.sizes.whole >> 20;
            return Err(io::Error::other(format!(
                "larger than {limit} MiB once expanded, and no list; expand it to have it checked"
            )));
        }
        self.fill(SIZE_LIMIT + 1)?;
        if self.buffer.len() > SIZE_LIMIT {
            return Err(io::Error::other(
                "larger than 4 GiB, which is more than one document may have; split it",
            ));
        }
        self.state = State::Ended;
        let bytes = std::mem::take(&mut self.buffer);
        Ok(Some(self.piece(bytes, Cut::Whole)))
    }

    /// Some lines: as many as one chunk holds, and at least one.
    fn lines(&mut self) -> io::Result<Option<Piece>> {
        let mut wanted = self.sizes.chunk;
        let end = loop {
            self.fill(wanted)?;
            if self.is_ended {
                break self.buffer.len();
            }
            if let Some(end) = memrchr(b'\n', &self.buffer) {
                break end + 1;
            }
            if wanted > self.sizes.record {
                if self.may_skip {
                    return self.skip_line().map(Some);
                }
                return Err(too_long(self.sizes.record));
            }
            wanted *= 2;
        };
        if end == 0 {
            return Ok(None);
        }
        self.state = State::Lines;
        let bytes = self.take(end);
        Ok(Some(self.piece(bytes, Cut::Lines)))
    }

    /// Reads on to the end of a line without holding it.
    fn skip_line(&mut self) -> io::Result<Piece> {
        let mut skipped = 0;
        let end = loop {
            match memchr(b'\n', &self.buffer) {
                Some(end) => break end + 1,
                None if self.is_ended => break self.buffer.len(),
                None => {
                    skipped += self.buffer.len() as u64;
                    self.buffer.clear();
                    self.fill(self.sizes.chunk)?;
                }
            }
        };
        self.buffer.drain(..end);
        self.state = State::Lines;
        Ok(self.piece(Vec::new(), Cut::Skipped(skipped + end as u64)))
    }

    /// Some elements: as many as one chunk holds, and at least one.
    fn elements(
        &mut self,
        mut scanner: Scanner,
        mut part: Part,
        opening: Vec<u8>,
    ) -> io::Result<Piece> {
        let mut wanted = self.sizes.chunk;
        loop {
            self.fill(wanted + 1)?;
            let border = scanner.border(&self.buffer, self.sizes.chunk);
            let is_closed = border.is_some();
            let (end, elements, is_end) = match border {
                Some(border) => (
                    border.at + usize::from(border.is_end),
                    border.elements,
                    border.is_end,
                ),
                // Nobody closed the list.
                None if self.is_ended => (self.buffer.len(), 0, true),
                None if self.buffer.len() > self.sizes.record => {
                    return Err(too_long(self.sizes.record));
                }
                None => {
                    wanted = self.buffer.len() + self.sizes.chunk;
                    continue;
                }
            };
            let bytes = self.take(end);
            let cut = Cut::Elements {
                part: part.clone(),
                is_last: is_end,
            };
            part.first += elements;
            self.state = if is_end {
                State::Closing {
                    opening,
                    elements: is_closed.then_some(part.first),
                }
            } else {
                State::Elements {
                    scanner,
                    part,
                    opening,
                    is_opened: true,
                }
            };
            return Ok(self.piece(bytes, cut));
        }
    }

    fn piece(&self, bytes: Vec<u8>, cut: Cut) -> Piece {
        let is_last = self.is_ended && self.buffer.is_empty();
        Piece {
            bytes,
            cut,
            is_torn: is_last && self.reader.damage().is_some(),
        }
    }

    /// The first bytes at hand. They take no more room than they need, however much was read.
    fn take(&mut self, len: usize) -> Vec<u8> {
        let bytes = self.buffer[..len].to_vec();
        self.buffer.drain(..len);
        // What it took to see how a file is cut, or to hold a long record, is not needed again.
        let usual = 2 * self.sizes.chunk;
        if self.buffer.len() <= usual && self.buffer.capacity() > 2 * usual {
            self.buffer.shrink_to(usual);
        }
        bytes
    }

    /// Reads on until so many bytes are at hand, or all there are.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        let missing = wanted.saturating_sub(self.buffer.len());
        if missing > 0 && !self.is_ended {
            let read = (&mut *self.reader)
                .take(missing as u64)
                .read_to_end(&mut self.buffer)?;
            self.is_ended = read < missing;
        }
        Ok(())
    }
}

fn too_long(limit: usize) -> io::Error {
    let limit = limit >> 20;
    io::Error::other(format!(
        "a record is longer than {limit} MiB, or a bracket or quote is not closed; what follows is not checked"
    ))
}

/// Where the list begins of which a text is the beginning, and what is said of it. An envelope's list
/// must go on beyond the text, unless that is all there is.
fn list_in(bytes: &[u8], is_all: bool) -> Option<(usize, Part)> {
    let text = valid_utf8_prefix(bytes);
    let document = Document::parse(text);
    let root = document.roots().next()?;
    let is_open = |end: u32| is_all || end as usize == text.len();
    let (list, pointer) = if root.kind() == Kind::Array {
        (root, String::new())
    } else {
        let mut members = root.members();
        let member = members.find(|member| {
            let is_named = |name: &str| member.name_text().eq_ignore_ascii_case(name);
            let is_list = member.value.kind() == Kind::Array;
            is_list && (is_named("data") || is_named("items")) && is_open(member.value.span().end)
        })?;
        (member.value, format!("/{}", member.name_text()))
    };
    let start = list.span().start as usize;
    let envelope = format!("{}[]", &text[..start]);
    let envelope = Document::parse(&envelope);
    let part = part_of(&envelope, &pointer);
    text[start..].starts_with('[').then_some((start, part))
}

/// Whether a text begins with an object on a line of its own and goes on with another.
fn begins_with_lines(bytes: &[u8]) -> bool {
    let mut lines = bytes
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let is_next_object = lines.next().is_some_and(|line| line.starts_with(b"{"));
    let is_whole = |line| {
        let document = Document::parse_bytes(line);
        let has_object = document.roots().any(|root| root.kind() == Kind::Object);
        has_object && document.syntax_errors().is_empty()
    };
    is_next_object && is_whole(first)
}

/// The lines of a piece, each with its line break.
pub(super) fn lines_of(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let (line, behind) = rest.split_at(end);
        rest = behind;
        (!line.is_empty()).then_some(line)
    })
}
