//! The configuration.

use countersign::config::{self, ParsedConfig};
use countersign::registry::Registry;
use countersign::span::Span;
use toml::Table;

use super::engine::assert_well_formed;

/// The content of a configuration without its places in the file.
fn without_spans(mut parsed: ParsedConfig) -> String {
    for ignore in &mut parsed.config.ignores {
        (ignore.span, ignore.lines) = (Span::empty(0), None);
    }
    for payload in &mut parsed.config.payloads {
        (payload.span, payload.lines) = (Span::empty(0), None);
    }
    for (_, span) in parsed.catalogue.iter_mut().chain(&mut parsed.schemas) {
        *span = Span::empty(0);
    }
    for (_, span) in &mut parsed.answers {
        *span = Span::empty(0);
    }
    for (_, _, span) in &mut parsed.schema_refs {
        *span = Span::empty(0);
    }
    // Entries of tables come in the order of the file.
    parsed.config.levels.sort_by(|a, b| a.rules.cmp(&b.rules));
    parsed.schema_refs.sort();
    parsed.findings.clear();
    format!("{parsed:?}")
}

/// A configuration is read without a panic, with spans on character boundaries, and a valid one is the same after
/// another program has written it anew.
pub fn config(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let registry = Registry::built_in();
    let today = "2026-01-01".parse().ok();
    let parsed = config::read(text, today, &registry);
    assert_well_formed(text, &parsed.findings);
    if !parsed.findings.is_empty() {
        return;
    }
    let table: Table = text
        .parse()
        .unwrap_or_else(|error| panic!("{error}: {text}"));
    let written = toml::to_string(&table).expect("a table");
    let again = config::read(&written, today, &registry);
    assert_eq!(again.findings, [], "{written}");
    assert_eq!(
        without_spans(again),
        without_spans(parsed),
        "{text}\n{written}"
    );
}
