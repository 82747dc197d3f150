//! Recognition of text in other formats than JSON, such as YAML, so that it is named instead of being parsed.

/// The format of a text that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// Settings as `name = value`, with or without sections.
    Ini,
    /// XML.
    Xml,
    /// HTML.
    Html,
    /// Values separated by commas or semicolons.
    Csv,
    /// Values separated by tabs.
    Tsv,
    /// Markdown.
    Markdown,
    /// Text of no known format.
    Prose,
}

/// The maximum number of lines that are read to recognise a format.
const MAX_LINES: usize = 40;

/// The minimum number of lines of a text that is prose.
const MIN_PROSE_LINES: usize = 3;

impl TextFormat {
    /// The name in messages.
    pub fn name(self) -> &'static str {
        match self {
            TextFormat::Yaml => "YAML",
            TextFormat::Toml => "TOML",
            TextFormat::Ini => "an INI or properties file",
            TextFormat::Xml => "XML",
            TextFormat::Html => "HTML",
            TextFormat::Csv => "CSV",
            TextFormat::Tsv => "TSV",
            TextFormat::Markdown => "Markdown",
            TextFormat::Prose => "plain text",
        }
    }

    /// Recognises the format of a text without a payload. `None` if the text may be JSON with mistakes.
    pub(super) fn of(text: &str) -> Option<TextFormat> {
        let text = text.trim_start_matches('\u{FEFF}').trim();
        if text.starts_with('<') {
            return markup(text);
        }
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.trim().is_empty())
            .take(MAX_LINES)
            .collect();
        let is_comment = |line: &str| {
            let line = line.trim_start();
            line.starts_with(['#', ';', '*']) || line.starts_with("//") || line.starts_with("/*")
        };
        let content: Vec<&str> = lines
            .iter()
            .copied()
            .filter(|line| !is_comment(line))
            .collect();
        let first = content.first().map_or("", |line| line.trim_start());
        if first.starts_with(['{', '[', '"']) && !is_section(first) {
            return table(&lines).filter(|_| first.starts_with('"'));
        }
        // A line of a longer value, such as an array, matches no pattern.
        let most_match = |is_match: fn(&str) -> bool| {
            let matching = content.iter().filter(|line| is_match(line)).count();
            matching * 10 >= content.len() * 6 && matching > 0
        };
        if most_match(is_setting) && lines.len() > 1 {
            let is_toml = content
                .iter()
                .any(|line| line.starts_with("[[") || has_toml_value(line));
            return Some(match is_toml {
                true => TextFormat::Toml,
                false => TextFormat::Ini,
            });
        }
        if let Some(format) = table(&lines) {
            return Some(format);
        }
        let starts_yaml = text.starts_with("---\n") || text.starts_with("%YAML");
        if starts_yaml || content.len() > 1 && most_match(is_yaml) {
            return Some(TextFormat::Yaml);
        }
        let is_heading = |line: &&&str| line.starts_with("# ") || line.starts_with("## ");
        if !first.is_empty() && lines.first().filter(is_heading).is_some() {
            return Some(TextFormat::Markdown);
        }
        let is_word = text.starts_with(|c: char| c.is_alphabetic());
        (is_word && lines.len() >= MIN_PROSE_LINES).then_some(TextFormat::Prose)
    }
}

/// The format of a text that starts with an angle bracket.
fn markup(text: &str) -> Option<TextFormat> {
    let start: String = text.chars().take(1024).collect::<String>().to_lowercase();
    let html = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<div",
        "<p>",
        "<table",
    ];
    if html.iter().any(|tag| start.starts_with(tag)) || start.contains("<html") {
        return Some(TextFormat::Html);
    }
    let is_element = start[1..].starts_with(|c: char| c.is_alphabetic() || "?!".contains(c));
    (is_element && text.ends_with('>')).then_some(TextFormat::Xml)
}

/// Whether a line is the header of a section, such as `[package]` or `[[bin]]`.
fn is_section(line: &str) -> bool {
    let name = line.trim_start_matches('[');
    let depth = line.len() - name.len();
    let is_name = |c: char| c.is_alphanumeric() || "_.-\"' :/*".contains(c);
    let inner = name.trim_end().trim_end_matches(']');
    (1..=2).contains(&depth)
        && name.trim_end().len() - inner.len() == depth
        && inner.starts_with(|c: char| c.is_alphabetic() || "_\"'*".contains(c))
        && !inner.contains("\",")
        && inner.chars().all(is_name)
        && !matches!(inner, "true" | "false" | "null")
}

