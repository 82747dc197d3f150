//! The counts of an envelope, compared with its list.

use crate::finding::Level;
use crate::json::Number;
use crate::payload::{Count, CountRole, Envelope, Record};
use crate::rule::{Check, Overlap, Rule, RuleReporter};

pub(in crate::rules) static PAGE_MISMATCH: Rule = Rule {
    id: "export/page-mismatch",
    level: Level::Warning,
    page: include_str!("../../../rules/export/page-mismatch.md"),
    overlap: Overlap::VALUE,
    check: Check::Document(None, &|document, _, findings| {
        // A list of other payloads is one finding of `payload/unknown-kind`.
        let is_foreign = |record: &Record<'_>| record.kind().is_none();
        if !document.records.is_empty() && document.records.iter().all(is_foreign) {
            return;
        }
        for envelope in document.envelopes {
            check_counts(envelope, findings);
        }
    }),
};

/// Reports the first count that contradicts the list.
fn check_counts(envelope: &Envelope<'_>, findings: &mut RuleReporter<'_>) {
    for Count { role, node } in &envelope.counts {
        let Some(number) = node.as_number().filter(Number::is_integer) else {
            continue;
        };
        let count = number.as_str();
        if number.compare(&Number::new("0")).is_lt() {
            findings
                .report(
                    node.span(),
                    format_args!("`{count}` is negative, expected 0 or more"),
                )
                .help("request the page from the platform again, or correct the number");
            return;
        }
        let Some(length) = envelope.length else {
            continue;
        };
        let records = if length == 1 { "record" } else { "records" };
        let order = number.compare(&Number::new(&length.to_string()));
        let message = match role {
            CountRole::Limit if order.is_lt() => {
                format!("the list has {length} {records}, more than its limit of `{count}`")
            }
            CountRole::Total if order.is_lt() => {
                format!("the list has {length} {records}, more than the total of `{count}`")
            }
            CountRole::TotalCount if order.is_ne() => {
                format!("the list has {length} {records}, but `totalCount` is `{count}`")
            }
            _ => continue,
        };
        findings
            .report(node.span(), message)
            .help("request the page from the platform again, or correct the number");
        return;
    }
}
