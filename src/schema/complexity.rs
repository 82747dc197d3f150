//! How much stack and time a schema of a user takes. Through references, a short schema can take any amount of both, so
//! this is measured before the schema is compiled.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::SchemaError;
use super::references::References;
use crate::json::{Kind, Node};

/// The maximum number of schemas within each other, references followed.
const MAX_DEPTH: usize = 500;

/// The maximum number of schemas that one value is checked against.
const MAX_WORK: u64 = 100_000;

/// The number of schemas within each other, references followed, that is validated on the stack of any thread.
const SMALL_DEPTH: usize = 128;

/// Keywords that hold values, not schemas.
const VALUES: [&str; 5] = ["const", "default", "enum", "example", "examples"];

/// The stack that a schema takes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Complexity {
    /// The number of schemas within each other, references followed once.
    depth: usize,
    /// Whether a schema contains itself, so that the nesting of a value bounds the depth.
    is_recursive: bool,
}

impl Complexity {
    /// Measures a schema that can refer to these documents.
    ///
    /// # Errors
    /// If validating or compiling it would take too much time or stack, or never end.
    pub(super) fn of(schema: &Value, references: &References) -> Result<Self, SchemaError> {
        let mut measurement = Measurement {
            references,
            ignores_siblings: ignores_siblings(schema),
            is_recursive: false,
            known: HashMap::new(),
            open: Vec::new(),
        };
        let cost = measurement.visit(schema, schema, true)?;
        Ok(Self {
            depth: cost.depth,
            is_recursive: measurement.is_recursive,
        })
    }

    /// Whether a value can be validated on the stack of any thread.
    pub(super) fn fits_any_stack(self, node: Node<'_>) -> bool {
        let levels = match self.is_recursive {
            true => SMALL_DEPTH / self.depth.max(1),
            // Values are compared as a whole.
            false => SMALL_DEPTH,
        };
        self.depth <= SMALL_DEPTH && is_within(node, levels)
    }
}

/// Whether a value nests at most `levels` deep.
fn is_within(node: Node<'_>, levels: usize) -> bool {
    let inner = levels.checked_sub(1);
    let fits = |node: Node<'_>| inner.is_some_and(|levels| is_within(node, levels));
    match node.kind() {
        Kind::Array => node.elements().all(fits),
        Kind::Object => node.members().all(|member| fits(member.value)),
        _ => true,
    }
}

/// Whether the keywords next to a `$ref` have no meaning, as in the drafts up to 7.
fn ignores_siblings(schema: &Value) -> bool {
    let draft = schema.get("$schema").and_then(Value::as_str);
    draft.is_some_and(|draft| draft.contains("json-schema.org/draft-0"))
}

#[derive(Clone, Copy)]
struct Cost {
    /// The number of schemas within this one, itself included.
    depth: usize,
    /// The number of schemas that a value is checked against to check it against this one.
    work: u64,
}

struct Measurement<'s> {
    references: &'s References,
    ignores_siblings: bool,
    is_recursive: bool,
    /// The costs of schemas, by their addresses.
    known: HashMap<*const Value, Cost>,
    /// The schemas that contain the current one, and whether each is about the same value as the one before.
    open: Vec<(*const Value, bool)>,
}

