//! Hover content: the schema description, and a summary of each violated rule.

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::candidates::entry_at;
use super::cursor::{CursorTarget, cursor_context, document_at};
use super::document::{DocumentChecker, DocumentKind};
use super::to_proto::DiagnosticConverter;
use crate::document::Document;
use crate::engine::Outcome;
use crate::finding::Finding;
use crate::output::rule_page_url;
use crate::rule::Rule;
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
        let rule = checker.registry().rule(finding.rule);
        sections.push(match rule.filter(|_| index == 0) {
            Some(rule) => format!(
                "{}\n\n{}",
                head(finding),
                explanation(rule, checker, converter)
            ),
            None => head(finding),
        });
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

fn head(finding: &Finding) -> String {
    format!("**{}** `{}`", finding.level, finding.rule)
}

/// Returns what a rule reports, how to fix it, and where its page is.
fn explanation(
    rule: &Rule,
    checker: &DocumentChecker<'_>,
    converter: &DiagnosticConverter<'_>,
) -> String {
    let page = match converter.rule_pages {
        Some(pages) if converter.client.hover_markdown => {
            format!("[Page of the rule]({})", rule_page_url(pages, rule.id))
        }
        Some(pages) => rule_page_url(pages, rule.id),
        None => format!(
            "Run `{} explain {}` for the reasons, examples and sources.",
            checker.registry().program(),
            rule.id
        ),
    };
    let fix = how_to_fix(rule.page).map(|fix| format!("**How to fix:** {fix}\n\n"));
    format!("{}\n\n{}{page}", rule.summary(), fix.unwrap_or_default())
}

/// Returns the first paragraph of the section on how to fix a finding, with the list that it introduces.
fn how_to_fix(page: &str) -> Option<&str> {
    const HEADING: &str = "\n## How to fix\n";
    let start = page.find(HEADING)? + HEADING.len();
    let section = page[start..].split("\n## ").next()?.trim();
    let end = match section.split_once("\n\n") {
        Some((first, rest)) if first.ends_with(':') => {
            first.len() + 2 + rest.find("\n\n").unwrap_or(rest.len())
        }
        Some((first, _)) => first.len(),
        None => section.len(),
    };
    Some(&section[..end])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;

    #[test]
    fn every_rule_says_briefly_how_to_fix_its_findings() {
        for rule in Registry::built_in().rules() {
            let fix = how_to_fix(rule.page).unwrap_or_else(|| panic!("{}", rule.id));
            assert!(
                !fix.is_empty() && !fix.contains("\n#"),
                "{}: {fix}",
                rule.id
            );
            assert!(fix.len() < 600, "{}: {} bytes", rule.id, fix.len());
        }
    }

    #[test]
    fn a_list_belongs_to_the_paragraph_that_introduces_it() {
        let page =
            "# a/b\n\nText.\n\n## How to fix\n\nDo this:\n\n- one\n- two\n\nMore.\n\n## Sources\n";
        assert_eq!(how_to_fix(page), Some("Do this:\n\n- one\n- two"));
        let page = "# a/b\n\n## How to fix\n\nDo this.\n\nMore.\n";
        assert_eq!(how_to_fix(page), Some("Do this."));
        assert_eq!(how_to_fix("# a/b\n"), None);
    }
}
