//! Mending: how often fixes are made, what the text is then, and how a file gets it without ever being
//! half of one and half of the other.

mod diff;
mod replace;

pub use diff::{Differ, Style};
pub use replace::{Original, Replacement};

use crate::engine::{Engine, Verdict};
use crate::finding::{Finding, Safety};
use crate::patch::{Chosen, Patch};
use crate::rule::Findings;
use crate::rules::payload::fix::UNSETTLED_FIX;

/// How often a text is mended and judged again before its fixes count as never settling. Most texts
/// need one round, those with fixes in each other's way two or three.
pub const ROUNDS: usize = 20;

/// A text that was mended.
#[derive(Debug)]
pub struct Mended {
    /// What became of the text.
    pub patch: Patch,
    /// The text as it is now.
    pub text: String,
    /// What is wrong with it now.
    pub verdict: Verdict,
    /// How many fixes were made.
    pub fixed: usize,
}

/// Makes the fixes of a text up to `limit`, judges what it has become, and goes on until no fix is
/// left. Those of rules of which some are left after `rounds` are not made at all: whatever they came to
/// would be worth nothing. `verdict` is what `judge` says of the text as it is. `None` if there is
/// nothing to make.
pub fn mend(
    text: &str,
    verdict: &Verdict,
    limit: Safety,
    rounds: usize,
    judge: impl Fn(&str) -> Verdict,
) -> Option<Mended> {
    let mut barred: Vec<&str> = Vec::new();
    loop {
        let is_eligible = |finding: &&Finding| {
            finding.fix_up_to(limit).is_some() && !barred.contains(&finding.rule)
        };
        let mut mended: Option<Mended> = None;
        let mut rounds_left = rounds;
        let left: Vec<&str> = loop {
            let now = mended.as_ref().map_or(verdict, |mended| &mended.verdict);
            let mut eligible = now.findings.iter().filter(is_eligible).peekable();
            if eligible.peek().is_none() || rounds_left == 0 {
                break eligible.map(|finding| finding.rule).collect();
            }
            rounds_left -= 1;
            let chosen = Chosen::of(eligible);
            let (edits, fixes) = (chosen.edits(), chosen.fixes.len());
            let (mut patch, fixed) = match mended.take() {
                Some(mended) => (mended.patch, mended.fixed),
                None => (Patch::of_unchanged(text.len() as u32), 0),
            };
            patch.apply(&edits);
            let text = patch.text(text);
            mended = Some(Mended {
                patch,
                verdict: judge(&text),
                text,
                fixed: fixed + fixes,
            });
        };
        if left.is_empty() {
            return mended;
        }
        barred.extend(left);
    }
}

/// Adds a finding to those of a text that was mended up to `limit`, if fixes are left to make: then
/// they do not settle.
pub fn tell_unsettled(engine: &Engine, limit: Safety, findings: &mut Vec<Finding>) {
    let left = |finding: &&Finding| finding.fix_up_to(limit).is_some();
    let Some(first) = findings.iter().find(left) else {
        return;
    };
    let (span, pointer) = (first.span, first.pointer.clone());
    let message = format!("the fix of `{}` is still left to make here", first.rule);
    let mut told = Vec::new();
    let mut reporter = Findings::new(&UNSETTLED_FIX, &mut told);
    let finding = reporter.report(span, message);
    finding.help("mend this place by hand, then run the fixes again");
    finding.pointer = pointer;
    engine.config().apply_levels(&mut told);
    let place = findings.partition_point(|finding| finding.span.start <= span.start);
    findings.splice(place..place, told);
}
