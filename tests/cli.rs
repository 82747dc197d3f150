//! Tests of the command line, most of them within the test process, some with the program as a process.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

#[path = "support/derived.rs"]
mod derived;
mod support;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use countersign::output::with_thousands_separator;
use derived::assert_derived;
use serde_json::Value;
use support::{Outcome, check, folder_with, path_in, project, run_with};

fn run(arguments: &[&str]) -> Outcome {
    run_with(arguments, "")
}

const ORDER: &str = r#"{
  "customerId": "1000417733",
  "type": "change",
  "products": [{ "mpn": "CFQ7TTC0LCHC:0002", "quantity": 15 }]
}
"#;

/// The ids of all kinds.
fn kinds() -> Vec<&'static str> {
    let registry = countersign::registry::Registry::built_in();
    registry.kinds().iter().map(|kind| kind.id()).collect()
}

#[test]
fn exits_with_1_for_findings_and_0_without() {
    let bad = check(&["-"], ORDER);
    assert_eq!(bad.code, 1);
    assert!(
        bad.out.contains("error[order/subscription-missing]"),
        "{}",
        bad.out
    );
    assert!(bad.out.contains("<stdin>:3:11"), "{}", bad.out);
    assert_eq!(bad.errors, "<stdin>: 1 error\n");

    let good = check(&[&project("fixtures/valid")], "");
    assert_eq!((good.code, good.out.as_str()), (0, ""));
    assert!(
        good.errors
            .contains("files: no findings\nrecords: 22 certificates, "),
        "{}",
        good.errors
    );
}

#[test]
fn fail_on_sets_the_level_that_fails_a_run() {
    let warned = project("fixtures/invalid/order/po-number-case.json");
    for (fail_on, code) in [("error", 0), ("warning", 1), ("info", 1), ("never", 0)] {
        assert_eq!(
            check(&[&warned, "--fail-on", fail_on], "").code,
            code,
            "{fail_on}"
        );
    }
    assert_eq!(check(&["-", "--fail-on", "never"], ORDER).code, 0);
}

#[test]
fn last_of_a_repeated_flag_applies() {
    assert_eq!(
        check(&["-", "--fail-on", "never", "--fail-on", "error"], ORDER).code,
        1
    );
}

#[test]
fn usage_errors_list_possible_values() {
    let wrong = run(&["check", "--kind", "invoice"]);
    assert_eq!(wrong.code, 2);
    for kind in kinds() {
        assert!(wrong.errors.contains(kind), "{}", wrong.errors);
    }
    assert_eq!(run(&["check", "--today", "01-02-2026"]).code, 2);
    assert!(run(&["chekc"]).errors.contains("check"));
    assert_eq!(run(&["check", "-", "-"]).code, 2);
    assert_eq!(run(&["--help"]).code, 0);
    assert!(run(&["--version"]).out.starts_with("countersign "));
}

#[test]
fn reports_unreadable_inputs_and_checks_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("order.json");
    fs::write(&good, ORDER).unwrap();
    let missing = folder.path().join("missing.json");
    let outcome = check(&[missing.to_str().unwrap(), good.to_str().unwrap()], "");
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.out.contains("order/subscription-missing"),
        "missing finding: {}",
        outcome.out
    );
    assert!(
        outcome
            .errors
            .contains("missing.json: no such file or folder"),
        "{}",
        outcome.errors
    );
    assert!(
        outcome.errors.contains("1 file could not be read"),
        "{}",
        outcome.errors
    );

    let empty = tempfile::tempdir().unwrap();
    let outcome = check(&[empty.path().to_str().unwrap()], "");
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.errors.contains(
            "no payloads (*.json, *.ndjson, *.jsonl, or these as .gz or .zst) in this folder"
        ),
        "{}",
        outcome.errors
    );
}

#[test]
fn walks_folders_in_order_without_hidden_files() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "b.json",
        "a/c.json",
        "a/b.JSON",
        ".git/d.json",
        "a/.e.json",
        "notes.txt",
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, ORDER).unwrap();
    }
    let outcome = check(
        &[folder.path().to_str().unwrap(), "--format", "concise"],
        "",
    );
    let files: Vec<&str> = outcome
        .out
        .lines()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(files, ["a/b.JSON", "a/c.json", "b.json"]);
}

#[cfg(unix)]
#[test]
fn rejects_pipes_and_devices_without_blocking() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    for path in [pipe.to_str().unwrap(), "/dev/zero"] {
        let outcome = check(&[path], "");
        assert_eq!(outcome.code, 2);
        assert!(
            outcome.errors.contains("not a regular file"),
            "{}",
            outcome.errors
        );
        assert!(
            outcome.errors.contains("countersign check - <"),
            "{}",
            outcome.errors
        );
    }
}

#[cfg(unix)]
#[test]
fn reports_a_folder_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = assert_cmd::cargo::cargo_bin!("countersign");
    // Root may read everything, so a test that runs as root starts the program as another user.
    let is_root = fs::read_dir(&locked).is_ok();
    let copy = folder.path().join("countersign");
    fs::copy(program, &copy).unwrap();
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(&copy);
        command
    } else {
        Command::new(&copy)
    };
    let output = command
        .arg("check")
        .arg(&locked)
        .current_dir("/")
        .output()
        .unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("permission denied"), "{errors}");
}

