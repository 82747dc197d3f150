//! Fixes that rename: no name is given to two properties of an object, nor to two parameters of a list.

#![expect(clippy::disallowed_methods, reason = "a test reads fixtures")]

use std::fs;
use std::path::Path;

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::Safety;
use countersign::fix::{MAX_ROUNDS, apply_fixes};
use serde_json::Value;

/// The rules about a name that occurs twice.
const DUPLICATES: [&str; 3] = [
    "json/duplicate-key",
    "order/duplicate-parameter",
    "certificate/duplicate-parameter",
];

fn valid_payloads() -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/valid");
    let folders = ["order", "customer", "qualification", "certificate"];
    let files = folders.map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let texts = files
        .into_iter()
        .flatten()
        .filter_map(|file| fs::read_to_string(file.unwrap().path()).ok());
    texts
        .filter_map(|text| serde_json::from_str(&text).ok())
        .collect()
}

/// Two wrong spellings of a name: a letter is missing, and a letter is doubled or the case differs.
fn misspellings(name: &str) -> Vec<[String; 2]> {
    let is_long = name.len() >= 5 && name.is_ascii();
    let spellings = || {
        let without = format!("{}{}", &name[..2], &name[3..]);
        let doubled = format!("{}{}", &name[..4], &name[3..]);
        let upper = name.to_uppercase();
        vec![
            [without.clone(), doubled],
            [without, upper.clone()],
            [upper, format!("{}{}", name[..1].to_uppercase(), &name[1..])],
        ]
    };
    is_long.then(spellings).unwrap_or_default()
}

/// The payload with the value at each place replaced in turn by what `change` makes of it.
fn variants(value: &Value, change: &dyn Fn(&Value) -> Vec<Value>) -> Vec<Value> {
    let mut found = change(value);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                found.extend(variants(member, change).into_iter().map(|variant| {
                    let mut copy = members.clone();
                    copy.insert(name.clone(), variant);
                    Value::Object(copy)
                }));
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                found.extend(variants(element, change).into_iter().map(|variant| {
                    let mut copy = elements.clone();
                    copy[index] = variant;
                    Value::Array(copy)
                }));
            }
        }
        _ => {}
    }
    found
}

/// A value of the same type, because equal duplicates are removed.
fn another(value: &Value) -> Value {
    match value.as_str() {
        Some(text) => format!("{text}s").into(),
        None => value.clone(),
    }
}

/// An object with each of its properties under two wrong names.
fn with_misspelled_properties(value: &Value) -> Vec<Value> {
    let Value::Object(members) = value else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, member) in members {
        for names in misspellings(name) {
            let mut copy = members.clone();
            copy.remove(name);
            let [first, second] = names;
            copy.insert(first, member.clone());
            copy.insert(second, another(member));
            found.push(Value::Object(copy));
        }
    }
    found
}

/// A list with each of its named entries under two wrong names.
fn with_misspelled_entries(value: &Value) -> Vec<Value> {
    let Value::Array(entries) = value else {
        return Vec::new();
    };
    let misspelled = |(index, entry): (usize, &Value)| {
        let name = entry["name"].as_str().unwrap_or_default();
        let variant = |names: [String; 2]| {
            let mut copy = entries.clone();
            copy.remove(index);
            for (place, name) in names.into_iter().enumerate() {
                let mut renamed = entry.clone();
                if place == 1 && entry["value"].is_string() {
                    renamed["value"] = another(&entry["value"]);
                }
                renamed["name"] = name.into();
                copy.push(renamed);
            }
            Value::Array(copy)
        };
        misspellings(name)
            .into_iter()
            .map(variant)
            .collect::<Vec<_>>()
    };
    entries.iter().enumerate().flat_map(misspelled).collect()
}

/// The findings about a name that occurs twice, after all fixes.
fn duplicates_after_fixes(engine: &Engine, text: &str) -> Vec<String> {
    let check = |text: &str| engine.check(&Document::parse(text));
    let outcome = check(text);
    let fixed = apply_fixes(text, &outcome, Safety::Unsafe, MAX_ROUNDS, check);
    let findings = fixed
        .map(|fixed| fixed.outcome.findings)
        .unwrap_or_default();
    let duplicates = findings
        .iter()
        .filter(|finding| DUPLICATES.contains(&finding.rule));
    duplicates.map(|finding| finding.message.clone()).collect()
}

#[test]
fn no_fix_gives_two_properties_or_parameters_one_name() {
    let engine = Engine::new(Config::default());
    let mut tried = 0;
    let mut wrong = Vec::new();
    for payload in valid_payloads() {
        let misspelled = variants(&payload, &with_misspelled_properties);
        let entries = variants(&payload, &with_misspelled_entries);
        for variant in misspelled.into_iter().chain(entries) {
            let text = variant.to_string();
            tried += 1;
            for message in duplicates_after_fixes(&engine, &text) {
                wrong.push(format!("{message}: {text}"));
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(12)].join("\n")
    );
}
