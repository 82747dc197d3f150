//! What a new user does first: a check of an ordinary repository that contains a few payloads among other files.

#![expect(clippy::disallowed_methods, reason = "tests read and write files")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const GOOD: &str = "{ \"customerId\": \"1000420011\", \"type\": \"cancellation\", \"subscriptionId\": \"7001\" }\n";

/// An order with two mistakes, of which one has a safe fix.
const BAD: &str = "{\n  \"customerId\": \"1000420012\",\n  \"type\": \"cancellation\",\n  \"ponumber\": \"PO-7\",\n  \
                   \"subscriptionId\": 7002\n}\n";

/// An order with a mistake that has a safe fix.
const ALSO_BAD: &str = "{ \"customerId\": \"1000420013\", \"type\": \"cancellation\", \"subscriptionId\": \"7003\", }\n";

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The bytes of a tar archive that contains one file.
fn tar(name: &str, content: &str) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..107].copy_from_slice(b"0000644");
    header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
    header[156] = b'0';
    header[257..265].copy_from_slice(b"ustar\x0000");
    let mut archive = header;
    archive.extend(content.as_bytes());
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    archive
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// A git repository of a shop with five orders in files, one more in UTF-16, and files of other programs.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let tsconfig = "{\n  // strict\n  \"compilerOptions\": { \"strict\": true, },\n}\n";
    let files: [(&str, Vec<u8>); 15] = [
        (
            ".gitignore",
            b"node_modules/\n/build/*\n!/build/kept.json\n".to_vec(),
        ),
        (".hidden/order.json", BAD.into()),
        (
            "node_modules/left-pad/package.json",
            b"{ \"name\": \"left-pad\", }\n".to_vec(),
        ),
        ("build/order.json", BAD.into()),
        ("build/kept.json", GOOD.replace("0011", "0020").into()),
        (
            "package.json",
            b"{ \"name\": \"shop\", \"version\": \"1.0.0\" }\n".to_vec(),
        ),
        ("tsconfig.json", tsconfig.into()),
        ("archive.tar", tar("order.json", BAD)),
        ("list.csv", b"mpn,quantity\nCFQ7TTC0LH16:0001,5\n".to_vec()),
        ("payloads/good.json", GOOD.into()),
        (
            "payloads/also-good.json",
            GOOD.replace("0011", "0021").into(),
        ),
        ("payloads/bad.json", BAD.into()),
        ("payloads/also-bad.json", ALSO_BAD.into()),
        ("payloads/utf16.json", utf16(&GOOD.replace("0011", "0022"))),
        (
            "README.md",
            b"# Shop\n\nOrders are in [payloads](payloads).\n".to_vec(),
        ),
    ];
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "--all", "--force"]);
    git(folder.path(), &["commit", "--quiet", "--message", "start"]);
    folder
}

