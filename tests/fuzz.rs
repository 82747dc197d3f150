//! The properties of the fuzz targets on the inputs that once broke one, on fixtures, and on changed fixtures: a short
//! run without a fuzzer. `FUZZ_CASES` is the number of changed fixtures for each target.

#![expect(clippy::disallowed_methods, reason = "a test reads inputs")]

#[path = "support/edits.rs"]
mod edits;
#[path = "../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "it is a library of the fuzz targets")]
mod properties;

use std::env;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use edits::{any_edit, apply};
use properties::TARGETS;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;

/// The files below a folder of the project, sorted by path.
fn files_in(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter();
    let files = entries.filter_map(Result::ok);
    let files = files.filter(|entry| entry.file_type().is_file());
    files.map(|entry| entry.into_path()).collect()
}

/// Asserts that the property of a target holds for its kept inputs, and for `cases` changed fixtures.
fn assert_holds(name: &str, cases: u32) {
    let target = TARGETS.iter().find(|target| target.0 == name);
    let (_, property) = target.expect("a target");
    for path in files_in(&format!("fuzz/regressions/{name}")) {
        let input = fs::read(&path).expect("an input");
        assert!(catch_unwind(|| property(&input)).is_ok(), "{path:?}");
    }
    let fixtures: Vec<Vec<u8>> = files_in("fixtures")
        .iter()
        .map(|path| fs::read(path).expect("a fixture"))
        .collect();
    assert!(fixtures.len() > 200);
    let wanted = env::var("FUZZ_CASES").ok();
    let config = ProptestConfig {
        cases: wanted.map_or(cases, |wanted| wanted.parse().expect("a number of cases")),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let edits = prop::collection::vec(any_edit(), 0..5);
    let input = (any::<[u8; 2]>(), any::<Index>(), edits);
    let result = TestRunner::new(config).run(&input, |(options, which, edits)| {
        let mut input = which.get(&fixtures).clone();
        for edit in &edits {
            apply(edit, &mut input);
        }
        // Some targets read options from the first bytes.
        property(&input);
        property(&[&options, &input[..]].concat());
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

#[test]
fn every_kept_input_belongs_to_a_target() {
    for file in files_in("fuzz/regressions") {
        let folder = file.parent().and_then(Path::file_name);
        let is_of = |name: &str| folder.is_some_and(|folder| folder == name);
        assert!(TARGETS.iter().any(|(name, _)| is_of(name)), "{file:?}");
    }
}

#[test]
fn the_parser_agrees_with_another() {
    assert_holds("parse", 100);
}

#[test]
fn fast_paths_agree_with_the_validator() {
    assert_holds("fast_paths", 60);
}

#[test]
fn checks_give_well_formed_findings() {
    assert_holds("check", 40);
}

#[test]
fn fixes_remove_their_findings_and_converge() {
    assert_holds("fix", 10);
}

#[test]
fn reports_are_well_formed() {
    assert_holds("render", 4);
}

#[test]
fn chunks_change_no_finding() {
    assert_holds("chunks", 10);
}

#[test]
fn edits_in_an_editor_change_no_finding() {
    assert_holds("lsp_edits", 20);
}

#[test]
fn configurations_are_the_same_when_written_anew() {
    assert_holds("config", 60);
}

#[test]
fn payloads_are_found_in_other_text() {
    assert_holds("find", 10);
}