impl<'s> Measurement<'s> {
    /// Measures a schema, which is part of the document `root`. `is_same_value` says whether it is about the value that
    /// the schema around it is about.
    fn visit(
        &mut self,
        schema: &'s Value,
        root: &'s Value,
        is_same_value: bool,
    ) -> Result<Cost, SchemaError> {
        let Some(keywords) = schema.as_object() else {
            return Ok(Cost { depth: 1, work: 1 });
        };
        let address: *const Value = schema;
        if let Some(cost) = self.known.get(&address) {
            return Ok(*cost);
        }
        if let Some(start) = self.open.iter().position(|(open, _)| *open == address) {
            if is_same_value && self.open[start + 1..].iter().all(|(_, same)| *same) {
                return Err(refusal("a `$ref` leads back to itself"));
            }
            self.is_recursive = true;
            return Ok(Cost { depth: 1, work: 1 });
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(refusal(&format!(
                "schemas and references nest more than {MAX_DEPTH} levels deep"
            )));
        }
        self.open.push((address, is_same_value));
        let cost = self.visit_keywords(keywords, root)?;
        self.open.pop();
        if cost.work > MAX_WORK {
            return Err(refusal(&format!(
                "references and alternatives multiply to more than {MAX_WORK} schemas for one value"
            )));
        }
        self.known.insert(address, cost);
        Ok(cost)
    }

    fn visit_keywords(
        &mut self,
        keywords: &'s Map<String, Value>,
        root: &'s Value,
    ) -> Result<Cost, SchemaError> {
        let mut total = Cost { depth: 0, work: 1 };
        let reference = keywords.get("$ref").and_then(Value::as_str);
        if let Some((target, root)) = reference.and_then(|uri| self.resolve(uri, root)) {
            let cost = self.visit(target, root, true)?;
            total.depth = cost.depth;
            total.work += cost.work;
        }
        let has_siblings = reference.is_none() || !self.ignores_siblings;
        for (keyword, value) in keywords.iter().filter(|_| has_siblings) {
            if VALUES.contains(&keyword.as_str()) {
                continue;
            }
            let is_same_value = match keyword.as_str() {
                "allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else" => true,
                "dependentSchemas" | "dependencies" => true,
                // Only used where they are referred to.
                "$defs" | "definitions" => continue,
                _ => false,
            };
            for schema in schemas_in(keyword, value) {
                let cost = self.visit(schema, root, is_same_value)?;
                total.depth = total.depth.max(cost.depth);
                if is_same_value {
                    total.work = total.work.saturating_add(cost.work);
                }
            }
        }
        total.depth += 1;
        Ok(total)
    }

    /// The schema that a reference in the document `root` leads to, with its document. `None` if it leads to an anchor,
    /// or is resolved against another URI.
    fn resolve(&self, reference: &str, root: &'s Value) -> Option<(&'s Value, &'s Value)> {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let root = match uri {
            "" => root,
            uri => self.references.document(uri)?,
        };
        Some((root.pointer(fragment)?, root))
    }
}

/// The schemas that the value of a keyword holds.
fn schemas_in<'s>(keyword: &str, value: &'s Value) -> Vec<&'s Value> {
    match (keyword, value) {
        (_, Value::Array(schemas)) => schemas.iter().collect(),
        (
            "properties" | "patternProperties" | "dependentSchemas" | "dependencies",
            Value::Object(schemas),
        ) => schemas.values().collect(),
        _ => vec![value],
    }
}

