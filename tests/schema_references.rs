//! Schemas of users: documents that they refer to, formats that no specification defines, and files that are none.

#![expect(clippy::disallowed_methods, reason = "tests write files")]

#[expect(dead_code, reason = "only some of its functions are needed here")]
mod support;

use support::{Outcome, check, folder_with, path_in};

const AMOUNT: &str = r#"{ "type": "integer", "minimum": 1 }"#;
const ITEM: &str = r#"{ "$id": "https://schemas.brassfinch.com/item.json", "properties": { "amount": { "$ref": "parts/amount.json" } } }"#;

/// The findings about `{"item":{"amount":0}}` by a schema with this reference, given these options and files.
fn run(reference: &str, options: &[&str], config: &str) -> Outcome {
    let schema = format!(r#"{{ "properties": {{ "item": {{ "$ref": "{reference}" }} }} }}"#);
    let folder = folder_with(&[
        ("schema.json", &schema),
        ("schemas/item.json", ITEM),
        ("schemas/parts/amount.json", AMOUNT),
        ("payload.json", r#"{"item":{"amount":0}}"#),
        ("countersign.toml", config),
    ]);
    let file = |name: &str| path_in(&folder, name);
    let options: Vec<String> = options
        .iter()
        .map(|option| option.replace("FOLDER", &folder.path().display().to_string()))
        .collect();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let (config, schema, payload) = (
        file("countersign.toml"),
        file("schema.json"),
        file("payload.json"),
    );
    let fixed = [
        "--format", "concise", "--config", &config, "--schema", &schema, &payload,
    ];
    check(&[&fixed[..], &options].concat(), "")
}

const URI: &str = "https://schemas.brassfinch.com/item.json";

#[test]
fn references_are_read_from_the_files_that_are_named_for_them() {
    let amount =
        "https://schemas.brassfinch.com/parts/amount.json=FOLDER/schemas/parts/amount.json";
    let in_config = "[schema-refs]\n\"https://schemas.brassfinch.com\" = \"schemas\"\n";
    for (reference, options, config) in [
        (
            URI,
            vec![
                "--schema-ref",
                "https://schemas.brassfinch.com/=FOLDER/schemas",
            ],
            "",
        ),
        (
            URI,
            vec![
                "--schema-ref",
                "https://schemas.brassfinch.com/item.json=FOLDER/schemas/item.json",
                "--schema-ref",
                amount,
            ],
            "",
        ),
        // A document is found by its own `$id` too.
        (
            URI,
            vec![
                "--schema-ref",
                "urn:item=FOLDER/schemas/item.json",
                "--schema-ref",
                amount,
            ],
            "",
        ),
        (
            "urn:item",
            vec!["--schema-ref", "urn:item=FOLDER/schemas/parts/amount.json"],
            "",
        ),
        (
            "parts/amount.json",
            vec![
                "--schema-ref",
                "parts/amount.json=FOLDER/schemas/parts/amount.json",
            ],
            "",
        ),
        (URI, vec![], in_config),
    ] {
        let outcome = run(reference, &options, config);
        let is_amount =
            reference.contains("amount") || options.len() == 2 && reference == "urn:item";
        let expected = match is_amount {
            true => "error[schema/type]",
            false => "error[schema/minimum]",
        };
        assert_eq!(
            outcome.code, 1,
            "{reference} {options:?}: {}",
            outcome.errors
        );
        assert!(
            outcome.out.contains(expected),
            "{reference} {options:?}: {}",
            outcome.out
        );
    }
}

#[test]
fn nothing_is_fetched() {
    let outcome = run(URI, &[], "");
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.errors.contains("--schema-ref"),
        "{}",
        outcome.errors
    );
    let outcome = run(URI, &["--schema-ref", "no-path"], "");
    assert_eq!(outcome.code, 2);
    assert!(outcome.errors.contains("URI=PATH"), "{}", outcome.errors);
    let outcome = run(URI, &["--schema-ref", "urn:x=FOLDER/missing.json"], "");
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.errors.contains("missing.json: no such file"),
        "{}",
        outcome.errors
    );
}

#[test]
fn an_unknown_format_is_named_and_ignored() {
    let schema = r#"{ "properties": {
        "a": { "type": "integer", "format": "int32" },
        "format": { "type": "string", "format": "date" },
        "b": { "enum": [{ "format": "custom" }] }
    } }"#;
    let folder = folder_with(&[
        ("schema.json", schema),
        ("payload.json", r#"{"a":1,"format":"soon"}"#),
    ]);
    let (schema, payload) = (
        path_in(&folder, "schema.json"),
        path_in(&folder, "payload.json"),
    );
    let arguments = [
        "--no-config",
        "--format",
        "concise",
        "--schema",
        &schema,
        &payload,
    ];
    let outcome = check(&arguments, "");
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.out.contains("schema/format") && outcome.out.lines().count() == 1,
        "{}",
        outcome.out
    );
    assert_eq!(
        outcome.errors.matches("`int32`").count(),
        1,
        "{}",
        outcome.errors
    );
    assert!(!outcome.errors.contains("custom"), "{}", outcome.errors);
    let without = check(&[&["--disable-formats"][..], &arguments].concat(), "");
    assert_eq!(without.code, 0, "{}", without.out);
    assert!(!without.errors.contains("int32"), "{}", without.errors);
}

#[cfg(unix)]
#[test]
fn a_schema_has_to_be_a_file() {
    let folder = folder_with(&[("payload.json", "{}")]);
    let payload = path_in(&folder, "payload.json");
    for path in ["/dev/zero", &folder.path().display().to_string()] {
        let outcome = check(&["--no-config", "--schema", path, &payload], "");
        assert_eq!(outcome.code, 2);
        assert!(outcome.errors.contains("not a file"), "{}", outcome.errors);
    }
}

#[test]
fn what_another_document_requires_has_no_example_from_the_schema() {
    let schema = r#"{
        "properties": { "item": { "$ref": "urn:item" }, "amount": { "examples": ["of the schema"] } }
    }"#;
    let folder = folder_with(&[
        ("schema.json", schema),
        ("item.json", r#"{ "required": ["amount"] }"#),
        ("payload.json", r#"{"item":{}}"#),
    ]);
    let file = |name: &str| path_in(&folder, name);
    let (schema, payload) = (file("schema.json"), file("payload.json"));
    let reference = format!("urn:item={}", file("item.json"));
    let outcome = check(
        &["--schema", &schema, "--schema-ref", &reference, &payload],
        "",
    );
    assert!(
        outcome.out.contains("help: add `amount`\n"),
        "{}",
        outcome.out
    );
    assert!(!outcome.out.contains("of the schema"), "{}", outcome.out);
}
