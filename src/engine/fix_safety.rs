//! Safe fixes are tried before they are offered. A fix becomes unsafe if its result has a new finding, or lacks a
//! finding that the fix is not for.
//!
//! All safe fixes of a document are tried together, but their effect is compared for each record: a harmful fix in
//! one record does not make the fixes of the others unsafe.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::outcome::record_index;
use crate::finding::{Edit, Finding, Safety};
use crate::patch::{Patch, SelectedFixes};
use crate::span::Span;

/// How often the remaining safe fixes are tried, after those that introduced findings were demoted.
const MAX_ROUNDS: usize = 3;

/// The findings about a text, and the spans of its records in order.
pub(super) struct Checked {
    pub(super) findings: Vec<Finding>,
    pub(super) records: Vec<Span>,
}

/// What a finding is about: the record with this index, or the text around the records.
type Part = Option<usize>;

/// Makes those safe fixes unsafe that, applied together, introduce findings or hide findings that they do not fix.
/// `records` are the spans of the records; `related` are further findings about the text, whose fixes are not tried;
/// `check` returns what is found in a text.
pub(super) fn demote_harmful_fixes(
    text: &str,
    findings: &mut [Finding],
    records: &[Span],
    related: &[Finding],
    check: impl Fn(&str) -> Checked,
) {
    let attempt = Attempt {
        text,
        records,
        related,
        check,
    };
    for round in 0.. {
        let chosen = SelectedFixes::new(findings.iter().filter(is_safe));
        if chosen.findings.is_empty() {
            return;
        }
        let trial = attempt.apply(findings, &chosen);
        let parts = trial.harmed_parts();
        if parts.is_empty() {
            return;
        }
        let mut harmful = match round {
            // Still harmful after that many rounds: a person has to decide about all fixes of the record.
            MAX_ROUNDS.. => indices(findings, |finding| parts.contains(&trial.part(finding))),
            _ if !trial.introduced.is_empty() => trial.introducing_fixes(findings),
            _ => attempt.hiding_fixes(findings, &chosen, &trial),
        };
        harmful.retain(|&index| is_safe(&&findings[index]));
        // The harm of a fix in another part.
        if harmful.is_empty() {
            harmful = indices(findings, |finding| is_safe(&finding));
        }
        for index in harmful {
            demote(&mut findings[index]);
        }
    }
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
struct Trial<'t> {
    edits: Vec<Edit>,
    /// The spans of the records before; empty if the fixes change their number, so that all is one part.
    records: &'t [Span],
    /// The spans, in the fixed text, of findings that were not there before.
    introduced: BTreeMap<Part, Vec<Span>>,
    /// The parts in which a finding that was not fixed has disappeared.
    hiding: BTreeSet<Part>,
}

impl Trial<'_> {
    fn harmed_parts(&self) -> BTreeSet<Part> {
        let introducing = self.introduced.keys().copied();
        introducing.chain(self.hiding.iter().copied()).collect()
    }

    /// The part that a finding about the text before is about.
    fn part(&self, finding: &Finding) -> Part {
        record_index(self.records, |span| *span, finding.span)
    }

    /// The indices of the findings whose fixes are where findings were introduced; of a part in which none is, all.
    fn introducing_fixes(&self, findings: &[Finding]) -> Vec<usize> {
        let spans = self.introduced.values().flatten().copied().collect();
        let edits = edits_at(&self.edits, spans);
        let is_near = |finding: &Finding| {
            let fix = finding.fix.iter().flat_map(|fix| &fix.edits);
            fix.into_iter().any(|edit| edits.contains(&edit.span))
        };
        let harmed = |finding: &Finding| {
            is_safe(&finding) && self.introduced.contains_key(&self.part(finding))
        };
        let near = indices(findings, |finding| harmed(finding) && is_near(finding));
        let explained: BTreeSet<Part> = near
            .iter()
            .map(|&index| self.part(&findings[index]))
            .collect();
        indices(findings, |finding| {
            harmed(finding) && (is_near(finding) || !explained.contains(&self.part(finding)))
        })
    }
}

/// Applies fixes to a text and compares the findings before and after.
struct Attempt<'t, C> {
    text: &'t str,
    records: &'t [Span],
    related: &'t [Finding],
    check: C,
}

