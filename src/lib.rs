//! countersign.
pub mod span;

pub mod json;

pub mod finding;

pub mod document;
