//! The kind of a record.

use crate::finding::Level;
use crate::json::SyntaxErrorKind;
use crate::payload::Identity;
use crate::rule::{Check, Overlap, Rule};

pub(in crate::rules) static UNKNOWN_KIND: Rule = Rule {
    id: "payload/unknown-kind",
    level: Level::Warning,
    page: include_str!("../../../rules/payload/unknown-kind.md"),
    overlap: Overlap::OTHER,
    check: Check::Record(&|record, _, findings| {
        let is_unexpected = |kind: &SyntaxErrorKind| matches!(kind, SyntaxErrorKind::Unexpected(_));
        if record
            .document
            .syntax_errors()
            .iter()
            .any(|error| is_unexpected(&error.kind))
        {
            return;
        }
        let message = match record.identity {
            Identity::Kind(_) | Identity::Encoded => return,
            Identity::Foreign(title) => {
                format!("this is {title}, which no rule here is about")
            }
            Identity::Unknown => "this is no order, no certificate and no qualification".into(),
        };
        findings
            .report(record.node.opening(), message)
            .help("leave it out of the check, or state its kind with --kind");
    }),
};
