//! What an envelope says of the list in it.

use super::PayloadKind;
use crate::json::Node;

/// An envelope's words about its list.
#[derive(Clone, Debug)]
pub struct Page<'d> {
    /// The object that holds them.
    pub node: Node<'d>,
    /// The kind of payload whose platform has such envelopes.
    pub kind: PayloadKind,
    /// The description by which the object is judged: a name under `$defs` of that kind's schema.
    pub definition: &'static str,
    /// Its numbers, in document order.
    pub numbers: Vec<(PageNumber, Node<'d>)>,
    /// How many records the list has, where that is known.
    pub length: Option<usize>,
}

/// A number that an envelope gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageNumber {
    /// How many records stand before this page.
    Offset,
    /// How many records a page has at most.
    Limit,
    /// How many records there are on all pages.
    Total,
    /// How many records this list has.
    TotalCount,
}

impl PageNumber {
    /// The number that a member of this name gives, in whatever letters.
    pub(super) fn named(name: &str) -> Option<Self> {
        [
            ("offset", PageNumber::Offset),
            ("limit", PageNumber::Limit),
            ("total", PageNumber::Total),
            ("totalCount", PageNumber::TotalCount),
        ]
        .into_iter()
        .find(|(known, _)| name.eq_ignore_ascii_case(known))
        .map(|(_, number)| number)
    }
}
