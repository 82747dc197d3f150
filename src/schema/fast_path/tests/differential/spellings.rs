//! Every spelling of a number, a string or a property name with each schema that depends on it.

use serde_json::{Map, Value, json};

use super::accepted;
use crate::schema::Schema;

/// Checks a value's text against a schema: alone, and as the value of a property on which a condition
/// depends, so that a refusal must be as correct as an acceptance.
fn check_spelling(source: &Value, text: &str) {
    let conditional = json!({
        "type": "object",
        "if": { "properties": { "id": source }, "required": ["id"] },
        "then": { "required": ["name"] },
        "else": { "required": ["other"] },
    });
    // Also without its last bracket, which would become a part of a string that is not closed.
    let cases = [
        (source, text.to_owned()),
        (&conditional, format!("{{\"name\":1,\"id\":{text}")),
        (&conditional, format!("{{\"other\":1,\"id\":{text}")),
        (&conditional, format!("{{\"name\":1,\"id\":{text}}}")),
        (&conditional, format!("{{\"other\":1,\"id\":{text}}}")),
    ];
    for (source, text) in cases {
        let schema = Schema::compile(source.clone()).expect("a schema");
        if let Err(failure) = accepted(&schema, &text) {
            panic!("{failure}");
        }
    }
}

#[test]
fn compares_numbers_in_every_spelling_as_the_validator_does() {
    for limit in [0, 1, 2, 1 << 53, (1 << 53) + 1, u64::MAX] {
        let near = [limit.saturating_sub(1), limit, limit.saturating_add(1)];
        let fractions = [
            "",
            ".0",
            ".5",
            ".00000000000000000001",
            "e0",
            "e1",
            "e400",
            "e-400",
            "0e-1",
        ];
        for (keyword, value) in [
            ("minimum", json!(limit)),
            ("maximum", json!(limit)),
            ("exclusiveMinimum", json!(limit)),
            ("type", json!("integer")),
            ("type", json!(["integer", "null"])),
        ] {
            for number in near {
                for fraction in fractions {
                    for sign in ["", "-", "+"] {
                        check_spelling(
                            &json!({ keyword: value }),
                            &format!("{sign}{number}{fraction}"),
                        );
                    }
                }
            }
            let nines = format!("{}.{}", limit.saturating_sub(1), "9".repeat(30));
            check_spelling(&json!({ keyword: value }), &nines);
        }
    }
}

#[test]
fn reads_strings_in_every_spelling_as_the_validator_does() {
    let texts = [
        r#""""#,
        r#""x""#,
        r#""\u0078""#,
        r#""\ud800""#,
        r#""\udbff""#,
        "\"\u{FFFD}\"",
        r#""\ud83d\ude00""#,
        "\"\u{1F600}\"",
        r#""\u0000""#,
        "\"\\",
        "\"\\\n\"",
        "\"",
        "\"x",
        "'x'",
        "''",
        "x",
        r#""abcdefgh""#,
        r#""abcdefghi""#,
        r#""\u0061bcdefgh""#,
        r#""Ab1""#,
        "\"\u{FEFF}\"",
    ];
    let strings = [
        "",
        "x",
        "\u{FFFD}",
        "\u{1F600}",
        "\0",
        "\n",
        "abcdefgh",
        "abcdefghi",
    ];
    let patterns = ["^", "^x", "^a", "^[aA]b1", "^abcdefgh", "^[xX]|^a"];
    let schemas = [
        json!({ "minLength": 1 }),
        json!({ "enum": strings }),
        json!({ "type": "string" }),
    ]
    .into_iter()
    .chain(strings.map(|string| json!({ "const": string })))
    .chain(patterns.map(|pattern| json!({ "pattern": pattern })));
    for schema in schemas {
        for text in texts {
            check_spelling(&schema, text);
        }
    }
}

#[test]
fn finds_properties_in_every_spelling_as_the_validator_does() {
    let objects = [
        r#"{"type":1}"#,
        r#"{"type":"x"}"#,
        r#"{"\u0074ype":1}"#,
        r#"{"type":"x","type":1}"#,
        r#"{"type":1,"\u0074ype":"x"}"#,
        r#"{"other":1,"other":"x"}"#,
        r#"{"other":"x","\u006fther":1}"#,
        r#"{"\ud800":1,"\ud801":"x"}"#,
        r#"{"\ud800":"x","\ud801":1}"#,
        r#"{"\ud800":"x"}"#,
        "{type:1}",
        "{'other':\"x\"}",
        r#"{"":1}"#,
        r#"{"Type":1}"#,
    ];
    for name in ["type", "other", "\u{FFFD}", ""] {
        for value in [
            json!({ "type": "string" }),
            json!({ "const": "x" }),
            json!(true),
            json!({ "pattern": "x" }),
        ] {
            for source in [
                json!({ "properties": { name: value } }),
                json!({ "properties": { name: value }, "additionalProperties": false }),
                json!({ "properties": { "id": value }, "required": [name] }),
                json!({ "type": "object", "additionalProperties": false, "required": [name] }),
                json!({ "type": "object", "if": { "properties": { name: value } }, "then": { "required": ["id"] } }),
                json!({ "type": "object", "if": { "properties": { name: value } }, "else": { "required": ["id"] } }),
            ] {
                for text in objects {
                    check_spelling(&source, text);
                }
            }
        }
    }
}

#[test]
fn counts_required_properties_up_to_any_number() {
    for count in [1, 63, 64, 65, 66, 300] {
        let names: Vec<String> = (0..count).map(|index| format!("p{index}")).collect();
        let last = json!([names[count - 1]]);
        let properties: Map<String, Value> = names
            .iter()
            .map(|name| (name.clone(), json!(true)))
            .collect();
        let all: Map<String, Value> = names.iter().map(|name| (name.clone(), json!(1))).collect();
        let mut some = all.clone();
        some.remove(&names[count - 1]);
        for source in [
            json!({ "properties": properties, "required": last }),
            json!({ "required": names }),
            json!({ "type": "object", "properties": properties, "if": { "required": last }, "then": { "required": ["x"] } }),
        ] {
            for value in [&all, &some] {
                check_spelling(&source, &Value::Object(value.clone()).to_string());
            }
        }
    }
}