fn refusal(message: &str) -> SchemaError {
    SchemaError(message.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::{self, Tape};
    use crate::names::VOCABULARY;

    fn measure(schema: &Value) -> Result<(usize, bool), String> {
        Complexity::of(schema, &References::default())
            .map(|complexity| (complexity.depth, complexity.is_recursive))
            .map_err(|error| error.to_string())
    }

    /// A schema within `levels` others.
    fn nested(levels: usize) -> Value {
        (0..levels).fold(json!(true), |inner, _| json!({"items": inner}))
    }

    /// A list within `levels` others.
    fn nested_lists(levels: usize) -> String {
        "[".repeat(levels) + &"]".repeat(levels)
    }

    /// A schema in which each of so many levels refers twice to the next one.
    fn doubled(levels: usize, keyword: &str) -> Value {
        let mut definitions = Map::new();
        definitions.insert("0".into(), json!({}));
        for level in 1..=levels {
            let next = json!({"$ref": format!("#/$defs/{}", level - 1)});
            definitions.insert(level.to_string(), json!({keyword: [next, next]}));
        }
        json!({"$ref": format!("#/$defs/{levels}"), "$defs": definitions})
    }

    fn fits(complexity: Complexity, text: &str) -> bool {
        let (parsed, _) = json::parse(text, &VOCABULARY, Tape::default());
        let root = parsed.roots().next().expect("one value");
        complexity.fits_any_stack(root)
    }

    #[test]
    fn depth_counts_schemas_within_each_other() {
        let reference = json!({"$ref": "#/$defs/a", "$defs": {"a": nested(3)}});
        for (schema, depth) in [
            (json!(true), 1),
            (json!({}), 1),
            (nested(1), 2),
            (nested(7), 8),
            (json!({"properties": {"a": nested(2), "b": true}}), 4),
            (json!({"patternProperties": {"a": nested(2)}}), 4),
            (json!({"dependentSchemas": {"a": nested(2)}}), 4),
            (json!({"anyOf": [true, nested(1), true]}), 3),
            (json!({"not": nested(1)}), 3),
            (reference, 5),
            // Not schemas, or used by nothing.
            (json!({"enum": [nested(5)], "const": nested(5)}), 1),
            (json!({"$defs": {"a": nested(5)}}), 1),
        ] {
            assert_eq!(measure(&schema), Ok((depth, false)), "{schema}");
        }
    }

    #[test]
    fn siblings_of_a_reference_count_where_they_have_a_meaning() {
        for (draft, depth) in [
            ("http://json-schema.org/draft-04/schema#", 2),
            ("http://json-schema.org/draft-07/schema#", 2),
            ("https://json-schema.org/draft/2019-09/schema", 6),
        ] {
            let schema = json!({
                "$schema": draft,
                "$ref": "#/definitions/a",
                "items": nested(4),
                "definitions": {"a": {}},
            });
            assert_eq!(measure(&schema), Ok((depth, false)), "{draft}");
        }
    }

    #[test]
    fn a_schema_of_a_part_of_the_value_may_contain_itself() {
        let tree = json!({"properties": {"child": {"$ref": "#"}}});
        assert!(measure(&tree).is_ok_and(|(_, is_recursive)| is_recursive));
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let schema = json!({keyword: [{"$ref": "#"}]});
            let error = measure(&schema).expect_err(keyword);
            assert!(error.contains("leads back to itself"), "{error}");
        }
        let dependent = json!({"dependentSchemas": {"a": {"$ref": "#"}}});
        assert!(measure(&dependent).is_err());
    }

    #[test]
    fn what_takes_too_much_is_refused() {
        assert!(measure(&nested(MAX_DEPTH - 1)).is_ok());
        assert!(measure(&nested(MAX_DEPTH + 1)).is_err());
        assert!(measure(&doubled(13, "allOf")).is_ok());
        assert!(measure(&doubled(16, "allOf")).is_err());
        // Each is about another value.
        assert!(measure(&doubled(16, "prefixItems")).is_ok());
    }

    #[test]
    fn deep_values_and_schemas_need_a_large_stack() {
        let flat = Complexity {
            depth: 2,
            is_recursive: false,
        };
        assert!(fits(flat, &nested_lists(SMALL_DEPTH)));
        assert!(!fits(flat, &nested_lists(SMALL_DEPTH + 2)));
        assert!(!fits(
            flat,
            &format!(r#"{{"a":{}}}"#, nested_lists(SMALL_DEPTH + 1))
        ));
        let deep = Complexity {
            depth: SMALL_DEPTH + 1,
            is_recursive: false,
        };
        assert!(!fits(deep, "1"));
        // Each level of the value takes all four schemas.
        let recursive = Complexity {
            depth: 4,
            is_recursive: true,
        };
        assert!(fits(recursive, &nested_lists(SMALL_DEPTH / 4)));
        assert!(!fits(recursive, &nested_lists(SMALL_DEPTH / 4 + 2)));
    }
}