fn countersign(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(assert_cmd::cargo::cargo_bin!("countersign"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("GIT_DIR")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

const FINDINGS: &str = "\
payloads/also-bad.json:1:79: error[json/trailing-comma] trailing comma before `}`
payloads/bad.json:4:3: warning[order/po-number-case] the orders API expects `poNumber`, not `ponumber`
payloads/bad.json:5:21: error[schema/type] `subscriptionId` must be a string, found the number `7002`
payloads/utf16.json:1:1: warning[json/not-utf8] the file is encoded as UTF-16; JSON must be UTF-8
";

#[test]
fn a_repository_is_checked_without_noise() {
    let folder = repository();
    let (code, out, errors) = countersign(folder.path(), &["check", ".", "--format", "concise"]);
    assert_eq!(out, FINDINGS);
    let summary = "6 files: 2 errors, 2 warnings; 2 with a safe fix (--fix), 2 with an unsafe one (--fix=unsafe); \
                   2 files are not payloads (--verbose)";
    assert_eq!(errors.lines().next(), Some(summary), "{errors}");
    assert_eq!(code, Some(1));
    let (_, _, verbose) = countersign(
        folder.path(),
        &["check", ".", "--verbose", "--format", "concise"],
    );
    for name in ["package.json", "tsconfig.json"] {
        let line = format!("not recognised as a payload: {name}\n");
        assert!(verbose.contains(&line), "{verbose}");
    }
}

#[test]
fn fixes_change_only_the_payloads_that_need_them() {
    let folder = repository();
    let (code, ..) = countersign(folder.path(), &["check", "--fix", "."]);
    assert_eq!(code, Some(0));
    let status = git(folder.path(), &["status", "--porcelain"]);
    assert_eq!(status, " M payloads/also-bad.json\n M payloads/bad.json\n");
    for name in [
        "archive.tar",
        "list.csv",
        "tsconfig.json",
        "README.md",
        "package.json",
    ] {
        let (code, ..) = countersign(folder.path(), &["check", "--fix=unsafe", name]);
        assert_eq!(code, Some(1), "{name} contains no payload");
    }
    assert_eq!(git(folder.path(), &["status", "--porcelain"]), status);
    countersign(
        folder.path(),
        &["check", "--fix=unsafe", "payloads/utf16.json"],
    );
    let fixed = fs::read_to_string(folder.path().join("payloads/utf16.json")).unwrap();
    assert_eq!(
        fixed.trim_start_matches('\u{FEFF}'),
        GOOD.replace("0011", "0022")
    );
}

#[test]
fn paths_do_not_depend_on_how_a_file_is_named() {
    let folder = repository();
    let payloads = folder.path().join("payloads");
    let absolute = payloads.to_str().unwrap();
    let report = |current: &Path, path: &str, format: &str| {
        countersign(current, &["check", path, "--format", format]).1
    };
    for format in ["concise", "json", "sarif", "gitlab"] {
        let expected = report(folder.path(), "payloads", format);
        assert!(expected.contains("payloads/bad.json"), "{expected}");
        for (current, path) in [
            (folder.path(), absolute),
            (folder.path(), "./payloads/../payloads"),
            (&payloads, "."),
            (&payloads, absolute),
        ] {
            let line = |report: String| report.replace("\"version\"", "\n\"version\"");
            assert_eq!(
                line(report(current, path, format)),
                line(expected.clone()),
                "{path}"
            );
        }
    }
    let baseline = folder.path().join("baseline.json");
    let baseline = baseline.to_str().unwrap();
    countersign(
        folder.path(),
        &["check", "payloads", "--write-baseline", baseline],
    );
    let (code, out, errors) = countersign(&payloads, &["check", ".", "--baseline", baseline]);
    assert_eq!((code, out.as_str()), (Some(0), ""), "{errors}");
    assert!(errors.contains("4 in the baseline"), "{errors}");
}

#[test]
fn ignore_files_excluded_and_hidden_files_are_left_out_unless_asked_for() {
    let folder = repository();
    let root = folder.path();
    let files = |arguments: &[&str]| {
        let arguments = [&["check", "--format", "concise"], arguments].concat();
        let out = countersign(root, &arguments).1;
        let mut files: Vec<String> = out
            .lines()
            .map(|line| line.split(':').next().unwrap().to_owned())
            .collect();
        files.dedup();
        files
    };
    let usual = [
        "payloads/also-bad.json",
        "payloads/bad.json",
        "payloads/utf16.json",
    ];
    assert_eq!(files(&["."]), usual);
    assert_eq!(
        files(&[".", "--no-ignore"]),
        [&["build/order.json"][..], &usual].concat()
    );
    assert_eq!(
        files(&[".", "--hidden"]),
        [&[".hidden/order.json"][..], &usual].concat()
    );
    assert_eq!(
        files(&[
            ".",
            "--exclude",
            "also-*",
            "--exclude",
            "/payloads/utf16.json"
        ]),
        usual[1..2]
    );
    assert_eq!(
        files(&["build/order.json"]),
        ["build/order.json"],
        "a named file is checked"
    );
    assert_eq!(
        files(&["payloads/bad.json", "--exclude", "payloads/"]),
        ["payloads/bad.json"]
    );
    let forced = [
        "payloads/bad.json",
        "--exclude",
        "payloads/",
        "--force-exclude",
    ];
    assert_eq!(files(&forced), [""; 0]);
    assert_eq!(
        files(&["payloads/*bad.json"]),
        usual[..2],
        "a glob that no shell expanded"
    );
    fs::write(
        root.join("countersign.toml"),
        "exclude = [\"utf16.json\", \"/payloads/also-bad.json\"]\n",
    )
    .unwrap();
    assert_eq!(files(&["."]), usual[1..2]);
    fs::write(root.join("payloads/.ignore"), "bad.json\n").unwrap();
    assert_eq!(files(&["."]), [""; 0]);
    fs::write(root.join("payloads/.ignore"), "").unwrap();
    fs::write(root.join(".git/info/exclude"), "bad.json\n").unwrap();
    assert_eq!(files(&["."]), [""; 0]);
}

#[test]
fn named_files_without_a_payload_fail() {
    let folder = repository();
    let root = folder.path();
    for (name, text) in [
        ("empty.json", ""),
        ("null.json", "null\n"),
        ("object.json", "{}\n"),
        ("cut.json", "{"),
    ] {
        fs::write(root.join(name), text).unwrap();
        let (code, out, _) = countersign(root, &["check", name]);
        assert_eq!(code, Some(1), "{name}: {out}");
        let (code, out, _) = countersign(root, &["check", "--kind", "order", name]);
        assert_eq!(code, Some(1), "{name}: {out}");
    }
    let (code, ..) = countersign(root, &["check", "missing.json"]);
    assert_eq!(code, Some(2));
}
