//! Tests of the invariant of the fast path: what it accepts, the full validator accepts.

mod changes;
mod definitions;
mod embedded;
mod schemas;
mod spellings;
mod texts;
mod values;

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::json;

use crate::finding::Finding;
use crate::json::{Tape, parse};
use crate::names::VOCABULARY;
use crate::schema::Schema;
use schemas::any_schema;
use texts::text_of;
use values::value_for;

/// The number of cases of each property test. A case is a schema with some values.
const CASES: u32 = 4000;

/// Whether the fast path accepts the first value of a text, and whether the value is valid.
fn validate_both(schema: &Schema, text: &str) -> Option<(bool, bool)> {
    let (parsed, _) = parse(text, &VOCABULARY, Tape::default());
    let root = parsed.roots().next()?;
    Some((
        schema.fast_path.accepts(root),
        schema.validator().is_valid(root),
    ))
}

fn findings_in(schema: &Schema, text: &str) -> Vec<Finding> {
    let (parsed, _) = parse(text, &VOCABULARY, Tape::default());
    let mut findings = Vec::new();
    for root in parsed.roots() {
        schema.check(root, &mut findings);
    }
    findings
}

/// Runs a property test for many values, and asserts that it is not vacuous: the fast path must accept at
/// least one in `share` cases.
fn run<S: Strategy>(
    strategy: S,
    share: u32,
    check: impl Fn(S::Value) -> Result<bool, TestCaseError>,
) {
    let accepted = Cell::new(0);
    let config = ProptestConfig {
        cases: CASES,
        max_global_rejects: CASES * 4,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&strategy, |case| {
        accepted.set(accepted.get() + u32::from(check(case)?));
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
    assert!(
        accepted.get() >= CASES / share,
        "only {} of {CASES} cases were accepted by the fast path",
        accepted.get()
    );
}

/// Whether the fast path accepts a value, which must be valid then.
fn accepted(schema: &Schema, text: &str) -> Result<bool, TestCaseError> {
    let Some((fast, full)) = validate_both(schema, text) else {
        return Ok(false);
    };
    prop_assert!(
        !fast || full,
        "the fast path accepts {text}, which {} refuses",
        schema.source
    );
    Ok(fast)
}

#[test]
fn accepts_only_what_generated_schemas_accept() {
    let cases = any_schema().prop_flat_map(|schema| {
        let values = prop::collection::vec((value_for(&schema), any::<u64>()), 1..4);
        (Just(schema), values)
    });
    run(cases, 20, |(source, values)| {
        let Ok(schema) = Schema::compile(source.clone()) else {
            return Err(TestCaseError::reject("not a schema"));
        };
        let reference = jsonschema::options()
            .should_validate_formats(true)
            .build(&source)
            .expect("a schema, as it has been compiled");
        let mut any = false;
        for (value, style) in values {
            let text = value.to_string();
            any |= accepted(&schema, &text)?;
            let (_, full) = validate_both(&schema, &text).expect("a value");
            let findings = findings_in(&schema, &text);
            prop_assert_eq!(
                full,
                findings.is_empty(),
                "{} against {}: {:?}",
                text,
                source,
                findings
            );
            prop_assert_eq!(
                full,
                reference.is_valid(&value),
                "{} against {}",
                text,
                source
            );
            any |= accepted(&schema, &text_of(&value, style))?;
        }
        Ok(any)
    });
}

#[test]
fn combines_all_keywords_that_list_strings() {
    for (source, text) in [
        (
            json!({ "properties": { "a": { "const": "x", "enum": ["x", "y"] } } }),
            r#"{"a":"y"}"#,
        ),
        (json!({ "const": "x", "enum": ["y"] }), r#""y""#),
        (json!({ "const": "x", "enum": ["y"] }), r#""x""#),
        (json!({ "enum": [] }), "1"),
        (json!({ "enum": [] }), r#""x""#),
    ] {
        let schema = Schema::compile(source.clone()).expect("a schema");
        assert_eq!(
            validate_both(&schema, text),
            Some((false, false)),
            "{source} {text}"
        );
    }
}

#[test]
fn leaves_older_drafts_to_the_validator() {
    let source = json!({ "$schema": "http://json-schema.org/draft-04/schema#", "type": "integer" });
    let schema = Schema::compile(source.clone()).expect("a schema");
    assert_eq!(validate_both(&schema, "1.0"), Some((false, false)));
    let schema = Schema::compile(json!({ "items": source })).expect("a schema");
    assert_eq!(validate_both(&schema, "[1]"), Some((false, true)));
}
