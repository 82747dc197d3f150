//! Escape sequences of JSON strings: reading, resolving and writing them.

/// Resolves the escapes of a string. An escape that JSON does not define becomes the character after its
/// backslash, half a surrogate pair U+FFFD.
pub fn unescape(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        let escape = Escape::read(&rest[at..]);
        text.extend(escape.character);
        rest = &rest[at + escape.len..];
    }
    text.push_str(rest);
    text
}

/// The length in bytes of the escape at the start of `text`, which starts with a backslash.
pub(crate) fn escape_len(text: &str) -> usize {
    Escape::read(text).len
}

/// One escape sequence, from its backslash on.
pub(super) struct Escape {
    /// The character it denotes; `None` if the text ends after the backslash.
    pub(super) character: Option<char>,
    /// Its length in bytes.
    pub(super) len: usize,
    /// Why it is not legal JSON.
    pub(super) defect: Option<EscapeDefect>,
}

/// Why an escape is not legal JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EscapeDefect {
    Unknown,
    LoneSurrogate,
}

impl Escape {
    /// Reads the escape at the start of `text`, which starts with a backslash.
    pub(super) fn read(text: &str) -> Escape {
        let Some(letter) = text[1..].chars().next() else {
            return Escape {
                character: None,
                len: 1,
                defect: Some(EscapeDefect::Unknown),
            };
        };
        let simple = |character| Escape {
            character: Some(character),
            len: 2,
            defect: None,
        };
        match letter {
            '"' | '\\' | '/' => simple(letter),
            'b' => simple('\u{8}'),
            'f' => simple('\u{c}'),
            'n' => simple('\n'),
            'r' => simple('\r'),
            't' => simple('\t'),
            'u' => Escape::read_unicode(text),
            _ => Escape {
                character: Some(letter),
                len: 1 + letter.len_utf8(),
                defect: Some(EscapeDefect::Unknown),
            },
        }
    }

    fn read_unicode(text: &str) -> Escape {
        let Some(first) = code_unit(text) else {
            return Escape {
                character: Some('u'),
                len: 2,
                defect: Some(EscapeDefect::Unknown),
            };
        };
        if let Some(character) = char::from_u32(first) {
            return Escape {
                character: Some(character),
                len: 6,
                defect: None,
            };
        }
        let low = text
            .get(6..)
            .and_then(code_unit)
            .filter(|unit| (0xDC00..0xE000).contains(unit));
        match low {
            Some(low) if first < 0xDC00 => {
                let scalar = 0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00);
                Escape {
                    character: char::from_u32(scalar),
                    len: 12,
                    defect: None,
                }
            }
            _ => Escape {
                character: Some(char::REPLACEMENT_CHARACTER),
                len: 6,
                defect: Some(EscapeDefect::LoneSurrogate),
            },
        }
    }
}

/// The UTF-16 code unit of the `\uXXXX` at the start of `text`.
fn code_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

/// Escapes `text` for use between the quotes of a JSON string.
pub fn escape(text: &str) -> String {
    let quoted = quote(text);
    quoted[1..quoted.len() - 1].to_owned()
}

/// Writes `text` as a JSON string, quotes included.
pub fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescape_resolves_escapes_and_keeps_the_character_of_unknown_ones() {
        assert_eq!(unescape(r#"a\"\\\/\b\f\n\r\tz"#), "a\"\\/\u{8}\u{c}\n\r\tz");
        assert_eq!(unescape(r"\u00e9\uD83D\uDE00!"), "é😀!");
        assert_eq!(unescape(r"\x\u12\uD83Dx\uDE00\"), "xu12\u{FFFD}x\u{FFFD}");
        assert_eq!(unescape(r"\é"), "é");
    }

    #[test]
    fn escape_writes_json_escapes() {
        assert_eq!(escape("a\"\n\u{1}é"), r#"a\"\n\u0001é"#);
    }
}
