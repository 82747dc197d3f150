//! What a schema says of a place to somebody who writes there: what it is for, and what may stand there.

use serde_json::Value;

use super::Schema;

/// What a schema says of one place. Whatever it says under some condition counts.
#[derive(Clone, Debug, Default)]
pub struct Outline<'s>(Vec<&'s Value>);

/// A member that an object may have.
#[derive(Clone, Debug)]
pub struct Slot<'s> {
    /// Its name.
    pub name: &'s str,
    /// Whether it has to be there.
    pub is_required: bool,
    /// What is said of its value.
    pub value: Outline<'s>,
}

impl Schema {
    /// What the schema says of the whole value.
    pub fn outline(&self) -> Outline<'_> {
        let mut parts = Vec::new();
        gather(&self.source, &mut parts);
        Outline(parts)
    }
}

impl<'s> Outline<'s> {
    fn each(&self, next: impl Fn(&'s Value) -> Option<&'s Value>) -> Self {
        let mut parts = Vec::new();
        for part in self.0.iter().filter_map(|part| next(part)) {
            gather(part, &mut parts);
        }
        Self(parts)
    }

    /// What is said of the member of this name.
    pub fn member(&self, name: &str) -> Self {
        self.each(|part| part.get("properties")?.get(name))
    }

    /// What is said of the elements.
    pub fn element(&self) -> Self {
        self.each(|part| part.get("items"))
    }

    /// What is said of the value at a JSON Pointer from here.
    pub fn at(&self, pointer: &str) -> Self {
        let step = |outline: Self, segment: &str| {
            let name = segment.replace("~1", "/").replace("~0", "~");
            let member = outline.member(&name);
            let is_index = name.bytes().all(|byte| byte.is_ascii_digit());
            match member.0.is_empty() && is_index {
                true => outline.element(),
                false => member,
            }
        };
        pointer.split('/').skip(1).fold(self.clone(), step)
    }

    fn words(&self, keyword: &str) -> Option<&'s str> {
        self.0.iter().find_map(|part| part.get(keyword)?.as_str())
    }

    /// What the value is for.
    pub fn description(&self) -> Option<&'s str> {
        self.words("description")
    }

    /// The JSON type of the value, where one is said.
    pub fn kind(&self) -> Option<&'s str> {
        self.words("type").or_else(|| {
            let several = self.0.iter().find_map(|part| part.get("type")?.as_array());
            several?.first()?.as_str()
        })
    }

    /// The members that the object may have, in the order of the schema's text.
    pub fn members(&self) -> Vec<Slot<'s>> {
        let mut slots: Vec<Slot<'s>> = Vec::new();
        for part in &self.0 {
            let properties = part.get("properties").and_then(Value::as_object);
            for (name, _) in properties.into_iter().flatten() {
                if slots.iter().all(|slot| slot.name != name) {
                    slots.push(Slot {
                        name,
                        is_required: self.requires(name),
                        value: self.member(name),
                    });
                }
            }
        }
        slots
    }

    fn requires(&self, name: &str) -> bool {
        let required = |part: &&Value| {
            let names = part.get("required").and_then(Value::as_array);
            names.is_some_and(|names| names.iter().any(|required| required == name))
        };
        self.0.iter().any(required)
    }

    /// The values that are allowed, where they are listed or few.
    pub fn choices(&self) -> Vec<&'s Value> {
        let mut choices: Vec<&Value> = Vec::new();
        for part in &self.0 {
            let listed = part.get("enum").and_then(Value::as_array);
            for choice in listed.into_iter().flatten().chain(part.get("const")) {
                if !choices.contains(&choice) {
                    choices.push(choice);
                }
            }
        }
        if choices.is_empty() && self.kind() == Some("boolean") {
            choices.extend([&Value::Bool(true), &Value::Bool(false)]);
        }
        choices
    }
}

/// A schema and those that apply to the same value, conditions aside.
fn gather<'s>(schema: &'s Value, parts: &mut Vec<&'s Value>) {
    parts.push(schema);
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let several = schema.get(keyword).and_then(Value::as_array);
        several
            .into_iter()
            .flatten()
            .for_each(|part| gather(part, parts));
    }
    for keyword in ["then", "else"] {
        if let Some(part) = schema.get(keyword) {
            gather(part, parts);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::kinds::order::ORDER;

    #[test]
    fn an_order_is_outlined() {
        let schema = ORDER.definition("request").expect("a schema");
        let order = schema.outline();
        let names: Vec<&str> = order.members().iter().map(|slot| slot.name).collect();
        assert!(
            names.contains(&"customerId") && names.contains(&"products"),
            "{names:?}"
        );
        let is_required = |name: &str| {
            let members = order.members();
            members
                .iter()
                .any(|slot| slot.name == name && slot.is_required)
        };
        assert!(is_required("customerId") && !is_required("poNumber"));
        let period = order.at("/products/3/billingPeriod/type");
        assert!(period.choices().iter().any(|choice| *choice == "month"));
        assert_eq!(period.kind(), Some("string"));
        assert!(
            order
                .at("/products/0/parameters/2/name")
                .description()
                .is_some()
        );
        assert!(order.at("/products/0/nothing").description().is_none());
        assert_eq!(order.at("/autorenewal").choices().len(), 2);
    }
}
