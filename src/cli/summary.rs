//! The summary at the end of a run.

use std::cmp::Reverse;
use std::io::{self, Write};

use crate::batch::{Baseline, FixMode};
use crate::finding::Safety;
use crate::output::{RuleStats, Summary, escape_unprintable, with_thousands_separator};
use crate::payload::Kind;

/// The maximum number of resolved baseline entries that are named.
const MAX_RESOLVED_ENTRIES: usize = 10;

/// The maximum number of rules in the statistics.
const MAX_RULES: usize = 20;

/// The width of the longest bar, in columns.
const BAR_WIDTH: usize = 20;

// The widths of the columns of the statistics.
const COUNT_WIDTH: usize = 9;
const LEVEL_WIDTH: usize = 7;

/// What the summary of a run is made of.
pub(super) struct RunSummary<'a> {
    pub(super) summary: &'a Summary,
    pub(super) baseline: Option<&'a Baseline>,
    pub(super) fix_mode: FixMode,
    pub(super) is_interrupted: bool,
    pub(super) seconds: f64,
    /// The width of the terminal, in columns.
    pub(super) width: usize,
    /// Whether the summary is shown in a terminal.
    pub(super) is_terminal: bool,
}

impl RunSummary<'_> {
    /// Writes the summary. `only_input` is the name of the input if there is only one.
    pub(super) fn write(&self, only_input: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
        let summary = self.summary;
        self.write_resolved_entries(out)?;
        if self.is_interrupted {
            let place = match &summary.last_record {
                Some((file, line)) => {
                    let file = escape_unprintable(file);
                    format!("; the last complete record is {file}:{line}")
                }
                None => String::new(),
            };
            let findings = summary.findings_phrase();
            self.write_wrapped(&format!("interrupted: {findings} so far{place}"), out)?;
        } else {
            let line = summary_line(summary, only_input, self.fix_mode);
            self.write_wrapped(&line, out)?;
        }
        if summary.total_records() > 1 {
            self.write_wrapped(&records_line(summary), out)?;
            write_rules(summary, self.width, out)?;
            write_throughput(summary, self.seconds, out)?;
        }
        Ok(())
    }

    /// Writes a line, in several lines if the terminal is too narrow.
    fn write_wrapped(&self, line: &str, out: &mut dyn Write) -> io::Result<()> {
        let width = if self.is_terminal {
            self.width
        } else {
            usize::MAX
        };
        let options = textwrap::Options::new(width)
            .subsequent_indent("  ")
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::wrap(line, options)
            .iter()
            .try_for_each(|line| writeln!(out, "{line}"))
    }

    /// Writes the baseline entries that no longer match a finding.
    fn write_resolved_entries(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut resolved = self.baseline.into_iter().flat_map(Baseline::resolved);
        for entry in resolved.by_ref().take(MAX_RESOLVED_ENTRIES) {
            let entry = escape_unprintable(&entry);
            writeln!(out, "in the baseline, but no longer found: {entry}")?;
        }
        let more = resolved.count();
        if more > 0 {
            writeln!(out, "in the baseline, but no longer found: {more} more")?;
        }
        Ok(())
    }
}

/// The result of the run in one line.
fn summary_line(summary: &Summary, only_input: Option<&str>, fix_mode: FixMode) -> String {
    let unrecognised = unrecognised_files(summary);
    let is_nothing_checked = summary.files == 0 && summary.total_findings() == 0;
    let mut parts = Vec::new();
    if !is_nothing_checked {
        parts.push(summary.findings_phrase());
        let fixed = summary.fixed;
        match fix_mode {
            FixMode::Report => {}
            FixMode::Apply(_) => parts.push(format!("{fixed} fixed")),
            FixMode::Diff(_) => parts.push(format!("{fixed} would be fixed")),
        }
        parts.extend(available_fixes(summary, fix_mode));
    }
    for (count, what) in [
        (summary.hidden, "not shown"),
        (summary.ignored, "ignored by configuration"),
        (summary.baseline_matched, "in the baseline"),
        (summary.baseline_resolved, "no longer found"),
    ] {
        if count > 0 {
            parts.push(format!("{} {what}", with_thousands_separator(count)));
        }
    }
    for (count, what) in [
        (summary.unreadable, "could not be read"),
        (summary.unwritten, "could not be written"),
    ] {
        match count {
            0 => {}
            1 => parts.push(format!("1 file {what}")),
            count => parts.push(format!("{} files {what}", with_thousands_separator(count))),
        }
    }
    parts.extend(unrecognised);
    let subject = match (only_input, summary.files) {
        _ if is_nothing_checked => "nothing was checked".into(),
        (Some(name), 1) => escape_unprintable(name).into_owned(),
        (_, 1) => "1 file".into(),
        (_, files) => format!("{} files", with_thousands_separator(files)),
    };
    match parts.is_empty() {
        true => format!("{subject}: no files"),
        false => format!("{subject}: {}", parts.join("; ")),
    }
}

