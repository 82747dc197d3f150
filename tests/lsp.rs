//! Tests of the language server with a minimal client: it reports the same findings as the command line, and
//! handles the edge cases of the protocol. The tests with third-party clients are in `tests/lsp_clients`.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

#[path = "lsp/completion.rs"]
mod completion;
#[path = "lsp/completion_trial.rs"]
mod completion_trial;
#[path = "lsp/ignore.rs"]
mod ignore;
#[path = "lsp/session.rs"]
mod session;
mod support;
#[path = "lsp/typing.rs"]
mod typing;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use serde_json::{Value, json};
use session::{Session, document_params, editor_capabilities, pull_capabilities, uri_of};
use support::{check, folder_with, path_in, project};

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_files(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// Returns the findings that the command line reports for a file, as diagnostics, and whether one of them is
/// about a record of a known kind (or there are none).
fn command_line_diagnostics(file: &str) -> (Vec<Value>, bool) {
    let outcome = check(&["--no-config", "--format", "json", file], "");
    assert!(outcome.code < 2, "{}", outcome.errors);
    let report: Value = serde_json::from_str(&outcome.out).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let is_known = findings.is_empty() || findings.iter().any(|finding| !finding["kind"].is_null());
    let diagnostic = |finding: &Value| {
        let position = |end: &str| {
            let position = &finding["range"][end];
            let zero_based = |name: &str| position[name].as_u64().unwrap() - 1;
            json!({ "line": zero_based("line"), "character": zero_based("utf16") })
        };
        let message = finding["message"].as_str().unwrap();
        let message = match finding["help"].as_str() {
            Some(help) => format!("{message}\nhelp: {help}"),
            None => message.to_owned(),
        };
        let severity = ["error", "warning", "info"]
            .iter()
            .position(|level| finding["level"] == *level)
            .unwrap();
        json!({
            "code": finding["rule"],
            "severity": severity + 1,
            "range": { "start": position("start"), "end": position("end") },
            "message": message,
        })
    };
    (findings.iter().map(diagnostic).collect(), is_known)
}

#[test]
fn reports_the_findings_of_the_command_line() {
    let mut files = Vec::new();
    collect_files(Path::new(&project("fixtures")), &mut files);
    let mut session = Session::start_default();
    let (mut compared, mut skipped) = (0, Vec::new());
    for file in files {
        let name = file.to_string_lossy().into_owned();
        // An editor does not open files that are not UTF-8.
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        let (expected, is_known) = command_line_diagnostics(&name);
        let mut diagnostics = session.diagnostics_of(&uri_of(&file), &text);
        for diagnostic in &mut diagnostics {
            assert_eq!(diagnostic["source"], "countersign");
            let properties = diagnostic.as_object_mut().unwrap();
            properties.retain(|name, _| {
                ["code", "severity", "range", "message"].contains(&name.as_str())
            });
        }
        if diagnostics.is_empty() && !is_known {
            skipped.push(name);
            continue;
        }
        assert_eq!(diagnostics, expected, "{name}");
        compared += expected.len();
    }
    assert!(compared > 200, "{compared} findings");
    // The server reports nothing for files without a payload.
    let is_payload = |name: &String| name.ends_with(".json");
    let payloads: Vec<&String> = skipped.iter().filter(|name| is_payload(name)).collect();
    assert!(payloads.len() < 3, "{payloads:#?}");
    session.shut_down();
}

const ORDER: &str = r#"{
  "customerId": "1000417733",
  "type": "change",
  "subscriptionId": "1000342",
  "products": [{ "mpn": "CFQ7TTC0LH18:0001", "quantity": 90.0 }],
}
"#;

#[test]
fn accepts_an_integer_with_a_fraction_of_zero() {
    let mut session = Session::start_default();
    let diagnostics = session.diagnostics_of("file:///a/order.json", ORDER);
    let rules: Vec<&Value> = diagnostics.iter().map(|it| &it["code"]).collect();
    assert_eq!(rules, ["json/trailing-comma"]);
    assert_eq!(diagnostics[0]["tags"], json!([1]), "tagged as unnecessary");
    session.shut_down();
}

