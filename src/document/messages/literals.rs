//! The messages and fixes for literals and numbers in the notation of other languages.

use super::Site;
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::json::{NonJsonLiteral, normalize_number};
use crate::span::Span;

/// The finding for a literal or number in the notation of another language.
pub(super) fn finding(site: Site<'_>, literal: NonJsonLiteral) -> Finding {
    let written = site.source();
    let (message, fix, help) = match literal {
        NonJsonLiteral::Cased(word) => (
            format!("`{written}` is not a JSON literal; expected `{word}`"),
            Some((Safety::Safe, word.to_owned())),
            None,
        ),
        NonJsonLiteral::None => (
            "`None` is not a JSON value; JSON writes `null`".into(),
            None,
            Some("write `\"None\"` for the word, or `null` for no value"),
        ),
        NonJsonLiteral::Undefined => (
            "`undefined` is not a JSON value".into(),
            Some((Safety::Unsafe, "null".to_owned())),
            None,
        ),
        NonJsonLiteral::NotFinite => (
            format!("`{written}` is not a JSON number"),
            None,
            Some("write a number, or `null`"),
        ),
        NonJsonLiteral::LooseNumber => (
            format!("`{written}` is not a valid JSON number"),
            normalize_number(written).map(|number| (Safety::Safe, number)),
            None,
        ),
        NonJsonLiteral::Hexadecimal => (
            format!("`{written}` is a hexadecimal number; JSON allows only decimal numbers"),
            None,
            Some("write a decimal number, or put the value in quotes"),
        ),
        NonJsonLiteral::Call { argument } => (
            format!("{} is a function call, not a JSON value", site.token()),
            is_json_literal(argument.of(site.text))
                .then(|| (Safety::Unsafe, argument.of(site.text).to_owned())),
            Some("replace the call with the value that it returns"),
        ),
        NonJsonLiteral::LeadingZeros => (
            format!("`{written}` has a leading zero, which JSON does not allow in numbers"),
            None,
            Some(
                "put the value in quotes if it is a code, or remove the leading zeros if it is a \
                 number",
            ),
        ),
    };
    let mut finding = site.finding("json/foreign-literal", message);
    if let Some((safety, replacement)) = fix {
        finding.fix(replacement_fix(site.span, safety, replacement));
    }
    finding.help = help.map(str::to_owned);
    finding
}

fn replacement_fix(span: Span, safety: Safety, replacement: String) -> Fix {
    Fix {
        title: format!("replace with `{replacement}`"),
        safety,
        edits: vec![Edit::replace(span, replacement)],
    }
}

/// The finding for several literals in the wrong case.
pub(super) fn cased(site: Site<'_>, found: &[(Span, &'static str)]) -> Finding {
    let (count, written) = (found.len(), site.source());
    let expected = found.first().map_or("", |(_, word)| word);
    let message = format!(
        "{count} literals are in the wrong letter case; the first is `{written}` instead of `{expected}`"
    );
    let mut finding = site.finding("json/foreign-literal", message);
    let edits = found.iter().map(|(span, word)| Edit::replace(*span, *word));
    finding.fix(Fix::safe("replace with JSON literals", edits.collect()));
    finding
}

/// Whether a text is a single JSON string or number.
fn is_json_literal(text: &str) -> bool {
    let value = serde_json::from_str::<serde_json::Value>(text);
    value.is_ok_and(|value| value.is_string() || value.is_number())
}
