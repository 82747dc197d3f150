//! JSON Schemas: the embedded ones, those a user brings, and their verdicts in our own words.

mod explain;
mod instance;
mod quick;

use std::fmt;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::finding::Finding;
use crate::json::Node;
use crate::payload::{Form, PayloadKind};
use instance::TapeJson;
use quick::Quick;

/// One compiled schema. Compiled once a run: it is dear to make and cheap to use.
pub struct Schema {
    quick: Quick,
    source: Value,
    validator: Validator<TapeJson>,
}

/// Why a text is no schema that can be used.
#[derive(Debug)]
pub struct SchemaError(String);

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemaError {}

impl Schema {
    /// Compiles a schema. Formats are judged, and one that is not known is an error; nothing is
    /// fetched, so a reference out of the schema is one too.
    pub fn compile(source: Value) -> Result<Self, SchemaError> {
        let validator = jsonschema::options_for::<TapeJson>()
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .build(&source)
            .map_err(|error| {
                let place = error.instance_path().as_str().to_owned();
                let place = if place.is_empty() {
                    String::new()
                } else {
                    format!(" at {place}")
                };
                SchemaError(format!("{error}{place}"))
            })?;
        let quick = Quick::compile(&source);
        Ok(Self {
            quick,
            source,
            validator,
        })
    }

    /// Reads and compiles a schema's text.
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        let source = serde_json::from_str(text).map_err(|error| SchemaError(error.to_string()))?;
        Self::compile(source)
    }

    /// Adds what the schema has against the value at `node`.
    pub fn check(&self, node: Node<'_>, findings: &mut Vec<Finding>) {
        if !self.quick.accepts(node) && !self.validator.is_valid(node) {
            let errors: Vec<_> = self.validator.iter_errors(node).collect();
            explain::explain(&self.source, node, &errors, findings);
        }
    }
}

/// The text of the schema of a kind; `None` while there is none.
pub fn text(kind: PayloadKind) -> Option<&'static str> {
    match kind {
        PayloadKind::Order => Some(include_str!("../schemas/order.schema.json")),
        PayloadKind::Certificate | PayloadKind::Qualification => None,
    }
}

/// The compiled schema of a kind in one form; `None` while there is none.
pub fn embedded(kind: PayloadKind, form: Form) -> Option<&'static Schema> {
    static ORDER_REQUEST: LazyLock<Schema> =
        LazyLock::new(|| compile_form(PayloadKind::Order, Form::Request));
    static ORDER_RESPONSE: LazyLock<Schema> =
        LazyLock::new(|| compile_form(PayloadKind::Order, Form::Response));
    match (kind, form) {
        (PayloadKind::Order, Form::Request) => Some(&ORDER_REQUEST),
        (PayloadKind::Order, Form::Response) => Some(&ORDER_RESPONSE),
        _ => None,
    }
}

/// The schema of a kind without its choice of form, which the engine has made already, and without
/// references: a validator takes longer to follow one than to judge what stands behind it.
fn compile_form(kind: PayloadKind, form: Form) -> Schema {
    let whole: Value =
        serde_json::from_str(text(kind).unwrap_or("{}")).expect("an embedded schema is JSON");
    let mut source = inlined(&whole["$defs"][form.as_str()], &whole);
    source["$schema"] = whole["$schema"].clone();
    source["$id"] = whole["$id"].clone();
    Schema::compile(source).expect("an embedded schema is a schema")
}

/// `schema` with what it refers to in the place of each reference. Our schemas refer to no schema
/// that holds themselves.
fn inlined(schema: &Value, whole: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(|item| inlined(item, whole)).collect(),
        Value::Object(members) => {
            let target = members
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|target| whole.pointer(&target[1..]));
            let mut result = match target {
                Some(target) => inlined(target, whole),
                None => json!({}),
            };
            for (name, value) in members.iter().filter(|(name, _)| *name != "$ref") {
                result[name] = inlined(value, whole);
            }
            result
        }
        other => other.clone(),
    }
}
