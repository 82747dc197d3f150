//! The direct dependencies: each is on the reviewed list in `docs/dependencies.md`, and none needs a newer Rust.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::source::{folder, source_files};

const PAGE: &str = "docs/dependencies.md";

/// What `cargo metadata` says about the project and the packages that it needs on this platform. Asks no registry: the
/// build of the tests has downloaded these packages.
fn metadata() -> Value {
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(folder(""))
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?}\n{errors}");
        String::from_utf8(output.stdout).unwrap()
    };
    let about = run("rustc", &["-vV"]);
    let host = about
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("the platform of the compiler");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments = ["metadata", "--format-version=1", "--locked", "--offline"];
    let arguments = [&arguments[..], &["--filter-platform", host]].concat();
    serde_json::from_str(&run(&cargo, &arguments)).unwrap()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

fn packages(metadata: &Value) -> &[Value] {
    metadata["packages"].as_array().unwrap()
}

/// The package of the program itself.
fn program(metadata: &Value) -> &Value {
    packages(metadata)
        .iter()
        .find(|package| text(package, "name") == "countersign")
        .unwrap()
}

/// The features of the program that a dependency is part of, or `always`, or `tests`.
fn needed_by(dependency: &Value, program: &Value) -> String {
    if text(dependency, "kind") == "dev" {
        return "tests".to_owned();
    }
    if dependency["optional"] == false {
        return "always".to_owned();
    }
    let entry = format!("dep:{}", text(dependency, "name"));
    let features = program["features"].as_object().unwrap();
    let mut names: Vec<&str> = features
        .iter()
        .filter(|(_, parts)| parts.as_array().unwrap().iter().any(|part| part == &entry))
        .map(|(name, _)| name.as_str())
        .collect();
    names.sort_unstable();
    names.join(", ")
}

/// The features of a dependency that are switched on.
fn features(dependency: &Value) -> String {
    let named = dependency["features"].as_array().unwrap();
    let mut names: Vec<&str> = named.iter().filter_map(Value::as_str).collect();
    names.sort_unstable();
    if dependency["uses_default_features"] == true {
        names.insert(0, "default");
    }
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}

/// A row of the page, without the parts that use the package and the reason.
type Fact = [String; 4];

/// What the page must say of each direct dependency, by `Cargo.toml` and the manifests of the packages.
fn expected(metadata: &Value) -> Vec<Fact> {
    let program = program(metadata);
    let licences: BTreeMap<&str, &str> = packages(metadata)
        .iter()
        .map(|package| (text(package, "name"), text(package, "license")))
        .collect();
    let dependencies = program["dependencies"].as_array().unwrap();
    let mut facts: Vec<Fact> = dependencies
        .iter()
        .map(|dependency| {
            let name = text(dependency, "name");
            let licence = licences
                .get(name)
                .copied()
                .unwrap_or("not on this platform");
            [
                name.to_owned(),
                needed_by(dependency, program),
                features(dependency),
                licence.to_owned(),
            ]
        })
        .collect();
    facts.sort_unstable();
    facts
}

/// The cells of the rows of the page.
fn rows() -> Vec<Vec<String>> {
    let page = fs::read_to_string(folder(PAGE)).unwrap();
    page.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells = line.trim_matches('|').split(" | ");
            cells.map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}

fn without_quotes(cell: &str) -> String {
    cell.replace('`', "")
}

#[test]
fn each_direct_dependency_is_on_the_reviewed_list() {
    let metadata = metadata();
    let expected = expected(&metadata);
    let mut found: Vec<Fact> = rows()
        .iter()
        .map(|row| {
            assert_eq!(row.len(), 6, "{PAGE}: {row:?}");
            [0, 1, 2, 3].map(|cell| without_quotes(&row[cell]))
        })
        .collect();
    found.sort_unstable();
    // A package of another platform is not there to be asked for its licence.
    for row in &mut found {
        let is_elsewhere = |fact: &Fact| fact[..3] == row[..3] && fact[3].starts_with("not on");
        if let Some(fact) = expected.iter().find(|fact| is_elsewhere(fact)) {
            row[3].clone_from(&fact[3]);
        }
    }
    let missing: Vec<_> = expected
        .iter()
        .filter(|fact| !found.contains(fact))
        .collect();
    let outdated: Vec<_> = found.iter().filter(|row| !expected.contains(row)).collect();
    assert!(
        missing.is_empty() && outdated.is_empty(),
        "{PAGE} lacks {missing:?}\nand has {outdated:?}"
    );
    assert_eq!(found.len(), expected.len(), "{PAGE} has a row twice");
}

#[test]
fn each_direct_dependency_is_used_where_the_list_says() {
    let files: Vec<_> = ["src", "tests", "benches", "fuzz/src"]
        .into_iter()
        .flat_map(source_files)
        .collect();
    for row in rows() {
        let [name, .., parts, reason] = &row[..] else {
            panic!("{PAGE}: {row:?}");
        };
        assert!(reason.len() > 20 && reason.ends_with('.'), "{PAGE}: {name}");
        let path = format!("{}::", without_quotes(name).replace('-', "_"));
        for part in without_quotes(parts).split(", ") {
            let is_part = |file: &Path| {
                let below = file.strip_prefix(folder("")).unwrap();
                below.starts_with(part) || below == Path::new(&format!("{part}.rs"))
            };
            let mut of_part = files.iter().filter(|file| is_part(&file.path));
            assert!(
                of_part.any(|file| file.text.contains(&path)),
                "{PAGE}: {part} does not use {name}"
            );
        }
    }
}

/// The numbers of a version of Rust, such as `1.89` or `1.89.0`.
fn version(text: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = text
        .split('.')
        .map(|number| number.parse().unwrap())
        .collect();
    numbers.resize(3, 0);
    numbers
}

#[test]
fn no_dependency_needs_a_newer_rust_than_the_program() {
    let metadata = metadata();
    let own = version(text(program(&metadata), "rust_version"));
    let newer: Vec<String> = packages(&metadata)
        .iter()
        .filter_map(|package| {
            let needed = package["rust_version"].as_str()?;
            let is_newer = version(needed) > own;
            is_newer.then(|| format!("{} needs {needed}", text(package, "name")))
        })
        .collect();
    assert!(newer.is_empty(), "{newer:?}");
    assert!(packages(&metadata).len() > 100);
    assert!(version("1.89.1") > version("1.89") && version("1.100") > version("1.89"));
}
