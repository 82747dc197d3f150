//! Completion of incomplete documents: properties and values of the schema, the named entries of a kind, such as the
//! parameters of an order, and templates for empty documents.

use lsp_types::{
    CompletionItem, CompletionTextEdit, Documentation, InsertTextFormat, MarkupContent, Position,
    TextEdit,
};

use super::candidates::{self, Candidate, EntryName};
use super::capabilities::ClientCapabilities;
use super::cursor::{CursorContext, CursorTarget, cursor_context, document_at};
use super::document::{DocumentChecker, DocumentKind};
use super::position::PositionMapper;
use super::snippet::{has_placeholders, strip_placeholders};
use super::trial::{Removal, Trial};
use crate::document::Document;
use crate::json::{Kind, Node, quote};
use crate::span::Span;

/// Completes one document.
pub(super) struct Completer<'a> {
    pub(super) checker: &'a DocumentChecker<'a>,
    pub(super) client: &'a ClientCapabilities,
    pub(super) mapper: &'a PositionMapper<'a>,
    pub(super) text: &'a str,
}

/// The span that a completion replaces.
struct ReplaceRange {
    span: Span,
    cursor: u32,
    /// Whether the completion adds a comma after the inserted text.
    needs_comma: bool,
}

impl Completer<'_> {
    /// Returns the completions at a position, the most useful first.
    pub(super) fn complete(&self, position: Position) -> Vec<CompletionItem> {
        let cursor = self.mapper.offset(position);
        let is_json_lines = self.checker.kind == DocumentKind::JsonLines;
        let (source, start) = document_at(self.text, cursor, is_json_lines);
        let document = Document::parse(source);
        let context = match self.checker.kind {
            DocumentKind::Config => None,
            _ => cursor_context(
                &document,
                self.checker.declared(),
                self.checker.registry().detector(),
                cursor - start,
            ),
        };
        match context {
            Some(context) => self.complete_in_record(&context, source, (cursor, start)),
            None => self.complete_template(cursor, source),
        }
    }

    /// Returns the completions in a record of the document that begins at `start` of the text.
    fn complete_in_record(
        &self,
        context: &CursorContext<'_>,
        source: &str,
        (cursor, start): (u32, u32),
    ) -> Vec<CompletionItem> {
        let (CursorTarget::Name(_, target)
        | CursorTarget::Value(_, target)
        | CursorTarget::Element(target)) = context.target
        else {
            return Vec::new();
        };
        let is_renamed = candidates::is_renamed(context, source);
        let needs_comma =
            !is_renamed && is_followed(context.container, &source[target.end as usize..]);
        let cursor = cursor - start;
        let span = without_unclosed_tail(target, cursor, source);
        let span = limited_to_line(cursor, span, source);
        let edit = (span, needs_comma);
        let new_trial = |edit, removal| Trial::new(self.checker, source, context, edit, removal);
        let (candidates, trial) = match context.target {
            CursorTarget::Name(None, _) if is_empty_record(context) => {
                (candidates::templates(self.checker.registry()), None)
            }
            CursorTarget::Name(property, _) => {
                let removal = match is_renamed {
                    true => Removal::None,
                    false => Removal::Part(span),
                };
                let candidates = candidates::properties(context, property, is_renamed);
                (candidates, new_trial(edit, removal))
            }
            CursorTarget::Value(property, _) => match EntryName::at(context, property, source) {
                Some(name) => {
                    let trial = new_trial((name.whole.unwrap_or(span), needs_comma), name.removal);
                    let is_strict = trial.as_ref().is_some_and(Trial::is_strict);
                    (name.candidates(is_strict), trial)
                }
                None => (
                    candidates::values(context, property),
                    new_trial(edit, Removal::None),
                ),
            },
            _ => (
                candidates::elements(context),
                new_trial(edit, Removal::Part(span)),
            ),
        };
        let replaced = ReplaceRange {
            span: span.shifted(start),
            cursor: cursor + start,
            needs_comma,
        };
        self.items(candidates, trial.as_ref(), &replaced)
    }

    /// Returns the templates for an empty document, or for an empty line of JSON Lines.
    fn complete_template(&self, cursor: u32, source: &str) -> Vec<CompletionItem> {
        if self.checker.kind == DocumentKind::Config || !source.trim().is_empty() {
            return Vec::new();
        }
        let replaced = ReplaceRange {
            span: Span::empty(cursor),
            cursor,
            needs_comma: false,
        };
        let mut candidates = candidates::templates(self.checker.registry());
        for variant in candidates.iter_mut().flat_map(|one| &mut one.variants) {
            variant.snippet = format!("{{{}}}", variant.snippet);
        }
        self.items(candidates, None, &replaced)
    }

    /// Converts the candidates that a trial admits to completion items, in their order.
    fn items(
        &self,
        candidates: Vec<Candidate>,
        trial: Option<&Trial<'_>>,
        replaced: &ReplaceRange,
    ) -> Vec<CompletionItem> {
        let admitted = candidates.into_iter().filter_map(|mut candidate| {
            let snippet = candidate.admitted_snippet(trial)?;
            Some((candidate, snippet))
        });
        let ranked = admitted.enumerate();
        ranked
            .map(|(rank, (candidate, snippet))| self.item(candidate, &snippet, rank, replaced))
            .collect()
    }

    fn item(
        &self,
        candidate: Candidate,
        snippet: &str,
        rank: usize,
        replaced: &ReplaceRange,
    ) -> CompletionItem {
        let (span, snippet) = replaced.narrowed(self.text, snippet);
        let comma = if replaced.needs_comma { "," } else { "" };
        let is_snippet = self.client.snippets && has_placeholders(snippet);
        let (inserted, format) = match is_snippet {
            true => (format!("{snippet}{comma}"), InsertTextFormat::SNIPPET),
            false => (
                format!("{}{comma}", strip_placeholders(snippet)),
                InsertTextFormat::PLAIN_TEXT,
            ),
        };
        // Clients match the replaced text against the filter text, so both start with a quote or neither.
        let filter_text = match span.of(self.text).starts_with('"') {
            true => quote(&candidate.filter),
            false => candidate.filter,
        };
        CompletionItem {
            label: candidate.label,
            kind: Some(candidate.kind),
            detail: candidate.detail,
            documentation: candidate.documentation.map(|text| self.documentation(text)),
            sort_text: Some(format!("{rank:03}")),
            filter_text: Some(filter_text),
            insert_text_format: Some(format),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(
                self.mapper.range(span),
                inserted,
            ))),
            ..CompletionItem::default()
        }
    }

    fn documentation(&self, value: String) -> Documentation {
        match self.client.completion_documentation.clone() {
            Some(kind) => Documentation::MarkupContent(MarkupContent { kind, value }),
            None => Documentation::String(value),
        }
    }
}

