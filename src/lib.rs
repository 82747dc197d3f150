//! countersign.
pub mod span;

pub mod json;

pub mod spelling;

pub mod finding;

pub mod document;

pub mod payload;

pub mod rule;

pub mod rules;
pub mod schema;

pub mod config;

pub mod engine;
