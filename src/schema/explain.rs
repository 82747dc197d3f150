//! What a schema has against a payload, in our own words: one sentence for every kind of violation,
//! with the exact place, the condition that made it matter, and a fix where one is plain.

mod member;
mod value;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::finding::Finding;
use crate::json::{Node, resolve};

/// Turns violations of `schema` in the value at `record` into findings.
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

/// One violation with the value it is about.
struct Violation<'e, 's, 'd> {
    error: &'e ValidationError<'e>,
    node: Node<'d>,
    /// The value in words: `` `customerId` ``.
    subject: String,
    /// The schema object that holds the violated keyword.
    subschema: &'s Value,
}

impl<'s, 'd> Explainer<'s, 'd> {
    fn explain(&self, errors: &[&ValidationError<'_>], findings: &mut Vec<Finding>) {
        let mut members = member::Members::default();
        for error in errors {
            let Some(node) = resolve(self.record, error.instance_path().as_str()) else {
                continue;
            };
            // What recovery guessed, nobody wrote.
            if node.is_synthetic() {
                continue;
            }
            let subschema = self.subschema(error);
            match error.kind() {
                ValidationErrorKind::Required { property } => {
                    let name = property.as_str().unwrap_or_default();
                    members.missing(node, name, self.because(error), example_of(subschema, name));
                }
                ValidationErrorKind::AdditionalProperties { unexpected } => {
                    members.unknown(
                        node,
                        unexpected,
                        names_of(subschema),
                        "schema/additional-properties",
                    );
                }
                ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                    members.unknown(
                        node,
                        unexpected,
                        names_of(subschema),
                        "schema/unevaluated-properties",
                    );
                }
                ValidationErrorKind::AnyOf { context }
                | ValidationErrorKind::OneOfNotValid { context } => {
                    self.explain_branches(error, node, context, findings);
                }
                _ => {
                    let subject = subject(error.instance_path().as_str());
                    let mut finding = value::explain(&Violation {
                        error,
                        node,
                        subject,
                        subschema,
                    });
                    if let Some(because) = self
                        .because(error)
                        .filter(|_| depends_on_condition(error.kind()))
                    {
                        finding.message.push_str(&because);
                    }
                    findings.push(finding);
                }
            }
        }
        members.report(findings);
        keep_type_only(findings);
    }

