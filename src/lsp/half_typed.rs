//! Diagnostics of what is still being typed: a half-typed parameter has one diagnostic, and the rest of the document
//! keeps those that it had before. When the document is saved, all findings are shown.

use std::rc::Rc;
use std::sync::Arc;

use crate::engine::Outcome;
use crate::finding::Finding;
use crate::registry::Registry;
use crate::rule::Subject;
use crate::span::Span;

/// The longest insertion that counts as typed, in bytes. A longer one is pasted.
const LENGTH_LIMIT: usize = 1 << 10;

/// The last text of a document in which nothing was half-typed.
#[derive(Clone)]
pub(super) struct Baseline {
    /// The revision of the text with which the document was opened.
    pub(super) opened_revision: u64,
    pub(super) text: Arc<String>,
    pub(super) outcome: Rc<Outcome>,
}

/// What is shown of the findings of a text.
pub(super) enum Shown {
    /// All findings. The text is a baseline if it has no syntax errors.
    All,
    /// These findings, because a part of the text is half-typed.
    Reduced(Vec<Finding>),
}

/// Decides what is shown of the findings of a text that was typed after a baseline.
pub(super) fn shown(
    baseline: &Baseline,
    text: &str,
    outcome: &Outcome,
    registry: &Registry,
) -> Shown {
    let Some(typed) = inserted_in_record(baseline, text) else {
        return Shown::All;
    };
    let touches =
        |finding: &Finding| finding.span.start <= typed.end && typed.start <= finding.span.end;
    let is_incomplete = |finding: &Finding| {
        let rule = registry.rule(finding.rule);
        touches(finding) && rule.is_some_and(|rule| rule.overlap.subject == Subject::Other)
    };
    let findings = &outcome.findings;
    if findings.iter().any(is_syntax_error) {
        // Syntax errors lead to further findings, also in other parts.
        let first = first_of(findings.iter().filter(|finding| touches(finding)))
            .or_else(|| first_of(findings.iter()));
        let before = baseline.outcome.findings.iter();
        let before = before.map(|finding| moved(finding, typed));
        let mut shown: Vec<Finding> = before.chain(first.cloned()).collect();
        shown.sort_by_key(|finding| finding.span);
        return Shown::Reduced(shown);
    }
    if findings.iter().any(is_incomplete) {
        let first = first_of(findings.iter().filter(|finding| touches(finding)));
        let is_shown = |finding: &&Finding| {
            !touches(finding) || first.is_some_and(|first| std::ptr::eq(first, *finding))
        };
        return Shown::Reduced(findings.iter().filter(is_shown).cloned().collect());
    }
    Shown::All
}

/// Whether a text can be a baseline.
pub(super) fn is_complete(outcome: &Outcome) -> bool {
    !outcome.findings.iter().any(is_syntax_error)
}

fn is_syntax_error(finding: &Finding) -> bool {
    finding.rule.starts_with("json/")
}

/// Returns the span of the text that was typed into a record of the baseline; `None` if anything else was changed.
fn inserted_in_record(baseline: &Baseline, text: &str) -> Option<Span> {
    let old = baseline.text.as_str();
    let length = text.len().checked_sub(old.len())?;
    let same = old.bytes().zip(text.bytes());
    let mut start = same.take_while(|(old, new)| old == new).count();
    while !old.is_char_boundary(start) || !text.is_char_boundary(start) {
        start -= 1;
    }
    let is_insertion = text.get(start + length..) == old.get(start..);
    let is_in_record = baseline.outcome.records.iter().any(|record| {
        let span = record.span;
        record.kind.is_some() && (span.start as usize) < start && start < span.end as usize
    });
    let is_typed = is_insertion && is_in_record && length <= LENGTH_LIMIT;
    is_typed.then(|| Span::new(start as u32, (start + length) as u32))
}

/// Returns the finding that is shown first: a syntax error, or else the most severe one.
fn first_of<'f>(findings: impl Iterator<Item = &'f Finding>) -> Option<&'f Finding> {
    findings.min_by_key(|finding| {
        let severity = std::cmp::Reverse(finding.level);
        (!is_syntax_error(finding), severity, finding.span)
    })
}

/// Returns a finding of the baseline at its place in the text into which another text was inserted.
fn moved(finding: &Finding, inserted: Span) -> Finding {
    let mut finding = finding.clone();
    let move_span = |span: &mut Span| {
        let start = match span.start >= inserted.start {
            true => span.start + inserted.len(),
            false => span.start,
        };
        let end = match span.end > inserted.start {
            true => span.end + inserted.len(),
            false => span.end,
        };
        *span = Span::new(start, end.max(start));
    };
    move_span(&mut finding.span);
    let labels = finding.labels.iter_mut().map(|label| &mut label.span);
    labels.for_each(move_span);
    // The fix was made for another text.
    finding.fix = None;
    finding
}
