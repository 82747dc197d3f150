//! `countersign rules` and `countersign explain`.

use std::io::{self, BufWriter, Write};

use anstyle::{AnsiColor, Style};
use serde_json::json;

use super::args::RulesFormat;
use super::error::{CliError, EXIT_OK};
use super::streams::Streams;
use crate::output::escape_unprintable;
use crate::registry::{Explanation, Registry};
use crate::rule::Rule;

/// The maximum width of a wrapped paragraph, in columns.
const MAX_WIDTH: usize = 90;

/// Lists the rules of a family, or all rules.
pub(super) fn list(
    family: Option<&str>,
    format: RulesFormat,
    registry: &Registry,
    streams: &mut Streams<'_>,
) -> Result<u8, CliError> {
    let rules = match family {
        Some(family) => registry
            .rules_of_family(family)
            .ok_or_else(|| no_family(family, registry))?,
        None => registry.rules().to_vec(),
    };
    let out = &mut BufWriter::new(&mut *streams.output);
    match format {
        RulesFormat::Pretty => write_columns(&rules, out)?,
        RulesFormat::Json => write_json(&rules, out)?,
        RulesFormat::Markdown => write_markdown(&rules, out)?,
    }
    out.flush()?;
    Ok(EXIT_OK)
}

fn no_family(family: &str, registry: &Registry) -> CliError {
    let families: Vec<&str> = registry.families().into_iter().collect();
    let families = families.join(", ");
    CliError::Message(format!(
        "there is no family `{family}`; the families are {families}"
    ))
}

/// Prints the page of a rule, or lists the rules of a family or of an error code of the vendor. The error for an unknown
/// ID suggests the most similar one.
pub(super) fn explain(
    id: &str,
    registry: &Registry,
    streams: &mut Streams<'_>,
) -> Result<u8, CliError> {
    let explanation = registry.explain(id).map_err(CliError::Message)?;
    let (width, has_colors) = (streams.width, streams.has_colors);
    let out = &mut BufWriter::new(&mut *streams.output);
    match explanation {
        Explanation::Rule(rule) => write_page(rule, width, has_colors, out)?,
        Explanation::Family(rules) => write_columns(&rules, out)?,
        Explanation::ErrorCode { heading, rules } => {
            writeln!(out, "{heading}\n")?;
            write_columns(&rules, out)?;
        }
    }
    out.flush()?;
    Ok(EXIT_OK)
}

/// Writes the page of a rule with bold headings, wrapped paragraphs and indented examples.
fn write_page(rule: &Rule, width: usize, has_colors: bool, out: &mut impl Write) -> io::Result<()> {
    let style = |style: Style| if has_colors { style } else { Style::new() };
    let heading = style(Style::new().bold());
    let example = style(AnsiColor::Cyan.on_default());
    let mut is_example = false;
    for line in rule.page.lines() {
        if line.starts_with("```") {
            is_example = !is_example;
        } else if is_example {
            let line = escape_unprintable(line);
            writeln!(out, "    {example}{line}{example:#}")?;
        } else if let Some(title) = line
            .strip_prefix("## ")
            .or_else(|| line.strip_prefix("### "))
        {
            writeln!(out, "{heading}{title}{heading:#}")?;
        } else if let Some(title) = line.strip_prefix("# ") {
            writeln!(out, "{heading}{title}{heading:#} ({})", rule.level)?;
        } else {
            for wrapped in wrap(line, width.min(MAX_WIDTH)) {
                writeln!(out, "{wrapped}")?;
            }
        }
    }
    Ok(())
}

/// Wraps a paragraph at `width` characters. Returns one empty line for an empty paragraph.
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

/// Writes one line per rule, in columns.
fn write_columns(rules: &[&Rule], out: &mut impl Write) -> io::Result<()> {
    let id_width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in rules {
        writeln!(
            out,
            "{:id_width$}  {:7}  {}",
            rule.id,
            rule.level.as_str(),
            rule.summary()
        )?;
    }
    Ok(())
}

/// Writes an array of objects with `id`, `level` and `summary`.
fn write_json(rules: &[&Rule], out: &mut impl Write) -> io::Result<()> {
    let rows: Vec<_> = rules
        .iter()
        .map(|rule| json!({ "id": rule.id, "level": rule.level.as_str(), "summary": rule.summary() }))
        .collect();
    serde_json::to_writer_pretty(&mut *out, &rows)?;
    writeln!(out)
}

/// Writes a Markdown table whose IDs link to the rule pages.
fn write_markdown(rules: &[&Rule], out: &mut impl Write) -> io::Result<()> {
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
