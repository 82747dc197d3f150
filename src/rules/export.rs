//! What the records of one run say of each other, and envelopes of their lists.

pub mod claim;
pub(super) mod page;
pub mod relations;
mod seen;
pub(super) mod transition;
