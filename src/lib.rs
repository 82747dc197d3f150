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

pub mod output;

#[expect(clippy::disallowed_methods, reason = "the shell reads files")]
pub mod batch;

#[expect(
    clippy::disallowed_methods,
    reason = "the command line reads the clock for --today"
)]
pub mod cli;
