//! Laws about the project: layers, sizes and vocabulary of its source, and its dependencies.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

mod dependencies;
mod layers;
mod source;
mod vocabulary;
