//! `countersign` checks order, certificate and qualification payloads before they are submitted. It reads JSON text,
//! reports in one run everything that is wrong with it, with exact spans, and offers fixes.
//!
//! ```
//! use countersign::config::Config;
//! use countersign::document::Document;
//! use countersign::engine::Engine;
//!
//! let text = r#"{ "customerId": "1000417733", "type": "change", }"#;
//! let document = Document::parse(text);
//! let outcome = Engine::new(Config::default()).check(&document);
//! let rules: Vec<&str> = outcome.findings.iter().map(|finding| finding.rule).collect();
//! assert_eq!(rules, ["order/subscription-missing", "json/trailing-comma"]);
//! ```
//!
//! # Structure
//!
//! A text is parsed once, onto a flat tape of values with their spans ([`json`]). The parser never fails: what is not
//! JSON becomes a syntax error, and parsing resumes after it. Known names of properties get a number as they are parsed
//! ([`names`]), so that look-ups compare numbers. A [`document`] adds the text around the JSON, such as an HTTP
//! request line. [`payload`] detects the records of a document and their kinds; each of the [`kinds`] brings a typed
//! view of its records. Schemas ([`schema`]) and rules ([`rules`]) read the same tape.
//!
//! A [`registry`] owns the kinds and rules; a private one adds its own. The [`engine`] evaluates them by a [`config`],
//! drops overlapping findings, and sorts the rest. [`output`] renders reports; [`patch`] and [`fix`] apply fixes to text
//! and files. [`config_file`] loads a configuration, [`batch`] checks files in chunks, [`lsp`] serves editors, and
//! [`cli`] is the command line.
//!
//! # Features
//!
//! `cli`, `lsp`, `reports` and `batch` are on by default. Without them the library is the parser, the schemas, the
//! rules, the engine, findings as JSON and fixes on text, without a file system, a clock or a terminal. `config` adds
//! the parser of `countersign.toml`, `idn` internationalized domain names.
//!
//! # Invariants
//!
//! Each is held by a test.
//! - A module names only modules of the layers above its own in the list below, in which empty lines separate layers;
//!   the files of a folder import each other without a cycle: `tests/architecture`.
//! - The core, down to [`engine`], does no input or output, reads no clock and cannot fail on any input:
//!   `tests/architecture`, `tests/json.rs`.
//! - The tape agrees with `serde_json` on every valid text, and every span is on character boundaries of the text:
//!   `tests/json.rs`.
//! - A rule's id is the path of its page, and the page's examples hold: `tests/rules.rs`.
//! - A rule under another id behaves the same: `tests/registry.rs`.
//! - Each rule fires on a fixture of its own and no other rule does; valid fixtures have no findings:
//!   `tests/fixtures.rs`.
//! - A configured level changes the level of a finding and nothing else; safe fixes remove exactly the findings that
//!   offer them: `tests/fixtures.rs`.
//! - Fixes terminate, make no legal statement, and leave every other byte alone; a file is the old one or the new one at
//!   any time: `tests/fixes.rs`.
//! - The editor shows the findings of the command line, and its texts stay those of the client: `tests/lsp.rs`,
//!   `tests/lsp_clients`.
//! - One change to a valid fixture gives one finding, at the changed place: `tests/mutations.rs`.

pub(crate) mod simd;
pub mod span;

pub mod line_index;

pub mod json;

pub mod names;

pub mod suggest;

pub mod finding;

pub mod patch;

pub mod document;

pub mod schema;

pub mod payload;

pub mod answer;

pub mod kinds;

pub mod catalogue;

pub mod context;
pub mod record_fact;

pub mod rule;

pub mod rules;

pub mod registry;

pub mod config;

pub mod engine;

pub mod output;

pub mod fix;

#[cfg(any(feature = "batch", feature = "lsp"))]
pub mod path;

#[cfg(any(feature = "batch", feature = "lsp"))]
#[expect(clippy::disallowed_methods, reason = "catalogues are read from disk")]
pub(crate) mod catalogue_file;

#[cfg(any(feature = "batch", feature = "lsp"))]
#[expect(clippy::disallowed_methods, reason = "files are read from disk")]
pub(crate) mod text_file;

#[cfg(any(feature = "batch", feature = "lsp"))]
pub(crate) mod schema_file;

#[cfg(any(feature = "batch", feature = "lsp"))]
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
