//! Source texts of a value, in many spellings.

use serde_json::Value;

/// Decides how a value is written; from zero, it is written plainly.
struct Style(u64);

impl Style {
    fn roll(&mut self, sides: u64) -> u64 {
        if self.0 == 0 {
            return 0;
        }
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A text of `value`: with other spellings of numbers and strings, duplicate properties, and sometimes a
/// syntax error.
pub(super) fn text_of(value: &Value, style: u64) -> String {
    let mut style = Style(style);
    let mut text = String::new();
    write_value(value, &mut style, &mut text);
    match style.roll(24) {
        1 => {
            let characters: Vec<char> = text.chars().collect();
            let removed = style.roll(characters.len() as u64) as usize;
            let rest = characters.iter().enumerate();
            let rest = rest.filter(|(index, _)| *index != removed);
            rest.map(|(_, character)| character).collect()
        }
        2 => {
            let kept = style.roll(text.chars().count() as u64 + 1) as usize;
            text.chars().take(kept).collect()
        }
        3 => text.replace('"', "'"),
        4 => text.trim_end_matches(['"', '}', ']']).to_owned() + "\\",
        _ => text,
    }
}

fn write_value(value: &Value, style: &mut Style, text: &mut String) {
    match value {
        Value::Number(number) => text.push_str(&spelled(&number.to_string(), style)),
        Value::String(string) => write_string(string, style, text),
        Value::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write_value(element, style, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                let repeated = style.roll(24);
                if repeated == 1 {
                    write_string(name, style, text);
                    text.push_str(":null,");
                }
                write_string(name, style, text);
                text.push(':');
                write_value(value, style, text);
                if repeated == 2 {
                    text.push(',');
                    write_string(name, style, text);
                    text.push_str(":\"x\"");
                }
            }
            text.push('}');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

fn spelled(number: &str, style: &mut Style) -> String {
    let is_whole = number.bytes().all(|byte| byte.is_ascii_digit());
    match style.roll(16) {
        1 if is_whole => format!("{number}.0"),
        2 if is_whole => format!("{number}.00000000000000000001"),
        3 if is_whole => format!("{number}0e-1"),
        4 if is_whole => format!("{number}e-400"),
        5 if is_whole => format!("{number}e400"),
        6 if is_whole => format!("0.{}{number}", "9".repeat(30)),
        7 if is_whole => format!("-{number}"),
        8 if is_whole => format!("+{number}"),
        9 if is_whole => format!("0{number}"),
        _ => number.to_owned(),
    }
}

fn write_string(string: &str, style: &mut Style, text: &mut String) {
    match style.roll(12) {
        1 => {
            text.push('"');
            for unit in string.encode_utf16() {
                text.push_str(&format!("\\u{unit:04x}"));
            }
            text.push('"');
        }
        2 if string == "\u{FFFD}" => text.push_str("\"\\ud800\""),
        3 if string == "\u{FFFD}" => text.push_str("\"\\udbff\""),
        _ => text.push_str(&Value::from(string).to_string()),
    }
}