impl ReplaceRange {
    /// Returns the span and the snippet without the quotes around both, if the cursor is between them: some clients do
    /// not replace what follows the cursor.
    fn narrowed<'s>(&self, text: &str, snippet: &'s str) -> (Span, &'s str) {
        let content = |quoted: &str| {
            let content = quoted.strip_prefix('"')?.strip_suffix('"')?;
            (!content.contains('"')).then_some(content.len() as u32)
        };
        let lengths = content(self.span.of(text)).zip(content(snippet));
        let Some((length, _)) = lengths.filter(|_| !self.needs_comma) else {
            return (self.span, snippet);
        };
        let start = self.span.start + 1;
        match start <= self.cursor && self.cursor <= start + length {
            true => (
                Span::new(start, start + length),
                &snippet[1..snippet.len() - 1],
            ),
            false => (self.span, snippet),
        }
    }
}

/// Limits the span of an unclosed string to the part before the cursor: such a string extends to the end of
/// its line, and the text after the cursor usually belongs to something else.
fn without_unclosed_tail(span: Span, cursor: u32, source: &str) -> Span {
    let token = span.of(source);
    let is_unclosed = token.starts_with('"') && (token.len() == 1 || !token.ends_with('"'));
    match is_unclosed && cursor > span.start {
        true => Span::new(span.start, cursor),
        false => span,
    }
}

/// Limits a span around the cursor to the cursor's line, because the protocol allows no more for the edit of
/// a completion.
fn limited_to_line(cursor: u32, span: Span, source: &str) -> Span {
    let is_line_break = |c: char| c == '\n' || c == '\r';
    let (before, after) = source.split_at(cursor as usize);
    let start = before.rfind(is_line_break).map_or(0, |at| at as u32 + 1);
    let end = after
        .find(is_line_break)
        .map_or(source.len(), |at| cursor as usize + at);
    Span::new(span.start.max(start), span.end.min(end as u32))
}

/// Whether the cursor is in an empty object whose kind is unknown.
fn is_empty_record(context: &CursorContext<'_>) -> bool {
    let record = &context.record;
    record.kind().is_none() && context.container == record.node && record.node.child_count() == 0
}

/// Whether another property or element of the container follows, so that a comma is needed between.
fn is_followed(container: Node<'_>, after: &str) -> bool {
    let next = after.trim_start().chars().next();
    next.is_some_and(|next| match container.kind() {
        // A property does not start with a bracket: the bracket follows an object without closing brace.
        Kind::Object => !matches!(next, ',' | ':' | '{' | '}' | '[' | ']'),
        _ => !matches!(next, ',' | ':' | '}' | ']'),
    })
}
