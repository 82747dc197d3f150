//! Generated values: at random, or likely to be valid for a schema.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use serde_json::{Map, Value, json};

/// Property names: some that payloads use, and some that the parser does not know.
const NAMES: [&str; 9] = [
    "type", "id", "name", "value", "status", "other", "", "é", "\u{FFFD}",
];

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

pub(super) fn any_value() -> BoxedStrategy<Value> {
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

pub(super) fn any_name() -> BoxedStrategy<String> {
    select(NAMES.map(str::to_owned).to_vec()).boxed()
}

/// Values that `schema` is likely to accept, and some that it is not.
pub(super) fn value_for(schema: &Value) -> BoxedStrategy<Value> {
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

/// The types that a schema requires, or those to which its other keywords apply.
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
        ("maximum", "number"),
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
