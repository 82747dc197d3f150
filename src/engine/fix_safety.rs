//! Safe fixes are tried before they are offered. A fix becomes unsafe if its result has a new finding, or lacks a
//! finding that the fix is not for.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::finding::{Edit, Finding, Safety};
use crate::patch::{Patch, SelectedFixes};
use crate::span::Span;

/// How often the remaining safe fixes are tried, after those that introduced findings were demoted.
const MAX_ROUNDS: usize = 3;

/// Makes those safe fixes unsafe that, applied together, introduce findings or hide findings that they do not fix.
/// `related` are further findings about the text, whose fixes are not tried; `check` returns all findings about a
/// text.
pub(super) fn demote_harmful_fixes(
    text: &str,
    findings: &mut [Finding],
    related: &[Finding],
    check: impl Fn(&str) -> Vec<Finding>,
) {
    let attempt = Attempt {
        text,
        related,
        check,
    };
    for _ in 0..MAX_ROUNDS {
        let chosen = SelectedFixes::new(findings.iter().filter(is_safe));
        if chosen.findings.is_empty() {
            return;
        }
        let trial = attempt.apply(findings, &chosen);
        let harmful = if !trial.introduced.is_empty() {
            let edits = edits_at(&trial.edits, trial.introduced);
            let is_harmful = |finding: &&Finding| {
                let fix = finding.fix.iter().flat_map(|fix| &fix.edits);
                edits.is_empty() || fix.into_iter().any(|edit| edits.contains(&edit.span))
            };
            indices(findings, |finding| {
                is_safe(&finding) && is_harmful(&finding)
            })
        } else if trial.hides {
            attempt.hiding_fixes(findings, &chosen)
        } else {
            return;
        };
        for index in harmful {
            demote(&mut findings[index]);
        }
    }
    // Still harmful after the last round: a person has to decide.
    findings.iter_mut().for_each(demote);
}

fn is_safe(finding: &&Finding) -> bool {
    finding.fix_up_to(Safety::Safe).is_some()
}

fn demote(finding: &mut Finding) {
    if let Some(fix) = &mut finding.fix {
        fix.safety = Safety::Unsafe;
    }
}

fn indices(findings: &[Finding], is_wanted: impl Fn(&Finding) -> bool) -> Vec<usize> {
    let wanted = findings.iter().enumerate();
    let wanted = wanted.filter(|(_, finding)| is_wanted(finding));
    wanted.map(|(index, _)| index).collect()
}

/// The effect of applying some fixes.
struct Trial {
    edits: Vec<Edit>,
    /// The spans, in the fixed text, of findings that were not there before.
    introduced: Vec<Span>,
    /// Whether a finding that was not fixed has disappeared.
    hides: bool,
}

/// Applies fixes to a text and compares the findings before and after.
struct Attempt<'t, C> {
    text: &'t str,
    related: &'t [Finding],
    check: C,
}

impl<C: Fn(&str) -> Vec<Finding>> Attempt<'_, C> {
    fn apply(&self, findings: &[Finding], chosen: &SelectedFixes<'_>) -> Trial {
        let edits = chosen.edits();
        let mut patch = Patch::unchanged(self.text.len() as u32);
        patch.apply(&edits);
        let after = (self.check)(&patch.text(self.text));
        let fixed: HashSet<*const Finding> = chosen
            .findings
            .iter()
            .map(|fixed| std::ptr::from_ref(*fixed))
            .collect();
        let is_remaining = |finding: &&Finding| !fixed.contains(&std::ptr::from_ref(*finding));
        let all = findings.iter().chain(self.related);
        let rest: Vec<&Finding> = all.filter(is_remaining).collect();
        let after: Vec<&Finding> = after.iter().collect();
        Trial {
            introduced: surplus_findings(&after, &rest),
            hides: !surplus_findings(&rest, &after).is_empty(),
            edits,
        }
    }

    /// The indices of the findings whose safe fixes hide others: those of every rule whose fixes do so on their own,
    /// or all if there is no such rule.
    fn hiding_fixes(&self, findings: &[Finding], chosen: &SelectedFixes<'_>) -> Vec<usize> {
        let rules: BTreeSet<&str> = chosen.findings.iter().map(|fixed| fixed.rule).collect();
        let hides = |rule: &&&str| {
            let of_rule = findings.iter().filter(|finding| finding.rule == **rule);
            let chosen = SelectedFixes::new(of_rule.filter(is_safe));
            self.apply(findings, &chosen).hides
        };
        let hiding: Vec<&str> = rules.iter().filter(hides).copied().collect();
        indices(findings, |finding| {
            is_safe(&finding) && (hiding.is_empty() || hiding.contains(&finding.rule))
        })
    }
}

/// The spans of the findings in `found` of every rule and message that `found` has more of than `known`.
fn surplus_findings(found: &[&Finding], known: &[&Finding]) -> Vec<Span> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in known {
        *counts.entry((finding.rule, &finding.message)).or_default() += 1;
    }
    let mut spans: BTreeMap<(&str, &str), Vec<Span>> = BTreeMap::new();
    for finding in found {
        let key = (finding.rule, finding.message.as_str());
        spans.entry(key).or_default().push(finding.span);
    }
    let is_more = |key: &(&str, &str), count: usize| count > counts.get(key).copied().unwrap_or(0);
    spans
        .into_iter()
        .filter(|(key, spans)| is_more(key, spans.len()))
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
