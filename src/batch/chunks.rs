//! Reads a file in chunks: a small file or a single document as a whole, otherwise lines or elements of
//! its array, so that a large file is never held in memory completely.

use std::io::{self, Read};

use memchr::{memchr, memrchr};

use super::boundaries::BoundaryScanner;
use super::layout::{ARRAY_SEARCH_LIMIT, ChunkLimits, RecordMode, find_array, starts_with_lines};
use super::source::Source;
use crate::document::{Document, SIZE_LIMIT, TextPlace};
use crate::payload::{Detector, ListPart, Listing};

/// A chunk of a file.
#[derive(Debug)]
pub(super) struct Chunk {
    /// The bytes, unchanged.
    pub(super) bytes: Vec<u8>,
    /// What the bytes are.
    pub(super) kind: ChunkKind,
    /// Whether the file is truncated after this chunk, so that its last record may be incomplete.
    pub(super) is_truncated: bool,
}

/// The contents of a chunk.
#[derive(Debug)]
pub(super) enum ChunkKind {
    /// The whole file.
    Whole,
    /// Nothing of the file, which is not text. This is its format, with its article.
    Binary(String),
    /// Lines, including their line breaks.
    Lines {
        /// The position of the first of them in the file.
        place: TextPlace,
        /// Whether only the content of the file shows that its lines are records.
        is_detected: bool,
    },
    /// A line that exceeds the maximum size of a record. The chunk has no bytes; this is the length of the
    /// line including its line break.
    OversizedLine(u64),
    /// The text before the opening bracket of the array. It is checked later, with the text after the array.
    Opening,
    /// Elements of the array, preceded by the opening bracket or a comma. The last chunk includes the
    /// closing bracket.
    Elements {
        /// The location of these elements in the array.
        part: ListPart,
        /// Whether these are the last elements.
        is_last: bool,
    },
    /// The text after the closing bracket of the array.
    Closing {
        /// The text before the array.
        opening: Vec<u8>,
        /// The number of elements; `None` if the array is not closed.
        elements: Option<usize>,
    },
}

/// Reads the chunks of a file in order.
pub(super) struct ChunkReader<'p, 'r> {
    source: Source<'p, 'r>,
    mode: RecordMode,
    limits: ChunkLimits,
    detector: &'p Detector,
    /// Whether an oversized line may be skipped. It may not if the file is rewritten.
    may_skip: bool,
    /// Bytes that are read but not yet part of a chunk.
    buffer: Vec<u8>,
    /// Whether the reader is at its end.
    is_ended: bool,
    /// The position of the next lines in the file.
    place: TextPlace,
    state: State,
}

enum State {
    Start,
    Lines {
        is_detected: bool,
    },
    Binary(String),
    Elements {
        scanner: BoundaryScanner,
        part: ListPart,
        opening: Vec<u8>,
        /// Whether the opening chunk was returned.
        is_opening_returned: bool,
    },
    Closing {
        opening: Vec<u8>,
        /// What the elements were checked as.
        part: ListPart,
        elements: Option<usize>,
    },
    Ended,
}

impl<'p, 'r> ChunkReader<'p, 'r> {
    /// Creates a reader. If `may_skip` is false, an oversized line is an error.
    pub(super) fn new(
        source: Source<'p, 'r>,
        mode: RecordMode,
        limits: ChunkLimits,
        detector: &'p Detector,
        may_skip: bool,
    ) -> Self {
        Self {
            source,
            mode,
            limits,
            detector,
            may_skip,
            buffer: Vec::new(),
            is_ended: false,
            place: TextPlace::FileStart,
            state: State::Start,
        }
    }

