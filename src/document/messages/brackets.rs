//! The messages and fixes for brackets that are missing or wrong, and for a text that ends early.

use super::{Site, shorten};
use crate::finding::{Edit, Finding, Fix};
use crate::json::OpenEnd;
use crate::span::Span;

pub(super) fn unclosed(
    site: Site<'_>,
    closer: &'static str,
    outermost: Option<Span>,
    place: Span,
    missing: &str,
) -> Finding {
    let token = site.token();
    let mut finding = site.finding(
        "json/unclosed",
        format!("{token} is not closed; the closing `{closer}` is missing"),
    );
    if let Some(outermost) = outermost {
        finding.label(outermost, "this bracket is not closed either");
    }
    let title = match place.is_empty() {
        true => format!("insert `{missing}`"),
        false => format!("replace {} with `{missing}`", shorten(place.of(site.text))),
    };
    finding.fix(Fix::unsafe_(title, vec![Edit::replace(place, missing)]));
    finding
}

pub(super) fn ends_early(site: Site<'_>, open_end: &OpenEnd) -> Finding {
    let count = open_end.brackets.len();
    let brackets = match open_end.brackets[..] {
        [only] => format!("`{}`", only.of(site.text)),
        _ => format!("{count} brackets"),
    };
    let message = match (open_end.string, count) {
        (Some(_), 0) => "the text ends inside a string".to_owned(),
        (Some(_), _) => format!("the text ends inside a string, with {brackets} still open"),
        (None, 0) => "the text ends before its value is complete".to_owned(),
        (None, _) => format!("the text ends with {brackets} still open"),
    };
    let mut finding = site.finding("json/unclosed", message);
    if let Some(quote) = open_end.string {
        finding.label(quote, "the string starts here");
    }
    match open_end.brackets[..] {
        [] => {}
        [only] => {
            finding.label(only, "opened here");
        }
        [outermost, .., innermost] => {
            finding.label(innermost, "innermost open bracket");
            finding.label(outermost, "outermost open bracket");
        }
    }
    let edit = Edit::replace(open_end.tail, open_end.closing.clone());
    let title = match open_end.string {
        Some(_) if count == 0 => "close the string",
        Some(_) if count == 1 => "close the string and the bracket",
        Some(_) => "close the string and the brackets",
        None if count == 1 => "close the bracket",
        None => "close the brackets",
    };
    finding.fix(Fix::unsafe_(title, vec![edit]));
    finding
}

pub(super) fn missing_opener(site: Site<'_>) -> Finding {
    let token = site.token();
    let message = format!("`{{` is missing before {token}");
    let mut finding = site.finding("json/unexpected-token", message);
    let insert = Edit::insert(site.span.start, "{ ");
    finding.fix(Fix::unsafe_("insert `{`", vec![insert]));
    finding
}

pub(super) fn missing_braces(site: Site<'_>, is_closed: bool) -> Finding {
    let (message, title) = match is_closed {
        true => ("`{` is missing before the first property", "insert `{`"),
        false => (
            "`{` and `}` are missing around the properties",
            "enclose the properties in braces",
        ),
    };
    let mut finding = site.finding("json/unexpected-token", message);
    let mut edits = vec![Edit::insert(site.span.start, "{ ")];
    if !is_closed {
        edits.push(Edit::insert(site.span.end, " }"));
    }
    finding.fix(Fix::unsafe_(title, edits));
    finding
}

pub(super) fn wrong_opener(site: Site<'_>, right: char, closing: Option<Span>) -> Finding {
    let token = site.token();
    let closer = if right == '[' { "]" } else { "}" };
    let message = format!("expected `{right}`, found {token}");
    let mut finding = site.finding("json/unexpected-token", message);
    let mut edits = vec![Edit::replace(site.span, right.to_string())];
    edits.extend(closing.map(|closing| Edit::replace(closing, closer)));
    let title = match closing {
        Some(_) => format!("replace with `{right}` and `{closer}`"),
        None => format!("replace with `{right}`"),
    };
    finding.fix(Fix::unsafe_(title, edits));
    finding
}
