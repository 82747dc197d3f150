//! JSON Pointers of findings, computed in one walk along each record.

use crate::document::Document;
use crate::json::Pointers;
use crate::payload::Record;
use crate::span::Span;

/// Computes the pointers of findings that are sorted by their spans.
#[derive(Default)]
pub(super) struct PointerCache<'d> {
    /// The index of the current record, its own pointer, and the pointers of its values.
    record: Option<(usize, String, Pointers<'d>)>,
    /// The span of the current root value, and the pointers of its values.
    root: Option<(Span, Pointers<'d>)>,
}

impl<'d> PointerCache<'d> {
    /// The pointer of the value at `span` in a record, from the root of the document, and the length of the pointer of
    /// the record, with which it starts.
    pub(super) fn pointer_in(&mut self, record: &Record<'d>, span: Span) -> (String, usize) {
        let current = self
            .record
            .take()
            .filter(|(index, ..)| *index == record.index);
        let (_, outer, inner) = self.record.insert(
            current.unwrap_or_else(|| (record.index, record.pointer(), Pointers::new(record.node))),
        );
        (format!("{outer}{}", inner.pointer_to(span)), outer.len())
    }

    /// The pointer of the value at `span`, which is in no record.
    pub(super) fn pointer_outside(&mut self, document: &'d Document<'d>, span: Span) -> String {
        let current = self.root.take().filter(|(root, _)| root.contains(span));
        let find = || {
            let root = document.root_at(span)?;
            Some((root.span(), Pointers::new(root)))
        };
        self.root = current.or_else(find);
        match &mut self.root {
            Some((_, pointers)) => pointers.pointer_to(span),
            None => String::new(),
        }
    }
}
