//! Applying fixes: repeats fixing and re-checking until no fix is left, and replaces files atomically.

#[cfg(feature = "batch")]
#[expect(clippy::disallowed_methods, reason = "fixes are written to files")]
mod atomic_write;
mod diff;
#[cfg(feature = "batch")]
#[expect(clippy::disallowed_methods, reason = "temporary files are files")]
pub(crate) mod temporary;

#[cfg(feature = "batch")]
pub use atomic_write::{LockedFile, Replacement};
pub use diff::{DiffStyle, UnifiedDiff};

use crate::engine::{Engine, Outcome};
use crate::finding::{Finding, Safety};
use crate::patch::{Patch, SelectedFixes};
use crate::rule::RuleReporter;
use crate::rules::payload::fix::UNSETTLED_FIX;

/// How often a text is fixed and checked again before its fixes count as non-converging. Most texts need
/// one round; texts with overlapping fixes need two or three.
pub const MAX_ROUNDS: usize = 20;

/// The result of applying fixes to a text.
#[derive(Debug)]
pub struct FixResult {
    /// The changes to the original text.
    pub patch: Patch,
    /// The text after the fixes.
    pub text: String,
    /// The outcome on the text after the fixes.
    pub outcome: Outcome,
    /// The number of fixes that were applied.
    pub fixed: usize,
}

/// Applies the fixes of a text up to the safety `limit`, checks the result, and repeats until no fix is
/// left. Rules that still offer fixes after `max_rounds` do not converge; their fixes are not applied at
/// all, because any intermediate state would be arbitrary.
///
/// `outcome` is the result of `check` for the text as it is. Returns `None` if no fix is applied.
pub fn apply_fixes(
    text: &str,
    outcome: &Outcome,
    limit: Safety,
    max_rounds: usize,
    check: impl Fn(&str) -> Outcome,
) -> Option<FixResult> {
    let mut excluded_rules: Vec<&str> = Vec::new();
    loop {
        let is_eligible = |finding: &&Finding| {
            finding.fix_up_to(limit).is_some() && !excluded_rules.contains(&finding.rule)
        };
        let mut result: Option<FixResult> = None;
        let mut rounds_left = max_rounds;
        let unconverged: Vec<&str> = loop {
            let current = result.as_ref().map_or(outcome, |result| &result.outcome);
            let mut eligible = current.findings.iter().filter(is_eligible).peekable();
            if eligible.peek().is_none() || rounds_left == 0 {
                break eligible.map(|finding| finding.rule).collect();
            }
            rounds_left -= 1;
            let selected = SelectedFixes::new(eligible);
            let (edits, fixes) = (selected.edits(), selected.findings.len());
            let (mut patch, fixed) = match result.take() {
                Some(result) => (result.patch, result.fixed),
                None => (Patch::unchanged(text.len() as u32), 0),
            };
            patch.apply(&edits);
            let text = patch.text(text);
            result = Some(FixResult {
                patch,
                outcome: check(&text),
                text,
                fixed: fixed + fixes,
            });
        };
        if unconverged.is_empty() {
            return result;
        }
        excluded_rules.extend(unconverged);
    }
}

/// Adds a finding to those of a text that was fixed up to `limit` if it still offers fixes: they do not
/// converge.
pub fn report_unconverged(engine: &Engine, limit: Safety, findings: &mut Vec<Finding>) {
    let is_fixable = |finding: &&Finding| finding.fix_up_to(limit).is_some();
    let Some(first) = findings.iter().find(is_fixable) else {
        return;
    };
    let (span, pointer) = (first.span, first.pointer.clone());
    let message = format!(
        "a fix of `{}` is still left after repeated fixing",
        first.rule
    );
    let mut added = Vec::new();
    let mut reporter = RuleReporter::new(&UNSETTLED_FIX, &mut added);
    let finding = reporter.report(span, message);
    finding.help("correct this place by hand, then run the fixes again");
    finding.pointer = pointer;
    engine.config().apply_levels(&mut added);
    let index = findings.partition_point(|finding| finding.span.start <= span.start);
    findings.splice(index..index, added);
}