#[test]
fn exits_silently_when_the_output_pipe_is_closed() {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("countersign"))
        .args([
            "check",
            "--today",
            "none",
            "--format",
            "json",
            &project("fixtures/invalid"),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn process_reads_standard_input_and_sets_the_exit_code() {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("countersign"))
        .args([
            "check",
            "-",
            "--today",
            "none",
            "--format",
            "concise",
            "--no-config",
            "--no-progress",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(ORDER.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(
        out.starts_with("<stdin>:3:11: error[order/subscription-missing] "),
        "{out}"
    );
}

#[test]
fn files_that_have_to_contain_a_payload_may_not_be_empty() {
    let folder = folder_with(&[
        (
            "countersign.toml",
            "[[payloads]]\nfiles = \"orders/*\"\nkind = \"order\"\n",
        ),
        ("array.json", " [ ]\n"),
        ("lines.ndjson", "\n\n"),
        (
            "page.json",
            r#"{ "data": [], "pagination": { "offset": 0, "limit": 10, "total": 0 } }"#,
        ),
        ("orders/array.json", "[]"),
        ("own.json", r#"{ "type": "array" }"#),
    ]);
    let own_schema = path_in(&folder, "own.json");
    let array = "no payload found: the array is empty, expected at least one record";
    let text = "no payload found: the input is empty, expected at least one record";
    for (path, arguments, expected) in [
        ("array.json", &[][..], None),
        (
            "array.json",
            &["--fix", "--kind", "order"],
            Some(("1:2", array)),
        ),
        (
            "array.json",
            &["--kind", "qualification"],
            Some(("1:2", array)),
        ),
        ("array.json", &["--schema", &own_schema], None),
        ("lines.ndjson", &[], Some(("1:1", text))),
        ("page.json", &[], None),
        ("orders", &[], Some(("1:1", array))),
    ] {
        let path = path_in(&folder, path);
        let arguments = [&[path.as_str(), "--format", "concise"][..], arguments].concat();
        let outcome = check(&arguments, "");
        let Some((place, message)) = expected else {
            assert_eq!(
                (outcome.code, outcome.out.as_str()),
                (0, ""),
                "{arguments:?}"
            );
            continue;
        };
        let expected = format!(":{place}: error[payload/unknown-kind] {message}\n");
        assert!(
            outcome.out.ends_with(&expected),
            "{arguments:?}: {}",
            outcome.out
        );
        assert_eq!(
            (outcome.code, outcome.out.lines().count()),
            (1, 1),
            "{arguments:?}"
        );
    }
    // A file that was only found is not expected to contain a payload.
    let found = folder_with(&[("array.json", "[]"), ("lines.ndjson", "")]);
    let found = check(&[&path_in(&found, "")], "");
    assert_eq!((found.code, found.out.as_str()), (0, ""));
    // A diff has no findings, only their number.
    let diff = check(&["--diff", "--fix", "--kind", "order", "-"], "[]");
    assert!(
        diff.errors.contains("1 error"),
        "{} {}",
        diff.out,
        diff.errors
    );
    assert!(!diff.out.contains("payload/unknown-kind"), "{}", diff.out);
}

#[test]
fn a_missing_payload_can_be_ignored() {
    let config = "[[ignore]]\nrule = \"payload/unknown-kind\"\nfiles = \"none.ndjson\"\n\
                  reason = \"the export is empty on holidays\"\n";
    let folder = folder_with(&[("countersign.toml", config), ("none.ndjson", "\n")]);
    let outcome = check(&[&path_in(&folder, "none.ndjson")], "");
    assert_eq!((outcome.code, outcome.out.as_str()), (0, ""));
}

#[test]
fn kind_and_form_arguments_override_detection() {
    let unknown = r#"{"a": 1}"#;
    assert!(
        check(&["-", "--format", "concise"], unknown)
            .out
            .contains("payload/unknown-kind")
    );
    let with_kind = check(&["-", "--kind", "order", "--format", "concise"], unknown);
    assert!(!with_kind.out.contains("payload/unknown-kind"));
    assert!(
        with_kind.out.contains("schema/required"),
        "{}",
        with_kind.out
    );

    let response = check(&["-", "--form", "response"], ORDER);
    assert_eq!(response.code, 0, "{}", response.out);
}

#[test]
fn user_schema_applies_alone_or_together_with_a_kind() {
    let folder = tempfile::tempdir().unwrap();
    let schema = folder.path().join("schema.json");
    fs::write(&schema, r#"{"type": "object", "required": ["poNumber"]}"#).unwrap();
    let schema = schema.to_str().unwrap();
    let alone = check(&["-", "--schema", schema, "--format", "concise"], ORDER);
    assert_eq!(alone.out.lines().count(), 1, "{}", alone.out);
    assert!(alone.out.contains("`poNumber` is missing"));
    let with_kind = check(
        &[
            "-", "--schema", schema, "--kind", "order", "--format", "concise",
        ],
        ORDER,
    );
    assert_eq!(with_kind.out.lines().count(), 2, "{}", with_kind.out);

    fs::write(schema, r#"{"type": "objekt"}"#).unwrap();
    let broken = check(&["-", "--schema", schema], ORDER);
    assert_eq!(broken.code, 2);
    assert!(
        broken.errors.contains("schema.json: not a valid schema"),
        "{}",
        broken.errors
    );
}

#[test]
fn counts_findings_beyond_max_findings() {
    let path = project("fixtures/invalid/several/nine-mistakes.json");
    let outcome = check(&[&path, "--max-findings", "2", "--format", "concise"], "");
    let lines: Vec<&str> = outcome.out.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[2].starts_with("… 7 more findings: --max-findings 0"));
    assert!(outcome.errors.contains("7 not shown"), "{}", outcome.errors);
    assert_eq!(check(&[&path, "--max-findings", "0"], "").code, 1);
}

#[test]
fn json_and_ndjson_reports_match_their_schema() {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(project("schemas/findings.schema.json")).unwrap())
            .unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let valid = |value: &Value| {
        let errors: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert_eq!(errors, [""; 0], "{value}");
    };
    let arguments = [
        "--partner-domain",
        "fabrikam-partner.com",
        &project("fixtures/invalid"),
    ];
    let whole = check(&[&arguments[..], &["--format", "json"]].concat(), "");
    let report: Value = serde_json::from_str(&whole.out).unwrap();
    valid(&report);
    let lines = check(&[&arguments[..], &["--format", "ndjson"]].concat(), "");
    let rows: Vec<Value> = lines
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(rows.len() > 60);
    rows.iter().for_each(valid);
    assert_eq!(report["findings"].as_array().unwrap(), &rows);
    let clean: Value =
        serde_json::from_str(&check(&[&project("fixtures/valid"), "--format", "json"], "").out)
            .unwrap();
    valid(&clean);
    assert_eq!(clean["summary"]["errors"], 0);
    let concise = check(&[&arguments[..], &["--format", "concise"]].concat(), "");
    assert_eq!(concise.out.lines().count(), rows.len());
}

#[test]
fn fingerprints_do_not_change_when_lines_move() {
    let fingerprints = |text: &str| {
        let outcome = check(&["-", "--format", "ndjson"], text);
        let fingerprint = |line: &str| {
            serde_json::from_str::<Value>(line).unwrap()["fingerprint"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        outcome.out.lines().map(fingerprint).collect::<Vec<_>>()
    };
    assert_eq!(
        fingerprints(ORDER),
        fingerprints(&format!("\n\n{}", ORDER.replace("  ", "\t")))
    );
    assert_ne!(
        fingerprints(ORDER),
        fingerprints(&ORDER.replace("1000417733", "1000417734"))
    );
}

#[test]
fn renders_a_huge_line_quickly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.json");
    let filler = "ä".repeat(50_000);
    let values = "\"0123456789\",".repeat(10_000_000 / 13);
    fs::write(
        &path,
        format!("{{\"a\":\"{filler}\",\"b\":tru,\"c\":[{values}1],\"d\":falsch,\"b\":1}}"),
    )
    .unwrap();
    let started = Instant::now();
    let outcome = check(&[path.to_str().unwrap()], "");
    assert!(
        started.elapsed() < Duration::from_secs(60),
        "far more than rendering needs"
    );
    assert!(outcome.out.contains("huge.json:1:50013"), "{}", outcome.out);
    assert!(outcome.out.contains("`falsch`"));
    assert!(
        outcome.out.contains("\"b\":tru"),
        "the label on the first name is shown in a view of its own: {}",
        outcome.out
    );
    assert!(
        outcome.out.lines().all(|line| line.chars().count() < 300),
        "only a window is shown"
    );
}

#[test]
fn escapes_terminal_control_sequences_of_payloads() {
    let text = "{\"customerId\": \"\u{1b}[31mred\u{202e}\", \"type\": \"\u{7}sales\", \"\u{1b}]0;x\u{7}\": 1}";
    for format in ["pretty", "concise"] {
        let outcome = check(&["-", "--format", format], text);
        let is_safe = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
        assert!(
            outcome.out.chars().all(is_safe),
            "{format}: {}",
            outcome.out
        );
        assert!(!outcome.out.is_empty());
    }
    let json = check(&["-", "--format", "ndjson"], text).out;
    assert!(json.bytes().all(|byte| byte == b'\n' || byte >= b' '));
}

#[test]
fn color_argument_controls_colours() {
    assert!(
        check(&["-", "--color", "always"], ORDER)
            .out
            .contains("\u{1b}[")
    );
    assert!(
        !check(&["-", "--color", "never"], ORDER)
            .out
            .contains('\u{1b}')
    );
}

#[test]
fn lists_and_explains_rules() {
    let list = run(&["rules"]);
    assert!(
        list.out
            .lines()
            .any(|line| line.starts_with("order/mpn-shape") && line.contains("warning"))
    );
    let json: Value = serde_json::from_str(&run(&["rules", "--format", "json"]).out).unwrap();
    assert_eq!(
        json.as_array().unwrap().len(),
        countersign::rules::RULES.len()
    );

    let page = run(&["explain", "order/agreement-date-format"]);
    assert!(
        page.out
            .starts_with("order/agreement-date-format (error)\n"),
        "{}",
        page.out
    );
    assert!(page.out.contains("Flagged") && !page.out.contains("```"));
    let misspelt = run(&["explain", "order/agreement-date-fromat"]);
    assert_eq!(misspelt.code, 2);
    assert!(
        misspelt
            .errors
            .contains("did you mean `order/agreement-date-format`?"),
        "{}",
        misspelt.errors
    );
    assert!(
        run(&["explain", "mpn-shape"])
            .errors
            .contains("did you mean `order/mpn-shape`?")
    );
}

#[test]
fn prints_the_embedded_schema_of_a_kind() {
    for kind in kinds() {
        let file = project(&format!("schemas/{kind}.schema.json"));
        assert_eq!(
            run(&["schema", kind]).out,
            fs::read_to_string(file).unwrap()
        );
    }
}

/// Uses the complete schema, as an editor does, without the special cases of the check for a kind.
#[test]
fn schema_of_a_kind_accepts_every_valid_payload() {
    for kind in kinds() {
        let schema = project(&format!("schemas/{kind}.schema.json"));
        // An error body is never valid.
        if kind == "vendor-error" {
            continue;
        }
        let payloads = project(&format!("fixtures/valid/{kind}"));
        // JSON Schema has no names without regard to case.
        let exclude = ["--exclude", "pascal-case.json"];
        let arguments = ["--schema", &schema, "--format", "concise", &payloads];
        let outcome = check(&[&exclude[..], &arguments].concat(), "");
        assert_eq!((outcome.code, outcome.out.as_str()), (0, ""), "{kind}");
        let list = r#"{"data":[{"status":"nothing"}],"$meta":{},"pagination":{},"totalCount":1}"#;
        let broken = match kind {
            "qualification" => r#"{"items":[{"qualification":"Nobody"}],"totalCount":1}"#,
            "customer" => r#"{"items":[{"id":7}],"totalCount":1}"#,
            "validation-result" => r#"{"data":[{"parameters":7}]}"#,
            _ => list,
        };
        assert_eq!(check(&["--schema", &schema, "-"], broken).code, 1, "{kind}");
    }
}

#[test]
fn schemas_describe_every_property_and_accept_their_examples() {
    for kind in kinds() {
        let text = fs::read_to_string(project(&format!("schemas/{kind}.schema.json"))).unwrap();
        assert_described(&serde_json::from_str(&text).unwrap());
    }
}

fn assert_described(schema: &Value) {
    for key in ["$id", "title", "description", "examples"] {
        assert!(schema.get(key).is_some(), "{key}");
    }
    fn describe(schema: &Value, path: &str, value: &Value, missing: &mut Vec<String>) {
        if let Some(properties) = value.get("properties").and_then(Value::as_object) {
            // The properties in a condition are described elsewhere.
            let is_condition = ["/if", "/then", "/else"]
                .iter()
                .any(|branch| path.contains(branch));
            for (name, property) in properties.iter().filter(|_| !is_condition) {
                let target = property.get("$ref").and_then(Value::as_str);
                let target = target.and_then(|target| schema.pointer(&target[1..]));
                let is_described = |value: &Value| value.get("description").is_some();
                if !is_described(property) && !target.is_some_and(is_described) {
                    missing.push(format!("{path}/{name}"));
                }
            }
        }
        for (name, inner) in value
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| *name != "examples")
        {
            describe(schema, &format!("{path}/{name}"), inner, missing);
        }
    }
    let mut missing = Vec::new();
    describe(schema, "", schema, &mut missing);
    assert_eq!(missing, [""; 0]);
    for example in schema["examples"].as_array().unwrap() {
        // What a platform refused is always reported.
        let outcome = check(&["--ignore", "answer/*", "-"], &example.to_string());
        assert_eq!(outcome.code, 0, "{}", outcome.out);
    }
}

#[test]
fn pretty_reports_match_their_snapshots() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/invalid");
    for name in [
        "several/nine-mistakes",
        "several/pasted-from-a-guide",
        "several/duplicate-keys-and-comments",
        "several/two-lines",
        "schema/required",
        "json/unclosed",
    ] {
        let text = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let outcome = check(&["-"], &text);
        let shown = format!("{}{}", outcome.out, outcome.errors);
        assert_derived(
            &format!("tests/snapshots/{}.txt", name.replace('/', "-")),
            &shown,
        );
    }
}

/// Files whose records repeat or contradict each other.
fn folder_with_related_records() -> tempfile::TempDir {
    let state = |status: &str, month: u32| {
        format!(
            r#"{{"id":"CER-3301-2214-9085","status":"{status}","audit":{{"updated":{{"at":"2025-{month:02}-01T00:00:00Z"}}}}}}"#
        )
    };
    let tenant = "5f6e2b1c-8a47-4d0b-9d8e-2c1f5b7a9e30";
    let order =
        fs::read_to_string(project("fixtures/valid/order/existing-tenant-id.json")).unwrap();
    let order = order.replace(
        "5f0c2a9e-71d4-4b83-9c56-2e8d41b7a06f\" }",
        &format!(r#"{tenant}" }}, {{ "name": "special_qualifications", "value": "None" }}"#),
    );
    folder_with(&[
        ("a.json", &state("Terminated", 3)),
        (
            "b.ndjson",
            &format!("{}\n{}\n", state("Active", 2), state("Pending", 4)),
        ),
        (
            "c.json",
            &format!("[{}, {}]", state("Active", 2), state("Terminated", 3)),
        ),
        ("d.json", &order),
        (
            "e.json",
            &format!(
                "GET /v1/customers/{tenant}/qualifications HTTP/1.1\n\n[{{\"qualification\": \"StateOwnedEntity\"}}]"
            ),
        ),
    ])
}

#[test]
fn cross_record_rules_see_records_of_all_files() {
    let folder = folder_with_related_records();
    let root = format!("{}/", folder.path().display());
    for jobs in ["1", "3"] {
        let outcome = check(
            &[
                "--format",
                "json",
                "--jobs",
                jobs,
                folder.path().to_str().unwrap(),
            ],
            "",
        );
        let report: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
        let text =
            |value: &serde_json::Value| value.as_str().unwrap_or_default().replace(&root, "");
        let found: Vec<[String; 4]> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| ["file", "rule", "pointer", "help"].map(|name| text(&finding[name])))
            .filter(|finding| finding[1].starts_with("export/"))
            .collect();
        let advice = "keep one of the two";
        assert_eq!(
            found,
            [
                [
                    "b.ndjson",
                    "export/illegal-transition",
                    "/status",
                    "compare with a.json; export the certificate again; if the states are the same, ask the platform"
                ],
                [
                    "c.json",
                    "export/duplicate-record",
                    "/0/id",
                    &format!("compare with record 1 of b.ndjson; {advice}")
                ],
                [
                    "c.json",
                    "export/duplicate-record",
                    "/1/id",
                    &format!("compare with a.json; {advice}")
                ],
                [
                    "e.json",
                    "export/state-owned-contradiction",
                    "/0/qualification",
                    "compare with d.json; write `soe` in the order, or correct the qualification"
                ],
            ]
        );
    }
}

#[test]
fn messages_match_their_snapshot() {
    let outcome = check(
        &[
            "--partner-domain",
            "fabrikam-partner.com",
            "--format",
            "concise",
            &project("fixtures/invalid/**/*.{json,ndjson,jsonl}"),
        ],
        "",
    );
    assert_derived(
        "tests/snapshots/messages.txt",
        &outcome.out.replace("fixtures/invalid/", ""),
    );
}

#[test]
fn nearest_configuration_applies_and_arguments_override_it() {
    let folder = folder_with(&[
        (
            "countersign.toml",
            "operation = \"re-enroll\"\n[rules]\n\"order/subscription-missing\" = \"warning\"\n",
        ),
        ("orders/order.json", ORDER),
    ]);
    let order = path_in(&folder, "orders/order.json");
    let outcome = check(&[&order], "");
    assert_eq!(outcome.code, 0, "{}", outcome.out);
    assert!(
        outcome.out.contains("warning[order/subscription-missing]"),
        "{}",
        outcome.out
    );
    assert_eq!(check(&[&order, "--no-config"], "").code, 1);
    let other = folder_with(&[("other.toml", "[rules]\n\"order/*\" = \"off\"\n")]);
    let outcome = check(&[&order, "--config", &path_in(&other, "other.toml")], "");
    assert_eq!((outcome.code, outcome.out.as_str()), (0, ""));
}

#[test]
fn reports_a_broken_configuration_and_checks_nothing() {
    let folder = folder_with(&[
        (
            "countersign.toml",
            "[rules]\n\"order/subscription-mising\" = \"off\"\n",
        ),
        ("order.json", ORDER),
    ]);
    let outcome = check(&[&path_in(&folder, ""), "--format", "concise"], "");
    assert_eq!(outcome.code, 2);
    assert_eq!(outcome.out.lines().count(), 1, "{}", outcome.out);
    assert!(
        outcome
            .out
            .contains("countersign.toml:2:1: error[config/unknown-rule]"),
        "{}",
        outcome.out
    );
    for (text, position) in [
        ("operation = re-enroll\n", "1:13: error[config/syntax]"),
        ("operation = \"renew\"\n", "1:13: error[schema/enum]"),
        ("catalogue = 7\n", "1:13: error[schema/type]"),
        (
            "[[ignore]]\nrule = \"order/mpn-shape\"\n",
            "1:1: error[schema/required]",
        ),
    ] {
        let folder = folder_with(&[("countersign.toml", text), ("order.json", ORDER)]);
        let outcome = check(&[&path_in(&folder, ""), "--format", "concise"], "");
        assert_eq!(outcome.code, 2, "{text}");
        assert!(outcome.out.contains(position), "{text}: {}", outcome.out);
    }
    let folder = folder_with(&[
        ("countersign.toml", "catalogue = \"numbers.txt\"\n"),
        ("order.json", ORDER),
    ]);
    let outcome = check(&[&path_in(&folder, "")], "");
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.errors.contains("numbers.txt: no such file"),
        "{}",
        outcome.errors
    );
}

#[test]
fn reports_configuration_warnings_together_with_payload_findings() {
    let config = "partner_domains = [\"fabrikam.com\"]\n\
                  [[ignore]]\nrule = \"order/sample-value\"\nreason = \"x\"\nuntil = 2025-12-31\n";
    let folder = folder_with(&[("countersign.toml", config), ("order.json", ORDER)]);
    let outcome = check(&[&path_in(&folder, ""), "--format", "concise"], "");
    assert_eq!(outcome.code, 1);
    for part in [
        "1:1: warning[schema/additional-properties]",
        "5:9: warning[config/expired-ignore]",
        "error[order/subscription-missing]",
    ] {
        assert!(outcome.out.contains(part), "{part}: {}", outcome.out);
    }
}

#[test]
fn ignore_entry_hides_findings_and_is_reported_when_unused() {
    let config =
        "[[ignore]]\nrule = \"order/subscription-missing\"\nfiles = \"old/*\"\nreason = \"x\"\n";
    let folder = folder_with(&[("countersign.toml", config), ("old/order.json", ORDER)]);
    let outcome = check(&[&path_in(&folder, "")], "");
    assert_eq!((outcome.code, outcome.out.as_str()), (0, ""));

    let folder = folder_with(&[("countersign.toml", config), ("new/order.json", ORDER)]);
    let outcome = check(&[&path_in(&folder, ""), "--format", "concise"], "");
    assert_eq!(outcome.code, 1);
    assert!(
        outcome
            .out
            .contains("countersign.toml:1:1: warning[config/unused-entry]"),
        "{}",
        outcome.out
    );
    // A run over some of the files does not report unused entries.
    let outcome = check(
        &[&path_in(&folder, "new/order.json"), "--format", "concise"],
        "",
    );
    assert!(!outcome.out.contains("unused-entry"), "{}", outcome.out);
}

#[test]
fn configuration_sets_kind_form_and_schema_of_files() {
    let config = "[[payloads]]\nfiles = \"partners/*\"\nkind = \"order\"\nform = \"request\"\n\
                  schema = \"own.json\"\n";
    let own = r#"{ "required": ["planId"] }"#;
    let answer =
        r#"{ "customerId": "1", "type": "change", "subscriptionId": "2", "status": "error" }"#;
    let folder = folder_with(&[
        ("countersign.toml", config),
        ("own.json", own),
        ("partners/order.txt", answer),
        ("elsewhere/order.json", answer),
    ]);
    let named = check(
        &[
            &path_in(&folder, "partners/order.txt"),
            "--format",
            "concise",
        ],
        "",
    );
    assert!(
        named.out.contains("order/read-only-member"),
        "{}",
        named.out
    );
    assert!(named.out.contains("`planId` is missing"), "{}", named.out);
    let other = check(&[&path_in(&folder, "elsewhere/order.json")], "");
    assert_eq!((other.code, other.out.as_str()), (0, ""));
}

fn run_in(folder: &tempfile::TempDir, arguments: &[&str]) -> std::process::Output {
    Command::new(assert_cmd::cargo::cargo_bin!("countersign"))
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap()
}

#[test]
fn checks_the_configured_files_without_a_path() {
    let config = "[[payloads]]\nfiles = \"in/*\"\n";
    let folder = folder_with(&[
        ("countersign.toml", config),
        ("in/order.txt", ORDER),
        ("out/order.json", ORDER),
    ]);
    let output = run_in(&folder, &["check", "--format", "concise"]);
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.starts_with("in/order.txt:3:11: error"), "{out}");
    assert!(!out.contains("out/order.json"), "{out}");
}

#[test]
fn init_writes_a_configuration_without_effect_and_never_overwrites() {
    let folder = folder_with(&[("order.json", ORDER)]);
    let before = run_in(&folder, &["check", "--today", "none"]).stdout;
    assert_eq!(run_in(&folder, &["init"]).status.code(), Some(0));
    assert_eq!(
        run_in(&folder, &["check", "--today", "none"]).stdout,
        before
    );
    let path = folder.path().join("countersign.toml");
    fs::write(&path, "operation = \"create\"\n").unwrap();
    assert_eq!(run_in(&folder, &["init"]).status.code(), Some(2));
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "operation = \"create\"\n"
    );
}

/// Removes the comment signs in front of the settings.
#[test]
fn commented_configuration_has_valid_settings_only() {
    let text = fs::read_to_string(project("src/cli/countersign.toml")).unwrap();
    let settings: Vec<&str> = text
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting,
            _ => line,
        })
        .collect();
    let read = countersign::config::read(
        &settings.join("\n"),
        None,
        &countersign::registry::Registry::built_in(),
    );
    assert_eq!(read.findings, vec![]);
    assert!(!read.config.ignores.is_empty() && !read.config.payloads.is_empty());
}

