//! The invariant of safe fixes: applying them to a text removes exactly the findings that they fix. No finding is
//! added, and no other finding disappears.

use std::collections::BTreeMap;

use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::{Finding, Safety};
use countersign::patch::{Patch, SelectedFixes};

fn count_by_rule<'f>(findings: impl Iterator<Item = &'f Finding>) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.rule).or_default() += 1;
    }
    counts
}

/// How the safe fixes of a text break the invariant, if they do. No rule may fail either.
pub(crate) fn violation(engine: &Engine, text: &str) -> Option<String> {
    let before = engine.check(&Document::parse(text)).findings;
    let failed = before
        .iter()
        .find(|finding| finding.rule == "payload/failed-rule");
    if let Some(failed) = failed {
        return Some(format!("{text}\n--- a rule failed: {}", failed.message));
    }
    let is_safe = |finding: &&Finding| finding.fix_up_to(Safety::Safe).is_some();
    let chosen = SelectedFixes::new(before.iter().filter(is_safe));
    if chosen.findings.is_empty() {
        return None;
    }
    let mut patch = Patch::unchanged(text.len() as u32);
    patch.apply(&chosen.edits());
    let fixed = patch.text(text);
    let after = engine.check(&Document::parse(&fixed)).findings;
    let is_fixed = |finding: &Finding| {
        let mut fixed = chosen.findings.iter();
        fixed.any(|fixed| std::ptr::eq(*fixed, finding))
    };
    let expected = count_by_rule(before.iter().filter(|finding| !is_fixed(finding)));
    let found = count_by_rule(after.iter());
    (expected != found)
        .then(|| format!("{text}\n--- fixed\n{fixed}\nexpected {expected:?}\nfound {found:?}"))
}
