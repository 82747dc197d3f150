//! The schemas of the project: on changed fixtures, on generated values, and on each fixture as it is.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use super::changes::{any_change, apply};
use super::definitions::{DEFINITIONS, Definition, fixtures};
use super::texts::text_of;
use super::values::value_for;
use super::{CASES, accepted, run};
use crate::document::Document;
use crate::json::{Node, Tape, parse};
use crate::kinds::{FOREIGN, KINDS};
use crate::names::VOCABULARY;
use crate::payload::{Declared, Detector};
use crate::schema::inlined;

#[test]
fn accepts_only_what_embedded_schemas_accept() {
    let cases = (
        any::<Index>(),
        any::<Index>(),
        prop::collection::vec(any_change(), 0..4),
        any::<u64>(),
    );
    run(cases, 8, |(definition, seed, changes, style)| {
        let definition = definition.get(DEFINITIONS.as_slice());
        let mut value = match &definition.seeds[..] {
            [] => json!({}),
            seeds => seed.get(seeds).clone(),
        };
        for change in &changes {
            apply(change, &definition.names, &mut value);
        }
        accepted(&definition.schema, &text_of(&value, style))
    });
}

#[test]
fn accepts_only_what_embedded_schemas_accept_of_values_made_for_them() {
    for definition in &*DEFINITIONS {
        let strategy = (value_for(&definition.schema.source), any::<u64>());
        let config = ProptestConfig {
            cases: CASES / 100,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let result = TestRunner::new(config).run(&strategy, |(value, style)| {
            accepted(&definition.schema, &text_of(&value, style)).map(|_| ())
        });
        assert!(result.is_ok(), "{}: {result:?}", definition.name);
    }
}

#[test]
fn accepts_only_what_embedded_schemas_accept_of_each_fixture() {
    fn check(definition: &Definition, node: Node<'_>, path: &str) {
        assert!(
            !definition.schema.fast_path.accepts(node)
                || definition.schema.validator().is_valid(node),
            "{} of {path} against {}",
            node.source(),
            definition.name
        );
        node.elements()
            .for_each(|element| check(definition, element, path));
        node.members()
            .for_each(|member| check(definition, member.value, path));
    }
    for (path, text) in fixtures("") {
        let (parsed, _) = parse(&text, &VOCABULARY, Tape::default());
        for definition in &*DEFINITIONS {
            parsed
                .roots()
                .for_each(|root| check(definition, root, &path));
        }
    }
}

/// Fixtures in which a property has a format, which the fast path leaves to the validator.
const WITH_FORMATS: [&str; 3] = [
    "order/migration.json",
    "order/response-completed.json",
    "order/response-processing.json",
];

#[test]
fn accepts_the_records_of_every_valid_order_and_qualification() {
    let detector = Detector::new(KINDS, FOREIGN);
    let mut accepted = 0;
    for (path, text) in fixtures("valid") {
        let document = Document::parse(&text);
        for record in &detector.records(&document, Declared::default(), None) {
            let kind = record.kind().expect("a valid fixture is of a kind");
            let schema = kind
                .definition(record.definition())
                .expect("a kind has a schema");
            // The others have formats and keywords that the fast path does not compile.
            if !matches!(kind.id(), "order" | "qualification") {
                continue;
            }
            let is_decided = schema.fast_path.accepts(record.node);
            let is_decidable = !WITH_FORMATS.iter().any(|fixture| path.ends_with(fixture));
            assert_eq!(is_decided, is_decidable, "{path}, record {}", record.index);
            accepted += u32::from(is_decided);
        }
    }
    assert!(accepted > 50, "{accepted}");
}

/// [`inlined`] merges the keywords of a reference with those of its target into one object.
#[test]
fn references_of_embedded_schemas_have_no_keywords_in_common_with_their_targets() {
    fn group(keyword: &str) -> &str {
        match keyword {
            "then" | "else" => "if",
            "additionalProperties" => "properties",
            other => other,
        }
    }
    fn check(schema: &Value, whole: &Value) {
        if let Value::Object(keywords) = schema
            && let Some(Value::String(target)) = keywords.get("$ref")
        {
            let target = whole
                .pointer(&target[1..])
                .expect("a reference leads somewhere");
            let target = inlined(target, whole);
            let annotations = ["$ref", "title", "description", "examples", "$comment"];
            for keyword in keywords.keys() {
                let mut others = target.as_object().into_iter().flat_map(Map::keys);
                assert!(
                    annotations.contains(&keyword.as_str())
                        || others.all(|other| group(other) != group(keyword)),
                    "{keyword} in {schema}"
                );
            }
        }
        match schema {
            Value::Array(parts) => parts.iter().for_each(|part| check(part, whole)),
            Value::Object(keywords) => keywords.values().for_each(|part| check(part, whole)),
            _ => {}
        }
    }
    for kind in KINDS {
        let whole = serde_json::from_str(kind.schema_text()).expect("a schema is JSON");
        check(&whole, &whole);
    }
}
