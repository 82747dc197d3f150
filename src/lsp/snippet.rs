//! Snippets of the protocol: `$1` is a placeholder, `${1:value}` a placeholder with a default.

use crate::json::quote;
use crate::payload::{NamedEntries, NamedEntry, Template};
use crate::registry::Registry;

/// Returns the snippet of a named entry, with `next` as the number of its placeholder.
pub(super) fn entry(entry: &NamedEntry, next: &mut usize) -> String {
    let number = format!("${next}");
    *next += 1;
    let name = escape(&quote(entry.name));
    entry.snippet.replace("$1", &number).replace("$name", &name)
}

/// Returns the snippet of all entries that a usual array has, with placeholders from `next` on.
pub(super) fn complete_entries(entries: &NamedEntries, next: &mut usize) -> String {
    let usual = entries.entries.iter().take(entries.complete.0);
    let usual: Vec<String> = usual.map(|one| entry(one, next)).collect();
    format!("\n  {}\n", usual.join(",\n  "))
}

/// Returns the label and the properties of each template of the kinds, those registered last first.
pub(super) fn templates(registry: &Registry) -> Vec<(&'static str, String)> {
    let kinds = registry.kinds().iter().rev();
    let templates = kinds.flat_map(|kind| {
        let hints = kind.editor_hints();
        let templates = hints.templates.iter();
        templates.map(|template| {
            (
                template.label,
                template_snippet(template, hints.named_entries),
            )
        })
    });
    templates.collect()
}

fn template_snippet(template: &Template, entries: Option<&NamedEntries>) -> String {
    let Some(((before, after), entries)) = template.snippet.split_once("$entries").zip(entries)
    else {
        return template.snippet.to_owned();
    };
    let line = before.rsplit('\n').next().unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start().len()];
    // The placeholders of the entries follow those of the template.
    let is_digit = |c: char| c.is_ascii_digit();
    let numbers = template.snippet.split('$').filter_map(|part| {
        let digits = part.trim_start_matches('{');
        digits[..digits.len() - digits.trim_start_matches(is_digit).len()]
            .parse::<usize>()
            .ok()
    });
    let mut next = numbers.max().unwrap_or(0) + 1;
    let entries = complete_entries(entries, &mut next).replace('\n', &format!("\n{indent}"));
    format!("{before}{entries}{after}")
}

/// Escapes a text that contains no placeholders.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('$', "\\$")
        .replace('}', "\\}")
}

/// Converts a snippet to plain text for clients without snippet support: a placeholder becomes its default,
/// or nothing.
pub(super) fn strip_placeholders(snippet: &str) -> String {
    let mut text = String::with_capacity(snippet.len());
    let mut chars = snippet.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            '$' if chars.next_if_eq(&'{').is_some() => {
                chars.by_ref().find(|c| *c == ':');
                text.extend(chars.by_ref().take_while(|c| *c != '}'));
            }
            '$' => while chars.next_if(char::is_ascii_digit).is_some() {},
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filled_templates_are_valid_json() {
        for (label, properties) in templates(&Registry::built_in()) {
            let filled = strip_placeholders(&properties)
                .replace(": ,", ": 1,")
                .replace(": }", ": 1}");
            let filled = filled.replace(":  }", ": true }");
            let value: Result<serde_json::Value, _> =
                serde_json::from_str(&format!("{{{filled}}}"));
            assert!(value.is_ok(), "{label}: {value:?} {filled}");
        }
    }

    #[test]
    fn strips_placeholders() {
        assert_eq!(strip_placeholders(r"a\$b ${1:c} $2d"), "a$b c d");
    }

    #[test]
    fn escapes_special_characters() {
        assert_eq!(escape(r"a$b\c"), r"a\$b\\c");
    }
}
