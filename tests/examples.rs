//! The examples: a private rule and a private kind have the command line, the reports and the editor.

#![expect(
    clippy::disallowed_methods,
    reason = "a test runs the project's programs"
)]

use std::fs;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The program of an example, which cargo builds together with the tests.
fn example(name: &str) -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_countersign"));
    let folder = program.parent().unwrap().join("examples");
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

fn run(name: &str, folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(example(name))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

const ORDER: &str =
    r#"{"customerId":"1000417733","type":"change","subscriptionId":"7","poNumber":"cc12-4711"}"#;

#[test]
fn a_private_rule_is_reported_fixed_and_switched_off() {
    let folder = folder_with(&[("order.json", ORDER)]);
    let output = run(
        "private_rule",
        &folder,
        &["check", "--format", "json", "order.json"],
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["findings"][0]["rule"], "acme/cost-center");
    assert_eq!(report["findings"][0]["fix"]["safety"], "safe");

    fs::write(
        folder.path().join("countersign.toml"),
        "[rules]\n\"acme/cost-center\" = \"off\"\n",
    )
    .unwrap();
    let output = run("private_rule", &folder, &["check", "order.json"]);
    assert_eq!(
        (output.status.code(), &output.stdout[..]),
        (Some(0), &b""[..])
    );
    fs::remove_file(folder.path().join("countersign.toml")).unwrap();

    let output = run("private_rule", &folder, &["check", "--fix", "order.json"]);
    assert_eq!(output.status.code(), Some(0));
    let fixed = fs::read_to_string(folder.path().join("order.json")).unwrap();
    assert_eq!(fixed, ORDER.replace("cc12", "CC12"));
}

#[test]
fn a_private_rule_is_in_the_reports_and_the_list() {
    let folder = folder_with(&[("order.json", ORDER)]);
    let output = run(
        "private_rule",
        &folder,
        &["check", "--format", "sarif", "order.json"],
    );
    let sarif: Value = serde_json::from_slice(&output.stdout).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    let index = result["ruleIndex"].as_u64().unwrap() as usize;
    let rule = &sarif["runs"][0]["tool"]["driver"]["rules"][index];
    assert_eq!(rule["id"], "acme/cost-center");
    assert_eq!(result["ruleId"], rule["id"]);

    let output = run(
        "private_rule",
        &folder,
        &["check", "--format", "html", "order.json"],
    );
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("The purchase order number does not begin with a cost center."));

    let output = run("private_rule", &folder, &["explain", "cost-center"]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("did you mean `acme/cost-center`?"),
        "{errors}"
    );
    let output = run("private_rule", &folder, &["explain", "acme/cost-center"]);
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("Accounting")
    );
}

#[test]
fn the_hint_of_a_finding_names_the_program() {
    let folder = folder_with(&[("order.json", ORDER)]);
    let output = run("private_rule", &folder, &["check", "order.json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("more: private_rule explain acme/cost-center"),
        "{text}"
    );
}

const INVOICES: &str = r#"{"invoiceNumber":"I-1","issued":"2026-02-01","due":"2026-01-01","lines":[],"total":0}
{"invoiceNumber":"I-2","currency":"eur","lines":[{"text":"a","amount":5}],"total":6}
{"invoiceNumber":"I-3","lines":[],"total":"0"}
"#;

#[test]
fn a_private_kind_is_checked_from_an_export() {
    let folder = folder_with(&[
        ("invoices.ndjson", INVOICES),
        ("empty.json", "{}"),
        (
            "page.json",
            r#"{"count":2,"invoices":[{"invoiceNumber":"I-1","lines":[],"total":0}]}"#,
        ),
    ]);
    for jobs in ["1", "2"] {
        let arguments = [
            "check",
            "--format",
            "ndjson",
            "--jobs",
            jobs,
            "invoices.ndjson",
            "page.json",
        ];
        let output = run("invoice_kind", &folder, &arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        let findings: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let found: Vec<(&str, &str)> = findings
            .iter()
            .map(|finding| {
                (
                    finding["rule"].as_str().unwrap(),
                    finding["record"]["key"].as_str().unwrap_or_default(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("acme/invoice-due-before-issue", "I-1"),
                ("acme/invoice-currency-case", "I-2"),
                ("acme/invoice-total-mismatch", "I-2"),
                ("schema/type", "I-3"),
                ("export/page-mismatch", ""),
            ]
        );
        assert_eq!(findings[0]["kind"], "invoice");
    }
    let output = run(
        "invoice_kind",
        &folder,
        &["check", "--format", "html", "invoices.ndjson"],
    );
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("invoice")
    );
    let output = run(
        "invoice_kind",
        &folder,
        &["check", "--kind", "invoice", "empty.json"],
    );
    assert_eq!(output.status.code(), Some(1));
    let output = run("invoice_kind", &folder, &["schema", "invoice"]);
    assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok());
}

#[test]
fn a_private_kind_is_completed_in_an_editor() {
    let mut server = Command::new(example("invoice_kind"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = server.stdin.take().unwrap();
    let mut output = BufReader::new(server.stdout.take().unwrap());
    let mut send = |message: Message| {
        message.write(&mut input).unwrap();
        input.flush().unwrap();
    };
    let mut response = |id: i32| loop {
        if let Message::Response(response) = Message::read(&mut output).unwrap().unwrap()
            && response.id == RequestId::from(id)
        {
            return response.response_result.unwrap();
        }
    };
    let request = |id: i32, method: &str, params: Value| {
        Message::Request(Request::new(RequestId::from(id), method.into(), params))
    };
    let notification = |method: &str, params: Value| {
        Message::Notification(Notification::new(method.into(), params))
    };
    send(request(
        1,
        "initialize",
        json!({"capabilities": {}, "initializationOptions": {"config": "none"}}),
    ));
    response(1);
    send(notification("initialized", json!({})));
    let uri = "file:///invoices/1.json";
    let text = r#"{ "invoiceNumber": "I-1", "due": "2026-02-01", "" }"#;
    send(notification(
        "textDocument/didOpen",
        json!({"textDocument": {"uri": uri, "languageId": "json", "version": 1, "text": text}}),
    ));
    let character = text.find("\"\"").unwrap() + 1;
    let params =
        json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": character}});
    send(request(2, "textDocument/completion", params));
    let items = response(2);
    let labels: Vec<&str> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["lines", "total", "currency", "issued"]);
    send(request(3, "shutdown", Value::Null));
    response(3);
    send(notification("exit", Value::Null));
    assert!(server.wait().unwrap().success());
}

/// The valid records of the benchmarks have no findings, so that no benchmark measures the printing of findings.
#[test]
fn generated_records_have_no_findings() {
    for kind in ["order", "certificate", "qualification"] {
        let folder = folder_with(&[]);
        let arguments = ["--kind", kind, "--records", "400", "--out", "records.jsonl"];
        assert!(run("generate", &folder, &arguments).status.success());
        let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .current_dir(&folder)
            .args([
                "check",
                "--no-config",
                "--format",
                "concise",
                "--fail-on",
                "info",
            ])
            .arg("records.jsonl")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
}
