//! Where something stands in a text: byte spans, and the line index that turns them into lines and columns.

use std::cell::OnceCell;

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

    /// The same number of bytes, so many further on.
    pub fn shifted(self, bytes: u32) -> Self {
        Self::new(self.start + bytes, self.end + bytes)
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

/// A place in a file as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Bytes from the start of the file, from 0.
    pub offset: u64,
    /// Lines, from 1.
    pub line: u64,
    /// Characters in the line, from 1.
    pub column: u64,
    /// UTF-16 units in the line, from 1.
    pub utf16: u64,
    /// Bytes from the start of the file to the start of the line.
    pub line_start: u64,
}

impl Position {
    /// The place before the first byte.
    pub const START: Position = Position {
        offset: 0,
        line: 1,
        column: 1,
        utf16: 1,
        line_start: 0,
    };

    /// Bytes in the line, from 1.
    pub fn byte_column(&self) -> u64 {
        self.offset - self.line_start + 1
    }

    /// The place behind `text`, which begins here.
    pub fn behind(self, text: &str) -> Position {
        let breaks = memchr_iter(b'\n', text.as_bytes());
        let (count, last) = breaks.fold((0, None), |(count, _), at| (count + 1, Some(at)));
        let begun = match last {
            Some(last) => Position {
                line_start: self.offset + last as u64 + 1,
                ..Position::START
            },
            None => self,
        };
        let begun = Position {
            offset: self.offset + text.len() as u64,
            line: self.line + count,
            ..begun
        };
        begun.along(&text[last.map_or(0, |at| at + 1)..])
    }

    /// The columns moved on by those of `text`, which holds no line break.
    fn along(self, text: &str) -> Position {
        let Widths { characters, units } = Widths::of(text);
        Position {
            column: self.column + characters,
            utf16: self.utf16 + units,
            ..self
        }
    }
}

/// How wide a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Widths {
    /// Its characters.
    pub characters: u64,
    /// Its UTF-16 units.
    pub units: u64,
}

impl Widths {
    /// Those of a text.
    pub fn of(text: &str) -> Self {
        if text.is_ascii() {
            let bytes = text.len() as u64;
            return Self {
                characters: bytes,
                units: bytes,
            };
        }
        let units: usize = text.chars().map(char::len_utf16).sum();
        Self {
            characters: text.chars().count() as u64,
            units: units as u64,
        }
    }
}

/// Measures stretches of one text, far ones too without counting all that lies between.
#[derive(Debug)]
pub struct Ruler<'t> {
    text: &'t str,
    /// Characters with what goes before them, one in each stretch of the text: a line may be as long as
    /// the text. Counted when first needed.
    marks: OnceCell<Vec<Mark>>,
}

/// A character, and how wide what goes before it in the text is.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    offset: u32,
    before: Widths,
}

/// How far marks lie apart, in bytes.
const STRETCH: usize = 4096;

impl<'t> Ruler<'t> {
    /// Measures `text`.
    pub fn new(text: &'t str) -> Self {
        Self {
            text,
            marks: OnceCell::new(),
        }
    }

    /// How wide the text is from one byte to another, both on character borders.
    pub fn between(&self, from: u32, to: u32) -> Widths {
        if (to - from) as usize <= STRETCH {
            return Widths::of(Span::new(from, to).of(self.text));
        }
        let (before, behind) = (self.mark_at(from).before, self.mark_at(to).before);
        Widths {
            characters: behind.characters - before.characters,
            units: behind.units - before.units,
        }
    }

    /// The character at byte `offset`, and what goes before it.
    fn mark_at(&self, offset: u32) -> Mark {
        let marks = self.marks.get_or_init(|| {
            let mut mark = Mark::default();
            let starts = (0..self.text.len()).step_by(STRETCH);
            let place = |start| {
                let border = (start..).find(|at| self.text.is_char_boundary(*at));
                mark = self.advanced(mark, border.unwrap_or(start) as u32);
                mark
            };
            starts.map(place).collect()
        });
        let behind = marks.partition_point(|mark| mark.offset <= offset);
        let nearest = behind
            .checked_sub(1)
            .map_or(Mark::default(), |at| marks[at]);
        self.advanced(nearest, offset)
    }

