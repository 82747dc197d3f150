//! The implementation of the `jsonschema` crate's JSON traits for the parser's tape: validators read the
//! tape, and no `serde_json::Value` is built.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object};
use jsonschema_value::LazyInstance;
use serde_json::Value;

use crate::json::{self, Elements, Kind, Members, NameId, Node, Number, Tape};
use crate::names;

/// The tape as a representation of JSON.
pub struct TapeJson;

/// A source text that is one string, for validating property names as strings.
#[derive(Default)]
pub struct NameBuffer {
    text: String,
    tape: Tape,
}

impl Json for TapeJson {
    type Node<'a> = Node<'a>;
    type PreparedKey = (NameId, String);
    type StringBuffer = NameBuffer;

    // A look-up scans the properties, so a single pass over them is never more expensive.
    const KEYS_PER_LOOKUP: usize = 64;

    fn prepare_key(key: &str) -> (NameId, String) {
        (names::id(key), key.to_owned())
    }

    fn with_string_node<T>(
        buffer: &mut NameBuffer,
        string: &str,
        f: impl FnOnce(Node<'_>) -> T,
    ) -> T {
        buffer.text = json::quote(string);
        let (parsed, _) = json::parse(
            &buffer.text,
            &names::VOCABULARY,
            std::mem::take(&mut buffer.tape),
        );
        let result = f(parsed.roots().next().expect("a quoted string is a value"));
        buffer.tape = parsed.into_tape();
        result
    }
}

impl JsonNumber for Number<'_> {
    fn as_u64(&self) -> Option<u64> {
        Number::as_u64(self)
    }

    fn as_i64(&self) -> Option<i64> {
        Number::as_i64(self)
    }

    fn as_f64(&self) -> Option<f64> {
        Some(Number::as_f64(self))
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(Number::as_str(self))
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        // serde_json has no numbers beyond the range of f64; of those only the sign matters.
        let limit = f64::MAX.copysign(Number::as_f64(self));
        let number = serde_json::from_str(Number::as_str(self)).ok();
        Cow::Owned(
            number
                .or_else(|| serde_json::Number::from_f64(limit))
                .unwrap_or_else(|| 0.into()),
        )
    }

    fn is_integer(&self) -> bool {
        Number::is_integer(self)
    }

    fn is_written_as_integer(&self) -> bool {
        !Number::as_str(self).contains(['.', 'e', 'E'])
    }
}

impl<'a> JsonNode<'a, TapeJson> for Node<'a> {
    type Object = ObjectNode<'a>;
    type Array = ArrayNode<'a>;
    type Number = Number<'a>;

    #[inline]
    fn as_object(&self) -> Option<ObjectNode<'a>> {
        (self.kind() == Kind::Object).then_some(ObjectNode(*self))
    }

    #[inline]
    fn as_array(&self) -> Option<ArrayNode<'a>> {
        (self.kind() == Kind::Array).then_some(ArrayNode(*self))
    }

    #[inline]
    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.as_text()
    }

    fn as_number(&self) -> Option<Number<'a>> {
        Node::as_number(self)
    }

    fn as_boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    #[inline]
    fn is_number(&self) -> bool {
        self.kind() == Kind::Number
    }

    #[inline]
    fn is_string(&self) -> bool {
        self.kind() == Kind::String
    }

    fn string_length(&self) -> Option<u64> {
        let string = self.as_text()?;
        let length = if string.is_ascii() {
            string.len()
        } else {
            string.chars().count()
        };
        Some(length as u64)
    }

    #[inline]
    fn json_type(&self) -> JsonType {
        match self.kind() {
            Kind::Null => JsonType::Null,
            Kind::False | Kind::True => JsonType::Boolean,
            Kind::Number => JsonType::Number,
            Kind::String => JsonType::String,
            Kind::Array => JsonType::Array,
            Kind::Object => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match expected {
            Value::Null => self.kind() == Kind::Null,
            Value::Bool(expected) => self.as_bool() == Some(*expected),
            Value::Number(expected) => Node::as_number(self)
                .is_some_and(|number| number.compare(&Number::new(&expected.to_string())).is_eq()),
            Value::String(expected) => self.is_text(expected),
            Value::Array(expected) => {
                self.kind() == Kind::Array
                    && self.child_count() == expected.len()
                    && self
                        .elements()
                        .zip(expected)
                        .all(|(element, expected)| element.equals_value(expected))
            }
            Value::Object(expected) => {
                self.kind() == Kind::Object
                    && self.child_count() == expected.len()
                    && expected.iter().all(|(name, expected)| {
                        self.get(name)
                            .is_some_and(|value| value.equals_value(expected))
                    })
            }
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self.kind() {
            Kind::Null => Value::Null,
            Kind::False => Value::Bool(false),
            Kind::True => Value::Bool(true),
            Kind::Number => Node::as_number(self)
                .map_or(Value::Null, |number| number.to_number().into_owned().into()),
            Kind::String => self.as_text().unwrap_or_default().into(),
            Kind::Array => self
                .elements()
                .map(|element| element.to_value().into_owned())
                .collect(),
            Kind::Object => self
                .members()
                .map(|member| {
                    (
                        member.name.as_text().unwrap_or_default().into_owned(),
                        member.value.to_value().into_owned(),
                    )
                })
                .collect(),
        })
    }

    fn lazy_value(&self) -> LazyInstance<'a> {
        // Findings are written from the tape, so an error need not carry the value.
        LazyInstance::Ready(Cow::Borrowed(&Value::Null))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::tagged(self.address(), self.index()))
    }
}

/// An object on the tape.
#[derive(Clone, Copy)]
pub struct ObjectNode<'a>(Node<'a>);

impl<'a> Object<'a, TapeJson> for ObjectNode<'a> {
    type Node = Node<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = NamedMembers<'a>;

    #[inline]
    fn len(&self) -> usize {
        self.0.child_count()
    }

    #[inline]
    fn get(&self, (tag, name): &(NameId, String)) -> Option<Node<'a>> {
        self.0.member_by_id(*tag, name).map(|member| member.value)
    }

    #[inline]
    fn members(&self) -> NamedMembers<'a> {
        NamedMembers(self.0.members())
    }
}

/// The properties of an object with their names as strings.
pub struct NamedMembers<'a>(Members<'a>);

impl<'a> Iterator for NamedMembers<'a> {
    type Item = (Cow<'a, str>, Node<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0
            .next()
            .map(|member| (member.name_text(), member.value))
    }
}

/// An array on the tape.
#[derive(Clone, Copy)]
pub struct ArrayNode<'a>(Node<'a>);

impl<'a> Array<'a, TapeJson> for ArrayNode<'a> {
    type Node = Node<'a>;
    type ElementsIter = Elements<'a>;

    #[inline]
    fn len(&self) -> usize {
        self.0.child_count()
    }

    #[inline]
    fn elements(&self) -> Elements<'a> {
        self.0.elements()
    }
}

#[cfg(test)]
mod tests {
    use jsonschema::json::conformance;

    use super::*;

    #[test]
    fn conforms_to_the_contract_of_a_json_representation() {
        let text = conformance::document().to_string();
        let (parsed, errors) = json::parse(&text, &names::VOCABULARY, Tape::default());
        assert!(errors.is_empty());
        let root = parsed.roots().next().expect("one value");
        conformance::assert_conformance::<TapeJson>(&root);
    }
}
