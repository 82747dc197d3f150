//! The entries of a line's parameter list.

use super::parameter::{NameMatch, Parameter};
use crate::json::{Elements, Kind, Member, Node};
use crate::names::{self, KnownName, known};
use crate::payload::JsonString;
use crate::suggest;

const ATTESTATION_ACCEPTED: KnownName = known("attestation_accepted");
const KEY: KnownName = known("key");
const NAME: KnownName = names::NAME;
const STRUCTURED_VALUE: KnownName = known("structured_value");
const VALUE: KnownName = names::VALUE;

/// An entry of a line's parameter list.
#[derive(Clone)]
pub struct Entry<'d> {
    /// The entry: an object.
    pub node: Node<'d>,
    /// How its name matches the known parameters.
    pub name_match: NameMatch,
    /// Its value, classified by the type that its parameter expects.
    pub value: EntryValue<'d>,
}

/// The value of an entry, classified by the type that its parameter expects.
#[derive(Clone)]
pub enum EntryValue<'d> {
    /// Absent, empty or only whitespace.
    Missing,
    /// In the wrong property; holds the name of that property.
    Misplaced(Node<'d>),
    /// A string in the right property.
    String(JsonString<'d>),
    /// A value of another type in the right property.
    Other(Node<'d>),
    /// Already reported by the schema or the parser.
    Unreadable,
}

impl<'d> Entry<'d> {
    /// Reads the next regular entry of a parameter list: the exact name of a parameter, a value of the right type in the
    /// right property, and nothing else. `None` for any other entry, which stays the next one.
    #[inline(always)]
    pub(super) fn next_plain(list: &mut Elements<'d>) -> Option<(Parameter, Entry<'d>)> {
        let mut rest = list.clone();
        let (node, name, value) = match rest.next_name_value_pair() {
            Some((node, name, text)) => (
                node,
                name,
                EntryValue::String(JsonString::read_plain(text)?),
            ),
            None => Self::read_attestation(rest.next()?)?,
        };
        let parameter = Parameter::of(name)?;
        if parameter.is_attestation() != matches!(value, EntryValue::Other(_)) {
            return None;
        }
        *list = rest;
        let entry = Entry {
            node,
            name_match: NameMatch::Exact(parameter),
            value,
        };
        Some((parameter, entry))
    }

    /// The name and the answer of an attestation.
    fn read_attestation(node: Node<'d>) -> Option<(Node<'d>, KnownName, EntryValue<'d>)> {
        let [name, structured] = node.values_in_order([NAME, STRUCTURED_VALUE])?;
        let [answer] = structured.values_in_order([ATTESTATION_ACCEPTED])?;
        answer.as_bool()?;
        Some((node, name.known_value()?, EntryValue::Other(answer)))
    }

    /// Reads any entry.
    #[inline(never)]
    pub(super) fn read(node: Node<'d>) -> Entry<'d> {
        let name = name_or_key(node);
        let name_match = match name.and_then(|name| name.as_text()) {
            Some(text) if !text.is_empty() => NameMatch::of(&text),
            _ => NameMatch::Absent,
        };
        Entry {
            node,
            name_match,
            value: EntryValue::classify(node, name_match.parameter()),
        }
    }

    /// Whether the entry has the exact name of a parameter and a value of the right type in the right
    /// property.
    pub(super) fn is_plain(&self) -> bool {
        match (self.name_match, &self.value) {
            (NameMatch::Exact(parameter), EntryValue::String(_)) => !parameter.is_attestation(),
            (NameMatch::Exact(parameter), EntryValue::Other(value)) => {
                parameter.is_attestation() && value.as_bool().is_some()
            }
            _ => false,
        }
    }

    /// The value of `name`, or of `key` if there is no `name`, if it is a string.
    pub fn name(&self) -> Option<Node<'d>> {
        name_or_key(self.node)
    }

    /// Whether the entry is named by `key`, as in the connector's format.
    pub fn is_named_by_key(&self) -> bool {
        let [name, key] = self.node.values_of([NAME, KEY]);
        name.is_none() && key.is_some()
    }

    /// The property of this name.
    pub fn member(&self, name: &str) -> Option<Member<'d>> {
        self.node.member(name)
    }
}

fn name_or_key(entry: Node<'_>) -> Option<Node<'_>> {
    let [name, key] = entry.values_of([NAME, KEY]);
    name.or(key).filter(|name| name.kind() == Kind::String)
}

impl<'d> EntryValue<'d> {
    /// Classifies the value of the entry at `node` by the type that `parameter` expects; without a parameter,
    /// by the types that any parameter could have.
    fn classify(node: Node<'d>, parameter: Option<Parameter>) -> Self {
        let member = |name: KnownName| node.members().find(|member| member.known() == Some(name));
        let is_absent = |value: Node<'_>| is_empty(value) || is_whitespace(value, parameter);
        let value = member(VALUE).filter(|member| !is_absent(member.value));
        // Serializers write `null` for a property that is absent. The schema reports other types than an object.
        let structured = member(STRUCTURED_VALUE).filter(|member| !is_empty(member.value));
        match (value, structured) {
            (None, None) if node.has_errors() || has_misspelt_value_property(node) => {
                EntryValue::Unreadable
            }
            (None, None) => EntryValue::Missing,
            (Some(member), _) if member.value.is_synthetic() => EntryValue::Unreadable,
            (_, Some(member)) if member.value.kind() != Kind::Object => EntryValue::Unreadable,
            (Some(value), Some(structured)) if parameter.is_some() => {
                let is_later = structured.name.index() > value.name.index();
                EntryValue::Misplaced(if is_later {
                    structured.name
                } else {
                    value.name
                })
            }
            (Some(value), None) if parameter.is_some_and(Parameter::is_attestation) => {
                EntryValue::Misplaced(value.name)
            }
            (Some(value), _) => EntryValue::from_node(value.value),
            (None, Some(structured)) => match parameter {
                Some(parameter) if parameter.is_attestation() => {
                    match structured.value.value_of(ATTESTATION_ACCEPTED) {
                        Some(answer) => EntryValue::from_node(answer),
                        None => EntryValue::Misplaced(structured.name),
                    }
                }
                Some(_) => EntryValue::Misplaced(structured.name),
                None => EntryValue::Other(structured.value),
            },
        }
    }

    /// Classifies a value in the right property.
    fn from_node(value: Node<'d>) -> Self {
        match JsonString::read(value) {
            Some(text) => EntryValue::String(text),
            None if value.is_synthetic() => EntryValue::Unreadable,
            None => EntryValue::Other(value),
        }
    }
}

/// Whether a property name is a misspelling of `value` or `structured_value`, which the schema reports.
fn has_misspelt_value_property(entry: Node<'_>) -> bool {
    let is_misspelt = |name: &str| {
        ["value", "structured_value"]
            .iter()
            .any(|known| suggest::is_near(name, known))
    };
    entry
        .members()
        .any(|member| is_misspelt(&member.name_text()))
}

/// Whether a string has only whitespace, and no rule on the format of its parameter reports that.
fn is_whitespace(value: Node<'_>, parameter: Option<Parameter>) -> bool {
    let has_no_format = matches!(
        parameter,
        None | Some(
            Parameter::CustomerTaxId
                | Parameter::EffectiveAddress
                | Parameter::EffectiveCity
                | Parameter::EffectivePhonenumber
                | Parameter::EffectivePostalCode
                | Parameter::EffectiveState
        )
    );
    has_no_format && value.as_text().is_some_and(|text| text.trim().is_empty())
}

/// Whether a value is empty: `""`, `null` or `{}`. A `null` that error recovery synthesized replaces an
/// unreadable value and is not empty.
fn is_empty(value: Node<'_>) -> bool {
    match value.kind() {
        Kind::Null => !value.is_synthetic(),
        Kind::String => value.content_span().is_empty(),
        Kind::Object => value.child_count() == 0 && !value.has_errors(),
        _ => false,
    }
}
