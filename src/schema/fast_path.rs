//! The fast path of schema validation: a compiled subset of JSON Schema that only ever accepts.
//!
//! [`FastValidator::compile`] turns the plain part of a schema (types, names, strings, prefixes, limits,
//! simple conditions) into look-up tables, and [`FastValidator::accepts`] compares a value on the parser's
//! tape with them. Most values are valid, and for those the full validator is not needed.
//!
//! The interface is these two functions. A refusal is inconclusive: a value that is not accepted, because it
//! is invalid or because the schema uses a keyword or a draft that is not compiled here, goes to the full
//! validator of the `jsonschema` crate.
//!
//! **Gain**, measured: without it the check of a whole export of valid orders takes 1.34 times as long (200 MB, one
//! core, best of five runs in turn).
//!
//! Invariant: **what the fast path accepts, the full validator accepts.** A keyword therefore makes its
//! subschema undecidable here, unless it is compiled or is an annotation. `tests::differential` checks the
//! invariant over every schema of the project with mutated fixtures, over generated schemas of all drafts,
//! and over all spellings of numbers, strings and names. It also checks that the fast path accepts the
//! records of the valid fixtures, so that it stays useful.

mod compile;
mod evaluate;
mod shape;

#[cfg(test)]
mod tests;

use shape::CompiledShape;

/// A schema compiled for the fast path. Its shapes refer to one another by their index.
pub(super) struct FastValidator {
    shapes: Vec<CompiledShape>,
    /// The shape of the whole value; `None` if the schema is undecidable here.
    root: Option<u16>,
}
