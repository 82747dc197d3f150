//! Values on the tape as values of `serde_json`.

use countersign::json::{Kind, Node};
use serde_json::Value;

/// The value on the tape as a `serde_json` value. A number that `serde_json` refuses becomes a string.
pub(crate) fn value_of(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::False => false.into(),
        Kind::True => true.into(),
        Kind::Number => {
            serde_json::from_str(node.source()).unwrap_or_else(|_| node.source().into())
        }
        Kind::String => node.as_text().unwrap().into(),
        Kind::Array => node.elements().map(value_of).collect(),
        Kind::Object => node
            .members()
            .map(|member| {
                (
                    member.name.as_text().unwrap().into_owned(),
                    value_of(member.value),
                )
            })
            .collect(),
    }
}
