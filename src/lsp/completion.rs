//! Completion of incomplete documents: properties and values of the schema, the named entries of a kind, such as the
//! parameters of an order, and templates for empty documents.

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, InsertTextFormat,
    MarkupContent, Position, TextEdit,
};

use super::capabilities::ClientCapabilities;
use super::cursor::{CursorContext, CursorTarget, cursor_context, document_at};
use super::document::{DocumentChecker, DocumentKind};
use super::position::PositionMapper;
use super::snippet::{self, escape, strip_placeholders};
use crate::document::Document;
use crate::json::{Kind, Member, Node, quote};
use crate::payload::{NamedEntries, NamedEntry};
use crate::registry::Registry;
use crate::schema::{PropertyView, SchemaView};
use crate::span::Span;

/// Completes one document.
pub(super) struct Completer<'a> {
    pub(super) checker: &'a DocumentChecker<'a>,
    pub(super) client: &'a ClientCapabilities,
    pub(super) mapper: &'a PositionMapper<'a>,
    pub(super) text: &'a str,
}

/// A possible completion.
struct Candidate {
    label: String,
    kind: CompletionItemKind,
    documentation: Option<String>,
    /// The inserted text, in the snippet syntax.
    snippet: String,
}

/// The span that a completion replaces.
struct ReplaceRange {
    span: Span,
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
        let Some(context) = context else {
            return self.complete_template(cursor, source);
        };
        let (span, candidates) = match context.target {
            CursorTarget::Name(None, span) if is_empty_record(&context) => {
                (span, template_candidates(self.checker.registry()))
            }
            CursorTarget::Name(property, span) => {
                (span, property_candidates(&context, property, source))
            }
            CursorTarget::Value(property, span) => (span, value_candidates(&context, property)),
            CursorTarget::Element(span) => (span, element_candidates(&context)),
            CursorTarget::None => return Vec::new(),
        };
        let has_value = matches!(
            context.target,
            CursorTarget::Name(Some(property), _) if has_colon(property, source)
        );
        let needs_comma =
            !has_value && is_followed(context.container, &source[span.end as usize..]);
        let span = without_unclosed_tail(span, cursor - start, source);
        let span = limited_to_line(cursor - start, span, source);
        let replaced = ReplaceRange {
            span: span.shifted(start),
            needs_comma,
        };
        self.items(candidates, &replaced)
    }

    /// Returns the templates for an empty document, or for an empty line of JSON Lines.
    fn complete_template(&self, cursor: u32, source: &str) -> Vec<CompletionItem> {
        if self.checker.kind == DocumentKind::Config || !source.trim().is_empty() {
            return Vec::new();
        }
        let replaced = ReplaceRange {
            span: Span::empty(cursor),
            needs_comma: false,
        };
        let mut candidates = template_candidates(self.checker.registry());
        for candidate in &mut candidates {
            candidate.snippet = format!("{{{}}}", candidate.snippet);
        }
        self.items(candidates, &replaced)
    }

    /// Converts candidates to completion items, in their order.
    fn items(&self, candidates: Vec<Candidate>, replaced: &ReplaceRange) -> Vec<CompletionItem> {
        let ranked = candidates.into_iter().enumerate();
        ranked
            .map(|(rank, candidate)| self.item(candidate, rank, replaced))
            .collect()
    }

    fn item(&self, candidate: Candidate, rank: usize, replaced: &ReplaceRange) -> CompletionItem {
        let comma = if replaced.needs_comma { "," } else { "" };
        let (inserted, format) = match self.client.snippets {
            true => (
                format!("{}{comma}", candidate.snippet),
                InsertTextFormat::SNIPPET,
            ),
            false => (
                format!("{}{comma}", strip_placeholders(&candidate.snippet)),
                InsertTextFormat::PLAIN_TEXT,
            ),
        };
        // Clients match the replaced text against the filter text, so both start with a quote or neither.
        let filter_text = match replaced.span.of(self.text).starts_with('"') {
            true => quote(&candidate.label),
            false => candidate.label.clone(),
        };
        CompletionItem {
            label: candidate.label,
            kind: Some(candidate.kind),
            documentation: candidate.documentation.map(|text| self.documentation(text)),
            sort_text: Some(format!("{rank:03}")),
            filter_text: Some(filter_text),
            insert_text_format: Some(format),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(
                self.mapper.range(replaced.span),
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

fn template_candidates(registry: &Registry) -> Vec<Candidate> {
    let candidate = |(label, snippet): (&str, String)| Candidate {
        label: label.to_owned(),
        kind: CompletionItemKind::SNIPPET,
        documentation: Some("A payload to be filled in.".into()),
        snippet,
    };
    snippet::templates(registry)
        .into_iter()
        .map(candidate)
        .collect()
}

/// Returns the properties of the schema that the object does not have yet, required ones first. `current` is
/// the property that the user is typing.
fn property_candidates(
    context: &CursorContext<'_>,
    current: Option<Member<'_>>,
    source: &str,
) -> Vec<Candidate> {
    let Some(schema) = context.schema_view() else {
        return Vec::new();
    };
    let is_present = |name: &str| {
        let property = context.container.member(name);
        property.is_some_and(|property| Some(property) != current)
    };
    let mut properties = schema.properties();
    properties.retain(|property| !is_present(property.name));
    properties.sort_by_key(|property| !property.is_required);
    let has_value = current.is_some_and(|property| has_colon(property, source));
    let candidate = |property: &PropertyView<'_>| {
        let name = escape(&quote(property.name));
        Candidate {
            label: property.name.to_owned(),
            kind: CompletionItemKind::PROPERTY,
            documentation: property.value.description().map(str::to_owned),
            snippet: match has_value {
                true => name,
                false => format!("{name}: {}", value_snippet(&property.value)),
            },
        }
    };
    properties.iter().map(candidate).collect()
}

/// Whether a colon follows the name of a property, so that its value exists or is typed next.
fn has_colon(property: Member<'_>, source: &str) -> bool {
    source[property.name.span().end as usize..]
        .trim_start()
        .starts_with(':')
}

/// Returns the snippet of a new value: its only choice, or a placeholder in the brackets of its type.
fn value_snippet(value: &SchemaView<'_>) -> String {
    match (&value.allowed_values()[..], value.json_type()) {
        ([only], _) => escape(&only.to_string()),
        (_, Some("string")) => "\"$1\"".into(),
        (_, Some("object")) => "{ $1 }".into(),
        (_, Some("array")) => "[$1]".into(),
        _ => "$1".into(),
    }
}

/// Returns the values that a property may have, if the schema or the parameter enumerates them.
fn value_candidates(context: &CursorContext<'_>, property: Member<'_>) -> Vec<Candidate> {
    let name = property.name_text();
    if let Some(entries) = context.named_entries_of_element() {
        if name == entries.name {
            return entry_name_candidates(context, entries);
        }
        if name == entries.value {
            return entry_value_candidates(context, entries);
        }
    }
    let Some(schema) = context.schema_view() else {
        return Vec::new();
    };
    choice_candidates(&schema.property(&name))
}

fn choice_candidates(value: &SchemaView<'_>) -> Vec<Candidate> {
    let choices = value.allowed_values().into_iter();
    choices
        .map(|choice| choice_candidate(choice.to_string(), value.description()))
        .collect()
}

/// Returns the candidate for a value, given as JSON.
fn choice_candidate(json: String, documentation: Option<&str>) -> Candidate {
    Candidate {
        label: json.trim_matches('"').to_owned(),
        kind: CompletionItemKind::ENUM_MEMBER,
        documentation: documentation.map(str::to_owned),
        snippet: escape(&json),
    }
}

/// Returns the entries that an array does not contain outside `current`, those needed first at the front.
fn missing_entries<'e>(
    entries: &'e NamedEntries,
    array: Option<Node<'_>>,
    current: Option<Node<'_>>,
) -> Vec<&'e NamedEntry> {
    let others = array.into_iter().flat_map(|array| array.elements());
    let others = others.filter(|other| Some(*other) != current);
    let names = others.filter_map(|other| Some(other.get(entries.name)?.as_text()?.into_owned()));
    let present: Vec<String> = names.collect();
    let is_missing = |entry: &&NamedEntry| !present.iter().any(|name| name == entry.name);
    entries.entries.iter().filter(is_missing).collect()
}

