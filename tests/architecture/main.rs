//! Laws about the project's own source: layers, sizes and vocabulary.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

mod layers;
mod source;
mod vocabulary;
