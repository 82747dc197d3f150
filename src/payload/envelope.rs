//! What the envelope around a list of records says about it.

use super::envelope_format::CountRole;
use super::kind::Kind;
use crate::json::Node;

/// A count of an envelope.
#[derive(Clone, Copy, Debug)]
pub struct Count<'d> {
    /// What it counts.
    pub role: CountRole,
    /// Its value.
    pub node: Node<'d>,
}

/// What an envelope of a document says about its list.
#[derive(Clone, Debug)]
pub struct Envelope<'d> {
    /// The object that holds it.
    pub node: Node<'d>,
    /// The kind of payload whose platform writes such envelopes.
    pub kind: &'static Kind,
    /// The definition of that kind's schema against which the object is validated.
    pub definition: &'static str,
    /// Its counts, in document order.
    pub counts: Vec<Count<'d>>,
    /// How many records the list has, where that is known.
    pub length: Option<usize>,
}
