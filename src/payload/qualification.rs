//! The qualification lens.

use super::Record;

/// One qualification.
pub struct Qualification<'d> {
    /// The record that it is.
    pub record: Record<'d>,
}

impl<'d> Qualification<'d> {
    /// Reads a record as a qualification.
    pub fn read(record: Record<'d>) -> Self {
        Self { record }
    }
}
