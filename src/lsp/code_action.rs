//! Code actions: quick fixes for the findings in a range, quick fixes that ignore them, and one action that applies all
//! safe fixes.

use std::collections::HashMap;

use lsp_types::{
    CodeAction, CodeActionKind, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier,
    Range, TextDocumentEdit, TextEdit, WorkspaceEdit,
};

use super::capabilities::FIX_ALL;
use super::document::DocumentChecker;
use super::ignore_action::IgnoreTarget;
use super::to_proto::DiagnosticConverter;
use crate::config_file::CONFIG_FILE_NAME;
use crate::engine::Outcome;
use crate::finding::{Finding, Safety};
use crate::patch::{Patch, Segment};
use crate::span::Span;

/// Builds the code actions of one document.
pub(super) struct CodeActionBuilder<'a> {
    pub(super) checker: &'a DocumentChecker<'a>,
    pub(super) converter: &'a DiagnosticConverter<'a>,
    pub(super) text: &'a str,
    pub(super) version: i32,
    pub(super) outcome: &'a Outcome,
    /// The configuration file in which findings can be ignored.
    pub(super) ignore_target: Option<IgnoreTarget>,
}

impl CodeActionBuilder<'_> {
    /// Returns the code actions for a range, of the kinds in `only` or of all kinds.
    pub(super) fn actions(&self, range: Range, only: Option<&[CodeActionKind]>) -> Vec<CodeAction> {
        let is_requested = |kind: &CodeActionKind| {
            only.is_none_or(|only| only.iter().any(|requested| is_kind_of(kind, requested)))
        };
        let mut actions = Vec::new();
        if is_requested(&CodeActionKind::QUICKFIX) {
            self.push_quick_fixes(range, &mut actions);
        }
        let has_fixes = !actions.is_empty();
        if is_requested(&CodeActionKind::QUICKFIX) {
            self.push_ignores(range, &mut actions);
        }
        // A menu without a quick fix does not offer to fix the rest of the document, unless the client
        // asks for actions by kind.
        let is_relevant = only.is_some() || has_fixes;
        if is_relevant && is_requested(&FIX_ALL) {
            actions.extend(self.fix_all_action());
        }
        actions
    }

    /// Returns the findings that a range touches.
    fn findings_at(&self, range: Range) -> impl Iterator<Item = &Finding> {
        let selection = self.converter.mapper.span(range);
        let is_in_range =
            move |span: Span| span.start <= selection.end && selection.start <= span.end;
        let findings = self.outcome.findings.iter();
        findings.filter(move |finding| is_in_range(finding.span))
    }

    /// Adds an action for each rule with a finding in the range, which ignores the first of them. Syntax errors are
    /// not ignored, because the platform rejects them.
    fn push_ignores(&self, range: Range, actions: &mut Vec<CodeAction>) {
        let Some(target) = &self.ignore_target else {
            return;
        };
        let mut seen = Vec::new();
        for finding in self.findings_at(range) {
            if finding.rule.starts_with("json/") || seen.contains(&finding.rule) {
                continue;
            }
            seen.push(finding.rule);
            let client = self.converter.client;
            let Some(edit) = target.edit(self.checker, self.outcome, finding, client) else {
                continue;
            };
            actions.push(CodeAction {
                title: format!("Ignore in {CONFIG_FILE_NAME}… ({})", finding.rule),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![self.converter.diagnostic(finding)]),
                edit: Some(edit),
                is_preferred: Some(false),
                ..CodeAction::default()
            });
        }
    }

    fn push_quick_fixes(&self, range: Range, actions: &mut Vec<CodeAction>) {
        for finding in self.findings_at(range) {
            let Some(fix) = finding.fix.as_ref() else {
                continue;
            };
            let is_safe = fix.safety == Safety::Safe;
            let edits = fix.edits.iter();
            let edits = edits.map(|edit| self.text_edit(edit.span, edit.text.clone()));
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

    fn fix_all_action(&self) -> Option<CodeAction> {
        let fixed = self.checker.fix_all(self.text, self.outcome)?;
        let edits = self.text_edits(&fixed.patch);
        Some(CodeAction {
            title: "Make all safe fixes".into(),
            kind: Some(FIX_ALL),
            edit: Some(self.workspace_edit(edits)),
            ..CodeAction::default()
        })
    }

    /// Converts a patch to replacements of the spans of the text that it does not keep.
    fn text_edits(&self, patch: &Patch) -> Vec<TextEdit> {
        let (mut edits, mut offset, mut inserted) = (Vec::new(), 0, String::new());
        let end = Segment::Kept(Span::empty(self.text.len() as u32));
        for segment in patch.segments().iter().chain([&end]) {
            match segment {
                Segment::Inserted(text) => inserted.push_str(text),
                Segment::Kept(kept) => {
                    if offset < kept.start || !inserted.is_empty() {
                        let text = std::mem::take(&mut inserted);
                        edits.push(self.text_edit(Span::new(offset, kept.start), text));
                    }
                    offset = kept.end;
                }
            }
        }
        edits
    }

    fn text_edit(&self, span: Span, text: String) -> TextEdit {
        TextEdit::new(self.converter.mapper.range(span), text)
    }

    fn workspace_edit(&self, edits: Vec<TextEdit>) -> WorkspaceEdit {
        let uri = self.converter.uri.clone();
        if !self.converter.client.versioned_edits {
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

/// Whether a kind is the requested kind or a sub-kind of it: `source.fixAll.countersign` is a
/// `source.fixAll`. Every kind is a sub-kind of the empty one.
fn is_kind_of(kind: &CodeActionKind, requested: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(requested.as_str());
    rest.is_some_and(|rest| {
        rest.is_empty() || rest.starts_with('.') || requested.as_str().is_empty()
    })
}
