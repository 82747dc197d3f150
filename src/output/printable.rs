//! Text from payloads as a terminal may show it: nothing in it moves the cursor, changes colours or
//! turns the reading direction.

use std::borrow::Cow;

/// How one character is shown, where it cannot be shown as it is.
pub(super) fn shown(character: char) -> Option<String> {
    let is_direction = matches!(
        character,
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    );
    let is_hidden = matches!(
        character,
        '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
    );
    let is_hidden = is_hidden || ('\u{E0000}'..='\u{E007F}').contains(&character);
    match character {
        '\t' => None,
        _ if character.is_control() || is_direction || is_hidden => {
            Some(format!("<U+{:04X}>", character as u32))
        }
        _ => None,
    }
}

/// The text with every character replaced that a terminal must not see.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| shown(character).is_none()) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match shown(character) {
            Some(name) => safe.push_str(&name),
            None => safe.push(character),
        }
    }
    Cow::Owned(safe)
}

/// A number with its thousands parted.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        assert_eq!(
            printable("a\u{1b}[31mb\u{202e}c\r\u{7f}"),
            "a<U+001B>[31mb<U+202E>c<U+000D><U+007F>"
        );
        assert_eq!(printable("Müller\t😀"), "Müller\t😀");
    }
}
