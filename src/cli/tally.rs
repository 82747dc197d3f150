//! What a run came to, in words and numbers, for people.

use std::cmp::Reverse;
use std::io::{self, Write};

use crate::batch::Fixing;
use crate::finding::Safety;
use crate::output::{Summary, escape_unprintable, with_thousands_separator};
use crate::payload::PayloadKind;

/// How many rules are listed.
const ROWS: usize = 20;

/// Columns of the longest bar.
const BAR: usize = 20;

/// The run in one line.
pub(super) fn sum_up(summary: &Summary, only: Option<&str>, fixing: Fixing) -> String {
    let mut parts = vec![summary.findings_phrase()];
    let fixed = summary.fixed;
    match fixing {
        Fixing::Offer => {}
        Fixing::Make(_) => parts.push(format!("{fixed} fixed")),
        Fixing::Show(_) => parts.push(format!("{fixed} would be fixed")),
    }
    // What was asked for was made or shown: the rest takes more, or could not be written.
    let safe = match fixing {
        Fixing::Show(_) => 0,
        _ => summary.safe_fixes,
    };
    let risky = match fixing {
        Fixing::Show(Safety::Unsafe) => 0,
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
    if summary.baseline_matched > 0 {
        parts.push(format!("{} known", summary.baseline_matched));
    }
    if summary.baseline_resolved > 0 {
        parts.push(format!("{} gone", summary.baseline_resolved));
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
    format!("{}: {}", escape_unprintable(&what), parts.join("; "))
}

/// Records by kind, rules by how often they were broken, and how fast it went.
pub(super) fn tell(summary: &Summary, seconds: f64, out: &mut dyn Write) -> io::Result<()> {
    let all = summary.total_records();
    let names = PayloadKind::ALL.map(|kind| format!("{kind}s"));
    let kinds = names.into_iter().chain(["unknown".into()]);
    let kinds: Vec<String> = kinds
        .zip(summary.records)
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{} {kind}", with_thousands_separator(count)))
        .collect();
    let invalid = summary.invalid_records;
    let (valid, invalid) = (
        with_thousands_separator(all - invalid),
        with_thousands_separator(invalid),
    );
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
            with_thousands_separator(tally.count),
            tally.level.as_str(),
            escape_unprintable(&place.file),
            place.line,
            place.column,
            width = width.unwrap_or_default()
        )?;
    }
    if !hidden.is_empty() {
        let findings: usize = hidden.iter().map(|(_, tally)| tally.count).sum();
        let (rules, findings) = (hidden.len(), with_thousands_separator(findings));
        writeln!(out, "  {findings:>9} of {rules} more rules")?;
    }
    let megabytes = summary.bytes as f64 / 1e6;
    let per_second = |amount: f64| amount / seconds.max(1e-6);
    writeln!(
        out,
        "{megabytes:.1} MB in {seconds:.2} s: {:.0} MB/s, {} records/s",
        per_second(megabytes),
        with_thousands_separator(per_second(all as f64) as usize)
    )
}
