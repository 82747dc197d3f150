//! `countersign` checks order, certificate and qualification payloads before anyone submits them. It
//! reads JSON text as it comes, says in one run everything that is wrong with it, points at the exact
//! characters, and offers the fix.
//!
//! ```
//! use countersign::config::Config;
//! use countersign::document::Document;
//! use countersign::engine::Engine;
//!
//! let text = r#"{ "customerId": "1000417733", "type": "change", }"#;
//! let document = Document::parse(text);
//! let verdict = Engine::new(Config::default()).check(&document);
//! let rules: Vec<&str> = verdict.findings.iter().map(|finding| finding.rule).collect();
//! assert_eq!(rules, ["order/subscription-missing", "json/trailing-comma"]);
//! ```
//!
//! # How it is built
//!
//! A text is parsed once, onto a flat tape of values that keep their places ([`json`]). The parser is
//! strict and forgiving at once: it never fails, and what is not JSON becomes a fault beside the tape.
//! JSON Schemas ([`schema`]) and rules ([`rules`]) read the same tape; rules read it through lenses
//! that speak the domain's words ([`payload`]). Names of members and parameters are looked up once, as they
//! are read, and known by their numbers from then on ([`names`]); what stands between values is compared with
//! what stood there before, and only read where it differs. The [`engine`] puts their findings in order and sees
//! to it that one mistake is one finding. What is printed is made in [`output`]. [`fix`]
//! chooses among the edits that findings offer and puts mended files in place; [`config_file`] finds the
//! configuration; [`batch`] reads files piece by piece, and [`lsp`] serves editors; only these and
//! [`cli`] know files, clocks and terminals.
//!
//! **Invariants**, each held by a test:
//! - A module names only modules of the layers above its own, as listed below, with a blank line
//!   between layers: `tests/layers.rs`.
//! - The core, down to [`engine`], does no input or output, reads no clock and cannot fail on any
//!   input: `tests/layers.rs`, `tests/json.rs`.
//! - The tape agrees with `serde_json` on every valid text, and every span lies on character borders
//!   inside the text: `tests/json.rs`.
//! - A rule's id is the path of its page, and the page's examples hold: `tests/rules.rs`.
//! - Each rule fires on a fixture of its own and nothing else does; valid fixtures stay silent:
//!   `tests/fixtures.rs`.
//! - A level changes a finding's level and nothing else; safe fixes take away exactly the findings that
//!   carry one: `tests/fixtures.rs`.
//! - Fixes come to an end, make no legal statement, and leave every other byte alone; a file is the old
//!   one or the new one, whatever happens: `tests/fixes.rs`.
//! - An editor is told what the command line tells, and its texts stay those of the client:
//!   `tests/lsp.rs`, `tests/lsp_clients`.
//! - One thing changed in a valid fixture gives one finding, at the changed place:
//!   `tests/mutations.rs`.

pub(crate) mod simd;
pub mod span;

pub mod line_index;

pub mod json;

pub mod names;

pub mod spelling;

pub mod finding;

pub mod patch;

pub mod document;

pub mod schema;

pub mod payload;

pub mod kinds;

pub mod context;
pub mod record_fact;

pub mod rule;

pub mod rules;

pub mod registry;

pub mod config;

pub mod engine;

pub mod output;

#[expect(clippy::disallowed_methods, reason = "fixes are written to files")]
pub mod fix;

#[cfg(any(feature = "batch", feature = "lsp"))]
pub mod path;

#[cfg(any(feature = "batch", feature = "lsp"))]
#[expect(
    clippy::disallowed_methods,
    reason = "configuration files are read from disk"
)]
pub mod config_file;

#[cfg(feature = "batch")]
#[expect(clippy::disallowed_methods, reason = "a run reads files")]
pub mod batch;
#[cfg(feature = "lsp")]
#[expect(
    clippy::disallowed_methods,
    reason = "days pass while an editor is open"
)]
pub mod lsp;

#[cfg(feature = "cli")]
#[expect(
    clippy::disallowed_methods,
    reason = "the command line reads the clock and schema files"
)]
pub mod cli;
