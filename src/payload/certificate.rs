//! The certificate lens.

use super::Record;

/// One certificate.
pub struct Certificate<'d> {
    /// The record that it is.
    pub record: Record<'d>,
}

impl<'d> Certificate<'d> {
    /// Reads a record as a certificate.
    pub fn read(record: Record<'d>) -> Self {
        Self { record }
    }
}
