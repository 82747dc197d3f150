//! Test suites of others, each at the path in an environment variable: `JSON_TEST_SUITE`, the folder `test_parsing` of
//! nst/JSONTestSuite, and `JSON_SCHEMA_TEST_SUITE`, the root of json-schema-org/JSON-Schema-Test-Suite. Without its
//! variable a suite is skipped.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test reads the suites and the environment, and says what it skips"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::document::Document;
use countersign::schema::{References, Schema, SchemaOptions};
use serde_json::{Value, json};

/// The folder in an environment variable, if it is set.
fn suite(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: {variable} is not set");
    }
    folder
}

/// The files below a folder, sorted.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.append(&mut files_below(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}

/// Whether a text is JSON without any finding about its syntax. A duplicate key is JSON, and reported by decision.
fn is_json(bytes: &[u8]) -> bool {
    let findings = Document::parse_bytes(bytes).syntax_findings();
    let is_duplicate_key = |rule: &str| rule == "json/duplicate-key";
    findings
        .iter()
        .all(|finding| is_duplicate_key(finding.rule))
}

/// The texts of which RFC 8259 leaves undefined whether a parser accepts them, and which are accepted: numbers of any
/// size, which are compared as they are written; 500 nested arrays, since the limit is 1024; and a byte order mark at the
/// start of a file. The others are not UTF-8, or have escapes of lone surrogates.
const UNDEFINED_AND_ACCEPTED: [&str; 12] = [
    "i_number_double_huge_neg_exp.json",
    "i_number_huge_exp.json",
    "i_number_neg_int_huge_exp.json",
    "i_number_pos_double_huge_exp.json",
    "i_number_real_neg_overflow.json",
    "i_number_real_pos_overflow.json",
    "i_number_real_underflow.json",
    "i_number_too_big_neg_int.json",
    "i_number_too_big_pos_int.json",
    "i_number_very_big_negative_int.json",
    "i_structure_500_nested_arrays.json",
    "i_structure_UTF-8_BOM_empty_object.json",
];

#[test]
fn accepts_what_is_json_and_nothing_else() {
    let Some(folder) = suite("JSON_TEST_SUITE") else {
        return;
    };
    let (mut counts, mut wrong, mut accepted) = ([0, 0, 0], Vec::new(), BTreeSet::new());
    for path in files_below(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_accepted = is_json(&fs::read(&path).unwrap());
        match name.as_bytes()[0] {
            b'y' => counts[0] += 1,
            b'n' => counts[1] += 1,
            _ => counts[2] += 1,
        }
        let expected = match name.as_bytes()[0] {
            b'y' => true,
            b'n' => false,
            _ => {
                accepted.extend(is_accepted.then_some(name));
                continue;
            }
        };
        if is_accepted != expected {
            wrong.push(name);
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert!(counts[0] > 90 && counts[1] > 180, "{counts:?}");
    assert_eq!(
        accepted,
        BTreeSet::from(UNDEFINED_AND_ACCEPTED.map(str::to_owned))
    );
}

/// The drafts, with the URI that selects each.
const DRAFTS: [(&str, &str); 5] = [
    ("draft4", "http://json-schema.org/draft-04/schema#"),
    ("draft6", "http://json-schema.org/draft-06/schema#"),
    ("draft7", "http://json-schema.org/draft-07/schema#"),
    (
        "draft2019-09",
        "https://json-schema.org/draft/2019-09/schema",
    ),
    (
        "draft2020-12",
        "https://json-schema.org/draft/2020-12/schema",
    ),
];

/// Whether a test is known to fail, and why.
fn is_known_to_fail(file: &str, test: &str) -> bool {
    // The library takes an integer of more than 64 bits for a number that draft 4 does not call an integer.
    file == "draft4/optional/bignum.json" && test.contains("is an integer")
}

/// The documents that the suite serves at `http://localhost:1234/`.
fn remotes(root: &Path) -> References {
    let folder = root.join("remotes");
    let mut references = References::default();
    for path in files_below(&folder) {
        let name = path
            .strip_prefix(&folder)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let Ok(document) = serde_json::from_str(&fs::read_to_string(&path).unwrap()) else {
            continue;
        };
        references.add(&format!("http://localhost:1234/{name}"), document);
    }
    references
}

#[test]
fn validates_as_the_drafts_say() {
    let Some(root) = suite("JSON_SCHEMA_TEST_SUITE") else {
        return;
    };
    let mut options = SchemaOptions {
        references: remotes(&root),
        ..SchemaOptions::default()
    };
    let (mut passed, mut known, mut wrong) = (0, 0, Vec::new());
    for (draft, uri) in DRAFTS {
        let folder = root.join("tests").join(draft);
        for path in files_below(&folder) {
            let file = path
                .strip_prefix(&folder)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            // Outside of the tests of formats, the suite expects that a format is an annotation.
            options.ignores_formats = draft == "draft2020-12" && file == "format.json";
            let groups: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            for group in groups.as_array().unwrap() {
                let mut schema = group["schema"].clone();
                if let Some(keywords) = schema.as_object_mut() {
                    keywords.entry("$schema").or_insert(json!(uri));
                }
                let compiled = Schema::compile_with(schema, &options);
                for test in group["tests"].as_array().unwrap() {
                    let text = test["data"].to_string();
                    let is_valid = compiled.as_ref().map(|schema| {
                        let document = Document::parse(&text);
                        let mut findings = Vec::new();
                        schema.check(document.roots().next().unwrap(), &mut findings);
                        findings.is_empty()
                    });
                    match is_valid {
                        Ok(is_valid) if Value::Bool(is_valid) == test["valid"] => passed += 1,
                        outcome => {
                            let name = test["description"].to_string();
                            let file = format!("{draft}/{file}");
                            match is_known_to_fail(&file, &name) {
                                true => known += 1,
                                false => wrong.push(format!("{file}: {name}: {outcome:?}")),
                            }
                        }
                    }
                }
            }
        }
    }
    println!("{passed} tests passed, {known} fail as known");
    assert_eq!(wrong, [""; 0]);
    assert!(passed > 8_000 && known <= 2, "{passed} {known}");
}
