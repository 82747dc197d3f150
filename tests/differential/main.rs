//! Differential tests: countersign against other programs that answer the same question, and its ways of reading a
//! payload against each other.
//!
//! `DIFFERENTIAL_CASES` is the number of cases of each test, for long runs.

#![expect(clippy::disallowed_methods, reason = "tests read and write files")]

#[path = "../../src/schema/fast_path/tests/differential/changes.rs"]
mod changes;
#[path = "../support/edits.rs"]
mod edits;
mod parser;
mod readers;
#[path = "../support/same_json.rs"]
mod same_json;
#[path = "../support/same_violations.rs"]
mod same_violations;
#[path = "../../src/schema/fast_path/tests/differential/schemas.rs"]
mod schemas;
#[path = "../lsp/session.rs"]
#[expect(dead_code, reason = "the tests of the language server use the rest")]
mod session;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod support;
#[path = "../../src/schema/fast_path/tests/differential/texts.rs"]
mod texts;
mod validator;
#[path = "../support/value_of.rs"]
mod value_of;
#[path = "../../src/schema/fast_path/tests/differential/values.rs"]
mod values;

use std::env;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// Runs a property test with `cases` cases, or as many as the environment says.
fn run<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let wanted = env::var("DIFFERENTIAL_CASES").ok();
    let cases = wanted.map_or(cases, |wanted| wanted.parse().expect("a number of cases"));
    let config = ProptestConfig {
        cases,
        max_global_rejects: cases * 4,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    if let Err(failure) = TestRunner::new(config).run(&strategy, test) {
        panic!("{failure}");
    }
}

/// The texts of the fixtures in a folder, sorted by path.
fn fixtures(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(folder);
    let files = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter();
    files
        .filter_map(|entry| fs::read_to_string(entry.expect("a file").path()).ok())
        .collect()
}
