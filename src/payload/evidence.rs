//! What shows a record to be of some kind, as data, and its compiled form.

use std::borrow::Cow;

use super::markers::Markers;
use crate::json::{Kind, Member, Node};
use crate::suggest::starts_with_ignore_case;

/// What shows an object to be of some kind. Names of properties are compared without regard to case, so that a
/// payload with wrongly capitalised names is recognised and then reported.
#[derive(Clone, Copy, Debug)]
pub enum Evidence {
    /// At least so many of these properties.
    Properties {
        /// How many have to be present.
        at_least: u32,
        /// The properties.
        of: &'static [&'static str],
    },
    /// All of these hold. The first one is a property that has to be present.
    All(&'static [Evidence]),
    /// This does not hold. Only counts within [`Evidence::All`], together with something that does hold.
    Not(&'static Evidence),
    /// A property is a string that begins like this, without regard to case.
    Prefix {
        /// The property.
        property: &'static str,
        /// How its value begins.
        prefix: &'static str,
    },
    /// The `id` of the object in a property begins like this, without regard to case.
    IdOfPrefix {
        /// The property that holds the object.
        object: &'static str,
        /// How its `id` begins.
        prefix: &'static str,
    },
    /// A property is an object.
    Object {
        /// The property.
        property: &'static str,
    },
    /// A property is a string that contains this.
    Contains {
        /// The property.
        property: &'static str,
        /// What its value contains.
        text: &'static str,
    },
    /// A property is an array whose first element has this property.
    Elements {
        /// The property that holds the array.
        list: &'static str,
        /// The property of the element.
        property: &'static str,
    },
    /// A property is a whole number, or a string of digits, of at least so many digits.
    Digits {
        /// The property.
        property: &'static str,
        /// The smallest number of digits.
        at_least: usize,
    },
}

impl Evidence {
    /// At least one of these properties.
    pub const fn any(of: &'static [&'static str]) -> Evidence {
        Evidence::Properties { at_least: 1, of }
    }

    /// Calls `add` with the name of every property of which one has to be present for the evidence to hold.
    pub(super) fn for_each_required_property(&self, add: &mut impl FnMut(&'static str)) {
        match self {
            // All have to hold, so the first one is enough.
            Evidence::All(several) => {
                if let Some(first) = several.first() {
                    first.for_each_required_property(add);
                }
            }
            Evidence::Not(_) => {}
            Evidence::Properties { .. }
            | Evidence::Prefix { .. }
            | Evidence::IdOfPrefix { .. }
            | Evidence::Object { .. }
            | Evidence::Contains { .. }
            | Evidence::Elements { .. }
            | Evidence::Digits { .. } => self.for_each_property(add),
        }
    }

    /// Calls `add` with the name of every property that the evidence looks at.
    pub(super) fn for_each_property(&self, add: &mut impl FnMut(&'static str)) {
        match self {
            Evidence::Properties { of, .. } => of.iter().for_each(|name| add(name)),
            Evidence::All(several) => several.iter().for_each(|one| one.for_each_property(add)),
            Evidence::Not(one) => one.for_each_property(add),
            Evidence::Prefix { property, .. }
            | Evidence::Object { property }
            | Evidence::Contains { property, .. }
            | Evidence::Digits { property, .. }
            | Evidence::Elements { list: property, .. }
            | Evidence::IdOfPrefix {
                object: property, ..
            } => add(property),
        }
    }
}

/// Evidence with its properties as sets of bits.
pub(super) enum Clause {
    Properties { at_least: u32, of: Markers },
    All(Vec<Clause>),
    Not(Box<Clause>),
    Prefix(Markers, &'static str, &'static str),
    IdOfPrefix(Markers, &'static str, &'static str),
    Object(Markers, &'static str),
    Contains(Markers, &'static str, &'static str),
    Elements(Markers, &'static str, &'static str),
    Digits(Markers, &'static str, usize),
}

impl Clause {
    /// Compiles evidence of which any one is enough. What the names of properties alone decide comes first, because it
    /// is faster than to read values.
    pub(super) fn compile_any(
        evidence: &[Evidence],
        set_of: &impl Fn(&[&'static str]) -> Markers,
    ) -> Vec<Self> {
        let clauses = evidence.iter().map(|one| Clause::compile(one, set_of));
        let mut clauses: Vec<Clause> = clauses.collect();
        clauses.sort_by_key(|clause| !matches!(clause, Clause::Properties { .. }));
        clauses
    }

    /// Compiles evidence; `set_of` gives the set of some properties.
    fn compile(evidence: &Evidence, set_of: &impl Fn(&[&'static str]) -> Markers) -> Self {
        match evidence {
            Evidence::Properties { at_least, of } => Clause::Properties {
                at_least: *at_least,
                of: set_of(of),
            },
            Evidence::All(several) => Clause::All(
                several
                    .iter()
                    .map(|one| Clause::compile(one, set_of))
                    .collect(),
            ),
            Evidence::Not(one) => Clause::Not(Box::new(Clause::compile(one, set_of))),
            Evidence::Prefix { property, prefix } => {
                Clause::Prefix(set_of(&[property]), property, prefix)
            }
            Evidence::IdOfPrefix { object, prefix } => {
                Clause::IdOfPrefix(set_of(&[object]), object, prefix)
            }
            Evidence::Object { property } => Clause::Object(set_of(&[property]), property),
            Evidence::Contains { property, text } => {
                Clause::Contains(set_of(&[property]), property, text)
            }
            Evidence::Elements { list, property } => {
                Clause::Elements(set_of(&[list]), list, property)
            }
            Evidence::Digits { property, at_least } => {
                Clause::Digits(set_of(&[property]), property, *at_least)
            }
        }
    }

    /// Whether an object with these markers fulfils the clause.
    pub(super) fn holds(&self, node: Node<'_>, markers: Markers) -> bool {
        match self {
            Clause::Properties { at_least, of } => markers.has_at_least(*at_least, *of),
            Clause::All(several) => several.iter().all(|one| one.holds(node, markers)),
            Clause::Not(one) => !one.holds(node, markers),
            Clause::Prefix(of, property, prefix) => {
                markers.intersects(*of)
                    && string_of(node, property)
                        .is_some_and(|value| starts_with_ignore_case(&value, prefix))
            }
            Clause::IdOfPrefix(of, object, prefix) => {
                let begins = |inner| {
                    string_of(inner, "id").is_some_and(|id| starts_with_ignore_case(&id, prefix))
                };
                markers.intersects(*of) && value_of(node, object).is_some_and(begins)
            }
            Clause::Object(of, property) => {
                let value = || value_of(node, property);
                markers.intersects(*of) && value().is_some_and(|value| value.kind() == Kind::Object)
            }
            Clause::Contains(of, property, text) => {
                markers.intersects(*of)
                    && string_of(node, property).is_some_and(|value| value.contains(text))
            }
            Clause::Elements(of, list, property) => {
                let first = || value_of(node, list)?.elements().next();
                markers.intersects(*of)
                    && first().is_some_and(|element| value_of(element, property).is_some())
            }
            Clause::Digits(of, property, at_least) => {
                markers.intersects(*of)
                    && value_of(node, property).is_some_and(|value| has_digits(value, *at_least))
            }
        }
    }
}

/// Whether a value is a whole number, or a string of digits, of at least so many digits.
fn has_digits(value: Node<'_>, at_least: usize) -> bool {
    let is_number =
        |text: &str| text.len() >= at_least && text.bytes().all(|byte| byte.is_ascii_digit());
    match value.kind() {
        Kind::Number => is_number(value.source()),
        _ => value.as_text().is_some_and(|text| is_number(&text)),
    }
}

/// The property of this name, without regard to case.
pub(crate) fn member_ignore_case<'d>(node: Node<'d>, name: &str) -> Option<Member<'d>> {
    let mut members = node.members();
    members.find(|member| member.name_text().eq_ignore_ascii_case(name))
}

/// The value of the property of this name, without regard to case.
pub(super) fn value_of<'d>(node: Node<'d>, name: &str) -> Option<Node<'d>> {
    member_ignore_case(node, name).map(|member| member.value)
}

fn string_of<'d>(node: Node<'d>, name: &str) -> Option<Cow<'d, str>> {
    value_of(node, name)?.as_text()
}
