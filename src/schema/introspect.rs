//! What a schema says about a value, for completion and hover in the editor.

use serde_json::Value;

use super::Schema;

/// The subschemas that apply to one value, those under a condition included.
#[derive(Clone, Debug, Default)]
pub struct SchemaView<'s>(Vec<&'s Value>);

/// A property that an object may have.
#[derive(Clone, Debug)]
pub struct PropertyView<'s> {
    /// The property's name.
    pub name: &'s str,
    /// Whether the property is required.
    pub is_required: bool,
    /// The subschemas of the property's value.
    pub value: SchemaView<'s>,
}

impl Schema {
    /// The subschemas that apply to the root value.
    pub fn view(&self) -> SchemaView<'_> {
        let mut subschemas = Vec::new();
        collect(&self.source, &mut subschemas);
        SchemaView(subschemas)
    }
}

impl<'s> SchemaView<'s> {
    fn descend(&self, step: impl Fn(&'s Value) -> Option<&'s Value>) -> Self {
        let mut subschemas = Vec::new();
        for subschema in self.0.iter().filter_map(|subschema| step(subschema)) {
            collect(subschema, &mut subschemas);
        }
        Self(subschemas)
    }

    /// The subschemas of the property of this name.
    pub fn property(&self, name: &str) -> Self {
        self.descend(|subschema| subschema.get("properties")?.get(name))
    }

    /// The subschemas of each element.
    pub fn element(&self) -> Self {
        self.descend(|subschema| subschema.get("items"))
    }

    /// The subschemas of the value at a JSON Pointer relative to this value.
    pub fn at(&self, pointer: &str) -> Self {
        let step = |view: Self, segment: &str| {
            let name = segment.replace("~1", "/").replace("~0", "~");
            let property = view.property(&name);
            let is_index = name.bytes().all(|byte| byte.is_ascii_digit());
            match property.0.is_empty() && is_index {
                true => view.element(),
                false => property,
            }
        };
        pointer.split('/').skip(1).fold(self.clone(), step)
    }

    fn string(&self, keyword: &str) -> Option<&'s str> {
        self.0
            .iter()
            .find_map(|subschema| subschema.get(keyword)?.as_str())
    }

    /// The description of the value.
    pub fn description(&self) -> Option<&'s str> {
        self.string("description")
    }

    /// The JSON type of the value, the first one where there are several.
    pub fn json_type(&self) -> Option<&'s str> {
        self.string("type").or_else(|| {
            let mut subschemas = self.0.iter();
            let types = subschemas.find_map(|subschema| subschema.get("type")?.as_array());
            types?.first()?.as_str()
        })
    }

    /// The properties that the object may have, in the order of the schema.
    pub fn properties(&self) -> Vec<PropertyView<'s>> {
        let mut views: Vec<PropertyView<'s>> = Vec::new();
        for subschema in &self.0 {
            let properties = subschema.get("properties").and_then(Value::as_object);
            for (name, _) in properties.into_iter().flatten() {
                if views.iter().all(|view| view.name != name) {
                    views.push(PropertyView {
                        name,
                        is_required: self.requires(name),
                        value: self.property(name),
                    });
                }
            }
        }
        views
    }

    fn requires(&self, name: &str) -> bool {
        let is_required = |subschema: &&Value| {
            let names = subschema.get("required").and_then(Value::as_array);
            names.is_some_and(|names| names.iter().any(|required| required == name))
        };
        self.0.iter().any(is_required)
    }

    /// The allowed values, where the schema lists them or the value is a boolean. Empty otherwise.
    pub fn allowed_values(&self) -> Vec<&'s Value> {
        let mut allowed: Vec<&Value> = Vec::new();
        for subschema in &self.0 {
            let listed = subschema.get("enum").and_then(Value::as_array);
            for value in listed.into_iter().flatten().chain(subschema.get("const")) {
                if !allowed.contains(&value) {
                    allowed.push(value);
                }
            }
        }
        if allowed.is_empty() && self.json_type() == Some("boolean") {
            allowed.extend([&Value::Bool(true), &Value::Bool(false)]);
        }
        allowed
    }
}

/// Collects a schema and the subschemas that apply to the same value. Ignores conditions: both branches of
/// an `if` are collected.
fn collect<'s>(schema: &'s Value, subschemas: &mut Vec<&'s Value>) {
    subschemas.push(schema);
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let alternatives = schema.get(keyword).and_then(Value::as_array);
        alternatives
            .into_iter()
            .flatten()
            .for_each(|subschema| collect(subschema, subschemas));
    }
    for keyword in ["then", "else"] {
        if let Some(subschema) = schema.get(keyword) {
            collect(subschema, subschemas);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::kinds::order::ORDER;

    #[test]
    fn describes_the_properties_of_an_order() {
        let schema = ORDER.definition("request").expect("a schema");
        let order = schema.view();
        let properties = order.properties();
        let names: Vec<&str> = properties.iter().map(|property| property.name).collect();
        assert!(
            names.contains(&"customerId") && names.contains(&"products"),
            "{names:?}"
        );
        let is_required = |name: &str| {
            properties
                .iter()
                .any(|property| property.name == name && property.is_required)
        };
        assert!(is_required("customerId") && !is_required("poNumber"));
        let period = order.at("/products/3/billingPeriod/type");
        assert!(
            period
                .allowed_values()
                .iter()
                .any(|value| *value == "month")
        );
        assert_eq!(period.json_type(), Some("string"));
        let name = order.at("/products/0/parameters/2/name");
        assert!(name.description().is_some());
        assert!(order.at("/products/0/nothing").description().is_none());
        assert_eq!(order.at("/autorenewal").allowed_values().len(), 2);
    }
}
