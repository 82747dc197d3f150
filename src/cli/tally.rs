//! What a run came to, in words and numbers, for people.

use std::cmp::Reverse;
use std::io::{self, Write};

use crate::batch::FixMode;
use crate::finding::Safety;
use crate::output::{Summary, grouped, printable};
use crate::payload::PayloadKind;

/// How many rules are listed.
const ROWS: usize = 20;

/// Columns of the longest bar.
const BAR: usize = 20;

/// The run in one line.
pub(super) fn sum_up(summary: &Summary, only: Option<&str>, fixing: FixMode) -> String {
    let mut parts = vec![summary.counted()];
    let fixed = summary.fixed;
    match fixing {
        FixMode::Report => {}
        FixMode::Apply(_) => parts.push(format!("{fixed} fixed")),
        FixMode::Diff(_) => parts.push(format!("{fixed} would be fixed")),
    }
    // What was asked for was made or shown: the rest takes more, or could not be written.
    let safe = match fixing {
        FixMode::Diff(_) => 0,
        _ => summary.safe_fixes,
    };
    let risky = match fixing {
        FixMode::Diff(Safety::Unsafe) => 0,
        _ => summary.unsafe_fixes,
    };
    match (safe, risky) {
        (0, 0) => {}
        (0, risky) => parts.push(format!("{risky} with an unsafe fix (--fix=unsafe)")),
        (safe, 0) => parts.push(format!("{safe} with a safe fix (--fix)")),
        (safe, risky) => parts.push(format!(
            "{safe} with a safe fix (--fix), {risky} with an unsafe one (--fix=unsafe)"
        )),
    }
    if summary.hidden > 0 {
        parts.push(format!("{} not shown", summary.hidden));
    }
    if summary.known > 0 {
        parts.push(format!("{} known", summary.known));
    }
    if summary.gone > 0 {
        parts.push(format!("{} gone", summary.gone));
    }
    if summary.unreadable > 0 {
        parts.push(format!("{} not readable", summary.unreadable));
    }
    if summary.unwritten > 0 {
        parts.push(format!("{} not written", summary.unwritten));
    }
    let what = match (only, summary.files) {
        (Some(name), 1) => name.to_owned(),
        (_, 1) => "1 file".into(),
        (_, files) => format!("{files} files"),
    };
    format!("{}: {}", printable(&what), parts.join("; "))
}

/// Records by kind, rules by how often they were broken, and how fast it went.
pub(super) fn tell(summary: &Summary, seconds: f64, out: &mut dyn Write) -> io::Result<()> {
    let all = summary.all_records();
    let names = PayloadKind::ALL.map(|kind| format!("{kind}s"));
    let kinds = names.into_iter().chain(["unknown".into()]);
    let kinds: Vec<String> = kinds
        .zip(summary.records)
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{} {kind}", grouped(count)))
        .collect();
    let invalid = summary.invalid_records;
    let (valid, invalid) = (grouped(all - invalid), grouped(invalid));
    writeln!(
        out,
        "records: {}; {valid} valid, {invalid} invalid",
        kinds.join(", ")
    )?;
    let mut rules: Vec<_> = summary.rules.iter().collect();
    rules.sort_by_key(|(rule, tally)| (Reverse(tally.count), **rule));
    let hidden = rules.split_off(rules.len().min(ROWS));
    let longest = rules.first().map_or(0, |(_, tally)| tally.count);
    let width = rules.iter().map(|(rule, _)| rule.len()).max();
    for (rule, tally) in rules {
        let bar = "█".repeat((tally.count * BAR).div_ceil(longest.max(1)));
        let place = &tally.example;
        writeln!(
            out,
            "  {:>9} {bar:<BAR$} {:<7} {rule:<width$}  {}:{}:{}",
            grouped(tally.count),
            tally.level.as_str(),
            printable(&place.file),
            place.line,
            place.column,
            width = width.unwrap_or_default()
        )?;
    }
    if !hidden.is_empty() {
        let findings: usize = hidden.iter().map(|(_, tally)| tally.count).sum();
        let (rules, findings) = (hidden.len(), grouped(findings));
        writeln!(out, "  {findings:>9} of {rules} more rules")?;
    }
    let megabytes = summary.bytes as f64 / 1e6;
    let per_second = |amount: f64| amount / seconds.max(1e-6);
    writeln!(
        out,
        "{megabytes:.1} MB in {seconds:.2} s: {:.0} MB/s, {} records/s",
        per_second(megabytes),
        grouped(per_second(all as f64) as usize)
    )
}