    /// Returns the next chunk.
    ///
    /// # Errors
    /// If the file cannot be read, a record exceeds the maximum size, or the file is not what its mode says.
    pub(super) fn next(&mut self) -> io::Result<Option<Chunk>> {
        if let State::Start = self.state {
            self.state = self.detect_state()?;
        }
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Start => self.next_whole().map(Some),
            State::Ended => Ok(None),
            State::Lines { is_detected } => self.next_lines(is_detected),
            State::Binary(format) => Ok(Some(Chunk {
                bytes: Vec::new(),
                kind: ChunkKind::Binary(format),
                is_truncated: false,
            })),
            State::Elements {
                scanner,
                part,
                opening,
                is_opening_returned: false,
            } => {
                let bytes = opening.clone();
                self.state = State::Elements {
                    scanner,
                    part,
                    opening,
                    is_opening_returned: true,
                };
                Ok(Some(self.chunk(bytes, ChunkKind::Opening)))
            }
            State::Elements {
                scanner,
                part,
                opening,
                is_opening_returned: true,
            } => self.next_elements(scanner, part, opening).map(Some),
            State::Closing {
                opening,
                part,
                elements,
            } => {
                self.fill(self.limits.whole + 1)?;
                if self.buffer.len() > self.limits.whole {
                    return Err(io::Error::other(
                        "the text after the list is too long; it was not checked",
                    ));
                }
                let bytes = std::mem::take(&mut self.buffer);
                if elements.is_some() {
                    self.check_part(&part, &opening, &bytes)?;
                }
                Ok(Some(
                    self.chunk(bytes, ChunkKind::Closing { opening, elements }),
                ))
            }
        }
    }

    /// Detects how the file is split. Returns [`State::Start`] if it is read as a whole.
    fn detect_state(&mut self) -> io::Result<State> {
        if let Some(format) = self.source.reader.binary_format() {
            return Ok(State::Binary(format.to_owned()));
        }
        if self.mode == RecordMode::Lines {
            return Ok(State::Lines { is_detected: false });
        }
        if self.mode != RecordMode::Document {
            self.fill(self.limits.whole + 1)?;
        }
        let is_large = self.buffer.len() > self.limits.whole;
        if is_large || self.mode == RecordMode::Array {
            let start = &self.buffer[..self.buffer.len().min(ARRAY_SEARCH_LIMIT)];
            let is_complete = self.is_ended && start.len() == self.buffer.len();
            if let Some((array_start, pointer)) = find_array(start, is_complete, self.detector) {
                let opening = &start[..array_start];
                let mut part = self.list_part(opening, b"", &pointer);
                // What an envelope says about its records may follow the list.
                if !pointer.is_empty()
                    && part.listing == Listing::List
                    && let Some(closing) = self.source.text_after_list(array_start, self.limits)?
                {
                    part = self.list_part(opening, &closing, &pointer);
                }
                return Ok(State::Elements {
                    scanner: BoundaryScanner::default(),
                    part,
                    opening: self.take(array_start),
                    is_opening_returned: false,
                });
            }
            if self.mode == RecordMode::Array {
                return Err(io::Error::other(
                    "neither a list nor an object with a list; omit `--records` for details",
                ));
            }
            if starts_with_lines(&self.buffer) {
                return Ok(State::Lines { is_detected: true });
            }
        }
        if is_large && self.source.reader.is_compressed() {
            let limit = self.limits.whole >> 20;
            return Err(io::Error::other(format!(
                "larger than {limit} MiB when decompressed, and not a list; decompress the file to \
                 check it"
            )));
        }
        Ok(State::Start)
    }

    /// Returns the whole file as one chunk.
    fn next_whole(&mut self) -> io::Result<Chunk> {
        self.fill(SIZE_LIMIT.saturating_add(1))?;
        if self.buffer.len() > SIZE_LIMIT {
            return Err(io::Error::other(
                "larger than 4 GiB, the maximum size of a document; split it",
            ));
        }
        let bytes = std::mem::take(&mut self.buffer);
        Ok(self.chunk(bytes, ChunkKind::Whole))
    }

    /// Returns as many lines as fit into a chunk, but at least one.
    fn next_lines(&mut self, is_detected: bool) -> io::Result<Option<Chunk>> {
        let mut wanted = self.limits.chunk;
        let end = loop {
            self.fill(wanted)?;
            if self.is_ended {
                break self.buffer.len();
            }
            if let Some(end) = memrchr(b'\n', &self.buffer) {
                break end + 1;
            }
            if wanted > self.limits.record {
                if self.may_skip {
                    return self.skip_line(is_detected).map(Some);
                }
                return Err(record_too_long(self.limits.record));
            }
            wanted *= 2;
        };
        if end == 0 {
            return Ok(None);
        }
        self.state = State::Lines { is_detected };
        let bytes = self.take(end);
        let place = std::mem::replace(&mut self.place, TextPlace::Later);
        Ok(Some(
            self.chunk(bytes, ChunkKind::Lines { place, is_detected }),
        ))
    }

    /// Reads to the end of the current line without holding it in memory.
    fn skip_line(&mut self, is_detected: bool) -> io::Result<Chunk> {
        let mut skipped = 0;
        let end = loop {
            match memchr(b'\n', &self.buffer) {
                Some(end) => break end + 1,
                None if self.is_ended => break self.buffer.len(),
                None => {
                    skipped += self.buffer.len() as u64;
                    self.buffer.clear();
                    self.fill(self.limits.chunk)?;
                }
            }
        };
        self.buffer.drain(..end);
        self.place = TextPlace::Later;
        self.state = State::Lines { is_detected };
        let len = skipped + end as u64;
        Ok(self.chunk(Vec::new(), ChunkKind::OversizedLine(len)))
    }

    /// Returns as many elements as fit into a chunk, but at least one.
    fn next_elements(
        &mut self,
        mut scanner: BoundaryScanner,
        mut part: ListPart,
        opening: Vec<u8>,
    ) -> io::Result<Chunk> {
        let mut wanted = self.limits.chunk;
        loop {
            self.fill(wanted + 1)?;
            let boundary = scanner.next_boundary(&self.buffer, self.limits.chunk);
            let is_closed = boundary.is_some();
            let (end, elements, is_end) = match boundary {
                Some(boundary) => (
                    boundary.offset + usize::from(boundary.is_end),
                    boundary.elements,
                    boundary.is_end,
                ),
                // The array is not closed.
                None if self.is_ended => (self.buffer.len(), 0, true),
                None if self.buffer.len() > self.limits.record => {
                    return Err(record_too_long(self.limits.record));
                }
                None => {
                    wanted = self.buffer.len() + self.limits.chunk;
                    continue;
                }
            };
            let bytes = self.take(end);
            let kind = ChunkKind::Elements {
                part: part.clone(),
                is_last: is_end,
            };
            part.first += elements;
            self.state = if is_end {
                State::Closing {
                    opening,
                    elements: is_closed.then_some(part.first),
                    part,
                }
            } else {
                State::Elements {
                    scanner,
                    part,
                    opening,
                    is_opening_returned: true,
                }
            };
            return Ok(self.chunk(bytes, kind));
        }
    }

    /// What the text around a list says about its records.
    fn list_part(&self, opening: &[u8], closing: &[u8], pointer: &str) -> ListPart {
        let envelope = [opening, b"[]", closing].concat();
        self.detector
            .list_part(&Document::parse_bytes(&envelope), pointer)
    }

    /// Whether the records were checked as what the text around their list says that they are. In a file that can be
    /// read only once, that is known too late if it follows the list.
    fn check_part(&self, part: &ListPart, opening: &[u8], closing: &[u8]) -> io::Result<()> {
        let mut actual = self.list_part(opening, closing, &part.pointer);
        actual.first = part.first;
        match actual == *part || part.pointer.is_empty() {
            true => Ok(()),
            false => Err(io::Error::other(
                "what follows the list says that its records are of another form than they were \
                 checked as; name the file instead of piping it, or state the form with `--form`",
            )),
        }
    }

    fn chunk(&self, bytes: Vec<u8>, kind: ChunkKind) -> Chunk {
        let is_last = self.is_ended && self.buffer.is_empty();
        Chunk {
            bytes,
            kind,
            is_truncated: is_last && self.source.reader.error().is_some(),
        }
    }

    /// Removes the first `len` bytes from the buffer and returns them in an allocation of that size.
    fn take(&mut self, len: usize) -> Vec<u8> {
        // Copy the shorter part. What was read for detection is larger than a chunk.
        let bytes = if self.buffer.len() - len < len {
            let rest = self.buffer.split_off(len);
            std::mem::replace(&mut self.buffer, rest)
        } else {
            let bytes = self.buffer[..len].to_vec();
            self.buffer.drain(..len);
            bytes
        };
        // Release the memory that was needed for detection or for a long record.
        let usual = 2 * self.limits.chunk;
        if self.buffer.len() <= usual && self.buffer.capacity() > 2 * usual {
            self.buffer.shrink_to(usual);
        }
        bytes
    }

    /// Reads until the buffer holds `wanted` bytes or the file ends.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        let missing = wanted.saturating_sub(self.buffer.len());
        if missing > 0 && !self.is_ended {
            self.buffer.reserve(missing.min(self.limits.chunk));
            let read = (&mut *self.source.reader)
                .take(missing as u64)
                .read_to_end(&mut self.buffer)?;
            self.is_ended = read < missing;
        }
        Ok(())
    }
}

fn record_too_long(limit: usize) -> io::Error {
    let limit = limit >> 20;
    io::Error::other(format!(
        "a record is longer than {limit} MiB, or a bracket or quote is not closed; the rest was \
         not checked"
    ))
}

/// Iterates over the lines of a chunk, including their line breaks.
pub(super) fn lines_of(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let end = memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        (!line.is_empty()).then_some(line)
    })
}