    fn advanced(&self, from: Mark, offset: u32) -> Mark {
        let widths = Widths::of(Span::new(from.offset, offset).of(self.text));
        Mark {
            offset,
            before: Widths {
                characters: from.before.characters + widths.characters,
                units: from.before.units + widths.units,
            },
        }
    }
}

/// The line starts of one text, which may be a piece of a file. Lines end with `\n`; a `\r` before it
/// belongs to the line's end.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    /// Where the text begins in its file.
    origin: Position,
    /// Byte offset at which each line starts; the first is 0. Found when first asked for: most texts
    /// hold nothing to be told.
    starts: OnceCell<Vec<u32>>,
    ruler: Ruler<'t>,
}

impl<'t> LineIndex<'t> {
    /// Finds the lines of `text`.
    pub fn new(text: &'t str) -> Self {
        Self::starting_at(Position::START, text)
    }

    /// Finds the lines of `text`, which begins in its file at `origin`.
    pub fn starting_at(origin: Position, text: &'t str) -> Self {
        Self {
            text,
            origin,
            starts: OnceCell::new(),
            ruler: Ruler::new(text),
        }
    }

    fn starts(&self) -> &[u32] {
        self.starts.get_or_init(|| {
            let breaks = memchr_iter(b'\n', self.text.as_bytes());
            [0].into_iter()
                .chain(breaks.map(|at| at as u32 + 1))
                .collect()
        })
    }

    /// The text whose lines these are.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Where the text begins in its file.
    pub fn origin(&self) -> Position {
        self.origin
    }

    /// How many lines there are, at least 1.
    pub fn line_count(&self) -> usize {
        self.starts().len()
    }

    /// The index of the line, from 0, in which byte `offset` stands.
    pub fn line_at(&self, offset: u32) -> usize {
        self.starts().partition_point(|&start| start <= offset) - 1
    }

    /// The number, from 1, that line `index` has in the file.
    pub fn number_of(&self, index: usize) -> u64 {
        self.origin.line + index as u64
    }

    /// The bytes of line `index`, counted from 0, without its line break.
    pub fn line(&self, index: usize) -> Span {
        let start = self.starts()[index];
        let end = match self.starts().get(index + 1) {
            Some(&next) => next - 1,
            None => self.text.len() as u32,
        };
        let has_return = self.text.as_bytes()[start as usize..end as usize].ends_with(b"\r");
        Span::new(
            start,
            end - u32::from(has_return && index + 1 < self.starts().len()),
        )
    }

    /// Where in the file byte `offset` of the text stands, which is on a character border.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_at(offset);
        let (from, start) = match line {
            0 => (0, self.origin),
            _ => {
                let offset = self.origin.offset + u64::from(self.starts()[line]);
                let start = Position {
                    offset,
                    line: self.number_of(line),
                    line_start: offset,
                    ..Position::START
                };
                (self.starts()[line], start)
            }
        };
        let Widths { characters, units } = self.ruler.between(from, offset);
        Position {
            offset: self.origin.offset + u64::from(offset),
            line: start.line,
            column: start.column + characters,
            utf16: start.utf16 + units,
            line_start: start.line_start,
        }
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

    #[test]
    fn long_lines_are_counted_from_marks() {
        let line = "a😀ü".repeat(3000);
        let text = format!("x\n{line}");
        let origin = Position::START.behind("yy");
        let index = LineIndex::starting_at(origin, &text);
        let last = index.position(text.len() as u32);
        assert_eq!((last.column, last.utf16), (9001, 12_001));
        let near = index.position(2 + 7 * 600);
        assert_eq!((near.line, near.column, near.utf16), (2, 1801, 2401));
        let only = LineIndex::starting_at(origin, &line);
        assert_eq!(only.position(7 * 1000).column, 2 + 3001);
    }

    #[test]
    fn a_piece_of_a_file_is_counted_on_from_where_it_begins() {
        let (before, piece) = ("ab\nü😀", "xü\ny");
        let whole = format!("{before}{piece}");
        let origin = Position::START.behind(before);
        let (pieces, whole) = (
            LineIndex::starting_at(origin, piece),
            LineIndex::new(&whole),
        );
        for at in [0, 1, 3, 4, 5] {
            assert_eq!(
                pieces.position(at),
                whole.position(before.len() as u32 + at),
                "{at}"
            );
        }
        assert_eq!(
            origin.behind(piece),
            whole.position(whole.text().len() as u32)
        );
        assert_eq!(pieces.number_of(1), 3);
    }
}
