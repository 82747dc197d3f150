//! JSON Schemas: compiling those of the project and those of users, and validating values with them.

mod complexity;
mod explain;
mod fast_path;
mod introspect;
mod large_stack;
mod references;
mod tape_adapter;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::finding::Finding;
use crate::json::Node;
pub use introspect::{PropertyView, SchemaView};
pub use references::References;

use complexity::Complexity;
use fast_path::FastValidator;
use large_stack::with_large_stack;
use tape_adapter::TapeJson;

/// How a schema is compiled.
#[derive(Clone, Debug, Default)]
pub struct SchemaOptions {
    /// The other documents that the schema can refer to.
    pub references: References,
    /// Whether `format` is only an annotation, as JSON Schema 2020-12 has it for schemas that do not ask for more.
    pub ignores_formats: bool,
}

/// A schema, ready to validate values. Expensive to compile and cheap to use: compile once per run.
pub struct Schema {
    fast_path: FastValidator,
    complexity: Complexity,
    source: Value,
    ignores_formats: bool,
    /// Compiled when the fast path first refuses a value, which does not happen in most runs over a few
    /// files.
    validator: OnceLock<Validator<TapeJson>>,
}

/// The reason why a schema cannot be used.
#[derive(Debug)]
pub struct SchemaError(String);

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemaError {}

impl Schema {
    /// Compiles a schema that refers to no other document. Formats are validated; unknown ones are ignored, see
    /// [`Schema::unknown_formats`].
    ///
    /// # Errors
    ///
    /// The schema is not valid for its draft, or refers to another document: nothing is fetched. Or validating with it
    /// would never end, or take too much time.
    pub fn compile(source: Value) -> Result<Self, SchemaError> {
        Self::compile_with(source, &SchemaOptions::default())
    }

    /// Compiles a schema with these options.
    ///
    /// # Errors
    ///
    /// As [`Schema::compile`].
    pub fn compile_with(source: Value, options: &SchemaOptions) -> Result<Self, SchemaError> {
        let compile = || {
            let complexity = Complexity::of(&source, &options.references)?;
            Ok((complexity, compile_validator(&source, options)?))
        };
        let (complexity, validator) = with_large_stack(compile)?;
        let mut schema = Self::new_unchecked(source);
        schema.complexity = complexity;
        schema.ignores_formats = options.ignores_formats;
        let _ = schema.validator.set(validator);
        Ok(schema)
    }

    /// Wraps a schema that is known to compile.
    fn new_unchecked(source: Value) -> Self {
        Self {
            fast_path: FastValidator::compile(&source),
            complexity: Complexity::default(),
            source,
            ignores_formats: false,
            validator: OnceLock::new(),
        }
    }

    /// Parses and compiles the source text of a schema.
    ///
    /// # Errors
    ///
    /// The text is not JSON, or see [`Schema::compile`].
    pub fn parse(text: &str, options: &SchemaOptions) -> Result<Self, SchemaError> {
        let source = serde_json::from_str(text).map_err(|error| SchemaError(error.to_string()))?;
        Self::compile_with(source, options)
    }

    /// The values of `format` in the schema that are not checked, because no specification defines them.
    pub fn unknown_formats(&self) -> BTreeSet<&str> {
        let mut unknown = BTreeSet::new();
        if !self.ignores_formats {
            add_unknown_formats(&self.source, &mut unknown);
        }
        unknown
    }

    /// Validates the value at `node` and adds a finding for each violation.
    pub fn check(&self, node: Node<'_>, findings: &mut Vec<Finding>) {
        if self.fast_path.accepts(node) {
            return;
        }
        if self.complexity.fits_any_stack(node) {
            self.check_fully(node, findings);
        } else {
            with_large_stack(|| self.check_fully(node, findings));
        }
    }

    fn check_fully(&self, node: Node<'_>, findings: &mut Vec<Finding>) {
        if !self.validator().is_valid(node) {
            let errors: Vec<_> = self.validator().iter_errors(node).collect();
            explain::explain(&self.source, node, &errors, findings);
        }
    }

    fn validator(&self) -> &Validator<TapeJson> {
        self.validator.get_or_init(|| {
            compile_validator(&self.source, &SchemaOptions::default())
                .expect("a schema that is known to compile")
        })
    }
}

