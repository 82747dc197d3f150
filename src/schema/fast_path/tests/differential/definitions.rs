//! The schemas of the project with values that they accept.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jsonschema::json::Node as _;
use serde_json::Value;

use super::validate_both;
use crate::json::{Tape, parse};
use crate::names::VOCABULARY;
use crate::schema::{Schema, inlined};

pub(super) struct Definition {
    pub(super) name: String,
    pub(super) schema: Schema,
    /// Values that are valid.
    pub(super) seeds: Vec<Value>,
    /// The names that its properties have.
    pub(super) names: Vec<String>,
}

/// Every schema of the project and each of its definitions, with the values of fixtures and examples
/// that they accept.
pub(super) static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let sources = [
        include_str!("../../../../../schemas/certificate.schema.json"),
        include_str!("../../../../../schemas/config.schema.json"),
        include_str!("../../../../../schemas/findings.schema.json"),
        include_str!("../../../../../schemas/order.schema.json"),
        include_str!("../../../../../schemas/qualification.schema.json"),
    ]
    .map(|text| serde_json::from_str::<Value>(text).expect("a schema is JSON"));
    let mut values = BTreeSet::new();
    for source in &sources {
        add_examples(source, &mut values);
    }
    for (_, text) in fixtures("valid") {
        let (parsed, _) = parse(&text, &VOCABULARY, Tape::default());
        for root in parsed.roots() {
            add_values(&root.to_value(), &mut values);
        }
    }
    let values: Vec<Value> = values
        .iter()
        .map(|text| serde_json::from_str(text).expect("a value is JSON"))
        .collect();
    sources
        .iter()
        .flat_map(|whole| definitions_of(whole, &values))
        .collect()
});

fn definitions_of(whole: &Value, values: &[Value]) -> Vec<Definition> {
    let definition = |name: &str, source: &Value| {
        let mut source = inlined(source, whole);
        source["$schema"] = whole["$schema"].clone();
        if let Value::Object(keywords) = &mut source {
            keywords.remove("$defs");
        }
        let mut names = BTreeSet::new();
        add_names(&source, &mut names);
        let schema = Schema::compile(source).expect("a schema of the project is one");
        let seeds = values
            .iter()
            .filter(|value| matches!(validate_both(&schema, &value.to_string()), Some((_, true))))
            .cloned()
            .collect();
        Definition {
            name: format!("{}#{name}", whole["$id"]),
            schema,
            seeds,
            names: names.into_iter().collect(),
        }
    };
    let parts = whole["$defs"].as_object().into_iter().flatten();
    let parts = parts.map(|(name, source)| definition(name, source));
    std::iter::once(definition("", whole))
        .chain(parts)
        .collect()
}

fn add_values(value: &Value, values: &mut BTreeSet<String>) {
    values.insert(value.to_string());
    match value {
        Value::Array(elements) => elements.iter().for_each(|value| add_values(value, values)),
        Value::Object(members) => members.values().for_each(|value| add_values(value, values)),
        _ => {}
    }
}

fn add_examples(schema: &Value, values: &mut BTreeSet<String>) {
    match schema {
        Value::Array(elements) => elements.iter().for_each(|part| add_examples(part, values)),
        Value::Object(keywords) => {
            let examples = keywords.get("examples").and_then(Value::as_array);
            for example in examples.into_iter().flatten() {
                values.insert(example.to_string());
            }
            keywords
                .values()
                .for_each(|part| add_examples(part, values));
        }
        _ => {}
    }
}

fn add_names(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Array(elements) => elements.iter().for_each(|part| add_names(part, names)),
        Value::Object(keywords) => {
            if let Some(Value::Object(properties)) = keywords.get("properties") {
                names.extend(properties.keys().cloned());
            }
            keywords.values().for_each(|part| add_names(part, names));
        }
        _ => {}
    }
}

/// The fixtures in a folder and below, each with its path and its text.
pub(super) fn fixtures(folder: &str) -> Vec<(String, String)> {
    fn collect(folder: &Path, fixtures: &mut Vec<(String, String)>) {
        let mut entries: Vec<_> = fs::read_dir(folder)
            .expect("a folder of fixtures")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                collect(&path, fixtures);
            } else if path.extension().is_some_and(|suffix| suffix == "json") {
                let bytes = fs::read(&path).expect("a fixture");
                let text = String::from_utf8_lossy(&bytes).into_owned();
                fixtures.push((path.display().to_string(), text));
            }
        }
    }
    let mut fixtures = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    collect(&root.join(folder), &mut fixtures);
    fixtures
}
