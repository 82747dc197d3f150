//! Findings for the violations of a schema: one message for each keyword, with the exact span, the condition
//! under which the keyword applies, and a fix where there is a clear one.

mod container;
mod describe;
mod property;
mod string;
mod value;
mod violation;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::finding::Finding;
use crate::json::{Kind, Node, Resolver};
use describe::{format_value, shorten};
use property::{Missing, PropertyViolations};
use violation::Violation;

use super::references::{own_uri, without_fragment};

/// Adds findings for the violations of `schema` by the value at `record`.
pub(super) fn explain(
    schema: &Value,
    record: Node<'_>,
    errors: &[ValidationError<'_>],
    findings: &mut Vec<Finding>,
) {
    let explainer = Explainer { schema, record };
    let errors: Vec<&ValidationError<'_>> = errors.iter().collect();
    explainer.explain(&errors, findings);
}

struct Explainer<'s, 'd> {
    schema: &'s Value,
    record: Node<'d>,
}

impl<'s, 'd> Explainer<'s, 'd> {
    fn explain(&self, errors: &[&ValidationError<'_>], findings: &mut Vec<Finding>) {
        let mut properties = PropertyViolations::default();
        let mut resolver = Resolver::default();
        for error in errors {
            let path = error.instance_path();
            let node = resolver.resolve(self.record, path.as_str());
            // Values that error recovery inserted are not in the source.
            if let Some(node) = node.filter(|node| !node.is_synthetic()) {
                let subject = self.subject(path.as_str(), &mut resolver);
                self.explain_error(error, node, subject, &mut properties, findings);
            }
        }
        properties.report(findings);
        retain_type_only(findings);
    }

    /// The value at a JSON Pointer as the subject of a sentence.
    fn subject(&self, pointer: &str, resolver: &mut Resolver<'d>) -> String {
        let unescape = |segment: &str| segment.replace("~1", "/").replace("~0", "~");
        let Some((parent, last)) = pointer.rsplit_once('/') else {
            return "the payload".into();
        };
        let last = unescape(last);
        let outer = resolver.resolve(self.record, parent);
        if outer.is_none_or(|outer| outer.kind() != Kind::Array) {
            return format!("`{last}`");
        }
        match parent.rsplit_once('/') {
            Some((_, parent)) => format!("element {last} of `{}`", unescape(parent)),
            None => format!("element {last}"),
        }
    }

    fn explain_error(
        &self,
        error: &ValidationError<'_>,
        node: Node<'d>,
        subject: String,
        properties: &mut PropertyViolations<'s, 'd>,
        findings: &mut Vec<Finding>,
    ) {
        let subschema = self.subschema(error);
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                let condition_clause = self.condition_clause(error);
                properties.add_missing(Missing {
                    object: node,
                    name: name.to_owned(),
                    known: names_of(subschema),
                    condition_clause,
                    example: example_of(subschema, name),
                });
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let known = names_of(subschema);
                properties.add_unknown(node, unexpected, known, "schema/additional-properties");
            }
            ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let known = names_of(subschema);
                properties.add_unknown(node, unexpected, known, "schema/unevaluated-properties");
            }
            ValidationErrorKind::AnyOf { context }
            | ValidationErrorKind::OneOfNotValid { context } => {
                self.explain_branches(error, node, &subject, context, findings);
            }
            // The validator rounds numbers of more than 64 bits, so that there may be no duplicate.
            ValidationErrorKind::UniqueItems => {
                findings.extend(container::duplicate_element(node, &subject));
            }
            // The missing elements or properties may be in a part that could not be parsed.
            ValidationErrorKind::MinItems { .. } | ValidationErrorKind::MinProperties { .. }
                if node.has_errors() => {}
            kind => {
                let clause = match depends_on_condition(kind) {
                    true => self.condition_clause(error),
                    false => None,
                };
                findings.push(value::explain(&Violation {
                    error,
                    node,
                    subject,
                    condition: clause.map_or(String::new(), |clause| format!(" {clause}")),
                    subschema,
                }));
            }
        }
    }

    /// Explains why none of several alternatives matches: by the violations of the nearest one, if one is
    /// clearly nearer than the others.
    fn explain_branches(
        &self,
        error: &ValidationError<'_>,
        node: Node<'_>,
        subject: &str,
        branches: &[Vec<ValidationError<'static>>],
        findings: &mut Vec<Finding>,
    ) {
        if let Some((distance, errors)) = nearest_branch(branches) {
            let errors: Vec<&ValidationError<'_>> = errors.iter().collect();
            // Apart from the other findings, of which `explain` may remove some about the same value.
            let mut nearest = Vec::new();
            self.explain(&errors, &mut nearest);
            let reason = if distance.differs_in_kind {
                "the nearest"
            } else {
                "the most likely"
            };
            let count = branches.len();
            if count > 1 {
                let note =
                    format!(" (checked against {reason} of {count} alternatives in the schema)");
                for finding in &mut nearest {
                    finding.message.push_str(&note);
                }
            }
            if !nearest.is_empty() {
                findings.append(&mut nearest);
                return;
            }
        }
        findings.push(value::no_branch_matches(
            error,
            node,
            subject,
            branches.len(),
        ));
    }

    /// The schema object that holds the violated keyword.
    fn subschema(&self, error: &ValidationError<'_>) -> &'s Value {
        if self.is_in_other_document(error) {
            return &Value::Null;
        }
        let path = error.schema_path().as_str();
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        self.schema.pointer(parent).unwrap_or(&Value::Null)
    }

    /// Whether the violated keyword is in a document that the schema refers to.
    fn is_in_other_document(&self, error: &ValidationError<'_>) -> bool {
        error.absolute_keyword_location().is_some_and(|location| {
            own_uri(self.schema) != Some(without_fragment(location.as_str()))
        })
    }

    /// The conditions under which the violated keyword applies: `when …`. `None` if there are none.
    fn condition_clause(&self, error: &ValidationError<'_>) -> Option<String> {
        let mut schema = self.schema;
        let mut conditions = Vec::new();
        for segment in error.evaluation_path().as_str().split('/').skip(1) {
            let segment = segment.replace("~1", "/").replace("~0", "~");
            conditions.extend(condition_of(schema, &segment));
            schema = match schema {
                Value::Array(elements) => segment
                    .parse()
                    .ok()
                    .and_then(|index: usize| elements.get(index))?,
                _ => schema.get(&segment)?,
            };
            if segment == "$ref" {
                let target = schema
                    .as_str()
                    .and_then(|reference| reference.strip_prefix('#'))?;
                schema = self.schema.pointer(target)?;
            }
        }
        (!conditions.is_empty()).then(|| format!("when {}", conditions.join(" and ")))
    }
}

/// The condition under which a keyword of a schema applies.
fn condition_of(schema: &Value, keyword: &str) -> Option<String> {
    match keyword {
        "then" => schema.get("if").and_then(describe_condition),
        "dependentRequired" => {
            let names = schema.get("dependentRequired")?.as_object()?;
            let first = names.keys().next();
            first.map(|name| format!("`{name}` is present"))
        }
        _ => None,
    }
}

/// Removes the other findings about a value of the wrong type, which follow from the type.
fn retain_type_only(findings: &mut Vec<Finding>) {
    let mistyped: Vec<_> = findings
        .iter()
        .filter(|finding| finding.rule == "schema/type")
        .map(|finding| finding.span)
        .collect();
    let is_value = |finding: &Finding| !matches!(finding.rule, "schema/type" | "schema/required");
    findings.retain(|finding| !(is_value(finding) && mistyped.contains(&finding.span)));
}

/// Whether a finding says under which condition its keyword applies. Limits often depend on one; the type of
/// a value rarely does.
fn depends_on_condition(kind: &ValidationErrorKind) -> bool {
    use ValidationErrorKind as Is;
    matches!(
        kind,
        Is::Constant { .. }
            | Is::Minimum { .. }
            | Is::Maximum { .. }
            | Is::ExclusiveMinimum { .. }
            | Is::ExclusiveMaximum { .. }
            | Is::MinItems { .. }
            | Is::MaxItems { .. }
            | Is::Contains
            | Is::FalseSchema
            | Is::Not { .. }
    )
}

/// The alternative that is nearest to the value, with its distance and its violations. `None` if several are
/// equally near.
fn nearest_branch<'b>(
    branches: &'b [Vec<ValidationError<'static>>],
) -> Option<(BranchDistance, &'b [ValidationError<'static>])> {
    let mut distances: Vec<_> = branches
        .iter()
        .map(|errors| (BranchDistance::of(errors), errors.as_slice()))
        .collect();
    distances.sort_by_key(|(distance, _)| *distance);
    match distances[..] {
        [(best, _), (second, _), ..] if best >= second => None,
        [nearest, ..] => Some(nearest),
        [] => None,
    }
}

