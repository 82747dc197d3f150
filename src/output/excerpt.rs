//! The lines around a finding, cut to what a screen can show: miette's graphical handler prints whole
//! lines and counts columns in 16 bits, and a payload may be one line of ten million characters.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::printable::shown;
use crate::line_index::LineIndex;
use crate::span::Span;

/// Characters shown before and from the start of a place, where a line is too long to be shown whole.
const BEFORE: usize = 50;
const BEHIND: usize = 90;
/// Lines shown before and behind a place.
const CONTEXT: usize = 1;

/// Some lines of a file, each cut to a window, and where the places in question are in them.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    /// The shown lines, each with its line break.
    text: String,
    lines: Vec<Line>,
    /// For each place asked for: where it is in `text`. None if it lies outside the windows.
    pub(super) places: Vec<Option<SourceSpan>>,
    /// Line and column, from 0, of the first place.
    head: (usize, usize),
}

/// One shown line.
#[derive(Debug)]
struct Line {
    /// Its number in the file, from 1.
    number: u64,
    /// Where it begins in the excerpt's text.
    start: usize,
}

impl Excerpt {
    /// The lines around `places`, of which the first is the finding's own.
    pub(super) fn new(name: &str, lines: &LineIndex<'_>, places: &[Span]) -> Self {
        let mut shown: Vec<usize> = places
            .iter()
            .flat_map(|place| {
                let index = lines.line_at(place.start);
                index.saturating_sub(CONTEXT)..(index + CONTEXT + 1).min(lines.line_count())
            })
            .collect();
        shown.sort_unstable();
        shown.dedup();
        let position = lines.position(places[0].start);
        let mut excerpt = Self {
            name: name.to_owned(),
            text: String::new(),
            lines: Vec::with_capacity(shown.len()),
            places: vec![None; places.len()],
            head: (position.line as usize - 1, position.column as usize - 1),
        };
        for index in shown {
            excerpt.push_line(index, lines, places);
        }
        excerpt
    }

    /// The shown lines, each with its number.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u64, &str)> {
        let numbers = self.lines.iter().map(|line| line.number);
        numbers.zip(self.text.lines())
    }

    /// For each place asked for, if it is shown: the place of its line among those shown, and the
    /// characters in that, from 0.
    pub(super) fn marks(&self) -> impl Iterator<Item = Option<(usize, Range<usize>)>> {
        let mark = |place: &SourceSpan| {
            let row = self
                .lines
                .partition_point(|line| line.start <= place.offset())
                .checked_sub(1)?;
            let line = &self.text[self.lines[row].start..];
            let start = place.offset() - self.lines[row].start;
            let before = line.get(..start)?.chars().count();
            let marked = line.get(start..start + place.len())?.chars().count();
            Some((row, before..before + marked))
        };
        self.places.iter().map(move |place| mark(place.as_ref()?))
    }

    fn push_line(&mut self, index: usize, lines: &LineIndex<'_>, places: &[Span]) {
        let line = lines.line(index);
        let here = |place: &&Span| lines.line_at(place.start) == index;
        let focus = places
            .iter()
            .find(here)
            .map_or(line.start, |place| place.start.min(line.end));
        let window = window_around(lines.text(), line, focus);
        self.lines.push(Line {
            number: lines.number_of(index),
            start: self.text.len(),
        });
        let mut shown_at = Vec::new();
        if window.start > line.start {
            self.text.push('…');
        }
        for (offset, character) in window.of(lines.text()).char_indices() {
            shown_at.push((window.start + offset as u32, self.text.len()));
            match shown(character) {
                Some(name) => self.text.push_str(&name),
                None => self.text.push(character),
            }
        }
        shown_at.push((window.end, self.text.len()));
        if window.end < line.end {
            self.text.push('…');
        }
        for (slot, place) in self.places.iter_mut().zip(places) {
            let is_here = lines.line_at(place.start) == index;
            if is_here && window.start <= place.start && place.start.min(line.end) <= window.end {
                let shown_from = |offset: u32| {
                    let behind = shown_at.partition_point(|(known, _)| *known < offset);
                    shown_at[behind.min(shown_at.len() - 1)].1
                };
                // A place that runs over several lines is marked on its first.
                let start = shown_from(place.start);
                let end = shown_from(place.end.min(window.end));
                *slot = Some(SourceSpan::new(start.into(), end.saturating_sub(start)));
            }
        }
        self.text.push('\n');
    }
}

/// The part of a line that is shown: all of it, or what stands around `focus`.
fn window_around(text: &str, line: Span, focus: u32) -> Span {
    // Four bytes a character at the most: nothing beyond needs a look.
    let reach = |characters: usize| 4 * characters as u32;
    if line.len() <= (BEFORE + BEHIND) as u32 {
        return line;
    }
    let near = |mut at: u32| {
        while !text.is_char_boundary(at as usize) {
            at += 1;
        }
        at
    };
    let from = near(focus.saturating_sub(reach(BEFORE)).max(line.start));
    let to = near((focus + reach(BEHIND)).min(line.end));
    let before = Span::new(from, focus).of(text);
    let behind = Span::new(focus, to).of(text);
    let start = before
        .char_indices()
        .rev()
        .nth(BEFORE - 1)
        .map_or(from, |(at, _)| from + at as u32);
    let end = behind
        .char_indices()
        .nth(BEHIND)
        .map_or(to, |(at, _)| focus + at as u32);
    Span::new(start, end)
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_before: usize,
        context_behind: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let line_of = |offset: usize| {
            self.lines
                .partition_point(|line| line.start <= offset)
                .saturating_sub(1)
        };
        let (mut first, mut last) = (
            line_of(span.offset()),
            line_of(span.offset() + span.len().saturating_sub(1)),
        );
        // Context goes no further than the lines that follow each other in the file.
        let follows = |line: usize| self.lines[line].number == self.lines[line - 1].number + 1;
        for _ in 0..context_before {
            first -= usize::from(first > 0 && follows(first));
        }
        for _ in 0..context_behind {
            last += usize::from(last + 1 < self.lines.len() && follows(last + 1));
        }
        let start = self.lines[first].start;
        let end = self
            .lines
            .get(last + 1)
            .map_or(self.text.len(), |line| line.start);
        let is_head = context_before == 0
            && self
                .places
                .first()
                .is_some_and(|place| place.as_ref() == Some(span));
        let column = if is_head { self.head.1 } else { 0 };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            &self.text.as_bytes()[start..end],
            SourceSpan::new(start.into(), end - start),
            self.lines[first].number as usize - 1,
            column,
            last - first,
        )))
    }
}
