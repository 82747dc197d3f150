//! Small texts with everything that is said about them: findings, labels, help, fixes, records, and the text after the fixes.
//!
//! The texts are in the files themselves. With `UPDATE=1` in the environment, what follows each text is written anew. To add
//! a text, add its lines to a file and update it.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

#[path = "../support/derived.rs"]
mod derived;
#[path = "../support/facts.rs"]
mod facts;
mod render;

use std::fs;
use std::path::Path;

use derived::assert_derived;
use render::Case;

/// Compares a file with what is said about its texts.
fn assert_reports(name: &str) {
    let path = format!("tests/reports/{name}.txt");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
    let cases = Case::parse_all(&fs::read_to_string(file).unwrap());
    assert!(cases.len() > 10, "{path} has {} texts", cases.len());
    let rendered: Vec<String> = cases.iter().map(Case::render).collect();
    assert_derived(&path, &rendered.join("\n"));
}

#[test]
fn reports_on_damaged_texts() {
    assert_reports("damaged");
}

#[test]
fn reports_on_payloads() {
    assert_reports("payloads");
}

#[test]
fn reports_against_schemas() {
    assert_reports("schemas");
}
