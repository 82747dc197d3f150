//! Snippets of the protocol: `$1` is a placeholder, `${1:value}` a placeholder with a default.

use super::trial::Sample;
use crate::json::quote;
use crate::payload::{EntryBundle, NamedEntries, NamedEntry, Template};
use crate::registry::Registry;

/// Returns the snippet of a named entry with this value, or with `next` as the number of its placeholder.
pub(super) fn entry(entry: &NamedEntry, value: Option<&str>, next: &mut usize) -> String {
    let value = match value {
        Some(value) => escape(value),
        None => {
            *next += 1;
            format!("${}", *next - 1)
        }
    };
    let name = escape(&quote(entry.name));
    entry.snippet.replace("$1", &value).replace("$name", &name)
}

/// Returns an entry with a value.
fn filled(entry: &NamedEntry, value: &str) -> String {
    let name = quote(entry.name);
    entry.snippet.replace("$1", value).replace("$name", &name)
}

/// Returns an entry with each of its examples, followed by others with their first example.
pub(super) fn entry_samples(entry: &NamedEntry, others: &[&NamedEntry]) -> Vec<Sample> {
    let others: String = others
        .iter()
        .map(|other| format!(", {}", first_example(other)))
        .collect();
    let examples = entry.examples.iter();
    examples
        .map(|example| Sample::exact(format!("{}{others}", filled(entry, example))))
        .collect()
}

/// Returns what follows the name's property and colon in an entry, with each of its examples, without the closing
/// brace.
pub(super) fn entry_samples_without_braces(entry: &NamedEntry) -> Vec<Sample> {
    let name = quote(entry.name);
    let examples = entry.examples.iter();
    examples
        .map(|example| {
            let text = filled(entry, example);
            let start = text.find(&name).unwrap_or_default();
            Sample::exact(text[start..].trim_end_matches('}').trim_end())
        })
        .collect()
}

/// Returns the values as JSON that a property of an entry has in its examples; empty if it is not a property of it.
pub(super) fn values_of(entry: &NamedEntry, property: &str) -> Vec<String> {
    let examples = entry.examples.iter();
    examples
        .filter_map(|example| {
            let entry: serde_json::Value = serde_json::from_str(&filled(entry, example)).ok()?;
            Some(entry.get(property)?.to_string())
        })
        .collect()
}

fn first_example(entry: &NamedEntry) -> String {
    filled(entry, entry.examples.first().copied().unwrap_or_default())
}

/// Returns the snippet of the entries of a bundle, with placeholders from `next` on.
pub(super) fn bundle(bundle: &EntryBundle, entries: &NamedEntries, next: &mut usize) -> String {
    let lines = bundle.entries.iter();
    let lines: Vec<String> = lines
        .filter_map(|(name, value)| Some(entry(entries.entry(name)?, *value, next)))
        .collect();
    format!("\n  {}\n", lines.join(",\n  "))
}

/// Returns the entries of a bundle, each with a value.
pub(super) fn bundle_sample(bundle: &EntryBundle, entries: &NamedEntries) -> Sample {
    let lines = bundle.entries.iter();
    let lines: Vec<String> = lines
        .filter_map(|(name, value)| {
            let entry = entries.entry(name)?;
            Some(value.map_or_else(|| first_example(entry), |value| filled(entry, value)))
        })
        .collect();
    Sample::exact(lines.join(", "))
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
    let (Some((before, after)), Some(bundled), Some(entries)) = (
        template.snippet.split_once("$entries"),
        template.bundle,
        entries,
    ) else {
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
    let entries = bundle(bundled, entries, &mut next).replace('\n', &format!("\n{indent}"));
    format!("{before}{entries}{after}")
}

/// Escapes a text that contains no placeholders.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('$', "\\$")
        .replace('}', "\\}")
}

/// Whether a snippet has placeholders. One without can be inserted as plain text.
pub(super) fn has_placeholders(snippet: &str) -> bool {
    let mut chars = snippet.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '$' => return true,
            _ => {}
        }
    }
    false
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
        assert!(has_placeholders(r"a\$b $2") && !has_placeholders(r"a\$b"));
    }

    #[test]
    fn escapes_special_characters() {
        assert_eq!(escape(r"a$b\c"), r"a\$b\\c");
    }
}
