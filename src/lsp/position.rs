//! Conversion between byte offsets and positions of the protocol, and incremental text synchronization.
//! Lines end with `\n`, `\r\n` or `\r`; characters are counted in the code units of the negotiated encoding.

use lsp_types::{Position, PositionEncodingKind, Range, TextDocumentContentChangeEvent};
use memchr::memchr2;

use crate::line_index::ColumnCounter;
use crate::span::Span;

/// The code units in which the protocol counts the characters of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// The default of the protocol.
    #[default]
    Utf16,
    Utf32,
}

impl Encoding {
    /// Returns the encoding with a name of the protocol.
    pub(super) fn from_kind(kind: &PositionEncodingKind) -> Option<Self> {
        match kind.as_str() {
            "utf-8" => Some(Encoding::Utf8),
            "utf-16" => Some(Encoding::Utf16),
            "utf-32" => Some(Encoding::Utf32),
            _ => None,
        }
    }

    /// Returns the name in the protocol.
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

    /// Returns the byte offset of the code unit `units` of a line. A unit inside a character gives the
    /// start of the character, a unit past the end of the line gives the end.
    fn offset_in(self, line: &str, units: usize) -> usize {
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

/// Converts between positions and byte offsets of one text.
pub(super) struct PositionMapper<'t> {
    text: &'t str,
    encoding: Encoding,
    /// The byte offset of each line.
    line_starts: Vec<usize>,
    ruler: ColumnCounter<'t>,
}

impl<'t> PositionMapper<'t> {
    pub(super) fn new(text: &'t str, encoding: Encoding) -> Self {
        Self {
            text,
            encoding,
            line_starts: line_starts(text),
            ruler: ColumnCounter::new(text),
        }
    }

    /// Returns the length of the text in bytes.
    pub(super) fn len(&self) -> u32 {
        self.text.len() as u32
    }

    /// Returns the position of a byte offset, which must be on a character boundary.
    pub(super) fn position(&self, offset: u32) -> Position {
        let offset = offset as usize;
        let line = self.line_starts.partition_point(|start| *start <= offset) - 1;
        let start = self.line_starts[line];
        let character = self.units_between(start, offset);
        Position::new(line as u32, character as u32)
    }

    /// Returns the number of code units between two byte offsets of a line.
    fn units_between(&self, from: usize, to: usize) -> u64 {
        let widths = || self.ruler.between(from as u32, to as u32);
        match self.encoding {
            Encoding::Utf8 => (to - from) as u64,
            Encoding::Utf16 => widths().units,
            Encoding::Utf32 => widths().characters,
        }
    }

    /// Converts a span to a range.
    pub(super) fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start), self.position(span.end))
    }

    /// Returns the byte offset of a position. A position outside the text is clamped, see
    /// [`apply_changes`].
    pub(super) fn offset(&self, position: Position) -> u32 {
        offset_of(self.text, &self.line_starts, position, self.encoding) as u32
    }

    /// Converts a range to a span.
    pub(super) fn span(&self, range: Range) -> Span {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Span::new(start, end.max(start))
    }
}

