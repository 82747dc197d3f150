//! Payloads that are encoded as JSON strings in an unknown envelope.

use super::detect::Detector;
use super::record::Declared;
use super::suspicious_string::SuspiciousString;
use crate::document::{Document, EncodedText, decode_string};
use crate::json::Node;
use crate::span::Span;

/// The maximum number of strings in a value that are examined.
const MAX_STRINGS: usize = 1000;

/// A payload that is encoded in a string.
#[derive(Debug)]
pub struct EncodedPayload {
    /// The string, including its quotes.
    pub string: Span,
    /// The payload.
    pub encoded: EncodedText,
}

impl Detector {
    /// The payloads that are encoded in strings of the value at `node`.
    pub fn encoded_payloads<'d>(
        &self,
        document: &'d Document<'d>,
        node: Node<'d>,
    ) -> impl Iterator<Item = EncodedPayload> {
        let strings = SuspiciousString::all_in(document, node).take(MAX_STRINGS);
        strings
            .filter(|string| !string.is_name())
            .filter_map(|string| {
                let content = string.string.place.content_span();
                let encoded = decode_string(document.text(), content)?;
                let is_payload = self.has_payload(encoded.decoded.as_str());
                is_payload.then(|| EncodedPayload {
                    string: string.string.span(),
                    encoded,
                })
            })
    }

    /// Whether a text contains a record of a known kind.
    fn has_payload(&self, text: &str) -> bool {
        let document = Document::parse(text);
        if let Some(inner) = document.encoded() {
            return self.has_payload(inner.decoded.as_str());
        }
        let records = self.records(&document, Declared::default(), None);
        records.iter().any(|record| record.kind().is_some())
    }
}
