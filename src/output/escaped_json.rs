//! JSON in which characters that a terminal or browser must not receive are escaped, so that a report that is shown as
//! text does not change colours or the reading direction.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter};

use super::escape::escape_char;

/// Writes strings with escapes for control, direction and invisible characters.
struct EscapingFormatter(CompactFormatter);

impl Formatter for EscapingFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // Most texts have none of the characters that are escaped.
        let is_printable = |byte: u8| matches!(byte, b' '..=b'~');
        if fragment.bytes().all(is_printable) {
            return self.0.write_string_fragment(writer, fragment);
        }
        let mut written = 0;
        for (at, character) in fragment.char_indices() {
            if escape_char(character).is_none() {
                continue;
            }
            self.0
                .write_string_fragment(writer, &fragment[written..at])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            written = at + character.len_utf8();
        }
        self.0.write_string_fragment(writer, &fragment[written..])
    }
}

/// Writes a value as JSON in one line.
pub(super) fn to_writer(out: impl io::Write, value: &impl Serialize) -> io::Result<()> {
    let formatter = EscapingFormatter(CompactFormatter);
    value.serialize(&mut Serializer::with_formatter(out, formatter))?;
    Ok(())
}

/// A value as JSON in one line.
#[cfg(any(test, feature = "reports"))]
pub(super) fn to_string(value: &impl Serialize) -> io::Result<String> {
    let mut bytes = Vec::new();
    to_writer(&mut bytes, value)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_the_same_string_to_a_parser() {
        let text = "a\u{9b}31m\u{202e}b\u{85}\u{feff}\u{e0041}\u{ffff}\n\"\\ é 😀 渡\t";
        let json = to_string(&text).expect("JSON");
        assert_eq!(
            serde_json::from_str::<String>(&json).expect("a string"),
            text
        );
        assert!(
            json.contains("a\\u009b31m\\u202eb\\u0085\\ufeff\\udb40\\udc41\\uffff\\n"),
            "{json}"
        );
        assert!(
            json.contains("é 😀 渡\\t") && !json.contains('\u{202e}'),
            "{json}"
        );
    }
}
