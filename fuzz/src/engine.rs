//! The parser, the engine and fixes on one text.

use std::sync::LazyLock;

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::{Engine, Outcome};
use countersign::finding::{Finding, Safety};
use countersign::fix::{MAX_ROUNDS, apply_fixes};
use countersign::json::Node;
use countersign::span::Span;

use super::{fix_invariant, same_json};

/// An engine with a fixed date.
pub(crate) static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::default();
    config.context.today = Some("2026-01-01".parse().expect("a date"));
    Engine::new(config)
});

fn assert_inside(text: &str, span: Span) {
    let range = span.start as usize..span.end as usize;
    assert!(text.get(range).is_some(), "{span:?} in {text:?}");
}

/// Asserts that every span of some findings is on character boundaries, that the edits of a fix do not overlap, and
/// that there is a message.
pub(crate) fn assert_well_formed(text: &str, findings: &[Finding]) {
    for finding in findings {
        assert!(!finding.message.is_empty(), "{finding:?}");
        assert_inside(text, finding.span);
        for label in &finding.labels {
            assert_inside(text, label.span);
        }
        let mut end = 0;
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            assert_inside(text, edit.span);
            assert!(edit.span.start >= end, "{finding:?} in {text:?}");
            end = edit.span.end;
        }
    }
}

/// The tape has the values of `serde_json`, and every span is on character boundaries.
pub fn parse(input: &[u8]) {
    same_json::assert_same(input);
    let document = Document::parse_bytes(input);
    let text = document.text();
    assert_well_formed(text, &document.syntax_findings());
    let mut pending: Vec<Node<'_>> = document.roots().collect();
    while let Some(node) = pending.pop() {
        assert_inside(text, node.span());
        assert_inside(text, node.content_span());
        assert_inside(text, node.opening());
        pending.extend(node.elements());
        let members = node.members();
        pending.extend(members.flat_map(|member| [member.name, member.value]));
    }
}

/// Checks a text, and asserts what holds for every outcome.
pub(crate) fn checked(document: &Document<'_>) -> Outcome {
    let outcome = ENGINE.check(document);
    assert_eq!(outcome.failures(), 0, "{:?}", document.text());
    assert_well_formed(document.text(), &outcome.findings);
    for record in &outcome.records {
        assert_inside(document.text(), record.span);
    }
    let keys = outcome.findings.iter().map(|finding| finding.span.start);
    assert!(keys.is_sorted(), "{:?}", outcome.findings);
    outcome
}

/// A check does not panic, reports no failed rule, and gives sorted findings with spans on character boundaries.
pub fn check(input: &[u8]) {
    checked(&Document::parse_bytes(input));
}

/// Safe fixes remove exactly the findings that they fix, and all fixes converge: they leave none, or unsafe ones that are
/// reported as unsettled.
pub fn fix(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    if let Some(violation) = fix_invariant::violation(&ENGINE, text) {
        panic!("{violation}");
    }
    let check = |text: &str| ENGINE.check(&Document::parse(text));
    let fixed = |text: &str, limit| apply_fixes(text, &check(text), limit, MAX_ROUNDS, check);
    for limit in [Safety::Safe, Safety::Unsafe] {
        let Some(once) = fixed(text, limit) else {
            continue;
        };
        let mut findings = once.outcome.findings.iter();
        let is_unsettled = findings.any(|finding| finding.fix_up_to(limit).is_some());
        assert!(!is_unsettled || limit == Safety::Unsafe, "{text:?}");
        let twice = fixed(&once.text, limit).filter(|_| !is_unsettled);
        let twice = twice.map(|twice| twice.text);
        assert_eq!(twice, None, "{limit:?}: {text:?}\n{:?}", once.text);
    }
}
