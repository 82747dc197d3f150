//! Rules across the records of a run, and rules on the envelopes of lists.

pub mod cross_record;
mod fingerprint_table;
pub(super) mod page;
pub(super) mod transition;
