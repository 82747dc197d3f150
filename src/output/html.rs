//! The `html` format: a self-contained page with charts and a table of findings. It loads nothing from
//! the network.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use askama::Template;
use serde::Serialize;

use super::source_window::SourceWindow;
use super::{Report, Reporter, Summary, escape_unprintable, with_thousands_separator};
use crate::finding::{Finding, Level};
use crate::payload::Kind;
use crate::registry::Registry;

/// The maximum number of findings in the table. More of them make browsers slow.
const MAX_ROWS: usize = 10_000;

/// The maximum number of bars of a chart.
const MAX_BARS: usize = 20;

const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

/// The Content Security Policy: the page may use its own style and script only, identified by their
/// hashes.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    style-src 'sha256-4y0Kfxbfq6KT4+xyHdO+PLsqtwYMXG5mp//A9mqOvBs='; \
    script-src 'sha256-Bj9oLESsU7cuhPoMqa6RgjdYMHRGN760uScmvn8dsKk='; \
    base-uri 'none'; form-action 'none'";

/// Writes an HTML page at the end of the run.
pub(super) struct Html<'w> {
    out: Box<dyn Write + 'w>,
    registry: &'w Registry,
    is_redacted: bool,
    /// The shown findings, each as JSON.
    rows: Vec<String>,
    /// The rules of the shown findings.
    shown_rules: BTreeSet<&'static str>,
    /// The number of findings of each file and their most severe level.
    files: BTreeMap<String, (usize, Level)>,
    /// The number of findings that are not in the table.
    omitted: usize,
}

impl<'w> Html<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>, is_redacted: bool, registry: &'w Registry) -> Self {
        Self {
            out,
            registry,
            is_redacted,
            rows: Vec::new(),
            shown_rules: BTreeSet::new(),
            files: BTreeMap::new(),
            omitted: 0,
        }
    }
}

impl Reporter for Html<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        let findings = &report.outcome.findings;
        let Some(highest) = findings.iter().map(|finding| finding.level).max() else {
            return Ok(());
        };
        let name = escape_unprintable(report.file).into_owned();
        let (count, level) = self.files.entry(name).or_insert((0, highest));
        *count += findings.len();
        *level = highest.max(*level);
        let remaining = MAX_ROWS - self.rows.len();
        let mut shown = 0;
        for finding in report.findings().take(remaining) {
            let row = Row::new(report, finding);
            self.rows.push(serde_json::to_string(&row)?);
            self.shown_rules.insert(finding.rule);
            shown += 1;
        }
        self.omitted += findings.len() - shown;
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let page = Page::new(self, summary);
        self.out
            .write_all(page.render().map_err(io::Error::other)?.as_bytes())?;
        self.out.flush()
    }
}

/// A row of the table of findings.
#[derive(Serialize)]
struct Row<'a> {
    rule: &'a str,
    level: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    file: String,
    line: u64,
    column: u64,
    /// The number of the record in the file, from 1.
    record: Option<usize>,
    key: Option<&'a str>,
    kind: Option<&'static str>,
    pointer: &'a str,
    fix: Option<FixRow<'a>>,
    frame: Frame<'a>,
}

#[derive(Serialize)]
struct FixRow<'a> {
    title: &'a str,
    safety: &'static str,
}

/// The source lines around a finding.
#[derive(Serialize)]
struct Frame<'a> {
    numbers: Vec<u64>,
    lines: Vec<String>,
    marks: Vec<Mark<'a>>,
}

/// A marked range of characters of a line.
#[derive(Serialize)]
struct Mark<'a> {
    /// The index of the line in [`Frame::lines`].
    line: usize,
    start: usize,
    end: usize,
    label: &'a str,
    /// Whether this is the span of the finding itself.
    main: bool,
}

