//! The messages and fixes for the text around a payload, and for encoded payloads.

use super::{Site, shorten};
use crate::document::edits::removal_end;
use crate::document::encoded_text::{EncodedText, TextEncoding};
use crate::document::text_format::TextFormat;
use crate::document::wrapping::{Wrapping, WrappingKind};
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::json::next_visible;
use crate::span::Span;

/// The finding for the text around the payload.
pub(in crate::document) fn wrapping(text: &str, wrapping: &Wrapping) -> Finding {
    let site = Site {
        text,
        span: wrapping.before,
    };
    let token = site.token();
    let kind = wrapping.kind.name();
    let message = match (wrapping.kind, wrapping.after) {
        (WrappingKind::Text, _) if wrapping.further.is_empty() => {
            format!("text before the JSON value: {token}")
        }
        _ if !wrapping.further.is_empty() => {
            let count = wrapping.further.len() + 1;
            format!("{kind} around {count} JSON values: {token}")
        }
        (_, None) => format!("{kind} before the JSON value: {token}"),
        (_, Some(_)) => format!("{kind} around the JSON value: {token}"),
    };
    let mut finding = site.finding("json/leading-text", message);
    if let Some(after) = wrapping.after {
        finding.label(after, "text after the JSON value");
    }
    if wrapping.may_hold_payload {
        finding.help(match wrapping.further.is_empty() {
            true => "keep only the JSON value; the text around it may contain a part of it",
            false => {
                "put each JSON value into its own file, or on its own line of an `.ndjson` file"
            }
        });
        return finding;
    }
    let payload = wrapping.payload;
    let before = Span::new(
        wrapping.before.start,
        removal_end(text, wrapping.before.end, payload.start),
    );
    let mut edits = vec![Edit::remove(before)];
    edits.extend(
        wrapping
            .after
            .map(|after| Edit::remove(Span::new(payload.end, after.end))),
    );
    finding.fix(Fix {
        title: "keep only the JSON value".into(),
        safety: Safety::when(wrapping.is_removable),
        edits,
    });
    finding
}

/// The finding for a payload that is encoded.
pub(in crate::document) fn encoded_text(text: &str, encoded: &EncodedText) -> Finding {
    let site = Site {
        text,
        span: encoded.span,
    };
    let whole = Span::new(0, text.trim_end().len() as u32);
    let fix = EncodedText::decoding_fix(whole, encoded.decoded.as_str().trim_end());
    if encoded.encoding == TextEncoding::LinePrefix {
        let line = shorten(encoded.span.of(text));
        let message = format!("the lines start with a prefix that is not JSON: {line}");
        let mut finding = site.finding("json/leading-text", message);
        finding.fix(Fix {
            title: "remove the prefix from every line".into(),
            ..fix
        });
        return finding;
    }
    let mut finding = site.finding("json/encoded-text", encoded.message());
    finding.fix(fix);
    finding
}

/// The finding about a text in another format than JSON.
pub(in crate::document) fn other_format(text: &str, format: TextFormat) -> Finding {
    let start = next_visible(text, 0);
    let line = text[start..].lines().next().unwrap_or_default().trim_end();
    let site = Site {
        text,
        span: Span::new(start as u32, (start + line.len()) as u32),
    };
    let message = format!("this is not JSON; it looks like {}", format.name());
    let mut finding = site.finding("payload/not-json", message);
    finding.help("convert the file to JSON, or exclude it from the check");
    finding
}