/// The distance of a value from an alternative. The nearest is the smallest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct BranchDistance {
    /// Whether a property that distinguishes the alternatives has another value, or the type differs.
    differs_in_kind: bool,
    errors: usize,
    /// The lower the deepest error, the more of the alternative matches.
    shallowness: std::cmp::Reverse<usize>,
}

impl BranchDistance {
    fn of(errors: &[ValidationError<'_>]) -> Self {
        use ValidationErrorKind::{Constant, Enum, Type};
        let depth =
            |error: &ValidationError<'_>| error.instance_path().as_str().matches('/').count();
        let shallowest = errors.iter().map(depth).min().unwrap_or(0);
        Self {
            differs_in_kind: errors.iter().any(|error| match error.kind() {
                Constant { .. } | Enum { .. } => true,
                Type { .. } => depth(error) == shallowest,
                _ => false,
            }),
            errors: errors.len(),
            shallowness: std::cmp::Reverse(errors.iter().map(depth).max().unwrap_or(0)),
        }
    }
}

/// Describes the condition of an `if`.
fn describe_condition(schema: &Value) -> Option<String> {
    if let Some(title) = schema.get("title").and_then(Value::as_str) {
        return Some(title.to_owned());
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let conditions: Option<Vec<String>> = properties
            .iter()
            .map(|(name, value)| Some(format!("`{name}` {}", describe_expected(value)?)))
            .collect();
        return conditions
            .filter(|conditions| !conditions.is_empty())
            .map(|conditions| conditions.join(" and "));
    }
    let names = schema.get("required")?.as_array()?;
    let names: Vec<String> = names
        .iter()
        .filter_map(Value::as_str)
        .map(|name| format!("`{name}`"))
        .collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    Some(format!("{} {verb} present", names.join(" and ")))
}

/// Describes what a property must be for a condition to hold.
fn describe_expected(schema: &Value) -> Option<String> {
    if let Some(constant) = schema.get("const") {
        return Some(format!("is {}", format_value(constant)));
    }
    if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
        return Some(format!("is {}", format_value(first)));
    }
    schema
        .get("pattern")
        .and_then(Value::as_str)
        .map(|pattern| format!("matches `{}`", shorten(pattern)))
}

