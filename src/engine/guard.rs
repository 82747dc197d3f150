//! A rule that fails is a finding, and all other rules are asked.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::rulebook::Rulebook;
use super::{Company, Engine, Verdict};
use crate::document::Document;
use crate::finding::Finding;
use crate::payload::Extent;
use crate::rules::payload::crash::FAILED_RULE;
use crate::span::Span;

/// What the engine says of a document, whatever becomes of its rules.
pub(super) fn check(
    engine: &Engine,
    document: &Document<'_>,
    file: &str,
    extent: Extent<'_>,
    company: Company,
) -> Verdict {
    let by = |rules: &Rulebook, document: &Document<'_>| {
        unless_it_fails(|| engine.check_by(rules, document, file, extent, company))
    };
    if let Some(verdict) = by(&engine.rules, document) {
        return verdict;
    }
    let alone = |rule| Rulebook::of(&[rule]);
    let rules = engine.rules.rules.iter().copied();
    let (sound, failing): (Vec<_>, Vec<_>) =
        rules.partition(|rule| by(&alone(rule), document).is_some());
    let Some(mut verdict) = by(&Rulebook::of(&sound), document) else {
        return failed_verdict(document.text());
    };
    for rule in failing {
        let rules = alone(rule);
        let fails_at = |span: &Span| {
            let text = span.of(document.text());
            by(&rules, &Document::parse(text)).is_none()
        };
        let records = verdict.records.iter().map(|record| record.span);
        let starts = records.filter(fails_at).map(|record| record.start);
        let mut places: Vec<Span> = starts.map(|at| character(document.text(), at)).collect();
        if places.is_empty() {
            places.push(character(document.text(), 0));
        }
        verdict.findings.extend(places.into_iter().map(|place| {
            let message = format!("`{}` failed here, so that nothing is known by it", rule.id);
            failure(place, message)
        }));
    }
    super::sort(&mut verdict.findings);
    verdict
}

/// What is said of a text that could not be judged at all.
pub fn failed_verdict(text: &str) -> Verdict {
    let place = character(text, 0);
    let message = "countersign failed here, so that nothing is known of this text";
    Verdict {
        findings: vec![failure(place, message.into())],
        ..Verdict::default()
    }
}

/// What is made of it, unless it panics. Nothing that it may leave half-done outlives it.
pub fn unless_it_fails<T>(make: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(make)).ok()
}

fn failure(place: Span, message: String) -> Finding {
    let (rule, level) = (FAILED_RULE.id, FAILED_RULE.level);
    let mut finding = Finding::new(rule, level, place, message);
    finding.help("report it to the makers of countersign; everything else was checked");
    finding
}

/// The character at a place, if there is one.
fn character(text: &str, at: u32) -> Span {
    let character = text[at as usize..].chars().next();
    Span::new(at, at + character.map_or(0, char::len_utf8) as u32)
}
