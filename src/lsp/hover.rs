//! What is told where the pointer rests: the rule that was broken there, and what the member is for.

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::cursor::{Slot, place_in, text_around};
use super::document::{DocumentChecker, DocumentKind};
use super::to_proto::DiagnosticConverter;
use crate::document::Document;
use crate::engine::Verdict;
use crate::finding::Finding;
use crate::json::Node;
use crate::payload::PayloadKind;
use crate::payload::parameter::Parameter;
use crate::rules;
use crate::span::Span;

/// What there is to tell of a place.
pub(super) fn hover(
    subject: &DocumentChecker<'_>,
    verdict: &Verdict,
    converter: &DiagnosticConverter<'_>,
    text: &str,
    position: Position,
) -> Option<Hover> {
    let cursor = converter.places.byte(position);
    let here = |finding: &&Finding| {
        let span = finding.span;
        span.start <= cursor && (cursor < span.end || span.is_empty() && cursor == span.start)
    };
    let mut findings = verdict.findings.iter().filter(here).peekable();
    let mut range = findings.peek().map(|finding| finding.span);
    let mut told: Vec<String> = Vec::new();
    if subject.holds != DocumentKind::Settings
        && let Some((span, words)) = member_at(subject, text, cursor)
    {
        range.get_or_insert(span);
        told.push(words);
    }
    for (place, finding) in findings.enumerate() {
        told.push(tell(finding, place == 0));
    }
    let range = range?;
    let kind = if converter.client.takes_markdown {
        MarkupKind::Markdown
    } else {
        MarkupKind::PlainText
    };
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent {
            kind,
            value: told.join("\n\n---\n\n"),
        }),
        range: Some(converter.places.range(range)),
    })
}

/// A finding in a line, and the page of its rule.
fn tell(finding: &Finding, with_page: bool) -> String {
    let page = rules::find(finding.rule).map(|rule| rule.page);
    // The page's title is the rule's id.
    let behind_title =
        |page: &'static str| page.split_once('\n').map_or("", |(_, body)| body).trim();
    let head = format!("**{}** `{}`", finding.level, finding.rule);
    match page.filter(|_| with_page) {
        Some(page) => format!("{head}\n\n{}", behind_title(page)),
        None => head,
    }
}

/// What the member or parameter at a place is for, and where it stands.
fn member_at(subject: &DocumentChecker<'_>, text: &str, cursor: u32) -> Option<(Span, String)> {
    let (part, start) = text_around(text, cursor, subject.holds == DocumentKind::Lines);
    let document = Document::parse(part);
    let place = place_in(&document, subject.stated(), cursor - start)?;
    let (member, span) = match place.slot {
        Slot::Name(Some(member), span) | Slot::Value(member, span) => (member, span),
        _ => return None,
    };
    let name = member.name_text();
    let is_order = place.record.kind() == Some(PayloadKind::Order);
    let words = match parameter_of(place.container).filter(|_| is_order) {
        Some(parameter) => format!("**{}**\n\n{}", parameter.name(), parameter.summary()),
        None => {
            let value = place.outline()?.member(&name);
            format!("**{name}**\n\n{}", value.description()?)
        }
    };
    Some((span.shifted(start), words))
}

/// The parameter that an entry is about, by its name.
fn parameter_of(entry: Node<'_>) -> Option<Parameter> {
    Parameter::named(&entry.get("name")?.as_text()?)
}
