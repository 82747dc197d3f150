//! Checks of changed and staged files (`--since`, `--staged`) in a real git repository.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "tests write files")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{Outcome, check, folder_with, path_in, project};

const GOOD: &str = r#"{"customerId":"1000417733","type":"change","subscriptionId":"7","products":[{"mpn":"CFQ7TTC0LCHC:0002","quantity":4}]}"#;
const BAD: &str = r#"{"customerId":"1000417734","type":"change","subscriptionId":"7","products":[{"mpn":"CFQ7TTC0LCHC:0002","quantity":-4}]}"#;

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=test", "-c", "user.email=test@example.com"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// Creates a repository with one commit, which contains `old.json`, `in/b.json` and `notes.txt`.
fn repository() -> tempfile::TempDir {
    let valid = fs::read_to_string(project("fixtures/valid/order/renewal.json")).unwrap();
    let folder = folder_with(&[("old.json", BAD), ("in/b.json", &valid), ("notes.txt", "")]);
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message", "begin"]);
    folder
}

fn write(folder: &tempfile::TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).unwrap();
}

/// Returns the names of the files with findings, one per finding.
fn files_with_findings(outcome: &Outcome) -> Vec<String> {
    let name = |line: &str| {
        let path = line.split(':').next().unwrap();
        let name = Path::new(path).file_name().unwrap();
        name.to_string_lossy().into_owned()
    };
    outcome.out.lines().map(name).collect()
}

#[test]
fn checks_files_changed_since_a_revision() {
    let folder = repository();
    let root = folder.path().to_str().unwrap();
    let since = |path: &str| check(&["--since", "HEAD", "--format", "concise", path], "");
    let outcome = since(root);
    assert_eq!((outcome.code, outcome.out.as_str()), (0, ""));
    assert!(
        outcome.errors.starts_with("nothing was checked"),
        "{}",
        outcome.errors
    );
    write(&folder, "in/b.json", BAD);
    write(&folder, "new ü.json", BAD);
    write(&folder, "notes.txt", BAD);
    write(&folder, ".hidden.json", BAD);
    fs::remove_file(folder.path().join("old.json")).unwrap();
    let outcome = since(root);
    assert_eq!(
        files_with_findings(&outcome),
        ["b.json", "new ü.json"],
        "{}",
        outcome.errors
    );
    assert_eq!(
        files_with_findings(&since(&path_in(&folder, "in"))),
        ["b.json"]
    );
    assert_eq!(
        files_with_findings(&since(&path_in(&folder, "notes.txt"))),
        ["notes.txt"]
    );
}

#[test]
fn checks_staged_contents() {
    let folder = repository();
    let root = folder.path().to_str().unwrap();
    let staged = || check(&["--staged", "--format", "concise", root], "");
    write(&folder, "in/b.json", BAD);
    assert_eq!(staged().out, "");
    git(folder.path(), &["add", "in/b.json"]);
    write(&folder, "in/b.json", GOOD);
    let outcome = staged();
    assert_eq!(
        (outcome.code, files_with_findings(&outcome)),
        (1, vec!["b.json".to_owned()])
    );
    git(folder.path(), &["add", "in/b.json"]);
    write(&folder, "in/b.json", BAD);
    assert_eq!(staged().code, 0);
    // A staged file is checked even if it is deleted in the working copy.
    write(&folder, "in/c.ndjson", &format!("{GOOD}\n{BAD}\n"));
    git(folder.path(), &["add", "in/c.ndjson"]);
    fs::remove_file(folder.path().join("in/c.ndjson")).unwrap();
    let outcome = staged();
    assert_eq!(files_with_findings(&outcome), ["c.ndjson"]);
    assert!(outcome.out.contains("c.ndjson:2:115"), "{}", outcome.out);
}

#[test]
fn reports_git_errors() {
    let folder = folder_with(&[("a.json", GOOD)]);
    let root = folder.path().to_str().unwrap();
    let outcome = check(&["--staged", root], "");
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.errors.contains("not a git repository"),
        "{}",
        outcome.errors
    );
    let repository = repository();
    let root = repository.path().to_str().unwrap();
    for (revision, words) in [
        ("nowhere", "`nowhere` is not a commit of this repository"),
        ("--output=x", "`--output=x` is not a commit"),
    ] {
        let outcome = check(&[&format!("--since={revision}"), root], "");
        assert_eq!(outcome.code, 2);
        assert!(outcome.errors.contains(words), "{}", outcome.errors);
    }
    assert_eq!(check(&["--staged", "--fix", root], "").code, 2);
    assert_eq!(check(&["--staged", "--since", "HEAD", root], "").code, 2);
}
