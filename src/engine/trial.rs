//! Trying safe fixes before they are offered: one that brings another mistake to light is for a person
//! to look at.

use std::collections::{BTreeMap, HashSet};

use crate::finding::{Edit, Finding, Safety};
use crate::patch::{Patch, SelectedFixes};
use crate::span::Span;

/// How often the fixes that are left are tried again, after those that brought something to light.
const TRIALS: usize = 3;

/// Makes unsafe what is offered as safe and, made together with the other safe fixes of the text, brings
/// to light what was not told before. `judge` says what is wrong with a text.
pub(super) fn try_safe_fixes(
    text: &str,
    findings: &mut [Finding],
    judge: impl Fn(&str) -> Vec<Finding>,
) {
    let is_safe = |finding: &&Finding| finding.fix_up_to(Safety::Safe).is_some();
    for _ in 0..TRIALS {
        let chosen = SelectedFixes::new(findings.iter().filter(is_safe));
        if chosen.findings.is_empty() {
            return;
        }
        let edits = chosen.edits();
        let mut patch = Patch::unchanged(text.len() as u32);
        patch.apply(&edits);
        let after = judge(&patch.text(text));
        let fixed: HashSet<*const Finding> = chosen
            .findings
            .iter()
            .map(|fixed| std::ptr::from_ref(*fixed))
            .collect();
        let is_left = |finding: &&Finding| !fixed.contains(&std::ptr::from_ref(*finding));
        let rest = findings.iter().filter(is_left);
        let new = brought_to_light(rest, &after);
        if new.is_empty() {
            return;
        }
        let guilty = edits_at(&edits, new);
        let is_guilty = |finding: &Finding| {
            let fix = finding.fix.iter().flat_map(|fix| &fix.edits);
            guilty.is_empty() || fix.into_iter().any(|edit| guilty.contains(&edit.span))
        };
        for finding in findings.iter_mut() {
            if is_safe(&&*finding)
                && is_guilty(finding)
                && let Some(fix) = &mut finding.fix
            {
                fix.safety = Safety::Unsafe;
            }
        }
    }
    // What still is not clear is for a person too.
    for fix in findings
        .iter_mut()
        .filter_map(|finding| finding.fix.as_mut())
    {
        fix.safety = Safety::Unsafe;
    }
}

/// The places of what is told after fixes, by rules of which less was told before, the fixed aside.
fn brought_to_light<'f>(rest: impl Iterator<Item = &'f Finding>, after: &[Finding]) -> Vec<Span> {
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

/// Where the edits stand that touch one of the places in the text that they make.
fn edits_at(edits: &[Edit], mut places: Vec<Span>) -> HashSet<Span> {
    places.sort_unstable();
    // What overlaps is one place, so that they end in the order in which they begin.
    places.dedup_by(|next, last| {
        let is_one = next.start <= last.end;
        last.end = last.end.max(if is_one { next.end } else { last.end });
        is_one
    });
    let mut moved: i64 = 0;
    let mut touching = HashSet::new();
    for edit in edits {
        let start = i64::from(edit.span.start) + moved;
        let end = start + edit.text.len() as i64;
        moved += edit.text.len() as i64 - i64::from(edit.span.len());
        let near = places.partition_point(|place| i64::from(place.end) < start);
        let place = places.get(near);
        if place.is_some_and(|place| i64::from(place.start) <= end) {
            touching.insert(edit.span);
        }
    }
    touching
}
