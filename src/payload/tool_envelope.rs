//! Envelopes that tools put around payloads, whatever the payloads are.

use super::evidence::value_of;
use crate::json::{Kind as ValueKind, Node};

/// Where a tool puts the payloads that it exports: the path from an object that is not known to them. A `*` is each
/// element of an array, any other segment a property, without regard to case.
///
/// ```
/// use countersign::payload::ToolEnvelope;
///
/// static POWERSHELL: ToolEnvelope = ToolEnvelope::new(&["value", "*"]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ToolEnvelope {
    path: &'static [&'static str],
}

impl ToolEnvelope {
    /// An envelope whose payloads are at this path.
    pub const fn new(path: &'static [&'static str]) -> Self {
        Self { path }
    }

    /// The objects at the path in `node`, in order.
    pub(super) fn payloads<'d>(&self, node: Node<'d>) -> Vec<Node<'d>> {
        let mut nodes = vec![node];
        for segment in self.path {
            nodes = match *segment {
                "*" => nodes
                    .into_iter()
                    .filter(|node| node.kind() == ValueKind::Array)
                    .flat_map(|list| list.elements())
                    .collect(),
                name => nodes
                    .into_iter()
                    .filter(|node| node.kind() == ValueKind::Object)
                    .filter_map(|object| value_of(object, name))
                    .collect(),
            };
        }
        nodes.retain(|node| node.kind() == ValueKind::Object);
        nodes
    }
}