impl<'a> Row<'a> {
    fn new(report: &Report<'a>, finding: &'a Finding) -> Self {
        let position = report.lines.position(finding.span.start);
        let index = report.outcome.record_at(finding.span);
        let record = index.map(|index| &report.outcome.records[index]);
        Self {
            rule: finding.rule,
            level: finding.level.as_str(),
            message: &finding.message,
            help: finding.help.as_deref(),
            file: escape_unprintable(report.file).into_owned(),
            line: position.line,
            column: position.column,
            record: index.map(|index| report.first_record + index + 1),
            key: record.and_then(|record| record.key.as_deref()),
            kind: record.and_then(|record| record.kind).map(Kind::id),
            pointer: &finding.pointer,
            fix: finding.fix.as_ref().map(|fix| FixRow {
                title: &fix.title,
                safety: fix.safety.as_str(),
            }),
            frame: Frame::new(report, finding),
        }
    }
}

impl<'a> Frame<'a> {
    fn new(report: &Report<'a>, finding: &'a Finding) -> Self {
        let others = || {
            let labels = finding.labels.iter();
            labels.filter(|label| label.span != finding.span)
        };
        // A label on the span of the finding itself becomes the text of the main mark.
        let own = finding
            .labels
            .iter()
            .find(|label| label.span == finding.span);
        let mut spans = vec![finding.span];
        spans.extend(others().map(|label| label.span));
        let mut labels = vec![own.map_or("", |label| label.message.as_str())];
        labels.extend(others().map(|label| label.message.as_str()));
        let window = SourceWindow::new(report.lines, &spans);
        let marks = window.marks().zip(labels).enumerate();
        Self {
            numbers: window.numbered_lines().map(|(number, _)| number).collect(),
            lines: window
                .numbered_lines()
                .map(|(_, line)| line.to_owned())
                .collect(),
            marks: marks
                .filter_map(|(index, (mark, label))| {
                    let (line, characters) = mark?;
                    Some(Mark {
                        line,
                        start: characters.start,
                        end: characters.end,
                        label,
                        main: index == 0,
                    })
                })
                .collect(),
        }
    }
}

/// The values of the template.
#[derive(Template)]
#[template(path = "report.html", escape = "html")]
struct Page {
    title: String,
    version: &'static str,
    css: &'static str,
    js: &'static str,
    csp: &'static str,
    files: String,
    records: String,
    valid: String,
    invalid: String,
    valid_width: usize,
    invalid_width: usize,
    errors: String,
    warnings: String,
    infos: String,
    fixable: String,
    kinds: Vec<KindCount>,
    rule_bars: Vec<Bar>,
    more_rules: String,
    file_bars: Vec<Bar>,
    more_files: String,
    omitted: String,
    redacted: bool,
    data: String,
}

/// The number of records of a kind.
struct KindCount {
    name: &'static str,
    count: String,
}

/// A bar of a chart.
struct Bar {
    label: String,
    level: &'static str,
    count: String,
    /// In thousandths of the longest bar.
    width: usize,
    note: &'static str,
}

impl Page {
    fn new(html: &Html<'_>, summary: &Summary) -> Self {
        let records = summary.total_records();
        let invalid = summary.invalid_records;
        let invalid_width = per_mille(invalid, records, 4);
        let rules = summary.rules.iter().map(|(rule, stats)| ChartRow {
            label: (*rule).to_owned(),
            level: stats.level,
            count: stats.count,
            note: html.registry.rule(rule).map_or("", |rule| rule.summary()),
        });
        let files = html.files.iter().map(|(file, (count, level))| ChartRow {
            label: file.clone(),
            level: *level,
            count: *count,
            note: "",
        });
        let (rule_bars, more_rules) = chart(rules.collect(), "rule");
        let (file_bars, more_files) = chart(files.collect(), "file");
        let kinds = summary.records_by_kind().filter(|(_, count)| *count > 0);
        Self {
            title: summary.findings_phrase(),
            version: env!("CARGO_PKG_VERSION"),
            css: STYLE,
            js: SCRIPT,
            csp: CONTENT_SECURITY_POLICY,
            files: with_thousands_separator(summary.files),
            records: with_thousands_separator(records),
            valid: with_thousands_separator(records - invalid),
            invalid: with_thousands_separator(invalid),
            valid_width: if records == 0 {
                0
            } else {
                1000 - invalid_width
            },
            invalid_width,
            errors: with_thousands_separator(summary.findings_at(Level::Error)),
            warnings: with_thousands_separator(summary.findings_at(Level::Warning)),
            infos: with_thousands_separator(summary.findings_at(Level::Info)),
            fixable: with_thousands_separator(summary.safe_fixes + summary.unsafe_fixes),
            kinds: kinds
                .map(|(kind, count)| KindCount {
                    name: kind.map_or("unknown", Kind::id),
                    count: with_thousands_separator(count),
                })
                .collect(),
            rule_bars,
            more_rules,
            file_bars,
            more_files,
            omitted: omitted_notice(html),
            redacted: html.is_redacted,
            data: data(html),
        }
    }
}

