//! Texts as the protocol counts them: lines that end with `\n`, `\r\n` or `\r`, and characters in the
//! units of an encoding that client and server agreed on.

use lsp_types::{Position, PositionEncodingKind, Range, TextDocumentContentChangeEvent};
use memchr::memchr2;

use crate::line_index::ColumnCounter;
use crate::span::Span;

/// In what units characters of a line are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// What the protocol has where nothing is agreed on.
    #[default]
    Utf16,
    Utf32,
}

impl Encoding {
    /// The encoding of this name.
    pub(super) fn of(kind: &PositionEncodingKind) -> Option<Self> {
        match kind.as_str() {
            "utf-8" => Some(Encoding::Utf8),
            "utf-16" => Some(Encoding::Utf16),
            "utf-32" => Some(Encoding::Utf32),
            _ => None,
        }
    }

    /// Its name.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width_of_char(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }

    /// The byte of a line at which its unit number `units`, from 0, stands: the start of a character
    /// that the unit is within, the line's end if it has no such unit.
    fn byte_at(self, line: &str, units: usize) -> usize {
        if line.is_ascii() {
            return units.min(line.len());
        }
        let mut left = units;
        for (at, c) in line.char_indices() {
            let width = self.width_of_char(c);
            if left < width {
                return at;
            }
            left -= width;
        }
        line.len()
    }
}

/// The places of a text that does not change.
pub(super) struct Places<'t> {
    text: &'t str,
    encoding: Encoding,
    /// Where each line starts, in bytes; the first is 0.
    starts: Vec<usize>,
    ruler: ColumnCounter<'t>,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str, encoding: Encoding) -> Self {
        Self {
            text,
            encoding,
            starts: line_starts(text),
            ruler: ColumnCounter::new(text),
        }
    }

    /// How many bytes the text has.
    pub(super) fn len(&self) -> u32 {
        self.text.len() as u32
    }

    /// The place of a byte, which is on a character border.
    pub(super) fn position(&self, byte: u32) -> Position {
        let byte = byte as usize;
        let line = self.starts.partition_point(|start| *start <= byte) - 1;
        let start = self.starts[line];
        let character = self.width_between(start, byte);
        Position::new(line as u32, character as u32)
    }

    fn width_between(&self, from: usize, to: usize) -> u64 {
        let widths = || self.ruler.between(from as u32, to as u32);
        match self.encoding {
            Encoding::Utf8 => (to - from) as u64,
            Encoding::Utf16 => widths().units,
            Encoding::Utf32 => widths().characters,
        }
    }

    /// The range of a span.
    pub(super) fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start), self.position(span.end))
    }

    /// The byte at a place; see [`apply`] for places that the text does not have.
    pub(super) fn byte(&self, position: Position) -> u32 {
        byte_at(self.text, &self.starts, position, self.encoding) as u32
    }

    /// The bytes of a range.
    pub(super) fn span(&self, range: Range) -> Span {
        let (start, end) = (self.byte(range.start), self.byte(range.end));
        Span::new(start, end.max(start))
    }
}

