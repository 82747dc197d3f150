//! The properties that fuzzing tests, a function for each target. An input that breaks one makes its function panic.
//!
//! `tests/fuzz.rs` calls the same functions with the kept inputs, so that they are tests of the ordinary suite.

mod chunks;
mod config;
mod engine;
mod find;
mod formats;
mod lsp_edits;
mod run;
mod schemas;

#[path = "../../src/schema/fast_path/tests/differential/schemas.rs"]
mod any_schema;
#[path = "../../tests/support/fix_invariant.rs"]
mod fix_invariant;
#[path = "../../tests/support/same_json.rs"]
mod same_json;
#[path = "../../tests/support/same_violations.rs"]
mod same_violations;
#[path = "../../tests/lsp/session.rs"]
#[expect(dead_code, reason = "the tests of the language server use the rest")]
mod session;
#[path = "../../tests/support/value_of.rs"]
mod value_of;
#[path = "../../src/schema/fast_path/tests/differential/values.rs"]
mod values;

pub use chunks::chunks;
pub use config::config;
pub use engine::{check, fix, parse};
pub use find::find;
pub use formats::render;
pub use lsp_edits::lsp_edits;
pub use schemas::fast_paths;

/// A target: its name, and its property.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 9] = [
    ("parse", parse),
    ("fast_paths", fast_paths),
    ("check", check),
    ("fix", fix),
    ("render", render),
    ("chunks", chunks),
    ("lsp_edits", lsp_edits),
    ("config", config),
    ("find", find),
];
