//! Formatting of payload strings and numbers for the terminal. A payload string must not move the
//! cursor, change colours or change the reading direction.

use std::borrow::Cow;

/// The escape of a character that a terminal must not receive, such as `<U+202E>`. `None` for a
/// character that is printed as it is.
pub(super) fn escape_char(character: char) -> Option<String> {
    let is_direction = matches!(
        character,
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    );
    let is_hidden = matches!(
        character,
        '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
    );
    let is_hidden = is_hidden || ('\u{E0000}'..='\u{E007F}').contains(&character);
    // These are no characters, and XML does not allow them.
    let is_none = matches!(character, '\u{FFFE}' | '\u{FFFF}');
    match character {
        '\t' => None,
        _ if character.is_control() || is_direction || is_hidden || is_none => {
            Some(format!("<U+{:04X}>", character as u32))
        }
        _ => None,
    }
}

/// Replaces control, direction and invisible characters by escapes such as `<U+202E>`. Tabs stay.
pub fn escape_unprintable(text: &str) -> Cow<'_, str> {
    if text
        .chars()
        .all(|character| escape_char(character).is_none())
    {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match escape_char(character) {
            Some(escape) => escaped.push_str(&escape),
            None => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

/// A number with commas between groups of three digits.
pub fn with_thousands_separator(number: usize) -> String {
    let digits = number.to_string();
    let mut separated = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            separated.push(',');
        }
        separated.push(digit);
    }
    separated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_terminal_control_sequences() {
        assert_eq!(
            escape_unprintable("a\u{1b}[31mb\u{202e}c\r\u{7f}"),
            "a<U+001B>[31mb<U+202E>c<U+000D><U+007F>"
        );
        assert_eq!(escape_unprintable("Müller\t😀"), "Müller\t😀");
    }

    #[test]
    fn separates_thousands() {
        for (number, text) in [
            (7, "7"),
            (999, "999"),
            (1000, "1,000"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(with_thousands_separator(number), text);
        }
    }
}
