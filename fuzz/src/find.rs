//! Payloads inside of other text.

use countersign::document::Document;
use countersign::span::Span;

use super::engine::{ENGINE, checked};

/// Payloads of each kind, without findings and with some.
const PAYLOADS: [&str; 6] = [
    include_str!("../../fixtures/valid/order/new-tenant-full.json"),
    include_str!("../../fixtures/invalid/several/nine-mistakes.json"),
    include_str!("../../fixtures/invalid/order/tenant-id-shape.json"),
    include_str!("../../fixtures/invalid/json/trailing-comma.json"),
    include_str!("../../fixtures/valid/certificate/full-record.json"),
    include_str!("../../fixtures/valid/qualification/answer-denied-with-reason.json"),
];

/// A text as prose: words and full stops, which no payload, command or comment is made of.
fn prose(text: &str) -> String {
    let is_prose = |c: char| c.is_ascii_lowercase() || " .\n".contains(c);
    text.chars().filter(|c| is_prose(*c)).collect()
}

/// A payload in any text is checked without a panic, and between two paragraphs of prose it is found. The first byte
/// selects the payload, and a zero byte is between the text before and after it.
pub fn find(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let payload = PAYLOADS[usize::from(*first) % PAYLOADS.len()].trim();
    let (before, after) = text.split_once('\0').unwrap_or((text, ""));
    let any = format!("{before}{payload}{after}");
    checked(&Document::parse(&any));

    let (before, after) = (prose(before), prose(after));
    let within = format!("{before}\n\n{payload}\n\n{after}\n");
    let outcome = checked(&Document::parse(&within));
    let alone = ENGINE.check(&Document::parse(payload));
    let start = before.len() as u32 + 2;
    let spans: Vec<Span> = outcome.records.iter().map(|record| record.span).collect();
    let expected = alone
        .records
        .iter()
        .map(|record| record.span.shifted(start));
    assert_eq!(spans, expected.collect::<Vec<_>>(), "{within}");
    let is_inside = |span: Span| span.start >= start && span.end <= start + payload.len() as u32;
    let found = outcome
        .findings
        .iter()
        .filter(|finding| is_inside(finding.span));
    let found: Vec<_> = found.map(|finding| (finding.rule, finding.span)).collect();
    let expected = alone.findings.iter();
    let expected = expected.map(|finding| (finding.rule, finding.span.shifted(start)));
    assert_eq!(found, expected.collect::<Vec<_>>(), "{within}");
}
