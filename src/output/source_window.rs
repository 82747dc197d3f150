//! The source lines around a finding, each cut to a window of characters. A payload may be
//! one line of ten million characters.

use std::ops::Range;

use super::escape::escape_char;
use crate::line_index::LineIndex;
use crate::span::Span;

/// The number of characters shown before the start of a span in a line that is too long.
const CHARS_BEFORE: usize = 50;
/// The number of characters shown from the start of a span in a line that is too long.
const CHARS_AFTER: usize = 90;
/// The number of lines shown before and after the line of a span.
const CONTEXT_LINES: usize = 1;

/// Lines of a file, each cut to a window, with the positions of some spans in them.
#[derive(Debug)]
pub(super) struct SourceWindow {
    /// The shown lines, escaped, each with its line break.
    text: String,
    lines: Vec<Line>,
    /// The position of each requested span in `text`. `None` if it lies outside of its line's window.
    spans: Vec<Option<Range<usize>>>,
}

/// A shown line.
#[derive(Debug)]
struct Line {
    /// The number of the line in the file, from 1.
    number: u64,
    /// The offset of its first byte in [`SourceWindow::text`].
    start: usize,
}

impl SourceWindow {
    /// Creates a window on the lines around `spans`. The first span is that of the finding.
    pub(super) fn new(lines: &LineIndex<'_>, spans: &[Span]) -> Self {
        let mut indices: Vec<usize> = spans
            .iter()
            .flat_map(|span| {
                let index = lines.line_at(span.start);
                let end = (index + CONTEXT_LINES + 1).min(lines.line_count());
                index.saturating_sub(CONTEXT_LINES)..end
            })
            .collect();
        indices.sort_unstable();
        indices.dedup();
        let mut window = Self {
            text: String::new(),
            lines: Vec::with_capacity(indices.len()),
            spans: vec![None; spans.len()],
        };
        for index in indices {
            window.push_line(index, lines, spans);
        }
        window
    }

    /// The shown lines with their numbers.
    pub(super) fn numbered_lines(&self) -> impl Iterator<Item = (u64, &str)> {
        let numbers = self.lines.iter().map(|line| line.number);
        numbers.zip(self.text.lines())
    }

    /// For each requested span: the index of its line among the shown lines, and its range of
    /// characters in that line, from 0. `None` if the span is not shown.
    pub(super) fn marks(&self) -> impl Iterator<Item = Option<(usize, Range<usize>)>> {
        let mark = |span: &Range<usize>| {
            let index = self
                .lines
                .partition_point(|line| line.start <= span.start)
                .checked_sub(1)?;
            let line = &self.text[self.lines[index].start..];
            let start = span.start - self.lines[index].start;
            let before = line.get(..start)?.chars().count();
            let marked = line.get(start..start + span.len())?.chars().count();
            Some((index, before..before + marked))
        };
        self.spans.iter().map(move |span| mark(span.as_ref()?))
    }

    /// Appends a line, cut to the window around the first of `spans` that starts in it.
    fn push_line(&mut self, index: usize, lines: &LineIndex<'_>, spans: &[Span]) {
        let line = lines.line(index);
        let starts_here = |span: &&Span| lines.line_at(span.start) == index;
        let focus = spans
            .iter()
            .find(starts_here)
            .map_or(line.start, |span| span.start.min(line.end));
        let window = window_around(lines.text(), line, focus);
        self.lines.push(Line {
            number: lines.number_of(index),
            start: self.text.len(),
        });
        // Offsets in the file with the matching offsets in `self.text`.
        let mut offsets = Vec::new();
        if window.start > line.start {
            self.text.push('…');
        }
        for (offset, character) in window.of(lines.text()).char_indices() {
            offsets.push((window.start + offset as u32, self.text.len()));
            match escape_char(character) {
                Some(escape) => self.text.push_str(&escape),
                None => self.text.push(character),
            }
        }
        offsets.push((window.end, self.text.len()));
        if window.end < line.end {
            self.text.push('…');
        }
        for (shown_span, span) in self.spans.iter_mut().zip(spans) {
            let is_in_window = window.start <= span.start && span.start.min(line.end) <= window.end;
            if starts_here(&span) && is_in_window {
                let map_offset = |offset: u32| {
                    let index = offsets.partition_point(|(source, _)| *source < offset);
                    offsets[index.min(offsets.len() - 1)].1
                };
                // A span over several lines is marked on its first line only.
                let start = map_offset(span.start);
                let end = map_offset(span.end.min(window.end));
                *shown_span = Some(start..end.max(start));
            }
        }
        self.text.push('\n');
    }
}

/// The part of a line to show: the whole line, or the characters around the offset `focus`.
fn window_around(text: &str, line: Span, focus: u32) -> Span {
    if line.len() <= (CHARS_BEFORE + CHARS_AFTER) as u32 {
        return line;
    }
    // A character has at most four bytes, which bounds the part of a long line to decode.
    let max_bytes = |characters: usize| 4 * characters as u32;
    let next_boundary = |mut offset: u32| {
        while !text.is_char_boundary(offset as usize) {
            offset += 1;
        }
        offset
    };
    let from = next_boundary(
        focus
            .saturating_sub(max_bytes(CHARS_BEFORE))
            .max(line.start),
    );
    let to = next_boundary((focus + max_bytes(CHARS_AFTER)).min(line.end));
    let before = Span::new(from, focus).of(text);
    let after = Span::new(focus, to).of(text);
    let start = before
        .char_indices()
        .rev()
        .nth(CHARS_BEFORE - 1)
        .map_or(from, |(offset, _)| from + offset as u32);
    let end = after
        .char_indices()
        .nth(CHARS_AFTER)
        .map_or(to, |(offset, _)| focus + offset as u32);
    Span::new(start, end)
}