/// Whether a line is a section or `name = value`.
fn is_setting(line: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || "_.-\"'/@*".contains(c);
    let is_assignment = line.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim();
        let name = name.strip_prefix("export ").unwrap_or(name);
        !name.is_empty() && name.chars().all(is_name)
    });
    is_section(line) || is_assignment
}

/// Whether a line of settings has a value as only TOML writes it: a string in quotes, an array, a table or a boolean.
fn has_toml_value(line: &str) -> bool {
    let value = line.split_once(" = ").map(|(_, value)| value.trim());
    value.is_some_and(|value| {
        value.starts_with(['"', '[', '{']) || matches!(value, "true" | "false")
    })
}

/// Whether a line is `name: value`, `name:` or an element of a list.
fn is_yaml(line: &str) -> bool {
    let line = line.trim_start();
    if line == "---" || line == "-" || line.starts_with("- ") {
        return true;
    }
    let Some((name, value)) = line.split_once(':') else {
        return false;
    };
    let is_name = |c: char| c.is_alphanumeric() || "_.-\"'$/ ".contains(c);
    !name.is_empty()
        && name.split(' ').count() <= 3
        && name.chars().all(is_name)
        && (value.is_empty() || value.starts_with(' '))
}

/// The format of lines that all have the same number of values: at least three, or two in at least three lines.
fn table(lines: &[&str]) -> Option<TextFormat> {
    let (first, rest) = lines.split_first()?;
    let has_brackets = |line: &&str| line.trim_start().starts_with(['{', '[', '}', ']']);
    if rest.is_empty() || lines.iter().any(has_brackets) {
        return None;
    }
    let formats = [
        ('\t', TextFormat::Tsv),
        (',', TextFormat::Csv),
        (';', TextFormat::Csv),
        ('|', TextFormat::Csv),
    ];
    formats.into_iter().find_map(|(separator, format)| {
        let separators = separators_in(first, separator);
        let is_row = |line: &&str| separators_in(line, separator) == separators;
        let is_table = separators >= 2 || separators == 1 && lines.len() >= 3;
        let ends_with_separator = first.ends_with(separator) && separator == ',';
        (is_table && !ends_with_separator && rest.iter().all(is_row)).then_some(format)
    })
}

/// The number of separators in a line, without those between quotes.
fn separators_in(line: &str, separator: char) -> usize {
    let mut is_quoted = false;
    line.chars()
        .filter(|&c| {
            is_quoted ^= c == '"';
            c == separator && !is_quoted
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_other_formats() {
        for (text, format) in [
            (
                "name: kestrel\non:\n  push:\n    branches: [main]\n",
                TextFormat::Yaml,
            ),
            ("---\ntype: sales\n", TextFormat::Yaml),
            ("# build\n- one\n- two\n", TextFormat::Yaml),
            (
                "[package]\nname = \"kestrel\"\nversion = \"1.0\"\n",
                TextFormat::Toml,
            ),
            (
                "title = \"x\"\nlist = [\n  1,\n]\n[a.b]\nc = true\n",
                TextFormat::Toml,
            ),
            ("[core]\n\teditor = vim\n", TextFormat::Ini),
            ("HOST=localhost\nPORT=80\n", TextFormat::Ini),
            ("<?xml version=\"1.0\"?>\n<order/>\n", TextFormat::Xml),
            ("<order id=\"1\"><line/></order>", TextFormat::Xml),
            ("<!DOCTYPE html>\n<html></html>", TextFormat::Html),
            ("mpn,quantity,price\nCFQ7,1,2\nCFQ8,2,3\n", TextFormat::Csv),
            (
                "\"mpn\";\"name; long\"\n\"a\";\"b\"\n\"c\";\"d\"\n",
                TextFormat::Csv,
            ),
            ("mpn\tquantity\nCFQ7\t1\nCFQ8\t2\n", TextFormat::Tsv),
            (
                "# Title\n\nSome text about [links](x).\n",
                TextFormat::Markdown,
            ),
            (
                "Dear all,\nplease find the order below.\nRegards\n",
                TextFormat::Prose,
            ),
        ] {
            assert_eq!(TextFormat::of(text), Some(format), "{text}");
        }
    }

    #[test]
    fn may_be_json() {
        for text in [
            "",
            "{",
            "[1, 2\n3, 4",
            "[\"a\", \"b\"]\n[\"c\", \"d\"]\n",
            "[true]\n",
            "{'a': 1}\n{'b': 2}\n",
            "\"a\": 1,\n\"b\": 2\n",
            "nul",
            "undefined\n",
            "None",
            "12,5\n",
            "# one\n{}\n",
            "// one\n/* two\n * three\n */\n[1, 2\n",
            "# only a comment\n",
        ] {
            assert_eq!(TextFormat::of(text), None, "{text}");
        }
    }
}
