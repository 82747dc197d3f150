//! Files that are derived from the code: a test compares each with what the code gives, and `UPDATE=1` rewrites them.

use std::fs;
use std::path::Path;

use similar::TextDiff;

/// The command that rewrites every derived file.
const COMMAND: &str = "UPDATE=1 cargo test";

/// Compares a file of the project, by its path from the project's folder, with what it should be. With `UPDATE=1` in
/// the environment the file is rewritten instead.
///
/// # Panics
///
/// If the file differs: with the difference and the command that rewrites the file.
pub(crate) fn assert_derived(path: &str, expected: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let found = fs::read_to_string(&file).unwrap_or_default();
    if found == expected {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, expected).unwrap();
        return;
    }
    let diff = TextDiff::from_lines(found.as_str(), expected);
    let diff = diff
        .unified_diff()
        .header(path, "derived from the code")
        .to_string();
    panic!("{diff}\nTo rewrite every derived file: {COMMAND}");
}
