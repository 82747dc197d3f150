//! Generated schemas, of all drafts.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::values::{any_name, any_value};

const DRAFTS: [&str; 8] = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2020-12/schema#",
    "http://json-schema.org/draft-07/schema",
    "https://json-schema.org/schema",
];

type Keyword = BoxedStrategy<(&'static str, Value)>;

fn keyword(name: &'static str, values: impl Strategy<Value = Value> + 'static) -> Keyword {
    values.prop_map(move |value| (name, value)).boxed()
}

fn some_names() -> BoxedStrategy<Value> {
    prop::collection::btree_set(any_name(), 0..3)
        .prop_map(|names| names.into_iter().collect())
        .boxed()
}

fn some_properties(inner: &BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    prop::collection::vec((any_name(), inner.clone()), 0..4)
        .prop_map(|properties| properties.into_iter().collect())
        .boxed()
}

fn any_type() -> BoxedStrategy<Value> {
    let names = [
        "object", "array", "string", "number", "integer", "boolean", "null",
    ];
    prop_oneof![
        3 => Just(json!("object")),
        2 => Just(json!("integer")),
        4 => select(names.map(Value::from).to_vec()),
        2 => prop::collection::btree_set(select(names.to_vec()), 1..4)
            .prop_map(|names| names.into_iter().collect()),
    ]
    .boxed()
}

fn any_pattern() -> BoxedStrategy<Value> {
    let patterns = [
        "^a",
        "^[Aa]b",
        "^x|^[bB]1",
        "^",
        "",
        "a",
        "^a|b",
        "^a$",
        "^[ab]",
        "^a+",
        "^é",
        "^[Aa]",
        "^.",
        "|^a",
        "^abc",
        "^x|y$",
    ];
    select(patterns.map(Value::from).to_vec()).boxed()
}

/// The keywords that the fast path compiles, in forms that it knows and in some that it does not.
fn compiled_keyword(inner: &BoxedStrategy<Value>) -> Keyword {
    let strings = || {
        let strings = ["x", "y", "", "é", "abcdefgh", "value"];
        select(strings.map(Value::from).to_vec()).boxed()
    };
    let limit = || {
        let limits = [
            json!(0),
            json!(1),
            json!(2),
            json!(-1),
            json!(1.0),
            json!(0.5),
            json!(true),
            json!(9_007_199_254_740_993_u64),
            json!(u64::MAX),
        ];
        select(limits.to_vec())
    };
    let options = prop_oneof![
        4 => prop::collection::vec(strings(), 0..4),
        1 => prop::collection::vec(any_value(), 0..3),
    ];
    prop_oneof![
        6 => keyword("type", any_type()),
        8 => keyword("properties", some_properties(inner)),
        4 => keyword("required", some_names()),
        2 => keyword("additionalProperties", select(vec![json!(false), json!(true)])),
        4 => keyword("items", inner.clone()),
        1 => keyword("minItems", select(vec![json!(0), json!(1), json!(2), json!(1.0)])),
        2 => keyword("minLength", select(vec![json!(0), json!(1), json!(2), json!(1.0)])),
        3 => keyword("enum", options.prop_map(Value::from)),
        3 => keyword("const", prop_oneof![4 => strings(), 1 => any_value()]),
        1 => keyword("minimum", limit()),
        1 => keyword("maximum", limit()),
        1 => keyword("exclusiveMinimum", limit()),
        2 => keyword("pattern", any_pattern()),
        4 => keyword("if", inner.clone()),
        3 => keyword("then", inner.clone()),
        3 => keyword("else", inner.clone()),
        1 => annotation(),
    ]
    .boxed()
}

fn annotation() -> Keyword {
    let named = |name| keyword(name, Just(json!("x")));
    prop_oneof![
        named("title"),
        named("description"),
        named("$comment"),
        named("default"),
        keyword("examples", Just(json!(["x"]))),
        keyword("$schema", select(DRAFTS.map(Value::from).to_vec())),
        keyword("$id", Just(json!("https://example.com/inner"))),
    ]
    .boxed()
}

/// Keywords that the fast path does not compile.
fn other_keyword(inner: &BoxedStrategy<Value>) -> Keyword {
    let several = || prop::collection::vec(inner.clone(), 1..3).prop_map(Value::from);
    let count = || select(vec![json!(0), json!(1), json!(2)]);
    prop_oneof![
        keyword("allOf", several()),
        keyword("anyOf", several()),
        keyword("oneOf", several()),
        keyword("not", inner.clone()),
        keyword("prefixItems", several()),
        keyword("items", several()),
        keyword("additionalItems", inner.clone()),
        keyword("unevaluatedItems", inner.clone()),
        keyword("contains", inner.clone()),
        keyword("minContains", count()),
        keyword("maxItems", count()),
        keyword("uniqueItems", any::<bool>().prop_map(Value::from)),
        keyword("additionalProperties", inner.clone()),
        keyword("unevaluatedProperties", inner.clone()),
        keyword("propertyNames", inner.clone()),
        keyword("minProperties", count()),
        keyword("maxProperties", count()),
        keyword(
            "patternProperties",
            inner.clone().prop_map(|inner| json!({ "^[a-z]": inner }))
        ),
        keyword(
            "dependentRequired",
            some_names().prop_map(|names| json!({ "type": names }))
        ),
        keyword("dependentSchemas", some_properties(inner)),
        keyword("dependencies", some_properties(inner)),
        keyword("maxLength", count()),
        keyword("maximum", select(vec![json!(0), json!(1.5)])),
        keyword("exclusiveMaximum", select(vec![json!(1), json!(true)])),
        keyword("multipleOf", select(vec![json!(2), json!(0.5)])),
        keyword(
            "format",
            select(vec![json!("date"), json!("email"), json!("uuid")])
        ),
        keyword("contentEncoding", Just(json!("base64"))),
        keyword(
            "$ref",
            select(vec![json!("#/definitions/a"), json!("#/$defs/a")])
        ),
        keyword("nothingKnown", inner.clone()),
    ]
    .boxed()
}

pub(super) fn any_schema() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        1 => Just(json!(true)),
        1 => Just(json!(false)),
        2 => Just(json!({})),
        4 => any_type().prop_map(|kind| json!({ "type": kind })),
        2 => Just(json!({ "type": "string", "minLength": 1 })),
        2 => Just(json!({ "const": "x" })),
        2 => Just(json!({ "enum": ["x", "y"] })),
    ];
    let inner = leaf.prop_recursive(3, 32, 5, |inner| {
        let keyword = prop_oneof![
            24 => compiled_keyword(&inner),
            1 => other_keyword(&inner),
        ];
        let any = prop::collection::vec(keyword, 1..6)
            .prop_map(|keywords| keywords.into_iter().collect());
        prop_oneof![3 => any, 1 => conditional(&inner)]
    });
    let draft = prop_oneof![3 => select(DRAFTS.to_vec()), 1 => Just(DRAFTS[0])];
    let draft = prop::option::weighted(0.6, draft);
    (draft, inner, any_leaf_schema())
        .prop_map(|(draft, mut schema, definition)| {
            if let Value::Object(keywords) = &mut schema {
                if let Some(draft) = draft {
                    keywords.insert("$schema".into(), draft.into());
                }
                if has_reference(&Value::Object(keywords.clone())) {
                    let definitions = json!({ "a": definition });
                    keywords.insert("definitions".into(), definitions.clone());
                    keywords.insert("$defs".into(), definitions);
                }
            }
            schema
        })
        .boxed()
}

/// An object with a condition on one property, which makes another one required.
fn conditional(inner: &BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let keyword = prop_oneof![8 => compiled_keyword(inner), 1 => other_keyword(inner)];
    let tested = prop::collection::vec(keyword, 1..3);
    let tested = tested.prop_map(|keywords| keywords.into_iter().collect::<Value>());
    (tested, any_name(), any_name(), any::<bool>())
        .prop_map(|(tested, name, required, is_negative)| {
            let branch = if is_negative { "else" } else { "then" };
            json!({
                "type": "object",
                "if": { "properties": { name.clone(): tested }, "required": [name] },
                branch: { "required": [required] },
            })
        })
        .boxed()
}

fn any_leaf_schema() -> BoxedStrategy<Value> {
    any_type().prop_map(|kind| json!({ "type": kind })).boxed()
}

fn has_reference(schema: &Value) -> bool {
    schema.to_string().contains("\"$ref\"")
}