impl<'t, C: Fn(&str) -> Checked> Attempt<'t, C> {
    fn apply(&self, findings: &[Finding], chosen: &SelectedFixes<'_>) -> Trial<'t> {
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
        let (before, records): (&[Span], &[Span]) = match after.records.len() == self.records.len()
        {
            true => (self.records, &after.records),
            false => (&[], &[]),
        };
        let rest = by_part(rest, before);
        let found = by_part(after.findings.iter().collect(), records);
        let introduced = surplus_findings(&found, &rest);
        let hiding = surplus_findings(&rest, &found).into_keys().collect();
        Trial {
            edits,
            records: before,
            introduced,
            hiding,
        }
    }

    /// The indices of the findings whose safe fixes hide others: in each part in which some do, those of every rule
    /// whose fixes do so on their own, or all if there is no such rule.
    fn hiding_fixes(
        &self,
        findings: &[Finding],
        chosen: &SelectedFixes<'_>,
        trial: &Trial<'_>,
    ) -> Vec<usize> {
        let is_suspect = |finding: &Finding| trial.hiding.contains(&trial.part(finding));
        let suspects = chosen.findings.iter().filter(|fixed| is_suspect(fixed));
        let rules: BTreeSet<&str> = suspects.map(|fixed| fixed.rule).collect();
        let mut hiding: BTreeSet<(Part, &str)> = BTreeSet::new();
        for rule in rules {
            let of_rule = findings
                .iter()
                .filter(|finding| finding.rule == rule && is_suspect(finding));
            let chosen = SelectedFixes::new(of_rule.filter(is_safe));
            let parts = self.apply(findings, &chosen).hiding;
            hiding.extend(parts.into_iter().map(|part| (part, rule)));
        }
        let explained: BTreeSet<Part> = hiding.iter().map(|(part, _)| *part).collect();
        indices(findings, |finding| {
            let part = trial.part(finding);
            is_suspect(finding)
                && (hiding.contains(&(part, finding.rule)) || !explained.contains(&part))
        })
    }
}

/// The findings of each part, by rule and message.
type FindingsByPart<'f> = BTreeMap<(Part, &'f str, &'f str), Vec<Span>>;

fn by_part<'f>(findings: Vec<&'f Finding>, records: &[Span]) -> FindingsByPart<'f> {
    let mut by_part = FindingsByPart::new();
    for finding in findings {
        let part = record_index(records, |span| *span, finding.span);
        let key = (part, finding.rule, finding.message.as_str());
        by_part.entry(key).or_default().push(finding.span);
    }
    by_part
}

/// The spans of the findings in `found` of every rule and message that a part has more of than in `known`.
fn surplus_findings(
    found: &FindingsByPart<'_>,
    known: &FindingsByPart<'_>,
) -> BTreeMap<Part, Vec<Span>> {
    let mut surplus: BTreeMap<Part, Vec<Span>> = BTreeMap::new();
    for (key, spans) in found {
        if spans.len() > known.get(key).map_or(0, Vec::len) {
            surplus.entry(key.0).or_default().extend(spans);
        }
    }
    surplus
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Fix, Level};

    /// What an invented check finds in records separated by semicolons: `typo` at each `1`, whose fix writes `2`, and
    /// `wrong` at each `x` before which the record has a `1`, so that the fix hides it; `new` at each `2` after an `n`.
    fn check(text: &str) -> Checked {
        let mut checked = Checked {
            findings: Vec::new(),
            records: Vec::new(),
        };
        let mut start = 0;
        for record in text.split(';') {
            let end = start + record.len();
            checked.records.push(Span::new(start as u32, end as u32));
            for (index, character) in record.char_indices() {
                let span = Span::new((start + index) as u32, (start + index + 1) as u32);
                let before = &record[..index];
                let mut find = |rule, fix: Option<Fix>| {
                    let mut finding = Finding::new(rule, Level::Error, span, rule);
                    finding.fix = fix;
                    checked.findings.push(finding);
                };
                match character {
                    '1' => find(
                        "test/typo",
                        Some(Fix {
                            title: "write 2".to_owned(),
                            safety: Safety::Safe,
                            edits: vec![Edit::replace(span, "2")],
                        }),
                    ),
                    'x' if before.contains('1') => find("test/wrong", None),
                    '2' if before.contains('n') => find("test/new", None),
                    _ => {}
                }
            }
            start = end + 1;
        }
        checked
    }

    #[test]
    fn a_harmful_fix_is_demoted_in_its_record_only() {
        for (text, safe) in [
            ("1;1;1", vec![0, 2, 4]),
            ("1;1x;1", vec![0, 5]),
            ("1x;1;n1;1", vec![3, 8]),
            ("1 1x;1", vec![5]),
            ("n1;1;1x", vec![3]),
        ] {
            let Checked {
                mut findings,
                records,
            } = check(text);
            demote_harmful_fixes(text, &mut findings, &records, &[], check);
            let remaining: Vec<u32> = findings
                .iter()
                .filter(is_safe)
                .map(|finding| finding.span.start)
                .collect();
            assert_eq!(remaining, safe, "{text}");
        }
    }
}
