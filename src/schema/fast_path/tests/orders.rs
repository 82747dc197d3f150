//! Tests of the fast path on orders and on schemas that are written out.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::json::{Tape, parse};
use crate::kinds::order::ORDER;
use crate::names::VOCABULARY;
use crate::payload::Form;

/// Whether the fast path and the full validator accept a payload.
fn validate_both(schema: &crate::schema::Schema, text: &str) -> (bool, bool) {
    let (parsed, _) = parse(text, &VOCABULARY, Tape::default());
    let root = parsed.roots().next().expect("a value");
    (
        schema.fast_path.accepts(root),
        schema.validator().is_valid(root),
    )
}

fn order(form: Form) -> &'static crate::schema::Schema {
    ORDER
        .definition(form.as_str())
        .expect("orders have a schema")
}

fn line() -> Value {
    json!({
        "mpn": "CFQ7TTC0LCHC:0002", "quantity": 2, "billingPeriod": { "type": "month", "duration": 1 },
        "parameters": [{ "name": "mca_acceptance", "value": "yes" }, { "name": "x", "structured_value": {} }]
    })
}

fn sales_order() -> Value {
    json!({ "customerId": "1", "type": "sales", "products": [line()] })
}

#[test]
fn accepts_a_typical_order() {
    assert_eq!(
        validate_both(order(Form::Request), &sales_order().to_string()),
        (true, true)
    );
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(1.5),
        json!(2.0),
        json!(""),
        json!("sales"),
        json!("SALES"),
        json!("change"),
        json!("month"),
        json!("dG7gmGF1"),
        json!("CFQ7"),
        json!("2024-01-01"),
        json!([]),
        json!({}),
        json!("completed"),
    ]);
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((any_name(), inner), 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn any_name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "customerId",
        "type",
        "products",
        "mpn",
        "id",
        "quantity",
        "billingPeriod",
        "parameters",
        "name",
        "key",
        "value",
        "structured_value",
        "duration",
        "status",
        "startDate",
        "subscriptionPeriod",
        "activationParameters",
        "unknown",
        "poNumber",
        "creditCheck",
    ])
    .prop_map(str::to_owned)
}

/// An order with a few properties inserted, replaced or removed.
fn any_order() -> impl Strategy<Value = Value> {
    let pointers = [
        "",
        "/products/0",
        "/products/0/billingPeriod",
        "/products/0/parameters/0",
    ];
    let change = (
        prop::sample::select(pointers.to_vec()),
        any_name(),
        prop::option::of(any_value()),
    );
    prop::collection::vec(change, 0..4).prop_map(|changes| {
        let mut order = sales_order();
        for (pointer, name, value) in changes {
            let Some(Value::Object(members)) = order.pointer_mut(pointer) else {
                continue;
            };
            match value {
                Some(value) => members.insert(name, value),
                None => members.remove(&name),
            };
        }
        order
    })
}

#[test]
fn accepts_pairs_unseen_only_where_every_pair_is_valid() {
    let list = |entry: Value| {
        let source = json!({ "items": entry });
        crate::schema::Schema::compile(source).expect("a schema")
    };
    let pair = |value: &str| format!(r#"[{{"name":"effective_city","value":"{value}"}}]"#);
    let open = json!({ "type": "object", "required": ["name"] });
    assert_eq!(validate_both(&list(open), &pair("a")), (true, true));
    for entry in [
        json!({ "type": "object", "properties": { "value": { "type": "string", "enum": ["a"] } } }),
        json!({ "type": "object", "properties": { "value": { "type": "number" } } }),
        json!({ "type": "object", "properties": { "name": {} }, "additionalProperties": false }),
        json!({ "type": "object", "required": ["name", "id"] }),
        json!({ "type": "object", "if": { "required": ["value"] }, "then": { "required": ["id"] } }),
        json!({ "type": "object", "if": { "properties": { "name": { "const": "effective_city" } } }, "then": { "required": ["id"] } }),
        json!({ "type": "string" }),
    ] {
        let (fast, full) = validate_both(&list(entry.clone()), &pair("b"));
        assert!(!fast && !full, "{entry}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn accepts_only_valid_orders(order_value in any_order(), is_request in any::<bool>()) {
        let form = if is_request { Form::Request } else { Form::Response };
        let (fast, full) = validate_both(order(form), &order_value.to_string());
        prop_assert!(!fast || full, "{order_value}");
        // Formats are the only keywords of the order schema that the fast path does not compile.
        let has_date = order_value.to_string().contains("Date\"");
        prop_assert!(fast || !full || has_date, "{order_value}");
    }

    #[test]
    fn accepts_only_values_that_satisfy_conditions_and_limits(value in any_value()) {
        for source in [
            json!({ "if": { "required": ["key"] }, "then": { "required": ["name"] }, "else": { "type": "object" } }),
            json!({ "type": ["integer", "null"], "minimum": 1 }),
            json!({ "type": "number", "exclusiveMinimum": 0 }),
            json!({ "enum": ["sales", "month"] }),
            json!({ "properties": { "type": { "const": "sales" } }, "required": ["type", "other"] }),
            json!({ "properties": { "type": true }, "required": ["id"], "additionalProperties": false }),
            json!({ "minItems": 1, "items": { "type": "string", "minLength": 1 } }),
            json!({ "pattern": "^[Dd]G7|^CFQ" }),
            json!({ "if": { "format": "date" }, "then": { "type": "string" } }),
            json!({ "oneOf": [true] }),
            json!({ "type": "object", "if": { "required": ["key"] }, "then": { "required": ["name"] }, "else": { "required": ["id"] } }),
            json!({ "type": "object", "additionalProperties": false, "properties": { "key": {}, "id": {} }, "if": { "required": ["key"] }, "then": { "required": ["name"] } }),
        ] {
            let schema = crate::schema::Schema::compile(source.clone()).expect("a schema");
            let (fast, full) = validate_both(&schema, &value.to_string());
            prop_assert!(!fast || full, "{value} against {source}");
        }
    }
}
