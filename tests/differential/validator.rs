//! Validation against the crate `jsonschema` over values of `serde_json`: the same schemas are refused, and the same
//! values, for violations at the same places.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::run;
use super::same_violations::{assert_same, compile};
use super::schemas::any_schema;
use super::values::value_for;

/// The keywords that contain whole schemas, and how each does.
const APPLICATORS: [&str; 12] = [
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "contains",
    "prefixItems",
    "additionalProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "propertyNames",
    "patternProperties",
    "dependentSchemas",
];

/// A schema that combines two schemas by one of the keywords that the fast path leaves to the validator.
fn combined_schema() -> impl Strategy<Value = Value> {
    let keyword = select(APPLICATORS.to_vec());
    (any_schema(), any_schema(), keyword).prop_map(|(mut first, second, keyword)| {
        let inner = match keyword {
            "allOf" | "anyOf" | "oneOf" => json!([second, { "type": "object" }]),
            "prefixItems" => json!([second]),
            "patternProperties" => json!({ "^[a-n]": second }),
            "dependentSchemas" => json!({ "type": second }),
            _ => second,
        };
        if let Value::Object(keywords) = &mut first {
            keywords.insert(keyword.to_owned(), inner);
        }
        first
    })
}

#[test]
fn findings_are_at_the_violations_that_jsonschema_finds() {
    let schema = prop_oneof![1 => any_schema(), 2 => combined_schema()];
    let cases = schema.prop_flat_map(|schema| {
        let values = prop::collection::vec(value_for(&schema), 1..4);
        (Just(schema), values)
    });
    let (valid, invalid) = (Cell::new(0), Cell::new(0));
    run(1000, cases, |(source, values)| {
        let Some((ours, reference)) = compile(&source) else {
            return Err(TestCaseError::reject("not a schema"));
        };
        for value in values {
            let count = match assert_same(&ours, &reference, &value) {
                true => &valid,
                false => &invalid,
            };
            count.set(count.get() + 1);
        }
        Ok(())
    });
    let (valid, invalid) = (valid.get(), invalid.get());
    assert!(valid > 300 && invalid > 300, "{valid} {invalid}");
}
