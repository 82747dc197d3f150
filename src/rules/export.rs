//! What the records of one run say about each other, and envelopes about their lists.

pub mod cross_record;
mod fingerprint_table;
pub(super) mod page;
pub(super) mod transition;
