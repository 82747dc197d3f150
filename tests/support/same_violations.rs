//! Whether a schema has the violations that the crate `jsonschema` finds, in values of `serde_json`.

use std::collections::BTreeSet;

use countersign::json::{self, Tape};
use countersign::names::VOCABULARY;
use countersign::schema::Schema;
use countersign::suggest;
use jsonschema::error::ValidationErrorKind as Is;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

fn push_segment(pointer: &str, segment: &str) -> String {
    format!(
        "{pointer}/{}",
        segment.replace('~', "~0").replace('/', "~1")
    )
}

/// Adds the places at which a finding about a violation can be: the value, or the part of it that is at fault.
fn add_places(error: &ValidationError<'_>, instance: &Value, places: &mut BTreeSet<String>) {
    let path = error.instance_path().as_str();
    places.insert(path.to_owned());
    let value = instance.pointer(path).expect("the value at fault");
    let names = value
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    match error.kind() {
        Is::AdditionalProperties { unexpected } | Is::UnevaluatedProperties { unexpected } => {
            places.remove(path);
            places.extend(unexpected.iter().map(|name| push_segment(path, name)));
        }
        // A name that is similar to the missing one is reported instead.
        Is::Required { property } => {
            let missing = property.as_str().unwrap_or_default();
            let similar = names.filter(|name| suggest::is_near(name, missing));
            places.extend(similar.map(|name| push_segment(path, name)));
        }
        Is::PropertyNames { .. } => places.extend(names.map(|name| push_segment(path, name))),
        Is::UniqueItems | Is::AdditionalItems { .. } | Is::UnevaluatedItems { .. } => {
            let count = value.as_array().map_or(0, Vec::len);
            places.extend((0..count).map(|index| format!("{path}/{index}")));
        }
        // The violations of the nearest alternative are reported instead.
        Is::AnyOf { context } | Is::OneOfNotValid { context } => {
            for error in context.iter().flatten() {
                add_places(error, instance, places);
            }
        }
        _ => {}
    }
}

/// The pointers of the findings about a value.
fn pointers_of_findings(schema: &Schema, text: &str) -> BTreeSet<String> {
    let (parsed, _) = json::parse(text, &VOCABULARY, Tape::default());
    let root = parsed.roots().next().expect("a value");
    let mut findings = Vec::new();
    schema.check(root, &mut findings);
    let pointers = findings.iter();
    pointers
        .map(|finding| json::pointer_to(root, finding.span))
        .collect()
}

/// Compiles a schema for both. `None` if it is not one.
///
/// # Panics
/// If only one of them refuses the schema.
pub(crate) fn compile(source: &Value) -> Option<(Schema, Validator)> {
    let reference = jsonschema::options()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .build(source);
    let ours = Schema::compile(source.clone());
    assert_eq!(ours.is_ok(), reference.is_ok(), "{source}");
    ours.ok().zip(reference.ok())
}

/// Asserts that both accept the value, or that each finding is at a violation, and each violation has a finding. Returns
/// whether the value is valid.
///
/// # Panics
/// If they differ.
pub(crate) fn assert_same(ours: &Schema, reference: &Validator, value: &Value) -> bool {
    let found = pointers_of_findings(ours, &value.to_string());
    let errors: Vec<_> = reference.iter_errors(value).collect();
    assert_eq!(found.is_empty(), errors.is_empty(), "{value}: {found:?}");
    let mut all = BTreeSet::new();
    for error in &errors {
        let mut places = BTreeSet::new();
        add_places(error, value, &mut places);
        assert!(
            !places.is_disjoint(&found),
            "{value}: no finding at {places:?}, only at {found:?}"
        );
        all.append(&mut places);
    }
    assert!(
        found.is_subset(&all),
        "{value}: findings at {found:?}, violations at {all:?}"
    );
    errors.is_empty()
}
