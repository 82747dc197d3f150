//! Where something stands in a text: byte spans, and the line index that turns them into lines and columns.

use std::cell::Cell;

use memchr::memchr_iter;

/// A half-open range of bytes of one text, on character borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte, counted from 0.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The empty span before byte `at`.
    pub fn empty(at: u32) -> Self {
        Self { start: at, end: at }
    }

    /// Length in bytes.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies within this span, borders included.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The bytes of `text` that the span covers.
    #[inline]
    pub fn bytes_of(self, text: &str) -> &[u8] {
        &text.as_bytes()[self.start as usize..self.end as usize]
    }

    /// The piece of `text` that the span covers.
    #[inline]
    pub fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }
}

/// A place in a text as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Bytes from the start of the text, from 0.
    pub offset: u32,
    /// Lines, from 1.
    pub line: u32,
    /// Characters in the line, from 1.
    pub column: u32,
    /// UTF-16 units in the line, from 1.
    pub utf16: u32,
}

/// The line starts of one text. Lines end with `\n`; a `\r` before it belongs to the line's end.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    /// Byte offset at which each line starts; the first is 0.
    starts: Vec<u32>,
    /// The position told last: in one long line, the next is counted on from there.
    last: Cell<Position>,
}

impl<'t> LineIndex<'t> {
    /// Finds the lines of `text`.
    pub fn new(text: &'t str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        let last = Cell::new(Position {
            offset: 0,
            line: 1,
            column: 1,
            utf16: 1,
        });
        Self { text, starts, last }
    }

    /// The text whose lines these are.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// How many lines there are, at least 1.
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The index of the line, from 0, in which byte `offset` stands.
    pub fn line_at(&self, offset: u32) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// The bytes of line `index`, counted from 0, without its line break.
    pub fn line(&self, index: usize) -> Span {
        let start = self.starts[index];
        let end = match self.starts.get(index + 1) {
            Some(&next) => next - 1,
            None => self.text.len() as u32,
        };
        let has_return = self.text.as_bytes()[start as usize..end as usize].ends_with(b"\r");
        Span::new(
            start,
            end - u32::from(has_return && index + 1 < self.starts.len()),
        )
    }

    /// Line and columns of byte `offset`, which stands on a character border.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_at(offset) as u32 + 1;
        let start = Position {
            offset: self.starts[line as usize - 1],
            line,
            column: 1,
            utf16: 1,
        };
        let last = self.last.get();
        let is_near = last.line == line && last.offset.abs_diff(offset) < offset - start.offset;
        let known = if is_near { last } else { start };
        let between = Span::new(known.offset.min(offset), known.offset.max(offset)).of(self.text);
        let (characters, units) = if between.is_ascii() {
            (between.len(), between.len())
        } else {
            (
                between.chars().count(),
                between.chars().map(char::len_utf16).sum(),
            )
        };
        let moved = |from: u32, by: usize| {
            if offset < known.offset {
                from - by as u32
            } else {
                from + by as u32
            }
        };
        let (column, utf16) = (moved(known.column, characters), moved(known.utf16, units));
        let position = Position {
            offset,
            line,
            column,
            utf16,
        };
        self.last.set(position);
        position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_utf16_units() {
        let index = LineIndex::new("ab\r\nü😀x\n");
        assert_eq!(index.line_count(), 3);
        assert_eq!(index.line(0), Span::new(0, 2));
        assert_eq!(index.line(1).of(index.text()), "ü😀x");
        let x = index.position(10);
        assert_eq!((x.line, x.column, x.utf16), (2, 3, 4));
        assert_eq!((index.position(6).column, index.position(6).utf16), (2, 2));
        assert_eq!(index.position(11).line, 2);
        assert_eq!(index.position(12).line, 3);
    }
}
