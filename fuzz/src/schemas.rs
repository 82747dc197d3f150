//! Schemas: the fast path and the validator against the crate `jsonschema`.

use std::cell::OnceCell;
use std::fmt::Debug;
use std::sync::LazyLock;

use countersign::document::Document;
use countersign::json::{self, Kind, Node, Tape};
use countersign::kinds::KINDS;
use countersign::names::VOCABULARY;
use countersign::schema::Schema;
use jsonschema::Validator;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::any_schema::any_schema;
use super::same_violations;
use super::values::value_for;

/// A definition of the project's schemas, and the same compiled by `jsonschema`.
struct Definition {
    ours: &'static Schema,
    reference: Validator,
}

/// Every definition against which records are validated.
static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let mut definitions = Vec::new();
    for kind in KINDS {
        let source: Value = serde_json::from_str(kind.schema_text()).expect("a schema");
        let names = source["$defs"].as_object().expect("definitions").keys();
        for name in names {
            let whole = json!({
                "$schema": source["$schema"],
                "$defs": source["$defs"],
                "$ref": format!("#/$defs/{name}"),
            });
            let options = jsonschema::options().should_validate_formats(true);
            definitions.push(Definition {
                ours: kind.definition(name).expect("a definition"),
                reference: options.build(&whole).expect("a schema"),
            });
        }
    }
    definitions
});

/// The length of the seed of a random generator.
const SEED: usize = 32;

/// Draws a value from a strategy. The input is a seed rather than the random numbers themselves, of which a strategy
/// gives each of its branches a half, so that they soon run out.
fn draw<T: Debug>(strategy: &BoxedStrategy<T>, input: &[u8]) -> Option<T> {
    let mut seed = [0; SEED];
    let len = input.len().min(SEED);
    seed[..len].copy_from_slice(&input[..len]);
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let tree = strategy.new_tree(&mut runner).ok()?;
    Some(tree.current())
}

/// Whether a number has a form that values of `serde_json` keep without a loss.
fn is_exact(node: Node<'_>) -> bool {
    let mut children = node
        .elements()
        .chain(node.members().map(|member| member.value));
    match node.kind() {
        Kind::Number => node.source().len() < 16 && !node.source().contains(['e', 'E']),
        _ => children.all(is_exact),
    }
}

/// Compares a text with a definition of the project's schemas.
fn compare_definition(which: usize, text: &str) {
    let definition = &DEFINITIONS[which % DEFINITIONS.len()];
    let document = Document::parse(text);
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return;
    };
    if !document.syntax_errors().is_empty() || !document.roots().all(is_exact) {
        return;
    }
    let (parsed, _) = json::parse(text, &VOCABULARY, Tape::default());
    let root = parsed.roots().next().expect("a value");
    let mut findings = Vec::new();
    definition.ours.check(root, &mut findings);
    assert_eq!(
        findings.is_empty(),
        definition.reference.is_valid(&value),
        "{text}: {findings:?}"
    );
}

thread_local! {
    static SCHEMAS: OnceCell<BoxedStrategy<Value>> = const { OnceCell::new() };
}

/// A value is valid for countersign exactly if it is for `jsonschema`, and the violations are at the same places. The
/// first byte selects a definition of the project, for the text that follows, or a schema that is generated from the
/// input.
pub fn fast_paths(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    if first & 1 == 0 {
        if let Ok(text) = std::str::from_utf8(rest) {
            compare_definition(usize::from(first / 2), text);
        }
        return;
    }
    let (for_schema, for_value) = rest.split_at(rest.len().min(SEED));
    let schema = SCHEMAS.with(|schemas| draw(schemas.get_or_init(any_schema), for_schema));
    let Some(source) = schema else {
        return;
    };
    if let Some((ours, reference)) = same_violations::compile(&source)
        && let Some(value) = draw(&value_for(&source), for_value)
    {
        let _ = same_violations::assert_same(&ours, &reference, &value);
    }
}
