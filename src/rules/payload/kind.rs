//! The kind of a record.

use crate::finding::Level;
use crate::json::SyntaxErrorKind;
use crate::payload::{Identity, Record};
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::span::Span;

pub(crate) static UNKNOWN_KIND: Rule = Rule {
    id: "payload/unknown-kind",
    level: Level::Warning,
    page: include_str!("../../../rules/payload/unknown-kind.md"),
    overlap: Overlap::OTHER,
    check: Check::Document(None, &|document, _, findings| {
        if document
            .records
            .iter()
            .all(|record| record.kind().is_some())
        {
            return;
        }
        // If the text is damaged, or the value that shows the kind is a placeholder, that is reported instead.
        let is_unexpected = |kind: &SyntaxErrorKind| {
            matches!(
                kind,
                SyntaxErrorKind::Unexpected(_)
                    | SyntaxErrorKind::Placeholder
                    | SyntaxErrorKind::EndsEarly(_)
            )
        };
        let is_damaged = |record: &Record<'_>| {
            let mut errors = record.document.syntax_errors().iter();
            errors.any(|error| is_unexpected(&error.kind))
        };
        if document.records.first().is_none_or(is_damaged) {
            return;
        }
        // Neighbours of the same unknown kind, in a list or as values of the text, are one finding.
        let is_same = |left: &Record<'_>, right: &Record<'_>| {
            left.identity == right.identity && list_of(left) == list_of(right)
        };
        for records in document.records.chunk_by(is_same) {
            report(records, findings);
        }
    }),
};

/// Reports that a text that has to contain a payload holds nothing, or only an empty array.
pub(crate) fn report_missing_payload(text: &str, findings: &mut RuleReporter<'_>) {
    let start = text.len() - text.trim_start().len();
    let is_empty = start == text.len();
    let (span, found) = match is_empty {
        true => (Span::empty(0), "input"),
        false => (Span::new(start as u32, start as u32 + 1), "array"),
    };
    findings
        .report(
            span,
            format!("no payload found: the {found} is empty, expected at least one record"),
        )
        .help("find out why nothing was written, or leave the file out of the check");
}

/// The offset of the list that holds a record.
fn list_of(record: &Record<'_>) -> Option<u32> {
    record.list.map(|(list, _)| list.span().start)
}

/// Reports records of the same identity, if it is not a kind that is checked.
fn report(records: &[Record<'_>], findings: &mut RuleReporter<'_>) {
    let Some(first) = records.first() else {
        return;
    };
    let subject = match records.len() {
        1 => "this".to_owned(),
        count => format!("each of these {count} records"),
    };
    let message = match (first.identity, records.len()) {
        (Identity::Kind(_) | Identity::Encoded, _) => return,
        (Identity::Foreign(foreign), _) if foreign.replacement.is_some() => {
            format!("{subject} looks like {}", foreign.title)
        }
        (Identity::Foreign(foreign), _) => {
            format!(
                "{subject} looks like {}; countersign has no rules for it",
                foreign.title
            )
        }
        (Identity::Unknown, 1) => {
            "not recognised as a payload of a known kind; only its syntax was checked".into()
        }
        (Identity::Unknown, count) => format!(
            "none of these {count} records is recognised as a payload of a known kind; only their \
             syntax was checked"
        ),
    };
    let at = match first.list.filter(|_| records.len() > 1) {
        Some((list, _)) => list.opening(),
        None => first.node.opening(),
    };
    let help = match first.identity {
        Identity::Foreign(foreign) => foreign.replacement,
        _ => None,
    };
    findings
        .report(at, message)
        .help(help.unwrap_or("leave it out of the check, or state its kind with `--kind`"));
}
