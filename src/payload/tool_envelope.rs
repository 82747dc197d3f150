//! Envelopes that tools put around payloads of any kind.

use super::evidence::value_of;
use crate::json::{Kind as ValueKind, Node};

/// The path from an unknown object to the payloads that a tool puts into it. The segment `*` selects every element of
/// an array; any other segment selects a property, ignoring case.
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