/// The files that were passed over because they contain no payload.
fn unrecognised_files(summary: &Summary) -> Option<String> {
    match summary.unrecognised {
        0 => None,
        1 => Some("1 file is not a payload (--verbose)".into()),
        count => Some(format!(
            "{} files are not payloads (--verbose)",
            with_thousands_separator(count)
        )),
    }
}

/// The fixes that the findings offer and that the run did not show as a diff.
fn available_fixes(summary: &Summary, fix_mode: FixMode) -> Option<String> {
    let safe_fixes = match fix_mode {
        FixMode::Diff(_) => 0,
        _ => summary.safe_fixes,
    };
    let unsafe_fixes = match fix_mode {
        FixMode::Diff(Safety::Unsafe) => 0,
        _ => summary.unsafe_fixes,
    };
    match (safe_fixes, unsafe_fixes) {
        (0, 0) => None,
        (0, count) => Some(format!("{count} with an unsafe fix (--fix=unsafe)")),
        (count, 0) => Some(format!("{count} with a safe fix (--fix)")),
        (safe_fixes, unsafe_fixes) => Some(format!(
            "{safe_fixes} with a safe fix (--fix), {unsafe_fixes} with an unsafe one (--fix=unsafe)"
        )),
    }
}

fn write_throughput(summary: &Summary, seconds: f64, out: &mut dyn Write) -> io::Result<()> {
    let megabytes = summary.bytes as f64 / 1e6;
    let per_second = |amount: f64| amount / seconds.max(1e-6);
    writeln!(
        out,
        "{megabytes:.1} MB in {seconds:.2} s: {:.0} MB/s, {} records/s",
        per_second(megabytes),
        with_thousands_separator(per_second(summary.total_records() as f64) as usize)
    )
}

/// The numbers of records by kind and by result.
fn records_line(summary: &Summary) -> String {
    let kinds: Vec<String> = summary
        .records_by_kind()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| {
            let kind = kind.map_or("unknown", Kind::plural);
            format!("{} {kind}", with_thousands_separator(count))
        })
        .collect();
    let valid = summary.total_records() - summary.invalid_records;
    format!(
        "records: {}; {} valid, {} invalid",
        kinds.join(", "),
        with_thousands_separator(valid),
        with_thousands_separator(summary.invalid_records)
    )
}

/// Writes the rules with the most findings: the number, the level, a bar if there is room for it, the rule, and the place
/// of the first finding if it fits.
fn write_rules(summary: &Summary, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: Vec<(&&str, &RuleStats)> = summary.rules.iter().collect();
    rules.sort_by_key(|(rule, stats)| (Reverse(stats.count), **rule));
    let omitted = rules.split_off(rules.len().min(MAX_RULES));
    let max_count = rules.first().map_or(0, |(_, stats)| stats.count);
    let id_width = rules.iter().map(|(rule, _)| rule.len()).max();
    let id_width = id_width.unwrap_or_default();
    let place_of = |stats: &RuleStats| {
        let example = &stats.example;
        let file = escape_unprintable(&example.file);
        format!("{file}:{}:{}", example.line, example.column)
    };
    let places = rules.iter().map(|(_, stats)| place_of(stats));
    let place_width = places.map(|place| place.chars().count()).max();
    let without_bars = COUNT_WIDTH + LEVEL_WIDTH + id_width + 6 + place_width.unwrap_or(0);
    let has_bars = max_count > 1 && without_bars + BAR_WIDTH < width;
    for (rule, stats) in rules {
        let count = with_thousands_separator(stats.count);
        let level = stats.level.as_str();
        let bar = match has_bars {
            true => {
                let bar = "█".repeat((stats.count * BAR_WIDTH).div_ceil(max_count.max(1)));
                format!("{bar:<BAR_WIDTH$} ")
            }
            false => String::new(),
        };
        let place = place_of(stats);
        let line = format!("  {count:>COUNT_WIDTH$} {bar}{level:<LEVEL_WIDTH$} {rule:<id_width$}");
        if line.chars().count() + 2 + place.chars().count() <= width {
            writeln!(out, "{line}  {place}")?;
        } else {
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    if !omitted.is_empty() {
        let findings: usize = omitted.iter().map(|(_, stats)| stats.count).sum();
        let rules = omitted.len();
        let findings = with_thousands_separator(findings);
        let plural = if rules == 1 { "" } else { "s" };
        writeln!(
            out,
            "  {findings:>COUNT_WIDTH$} more from {rules} other rule{plural}"
        )?;
    }
    Ok(())
}