    /// None of several shapes fits: tells what is wrong with the one that was meant.
    fn explain_branches(
        &self,
        error: &ValidationError<'_>,
        node: Node<'_>,
        branches: &[Vec<ValidationError<'static>>],
        findings: &mut Vec<Finding>,
    ) {
        let mut ranked: Vec<(Rank, &Vec<ValidationError<'static>>)> = branches
            .iter()
            .map(|errors| (Rank::of(errors), errors))
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        let is_clear = match &ranked[..] {
            [(best, _), (second, _), ..] => best < second,
            [_] => true,
            [] => false,
        };
        if let Some((rank, errors)) = ranked.first().filter(|_| is_clear) {
            let inner: Vec<&ValidationError<'_>> = errors.iter().collect();
            // Apart from the other findings: of those, some may be about the same value and go.
            let mut nearest = Vec::new();
            self.explain(&inner, &mut nearest);
            let why = if rank.is_other_kind {
                "the nearest"
            } else {
                "the one that its members point to"
            };
            for finding in &mut nearest {
                finding.message.push_str(&format!(
                    " (of {} allowed shapes, judged by {why})",
                    branches.len()
                ));
            }
            if !nearest.is_empty() {
                findings.append(&mut nearest);
                return;
            }
        }
        let subject = subject(error.instance_path().as_str());
        findings.push(value::no_branch_fits(error, node, &subject, branches.len()));
    }

    /// The schema object that holds the violated keyword.
    fn subschema(&self, error: &ValidationError<'_>) -> &'s Value {
        let path = error.schema_path().as_str();
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        self.schema.pointer(parent).unwrap_or(&Value::Null)
    }

    /// The conditions under which the violated keyword applies: `, because …`.
    fn because(&self, error: &ValidationError<'_>) -> Option<String> {
        let mut schema = self.schema;
        let mut conditions = Vec::new();
        for segment in error.evaluation_path().as_str().split('/').skip(1) {
            let segment = segment.replace("~1", "/").replace("~0", "~");
            if segment == "then" {
                conditions.extend(schema.get("if").and_then(condition));
            }
            if let Some(names) = schema
                .get("dependentRequired")
                .filter(|_| segment == "dependentRequired")
            {
                conditions.extend(
                    names
                        .as_object()
                        .and_then(|names| names.keys().next())
                        .map(|name| format!("`{name}` is given")),
                );
            }
            schema = match schema {
                Value::Array(items) => segment
                    .parse()
                    .ok()
                    .and_then(|index: usize| items.get(index))?,
                _ => schema.get(&segment)?,
            };
            if segment == "$ref" {
                let target = schema
                    .as_str()
                    .and_then(|reference| reference.strip_prefix('#'))?;
                schema = self.schema.pointer(target)?;
            }
        }
        (!conditions.is_empty()).then(|| format!(", because {}", conditions.join(" and ")))
    }
}

/// A value of the wrong type is no word of a list and fits no bound either; that goes without saying.
fn keep_type_only(findings: &mut Vec<Finding>) {
    let mistyped: Vec<_> = findings
        .iter()
        .filter(|finding| finding.rule == "schema/type")
        .map(|finding| finding.span)
        .collect();
    let is_value = |finding: &Finding| !matches!(finding.rule, "schema/type" | "schema/required");
    findings.retain(|finding| !(is_value(finding) && mistyped.contains(&finding.span)));
}

/// Whether a reader wants to know why the keyword applies: a bound may differ from case to case, while
/// a wrong type is wrong in every one.
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

/// How far a payload is from a shape: smaller is nearer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// A member that tells shapes apart has another shape's value, or the type differs.
    is_other_kind: bool,
    errors: usize,
    /// Deep errors mean that much of the shape fits.
    shallowness: std::cmp::Reverse<usize>,
}

impl Rank {
    fn of(errors: &[ValidationError<'_>]) -> Self {
        use ValidationErrorKind::{Constant, Enum, Type};
        let depth =
            |error: &ValidationError<'_>| error.instance_path().as_str().matches('/').count();
        let shallowest = errors.iter().map(depth).min().unwrap_or(0);
        Self {
            is_other_kind: errors.iter().any(|error| match error.kind() {
                Constant { .. } | Enum { .. } => true,
                Type { .. } => depth(error) == shallowest,
                _ => false,
            }),
            errors: errors.len(),
            shallowness: std::cmp::Reverse(errors.iter().map(depth).max().unwrap_or(0)),
        }
    }
}

/// The value at a pointer in words.
fn subject(pointer: &str) -> String {
    let mut segments = pointer
        .rsplit('/')
        .map(|segment| segment.replace("~1", "/").replace("~0", "~"));
    match (segments.next(), segments.next()) {
        (Some(last), Some(parent)) => match last.parse::<usize>() {
            Ok(index) if !parent.is_empty() => format!("element {index} of `{parent}`"),
            Ok(index) => format!("element {index}"),
            Err(_) => format!("`{last}`"),
        },
        _ => "the payload".into(),
    }
}

/// What an `if` asks, in words.
fn condition(schema: &Value) -> Option<String> {
    if let Some(title) = schema.get("title").and_then(Value::as_str) {
        return Some(title.to_owned());
    }
    if let Some(members) = schema.get("properties").and_then(Value::as_object) {
        let words: Option<Vec<String>> = members
            .iter()
            .map(|(name, value)| Some(format!("`{name}` {}", asked(value)?)))
            .collect();
        return words
            .filter(|words| !words.is_empty())
            .map(|words| words.join(" and "));
    }
    let names = schema.get("required")?.as_array()?;
    let names: Vec<String> = names
        .iter()
        .filter_map(Value::as_str)
        .map(|name| format!("`{name}`"))
        .collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    Some(format!("{} {verb} given", names.join(" and ")))
}

fn asked(schema: &Value) -> Option<String> {
    if let Some(constant) = schema.get("const") {
        return Some(format!("is {}", value::written(constant)));
    }
    if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
        return Some(format!("is {}", value::written(first)));
    }
    schema
        .get("pattern")
        .and_then(Value::as_str)
        .map(|pattern| format!("matches `{pattern}`"))
}

fn names_of(subschema: &Value) -> Vec<&str> {
    match subschema.get("properties").and_then(Value::as_object) {
        Some(properties) => properties.keys().map(String::as_str).collect(),
        None => Vec::new(),
    }
}

/// An example of a member, if the schema has one.
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
            .map(|finding| finding.message)
            .collect()
    }

    #[test]
    fn explains_an_alternative_beside_other_violations_of_the_same_value() {
        let source = json!({ "minLength": 5, "pattern": "^x", "anyOf": [{ "type": "integer" }] });
        let messages = messages(source, r#""a""#);
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert!(
            messages[0].contains("a whole number is expected"),
            "{messages:?}"
        );
    }
}
