//! Hover content: the violated rule and the schema description.

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::candidates::entry_at;
use super::cursor::{CursorTarget, cursor_context, document_at};
use super::document::{DocumentChecker, DocumentKind};
use super::to_proto::DiagnosticConverter;
use crate::document::Document;
use crate::engine::Outcome;
use crate::finding::Finding;
use crate::registry::Registry;
use crate::span::Span;

/// Returns the hover at a position: the description of the property, then the findings.
pub(super) fn hover(
    checker: &DocumentChecker<'_>,
    outcome: &Outcome,
    converter: &DiagnosticConverter<'_>,
    text: &str,
    position: Position,
) -> Option<Hover> {
    let cursor = converter.mapper.offset(position);
    let is_at_cursor = |finding: &&Finding| {
        let span = finding.span;
        span.start <= cursor && (cursor < span.end || span.is_empty() && cursor == span.start)
    };
    let mut findings = outcome.findings.iter().filter(is_at_cursor).peekable();
    let mut span = findings.peek().map(|finding| finding.span);
    let mut sections: Vec<String> = Vec::new();
    if checker.kind != DocumentKind::Config
        && let Some((property_span, description)) = describe_property(checker, text, cursor)
    {
        span.get_or_insert(property_span);
        sections.push(description);
    }
    for (index, finding) in findings.enumerate() {
        sections.push(render(finding, index == 0, checker.registry()));
    }
    let range = converter.mapper.range(span?);
    let kind = if converter.client.hover_markdown {
        MarkupKind::Markdown
    } else {
        MarkupKind::PlainText
    };
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent {
            kind,
            value: sections.join("\n\n---\n\n"),
        }),
        range: Some(range),
    })
}

/// Renders the level and the rule of a finding, with the rule's page if asked for.
fn render(finding: &Finding, with_page: bool, registry: &Registry) -> String {
    let head = format!("**{}** `{}`", finding.level, finding.rule);
    match registry.rule(finding.rule).filter(|_| with_page) {
        Some(rule) => {
            // The title of the page is the ID of the rule, which the head shows.
            let body = rule.page.split_once('\n').map_or("", |(_, body)| body);
            format!("{head}\n\n{}", body.trim())
        }
        None => head,
    }
}

/// Returns the span and the description of the property or parameter at an offset.
fn describe_property(
    checker: &DocumentChecker<'_>,
    text: &str,
    cursor: u32,
) -> Option<(Span, String)> {
    let (source, start) = document_at(text, cursor, checker.kind == DocumentKind::JsonLines);
    let document = Document::parse(source);
    let context = cursor_context(
        &document,
        checker.declared(),
        checker.registry().detector(),
        cursor - start,
    )?;
    let (property, span) = match context.target {
        CursorTarget::Name(Some(property), span) | CursorTarget::Value(property, span) => {
            (property, span)
        }
        _ => return None,
    };
    let name = property.name_text();
    let description = match entry_at(&context) {
        Some(entry) => format!("**{}**\n\n{}", entry.name, entry.summary),
        None => {
            let value = context.schema_view()?.property(&name);
            format!("**{name}**\n\n{}", value.description()?)
        }
    };
    Some((span.shifted(start), description))
}
