//! JSON Schemas: the embedded ones, those a user brings, and their verdicts in our own words.

mod explain;
mod instance;
mod outline;
mod quick;

use std::fmt;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::finding::Finding;
use crate::json::Node;
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

/// A JSON Schema document that is part of the program: its text, and its definitions, each compiled when it is first
/// asked for.
pub struct EmbeddedSchema {
    text: &'static str,
    definitions: OnceLock<Vec<Definition>>,
}

struct Definition {
    name: String,
    schema: OnceLock<Schema>,
}

impl EmbeddedSchema {
    /// A document with definitions under `$defs`.
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            definitions: OnceLock::new(),
        }
    }

    /// The text of the document.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// The compiled definition of this name under `$defs`, if there is one.
    pub fn definition(&self, name: &str) -> Option<&Schema> {
        let definitions = self
            .definitions
            .get_or_init(|| names_of_definitions(self.text));
        let definition = definitions
            .iter()
            .find(|definition| definition.name == name)?;
        let compile = || compile_definition(self.text, name);
        Some(definition.schema.get_or_init(compile))
    }

    /// Compiles every definition completely, for callers to whom the first finding must not take longer than the next.
    pub fn compile_all(&self) {
        let definitions = self
            .definitions
            .get_or_init(|| names_of_definitions(self.text));
        for definition in definitions {
            let schema = definition
                .schema
                .get_or_init(|| compile_definition(self.text, &definition.name));
            schema.validator();
        }
    }
}

fn names_of_definitions(text: &str) -> Vec<Definition> {
    let whole: Value = serde_json::from_str(text).expect("an embedded schema is JSON");
    let definitions = whole["$defs"].as_object().into_iter().flatten();
    definitions
        .map(|(name, _)| Definition {
            name: name.clone(),
            schema: OnceLock::new(),
        })
        .collect()
}

/// One definition without its references: a validator takes longer to follow one than to validate what it refers to.
fn compile_definition(text: &str, name: &str) -> Schema {
    let whole: Value = serde_json::from_str(text).expect("an embedded schema is JSON");
    let mut source = inlined(&whole["$defs"][name], &whole);
    for keyword in ["$schema", "$id"] {
        if let Some(value) = whole.get(keyword) {
            source[keyword] = value.clone();
        }
    }
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
