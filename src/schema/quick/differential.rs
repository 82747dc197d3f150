//! Holds the invariant of the fast path against the full validator: what the fast path accepts is
//! valid. The schemas and the values are generated, and the values are written in many spellings.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jsonschema::json::Node as _;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::Union;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::finding::Finding;
use crate::json::{Node, Tape, parse};
use crate::kinds::{FOREIGN, KINDS};
use crate::names::VOCABULARY;
use crate::payload::{Declared, Detector};
use crate::schema::{Schema, inlined};

/// The cases of each property test in a normal run. Each is a schema with a value or two.
const CASES: u32 = 4000;

/// Property names: some that payloads use, and some that the parser does not know.
const NAMES: [&str; 9] = [
    "type", "id", "name", "value", "status", "other", "", "é", "\u{FFFD}",
];

/// Whether the fast path accepts the first value of a text, and whether the value is valid.
fn verdicts(schema: &Schema, text: &str) -> Option<(bool, bool)> {
    let (parsed, _) = parse(text, &VOCABULARY, Tape::default());
    let root = parsed.roots().next()?;
    Some((
        schema.quick.accepts(root),
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

// Values.

fn any_leaf() -> BoxedStrategy<Value> {
    select(vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(2),
        json!(1.5),
        json!(1.0),
        json!(u64::MAX),
        json!(9_007_199_254_740_993_u64),
        json!(""),
        json!("x"),
        json!("y"),
        json!("é"),
        json!("\u{FFFD}"),
        json!("abcdefgh"),
        json!("abcdefghi"),
        json!("mpn"),
        json!("value"),
        json!("2024-01-01"),
    ])
    .boxed()
}

fn any_value() -> BoxedStrategy<Value> {
    any_leaf()
        .prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec((any_name(), inner), 0..4)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
        .boxed()
}

fn any_name() -> BoxedStrategy<String> {
    select(NAMES.map(str::to_owned).to_vec()).boxed()
}

/// Values that `schema` is likely to accept, and some that it is not.
fn value_for(schema: &Value) -> BoxedStrategy<Value> {
    let Value::Object(keywords) = schema else {
        return any_value();
    };
    let mut choices = vec![(1, any_value())];
    if let Some(options) = keywords.get("enum").and_then(Value::as_array)
        && !options.is_empty()
    {
        choices.push((8, select(options.clone()).boxed()));
    }
    if let Some(constant) = keywords.get("const") {
        choices.push((8, Just(constant.clone()).boxed()));
    }
    choices.extend(
        types_of(keywords)
            .into_iter()
            .map(|kind| (4, typed_value(&kind, keywords))),
    );
    for branch in ["if", "then", "else"] {
        if let Some(Value::Object(branch)) = keywords.get(branch) {
            choices.push((2, value_for(&merged(keywords, branch))));
        }
    }
    Union::new_weighted(choices).boxed()
}

/// The types that a schema asks for, or those that its other keywords are about.
fn types_of(keywords: &Map<String, Value>) -> Vec<String> {
    let named = match keywords.get("type") {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    };
    if !named.is_empty() {
        return named;
    }
    [
        ("properties", "object"),
        ("required", "object"),
        ("items", "array"),
        ("minItems", "array"),
        ("minLength", "string"),
        ("pattern", "string"),
        ("minimum", "number"),
        ("exclusiveMinimum", "number"),
    ]
    .into_iter()
    .filter(|(keyword, _)| keywords.contains_key(*keyword))
    .map(|(_, kind)| kind.to_owned())
    .collect()
}

/// The keywords of a schema without its condition, with those of one branch.
fn merged(keywords: &Map<String, Value>, branch: &Map<String, Value>) -> Value {
    let mut merged = keywords.clone();
    for name in ["if", "then", "else"] {
        merged.remove(name);
    }
    for (keyword, value) in branch {
        match (merged.get_mut(keyword), value) {
            (Some(Value::Object(known)), Value::Object(more)) => {
                known.extend(
                    more.iter()
                        .map(|(name, value)| (name.clone(), value.clone())),
                );
            }
            (Some(Value::Array(known)), Value::Array(more)) => known.extend(more.iter().cloned()),
            _ => {
                merged.insert(keyword.clone(), value.clone());
            }
        }
    }
    Value::Object(merged)
}

fn typed_value(kind: &str, keywords: &Map<String, Value>) -> BoxedStrategy<Value> {
    match kind {
        "null" => Just(Value::Null).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => select(vec![json!(0), json!(1), json!(2), json!(-3), json!(1.0)]).boxed(),
        "number" => select(vec![json!(0), json!(1), json!(1.5), json!(-1), json!(7)]).boxed(),
        "string" => select(
            ["", "x", "y", "abc", "ABC", "b1", "é", "\u{1F600}", "value"]
                .map(Value::from)
                .to_vec(),
        )
        .boxed(),
        "array" => {
            let items = keywords.get("items").map_or_else(any_value, value_for);
            let least = keywords.get("minItems").and_then(Value::as_u64);
            let least = least.unwrap_or(0).min(3) as usize;
            prop::collection::vec(items, least..least + 2)
                .prop_map(Value::from)
                .boxed()
        }
        _ => object_for(keywords),
    }
}

fn object_for(keywords: &Map<String, Value>) -> BoxedStrategy<Value> {
    let required: Vec<&str> = keywords
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = keywords.get("properties").and_then(Value::as_object);
    let mut members: Vec<BoxedStrategy<Option<(String, Value)>>> = Vec::new();
    let mut add = |name: &str, values: BoxedStrategy<Value>, probability: f64| {
        let name = name.to_owned();
        let member = values.prop_map(move |value| (name.clone(), value));
        members.push(prop::option::weighted(probability, member).boxed());
    };
    for (name, schema) in properties.into_iter().flatten() {
        let is_required = required.contains(&name.as_str());
        add(
            name,
            value_for(schema),
            if is_required { 0.95 } else { 0.6 },
        );
    }
    for name in &required {
        if !properties.is_some_and(|properties| properties.contains_key(*name)) {
            add(name, any_value(), 0.9);
        }
    }
    let more = prop::option::weighted(0.2, (any_name(), any_value()));
    (members, more)
        .prop_map(|(members, more)| members.into_iter().flatten().chain(more).collect())
        .boxed()
}

// Schemas.

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

fn any_schema() -> BoxedStrategy<Value> {
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

// Texts.

/// Decides how a value is written; from zero, it is written plainly.
struct Style(u64);

impl Style {
    fn roll(&mut self, sides: u64) -> u64 {
        if self.0 == 0 {
            return 0;
        }
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A text of `value`: with other spellings of numbers and strings, duplicate properties, and now and
/// then a syntax error.
fn text_of(value: &Value, style: u64) -> String {
    let mut style = Style(style);
    let mut text = String::new();
    write_value(value, &mut style, &mut text);
    match style.roll(24) {
        1 => {
            let characters: Vec<char> = text.chars().collect();
            let removed = style.roll(characters.len() as u64) as usize;
            let rest = characters.iter().enumerate();
            let rest = rest.filter(|(index, _)| *index != removed);
            rest.map(|(_, character)| character).collect()
        }
        2 => {
            let kept = style.roll(text.chars().count() as u64 + 1) as usize;
            text.chars().take(kept).collect()
        }
        3 => text.replace('"', "'"),
        4 => text.trim_end_matches(['"', '}', ']']).to_owned() + "\\",
        _ => text,
    }
}

fn write_value(value: &Value, style: &mut Style, text: &mut String) {
    match value {
        Value::Number(number) => text.push_str(&spelled(&number.to_string(), style)),
        Value::String(string) => write_string(string, style, text),
        Value::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write_value(element, style, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                let repeated = style.roll(24);
                if repeated == 1 {
                    write_string(name, style, text);
                    text.push_str(":null,");
                }
                write_string(name, style, text);
                text.push(':');
                write_value(value, style, text);
                if repeated == 2 {
                    text.push(',');
                    write_string(name, style, text);
                    text.push_str(":\"x\"");
                }
            }
            text.push('}');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

fn spelled(number: &str, style: &mut Style) -> String {
    let is_whole = number.bytes().all(|byte| byte.is_ascii_digit());
    match style.roll(16) {
        1 if is_whole => format!("{number}.0"),
        2 if is_whole => format!("{number}.00000000000000000001"),
        3 if is_whole => format!("{number}0e-1"),
        4 if is_whole => format!("{number}e-400"),
        5 if is_whole => format!("{number}e400"),
        6 if is_whole => format!("0.{}{number}", "9".repeat(30)),
        7 if is_whole => format!("-{number}"),
        8 if is_whole => format!("+{number}"),
        9 if is_whole => format!("0{number}"),
        _ => number.to_owned(),
    }
}

fn write_string(string: &str, style: &mut Style, text: &mut String) {
    match style.roll(12) {
        1 => {
            text.push('"');
            for unit in string.encode_utf16() {
                text.push_str(&format!("\\u{unit:04x}"));
            }
            text.push('"');
        }
        2 if string == "\u{FFFD}" => text.push_str("\"\\ud800\""),
        3 if string == "\u{FFFD}" => text.push_str("\"\\udbff\""),
        _ => text.push_str(&Value::from(string).to_string()),
    }
}

// Generated schemas.

/// Runs a property for many values, and makes sure that it was about something: that at least one of
/// `share` cases was accepted by the fast path.
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
    let Some((fast, full)) = verdicts(schema, text) else {
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
            let (_, full) = verdicts(&schema, &text).expect("a value");
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

// Embedded schemas.

struct Definition {
    name: String,
    schema: Schema,
    /// Values that are valid.
    seeds: Vec<Value>,
    /// The names that its properties have.
    names: Vec<String>,
}

/// Every schema of the project and each of its definitions, with the values of fixtures and examples
/// that they accept.
static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let sources = [
        include_str!("../../../schemas/certificate.schema.json"),
        include_str!("../../../schemas/config.schema.json"),
        include_str!("../../../schemas/findings.schema.json"),
        include_str!("../../../schemas/order.schema.json"),
        include_str!("../../../schemas/qualification.schema.json"),
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
            .filter(|value| matches!(verdicts(&schema, &value.to_string()), Some((_, true))))
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
fn fixtures(folder: &str) -> Vec<(String, String)> {
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

#[derive(Clone, Debug)]
enum Change {
    Remove(Index),
    Replace(Index, Value),
    Insert(Index, Index, Value),
}

fn any_change() -> impl Strategy<Value = Change> {
    let index = any::<Index>();
    prop_oneof![
        index.prop_map(Change::Remove),
        (any::<Index>(), any_value()).prop_map(|(at, value)| Change::Replace(at, value)),
        (any::<Index>(), any::<Index>(), any_value())
            .prop_map(|(at, name, value)| Change::Insert(at, name, value)),
    ]
}

/// The JSON Pointers of everything in a value.
fn pointers_in(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    pointers.push(pointer.to_owned());
    match value {
        Value::Array(elements) => elements.iter().enumerate().for_each(|(index, value)| {
            pointers_in(value, &format!("{pointer}/{index}"), pointers);
        }),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            pointers_in(value, &format!("{pointer}/{name}"), pointers);
        }),
        _ => {}
    }
}

fn apply(change: &Change, names: &[String], value: &mut Value) {
    let mut pointers = Vec::new();
    pointers_in(value, "", &mut pointers);
    let (Change::Remove(at) | Change::Replace(at, _) | Change::Insert(at, ..)) = change;
    let pointer = at.get(&pointers);
    match change {
        Change::Replace(_, new) => *value.pointer_mut(pointer).expect("a pointer") = new.clone(),
        Change::Remove(_) => {
            let Some((parent, last)) = pointer.rsplit_once('/') else {
                return;
            };
            match value.pointer_mut(parent) {
                Some(Value::Object(members)) => {
                    members.remove(&last.replace("~1", "/").replace("~0", "~"));
                }
                Some(Value::Array(elements)) => {
                    elements.remove(last.parse().expect("an index"));
                }
                _ => {}
            }
        }
        Change::Insert(_, name, new) => match value.pointer_mut(pointer) {
            Some(Value::Object(members)) if !names.is_empty() => {
                members.insert(name.get(names).clone(), new.clone());
            }
            Some(Value::Array(elements)) => elements.push(new.clone()),
            _ => {}
        },
    }
}

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
            !definition.schema.quick.accepts(node) || definition.schema.validator().is_valid(node),
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
            let is_decided = schema.quick.accepts(record.node);
            // Certificates have formats and keywords that the fast path does not compile.
            let is_decidable = kind.id() != "certificate"
                && !WITH_FORMATS.iter().any(|fixture| path.ends_with(fixture));
            assert_eq!(is_decided, is_decidable, "{path}, record {}", record.index);
            accepted += u32::from(is_decided);
        }
    }
    assert!(accepted > 50, "{accepted}");
}

/// [`inlined`] puts the keywords beside a reference and those that it refers to into one object.
#[test]
fn references_of_embedded_schemas_have_no_keywords_beside_them_that_meet_those_referred_to() {
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

// Spellings, each with each schema that may see it.

/// Checks a value's text against a schema: alone, and as the value of a property on which a condition
/// depends, so that a refusal must be as right as an acceptance.
fn check_spelling(source: &Value, text: &str) {
    let conditional = json!({
        "type": "object",
        "if": { "properties": { "id": source }, "required": ["id"] },
        "then": { "required": ["name"] },
        "else": { "required": ["other"] },
    });
    // Without its last bracket too: a string that the text cuts off would take it in.
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

// Faults that were found once.

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
            verdicts(&schema, text),
            Some((false, false)),
            "{source} {text}"
        );
    }
}

#[test]
fn leaves_older_drafts_to_the_validator() {
    let source = json!({ "$schema": "http://json-schema.org/draft-04/schema#", "type": "integer" });
    let schema = Schema::compile(source.clone()).expect("a schema");
    assert_eq!(verdicts(&schema, "1.0"), Some((false, false)));
    let schema = Schema::compile(json!({ "items": source })).expect("a schema");
    assert_eq!(verdicts(&schema, "[1]"), Some((false, true)));
}
