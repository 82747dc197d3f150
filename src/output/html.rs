//! For people who would rather look than read: a page in one file, which fetches nothing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use askama::Template;
use serde::Serialize;

use super::excerpt::Excerpt;
use super::{Report, Reporter, Summary, grouped, printable};
use crate::finding::{Finding, Level};
use crate::payload::PayloadKind;
use crate::rules;

/// How many findings the table holds: more than that nobody reads, and browsers become slow.
const CAP: usize = 10_000;

/// How many bars a chart has.
const BARS: usize = 20;

const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

/// What the page may do: nothing but use its own style and its own script, known by their hashes.
const POLICY: &str = "default-src 'none'; \
    style-src 'sha256-4y0Kfxbfq6KT4+xyHdO+PLsqtwYMXG5mp//A9mqOvBs='; \
    script-src 'sha256-Bj9oLESsU7cuhPoMqa6RgjdYMHRGN760uScmvn8dsKk='; \
    base-uri 'none'; form-action 'none'";

pub(super) struct Html<'w> {
    out: Box<dyn Write + 'w>,
    is_redacted: bool,
    /// Findings as JSON.
    rows: Vec<String>,
    /// The rules of those findings.
    shown_rules: BTreeSet<&'static str>,
    /// By file, how many findings there are and the loudest level.
    files: BTreeMap<String, (usize, Level)>,
    /// Findings that found no room, or were not to be shown.
    left_out: usize,
}

impl<'w> Html<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>, is_redacted: bool) -> Self {
        Self {
            out,
            is_redacted,
            rows: Vec::new(),
            shown_rules: BTreeSet::new(),
            files: BTreeMap::new(),
            left_out: 0,
        }
    }
}

impl Reporter for Html<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        let findings = &report.verdict.findings;
        let Some(loudest) = findings.iter().map(|finding| finding.level).max() else {
            return Ok(());
        };
        let name = printable(report.file).into_owned();
        let (count, level) = self.files.entry(name).or_insert((0, loudest));
        *count += findings.len();
        *level = loudest.max(*level);
        let room = CAP - self.rows.len();
        let mut shown = 0;
        for finding in report.findings().take(room) {
            let row = Row::new(report, finding);
            self.rows.push(serde_json::to_string(&row)?);
            self.shown_rules.insert(finding.rule);
            shown += 1;
        }
        self.left_out += findings.len() - shown;
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let page = Page::new(self, summary);
        self.out
            .write_all(page.render().map_err(io::Error::other)?.as_bytes())?;
        self.out.flush()
    }
}

/// A finding as the table shows it.
#[derive(Serialize)]
struct Row<'a> {
    rule: &'a str,
    level: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    file: String,
    line: u64,
    column: u64,
    /// From 1.
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

/// The lines around a finding.
#[derive(Serialize)]
struct Frame<'a> {
    numbers: Vec<u64>,
    lines: Vec<String>,
    marks: Vec<Mark<'a>>,
}

/// Characters of a line that matter.
#[derive(Serialize)]
struct Mark<'a> {
    /// The line's place among those of the frame.
    line: usize,
    start: usize,
    end: usize,
    label: &'a str,
    /// Whether it is the finding's own place.
    main: bool,
}

