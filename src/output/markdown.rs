//! For a job's page or a pull request: a summary in Markdown.

use std::io::{self, Write};

use super::{Report, Reporter, Summary, grouped, printable};
use crate::finding::Level;

/// How many findings are listed: platforms cut what is long.
const ROWS: usize = 100;

pub(super) struct Markdown<'w> {
    out: Box<dyn Write + 'w>,
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
        let room = ROWS - self.rows.len();
        for finding in report.findings().take(room) {
            let place = report.lines.position(finding.span.start);
            self.rows.push(format!(
                "| {} | {}:{}:{} | `{}` | {} |",
                symbol(finding.level),
                plain(report.file),
                place.line,
                place.column,
                finding.rule,
                plain(&finding.message)
            ));
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let out = &mut self.out;
        writeln!(out, "## countersign: {}\n", summary.counted())?;
        let all = summary.all_records();
        writeln!(
            out,
            "{} records in {} files: {} valid, {} invalid.",
            grouped(all),
            grouped(summary.files),
            grouped(all - summary.invalid_records),
            grouped(summary.invalid_records)
        )?;
        if !summary.rules.is_empty() {
            writeln!(out, "\n| rule | level | findings |\n|---|---|--:|")?;
        }
        for (rule, tally) in &summary.rules {
            let (level, count) = (tally.level, grouped(tally.count));
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
        let more = summary.total() - self.rows.len();
        if more > 0 && !self.rows.is_empty() {
            writeln!(out, "\n{} more findings are not listed.", grouped(more))?;
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

/// A text in which nothing is markup, but for code between backticks that the message has itself.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '\t' => plain.push(' '),
            // No mention of a person or an issue, no link, no table cell, no code.
            '\\' | '*' | '_' | '[' | ']' | '(' | ')' | '#' | '|' | '~' | '`' | '!' | '@' | ':' => {
                plain.push_str(&format!("&#{};", u32::from(character)));
            }
            _ => plain.push(character),
        }
    }
    plain
}
