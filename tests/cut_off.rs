//! Texts that end early: exactly one finding, at the end, whose fix closes what is open.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

use std::fs;
use std::path::{Path, PathBuf};

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::{Edit, Finding};
use serde_json::Value;

/// The texts of all valid payloads that are one JSON value, as they are and in compact form.
fn valid_texts() -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/valid")];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let json = text.trim_start_matches('\u{FEFF}');
            if let Ok(value) = serde_json::from_str::<Value>(json) {
                texts.push((path.clone(), text));
                texts.push((path, value.to_string()));
            }
        }
    }
    assert!(texts.len() > 100, "{}", texts.len());
    texts
}

fn findings_in(engine: &Engine, text: &str) -> Vec<Finding> {
    engine.check(&Document::parse(text)).findings
}

/// The text with an edit applied.
fn apply(text: &str, edit: &Edit) -> String {
    let (start, end) = (edit.span.start as usize, edit.span.end as usize);
    format!("{}{}{}", &text[..start], edit.text, &text[end..])
}

/// Whether a prefix contains the beginning of a value and not its end.
fn is_cut_off(prefix: &str) -> bool {
    let prefix = prefix.trim_start_matches('\u{FEFF}');
    !prefix.trim().is_empty() && serde_json::from_str::<Value>(prefix).is_err()
}

#[test]
fn every_prefix_of_a_valid_payload_has_one_finding_at_its_end() {
    let engine = Engine::new(Config::default());
    for (path, text) in valid_texts() {
        let boundaries = text.char_indices().map(|(at, _)| at);
        for prefix in boundaries
            .map(|at| &text[..at])
            .filter(|prefix| is_cut_off(prefix))
        {
            let findings = findings_in(&engine, prefix);
            let [finding] = &findings[..] else {
                panic!("{}: {prefix}\n{findings:#?}", path.display());
            };
            assert_eq!(
                finding.rule,
                "json/unclosed",
                "{}: {prefix}",
                path.display()
            );
            let end = prefix.trim_end().len() as u32;
            assert_eq!(finding.span.end, end, "{}: {prefix}", path.display());
            let fix = finding
                .fix
                .as_ref()
                .unwrap_or_else(|| panic!("{prefix}: no fix"));
            let closed = apply(prefix, &fix.edits[0]);
            let json = closed.trim_start_matches('\u{FEFF}');
            assert!(
                serde_json::from_str::<Value>(json).is_ok(),
                "{prefix}\n{closed}"
            );
        }
    }
}

/// An order with `inserted` after the last parameter of its line.
fn order_with(inserted: &str) -> String {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/valid/order/new-tenant-full.json");
    let text = fs::read_to_string(path).unwrap();
    let phone = "        { \"name\": \"effective_phonenumber\", \"value\": \"(503) 555-0110\" },\n";
    assert!(text.contains(phone));
    let text = text.replace(phone, "");
    let list_end = text
        .rfind(']')
        .and_then(|end| text[..end].rfind(']'))
        .unwrap();
    let last = text[..list_end].trim_end().len();
    format!("{}{inserted}{}", &text[..last], &text[last..])
}

#[test]
fn a_parameter_gives_at_most_one_finding_while_it_is_typed() {
    let engine = Engine::new(Config::default());
    assert!(findings_in(&engine, &order_with("")).is_empty());
    for typed in [
        ",\n        { \"name\": \"effective_phonenumber\", \"value\": \"(503) 555-0111\" }",
        ",{\"name\":\"mpn_id\",\"value\":\"4521907\"}",
        ",\n        {\n          \"name\": \"customer_tax_id\",\n          \"value\": \"12-3456789\"\n        }",
    ] {
        for end in 0..=typed.len() {
            let text = order_with(&typed[..end]);
            let findings = findings_in(&engine, &text);
            assert!(findings.len() <= 1, "{}\n{findings:#?}", &typed[..end]);
        }
    }
}