/// Two orders with a finding each, one per line.
fn two_orders() -> String {
    let order = ORDER.replace('\n', " ");
    format!("{order}\n{order}\n")
}

fn gzip(text: &str) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

#[test]
fn reads_compressed_files_up_to_the_first_damage() {
    let folder = tempfile::tempdir().unwrap();
    let lines = two_orders();
    let gzipped = gzip(&lines);
    let file = |name: &str| folder.path().join(name);
    fs::write(file("a.ndjson.gz"), &gzipped).unwrap();
    fs::write(
        file("b.JSONL.ZST"),
        zstd::encode_all(lines.as_bytes(), 3).unwrap(),
    )
    .unwrap();
    fs::write(file("c.ndjson.gz"), [&gzipped[..], b"no"].concat()).unwrap();
    fs::write(file("d.gz"), "no payload by its name").unwrap();
    let outcome = check(
        &["--format", "concise", folder.path().to_str().unwrap()],
        "",
    );
    assert_eq!(outcome.code, 1);
    let found: Vec<&str> = outcome
        .out
        .lines()
        .map(|line| line.rsplit_once('/').map_or(line, |(before, _)| before))
        .map(|line| &line[folder.path().to_str().unwrap().len() + 1..])
        .collect();
    assert_eq!(
        found,
        [
            "a.ndjson.gz:1:43: error[order",
            "a.ndjson.gz:2:43: error[order",
            "b.JSONL.ZST:1:43: error[order",
            "b.JSONL.ZST:2:43: error[order",
            "c.ndjson.gz:1:43: error[order",
            "c.ndjson.gz:2:43: error[order",
            "c.ndjson.gz:3:1: error[payload",
        ],
        "{}",
        outcome.out
    );
    let at = format!(
        "other data follows the compressed data at byte {}",
        gzipped.len()
    );
    assert!(outcome.out.contains(&at), "{}", outcome.out);
}