#[test]
fn applies_a_quick_fix_and_checks_the_result() {
    let uri = "file:///a/order.json";
    let mut session = Session::start_default();
    assert_eq!(session.diagnostics_of(uri, ORDER).len(), 1);
    let position = json!({ "line": 4, "character": 67 });
    let range = json!({ "start": position, "end": position });
    let params = json!({
        "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] }
    });
    let actions = session.request("textDocument/codeAction", params).unwrap();
    let kinds: Vec<&str> = actions
        .as_array()
        .unwrap()
        .iter()
        .map(|action| action["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["quickfix", "source.fixAll.countersign"],
        "{actions:#}"
    );
    assert_eq!(actions[0]["isPreferred"], true);
    let edits = &actions[0]["edit"]["changes"][uri];
    assert_eq!(edits, &actions[1]["edit"]["changes"][uri]);
    let changes = json!([{ "range": edits[0]["range"], "text": edits[0]["newText"] }]);
    session.change(uri, 2, changes);
    assert_eq!(session.published(uri, Some(2)), Vec::<Value>::new());
    let document = session
        .request("countersign/text", document_params(uri))
        .unwrap();
    assert_eq!(document["text"], ORDER.replace("],\n}", "]\n}"));
    session.notify("textDocument/didClose", document_params(uri));
    assert_eq!(session.published(uri, None), Vec::<Value>::new());
    session.shut_down();
}

#[test]
fn rejects_invalid_requests() {
    let mut session = Session::spawn();
    assert_eq!(session.request("shutdown", Value::Null), Err(-32002));
    let params = json!({ "capabilities": editor_capabilities() });
    session.request("initialize", params.clone()).unwrap();
    assert_eq!(session.request("initialize", params), Err(-32600));
    assert_eq!(
        session.request("textDocument/definition", json!({})),
        Err(-32601)
    );
    assert_eq!(session.request("textDocument/hover", json!(7)), Err(-32602));
    session.shut_down();
}

#[test]
fn logs_invalid_notifications_and_ignores_unknown_ones() {
    let mut session = Session::start_default();
    session.notify("$/unheardOf", json!({}));
    session.notify("textDocument/didChange", json!({ "nothing": true }));
    assert_eq!(session.next_notification().method, "window/logMessage");
    session.shut_down();
}

#[test]
fn responds_to_pulled_diagnostics() {
    let uri = "file:///a/order.json";
    let mut session = Session::start(pull_capabilities(), Value::Null);
    let pull =
        |session: &mut Session, params| session.request("textDocument/diagnostic", params).unwrap();
    let not_open = pull(&mut session, document_params(uri));
    assert_eq!(not_open, json!({ "kind": "full", "items": [] }));
    session.open(uri, ORDER);
    let full = pull(&mut session, document_params(uri));
    assert_eq!(full["items"].as_array().unwrap().len(), 1);
    let params = json!({
        "textDocument": { "uri": uri }, "previousResultId": full["resultId"]
    });
    let unchanged = pull(&mut session, params);
    assert_eq!(unchanged["kind"], "unchanged");
    session.shut_down();
}

#[test]
fn responds_once_to_cancelled_and_superseded_requests() {
    let uri = "file:///a/order.json";
    let params = document_params(uri);
    let mut session = Session::start(pull_capabilities(), Value::Null);
    session.open(uri, ORDER);
    let long = format!("[{}{ORDER}]", format!("{ORDER},\n").repeat(2000));
    session.change(uri, 2, json!([{ "text": long }]));
    let superseded = session.send_request("textDocument/diagnostic", params.clone());
    let cancelled = session.send_request("textDocument/documentSymbol", params.clone());
    session.notify("$/cancelRequest", json!({ "id": 5000 }));
    session.notify("$/cancelRequest", json!({ "id": cancelled }));
    session.change(uri, 3, json!([{ "text": ORDER }]));
    let current = session.send_request("textDocument/diagnostic", params);
    let mut codes = BTreeMap::new();
    while codes.len() < 3 {
        let Some(response) = session.receive() else {
            continue;
        };
        let code = response.response_result.err().map(|error| error.code);
        assert_eq!(codes.insert(response.id, code), None);
    }
    // The worker may be done with a request before it is cancelled.
    let code = codes[&superseded];
    assert!([None, Some(-32802)].contains(&code), "{codes:?}");
    let code = codes[&cancelled];
    assert!(
        [None, Some(-32800), Some(-32801)].contains(&code),
        "{codes:?}"
    );
    assert_eq!(codes[&current], None);
    session.shut_down();
}

#[test]
fn a_cancelled_check_stops_early() {
    let cancel = Arc::new(AtomicBool::new(false));
    let engine = Engine::new(Config::default()).with_cancellation(Arc::clone(&cancel));
    let document = Document::parse(r#"[{ "customerId": 1, "type": "change" }]"#);
    assert!(!engine.check(&document).findings.is_empty());
    cancel.store(true, Ordering::Relaxed);
    assert!(engine.check(&document).findings.is_empty());
}

#[test]
fn an_exit_without_shutdown_is_not_clean() {
    let mut session = Session::start_default();
    session.notify("exit", Value::Null);
    assert!(!session.server.join().unwrap());
    let session = Session::start_default();
    drop(session.to_server);
    assert!(!session.server.join().unwrap());
}

#[test]
fn reports_nothing_for_files_without_a_payload() {
    let mut session = Session::start_default();
    let texts = [
        "",
        "  \n",
        "{ \"name\": \"a\", \"version\": \"1\", }",
        "[1, 2,]",
        "{",
    ];
    for (index, text) in texts.into_iter().enumerate() {
        let uri = format!("file:///a/{index}.json");
        let diagnostics = session.diagnostics_of(&uri, text);
        assert_eq!(diagnostics, Vec::<Value>::new(), "{text}");
    }
    session.shut_down();
}

#[test]
fn checks_json_lines_line_by_line() {
    let order = ORDER.replace('\n', "");
    let mut session = Session::start_default();
    let text = format!("{order}\n\n{order}\n");
    let diagnostics = session.diagnostics_of("file:///a/orders.ndjson", &text);
    let commas = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic["code"] == "json/trailing-comma");
    assert_eq!(commas.count(), 2, "{diagnostics:#?}");
    let lines: Vec<&Value> = diagnostics
        .iter()
        .map(|diagnostic| &diagnostic["range"]["start"]["line"])
        .collect();
    assert!(lines.contains(&&json!(2)));
    session.shut_down();
}

#[test]
fn shows_the_most_severe_findings_up_to_the_limit() {
    let options = json!({ "today": "none", "config": "none", "maxFindings": 3 });
    let mut session = Session::start(editor_capabilities(), options);
    let unknown: String = (0..9).map(|n| format!("\"x{n}\": 1, ")).collect();
    let text = ORDER.replace("\"type\"", &format!("{unknown}\"type\""));
    let diagnostics = session.diagnostics_of("file:///a/order.json", &text);
    assert_eq!(diagnostics.len(), 4);
    assert_eq!(
        diagnostics[0]["message"],
        "7 of 10 findings are not shown here; `countersign check` shows them all"
    );
    assert!(
        diagnostics
            .iter()
            .any(|diagnostic| diagnostic["code"] == "json/trailing-comma"),
        "{diagnostics:#?}"
    );
    session.shut_down();
}

/// A folder with a configuration file and an order.
struct ConfiguredFolder {
    _folder: tempfile::TempDir,
    config: PathBuf,
    config_uri: String,
    order_uri: String,
}

impl ConfiguredFolder {
    fn new(config: &str) -> Self {
        let folder = folder_with(&[("countersign.toml", config), ("order.json", ORDER)]);
        let path = PathBuf::from(path_in(&folder, "countersign.toml"));
        Self {
            config_uri: uri_of(&path),
            config: path,
            order_uri: uri_of(path_in(&folder, "order.json").as_ref()),
            _folder: folder,
        }
    }

    fn write_config(&self, text: &str) {
        fs::write(&self.config, text).unwrap();
    }

    fn save_order(&self, session: &mut Session) {
        session.notify("textDocument/didSave", document_params(&self.order_uri));
    }
}

#[test]
fn applies_the_nearest_configuration_file() {
    let folder = ConfiguredFolder::new("[rules]\n\"json/trailing-comma\" = \"info\"\n");
    let mut session = Session::start(editor_capabilities(), json!({}));
    let diagnostics = session.diagnostics_of(&folder.order_uri, ORDER);
    assert_eq!(diagnostics[0]["severity"], 3);
    session.shut_down();
}

#[test]
fn publishes_and_clears_diagnostics_of_the_configuration_file() {
    let folder = ConfiguredFolder::new("[rules]\n\"json/trailing-comma\" = \"info\"\n");
    let mut session = Session::start(editor_capabilities(), json!({}));
    session.diagnostics_of(&folder.order_uri, ORDER);
    folder.write_config("[rules]\n\"json/trailing-coma\" = \"info\"\n");
    session.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    let diagnostics = session.published(&folder.config_uri, None);
    assert_eq!(diagnostics[0]["code"], "config/unknown-rule");
    let diagnostics = session.published(&folder.order_uri, Some(1));
    assert_eq!(diagnostics[0]["severity"], 1);
    folder.write_config("");
    folder.save_order(&mut session);
    let diagnostics = session.published(&folder.config_uri, None);
    assert_eq!(diagnostics, Vec::<Value>::new());
    session.shut_down();
}

#[test]
fn shows_the_error_of_an_unreadable_configuration_once() {
    let folder = ConfiguredFolder::new("catalogue = \"missing.txt\"\n");
    let mut session = Session::start(editor_capabilities(), json!({}));
    session.diagnostics_of(&folder.order_uri, ORDER);
    for _ in 0..2 {
        folder.save_order(&mut session);
        session.published(&folder.order_uri, Some(1));
    }
    let shown: Vec<&str> = session
        .notifications
        .iter()
        .filter(|received| received.method == "window/showMessage")
        .filter_map(|received| received.params["message"].as_str())
        .collect();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(
        shown[0].contains("missing.txt: no such file or folder"),
        "{shown:?}"
    );
    session.shut_down();
}

#[test]
fn shows_what_the_marketplace_refused_at_the_lines_of_the_order() {
    let answer = r#"{"data":[{"parameters":[{"name":"microsoft_domain","result":"error","value":"brassfinch.com","valueError":"The tenant is unknown."}]}]}"#;
    let order = r#"{"customerId":"1","type":"sales","subscriptionPeriod":{"type":"year","duration":1},"products":[{"mpn":"CFQ7TTC0LCHC:0002","quantity":1,"billingPeriod":{"type":"month","duration":1},"parameters":[{"name":"tenant_preference","value":"existing"},{"name":"microsoft_domain","value":"brassfinch.com"},{"name":"offer_attestation","structured_value":{"attestation_accepted":true}},{"name":"partner_on_record_attestation_accepted","structured_value":{"attestation_accepted":true}}]}]}"#;
    let config = "[[payloads]]\nfiles = \"order.json\"\nanswer = \"answers/order.json\"\n";
    let folder = folder_with(&[
        ("countersign.toml", config),
        ("order.json", order),
        ("answers/order.json", answer),
    ]);
    let uri = uri_of(path_in(&folder, "order.json").as_ref());
    let mut session = Session::start(editor_capabilities(), json!({}));
    let diagnostics = session.diagnostics_of(&uri, order);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!(diagnostics[0]["code"], "order/refused-parameter");
    session.shut_down();
}

#[test]
fn checks_an_open_configuration_file_as_a_document() {
    let folder = ConfiguredFolder::new("");
    let mut session = Session::start(editor_capabilities(), json!({}));
    let diagnostics = session.diagnostics_of(&folder.config_uri, "[rule]\n");
    assert_eq!(diagnostics[0]["code"], "schema/additional-properties");
    session.shut_down();
}

#[test]
fn clears_published_diagnostics_when_the_configuration_file_is_opened() {
    let folder = ConfiguredFolder::new("bogus = 1\n");
    let (config, order) = (&*folder.config_uri, &*folder.order_uri);
    let mut session = Session::start(pull_capabilities(), json!({}));
    session.open(order, ORDER);
    session
        .request("textDocument/diagnostic", document_params(order))
        .unwrap();
    assert_eq!(session.published(config, None).len(), 1);
    session.open(config, "bogus = 1\n");
    let report = session
        .request("textDocument/diagnostic", document_params(config))
        .unwrap();
    assert_eq!(report["items"].as_array().unwrap().len(), 1);
    assert_eq!(session.published(config, None), Vec::<Value>::new());
    session.shut_down();
}

#[test]
fn applies_changed_options_and_rejects_invalid_ones() {
    let uri = "file:///a/order.json";
    let mut session = Session::start_default();
    let text = ORDER.replace("90.0", "90").replace("],\n}", "]\n}");
    assert_eq!(session.diagnostics_of(uri, &text).len(), 0);
    let params = json!({ "settings": { "countersign": { "today": "soon" } } });
    session.notify("workspace/didChangeConfiguration", params);
    let shown = session.next_notification();
    assert_eq!(shown.method, "window/showMessage");
    let message = shown.params["message"].as_str().unwrap();
    assert!(message.contains("YYYY-MM-DD"), "{message}");
    let params = json!({ "settings": { "countersign": { "config": "none", "maxFindings": 0 } } });
    session.notify("workspace/didChangeConfiguration", params);
    assert_eq!(session.published(uri, Some(1)), Vec::<Value>::new());
    session.shut_down();
}

#[test]
fn hover_shows_the_description_and_the_rule() {
    let uri = "file:///a/order.json";
    let mut session = Session::start_default();
    session.open(uri, ORDER);
    let mut hover = |line: u32, character: u32| {
        let params = json!({
            "textDocument": { "uri": uri },
            "position": { "line": line, "character": character },
        });
        let hover = session.request("textDocument/hover", params).unwrap();
        hover["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(hover(3, 5).starts_with("**subscriptionId**\n\n"));
    assert!(hover(4, 20).starts_with("**mpn**\n\n"));
    let finding = hover(4, 64);
    assert!(finding.contains("`json/trailing-comma`"), "{finding}");
    assert!(finding.contains("**How to fix:** "), "{finding}");
    let hint = "`countersign explain json/trailing-comma`";
    assert!(finding.contains(hint), "{finding}");
    assert!(!finding.contains("##") && finding.len() < 600, "{finding}");
    assert_eq!(hover(6, 0), "");
    session.shut_down();
}

#[test]
fn hover_links_to_the_configured_page_of_the_rule() {
    let folder = ConfiguredFolder::new("rule-pages = \"https://rules.example/pages/\"\n");
    for (format, link) in [
        (
            "markdown",
            "[Page of the rule](https://rules.example/pages/json/trailing-comma.md)",
        ),
        (
            "plaintext",
            "\n\nhttps://rules.example/pages/json/trailing-comma.md",
        ),
    ] {
        let mut capabilities = editor_capabilities();
        capabilities["textDocument"]["hover"]["contentFormat"] = json!([format]);
        let mut session = Session::start(capabilities, json!({}));
        session.open(&folder.order_uri, ORDER);
        let params = json!({
            "textDocument": { "uri": folder.order_uri },
            "position": { "line": 4, "character": 64 },
        });
        let hover = session.request("textDocument/hover", params).unwrap();
        let text = hover["contents"]["value"].as_str().unwrap();
        assert!(text.ends_with(link), "{text}");
        session.shut_down();
    }
}

#[test]
fn document_symbols_name_products_and_parameters() {
    let uri = "file:///a/order.json";
    let text = ORDER.replace(
        "90.0",
        r#"9, "parameters": [{ "name": "mca_acceptance", "value": "yes" }]"#,
    );
    let mut session = Session::start_default();
    session.open(uri, &text);
    let params = document_params(uri);
    let symbols = session
        .request("textDocument/documentSymbol", params)
        .unwrap();
    let product = &symbols[3]["children"][0];
    assert_eq!(product["name"], "CFQ7TTC0LH18:0001");
    let parameter = &product["children"][2]["children"][0];
    assert_eq!(
        (&parameter["name"], &parameter["detail"]),
        (&json!("mca_acceptance"), &json!("yes"))
    );
    session.shut_down();
}

#[test]
fn returns_the_page_of_a_rule() {
    let mut session = Session::start_default();
    let params = json!({ "rule": "order/mpn-shape" });
    let page = session.request("countersign/rulePage", params).unwrap();
    let page = page["page"].as_str().unwrap();
    assert!(page.starts_with("# order/mpn-shape\n"));
    let params = json!({ "rule": "order/mpn-shap" });
    let unknown = session.request("countersign/rulePage", params);
    assert_eq!(unknown, Err(-32602));
    session.shut_down();
}
