//! What a run may use: stack, memory and output stay within bounds, whatever the payload, the schema or the archive.

#![expect(clippy::disallowed_methods, reason = "tests read and write files")]

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::thread;

use countersign::batch::AtomicFile;

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::Finding;
use countersign::schema::{Schema, SchemaOptions};
use serde_json::{Value, json};

/// The stack of a thread that checks, in bytes. Embedders have threads as small as this.
const STACK: usize = 256 << 10;

const ORDER: &str = include_str!("../fixtures/valid/order/new-tenant-full.json");

/// The findings of a check in a thread with a stack of [`STACK`] bytes.
fn findings_on_small_stack(text: String, schema: Option<Value>) -> Vec<Finding> {
    let check = move || {
        let mut engine = Engine::new(Config::default());
        if let Some(schema) = schema {
            let schema = Schema::compile(schema).expect("a schema");
            engine = engine.with_schema(schema);
        }
        engine.check(&Document::parse(&text)).findings
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(check);
    thread.expect("a thread").join().expect("no panic")
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

/// Payloads that nest deeply or hold long tokens, and a rule that each is reported by; `""` if there is none.
fn extreme_payloads() -> Vec<(&'static str, String, &'static str)> {
    let quantity =
        |digits: String| ORDER.replacen("\"quantity\": 3", &format!("\"quantity\": {digits}"), 1);
    assert_ne!(quantity("7".into()), ORDER);
    vec![
        ("the deepest array", nested("[", "1", "]", 1024), ""),
        (
            "a million opening brackets",
            "[".repeat(1_000_000),
            "json/unreadable",
        ),
        (
            "a million opening braces",
            "{\"a\":".repeat(1_000_000),
            "json/unreadable",
        ),
        (
            "a million closing brackets",
            "]".repeat(1_000_000),
            "json/unexpected-token",
        ),
        (
            "brackets in turn",
            "[{\"a\":".repeat(500_000),
            "json/unreadable",
        ),
        ("mismatched brackets", "[}".repeat(20_000), "json/unclosed"),
        (
            "a number of a million digits",
            quantity("9".repeat(1_000_000)),
            "schema/maximum",
        ),
        (
            "an exponent of a million digits",
            quantity(format!("1e{}", "9".repeat(1_000_000))),
            "schema/maximum",
        ),
        (
            "a fraction of a million digits",
            quantity(format!("1.{}1", "0".repeat(1_000_000))),
            "schema/type",
        ),
        (
            "a million zeros",
            quantity(format!("1{}", "0".repeat(1_000_000))),
            "schema/maximum",
        ),
        ("a million quotes", "\"".repeat(1_000_000), ""),
        (
            "a million backslashes",
            format!("{{\"a\":\"{}", "\\".repeat(1_000_001)),
            "",
        ),
        (
            "a name of a million characters",
            format!(
                "{{\"customerId\":\"1\",\"type\":\"sales\",\"{}\":1}}",
                "n".repeat(1_000_000)
            ),
            "schema/additional-properties",
        ),
    ]
}

#[test]
fn payloads_of_any_shape_need_little_stack() {
    for (name, text, rule) in extreme_payloads() {
        let findings = findings_on_small_stack(text, None);
        assert!(
            rule.is_empty() || findings.iter().any(|finding| finding.rule == rule),
            "{name}: {:.300?}",
            findings.first()
        );
        for finding in findings {
            assert!(
                finding.message.len() < 2_000,
                "{name}: {:.300}",
                finding.message
            );
        }
    }
}

/// Schemas that refer to themselves, nest deeply or backtrack, with an instance, and whether it is accepted.
fn extreme_schemas() -> Vec<(&'static str, Value, String, Option<bool>)> {
    let chain = |length: usize| {
        let definitions = (0..length).map(|index| {
            (
                format!("d{index}"),
                json!({ "$ref": format!("#/$defs/d{}", index + 1) }),
            )
        });
        let mut definitions: serde_json::Map<String, Value> = definitions.collect();
        definitions.insert(format!("d{length}"), json!({ "type": "integer" }));
        json!({ "$ref": "#/$defs/d0", "$defs": definitions })
    };
    let nested_schema = |depth: usize| {
        (0..depth).fold(
            json!({ "type": "integer" }),
            |inner, _| json!({ "items": inner }),
        )
    };
    let doubling = {
        let definitions: serde_json::Map<String, Value> = (0..40)
            .map(|index| {
                let next = json!({ "$ref": format!("#/$defs/d{}", index + 1) });
                (
                    format!("d{index}"),
                    json!({ "allOf": [next.clone(), next] }),
                )
            })
            .chain([("d40".to_owned(), json!({ "type": "integer" }))])
            .collect();
        json!({ "$ref": "#/$defs/d0", "$defs": definitions })
    };
    vec![
        (
            "a list of lists",
            json!({ "items": { "$ref": "#" } }),
            nested("[", "", "]", 1024),
            Some(true),
        ),
        (
            "a tree with a fault",
            json!({ "type": "array", "items": { "$ref": "#" } }),
            nested("[", "1", "]", 1000),
            Some(false),
        ),
        (
            "a schema that is itself",
            json!({ "$ref": "#" }),
            "1".into(),
            None,
        ),
        (
            "two that are each other",
            json!({ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "$ref": "#/$defs/a" } } }),
            "1".into(),
            None,
        ),
        ("a chain of references", chain(400), "1".into(), Some(true)),
        (
            "a chain of references, refused",
            chain(400),
            "true".into(),
            Some(false),
        ),
        (
            "a long chain of references",
            chain(50_000),
            "1".into(),
            None,
        ),
        (
            "a deep schema",
            nested_schema(100),
            nested("[", "1", "]", 100),
            Some(true),
        ),
        ("references that double", doubling, "true".into(), None),
        (
            "a pattern that backtracks",
            json!({ "pattern": "^(?=(a+)+$)a*b" }),
            format!("\"{}!\"", "a".repeat(64)),
            Some(false),
        ),
        (
            "a pattern with a nested repetition",
            json!({ "pattern": "^(a+)+$" }),
            format!("\"{}!\"", "a".repeat(100_000)),
            Some(false),
        ),
        (
            "a pattern with a long repetition",
            json!({ "pattern": "^(a{1,1000}){1,1000}$" }),
            "\"a\"".into(),
            None,
        ),
    ]
}