/// Applies changes to a text, one after the other. A position past the end of its line is clamped to the end
/// of the line, one past the last line to the end of the text, one inside a character to its start.
pub(super) fn apply_changes(
    text: &mut String,
    changes: Vec<TextDocumentContentChangeEvent>,
    encoding: Encoding,
) {
    // Clients often send many changes of a long text ordered from its end. The line starts before the last
    // change stay valid, so that they are computed once for such a batch.
    let mut starts: Option<Vec<usize>> = None;
    let mut first_stale_line = u32::MAX;
    for change in changes {
        let Some(range) = change.range else {
            *text = change.text;
            starts = None;
            continue;
        };
        if range.start.line.max(range.end.line) >= first_stale_line {
            starts = None;
        }
        let starts = starts.get_or_insert_with(|| line_starts(text));
        let start = offset_of(text, starts, range.start, encoding);
        let end = offset_of(text, starts, range.end, encoding).max(start);
        text.replace_range(start..end, &change.text);
        // A changed line that starts with `\n` can merge with the `\r` before it, which moves the start of
        // the line; the first line always starts at 0.
        first_stale_line = range.start.line.min(starts.len() as u32 - 1).max(1);
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut start = 0;
    while let Some(end) = line_end(text, start) {
        let break_len = if text[end..].starts_with("\r\n") {
            2
        } else {
            1
        };
        start = end + break_len;
        starts.push(start);
    }
    starts
}

/// Returns the byte offset of the first line break at or after `from`.
fn line_end(text: &str, from: usize) -> Option<usize> {
    memchr2(b'\n', b'\r', &text.as_bytes()[from..]).map(|at| from + at)
}

fn offset_of(text: &str, starts: &[usize], position: Position, encoding: Encoding) -> usize {
    let Some(&start) = starts.get(position.line as usize) else {
        return text.len();
    };
    let line = &text[start..line_end(text, start).unwrap_or(text.len())];
    start + encoding.offset_in(line, position.character as usize)
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
    fn clamps_positions_outside_the_text() {
        let text = "ü😀x\r\n\ry\n";
        for (encoding, line, character, offset) in [
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
            let mapper = PositionMapper::new(text, encoding);
            let position = Position::new(line, character);
            assert_eq!(mapper.offset(position), offset, "{encoding:?} {position:?}");
        }
    }

    #[test]
    fn converts_positions_in_long_lines() {
        let line = "a😀ü".repeat(3000);
        let text = format!("x\n{line}\n{line}");
        let mapper = PositionMapper::new(&text, Encoding::Utf16);
        let last = 2 + 2 * line.len() as u32 + 1;
        assert_eq!(mapper.position(last), Position::new(2, 12_000));
        assert_eq!(mapper.position(last - 2), Position::new(2, 11_999));
        assert_eq!(
            mapper.position(2 + line.len() as u32),
            Position::new(1, 12_000)
        );
        assert_eq!(mapper.position(3), Position::new(1, 1));
        for offset in [4106, 4107, 8212, 20_000] {
            let offsets = (0..=offset).rev();
            let offset = offsets.into_iter().find(|at| text.is_char_boundary(*at));
            let offset = offset.expect("a character boundary") as u32;
            assert_eq!(mapper.offset(mapper.position(offset)), offset);
        }
    }

    #[test]
    fn joins_a_carriage_return_and_an_inserted_line_feed() {
        let mut text = "a\rb\nc".to_owned();
        let at =
            |line, character| Range::new(Position::new(line, 0), Position::new(line, character));
        // The inserted `\n` and the `\r` before it become one line break.
        apply_changes(
            &mut text,
            vec![change(at(1, 1), "\n"), change(at(1, 0), "x")],
            Encoding::Utf16,
        );
        assert_eq!(text, "a\r\nx\nc");
    }

    proptest! {
        #[test]
        fn every_character_boundary_has_one_position(text in "[a-cü😀\r\n]{0,24}", order in any::<u64>()) {
            for encoding in ENCODINGS {
                let mapper = PositionMapper::new(&text, encoding);
                let mut boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                boundaries.push(text.len());
                boundaries.sort_by_key(|at| (*at as u64 + 1).wrapping_mul(order));
                for at in boundaries {
                    // The offset between `\r` and `\n` has no position of its own.
                    if text[..at].ends_with('\r') && text[at..].starts_with('\n') {
                        continue;
                    }
                    prop_assert_eq!(mapper.offset(mapper.position(at as u32)) as usize, at);
                }
            }
        }

        #[test]
        fn a_batch_of_changes_equals_the_single_changes(
            text in "[a-cü😀\r\n]{0,24}",
            changes in prop::collection::vec(((0_u32..6, 0_u32..6), (0_u32..6, 0_u32..6), "[xü\r\n]{0,3}"), 0..6)
        ) {
            let changes: Vec<_> = changes
                .into_iter()
                .map(|(from, to, inserted)| {
                    let (from, to) = (from.min(to), from.max(to));
                    change(Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1)), &inserted)
                })
                .collect();
            for encoding in ENCODINGS {
                let (mut together, mut one_by_one) = (text.clone(), text.clone());
                apply_changes(&mut together, changes.clone(), encoding);
                for change in &changes {
                    apply_changes(&mut one_by_one, vec![change.clone()], encoding);
                }
                prop_assert_eq!(together, one_by_one);
            }
        }
    }
}
