//! JSON Schemas: the embedded ones, those a user brings, and their verdicts in our own words.

mod explain;
mod instance;
mod outline;
mod quick;

use std::fmt;
use std::sync::{LazyLock, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::finding::Finding;
use crate::json::Node;
use crate::payload::PayloadKind::{self, Certificate, Order, Qualification};
pub use outline::{Outline, Slot};

use instance::TapeJson;
use quick::Quick;

/// One compiled schema. Compiled once a run: it is dear to make and cheap to use.
pub struct Schema {
    quick: Quick,
    source: Value,
    /// Made when a value is first met that is not accepted at once: most runs over a file or two meet
    /// none.
    validator: OnceLock<Validator<TapeJson>>,
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
        let validator = validator_of(&source)?;
        let schema = Self::of_sound(source);
        let _ = schema.validator.set(validator);
        Ok(schema)
    }

    /// A schema that is known to be one.
    fn of_sound(source: Value) -> Self {
        Self {
            quick: Quick::compile(&source),
            source,
            validator: OnceLock::new(),
        }
    }

    /// Reads and compiles a schema's text.
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        let source = serde_json::from_str(text).map_err(|error| SchemaError(error.to_string()))?;
        Self::compile(source)
    }

    /// Adds what the schema has against the value at `node`.
    pub fn check(&self, node: Node<'_>, findings: &mut Vec<Finding>) {
        if !self.quick.accepts(node) && !self.validator().is_valid(node) {
            let errors: Vec<_> = self.validator().iter_errors(node).collect();
            explain::explain(&self.source, node, &errors, findings);
        }
    }

    fn validator(&self) -> &Validator<TapeJson> {
        let make = || validator_of(&self.source).expect("a schema that was known to be one");
        self.validator.get_or_init(make)
    }
}

fn validator_of(source: &Value) -> Result<Validator<TapeJson>, SchemaError> {
    let options = jsonschema::options_for::<TapeJson>()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false);
    options.build(source).map_err(|error| {
        let place = error.instance_path().as_str().to_owned();
        let place = if place.is_empty() {
            String::new()
        } else {
            format!(" at {place}")
        };
        SchemaError(format!("{error}{place}"))
    })
}

/// The text of the schema of a kind.
pub fn text(kind: PayloadKind) -> &'static str {
    match kind {
        Certificate => include_str!("../schemas/certificate.schema.json"),
        Qualification => include_str!("../schemas/qualification.schema.json"),
        Order => include_str!("../schemas/order.schema.json"),
    }
}

/// One description of a kind's schema, compiled when it is first asked for.
struct Embedded {
    kind: PayloadKind,
    /// Its name under `$defs`.
    definition: &'static str,
    schema: LazyLock<Schema>,
}

impl Embedded {
    const fn new(kind: PayloadKind, definition: &'static str, compile: fn() -> Schema) -> Self {
        Self {
            kind,
            definition,
            schema: LazyLock::new(compile),
        }
    }
}

static EMBEDDED: [Embedded; 11] = [
    Embedded::new(Order, "request", || describe(Order, "request")),
    Embedded::new(Order, "response", || describe(Order, "response")),
    Embedded::new(Order, "pagination", || describe(Order, "pagination")),
    Embedded::new(Certificate, "request", || describe(Certificate, "request")),
    Embedded::new(Certificate, "record", || describe(Certificate, "record")),
    Embedded::new(Certificate, "projection", || {
        describe(Certificate, "projection")
    }),
    Embedded::new(Certificate, "listMeta", || {
        describe(Certificate, "listMeta")
    }),
    Embedded::new(Qualification, "envelope", || {
        describe(Qualification, "envelope")
    }),
    Embedded::new(Qualification, "request", || {
        describe(Qualification, "request")
    }),
    Embedded::new(Qualification, "response", || {
        describe(Qualification, "response")
    }),
    Embedded::new(Qualification, "either", || {
        describe(Qualification, "either")
    }),
];

/// The compiled description of a kind under one name, see [`crate::payload::Record::definition`].
pub fn embedded(kind: PayloadKind, definition: &str) -> Option<&'static Schema> {
    EMBEDDED
        .iter()
        .find(|embedded| embedded.kind == kind && embedded.definition == definition)
        .map(|embedded| &*embedded.schema)
}

/// Makes what is otherwise made when a payload first has a fault, for whom that moment counts.
pub fn prepare() {
    for embedded in &EMBEDDED {
        embedded.schema.validator();
    }
}

/// One description without its references: a validator takes longer to follow one than to judge what
/// stands behind it.
fn describe(kind: PayloadKind, definition: &str) -> Schema {
    let whole: Value = serde_json::from_str(text(kind)).expect("an embedded schema is JSON");
    let mut source = inlined(&whole["$defs"][definition], &whole);
    source["$schema"] = whole["$schema"].clone();
    source["$id"] = whole["$id"].clone();
    Schema::of_sound(source)
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
