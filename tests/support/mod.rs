//! Runs the whole program inside a test process.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use countersign::cli::{self, Streams};
use countersign::registry::Registry;

/// The exit code and the output of one run.
pub(crate) struct Outcome {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) errors: String,
}

/// Runs the program in this process, with `input` on standard input.
pub(crate) fn run_with(arguments: &[&str], input: &str) -> Outcome {
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        input: &mut input.as_bytes(),
        output: &mut out,
        errors: &mut errors,
        has_colors: false,
        has_links: false,
        stdout_is_terminal: false,
        stderr_is_terminal: false,
        is_interrupted: &AtomicBool::new(false),
        width: 100,
    };
    let arguments = std::iter::once("countersign")
        .chain(arguments.iter().copied())
        .map(OsString::from);
    let code = cli::run(&Registry::built_in(), arguments, &mut streams);
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Outcome {
        code,
        out: text(out),
        errors: text(errors),
    }
}

/// The absolute path of a file in the project.
pub(crate) fn project(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(path)
        .to_string_lossy()
        .into_owned()
}

/// Runs `countersign check` with a fixed date.
pub(crate) fn check(arguments: &[&str], input: &str) -> Outcome {
    run_with(
        &[&["check", "--today", "2026-01-01"], arguments].concat(),
        input,
    )
}

/// Creates a temporary folder that holds these files, each a relative path and its content.
pub(crate) fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The path of a file in a temporary folder.
pub(crate) fn path_in(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_string_lossy().into_owned()
}
