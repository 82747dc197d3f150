//! The kinds of payload that countersign checks, one module each: the kind as a value, the typed view that
//! its rules read, and the hints for editors. Their rules are in [`crate::rules`].

pub mod certificate;
pub mod customer;
mod foreign;
pub mod order;
pub mod qualification;
mod tool_envelope;
pub mod validation_result;
pub mod vendor_error;

use crate::payload::Kind;

pub use foreign::FOREIGN;
pub use tool_envelope::TOOL_ENVELOPES;

/// Every kind. Detection tries the last one first.
pub static KINDS: &[&Kind] = &[
    &certificate::CERTIFICATE,
    &qualification::QUALIFICATION,
    &customer::CUSTOMER,
    &validation_result::VALIDATION_RESULT,
    &vendor_error::VENDOR_ERROR,
    &order::ORDER,
];
