//! Edits made together: which of those that are offered do not get in each other's way, and what
//! becomes of a text by them.

use std::collections::BTreeMap;

use crate::finding::{Edit, Finding};
use crate::span::Span;

/// A text in terms of the one it was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    stretches: Vec<Stretch>,
}

/// A stretch of the new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// Stayed: these bytes of the old text.
    Kept(Span),
    /// Was put there.
    Put(String),
}

impl Stretch {
    fn len(&self) -> u32 {
        match self {
            Stretch::Kept(span) => span.len(),
            Stretch::Put(text) => text.len() as u32,
        }
    }

    /// The stretch up to byte `at` of its own, and what is behind.
    fn split(self, at: u32) -> (Stretch, Stretch) {
        match self {
            Stretch::Kept(Span { start, end }) => (
                Stretch::Kept(Span::new(start, start + at)),
                Stretch::Kept(Span::new(start + at, end)),
            ),
            Stretch::Put(mut text) => {
                let behind = text.split_off(at as usize);
                (Stretch::Put(text), Stretch::Put(behind))
            }
        }
    }
}

impl Patch {
    /// The text of so many bytes, as it is.
    pub fn of_unchanged(len: u32) -> Self {
        let mut patch = Self::default();
        patch.push(Stretch::Kept(Span::new(0, len)));
        patch
    }

    /// The stretches, in order.
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// Adds a stretch at the end.
    pub fn push(&mut self, stretch: Stretch) {
        if stretch.len() == 0 {
            return;
        }
        match (self.stretches.last_mut(), stretch) {
            (Some(Stretch::Kept(last)), Stretch::Kept(next)) if last.end == next.start => {
                last.end = next.end;
            }
            (Some(Stretch::Put(last)), Stretch::Put(next)) => last.push_str(&next),
            (_, stretch) => self.stretches.push(stretch),
        }
    }

    /// Adds another patch at the end, that of the old text's bytes from `start` on.
    pub fn append(&mut self, other: Patch, start: u32) {
        for stretch in other.stretches {
            self.push(match stretch {
                Stretch::Kept(span) => Stretch::Kept(span.shifted(start)),
                put => put,
            });
        }
    }

    /// Makes edits of the new text as it is by now. They are in order and do not overlap.
    pub fn apply(&mut self, edits: &[Edit]) {
        let mut stretches = std::mem::take(&mut self.stretches).into_iter();
        let mut rest = stretches.next();
        // How much of the text before the edits has been looked at.
        let mut at = 0;
        // Takes what there is up to byte `to`.
        let mut take = |to: u32, mut keep: Option<&mut Patch>| {
            while let Some(stretch) = rest.take() {
                if at == to {
                    rest = Some(stretch);
                    return;
                }
                let len = stretch.len();
                let (taken, left) = if at + len > to {
                    let (taken, left) = stretch.split(to - at);
                    (taken, Some(left))
                } else {
                    (stretch, None)
                };
                at += taken.len();
                if let Some(patch) = keep.as_deref_mut() {
                    patch.push(taken);
                }
                rest = left.or_else(|| stretches.next());
            }
        };
        for edit in edits {
            take(edit.span.start, Some(self));
            take(edit.span.end, None);
            self.push(Stretch::Put(edit.text.clone()));
        }
        take(u32::MAX, Some(self));
    }

    /// The new text, made from the old one.
    pub fn text(&self, old: &str) -> String {
        let piece = |stretch| match stretch {
            &Stretch::Kept(span) => span.of(old),
            Stretch::Put(text) => text,
        };
        self.stretches.iter().map(piece).collect()
    }

    /// The bytes of the new text, stretch by stretch, made from those of the old one.
    pub fn bytes<'t>(&'t self, old: &'t [u8]) -> impl Iterator<Item = &'t [u8]> {
        self.stretches.iter().map(move |stretch| match stretch {
            Stretch::Kept(span) => &old[span.start as usize..span.end as usize],
            Stretch::Put(text) => text.as_bytes(),
        })
    }
}

/// Edits that do not get in each other's way.
#[derive(Debug, Default)]
pub struct Chosen<'f> {
    /// By where they begin and end: they do not overlap, so this is their order.
    edits: BTreeMap<(u32, u32), &'f Edit>,
    /// The findings whose fixes they are.
    pub fixes: Vec<&'f Finding>,
}

impl<'f> Chosen<'f> {
    /// The edits of the findings' fixes. Where two fixes get in each other's way, that of the earlier
    /// finding is taken.
    pub fn of(findings: impl Iterator<Item = &'f Finding>) -> Self {
        let mut chosen = Self::default();
        for finding in findings {
            chosen.take(finding);
        }
        chosen
    }

    fn take(&mut self, finding: &'f Finding) {
        let Some(fix) = &finding.fix else { return };
        let is_barred = |edit: &Edit| {
            let (start, end) = (edit.span.start, edit.span.end);
            // Of those that begin before its end, the last one ends last.
            let before = self.edits.range(..(end, 0)).next_back();
            before.is_some_and(|((_, other_end), _)| *other_end > start)
                || self.edits.contains_key(&(start, end))
        };
        if !fix.edits.iter().any(is_barred) {
            let keyed = |edit: &'f Edit| ((edit.span.start, edit.span.end), edit);
            self.edits.extend(fix.edits.iter().map(keyed));
            self.fixes.push(finding);
        }
    }

    /// The edits, in order.
    pub fn edits(&self) -> Vec<Edit> {
        self.edits.values().map(|edit| (*edit).clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rounds_of_edits_add_up() {
        let old = "{ 'a': 1, }";
        let mut patch = Patch::of_unchanged(old.len() as u32);
        patch.apply(&[
            Edit::replace(Span::new(2, 3), "\""),
            Edit::replace(Span::new(4, 5), "\""),
        ]);
        assert_eq!(patch.text(old), "{ \"a\": 1, }");
        patch.apply(&[Edit::insert(2, "_"), Edit::remove(Span::new(8, 9))]);
        assert_eq!(patch.text(old), "{ _\"a\": 1 }");
        let kept = |start, end| Stretch::Kept(Span::new(start, end));
        let put = |text: &str| Stretch::Put(text.into());
        assert_eq!(
            patch.stretches(),
            [
                kept(0, 2),
                put("_\""),
                kept(3, 4),
                put("\""),
                kept(5, 8),
                kept(9, 11)
            ]
        );
    }

    proptest! {
        #[test]
        fn a_patch_is_its_edits_one_after_the_other(
            rounds in prop::collection::vec(prop::collection::vec((0_u32..9, 0_u32..4, "[x-z]{0,3}"), 0..4), 0..5)
        ) {
            let old = "abcdefghijklmnopqrstuvw";
            let mut patch = Patch::of_unchanged(old.len() as u32);
            let mut text = old.to_owned();
            for round in rounds {
                let (mut at, mut edits) = (0, Vec::new());
                for (gap, len, put) in round {
                    let start = (at + gap).min(text.len() as u32);
                    let end = (start + len).min(text.len() as u32);
                    edits.push(Edit::replace(Span::new(start, end), put));
                    at = end;
                }
                patch.apply(&edits);
                for edit in edits.iter().rev() {
                    text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
                }
                prop_assert_eq!(patch.text(old), text.clone());
            }
        }
    }
}