/// The names of the properties that a schema describes.
fn names_of(subschema: &Value) -> Vec<&str> {
    match subschema.get("properties").and_then(Value::as_object) {
        Some(properties) => properties.keys().map(String::as_str).collect(),
        None => Vec::new(),
    }
}

/// The first example of a property, if the schema has one.
fn example_of(subschema: &Value, name: &str) -> Option<String> {
    let example = subschema
        .get("properties")?
        .get(name)?
        .get("examples")?
        .get(0)?;
    Some(example.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::json::{Tape, parse};
    use crate::names::VOCABULARY;
    use crate::schema::Schema;

    fn messages(source: serde_json::Value, text: &str) -> Vec<String> {
        let schema = Schema::compile(source).expect("a schema");
        let (parsed, _) = parse(text, &VOCABULARY, Tape::default());
        let mut findings = Vec::new();
        schema.check(parsed.roots().next().expect("a value"), &mut findings);
        findings
            .into_iter()
            .map(|mut finding| {
                finding.shorten_texts();
                finding.message
            })
            .collect()
    }

    #[test]
    fn elements_are_duplicates_only_if_they_are_exactly_equal() {
        for (text, count) in [
            ("[18446744073709551617, 18446744073709551616]", 0),
            ("[18446744073709551617, 18446744073709551617.0]", 1),
            ("[0.1, 0.10000000000000000001]", 0),
            ("[1e2, 100]", 1),
            (r#"[{"a": 1, "b": [2]}, {"b": [2.0], "a": 1}]"#, 1),
            (r#"[{"a": 1}, {"a": "1"}, ["a", 1], "a", null]"#, 0),
        ] {
            let messages = messages(json!({ "uniqueItems": true }), text);
            assert_eq!(messages.len(), count, "{text}: {messages:?}");
        }
    }

    #[test]
    fn names_an_element_by_its_index_and_a_property_by_its_name() {
        let numbers = json!({ "additionalProperties": { "type": "integer" }, "items": { "type": "integer" } });
        for (text, subject) in [(r#"{ "0": "x" }"#, "`0`"), (r#"["x"]"#, "element 0")] {
            let messages = messages(numbers.clone(), text);
            assert!(
                messages[0].starts_with(&format!("{subject} must be")),
                "{messages:?}"
            );
        }
    }

    #[test]
    fn messages_stay_short_whatever_the_schema_and_the_value() {
        let long = "x".repeat(100_000);
        let words: Vec<String> = (0..20_000)
            .map(|i| format!("word-{i}-{}", "y".repeat(i % 200)))
            .collect();
        for (source, value) in [
            (json!({ "enum": words.clone() }), json!("word-1")),
            (json!({ "enum": words.clone() }), json!(long.clone())),
            (json!({ "enum": words.clone() }), json!(7)),
            (json!({ "const": long.clone() }), json!(1)),
            (json!({ "const": { "a": [long.clone()] } }), json!(1)),
            (json!({ "pattern": format!("^{long}$") }), json!("a")),
            (
                json!({ "propertyNames": { "enum": words } }),
                json!({ "a": 1 }),
            ),
            (json!({ "required": [long.clone()] }), json!({})),
            (
                json!({ "additionalProperties": false }),
                json!({ long.clone(): 1 }),
            ),
            (
                json!({ "properties": { "a": { "type": "object" } } }),
                json!({ "a": long.clone() }),
            ),
            (
                json!({ "maximum": 1 }),
                serde_json::from_str(&"9".repeat(300)).expect("a number"),
            ),
            (
                json!({ "additionalProperties": { "type": "null" } }),
                json!({ long: 1 }),
            ),
        ] {
            let messages = messages(source, &value.to_string());
            assert_eq!(messages.len(), 1, "{messages:?}");
            assert!(
                messages[0].len() < 1_010,
                "{} bytes: {:.200}",
                messages[0].len(),
                messages[0]
            );
        }
    }

    #[test]
    fn a_long_list_of_values_starts_with_the_nearest() {
        let words: Vec<String> = (0..100).map(|i| format!("value{i:02}")).collect();
        let messages = messages(json!({ "enum": words }), r#""valeu42""#);
        assert!(messages[0].contains("must be `value42`, "), "{messages:?}");
        assert!(messages[0].contains(" or one of 95 others"), "{messages:?}");
    }

    #[test]
    fn explains_an_alternative_with_other_violations_of_the_same_value() {
        let source = json!({ "minLength": 5, "pattern": "^x", "anyOf": [{ "type": "integer" }] });
        let messages = messages(source, r#""a""#);
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert!(messages[0].contains("must be an integer"), "{messages:?}");
    }
}
