//! The architecture: which module may name which, and what the core may not do.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The modules of `lib.rs`, each with its layer: blank lines part layers.
fn layers() -> BTreeMap<String, usize> {
    let text = fs::read_to_string(source().join("lib.rs")).unwrap();
    let mut layers = BTreeMap::new();
    let mut layer = 0;
    for line in text.lines() {
        if line.is_empty() {
            layer += 1;
        } else if let Some(name) = line
            .strip_prefix("pub mod ")
            .or_else(|| line.strip_prefix("pub(crate) mod "))
            .and_then(|rest| rest.strip_suffix(';'))
        {
            layers.insert(name.to_owned(), layer);
        }
    }
    layers
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|suffix| suffix == "rs") {
            files.push(path);
        }
    }
}

/// The module under `src/` that a file belongs to.
fn module_of(path: &Path) -> String {
    let inner = path.strip_prefix(source()).unwrap();
    let first = inner
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules that a text names with a path from the crate's root.
fn named_modules(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for piece in text.split("crate::").skip(1) {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        match piece.strip_prefix('{') {
            Some(group) => {
                let group = &group[..group.find("};").unwrap_or(group.len())];
                let mut depth = 0;
                for part in group.split_inclusive(['{', '}', ',']) {
                    if depth == 0 {
                        names.push(part.trim().chars().take_while(|c| is_name(*c)).collect());
                    }
                    depth += part.matches('{').count() as i32 - part.matches('}').count() as i32;
                }
            }
            None => names.push(piece.chars().take_while(|c| is_name(*c)).collect()),
        }
    }
    names.retain(|name: &String| !name.is_empty());
    names
}

#[test]
fn a_module_names_only_layers_above_its_own() {
    let layers = layers();
    assert!(layers.len() > 10, "lib.rs lists the modules");
    let mut files = Vec::new();
    rust_files(&source(), &mut files);
    let mut wrong = Vec::new();
    for path in files {
        let module = module_of(&path);
        let Some(&own) = layers.get(&module) else {
            assert!(
                module == "lib" || module == "main",
                "{module} is in no layer of lib.rs"
            );
            continue;
        };
        for name in named_modules(&fs::read_to_string(&path).unwrap()) {
            let is_above = layers.get(&name).is_some_and(|&layer| layer < own);
            if name != module && !is_above {
                wrong.push(format!("{} names {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn groups_of_paths_are_read_too() {
    let text =
        "use crate::{json::{Node, Tape}, span::Span, finding};\nlet x = crate::rule::find();";
    assert_eq!(named_modules(text), ["json", "span", "finding", "rule"]);
}

#[test]
fn the_core_knows_no_file_clock_environment_or_terminal() {
    let layers = layers();
    let core = layers["engine"];
    let mut files = Vec::new();
    rust_files(&source(), &mut files);
    for path in files {
        if layers
            .get(&module_of(&path))
            .is_none_or(|&layer| layer > core)
        {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for outside in [
            "std::fs",
            "std::env",
            "std::io",
            "std::net",
            "std::process",
            "SystemTime",
            "Instant",
            "println!",
            "miette",
            "clap::",
            "serde::",
        ] {
            assert!(
                !text.contains(outside),
                "{} names {outside}",
                path.display()
            );
        }
    }
}

#[test]
fn only_the_language_server_knows_its_protocol() {
    let mut files = Vec::new();
    rust_files(&source(), &mut files);
    let mut speakers = 0;
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let speaks = text.contains("lsp_types") || text.contains("lsp_server");
        assert!(!speaks || module_of(&path) == "lsp", "{}", path.display());
        speakers += usize::from(speaks);
    }
    assert!(speakers > 3, "the protocol's types are named otherwise now");
}

#[test]
fn files_stay_small_enough_to_read() {
    let mut files = Vec::new();
    rust_files(&source(), &mut files);
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let lines = code.lines().count();
        assert!(lines <= 510, "{} has {lines} lines", path.display());
        assert!(
            text.starts_with("//! "),
            "{} does not open with a sentence",
            path.display()
        );
    }
}
