//! Lines and columns: from byte offsets in a text to positions as people and editors count them.

use std::cell::OnceCell;

use memchr::{memchr, memchr_iter, memchr2_iter};

use crate::span::Span;

/// A position in a file, in all units that reports and editors use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The byte offset in the file, from 0.
    pub offset: u64,
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
    /// The column in UTF-16 code units, from 1.
    pub utf16: u64,
    /// The byte offset of the start of the line.
    pub line_start: u64,
}

impl Position {
    /// The start of a file.
    pub const START: Position = Position {
        offset: 0,
        line: 1,
        column: 1,
        utf16: 1,
        line_start: 0,
    };

    /// The column in bytes, from 1.
    pub fn byte_column(&self) -> u64 {
        self.offset - self.line_start + 1
    }

    /// The position after `text`, which starts here.
    pub fn after(self, text: &str) -> Position {
        let mut count = 0;
        let mut last = None;
        for_each_line_end(text, |end| {
            count += 1;
            last = Some(end);
        });
        let line_start = match last {
            Some(end) => Position {
                line_start: self.offset + end as u64,
                ..Position::START
            },
            None => self,
        };
        let line_start = Position {
            offset: self.offset + text.len() as u64,
            line: self.line + count,
            ..line_start
        };
        line_start.along(&text[last.unwrap_or(0)..])
    }

    /// The position after `text`, which has no line break, with an unchanged offset.
    fn along(self, text: &str) -> Position {
        let TextWidth { characters, units } = TextWidth::of(text);
        Position {
            column: self.column + characters,
            utf16: self.utf16 + units,
            ..self
        }
    }
}

/// Calls `visit` with the offset after each line break of a text: `\n`, `\r\n` or `\r`.
fn for_each_line_end(text: &str, mut visit: impl FnMut(usize)) {
    let bytes = text.as_bytes();
    // Most texts have no `\r`.
    if memchr(b'\r', bytes).is_none() {
        memchr_iter(b'\n', bytes).for_each(|at| visit(at + 1));
        return;
    }
    for at in memchr2_iter(b'\n', b'\r', bytes) {
        if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
            visit(at + 1);
        }
    }
}

/// The width of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextWidth {
    /// In characters.
    pub characters: u64,
    /// In UTF-16 code units.
    pub units: u64,
}

impl TextWidth {
    /// Measures a text.
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

/// Measures the width of ranges of one text. A long range takes no longer than a short one, apart from one
/// pass over the text.
#[derive(Debug)]
pub struct ColumnCounter<'t> {
    text: &'t str,
    /// One checkpoint per [`INTERVAL`] of the text, since a line may be as long as the text. Computed on
    /// first use.
    checkpoints: OnceCell<Vec<Checkpoint>>,
}

/// The offset of a character, and the width of the text before it.
#[derive(Clone, Copy, Debug, Default)]
struct Checkpoint {
    offset: u32,
    width_before: TextWidth,
}

/// The distance between checkpoints, in bytes.
const INTERVAL: usize = 4096;

impl<'t> ColumnCounter<'t> {
    /// Creates a counter for `text`.
    pub fn new(text: &'t str) -> Self {
        Self {
            text,
            checkpoints: OnceCell::new(),
        }
    }

    /// The width of the text between two byte offsets, both on character boundaries.
    pub fn between(&self, from: u32, to: u32) -> TextWidth {
        if (to - from) as usize <= INTERVAL {
            return TextWidth::of(Span::new(from, to).of(self.text));
        }
        let (start, end) = (self.width_before(from), self.width_before(to));
        TextWidth {
            characters: end.characters - start.characters,
            units: end.units - start.units,
        }
    }

    /// The width of the text before byte `offset`.
    fn width_before(&self, offset: u32) -> TextWidth {
        let checkpoints = self.checkpoints.get_or_init(|| self.checkpoints());
        let after = checkpoints.partition_point(|checkpoint| checkpoint.offset <= offset);
        let nearest = after
            .checked_sub(1)
            .map_or(Checkpoint::default(), |index| checkpoints[index]);
        self.advance(nearest, offset).width_before
    }

    fn checkpoints(&self) -> Vec<Checkpoint> {
        let mut last = Checkpoint::default();
        let starts = (0..self.text.len()).step_by(INTERVAL);
        let next = |start| {
            let boundary = (start..).find(|at| self.text.is_char_boundary(*at));
            last = self.advance(last, boundary.unwrap_or(start) as u32);
            last
        };
        starts.map(next).collect()
    }

