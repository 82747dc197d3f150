//! Text edits without IO: selects the fixes that do not overlap, and tracks how edits transform a text.

use std::collections::BTreeMap;

use crate::finding::{Edit, Finding};
use crate::span::Span;

/// An edited text, described in terms of the original text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    segments: Vec<Segment>,
}

/// A contiguous part of the edited text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Bytes copied from the original text, at this span of it.
    Kept(Span),
    /// Text that is not in the original.
    Inserted(String),
}

impl Segment {
    fn len(&self) -> u32 {
        match self {
            Segment::Kept(span) => span.len(),
            Segment::Inserted(text) => text.len() as u32,
        }
    }

    /// Splits the segment at byte offset `at`, relative to its start.
    fn split(self, at: u32) -> (Segment, Segment) {
        match self {
            Segment::Kept(Span { start, end }) => (
                Segment::Kept(Span::new(start, start + at)),
                Segment::Kept(Span::new(start + at, end)),
            ),
            Segment::Inserted(mut text) => {
                let rest = text.split_off(at as usize);
                (Segment::Inserted(text), Segment::Inserted(rest))
            }
        }
    }
}

impl Patch {
    /// Returns the identity patch of a text of `len` bytes.
    pub fn unchanged(len: u32) -> Self {
        let mut patch = Self::default();
        patch.push(Segment::Kept(Span::new(0, len)));
        patch
    }

    /// The segments of the edited text, in order. Adjacent segments of the same kind are merged.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Appends a segment, merging it with the last one where possible. An empty segment is ignored.
    pub fn push(&mut self, segment: Segment) {
        if segment.len() == 0 {
            return;
        }
        match (self.segments.last_mut(), segment) {
            (Some(Segment::Kept(last)), Segment::Kept(next)) if last.end == next.start => {
                last.end = next.end;
            }
            (Some(Segment::Inserted(last)), Segment::Inserted(next)) => last.push_str(&next),
            (_, segment) => self.segments.push(segment),
        }
    }

    /// Appends a patch whose original text starts at byte `start` of this patch's original text.
    pub fn append(&mut self, other: Patch, start: u32) {
        for segment in other.segments {
            self.push(match segment {
                Segment::Kept(span) => Segment::Kept(span.shifted(start)),
                inserted => inserted,
            });
        }
    }

    /// Applies edits to the edited text. Their spans refer to the text as edited so far; they must be
    /// sorted and must not overlap.
    pub fn apply(&mut self, edits: &[Edit]) {
        let mut segments = std::mem::take(&mut self.segments).into_iter();
        let mut rest = segments.next();
        // The offset in the text before the edits up to which segments are consumed.
        let mut offset = 0;
        // Consumes segments up to byte `to`, and copies them to `target` if there is one.
        let mut consume = |to: u32, mut target: Option<&mut Patch>| {
            while let Some(segment) = rest.take() {
                if offset == to {
                    rest = Some(segment);
                    return;
                }
                let len = segment.len();
                let (consumed, left) = if offset + len > to {
                    let (consumed, left) = segment.split(to - offset);
                    (consumed, Some(left))
                } else {
                    (segment, None)
                };
                offset += consumed.len();
                if let Some(patch) = target.as_deref_mut() {
                    patch.push(consumed);
                }
                rest = left.or_else(|| segments.next());
            }
        };
        for edit in edits {
            consume(edit.span.start, Some(self));
            consume(edit.span.end, None);
            self.push(Segment::Inserted(edit.text.clone()));
        }
        consume(u32::MAX, Some(self));
    }

    /// Returns the edited text, given the original.
    pub fn text(&self, original: &str) -> String {
        let text_of = |segment| match segment {
            &Segment::Kept(span) => span.of(original),
            Segment::Inserted(text) => text,
        };
        self.segments.iter().map(text_of).collect()
    }

    /// Returns the bytes of the edited text, segment by segment, given those of the original.
    pub fn bytes<'t>(&'t self, original: &'t [u8]) -> impl Iterator<Item = &'t [u8]> {
        self.segments.iter().map(move |segment| match segment {
            Segment::Kept(span) => &original[span.start as usize..span.end as usize],
            Segment::Inserted(text) => text.as_bytes(),
        })
    }
}

/// Fixes that can be applied together: none of their edits overlap.
#[derive(Debug, Default)]
pub struct SelectedFixes<'f> {
    /// The edits, keyed by the start and end of their spans.
    edits: BTreeMap<(u32, u32), &'f Edit>,
    /// The findings whose fixes are selected.
    pub findings: Vec<&'f Finding>,
}