#[test]
fn max_decompressed_limits_compressed_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.ndjson.gz");
    fs::write(&file, gzip(&two_orders())).unwrap();
    let limited = check(&["--max-decompressed", "10", file.to_str().unwrap()], "");
    assert!(
        limited
            .out
            .contains("the decompressed data exceeds the limit")
    );
    assert_eq!(check(&["--max-decompressed", "10Q", "-"], "").code, 2);
}

#[test]
fn rejects_fixes_of_compressed_files() {
    let folder = tempfile::tempdir().unwrap();
    let fixable = two_orders().replace("\"1000417733\"", "1000417733");
    let file = folder.path().join("a.ndjson.gz");
    fs::write(&file, zstd::encode_all(fixable.as_bytes(), 3).unwrap()).unwrap();
    let before = fs::read(&file).unwrap();
    let fixed = check(&["--fix", file.to_str().unwrap()], "");
    assert_eq!(fixed.code, 2);
    assert!(
        fixed
            .errors
            .contains("the file is compressed; decompress it"),
        "{}",
        fixed.errors
    );
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
#[cfg(unix)]
fn interrupt_ends_a_run_with_a_complete_report() {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("countersign"))
        .args(["check", "--no-config", "--records", "lines"])
        .args(["--format", "ndjson", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = format!("{}\n", ORDER.replace('\n', " ")).repeat(1000);
    let mut input = child.stdin.take().unwrap();
    // An endless input.
    let writer = std::thread::spawn(move || while input.write_all(lines.as_bytes()).is_ok() {});
    let mut out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut out, &mut text).unwrap();
        text
    });
    std::thread::sleep(Duration::from_millis(700));
    let interrupted = Instant::now();
    let pid = child.id().to_string();
    let killed = Command::new("bash")
        .args(["-c", "kill -INT \"$0\"", &pid])
        .status();
    assert!(killed.unwrap().success());
    let outcome = child.wait_with_output().unwrap();
    assert!(interrupted.elapsed() < Duration::from_secs(5));
    writer.join().unwrap();
    let text = reader.join().unwrap();
    assert_eq!(outcome.status.code(), Some(130));
    assert!(text.ends_with("}\n"), "no line is cut");
    let errors = String::from_utf8_lossy(&outcome.stderr);
    let count = text.lines().count() - 1;
    assert_eq!(
        text.lines().last().unwrap().find("\"complete\":false"),
        Some(1)
    );
    let count = format!(
        "interrupted: {} errors so far",
        with_thousands_separator(count)
    );
    assert!(errors.starts_with(&count), "{errors}");
}

