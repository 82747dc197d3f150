//! The kinds of payload that countersign checks, one module each: the kind as a value, the typed view that
//! its rules read, and the hints for editors. Their rules are in [`crate::rules`].

pub mod certificate;
mod foreign;
pub mod order;
pub mod qualification;
mod tool_envelope;

use crate::payload::Kind;

pub use foreign::FOREIGN;
pub use tool_envelope::TOOL_ENVELOPES;

/// Every kind. Detection tries the last one first.
pub static KINDS: &[&Kind] = &[
    &certificate::CERTIFICATE,
    &qualification::QUALIFICATION,
    &order::ORDER,
];
