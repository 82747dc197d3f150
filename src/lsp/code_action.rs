//! What can be done about findings: one fix at a time, or all safe ones together.

use std::collections::HashMap;

use lsp_types::{
    CodeAction, CodeActionKind, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier,
    Range, TextDocumentEdit, TextEdit, WorkspaceEdit,
};

use super::document::DocumentChecker;
use super::to_proto::DiagnosticConverter;
use crate::engine::Verdict;
use crate::finding::Safety;
use crate::patch::{Patch, Stretch};
use crate::span::Span;

/// The kind of the action that makes all safe fixes.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.countersign");

/// The text in which something is to be done.
pub(super) struct CodeActionBuilder<'a> {
    pub(super) subject: &'a DocumentChecker<'a>,
    pub(super) converter: &'a DiagnosticConverter<'a>,
    pub(super) text: &'a str,
    pub(super) version: i32,
    pub(super) verdict: &'a Verdict,
}

impl CodeActionBuilder<'_> {
    /// What can be done in a range, of the kinds that are asked for; no kinds are all.
    pub(super) fn actions(&self, range: Range, only: Option<&[CodeActionKind]>) -> Vec<CodeAction> {
        let is_wanted = |kind: &CodeActionKind| {
            only.is_none_or(|only| only.iter().any(|wanted| is_kind_of(kind, wanted)))
        };
        let mut actions = Vec::new();
        if is_wanted(&CodeActionKind::QUICKFIX) {
            self.offer_fixes(range, &mut actions);
        }
        // Elsewhere it would stand in each menu and do something to another place.
        let is_asked = only.is_some() || !actions.is_empty();
        if is_asked && is_wanted(&FIX_ALL) {
            actions.extend(self.offer_all());
        }
        actions
    }

    fn offer_fixes(&self, range: Range, actions: &mut Vec<CodeAction>) {
        let asked = self.converter.places.span(range);
        let touches = |span: Span| span.start <= asked.end && asked.start <= span.end;
        for finding in &self.verdict.findings {
            let Some(fix) = finding.fix.as_ref().filter(|_| touches(finding.span)) else {
                continue;
            };
            let is_safe = fix.safety == Safety::Safe;
            let edits = fix.edits.iter();
            let edits = edits.map(|edit| self.edit(edit.span, edit.text.clone()));
            actions.push(CodeAction {
                title: if is_safe {
                    fix.title.clone()
                } else {
                    format!("{} (unsafe)", fix.title)
                },
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![self.converter.diagnostic(finding)]),
                edit: Some(self.workspace_edit(edits.collect())),
                is_preferred: Some(is_safe),
                ..CodeAction::default()
            });
        }
    }

    fn offer_all(&self) -> Option<CodeAction> {
        let fixed = self.subject.mend(self.text, self.verdict)?;
        let edits = self.edits_of(&fixed.patch);
        Some(CodeAction {
            title: "Make all safe fixes".into(),
            kind: Some(FIX_ALL),
            edit: Some(self.workspace_edit(edits)),
            ..CodeAction::default()
        })
    }

    /// What is put in the place of what, so that a patch comes about.
    fn edits_of(&self, patch: &Patch) -> Vec<TextEdit> {
        let (mut edits, mut at, mut put) = (Vec::new(), 0, String::new());
        let end = Stretch::Kept(Span::empty(self.text.len() as u32));
        for stretch in patch.stretches().iter().chain([&end]) {
            match stretch {
                Stretch::Put(text) => put.push_str(text),
                Stretch::Kept(kept) => {
                    if at < kept.start || !put.is_empty() {
                        let text = std::mem::take(&mut put);
                        edits.push(self.edit(Span::new(at, kept.start), text));
                    }
                    at = kept.end;
                }
            }
        }
        edits
    }

    fn edit(&self, span: Span, text: String) -> TextEdit {
        TextEdit::new(self.converter.places.range(span), text)
    }

    fn workspace_edit(&self, edits: Vec<TextEdit>) -> WorkspaceEdit {
        let uri = self.converter.uri.clone();
        if !self.converter.client.takes_versioned_edits {
            return WorkspaceEdit::new(HashMap::from([(uri, edits)]));
        }
        let text_document = OptionalVersionedTextDocumentIdentifier {
            uri,
            version: Some(self.version),
        };
        let edits = edits.into_iter().map(OneOf::Left).collect();
        WorkspaceEdit {
            document_changes: Some(DocumentChanges::Edits(vec![TextDocumentEdit {
                text_document,
                edits,
            }])),
            ..WorkspaceEdit::default()
        }
    }
}

/// Whether a kind is another or a part of it: `source.fixAll.countersign` is a `source.fixAll`.
fn is_kind_of(kind: &CodeActionKind, wanted: &CodeActionKind) -> bool {
    let behind = kind.as_str().strip_prefix(wanted.as_str());
    behind
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || wanted.as_str().is_empty())
}