#[test]
#[cfg(unix)]
fn a_signal_ends_a_run_that_waits_for_its_input() {
    for signal in ["-INT", "-TERM"] {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("countersign"))
            .args(["check", "--no-config", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(500));
        let pid = child.id().to_string();
        let killed = Command::new("bash")
            .args(["-c", "kill \"$0\" \"$1\"", signal, &pid])
            .status();
        assert!(killed.unwrap().success());
        // It stays open, and nothing is written to it.
        let input = child.stdin.take();
        let outcome = child.wait_with_output().unwrap();
        drop(input);
        assert_eq!(outcome.status.code(), Some(130));
        let errors = String::from_utf8_lossy(&outcome.stderr);
        assert_eq!(errors, "error: interrupted; the report is incomplete\n");
    }
}

#[test]
#[cfg(unix)]
fn a_configuration_that_is_no_file_is_an_error() {
    let folder = folder_with(&[("order.json", ORDER)]);
    let (order, config) = (
        path_in(&folder, "order.json"),
        path_in(&folder, "countersign.toml"),
    );
    let check = || run(&["check", "--quiet", &order]);
    std::os::unix::fs::symlink("missing.toml", &config).unwrap();
    let dangling = check();
    fs::remove_file(&config).unwrap();
    fs::create_dir(&config).unwrap();
    let directory = check();
    fs::remove_dir(&config).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(&config)
            .status()
            .unwrap()
            .success()
    );
    let pipe = check();
    for (outcome, message) in [
        (dangling, "a link to a file that does not exist"),
        (directory, "not a file"),
        (pipe, "not a file"),
    ] {
        assert_eq!(outcome.code, 2, "{}", outcome.errors);
        assert!(
            outcome
                .errors
                .ends_with(&format!("countersign.toml: {message}\n")),
            "{}",
            outcome.errors
        );
    }
    let answer = run(&["check", "--no-config", "--answer", &config, &order]);
    assert_eq!(answer.code, 2);
    assert!(answer.errors.contains("not a file"), "{}", answer.errors);
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_an_error() {
    let folder = folder_with(&[("order.json", ORDER)]);
    let order = path_in(&folder, "order.json");
    let full = || fs::File::create("/dev/full").unwrap();
    let program = || Command::new(assert_cmd::cargo::cargo_bin!("countersign"));
    for arguments in [
        &["rules"][..],
        &["check", "--no-config", "--format", "json", &order],
    ] {
        let output = program().args(arguments).stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "error: output cannot be written: no space left on the disk\n"
        );
    }
    // Without standard error, the report and the exit code remain.
    let output = program()
        .args(["check", "--no-config", &order])
        .stderr(full())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let arguments = ["check", "--no-config", "--format", "json=/dev/full", &order];
    let output = program().args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        errors.ends_with("output cannot be written: /dev/full: no space left on the disk\n"),
        "{errors}"
    );
}

