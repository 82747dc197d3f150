//! A line of a payload cut to a number of columns, with the columns of its characters. A payload may be one line of ten
//! million characters, of which only those around a span are read.

use unicode_width::UnicodeWidthChar;

use super::escape::escape_char;
use crate::span::Span;

/// The number of columns that a tab takes.
const TAB_WIDTH: usize = 4;

/// The maximum number of bytes of a character.
const MAX_CHAR_LEN: usize = 4;

/// The columns of a line around a span.
#[derive(Debug)]
pub(super) struct LineView {
    /// The shown characters, escaped.
    pub(super) text: String,
    /// The offset of each shown character in the source, and its column; the last is the end of the view.
    columns: Vec<(u32, usize)>,
    /// Whether the view starts at the start of the line, and ends at its end.
    is_cut: (bool, bool),
}

/// A character of a line.
struct Cell {
    offset: u32,
    text: String,
    width: usize,
}

impl LineView {
    /// The characters of `line`, a span of `text` without its line break, around `focus` in at most `width` columns.
    pub(super) fn new(text: &str, line: Span, focus: Span, width: usize) -> Self {
        let focus = Span::new(
            focus.start.clamp(line.start, line.end),
            focus
                .end
                .clamp(line.start, line.end)
                .max(focus.start.min(line.end)),
        );
        let part = part_to_read(text, line, focus, width);
        let cells = cells_of(text, part);
        let is_read_whole = part == line;
        let total: usize = cells.iter().map(|cell| cell.width).sum();
        // One column is kept for a mark after the last character.
        if is_read_whole && total < width {
            return Self::of_cells(&cells, part.end, (false, false));
        }
        let column_of = |offset: u32| -> usize {
            let before = cells.iter().take_while(|cell| cell.offset < offset);
            before.map(|cell| cell.width).sum()
        };
        let (start, end) = (column_of(focus.start), column_of(focus.end));
        let left = match part.start == line.start && end + 2 <= width {
            true => 0,
            // A third of the columns shows what precedes the span, or less if the span needs them.
            false => {
                let shown = (end - start).min(width.saturating_sub(4));
                let context = (width / 3).min(width.saturating_sub(shown + 3));
                start.saturating_sub(context)
            }
        };
        Self::cut(&cells, part, line, left, width)
    }

    /// The cells from column `left` on, with ellipses in place of what is cut.
    fn cut(cells: &[Cell], part: Span, line: Span, left: usize, width: usize) -> Self {
        let mut column = 0;
        let first = cells
            .iter()
            .position(|cell| {
                let is_first = column >= left;
                column += cell.width;
                is_first
            })
            .unwrap_or(cells.len());
        let is_cut_left = first > 0 || part.start > line.start;
        let mut available = width.saturating_sub(1 + usize::from(is_cut_left));
        let mut last = first;
        while last < cells.len() && cells[last].width <= available {
            available -= cells[last].width;
            last += 1;
        }
        let is_cut_right = last < cells.len() || part.end < line.end;
        if is_cut_right && available == 0 && last > first {
            last -= 1;
        }
        let end = cells.get(last).map_or(part.end, |cell| cell.offset);
        Self::of_cells(&cells[first..last], end, (is_cut_left, is_cut_right))
    }

    fn of_cells(cells: &[Cell], end: u32, is_cut: (bool, bool)) -> Self {
        let mut view = Self {
            text: String::new(),
            columns: Vec::with_capacity(cells.len() + 1),
            is_cut,
        };
        let mut column = usize::from(is_cut.0);
        if is_cut.0 {
            view.text.push('…');
        }
        for cell in cells {
            view.columns.push((cell.offset, column));
            view.text.push_str(&cell.text);
            column += cell.width;
        }
        view.columns.push((end, column));
        if is_cut.1 {
            view.text.push('…');
        }
        view
    }

    /// The columns of a span: the first one, and how many. `None` if the span starts outside of the view.
    pub(super) fn columns_of(&self, span: Span) -> Option<(usize, usize)> {
        let (first, last) = (self.columns.first()?, self.columns.last()?);
        let is_after = match self.is_cut.1 {
            true => span.start >= last.0,
            false => span.start > last.0,
        };
        if span.start < first.0 || is_after {
            return None;
        }
        let column = |offset: u32| {
            let index = self.columns.partition_point(|(start, _)| *start < offset);
            self.columns[index.min(self.columns.len() - 1)].1
        };
        let (start, end) = (column(span.start), column(span.end));
        Some((start, end.saturating_sub(start).max(1)))
    }

    /// Whether a span is shown to its end.
    pub(super) fn shows(&self, span: Span) -> bool {
        let end = self.columns.last().map_or(0, |(end, _)| *end);
        self.columns_of(span).is_some() && span.end <= end
    }
}

/// The part of a line that is read: all of it, or so much around the focus that it fills the columns.
fn part_to_read(text: &str, line: Span, focus: Span, width: usize) -> Span {
    let reach = (MAX_CHAR_LEN * width) as u32;
    if line.len() <= 2 * reach {
        return line;
    }
    let boundary = |mut offset: u32| {
        while !text.is_char_boundary(offset as usize) {
            offset += 1;
        }
        offset
    };
    let start = boundary(focus.start.saturating_sub(reach).max(line.start));
    let end = boundary((focus.start + reach).min(line.end));
    Span::new(start, end)
}

fn cells_of(text: &str, part: Span) -> Vec<Cell> {
    let cell = |(offset, character): (usize, char)| {
        let shown = match character {
            '\t' => " ".repeat(TAB_WIDTH),
            _ => escape_char(character).map_or_else(|| character.to_string(), Into::into),
        };
        let width = shown.chars().map(|c| c.width().unwrap_or(0)).sum();
        Cell {
            offset: part.start + offset as u32,
            text: shown,
            width,
        }
    };
    part.of(text).char_indices().map(cell).collect()
}
