//! Random changes of a value.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use super::values::any_value;

#[derive(Clone, Debug)]
pub(super) enum Change {
    Remove(Index),
    Replace(Index, Value),
    Insert(Index, Index, Value),
}

pub(super) fn any_change() -> impl Strategy<Value = Change> {
    let index = any::<Index>();
    prop_oneof![
        index.prop_map(Change::Remove),
        (any::<Index>(), any_value()).prop_map(|(at, value)| Change::Replace(at, value)),
        (any::<Index>(), any::<Index>(), any_value())
            .prop_map(|(at, name, value)| Change::Insert(at, name, value)),
    ]
}

/// The JSON Pointers of everything in a value.
fn pointers_in(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    pointers.push(pointer.to_owned());
    match value {
        Value::Array(elements) => elements.iter().enumerate().for_each(|(index, value)| {
            pointers_in(value, &format!("{pointer}/{index}"), pointers);
        }),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            pointers_in(value, &format!("{pointer}/{name}"), pointers);
        }),
        _ => {}
    }
}

pub(super) fn apply(change: &Change, names: &[String], value: &mut Value) {
    let mut pointers = Vec::new();
    pointers_in(value, "", &mut pointers);
    let (Change::Remove(at) | Change::Replace(at, _) | Change::Insert(at, ..)) = change;
    let pointer = at.get(&pointers);
    match change {
        Change::Replace(_, new) => *value.pointer_mut(pointer).expect("a pointer") = new.clone(),
        Change::Remove(_) => {
            let Some((parent, last)) = pointer.rsplit_once('/') else {
                return;
            };
            match value.pointer_mut(parent) {
                Some(Value::Object(members)) => {
                    members.remove(&last.replace("~1", "/").replace("~0", "~"));
                }
                Some(Value::Array(elements)) => {
                    elements.remove(last.parse().expect("an index"));
                }
                _ => {}
            }
        }
        Change::Insert(_, name, new) => match value.pointer_mut(pointer) {
            Some(Value::Object(members)) if !names.is_empty() => {
                members.insert(name.get(names).clone(), new.clone());
            }
            Some(Value::Array(elements)) => elements.push(new.clone()),
            _ => {}
        },
    }
}
