//! The source lines of a finding with underlines and labels, laid out in rows that fit a number of columns.

use super::line_view::LineView;
use crate::line_index::LineIndex;
use crate::span::Span;

/// The number of lines with text that are shown before and after the line of the finding.
const CONTEXT_LINES: usize = 2;

/// The maximum number of lines in which lines with text are looked for.
const MAX_SEARCH: usize = 20;

/// A place to underline.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) span: Span,
    pub(super) label: Option<String>,
    /// Whether it is the place of the finding, rather than a related one.
    pub(super) is_primary: bool,
}

/// A row of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// Lines are left out here.
    Gap,
    /// A line of the source with its number, from 1.
    Source { number: u64, text: String },
    /// An underline below the last source line, and the start of its label.
    Underline {
        column: usize,
        width: usize,
        label: String,
        is_primary: bool,
    },
    /// More of a label, from a column on.
    Label {
        column: usize,
        text: String,
        is_primary: bool,
    },
}

/// Lays out the lines around some marks, of which one is primary, in `width` columns.
pub(super) fn frame(lines: &LineIndex<'_>, marks: &[Mark], width: usize) -> Vec<Row> {
    let mut shown: Vec<usize> = Vec::new();
    for mark in marks {
        let index = lines.line_at(mark.span.start);
        shown.push(index);
        if mark.is_primary {
            let before = (0..index).rev().take(MAX_SEARCH);
            shown.extend(lines_with_text(lines, before));
            let after = (index + 1..lines.line_count()).take(MAX_SEARCH);
            shown.extend(lines_with_text(lines, after));
        }
    }
    shown.sort_unstable();
    shown.dedup();
    let mut rows = Vec::new();
    let mut previous: Option<usize> = None;
    for index in shown {
        let skipped = previous.map_or(0..0, |previous| previous + 1..index);
        let leaves_out = |index: usize| has_text(lines, index);
        if skipped.len() > MAX_SEARCH || skipped.clone().any(leaves_out) {
            rows.push(Row::Gap);
        }
        previous = Some(index);
        push_line(&mut rows, lines, index, marks, width);
    }
    rows
}

/// The first lines with text among some.
fn lines_with_text(
    lines: &LineIndex<'_>,
    candidates: impl Iterator<Item = usize>,
) -> impl Iterator<Item = usize> {
    candidates
        .filter(|&index| has_text(lines, index))
        .take(CONTEXT_LINES)
}

fn has_text(lines: &LineIndex<'_>, index: usize) -> bool {
    !lines.line(index).of(lines.text()).trim().is_empty()
}

/// Adds a line with the marks that start in it. Marks that do not fit into one view of the line get views of their own.
fn push_line(
    rows: &mut Vec<Row>,
    lines: &LineIndex<'_>,
    index: usize,
    marks: &[Mark],
    width: usize,
) {
    let (text, line) = (lines.text(), lines.line(index));
    let number = lines.number_of(index);
    let mut here: Vec<&Mark> = marks
        .iter()
        .filter(|mark| lines.line_at(mark.span.start) == index)
        .collect();
    here.sort_by_key(|mark| (!mark.is_primary, mark.span.start));
    if here.is_empty() {
        let view = LineView::new(text, line, Span::empty(line.start), width);
        return rows.push(Row::Source {
            number,
            text: view.text,
        });
    }
    while let Some(first) = here.first() {
        let view = LineView::new(text, line, first.span, width);
        let (shown, rest): (Vec<&Mark>, Vec<&Mark>) = here
            .iter()
            .enumerate()
            .map(|(index, mark)| (index == 0 || view.shows(within(mark.span, line)), *mark))
            .fold(Default::default(), |mut parts, (is_shown, mark)| {
                if is_shown {
                    parts.0.push(mark)
                } else {
                    parts.1.push(mark)
                }
                parts
            });
        here = rest;
        rows.push(Row::Source {
            number,
            text: view.text.clone(),
        });
        for mark in shown {
            push_mark(rows, &view, mark, width);
        }
    }
}

/// A span up to the end of a line: only the first line of a longer one is underlined.
fn within(span: Span, line: Span) -> Span {
    Span::new(span.start, span.end.min(line.end.max(span.start)))
}

fn push_mark(rows: &mut Vec<Row>, view: &LineView, mark: &Mark, width: usize) {
    let (column, marked) = view.columns_of(mark.span).unwrap_or((0, 1));
    let is_primary = mark.is_primary;
    let label = mark.label.as_deref().unwrap_or_default();
    let after = column + marked + 1;
    let fits = after + textwrap::core::display_width(label) <= width;
    rows.push(Row::Underline {
        column,
        width: marked,
        label: if fits {
            label.to_owned()
        } else {
            String::new()
        },
        is_primary,
    });
    if fits {
        return;
    }
    // A label that is too long continues below the underline.
    let column = column.min(width / 2);
    for line in textwrap::wrap(label, width - column) {
        rows.push(Row::Label {
            column,
            text: line.into_owned(),
            is_primary,
        });
    }
}