/// Makes changes to a text, one after the other. A place behind the end of its line is that end, one
/// behind the last line the end of the text, and one within a character its start.
pub(super) fn apply(
    text: &mut String,
    changes: Vec<TextDocumentContentChangeEvent>,
    encoding: Encoding,
) {
    // Many changes often come in order from the end of a long text: then the lines before each of them
    // are known from the first on.
    let mut starts: Option<Vec<usize>> = None;
    let mut first_unsure = u32::MAX;
    for change in changes {
        let Some(range) = change.range else {
            *text = change.text;
            starts = None;
            continue;
        };
        if range.start.line.max(range.end.line) >= first_unsure {
            starts = None;
        }
        let starts = starts.get_or_insert_with(|| line_starts(text));
        let start = byte_at(text, starts, range.start, encoding);
        let end = byte_at(text, starts, range.end, encoding).max(start);
        text.replace_range(start..end, &change.text);
        // The line break before the change may have become a part of another.
        first_unsure = range.start.line.min(starts.len() as u32 - 1).max(1);
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut from = 0;
    while let Some(end) = line_end(text, from) {
        from = end
            + if text[end..].starts_with("\r\n") {
                2
            } else {
                1
            };
        starts.push(from);
    }
    starts
}

/// Where the line break behind byte `from` begins.
fn line_end(text: &str, from: usize) -> Option<usize> {
    memchr2(b'\n', b'\r', &text.as_bytes()[from..]).map(|at| from + at)
}

fn byte_at(text: &str, starts: &[usize], position: Position, encoding: Encoding) -> usize {
    let Some(&start) = starts.get(position.line as usize) else {
        return text.len();
    };
    let line = &text[start..line_end(text, start).unwrap_or(text.len())];
    start + encoding.byte_at(line, position.character as usize)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    fn change(range: Range, text: &str) -> TextDocumentContentChangeEvent {
        TextDocumentContentChangeEvent {
            range: Some(range),
            range_length: None,
            text: text.into(),
        }
    }

    #[test]
    fn places_that_a_text_does_not_have_are_moved_to_the_next_before() {
        let text = "ü😀x\r\n\ry\n";
        for (encoding, line, character, byte) in [
            (Encoding::Utf16, 0, 1, 2),
            (Encoding::Utf16, 0, 2, 2),
            (Encoding::Utf16, 0, 3, 6),
            (Encoding::Utf16, 0, 99, 7),
            (Encoding::Utf8, 0, 1, 0),
            (Encoding::Utf8, 0, 6, 6),
            (Encoding::Utf32, 0, 2, 6),
            (Encoding::Utf32, 1, 5, 9),
            (Encoding::Utf32, 2, 0, 10),
            (Encoding::Utf32, 3, 0, 12),
            (Encoding::Utf32, 4, 0, 12),
        ] {
            let places = Places::new(text, encoding);
            let position = Position::new(line, character);
            assert_eq!(places.byte(position), byte, "{encoding:?} {position:?}");
        }
    }

    #[test]
    fn long_lines_are_counted_from_marks() {
        let line = "a😀ü".repeat(3000);
        let text = format!("x\n{line}\n{line}");
        let places = Places::new(&text, Encoding::Utf16);
        let last = 2 + 2 * line.len() as u32 + 1;
        assert_eq!(places.position(last), Position::new(2, 12_000));
        assert_eq!(places.position(last - 2), Position::new(2, 11_999));
        assert_eq!(
            places.position(2 + line.len() as u32),
            Position::new(1, 12_000)
        );
        assert_eq!(places.position(3), Position::new(1, 1));
        for byte in [4106, 4107, 8212, 20_000] {
            let borders = (0..=byte).rev();
            let byte = borders.into_iter().find(|at| text.is_char_boundary(*at));
            let byte = byte.expect("a border") as u32;
            assert_eq!(places.byte(places.position(byte)), byte);
        }
    }

    #[test]
    fn a_change_may_make_one_line_break_of_two() {
        let mut text = "a\rb\nc".to_owned();
        let at =
            |line, character| Range::new(Position::new(line, 0), Position::new(line, character));
        // `\r` and what is put behind it become one line break.
        apply(
            &mut text,
            vec![change(at(1, 1), "\n"), change(at(1, 0), "x")],
            Encoding::Utf16,
        );
        assert_eq!(text, "a\r\nx\nc");
    }

    proptest! {
        #[test]
        fn every_border_of_a_character_is_one_place(text in "[a-cü😀\r\n]{0,24}", order in any::<u64>()) {
            for encoding in ENCODINGS {
                let places = Places::new(&text, encoding);
                let mut borders: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                borders.push(text.len());
                borders.sort_by_key(|at| (*at as u64 + 1).wrapping_mul(order));
                for at in borders {
                    // Between the two halves of a line break is no place.
                    if text[..at].ends_with('\r') && text[at..].starts_with('\n') {
                        continue;
                    }
                    prop_assert_eq!(places.byte(places.position(at as u32)) as usize, at);
                }
            }
        }

        #[test]
        fn changes_made_together_are_those_made_one_by_one(
            text in "[a-cü😀\r\n]{0,24}",
            changes in prop::collection::vec(((0_u32..6, 0_u32..6), (0_u32..6, 0_u32..6), "[xü\r\n]{0,3}"), 0..6)
        ) {
            let changes: Vec<_> = changes
                .into_iter()
                .map(|(from, to, put)| {
                    let (from, to) = (from.min(to), from.max(to));
                    change(Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1)), &put)
                })
                .collect();
            for encoding in ENCODINGS {
                let (mut together, mut one_by_one) = (text.clone(), text.clone());
                apply(&mut together, changes.clone(), encoding);
                for change in &changes {
                    apply(&mut one_by_one, vec![change.clone()], encoding);
                }
                prop_assert_eq!(together, one_by_one);
            }
        }
    }
}