#[test]
fn schemas_of_any_shape_are_refused_or_need_little_stack() {
    for (name, schema, text, is_valid) in extreme_schemas() {
        let check = move || {
            let Ok(schema) = Schema::compile(schema) else {
                return None;
            };
            let engine = Engine::new(Config::default()).with_schema(schema);
            Some(engine.check(&Document::parse(&text)).findings)
        };
        let builder = thread::Builder::new().name(name.into()).stack_size(STACK);
        let thread = builder.spawn(check);
        let findings = thread.expect("a thread").join().expect("no panic");
        if let Some(is_valid) = is_valid {
            let findings = findings.unwrap_or_else(|| panic!("{name}: the schema is refused"));
            assert_eq!(findings.is_empty(), is_valid, "{name}: {findings:.300?}");
        }
    }
}

/// Runs a check with at most this much address space, and returns its exit code, the size of its output, and its errors.
#[cfg(target_os = "linux")]
fn check_in_memory(mebibytes: usize, arguments: &[&str]) -> (Option<i32>, usize, String) {
    let limit = format!("ulimit -v {}; exec \"$@\"", mebibytes << 10);
    let output = Command::new("bash")
        .args(["-c", &limit, "check"])
        .arg(assert_cmd::cargo::cargo_bin!("countersign"))
        .args(["check", "--no-config", "--jobs", "1", "--format", "ndjson"])
        .args(arguments)
        .output()
        .expect("bash runs");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), output.stdout.len(), errors)
}

#[test]
fn a_schema_text_that_nests_too_deeply_is_refused() {
    let text = nested("{\"items\":", "{}", "}", 400);
    let error = Schema::parse(&text, &SchemaOptions::default()).err();
    let message = error.expect("an error").to_string();
    assert!(
        message.contains("recursion limit exceeded at line 1"),
        "{message}"
    );
}

fn compressed(path: &Path, write: impl FnOnce(&mut AtomicFile) -> io::Result<()>) {
    let mut file = AtomicFile::create(path).expect("a file");
    write(&mut file).expect("the file is written");
    file.commit().expect("the file is written");
}

#[test]
#[cfg(target_os = "linux")]
fn what_grows_when_it_is_decompressed_is_refused_in_bounded_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = format!("{}\n", ORDER.replace('\n', " "));
    let megabyte = vec![b' '; 1 << 20];
    for suffix in ["gz", "zst"] {
        let name = |stem: &str| folder.path().join(format!("{stem}.{suffix}"));
        let (spaces, long, lines) = (
            name("spaces.json"),
            name("long.ndjson"),
            name("lines.ndjson"),
        );
        compressed(&spaces, |file| {
            (0..24).try_for_each(|_| file.write_all(&megabyte))
        });
        compressed(&long, |file| {
            file.write_all(b"{\"a\":\"")?;
            (0..24).try_for_each(|_| file.write_all(&[b'x'; 1 << 20]))
        });
        compressed(&lines, |file| {
            (0..2_000).try_for_each(|_| file.write_all(line.as_bytes()))
        });
        for (path, arguments, code, message) in [
            (&spaces, &[][..], 2, "larger than 2 MiB when decompressed"),
            (&long, &[], 1, "1 error"),
            (&lines, &[], 0, ""),
            (
                &lines,
                &["--max-decompressed", "1000000"],
                1,
                "payload/broken-compression",
            ),
        ] {
            let path = path.to_str().expect("a path");
            let (found, out, errors) = check_in_memory(192, &[&[path], arguments].concat());
            assert_eq!(found, Some(code), "{path}: {errors}");
            assert!(errors.contains(message), "{path}: {errors}");
            assert!(out < 2_000_000, "{path}: {out} bytes");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn many_findings_take_memory_in_proportion() {
    let folder = tempfile::tempdir().expect("a folder");
    let order: Value = serde_json::from_str(ORDER).expect("JSON");
    let with = |name: &str, value: Value| {
        let mut order = order.clone();
        order[name] = value;
        order.to_string()
    };
    let mut unknown = order.clone();
    for index in 0..5_000 {
        unknown[format!("property{index}")] = json!(index);
    }
    let lines = json!(vec![json!({ "mpn": "x", "quantity": "1" }); 50_000]);
    for (name, text, code, findings) in [
        ("100,000 findings", with("products", lines), 1, 100_000),
        ("5,000 unknown properties", unknown.to_string(), 0, 5_000),
        (
            "a million commas",
            format!("[{}]", ",".repeat(1_000_000)),
            1,
            101,
        ),
    ] {
        let path = folder.path().join("payload.json");
        fs::write(&path, text).expect("a file");
        let (found, out, errors) = check_in_memory(1_536, &[path.to_str().expect("a path")]);
        assert_eq!(found, Some(code), "{name}: {errors}");
        assert!(
            out > findings * 100 && out < findings * 2_000 + 10_000,
            "{name}: {out} bytes"
        );
    }
}