impl<'f> SelectedFixes<'f> {
    /// Selects fixes of the findings. Of two fixes that overlap, that of the earlier finding is selected.
    pub fn new(findings: impl Iterator<Item = &'f Finding>) -> Self {
        let mut selected = Self::default();
        for finding in findings {
            selected.try_add(finding);
        }
        selected
    }

    fn try_add(&mut self, finding: &'f Finding) {
        let Some(fix) = &finding.fix else { return };
        let overlaps = |edit: &Edit| {
            let (start, end) = (edit.span.start, edit.span.end);
            // Selected edits are disjoint, so the last one that starts before `end` also ends last.
            let before = self.edits.range(..(end, 0)).next_back();
            before.is_some_and(|((_, other_end), _)| *other_end > start)
                || self.edits.contains_key(&(start, end))
                || self.completes_removal(edit)
        };
        if !fix.edits.iter().any(overlaps) {
            let with_key = |edit: &'f Edit| ((edit.span.start, edit.span.end), edit);
            self.edits.extend(fix.edits.iter().map(with_key));
            self.findings.push(finding);
        }
    }

    /// Whether an edit and one of another fix are a removal and an insertion at its end. What is inserted there may complete
    /// what is removed, such as the quote of a string that is not closed.
    fn completes_removal(&self, edit: &Edit) -> bool {
        let end = edit.span.end;
        if edit.span.is_empty() {
            let before = self.edits.range(..(end, end)).next_back();
            before.is_some_and(|((_, other_end), other)| *other_end == end && other.text.is_empty())
        } else {
            edit.text.is_empty() && self.edits.contains_key(&(end, end))
        }
    }

    /// Returns the edits of the selected fixes, sorted by span.
    pub fn edits(&self) -> Vec<Edit> {
        self.edits.values().map(|edit| (*edit).clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::{Fix, Level};

    #[test]
    fn composes_rounds_of_edits() {
        let original = "{ 'a': 1, }";
        let mut patch = Patch::unchanged(original.len() as u32);
        patch.apply(&[
            Edit::replace(Span::new(2, 3), "\""),
            Edit::replace(Span::new(4, 5), "\""),
        ]);
        assert_eq!(patch.text(original), "{ \"a\": 1, }");
        patch.apply(&[Edit::insert(2, "_"), Edit::remove(Span::new(8, 9))]);
        assert_eq!(patch.text(original), "{ _\"a\": 1 }");
        let kept = |start, end| Segment::Kept(Span::new(start, end));
        let inserted = |text: &str| Segment::Inserted(text.into());
        assert_eq!(
            patch.segments(),
            [
                kept(0, 2),
                inserted("_\""),
                kept(3, 4),
                inserted("\""),
                kept(5, 8),
                kept(9, 11)
            ]
        );
    }

    #[test]
    fn a_fix_that_may_complete_what_another_one_removes_waits() {
        let finding = |edit: Edit| Finding {
            fix: Some(Fix::unsafe_("change", vec![edit])),
            ..Finding::new("json/unclosed", Level::Error, Span::empty(0), "a finding")
        };
        let removal = finding(Edit::remove(Span::new(4, 9)));
        let replacement = finding(Edit::replace(Span::new(4, 9), "x"));
        let [at_start, at_end] = [4, 9].map(|at| finding(Edit::insert(at, "\"}")));
        for (first, second, selected) in [
            (&removal, &at_end, 1),
            (&at_end, &removal, 1),
            (&removal, &at_start, 2),
            (&at_start, &removal, 2),
            (&replacement, &at_end, 2),
            (&at_end, &replacement, 2),
        ] {
            let fixes = SelectedFixes::new([first, second].into_iter());
            assert_eq!(fixes.findings.len(), selected, "{:?}", fixes.edits());
        }
    }

    proptest! {
        #[test]
        fn equals_applying_the_edits_one_by_one(
            rounds in prop::collection::vec(prop::collection::vec((0_u32..9, 0_u32..4, "[x-z]{0,3}"), 0..4), 0..5)
        ) {
            let original = "abcdefghijklmnopqrstuvw";
            let mut patch = Patch::unchanged(original.len() as u32);
            let mut text = original.to_owned();
            for round in rounds {
                let (mut previous_end, mut edits) = (0, Vec::new());
                for (gap, len, replacement) in round {
                    let start = (previous_end + gap).min(text.len() as u32);
                    let end = (start + len).min(text.len() as u32);
                    edits.push(Edit::replace(Span::new(start, end), replacement));
                    previous_end = end;
                }
                patch.apply(&edits);
                for edit in edits.iter().rev() {
                    text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
                }
                prop_assert_eq!(patch.text(original), text.clone());
            }
        }
    }
}
