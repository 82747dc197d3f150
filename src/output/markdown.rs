//! The `markdown` format: a summary for a job page or a pull request.

use std::io::{self, Write};

use super::{Report, Reporter, Summary, escape_unprintable, with_thousands_separator};
use crate::finding::Level;

/// The maximum number of listed findings. Platforms truncate long summaries.
const MAX_ROWS: usize = 100;

/// Writes a Markdown summary at the end of the run.
pub(super) struct Markdown<'w> {
    out: Box<dyn Write + 'w>,
    /// The table rows of the findings.
    rows: Vec<String>,
}

impl<'w> Markdown<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out,
            rows: Vec::new(),
        }
    }
}

impl Reporter for Markdown<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        let remaining = MAX_ROWS - self.rows.len();
        for finding in report.findings().take(remaining) {
            let position = report.lines.position(finding.span.start);
            self.rows.push(format!(
                "| {} | {}:{}:{} | `{}` | {} |",
                symbol(finding.level),
                escape_markdown(report.file),
                position.line,
                position.column,
                finding.rule,
                escape_markdown(&finding.message)
            ));
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let out = &mut self.out;
        writeln!(out, "## countersign: {}\n", summary.findings_phrase())?;
        if let Some(interruption) = summary.interruption() {
            writeln!(out, "> **{interruption}**\n")?;
        }
        let records = summary.total_records();
        writeln!(
            out,
            "{} records in {} files: {} valid, {} invalid.",
            with_thousands_separator(records),
            with_thousands_separator(summary.files),
            with_thousands_separator(records - summary.invalid_records),
            with_thousands_separator(summary.invalid_records)
        )?;
        if !summary.rules.is_empty() {
            writeln!(out, "\n| rule | level | findings |\n|---|---|--:|")?;
        }
        for (rule, stats) in &summary.rules {
            let (level, count) = (stats.level, with_thousands_separator(stats.count));
            writeln!(out, "| `{rule}` | {level} | {count} |")?;
        }
        if !self.rows.is_empty() {
            writeln!(
                out,
                "\n| | place | rule | what is wrong |\n|---|---|---|---|"
            )?;
        }
        for row in &self.rows {
            writeln!(out, "{row}")?;
        }
        let more = summary.total_findings() - self.rows.len();
        if more > 0 && !self.rows.is_empty() {
            writeln!(
                out,
                "\n{} more findings are not listed.",
                with_thousands_separator(more)
            )?;
        }
        out.flush()
    }
}

fn symbol(level: Level) -> &'static str {
    match level {
        Level::Error => "❌",
        Level::Warning => "⚠️",
        Level::Info => "ℹ️",
    }
}

/// Escapes every character of a string that is markup in Markdown or HTML.
fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in escape_unprintable(text).chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\t' => escaped.push(' '),
            // `@` and `#` would mention a person or an issue.
            '\\' | '*' | '_' | '[' | ']' | '(' | ')' | '#' | '|' | '~' | '`' | '!' | '@' | ':' => {
                escaped.push_str(&format!("&#{};", u32::from(character)));
            }
            _ => escaped.push(character),
        }
    }
    escaped
}
