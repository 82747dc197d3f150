//! The bars of a chart.

use std::cmp::Reverse;

use crate::finding::Level;
use crate::output::with_thousands_separator;

/// The maximum number of bars that a chart shows at first.
pub(super) const MAX_BARS: usize = 20;

/// A row of a chart before its bar is scaled.
pub(super) struct ChartRow {
    pub(super) label: String,
    pub(super) level: Level,
    pub(super) count: usize,
    pub(super) note: &'static str,
    /// The number of findings that are not in the table.
    pub(super) left_out: usize,
}

/// A bar of a chart.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) level: &'static str,
    pub(super) count: String,
    /// In thousandths of the longest bar.
    pub(super) width: usize,
    pub(super) note: &'static str,
    /// The number of findings that are not in the table; empty if all are.
    pub(super) left_out: String,
}

/// A chart: its longest bars, and the others.
#[derive(Default)]
pub(super) struct Chart {
    pub(super) bars: Vec<Bar>,
    /// The bars that are shown on request.
    pub(super) more_bars: Vec<Bar>,
    /// A sentence about the other bars; empty if there are none.
    pub(super) more: String,
}

impl Chart {
    /// The chart of these rows, longest bar first. `others` is the number of further rows and of their findings.
    pub(super) fn new(mut rows: Vec<ChartRow>, others: (usize, usize), noun: &str) -> Self {
        rows.sort_by(|a, b| {
            Reverse(a.count)
                .cmp(&Reverse(b.count))
                .then_with(|| a.label.cmp(&b.label))
        });
        let longest = rows.first().map_or(0, |first| first.count);
        let bar = |row: ChartRow| Bar {
            label: row.label,
            level: row.level.as_str(),
            count: with_thousands_separator(row.count),
            width: per_mille(row.count, longest, 2),
            note: row.note,
            left_out: match row.left_out {
                0 => String::new(),
                count => with_thousands_separator(count),
            },
        };
        let rest = rows.split_off(rows.len().min(MAX_BARS));
        let count = rest.len() + others.0;
        let findings = rest.iter().map(|row| row.count).sum::<usize>() + others.1;
        let more = match count {
            0 => String::new(),
            _ => format!(
                "{}, with {}",
                plural(count, &format!("more {noun}")),
                plural(findings, "finding")
            ),
        };
        Self {
            bars: rows.into_iter().map(bar).collect(),
            more_bars: rest.into_iter().map(bar).collect(),
            more,
        }
    }
}

/// A number and a noun, which gets an `s` unless the number is 1.
pub(super) fn plural(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", with_thousands_separator(count))
}

/// A part in thousandths of the whole. A part that is neither empty nor the whole is at least `least` away
/// from both, so that it is visible.
pub(super) fn per_mille(part: usize, whole: usize, least: usize) -> usize {
    match (part, whole) {
        (0, _) | (_, 0) => 0,
        (part, whole) if part == whole => 1000,
        (part, whole) => (part * 1000 / whole).clamp(least, 1000 - least),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_small_shares_visible() {
        assert_eq!(per_mille(0, 10, 4), 0);
        assert_eq!(per_mille(1, 1_000_000, 4), 4);
        assert_eq!(per_mille(999_999, 1_000_000, 4), 996);
        assert_eq!(per_mille(3, 3, 4), 1000);
    }
}
