//! Strings that the parser marks for closer inspection.

use super::JsonString;
use crate::document::Document;
use crate::json::{Node, StringRole};

/// A string, or the name of a property, with unusual content.
#[derive(Clone, Debug)]
pub struct SuspiciousString<'d> {
    /// The content and position.
    pub string: JsonString<'d>,
    /// Whether it is a name, a property's value or an element.
    pub role: StringRole<'d>,
}

impl<'d> SuspiciousString<'d> {
    /// The suspicious strings in the value at `node`, in document order.
    pub(super) fn all_in(
        document: &'d Document<'d>,
        node: Node<'d>,
    ) -> impl Iterator<Item = SuspiciousString<'d>> + use<'d> {
        document.suspicious_strings(node).filter_map(Self::read)
    }

    fn read((node, role): (Node<'d>, StringRole<'d>)) -> Option<Self> {
        let string = JsonString::read(node)?;
        Some(SuspiciousString { string, role })
    }

    /// The name of the property whose value this is.
    pub fn property_name(&self) -> Option<Node<'d>> {
        match self.role {
            StringRole::Value(name) => Some(name),
            _ => None,
        }
    }

    /// Whether this is the name of a property.
    pub fn is_name(&self) -> bool {
        matches!(self.role, StringRole::Name)
    }
}