/// The sentence about the findings that are not in the table; empty if all are.
fn omitted_notice(html: &Html<'_>) -> String {
    match html.omitted {
        0 => String::new(),
        1 => "One finding more was counted and has no place in this table.".into(),
        more => format!(
            "The table holds the first {} findings; {} more were counted.",
            with_thousands_separator(html.rows.len()),
            with_thousands_separator(more)
        ),
    }
}

/// The findings of the table and the pages of their rules, as JSON without `<`, `>` and `&`.
fn data(html: &Html<'_>) -> String {
    let page = |id: &&'static str| Some((*id, html.registry.rule(id)?.page));
    let pages: BTreeMap<&str, &str> = html.shown_rules.iter().filter_map(page).collect();
    let pages = serde_json::to_string(&pages).unwrap_or_else(|_| "{}".into());
    let rows = html.rows.join(",");
    let json = format!("{{\"pages\":{pages},\"findings\":[{rows}]}}");
    // These characters occur in JSON strings only, where an escape has the same meaning.
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

/// A row of a chart before its bar is scaled.
struct ChartRow {
    label: String,
    level: Level,
    count: usize,
    note: &'static str,
}

/// The longest bars, longest first, and a sentence about the omitted ones.
fn chart(mut rows: Vec<ChartRow>, noun: &str) -> (Vec<Bar>, String) {
    rows.sort_by(|a, b| {
        Reverse(a.count)
            .cmp(&Reverse(b.count))
            .then_with(|| a.label.cmp(&b.label))
    });
    let rest = rows.split_off(rows.len().min(MAX_BARS));
    let longest = rows.first().map_or(0, |first| first.count);
    let bars = rows.into_iter().map(|row| Bar {
        label: row.label,
        level: row.level.as_str(),
        count: with_thousands_separator(row.count),
        width: per_mille(row.count, longest, 2),
        note: row.note,
    });
    let plural = |count: usize, noun: &str| {
        let ending = if count == 1 { "" } else { "s" };
        format!("{} {noun}{ending}", with_thousands_separator(count))
    };
    let more = match rest.len() {
        0 => String::new(),
        len => {
            let findings = rest.iter().map(|row| row.count).sum();
            let (omitted, findings) = (plural(len, noun), plural(findings, "finding"));
            format!("And {omitted} more, with {findings}.")
        }
    };
    (bars.collect(), more)
}

/// A part in thousandths of the whole. A part that is neither empty nor the whole is at least `least` away
/// from both, so that it is visible.
fn per_mille(part: usize, whole: usize, least: usize) -> usize {
    match (part, whole) {
        (0, _) | (_, 0) => 0,
        (part, whole) if part == whole => 1000,
        (part, whole) => (part * 1000 / whole).clamp(least, 1000 - least),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn policy_contains_the_hashes_of_style_and_script() {
        for (text, directive, ending) in [
            (STYLE, "style-src", "</style"),
            (SCRIPT, "script-src", "</script"),
        ] {
            let hash = BASE64_STANDARD.encode(Sha256::digest(text));
            let expected = format!("{directive} 'sha256-{hash}'");
            assert!(
                CONTENT_SECURITY_POLICY.contains(&expected),
                "the policy needs {expected}"
            );
            // These would end the element, or change the bytes that the browser hashes.
            assert!(!text.contains(ending) && !text.contains('\r') && !text.contains("<!--"));
        }
    }

    #[test]
    fn keeps_small_shares_visible() {
        assert_eq!(per_mille(0, 10, 4), 0);
        assert_eq!(per_mille(1, 1_000_000, 4), 4);
        assert_eq!(per_mille(999_999, 1_000_000, 4), 996);
        assert_eq!(per_mille(3, 3, 4), 1000);
    }
}
