//! Safe fixes are tried before they are offered: one whose result has a finding that was not there before becomes
//! unsafe.

use std::collections::{BTreeMap, HashSet};

use crate::finding::{Edit, Finding, Safety};
use crate::patch::{Patch, SelectedFixes};
use crate::span::Span;

/// How often the remaining safe fixes are tried, after those that introduced findings were demoted.
const MAX_ROUNDS: usize = 3;

/// Demotes to unsafe the safe fixes that, applied together, introduce findings. `check` returns the findings about a
/// text.
pub(super) fn demote_harmful_fixes(
    text: &str,
    findings: &mut [Finding],
    check: impl Fn(&str) -> Vec<Finding>,
) {
    let is_safe = |finding: &&Finding| finding.fix_up_to(Safety::Safe).is_some();
    for _ in 0..MAX_ROUNDS {
        let chosen = SelectedFixes::new(findings.iter().filter(is_safe));
        if chosen.findings.is_empty() {
            return;
        }
        let edits = chosen.edits();
        let mut patch = Patch::unchanged(text.len() as u32);
        patch.apply(&edits);
        let after = check(&patch.text(text));
        let fixed: HashSet<*const Finding> = chosen
            .findings
            .iter()
            .map(|fixed| std::ptr::from_ref(*fixed))
            .collect();
        let is_remaining = |finding: &&Finding| !fixed.contains(&std::ptr::from_ref(*finding));
        let rest = findings.iter().filter(is_remaining);
        let new = introduced_findings(rest, &after);
        if new.is_empty() {
            return;
        }
        let harmful = edits_at(&edits, new);
        let is_harmful = |finding: &Finding| {
            let fix = finding.fix.iter().flat_map(|fix| &fix.edits);
            harmful.is_empty() || fix.into_iter().any(|edit| harmful.contains(&edit.span))
        };
        for finding in findings.iter_mut() {
            if is_safe(&&*finding)
                && is_harmful(finding)
                && let Some(fix) = &mut finding.fix
            {
                fix.safety = Safety::Unsafe;
            }
        }
    }
    // Still introducing findings after the last round: a person has to decide.
    for fix in findings
        .iter_mut()
        .filter_map(|finding| finding.fix.as_mut())
    {
        fix.safety = Safety::Unsafe;
    }
}

/// The spans of the findings after fixes, for each rule that has more of them than before, fixed ones excluded.
fn introduced_findings<'f>(
    rest: impl Iterator<Item = &'f Finding>,
    after: &[Finding],
) -> Vec<Span> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in rest {
        *known.entry(finding.rule).or_default() += 1;
    }
    let mut found: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    for finding in after {
        found.entry(finding.rule).or_default().push(finding.span);
    }
    let is_more = |rule: &str, count: usize| count > known.get(rule).copied().unwrap_or(0);
    found
        .into_iter()
        .filter(|(rule, spans)| is_more(rule, spans.len()))
        .flat_map(|(_, spans)| spans)
        .collect()
}

/// The spans of the edits whose replacement touches one of these spans of the fixed text.
fn edits_at(edits: &[Edit], mut spans: Vec<Span>) -> HashSet<Span> {
    spans.sort_unstable();
    // Merge overlapping spans, so that they end in the order in which they begin.
    spans.dedup_by(|next, last| {
        let overlaps = next.start <= last.end;
        last.end = last.end.max(if overlaps { next.end } else { last.end });
        overlaps
    });
    let mut shift: i64 = 0;
    let mut touching = HashSet::new();
    for edit in edits {
        let start = i64::from(edit.span.start) + shift;
        let end = start + edit.text.len() as i64;
        shift += edit.text.len() as i64 - i64::from(edit.span.len());
        let index = spans.partition_point(|span| i64::from(span.end) < start);
        let span = spans.get(index);
        if span.is_some_and(|span| i64::from(span.start) <= end) {
            touching.insert(edit.span);
        }
    }
    touching
}
