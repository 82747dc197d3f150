//! JSON Pointers of findings, computed in one walk along each record.

use super::outcome::record_index;
use super::value_path::value_path;
use crate::document::Document;
use crate::finding::Finding;
use crate::json::{Pointers, Resolver};
use crate::payload::{DocumentPart, Record};
use crate::span::Span;

/// Computes the pointers of findings that are sorted by their spans.
#[derive(Default)]
struct PointerCache<'d> {
    /// The index of the current record, its own pointer, and the pointers of its values.
    record: Option<(usize, String, Pointers<'d>)>,
    /// The span of the current root value, and the pointers of its values.
    root: Option<(Span, Pointers<'d>)>,
}

impl<'d> PointerCache<'d> {
    /// The pointer of the value at `span` in a record, from the root of the document, and the length of the pointer of
    /// the record, with which it starts.
    fn pointer_in(&mut self, record: &Record<'d>, span: Span) -> (String, usize) {
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
    fn pointer_outside(&mut self, document: &'d Document<'d>, span: Span) -> String {
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

/// Adds the pointers and paths of findings.
pub(super) fn locate<'d>(
    document: &'d Document<'d>,
    records: &[Record<'d>],
    part: DocumentPart<'_>,
    findings: &mut [Finding],
) {
    let mut pointers = PointerCache::default();
    let mut resolver = Resolver::default();
    for finding in findings {
        let index = record_index(records, |record| record.node.span(), finding.span);
        let record = index.map(|index| &records[index]);
        finding.pointer = match record.filter(|record| record.node.span().contains(finding.span)) {
            Some(record) => {
                let (pointer, outer_len) = pointers.pointer_in(record, finding.span);
                let inner = &pointer[outer_len..];
                finding.path = value_path(record.kind(), record.node, inner, &mut resolver);
                pointer
            }
            None => {
                let pointer = pointers.pointer_outside(document, finding.span);
                match part.list_part() {
                    Some(part) => part.pointer_in_list(&pointer),
                    None => pointer,
                }
            }
        };
    }
}