/// The formats of the drafts.
const FORMATS: [&str; 19] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// Adds the unknown formats in a part of a schema.
fn add_unknown_formats<'s>(schema: &'s Value, unknown: &mut BTreeSet<&'s str>) {
    match schema {
        Value::Array(items) => {
            items
                .iter()
                .for_each(|item| add_unknown_formats(item, unknown));
        }
        Value::Object(keywords) => {
            for (keyword, value) in keywords {
                match (keyword.as_str(), value) {
                    ("format", Value::String(format)) => {
                        unknown
                            .extend(Some(format.as_str()).filter(|name| !FORMATS.contains(name)));
                    }
                    // These contain values, not schemas.
                    ("const" | "default" | "enum" | "example" | "examples", _) => {}
                    _ => add_unknown_formats(value, unknown),
                }
            }
        }
        _ => {}
    }
}

fn compile_validator(
    source: &Value,
    options: &SchemaOptions,
) -> Result<Validator<TapeJson>, SchemaError> {
    let compiler = jsonschema::options_for::<TapeJson>()
        .should_validate_formats(!options.ignores_formats)
        .should_ignore_unknown_formats(true)
        .with_retriever(options.references.clone());
    compiler.build(source).map_err(|error| {
        let pointer = error.instance_path().as_str();
        let location = if pointer.is_empty() {
            String::new()
        } else {
            format!(" at {pointer}")
        };
        SchemaError(format!("{error}{location}"))
    })
}

/// A schema document that is part of the program: its source text and its definitions, each compiled when it
/// is first needed.
pub struct EmbeddedSchema {
    text: &'static str,
    definitions: OnceLock<Vec<Definition>>,
}

struct Definition {
    name: String,
    /// On the heap, so that the names, which are searched for each record, are next to each other.
    schema: OnceLock<Box<Schema>>,
}

impl EmbeddedSchema {
    /// Wraps a document with definitions under `$defs`.
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            definitions: OnceLock::new(),
        }
    }

    /// The source text of the document.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// The compiled definition of this name under `$defs`, if there is one.
    pub fn definition(&self, name: &str) -> Option<&Schema> {
        let mut definitions = self.definitions().iter();
        let definition = definitions.find(|definition| definition.name == name)?;
        Some(self.compiled(definition))
    }

    /// Compiles the full validator of every definition, so that the first invalid value is not reported late.
    pub fn compile_all(&self) {
        for definition in self.definitions() {
            self.compiled(definition).validator();
        }
    }

    fn definitions(&self) -> &[Definition] {
        self.definitions.get_or_init(|| {
            let root: Value = serde_json::from_str(self.text).expect("an embedded schema is JSON");
            let definitions = root["$defs"].as_object().into_iter().flatten();
            definitions
                .map(|(name, _)| Definition {
                    name: name.clone(),
                    schema: OnceLock::new(),
                })
                .collect()
        })
    }

    fn compiled<'s>(&self, definition: &'s Definition) -> &'s Schema {
        definition
            .schema
            .get_or_init(|| Box::new(compile_embedded(self.text, &definition.name)))
    }
}

/// Compiles one definition under `$defs` of an embedded schema's source text.
///
/// References are inlined, because a validator takes longer to follow one than to validate with its target.
///
/// # Panics
///
/// `text` is not JSON.
fn compile_embedded(text: &str, definition: &str) -> Schema {
    let root: Value = serde_json::from_str(text).expect("an embedded schema is JSON");
    let mut source = inlined(&root["$defs"][definition], &root);
    for keyword in ["$schema", "$id"] {
        if let Some(value) = root.get(keyword) {
            source[keyword] = value.clone();
        }
    }
    Schema::new_unchecked(source)
}

/// `schema`, a part of the schema `root`, with each reference replaced by its target, merged with the
/// other keywords of the object that holds the reference. No embedded schema is recursive.
fn inlined(schema: &Value, root: &Value) -> Value {
    match schema {
        Value::Array(elements) => elements
            .iter()
            .map(|element| inlined(element, root))
            .collect(),
        Value::Object(keywords) => {
            let target = keywords
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|reference| root.pointer(&reference[1..]));
            let mut result = match target {
                Some(target) => inlined(target, root),
                None => json!({}),
            };
            for (keyword, value) in keywords.iter().filter(|(keyword, _)| *keyword != "$ref") {
                result[keyword] = inlined(value, root);
            }
            result
        }
        other => other.clone(),
    }
}
