//! The examples in the schema of a kind: valid values of properties, for the trial of completions.

use serde_json::Value;

use super::cursor::CursorContext;

/// The subschemas that apply to the properties of an object.
pub(super) struct SchemaExamples {
    root: Value,
    /// The definition of the record's schema, and the JSON Pointer of the object in the record.
    location: Option<(&'static str, String)>,
}

impl SchemaExamples {
    /// The examples for the properties of the object at the cursor.
    pub(super) fn of(context: &CursorContext<'_>) -> Self {
        let kind = context.record.kind();
        let root = kind.and_then(|kind| serde_json::from_str(kind.schema_text()).ok());
        Self {
            root: root.unwrap_or_default(),
            location: kind.map(|_| (context.record.definition(), context.pointer())),
        }
    }

    /// Returns valid values of a property as JSON: its examples, and an empty array if it is one.
    pub(super) fn values_of(&self, name: &str) -> Vec<String> {
        let Some((definition, pointer)) = &self.location else {
            return Vec::new();
        };
        let mut subschemas = Vec::new();
        self.collect(&self.root["$defs"][definition], &mut subschemas);
        for segment in pointer.split('/').skip(1) {
            subschemas = self.step(&subschemas, segment);
        }
        subschemas = self.step(&subschemas, &name.replace('~', "~0").replace('/', "~1"));
        let mut values: Vec<String> = Vec::new();
        for subschema in subschemas {
            let examples = subschema["examples"].as_array().into_iter().flatten();
            values.extend(examples.map(Value::to_string));
            if subschema["type"] == "array" {
                values.push("[]".to_owned());
            }
        }
        values
    }

    /// Returns the subschemas of the property or element that a segment of a JSON Pointer names.
    fn step<'s>(&'s self, subschemas: &[&'s Value], segment: &str) -> Vec<&'s Value> {
        let name = segment.replace("~1", "/").replace("~0", "~");
        let mut found = Vec::new();
        for subschema in subschemas {
            let property = subschema["properties"].get(&name);
            let is_index = segment.bytes().all(|byte| byte.is_ascii_digit());
            let element = subschema.get("items").filter(|_| is_index);
            if let Some(next) = property.or(element) {
                self.collect(next, &mut found);
            }
        }
        found
    }

    /// Collects a schema and the subschemas that apply to the same value, under any condition.
    fn collect<'s>(&'s self, schema: &'s Value, found: &mut Vec<&'s Value>) {
        found.push(schema);
        let reference = schema["$ref"].as_str();
        let target = reference.and_then(|path| self.root.pointer(path.trim_start_matches('#')));
        let branches = ["then", "else"].map(|keyword| schema.get(keyword));
        let alternatives = ["allOf", "anyOf", "oneOf"].map(|keyword| schema[keyword].as_array());
        let alternatives = alternatives.into_iter().flatten().flatten();
        for applied in target
            .into_iter()
            .chain(branches.into_iter().flatten())
            .chain(alternatives)
        {
            self.collect(applied, found);
        }
    }
}