#[test]
#[cfg(unix)]
fn completions_contain_commands_values_and_rules() {
    let folder = folder_with(&[("completions", &run(&["completions", "bash"]).out)]);
    let script = path_in(&folder, "completions");
    for (words, word, before, completed) in [
        ("countersign chec", "chec", "countersign", "check"),
        (
            "countersign check --fail-on wa",
            "wa",
            "--fail-on",
            "warning",
        ),
        ("countersign check --format sa", "sa", "--format", "sarif"),
        (
            "countersign explain order/mpn-s",
            "order/mpn-s",
            "explain",
            "order/mpn-shape",
        ),
    ] {
        let count = words.split(' ').count() - 1;
        let command = format!(
            "source '{script}'; COMP_WORDS=({words}); COMP_CWORD={count}; \
             _countersign countersign '{word}' '{before}'; printf %s \"${{COMPREPLY[*]}}\""
        );
        let output = Command::new("bash")
            .args(["-c", &command])
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            completed,
            "{words}: {output:?}"
        );
    }
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        assert!(
            run(&["completions", shell]).out.contains("countersign"),
            "{shell}"
        );
    }
}

#[test]
fn reports_link_to_configured_rule_pages() {
    let folder = folder_with(&[
        (
            "countersign.toml",
            "rule-pages = \"https://rules.tannerwick.com/\"\n",
        ),
        ("order.json", ORDER),
    ]);
    let file = path_in(&folder, "order.json");
    let report: Value = serde_json::from_str(&check(&["--format", "json", &file], "").out).unwrap();
    let address = "https://rules.tannerwick.com/order/subscription-missing.md";
    assert_eq!(report["findings"][0]["url"], address);
    let sarif = check(&["--format", "sarif", &file], "").out;
    assert!(sarif.contains(&format!("\"helpUri\":\"{address}\"")));
    let plain = check(&[&file], "").out;
    assert!(
        plain.contains("countersign explain order/subscription-missing\n"),
        "{plain}"
    );
}

#[test]
fn manual_and_help_list_every_flag() {
    let manual = run(&["man"]).out;
    let help = run(&["check", "--help"]).out;
    let flags = help
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("--"))
        .filter(|flag| flag.starts_with(|c: char| c.is_ascii_lowercase()))
        .map(|flag| flag.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()))
        .map(|flag| flag.split(['=', '[']).next().unwrap());
    let mut count = 0;
    for flag in flags {
        assert!(manual.contains(&flag.replace('-', "\\-")), "{flag}");
        count += 1;
    }
    assert!(count > 25);
    let long = run(&["--help"]).out;
    assert!(long.contains("Examples:") && long.contains("Exit codes:"));
    let short = run(&["-h"]).out;
    assert!(!short.contains("Examples:") && short.contains("Exit codes:"));
    let misspelt = run(&["chekc"]);
    assert_eq!(misspelt.code, 2);
    assert!(misspelt.errors.contains("'check'"), "{}", misspelt.errors);
    let misspelt = run(&["check", "--formt", "json"]);
    assert!(
        misspelt.errors.contains("'--format'"),
        "{}",
        misspelt.errors
    );
    assert!(run(&["--version"]).out.starts_with("countersign 0."));
}
