//! Whether the parser agrees with `serde_json` on some bytes.

use countersign::document::Document;
use countersign::json::SyntaxErrorKind;
use serde_json::Value;

use super::value_of::value_of;

/// Asserts that both parsers accept the bytes and give the same value, or that both refuse them.
///
/// # Panics
/// If they differ in another way than by design.
pub(crate) fn assert_same(bytes: &[u8]) {
    let document = Document::parse_bytes(bytes);
    if document.encoded().is_some() {
        // A string that is an encoded payload is not read as a string.
        return;
    }
    let is_duplicate =
        |kind: &SyntaxErrorKind| matches!(kind, SyntaxErrorKind::DuplicateKey { .. });
    let mut errors = document.syntax_errors().iter();
    let is_json = errors.all(|error| is_duplicate(&error.kind))
        && document.wrapping().is_none()
        && document.format().is_none();
    let without_mark = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let shown = String::from_utf8_lossy(bytes);
    match serde_json::from_slice::<Value>(without_mark) {
        Ok(expected) => {
            assert!(is_json, "{shown}: {:?}", document.syntax_errors());
            let values: Vec<Value> = document.roots().map(value_of).collect();
            assert_eq!(values, [expected], "{shown}");
        }
        // Numbers that no double can represent and deep nesting are JSON all the same.
        Err(error) => {
            let message = error.to_string();
            let is_limit = message.starts_with("number out of range")
                || message.starts_with("recursion limit exceeded");
            assert!(is_limit || !is_json, "{shown}: {error}");
        }
    }
}
