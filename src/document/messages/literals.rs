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
            format!("`{written}` is no JSON literal; JSON writes `{word}`"),
            Some((Safety::Safe, word.to_owned())),
            None,
        ),
        NonJsonLiteral::None => (
            "`None` without quotes is no JSON value".into(),
            None,
            Some("write \"None\" where the word is meant, null where nothing is"),
        ),
        NonJsonLiteral::Undefined => (
            "`undefined` is no JSON value".into(),
            Some((Safety::Unsafe, "null".to_owned())),
            None,
        ),
        NonJsonLiteral::NotFinite => (
            format!("`{written}` is no JSON number"),
            None,
            Some("give a number, or null"),
        ),
        NonJsonLiteral::LooseNumber => (
            format!("`{written}` is not how JSON writes a number"),
            normalize_number(written).map(|number| (Safety::Safe, number)),
            None,
        ),
        NonJsonLiteral::Hexadecimal => (
            format!("`{written}` is hexadecimal; JSON knows decimal numbers only"),
            None,
            Some("give the number in decimal digits, or the text in quotes"),
        ),
        NonJsonLiteral::Call { argument } => (
            format!("{} is a function call, not a JSON value", site.token()),
            is_json_literal(argument.of(site.text))
                .then(|| (Safety::Unsafe, argument.of(site.text).to_owned())),
            Some("replace the call with the value that it returns"),
        ),
        NonJsonLiteral::LeadingZeros => (
            format!("`{written}` begins with a zero, which no JSON number does"),
            None,
            Some("put it in quotes where it is a code, drop the zeros where it is a number"),
        ),
    };
    let mut finding = site.finding("json/foreign-literal", message);
    if let Some((safety, replacement)) = fix {
        let title = format!("write {replacement}");
        let edits = vec![Edit::replace(site.span, replacement)];
        finding.fix(Fix {
            title,
            safety,
            edits,
        });
    }
    finding.help = help.map(str::to_owned);
    finding
}

/// The finding for several literals in the wrong case.
pub(super) fn cased(site: Site<'_>, found: &[(Span, &'static str)]) -> Finding {
    let (count, written) = (found.len(), site.source());
    let expected = found.first().map_or("", |(_, word)| word);
    let message = format!(
        "{count} literals are in the wrong case, starting with `{written}` instead of `{expected}`"
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