    fn advance(&self, from: Checkpoint, offset: u32) -> Checkpoint {
        let width = TextWidth::of(Span::new(from.offset, offset).of(self.text));
        Checkpoint {
            offset,
            width_before: TextWidth {
                characters: from.width_before.characters + width.characters,
                units: from.width_before.units + width.units,
            },
        }
    }
}

/// The line starts of one text, which may be a part of a file. Lines end with `\n`, `\r\n` or `\r`, as in the language
/// server protocol.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    /// The position of the text in its file.
    origin: Position,
    /// The byte offset of each line; the first is 0. Computed on first use: most texts have no findings.
    starts: OnceCell<Vec<u32>>,
    columns: ColumnCounter<'t>,
}

impl<'t> LineIndex<'t> {
    /// The index of `text`, which is a whole file.
    pub fn new(text: &'t str) -> Self {
        Self::starting_at(Position::START, text)
    }

    /// The index of `text`, which starts at `origin` in its file.
    pub fn starting_at(origin: Position, text: &'t str) -> Self {
        Self {
            text,
            origin,
            starts: OnceCell::new(),
            columns: ColumnCounter::new(text),
        }
    }

    fn starts(&self) -> &[u32] {
        self.starts.get_or_init(|| {
            let mut starts = vec![0];
            for_each_line_end(self.text, |end| starts.push(end as u32));
            starts
        })
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The position of the text in its file.
    pub fn origin(&self) -> Position {
        self.origin
    }

    /// The number of lines, at least 1.
    pub fn line_count(&self) -> usize {
        self.starts().len()
    }

    /// The index, from 0, of the line that contains byte `offset`.
    pub fn line_at(&self, offset: u32) -> usize {
        self.starts().partition_point(|&start| start <= offset) - 1
    }

    /// The line number in the file, from 1, of line `index`.
    pub fn number_of(&self, index: usize) -> u64 {
        self.origin.line + index as u64
    }

    /// The span of line `index`, from 0, without its line break.
    pub fn line(&self, index: usize) -> Span {
        let start = self.starts()[index];
        let Some(&next) = self.starts().get(index + 1) else {
            return Span::new(start, self.text.len() as u32);
        };
        let line = Span::new(start, next).of(self.text);
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        Span::new(start, start + line.len() as u32)
    }

    /// The position in the file of byte `offset` of the text, which is on a character boundary.
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
        let TextWidth { characters, units } = self.columns.between(from, offset);
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
    fn counts_columns_in_characters_and_utf16_units() {
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
    fn counts_lines_with_every_line_break() {
        for (text, lines) in [
            ("a\rb\rc", ["a", "b", "c"]),
            ("a\nb\r\nc", ["a", "b", "c"]),
            ("\r\r\n", ["", "", ""]),
            ("a\n\rb", ["a", "", "b"]),
        ] {
            let index = LineIndex::new(text);
            let found: Vec<&str> = (0..index.line_count())
                .map(|line| index.line(line).of(text))
                .collect();
            assert_eq!(found, lines, "{text:?}");
            let end = index.position(text.len() as u32);
            assert_eq!(end, Position::START.after(text), "{text:?}");
            assert_eq!(end.line, 3, "{text:?}");
        }
    }

    #[test]
    fn counts_columns_of_long_lines_from_checkpoints() {
        let line = "a😀ü".repeat(3000);
        let text = format!("x\n{line}");
        let origin = Position::START.after("yy");
        let index = LineIndex::starting_at(origin, &text);
        let last = index.position(text.len() as u32);
        assert_eq!((last.column, last.utf16), (9001, 12_001));
        let near = index.position(2 + 7 * 600);
        assert_eq!((near.line, near.column, near.utf16), (2, 1801, 2401));
        let only = LineIndex::starting_at(origin, &line);
        assert_eq!(only.position(7 * 1000).column, 2 + 3001);
    }

    #[test]
    fn counts_positions_in_a_part_of_a_file_from_its_origin() {
        let (before, part) = ("ab\nü😀", "xü\ny");
        let file = format!("{before}{part}");
        let origin = Position::START.after(before);
        let part_index = LineIndex::starting_at(origin, part);
        let file_index = LineIndex::new(&file);
        for at in [0, 1, 3, 4, 5] {
            assert_eq!(
                part_index.position(at),
                file_index.position(before.len() as u32 + at),
                "{at}"
            );
        }
        assert_eq!(origin.after(part), file_index.position(file.len() as u32));
        assert_eq!(part_index.number_of(1), 3);
    }
}