fn entry_name_candidates(context: &CursorContext<'_>, entries: &NamedEntries) -> Vec<Candidate> {
    let pointer = context.pointer();
    let array = pointer.rsplit_once('/').map_or("", |(array, _)| array);
    let array = crate::json::resolve(context.record.node, array);
    let missing = missing_entries(entries, array, Some(context.container));
    let candidate = |entry: &NamedEntry| choice_candidate(quote(entry.name), Some(entry.summary));
    missing.into_iter().map(candidate).collect()
}

fn entry_value_candidates(context: &CursorContext<'_>, entries: &NamedEntries) -> Vec<Candidate> {
    let name = context.container.get(entries.name);
    let name = name.and_then(|name| name.as_text()).unwrap_or_default();
    let entry = entries.entries.iter().find(|entry| entry.name == name);
    let choices = entry.map_or(&[][..], |entry| entry.choices).iter();
    choices
        .map(|choice| choice_candidate(quote(choice), None))
        .collect()
}

/// Returns the elements that an array may contain: named entries, or the values that the schema enumerates.
fn element_candidates(context: &CursorContext<'_>) -> Vec<Candidate> {
    if let Some(entries) = context.named_entries_in_array() {
        return entry_candidates(entries, context.container);
    }
    let Some(schema) = context.schema_view() else {
        return Vec::new();
    };
    choice_candidates(&schema.element())
}

fn entry_candidates(entries: &NamedEntries, array: Node<'_>) -> Vec<Candidate> {
    let missing = missing_entries(entries, Some(array), None).into_iter();
    let single = missing.map(|entry| Candidate {
        label: entry.name.to_owned(),
        kind: CompletionItemKind::STRUCT,
        documentation: Some(entry.summary.to_owned()),
        snippet: snippet::entry(entry, &mut 1),
    });
    let (_, label, description) = entries.complete;
    let all = (array.child_count() == 0).then(|| Candidate {
        label: label.into(),
        kind: CompletionItemKind::SNIPPET,
        documentation: Some(description.into()),
        snippet: snippet::complete_entries(entries, &mut 1),
    });
    all.into_iter().chain(single).collect()
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
