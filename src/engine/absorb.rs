//! One mistake, one finding: which finding gives way to which. Settled before levels are, so that a
//! silenced rule still absorbs.

use std::collections::{HashMap, HashSet};

use crate::finding::{Finding, Level, Safety};
use crate::span::Span;

/// The finding that takes everything else on its value.
const PLACEHOLDER: &str = "payload/placeholder";
/// A finding that says what is meant by a word that the schema does not know.
const SHORT_NAME: &str = "qualification/short-name";
const SURROUNDING_SPACE: &str = "payload/surrounding-space";
const DAMAGED_TEXT: &str = "payload/damaged-text";

/// Settles what was found in the records of one document.
pub(super) struct Absorber {
    /// Where escapes are that JSON does not know, in order.
    escapes: Vec<Span>,
}

impl Absorber {
    /// Knows what is wrong with the document's text as JSON.
    pub(super) fn new(syntax: &[Finding]) -> Self {
        let is_escape = |finding: &&Finding| finding.rule == "json/illegal-escape";
        let spans = syntax.iter().filter(is_escape).map(|finding| finding.span);
        let mut escapes: Vec<Span> = spans.collect();
        escapes.sort_unstable();
        Self { escapes }
    }

    /// Takes from what was found in a record whatever another finding says already. `refused` is what
    /// the schema has against it, `judged` what the rules have.
    pub(super) fn absorb(&self, refused: &mut Vec<Finding>, judged: &mut Vec<Finding>) {
        if judged.is_empty() {
            return;
        }
        // A value that the schema refuses is not judged again by a rule; what is missing may be told
        // at a value, and is not about it.
        // A value that is refused for its letters or blanks only is read as what it means, and its safe
        // fix shall bring nothing else to light.
        let mut is_mended: HashMap<Span, bool> = HashMap::new();
        for refusal in refused.iter().filter(|refusal| judges_value(refusal)) {
            let fix = refusal.fix.as_ref();
            let is_safe = fix.is_some_and(|fix| fix.safety == Safety::Safe);
            *is_mended.entry(refusal.span).or_insert(true) &= is_safe;
        }
        let refusals = spans_of(refused, |_| true);
        judged.retain(|finding| match finding.rule {
            PLACEHOLDER | SHORT_NAME => true,
            // A name or value that is refused is not told twice for its blanks.
            SURROUNDING_SPACE | DAMAGED_TEXT => !refusals.contains(&finding.span),
            rule if rule.starts_with("payload/") || rule.ends_with("-missing") => true,
            _ => is_mended.get(&finding.span) != Some(&false),
        });
        let stand_ins = spans_of(judged, |finding| finding.rule == PLACEHOLDER);
        let short_names = spans_of(judged, |finding| finding.rule == SHORT_NAME);
        refused.retain(|finding| {
            !stand_ins.contains(&finding.span) && !short_names.contains(&finding.span)
        });
        judged.retain(|finding| finding.rule == PLACEHOLDER || !stand_ins.contains(&finding.span));
        let mended = spans_of(judged, |finding| {
            let is_other = !matches!(finding.rule, SURROUNDING_SPACE | DAMAGED_TEXT);
            is_other && (finding.fix.is_some() || finding.level == Level::Error)
                || finding.rule.starts_with("order/company-")
        });
        let respaced = spans_of(judged, |finding| finding.rule == "order/company-spacing");
        judged.retain(|finding| match finding.rule {
            SURROUNDING_SPACE => !mended.contains(&finding.span),
            DAMAGED_TEXT => !respaced.contains(&finding.span) && !self.has_escape_in(finding.span),
            _ => true,
        });
    }

    fn has_escape_in(&self, span: Span) -> bool {
        let behind = self
            .escapes
            .partition_point(|escape| escape.start < span.start);
        self.escapes
            .get(behind)
            .is_some_and(|escape| span.contains(*escape))
    }
}

fn spans_of(findings: &[Finding], is_wanted: impl Fn(&Finding) -> bool) -> HashSet<Span> {
    findings
        .iter()
        .filter(|finding| is_wanted(finding))
        .map(|finding| finding.span)
        .collect()
}

/// Whether a schema's finding is about the value that it points at, not about a member.
fn judges_value(finding: &Finding) -> bool {
    !matches!(
        finding.rule,
        "schema/required" | "schema/additional-properties"
    )
}
