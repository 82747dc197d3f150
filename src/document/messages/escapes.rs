//! Messages on characters and escapes in strings.

use super::Site;
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::json::escape;
use crate::span::Span;

pub(super) fn inner_quotes(site: Site<'_>, quotes: &[Span]) -> Finding {
    let message = format!("{} unescaped quotes inside a string", quotes.len());
    let mut finding = site.finding("json/illegal-escape", message);
    let edits = quotes.iter().map(|quote| Edit::insert(quote.start, "\\"));
    finding.fix(Fix::unsafe_(
        "escape the quotes with backslashes",
        edits.collect(),
    ));
    finding
}

pub(super) fn raw_control(site: Site<'_>, character: char) -> Finding {
    let mut finding = site.finding(
        "json/illegal-escape",
        format!("unescaped {} in a string", control_name(character)),
    );
    let escaped = escape(site.source());
    let title = format!("replace with `{escaped}`");
    // In a property name, the character is probably a mistake, and escaping it would make another name.
    let mut rest = site.text[site.span.end as usize..].splitn(2, '"').skip(1);
    let is_in_name = rest
        .next()
        .is_some_and(|after| after.trim_start().starts_with(':'));
    finding.fix(Fix {
        title,
        safety: Safety::when(!is_in_name),
        edits: vec![Edit::replace(site.span, escaped)],
    });
    finding
}

pub(super) fn unknown_escape(site: Site<'_>) -> Finding {
    let token = site.token();
    let mut finding = site.finding(
        "json/illegal-escape",
        format!("{token} is not a valid JSON escape"),
    );
    finding.help("write `\\\\` for a backslash, or remove the backslash");
    finding
}

pub(super) fn lone_surrogate(site: Site<'_>) -> Finding {
    let token = site.token();
    let mut finding = site.finding(
        "json/illegal-escape",
        format!("{token} is only one half of a surrogate pair"),
    );
    finding.help("write both halves of the surrogate pair, or the character itself");
    finding
}

pub(super) fn more_illegal_escapes(site: Site<'_>, count: usize, controls: &[Span]) -> Finding {
    let found = match count {
        1 => "character or escape",
        _ => "characters or escapes",
    };
    let mut finding = site.finding(
        "json/illegal-escape",
        format!("{count} more invalid {found} in this string"),
    );
    if controls.len() == count {
        let edit = |span: &Span| Edit::replace(*span, escape(span.of(site.text)));
        finding.fix(Fix::safe(
            "escape the control characters",
            controls.iter().map(edit).collect(),
        ));
    }
    finding
}

fn control_name(character: char) -> String {
    match character {
        '\t' => "tab".into(),
        '\n' | '\r' => "line break".into(),
        _ => format!("control character U+{:04X}", character as u32),
    }
}
