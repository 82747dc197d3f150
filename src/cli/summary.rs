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

/// What the summary of a run is made of.
pub(super) struct RunSummary<'a> {
    pub(super) summary: &'a Summary,
    pub(super) baseline: Option<&'a Baseline>,
    pub(super) fix_mode: FixMode,
    pub(super) is_interrupted: bool,
    pub(super) seconds: f64,
}

impl RunSummary<'_> {
    /// Writes the summary. `only_input` is the name of the input if there is only one.
    pub(super) fn write(&self, only_input: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
        let summary = self.summary;
        self.write_resolved_entries(out)?;
        if self.is_interrupted {
            writeln!(out, "interrupted: {} so far", summary.findings_phrase())?;
        } else {
            let line = summary_line(summary, only_input, self.fix_mode);
            writeln!(out, "{line}")?;
        }
        if summary.total_records() > 1 {
            write_stats(summary, self.seconds, out)?;
        }
        Ok(())
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

/// Writes the records by kind, the rules by number of findings, and the throughput.
fn write_stats(summary: &Summary, seconds: f64, out: &mut dyn Write) -> io::Result<()> {
    write_records(summary, out)?;
    write_rules(summary, out)?;
    let megabytes = summary.bytes as f64 / 1e6;
    let per_second = |amount: f64| amount / seconds.max(1e-6);
    writeln!(
        out,
        "{megabytes:.1} MB in {seconds:.2} s: {:.0} MB/s, {} records/s",
        per_second(megabytes),
        with_thousands_separator(per_second(summary.total_records() as f64) as usize)
    )
}

fn write_records(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let kinds: Vec<String> = summary
        .records_by_kind()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| {
            let kind = kind.map_or("unknown", Kind::plural);
            format!("{} {kind}", with_thousands_separator(count))
        })
        .collect();
    let valid = summary.total_records() - summary.invalid_records;
    writeln!(
        out,
        "records: {}; {} valid, {} invalid",
        kinds.join(", "),
        with_thousands_separator(valid),
        with_thousands_separator(summary.invalid_records)
    )
}

fn write_rules(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: Vec<(&&str, &RuleStats)> = summary.rules.iter().collect();
    rules.sort_by_key(|(rule, stats)| (Reverse(stats.count), **rule));
    let omitted = rules.split_off(rules.len().min(MAX_RULES));
    let max_count = rules.first().map_or(0, |(_, stats)| stats.count);
    let id_width = rules.iter().map(|(rule, _)| rule.len()).max();
    for (rule, stats) in rules {
        let bar = "█".repeat((stats.count * BAR_WIDTH).div_ceil(max_count.max(1)));
        let example = &stats.example;
        writeln!(
            out,
            "  {:>9} {bar:<BAR_WIDTH$} {:<7} {rule:<id_width$}  {}:{}:{}",
            with_thousands_separator(stats.count),
            stats.level.as_str(),
            escape_unprintable(&example.file),
            example.line,
            example.column,
            id_width = id_width.unwrap_or_default()
        )?;
    }
    if !omitted.is_empty() {
        let findings: usize = omitted.iter().map(|(_, stats)| stats.count).sum();
        let (rules, findings) = (omitted.len(), with_thousands_separator(findings));
        writeln!(out, "  {findings:>9} of {rules} more rules")?;
    }
    Ok(())
}
