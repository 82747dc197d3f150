//! A rule that panics becomes a finding, and all other rules are evaluated.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::file_check::FileCheck;
use super::outcome::Outcome;
use super::rule_set::RuleSet;
use super::{CrossRecord, Engine};
use crate::document::Document;
use crate::finding::Finding;
use crate::payload::DocumentPart;
use crate::rules::payload::panic::FAILED_RULE;
use crate::span::Span;

/// The outcome of checking a document, whichever rules panic.
pub(super) fn check(
    engine: &Engine,
    document: &Document<'_>,
    file: &str,
    part: DocumentPart<'_>,
    cross_record: CrossRecord,
) -> Outcome {
    let by = |rules: &RuleSet, document: &Document<'_>| {
        catch_panic(|| FileCheck::new(engine, rules, file, part, cross_record).run(document))
    };
    if let Some(outcome) = by(&engine.rules, document) {
        return outcome;
    }
    let alone = |rule| RuleSet::new(&[rule]);
    let rules = engine.rules.rules().iter().copied();
    let (sound, failing): (Vec<_>, Vec<_>) =
        rules.partition(|rule| by(&alone(rule), document).is_some());
    let Some(mut outcome) = by(&RuleSet::new(&sound), document) else {
        return panicked_outcome(document.text());
    };
    for rule in failing {
        let rules = alone(rule);
        let fails_at = |span: &Span| {
            let text = span.of(document.text());
            by(&rules, &Document::parse(text)).is_none()
        };
        let records = outcome.records.iter().map(|record| record.span);
        let starts = records.filter(fails_at).map(|record| record.start);
        let mut spans: Vec<Span> = starts.map(|at| character(document.text(), at)).collect();
        if spans.is_empty() {
            spans.push(character(document.text(), 0));
        }
        outcome.findings.extend(spans.into_iter().map(|span| {
            let message = format!(
                "the rule `{}` failed here, so its result is unknown",
                rule.id
            );
            failure(span, message)
        }));
    }
    super::sort(&mut outcome.findings);
    outcome
}

/// The outcome for a text that could not be checked at all.
pub fn panicked_outcome(text: &str) -> Outcome {
    let span = character(text, 0);
    let message = "countersign failed here, so this text was not checked";
    Outcome {
        findings: vec![failure(span, message.into())],
        ..Outcome::default()
    }
}

/// The result of `make`, or `None` if it panics. A panic in `make` must not leave shared state inconsistent.
pub fn catch_panic<T>(make: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(make)).ok()
}

fn failure(span: Span, message: String) -> Finding {
    let (rule, level) = (FAILED_RULE.id, FAILED_RULE.level);
    let mut finding = Finding::new(rule, level, span, message);
    finding.help("report the defect to the developers of countersign; everything else was checked");
    finding
}

/// The span of the character at an offset, or an empty one at the end.
fn character(text: &str, at: u32) -> Span {
    let character = text[at as usize..].chars().next();
    Span::new(at, at + character.map_or(0, char::len_utf8) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;

    #[test]
    fn a_text_that_could_not_be_checked_has_a_finding_at_its_first_character() {
        for (text, end) in [("", 0), ("{}", 1), ("é{}", 2), ("😀", 4)] {
            let outcome = panicked_outcome(text);
            let [finding] = &outcome.findings[..] else {
                panic!("{text:?} has {:?}", outcome.findings)
            };
            assert_eq!(finding.rule, "payload/failed-rule");
            assert_eq!(finding.level, Level::Error);
            assert_eq!(finding.span, Span::new(0, end), "{text:?}");
            assert!(
                finding.message.contains("not checked"),
                "{}",
                finding.message
            );
        }
        assert_eq!(character("aé", 1), Span::new(1, 3));
    }
}