impl<'a> Row<'a> {
    fn new(report: &Report<'a>, finding: &'a Finding) -> Self {
        let place = report.lines.position(finding.span.start);
        let index = report.verdict.record_at(finding.span);
        let record = index.map(|index| &report.verdict.records[index]);
        Self {
            rule: finding.rule,
            level: finding.level.as_str(),
            message: &finding.message,
            help: finding.help.as_deref(),
            file: printable(report.file).into_owned(),
            line: place.line,
            column: place.column,
            record: index.map(|index| report.first_record + index + 1),
            key: record.and_then(|record| record.key.as_deref()),
            kind: record
                .and_then(|record| record.kind)
                .map(PayloadKind::as_str),
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
        // Words for the place itself.
        let own = finding
            .labels
            .iter()
            .find(|label| label.span == finding.span);
        let mut spans = vec![finding.span];
        spans.extend(others().map(|label| label.span));
        let mut labels = vec![own.map_or("", |label| label.message.as_str())];
        labels.extend(others().map(|label| label.message.as_str()));
        let excerpt = Excerpt::new("", report.lines, &spans);
        let marks = excerpt.marks().zip(labels).enumerate();
        Self {
            numbers: excerpt.rows().map(|(number, _)| number).collect(),
            lines: excerpt.rows().map(|(_, line)| line.to_owned()).collect(),
            marks: marks
                .filter_map(|(index, (place, label))| {
                    let (line, characters) = place?;
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

/// What the template shows.
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
    kinds: Vec<Count>,
    rules: Vec<Bar>,
    more_rules: String,
    folders: Vec<Bar>,
    more_files: String,
    left_out: String,
    redacted: bool,
    data: String,
}

struct Count {
    name: &'static str,
    count: String,
}

/// A bar of a chart.
struct Bar {
    label: String,
    level: &'static str,
    count: String,
    /// Thousandths of the longest.
    width: usize,
    note: &'static str,
}

impl Page {
    fn new(html: &Html<'_>, summary: &Summary) -> Self {
        let all = summary.all_records();
        let invalid = summary.invalid_records;
        let invalid_width = share(invalid, all, 4);
        let tallies = summary.rules.iter().map(|(rule, tally)| Counted {
            label: (*rule).to_owned(),
            level: tally.level,
            count: tally.count,
            note: rules::find(rule).map_or("", |rule| rule.summary()),
        });
        let files = html.files.iter().map(|(file, (count, level))| Counted {
            label: file.clone(),
            level: *level,
            count: *count,
            note: "",
        });
        let (rules, more_rules) = chart(tallies.collect(), "rule");
        let (folders, more_files) = chart(files.collect(), "file");
        let names = PayloadKind::ALL.map(PayloadKind::as_str);
        let kinds = names.into_iter().chain(["unknown"]).zip(summary.records);
        let kinds = kinds.filter(|(_, count)| *count > 0);
        Self {
            title: summary.counted(),
            version: env!("CARGO_PKG_VERSION"),
            css: STYLE,
            js: SCRIPT,
            csp: POLICY,
            files: grouped(summary.files),
            records: grouped(all),
            valid: grouped(all - invalid),
            invalid: grouped(invalid),
            valid_width: if all == 0 { 0 } else { 1000 - invalid_width },
            invalid_width,
            errors: grouped(summary.at(Level::Error)),
            warnings: grouped(summary.at(Level::Warning)),
            infos: grouped(summary.at(Level::Info)),
            fixable: grouped(summary.safe_fixes + summary.unsafe_fixes),
            kinds: kinds
                .map(|(name, count)| Count {
                    name,
                    count: grouped(count),
                })
                .collect(),
            rules,
            more_rules,
            folders,
            more_files,
            left_out: match html.left_out {
                0 => String::new(),
                1 => "One finding more was counted and has no place in this table.".into(),
                more => format!(
                    "The table holds the first {} findings; {} more were counted.",
                    grouped(html.rows.len()),
                    grouped(more)
                ),
            },
            redacted: html.is_redacted,
            data: data(html),
        }
    }
}

/// The table's findings and the pages of their rules as JSON that holds no markup.
fn data(html: &Html<'_>) -> String {
    let page = |id: &&'static str| Some((*id, rules::find(id)?.page));
    let pages: BTreeMap<&str, &str> = html.shown_rules.iter().filter_map(page).collect();
    let pages = serde_json::to_string(&pages).unwrap_or_else(|_| "{}".into());
    let rows = html.rows.join(",");
    let json = format!("{{\"pages\":{pages},\"findings\":[{rows}]}}");
    // These stand in strings only, where an escape says the same.
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

/// Something that a bar shows.
struct Counted {
    label: String,
    level: Level,
    count: usize,
    note: &'static str,
}

/// The longest bars, longest first, and what is said of the others.
fn chart(mut counted: Vec<Counted>, noun: &str) -> (Vec<Bar>, String) {
    counted.sort_by(|a, b| {
        Reverse(a.count)
            .cmp(&Reverse(b.count))
            .then_with(|| a.label.cmp(&b.label))
    });
    let rest = counted.split_off(counted.len().min(BARS));
    let longest = counted.first().map_or(0, |first| first.count);
    let bars = counted.into_iter().map(|row| Bar {
        label: row.label,
        level: row.level.as_str(),
        count: grouped(row.count),
        width: share(row.count, longest, 2),
        note: row.note,
    });
    let plural = |count: usize, noun: &str| {
        let ending = if count == 1 { "" } else { "s" };
        format!("{} {noun}{ending}", grouped(count))
    };
    let more = match rest.len() {
        0 => String::new(),
        len => {
            let findings = rest.iter().map(|row| row.count).sum();
            let (rows, findings) = (plural(len, noun), plural(findings, "finding"));
            format!("And {rows} more, with {findings}.")
        }
    };
    (bars.collect(), more)
}

/// Thousandths of a whole; what there is can be seen.
fn share(part: usize, whole: usize, least: usize) -> usize {
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
    fn the_policy_knows_the_style_and_the_script() {
        for (text, directive, ending) in [
            (STYLE, "style-src", "</style"),
            (SCRIPT, "script-src", "</script"),
        ] {
            let hash = BASE64_STANDARD.encode(Sha256::digest(text));
            let expected = format!("{directive} 'sha256-{hash}'");
            assert!(POLICY.contains(&expected), "the policy needs {expected}");
            // What would end the element, or what a browser reads differently.
            assert!(!text.contains(ending) && !text.contains('\r') && !text.contains("<!--"));
        }
    }

    #[test]
    fn numbers_are_grouped_and_shares_can_be_seen() {
        for (number, text) in [
            (7, "7"),
            (999, "999"),
            (1000, "1,000"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(share(0, 10, 4), 0);
        assert_eq!(share(1, 1_000_000, 4), 4);
        assert_eq!(share(999_999, 1_000_000, 4), 996);
        assert_eq!(share(3, 3, 4), 1000);
    }
}
