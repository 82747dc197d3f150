//! Rules on the screen: one page, or the list of all.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde_json::json;

use crate::rule::Rule;

/// Prints a rule's page: headings stand out, paragraphs are wrapped, examples are set in.
pub(super) fn print(
    rule: &Rule,
    width: usize,
    has_colors: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let style = |style: Style| if has_colors { style } else { Style::new() };
    let heading = style(Style::new().bold());
    let example = style(AnsiColor::Cyan.on_default());
    let mut is_example = false;
    for line in rule.page.lines() {
        if line.starts_with("```") {
            is_example = !is_example;
        } else if is_example {
            writeln!(
                out,
                "    {example}{}{example:#}",
                crate::output::escape_unprintable(line)
            )?;
        } else if let Some(title) = line.strip_prefix("## ") {
            writeln!(out, "{heading}{title}{heading:#}")?;
        } else if let Some(title) = line.strip_prefix("# ") {
            writeln!(out, "{heading}{title}{heading:#} ({})", rule.level)?;
        } else {
            for wrapped in wrap(line, width.min(90)) {
                writeln!(out, "{wrapped}")?;
            }
        }
    }
    Ok(())
}

fn wrap(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in paragraph.split_whitespace() {
        let line = lines.last_mut().expect("a first line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// One line a rule, in columns.
pub(super) fn list_pretty(rules: &[&Rule], out: &mut impl Write) -> io::Result<()> {
    let longest = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in rules {
        writeln!(
            out,
            "{:longest$}  {:7}  {}",
            rule.id,
            rule.level.as_str(),
            rule.summary()
        )?;
    }
    Ok(())
}

/// An array of objects with `id`, `level` and `summary`.
pub(super) fn list_json(rules: &[&Rule], out: &mut impl Write) -> io::Result<()> {
    let rows: Vec<_> = rules
        .iter()
        .map(|rule| json!({ "id": rule.id, "level": rule.level.as_str(), "summary": rule.summary() }))
        .collect();
    serde_json::to_writer_pretty(&mut *out, &rows)?;
    writeln!(out)
}

/// A table whose ids lead to the pages.
pub(super) fn list_markdown(rules: &[&Rule], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "| rule | level | what is wrong |\n|---|---|---|")?;
    for rule in rules {
        let summary = rule.summary().replace('|', "\\|");
        writeln!(
            out,
            "| [`{0}`](rules/{0}.md) | {1} | {summary} |",
            rule.id, rule.level
        )?;
    }
    Ok(())
}
