//! The language server in a session with a client of few words: that it says what the command line
//! says, and what it does at the edges of the protocol. Clients of others try it in `tests/editor`.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufReader, PipeReader, PipeWriter, pipe};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::registry::Registry;
use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use support::{check, folder_with, path_in, project};

/// A client, and the server in a thread of its own.
struct Session {
    to_server: PipeWriter,
    from_server: BufReader<PipeReader>,
    server: JoinHandle<bool>,
    next_id: i32,
    /// What the server told without being asked.
    told: Vec<Notification>,
    /// What the server asked.
    asked: Vec<Request>,
}

/// What an editor of today can do, with diagnostics sent to it.
fn capable() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true, "tagSupport": { "valueSet": [1] } },
            "completion": { "completionItem": { "snippetSupport": true } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "hover": { "contentFormat": ["markdown"] },
        },
    })
}

fn merged(mut base: Value, path: &str, value: Value) -> Value {
    let mut at = &mut base;
    for name in path.split('/') {
        at = &mut at[name];
    }
    *at = value;
    base
}

impl Session {
    fn silent() -> Self {
        let (mut server_in, to_server) = pipe().unwrap();
        let (from_server, mut server_out) = pipe().unwrap();
        let server = std::thread::spawn(move || {
            countersign::lsp::serve(&Registry::built_in(), &mut server_in, &mut server_out)
        });
        Self {
            to_server,
            from_server: BufReader::new(from_server),
            server,
            next_id: 0,
            told: Vec::new(),
            asked: Vec::new(),
        }
    }

    fn begun(capabilities: Value, options: Value) -> Self {
        let mut session = Self::silent();
        let introduction =
            json!({ "capabilities": capabilities, "initializationOptions": options });
        session.ask("initialize", introduction).unwrap();
        session.tell("initialized", json!({}));
        session
    }

    fn of_test() -> Self {
        Self::begun(
            capable(),
            json!({ "today": "2026-01-01", "config": "none" }),
        )
    }

    fn send(&mut self, message: impl Into<Message>) {
        message.into().write(&mut self.to_server).unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(Notification::new(method.into(), params));
    }

    fn begin(&mut self, method: &str, params: Value) -> RequestId {
        self.next_id += 1;
        let id = RequestId::from(self.next_id);
        self.send(Request::new(id.clone(), method.into(), params));
        id
    }

    /// Asks and waits for the answer: the result, or the code of the error.
    fn ask(&mut self, method: &str, params: Value) -> Result<Value, i32> {
        let id = self.begin(method, params);
        self.answer_to(&id)
    }

    fn answer_to(&mut self, id: &RequestId) -> Result<Value, i32> {
        loop {
            if let Some(response) = self.hear()
                && response.id == *id
            {
                return response.response_result.map_err(|error| error.code);
            }
        }
    }

    /// Hears one message; an answer is handed on, all else noted.
    fn hear(&mut self) -> Option<Response> {
        match Message::read(&mut self.from_server)
            .unwrap()
            .expect("a message")
        {
            Message::Response(response) => return Some(response),
            Message::Notification(notification) => self.told.push(notification),
            Message::Request(request) => self.asked.push(request),
        }
        None
    }

    fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "json", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.tell("textDocument/didChange", params);
    }

    /// Waits for the diagnostics of a version that the server sends.
    fn published(&mut self, uri: &str, version: Option<i32>) -> Vec<Value> {
        loop {
            let is_meant = |told: &Notification| {
                told.method == "textDocument/publishDiagnostics"
                    && told.params["uri"] == uri
                    && told.params.get("version").and_then(Value::as_i64) == version.map(i64::from)
            };
            if let Some(place) = self.told.iter().position(is_meant) {
                let told = self.told.remove(place);
                return told.params["diagnostics"].as_array().unwrap().clone();
            }
            self.hear();
        }
    }

    fn diagnostics_of(&mut self, uri: &str, text: &str) -> Vec<Value> {
        self.open(uri, text);
        self.published(uri, Some(1))
    }

    /// Leaves as the protocol has it.
    fn leave(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Ok(Value::Null));
        assert_eq!(self.ask("textDocument/hover", json!({})), Err(-32600));
        self.tell("exit", Value::Null);
        assert!(self.server.join().unwrap());
    }
}

fn uri_of(path: &Path) -> String {
    format!("file://{}", path.to_string_lossy().replace(' ', "%20"))
}

fn fixtures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            fixtures(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// What the command line says of a file: rule, severity, where it begins and ends by line and UTF-16
/// unit from 0, and the message as an editor shows it; and whether any of it is of a record of a kind.
fn outcome(file: &str) -> (Vec<Value>, bool) {
    let outcome = check(&["--no-config", "--format", "json", file], "");
    assert!(outcome.code < 2, "{}", outcome.errors);
    let told: Value = serde_json::from_str(&outcome.out).unwrap();
    let findings = told["findings"].as_array().unwrap();
    let is_ours = findings.is_empty() || findings.iter().any(|told| !told["kind"].is_null());
    let diagnostic = |finding: &Value| {
        let place = |end: &str| {
            let place = &finding["range"][end];
            let before = |name: &str| place[name].as_u64().unwrap() - 1;
            json!({ "line": before("line"), "character": before("utf16") })
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
            "range": { "start": place("start"), "end": place("end") },
            "message": message,
        })
    };
    (findings.iter().map(diagnostic).collect(), is_ours)
}

#[test]
fn the_verdict_is_the_command_lines() {
    let mut files = Vec::new();
    fixtures(Path::new(&project("fixtures")), &mut files);
    let mut session = Session::of_test();
    let (mut compared, mut quiet) = (0, Vec::new());
    for file in files {
        let name = file.to_string_lossy().into_owned();
        // What is no text cannot be opened.
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        let (expected, is_ours) = outcome(&name);
        let mut told = session.diagnostics_of(&uri_of(&file), &text);
        for diagnostic in &mut told {
            assert_eq!(diagnostic["source"], "countersign");
            let members = diagnostic.as_object_mut().unwrap();
            members.retain(|name, _| {
                ["code", "severity", "range", "message"].contains(&name.as_str())
            });
        }
        if told.is_empty() && !is_ours {
            quiet.push(name);
            continue;
        }
        assert_eq!(told, expected, "{name}");
        compared += expected.len();
    }
    assert!(compared > 200, "{compared} findings");
    // A file of another kind, or of none that can be told, is none of an editor's business.
    assert!(quiet.len() < 25, "{quiet:#?}");
    session.leave();
}

const ORDER: &str = r#"{
  "customerId": "1000417733",
  "type": "change",
  "subscriptionId": "1000342",
  "products": [{ "mpn": "CFQ7TTC0LH18:0001", "quantity": 90.0 }],
}
"#;

#[test]
fn a_number_that_is_an_integer_is_one_here_too() {
    let mut session = Session::of_test();
    let told = session.diagnostics_of("file:///a/order.json", ORDER);
    let rules: Vec<&Value> = told.iter().map(|told| &told["code"]).collect();
    assert_eq!(rules, ["json/trailing-comma"]);
    assert_eq!(told[0]["tags"], json!([1]), "it can be taken away");
    session.leave();
}

#[test]
fn edits_and_fixes_are_judged_as_they_come() {
    let uri = "file:///a/order.json";
    let mut session = Session::of_test();
    assert_eq!(session.diagnostics_of(uri, ORDER).len(), 1);
    // The comma is taken away by the fix that is offered for it.
    let place = json!({ "line": 4, "character": 67 });
    let range = json!({ "start": place, "end": place });
    let asked = json!({
        "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] }
    });
    let actions = session.ask("textDocument/codeAction", asked).unwrap();
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
    let told = session
        .ask(
            "countersign/text",
            json!({ "textDocument": { "uri": uri } }),
        )
        .unwrap();
    assert_eq!(told["text"], ORDER.replace("],\n}", "]\n}"));
    session.tell(
        "textDocument/didClose",
        json!({ "textDocument": { "uri": uri } }),
    );
    assert_eq!(session.published(uri, None), Vec::<Value>::new());
    session.leave();
}

#[test]
fn every_request_is_answered_once() {
    let mut session = Session::silent();
    assert_eq!(session.ask("shutdown", Value::Null), Err(-32002));
    let capabilities = merged(capable(), "textDocument/diagnostic", json!({}));
    let introduction = json!({ "capabilities": capabilities });
    session.ask("initialize", introduction.clone()).unwrap();
    assert_eq!(session.ask("initialize", introduction), Err(-32600));
    assert_eq!(
        session.ask("textDocument/definition", json!({})),
        Err(-32601)
    );
    assert_eq!(session.ask("textDocument/hover", json!(7)), Err(-32602));
    session.tell("textDocument/didChange", json!({ "nothing": true }));
    session.tell("$/unheardOf", json!({}));
    while session.told.is_empty() {
        session.hear();
    }
    assert_eq!(session.told.remove(0).method, "window/logMessage");

    let uri = "file:///a/order.json";
    let asked = json!({ "textDocument": { "uri": uri } });
    let closed = session
        .ask("textDocument/diagnostic", asked.clone())
        .unwrap();
    assert_eq!(closed, json!({ "kind": "full", "items": [] }));
    session.open(uri, ORDER);
    let full = session
        .ask("textDocument/diagnostic", asked.clone())
        .unwrap();
    assert_eq!(full["items"].as_array().unwrap().len(), 1);
    let again = json!({
        "textDocument": { "uri": uri }, "previousResultId": full["resultId"]
    });
    let unchanged = session.ask("textDocument/diagnostic", again).unwrap();
    assert_eq!(unchanged["kind"], "unchanged");

    // What is cancelled or overtaken is answered all the same, with one thing or the other.
    let long = format!("[{}{ORDER}]", format!("{ORDER},\n").repeat(2000));
    session.change(uri, 2, json!([{ "text": long }]));
    let (first, second) = (
        session.begin("textDocument/diagnostic", asked.clone()),
        session.begin("textDocument/documentSymbol", asked.clone()),
    );
    session.tell("$/cancelRequest", json!({ "id": 5000 }));
    session.tell("$/cancelRequest", json!({ "id": second }));
    session.change(uri, 3, json!([{ "text": ORDER }]));
    let third = session.begin("textDocument/diagnostic", asked);
    let mut answers = BTreeMap::new();
    while answers.len() < 3 {
        let Some(response) = session.hear() else {
            continue;
        };
        let code = response.response_result.err().map(|error| error.code);
        assert_eq!(answers.insert(response.id, code), None);
    }
    assert!(
        [None, Some(-32802)].contains(&answers[&first]),
        "{answers:?}"
    );
    assert!(
        [None, Some(-32800), Some(-32801)].contains(&answers[&second]),
        "{answers:?}"
    );
    assert_eq!(answers[&third], None);
    session.leave();
}

#[test]
fn a_check_that_nobody_wants_any_more_ends_early() {
    let stop = Arc::new(AtomicBool::new(false));
    let engine = Engine::new(Config::default()).with_cancellation(Arc::clone(&stop));
    let document = Document::parse(r#"[{ "customerId": 1, "type": "change" }]"#);
    assert!(!engine.check(&document).findings.is_empty());
    stop.store(true, Ordering::Relaxed);
    assert!(engine.check(&document).findings.is_empty());
}

#[test]
fn whoever_leaves_without_a_word_has_not_left_well() {
    let mut session = Session::of_test();
    session.tell("exit", Value::Null);
    assert!(!session.server.join().unwrap());
    let session = Session::of_test();
    drop(session.to_server);
    assert!(!session.server.join().unwrap());
}

#[test]
fn other_files_are_left_alone() {
    let mut session = Session::of_test();
    for (place, text) in [
        "",
        "  \n",
        "{ \"name\": \"a\", \"version\": \"1\", }",
        "[1, 2,]",
        "{",
    ]
    .into_iter()
    .enumerate()
    {
        let uri = format!("file:///a/{place}.json");
        assert_eq!(
            session.diagnostics_of(&uri, text),
            Vec::<Value>::new(),
            "{text}"
        );
    }
    session.leave();
}

#[test]
fn a_file_of_lines_is_judged_line_by_line() {
    let order = ORDER.replace('\n', "");
    let mut session = Session::of_test();
    let text = format!("{order}\n\n{order}\n");
    let told = session.diagnostics_of("file:///a/orders.ndjson", &text);
    let lines: Vec<&Value> = told
        .iter()
        .map(|told| &told["range"]["start"]["line"])
        .collect();
    let commas = told
        .iter()
        .filter(|told| told["code"] == "json/trailing-comma");
    assert_eq!(commas.count(), 2, "{told:#?}");
    assert!(lines.contains(&&json!(2)));
    session.leave();
}

#[test]
fn of_many_findings_the_loudest_are_shown() {
    let options = json!({ "today": "none", "config": "none", "maxFindings": 3 });
    let mut session = Session::begun(capable(), options);
    let unknown: String = (0..9).map(|n| format!("\"x{n}\": 1, ")).collect();
    let text = ORDER.replace("\"type\"", &format!("{unknown}\"type\""));
    let told = session.diagnostics_of("file:///a/order.json", &text);
    assert_eq!(told.len(), 4);
    assert_eq!(
        told[0]["message"],
        "7 of 10 findings are not shown here; `countersign check` shows them all"
    );
    assert!(
        told.iter()
            .any(|told| told["code"] == "json/trailing-comma"),
        "{told:#?}"
    );
    session.leave();
}

#[test]
fn the_configuration_of_the_folder_counts() {
    let folder = folder_with(&[
        (
            "countersign.toml",
            "[rules]\n\"json/trailing-comma\" = \"info\"\n",
        ),
        ("order.json", ORDER),
    ]);
    let settings = PathBuf::from(path_in(&folder, "countersign.toml"));
    let uri = uri_of(path_in(&folder, "order.json").as_ref());
    let mut session = Session::begun(capable(), json!({}));
    let told = session.diagnostics_of(&uri, ORDER);
    assert_eq!(told[0]["severity"], 3);
    // A mistake in it is told there, and again once it is mended.
    fs::write(&settings, "[rules]\n\"json/trailing-coma\" = \"info\"\n").unwrap();
    session.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    let told = session.published(&uri_of(&settings), None);
    assert_eq!(told[0]["code"], "config/unknown-rule");
    assert_eq!(session.published(&uri, Some(1))[0]["severity"], 1);
    fs::write(&settings, "").unwrap();
    session.tell(
        "textDocument/didSave",
        json!({ "textDocument": { "uri": uri } }),
    );
    assert_eq!(
        session.published(&uri_of(&settings), None),
        Vec::<Value>::new()
    );
    // What cannot be read is told once, not at each save.
    fs::write(&settings, "catalogue = \"missing.txt\"\n").unwrap();
    for _ in 0..2 {
        session.tell(
            "textDocument/didSave",
            json!({ "textDocument": { "uri": uri } }),
        );
        session.published(&uri, Some(1));
    }
    let shown = session
        .told
        .iter()
        .filter(|told| told.method == "window/showMessage");
    let shown: Vec<&str> = shown
        .filter_map(|told| told.params["message"].as_str())
        .collect();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(
        shown[0].contains("missing.txt: no such file or folder"),
        "{shown:?}"
    );
    fs::write(&settings, "").unwrap();
    // Open, it is judged as it is typed.
    let told = session.diagnostics_of(&uri_of(&settings), "[rule]\n");
    assert_eq!(told[0]["code"], "schema/additional-properties");
    session.leave();
}

#[test]
fn settings_that_are_opened_speak_for_themselves() {
    let folder = folder_with(&[("countersign.toml", "bogus = 1\n"), ("order.json", ORDER)]);
    let settings = uri_of(path_in(&folder, "countersign.toml").as_ref());
    let order = uri_of(path_in(&folder, "order.json").as_ref());
    let capabilities = merged(capable(), "textDocument/diagnostic", json!({}));
    let mut session = Session::begun(capabilities, json!({}));
    let pull = |uri: &str| json!({ "textDocument": { "uri": uri } });
    session.open(&order, ORDER);
    session
        .ask("textDocument/diagnostic", pull(&order))
        .unwrap();
    assert_eq!(session.published(&settings, None).len(), 1);
    session.open(&settings, "bogus = 1\n");
    let told = session
        .ask("textDocument/diagnostic", pull(&settings))
        .unwrap();
    assert_eq!(told["items"].as_array().unwrap().len(), 1);
    assert_eq!(session.published(&settings, None), Vec::<Value>::new());
    session.leave();
}

#[test]
fn what_the_person_wants_may_change() {
    let uri = "file:///a/order.json";
    let mut session = Session::of_test();
    let text = ORDER.replace("90.0", "90").replace("],\n}", "]\n}");
    assert_eq!(session.diagnostics_of(uri, &text).len(), 0);
    let settings = json!({ "settings": { "countersign": { "today": "soon" } } });
    session.tell("workspace/didChangeConfiguration", settings);
    while session.told.is_empty() {
        session.hear();
    }
    let told = session.told.remove(0);
    assert_eq!(told.method, "window/showMessage");
    assert!(
        told.params["message"]
            .as_str()
            .unwrap()
            .contains("YYYY-MM-DD")
    );
    let settings = json!({ "settings": { "countersign": { "config": "none", "maxFindings": 0 } } });
    session.tell("workspace/didChangeConfiguration", settings);
    assert_eq!(session.published(uri, Some(1)), Vec::<Value>::new());
    session.leave();
}

/// What is proposed at the bar of a text, each with the text that accepting it makes.
fn proposals(session: &mut Session, text: &str) -> Vec<(String, String)> {
    session.next_id += 1;
    let uri = format!("file:///a/{}.json", session.next_id);
    let at = text.find('|').expect("a bar");
    let (before, behind) = (&text[..at], &text[at + 1..]);
    let text = format!("{before}{behind}");
    session.open(&uri, &text);
    let line = before.matches('\n').count();
    let character = at - before.rfind('\n').map_or(0, |at| at + 1);
    let asked = json!({
        "textDocument": { "uri": uri },
        "position": { "line": line, "character": character },
    });
    let items = session.ask("textDocument/completion", asked).unwrap();
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let byte = |place: &Value| {
        starts[place["line"].as_u64().unwrap() as usize]
            + place["character"].as_u64().unwrap() as usize
    };
    let accept = |item: &Value| {
        let edit = &item["textEdit"];
        let (start, end) = (byte(&edit["range"]["start"]), byte(&edit["range"]["end"]));
        let put = edit["newText"].as_str().unwrap();
        let label = item["label"].as_str().unwrap().to_owned();
        (label, format!("{}{put}{}", &text[..start], &text[end..]))
    };
    items.as_array().unwrap().iter().map(accept).collect()
}

#[test]
fn half_typed_texts_are_completed() {
    let line = r#"{ "customerId": "1", "type": "sales", "products": [{ "mpn": "CFQ7TTC0LH18:0001", "parameters": [@] }] }"#;
    let head = r#"{ "customerId": "1", "type": "change", "#;
    let mut session = Session::of_test();
    for (text, label, becomes) in [
        (format!("{head}| }}"), "products", format!("{head}\"products\": [$1] }}")),
        (format!("{head}\"prod|\n}}"), "products", format!("{head}\"products\": [$1]\n}}")),
        (format!("{head}\"|\": [] }}"), "products", format!("{head}\"products\": [] }}")),
        (
            format!("{head}| \"products\": [] }}"),
            "poNumber",
            format!("{head}\"poNumber\": \"$1\", \"products\": [] }}"),
        ),
        (
            format!("{head}\"subscriptionPeriod\": {{ \"type\": \"|\" }} }}"),
            "year",
            format!("{head}\"subscriptionPeriod\": {{ \"type\": \"year\" }} }}"),
        ),
        (
            format!("{head}\"autorenewal\": | }}"),
            "true",
            format!("{head}\"autorenewal\": true }}"),
        ),
        (
            line.replace('@', "{ \"name\": \"cust| }"),
            "customer_email",
            line.replace('@', "{ \"name\": \"customer_email\" }"),
        ),
        (
            line.replace('@', "{ \"name\": \"cust|\n{ \"name\": \"customer_email\" }"),
            "customer_company_name",
            line.replace(
                '@',
                "{ \"name\": \"customer_company_name\"\n{ \"name\": \"customer_email\" }",
            ),
        ),
        (
            line.replace('@', r#"{ "name": "special_qualifications", "value": "|" }"#),
            "soe",
            line.replace('@', r#"{ "name": "special_qualifications", "value": "soe" }"#),
        ),
        (
            line.replace('@', r#"{ "name": "mca_acceptance", "value": "yes" }, |"#),
            "agreement_date",
            line.replace(
                '@',
                r#"{ "name": "mca_acceptance", "value": "yes" }, { "name": "agreement_date", "value": "$1" }"#,
            ),
        ),
    ] {
        let proposed = proposals(&mut session, &text);
        let found = proposed.iter().find(|(proposed, _)| proposed == label);
        assert_eq!(found.map(|(_, text)| text), Some(&becomes), "{text}: {proposed:#?}");
    }
    // Where nothing is yet, anything could become of it; other files' objects are left alone.
    for begun in ["|", "{|}", "[{ | }]"] {
        let proposed = proposals(&mut session, begun);
        let labels: Vec<&str> = proposed.iter().map(|(label, _)| &**label).collect();
        assert_eq!(labels[0], "order that makes a new tenant", "{begun}");
        assert!(
            proposed[0].1.contains("\n  \"customerId\": \"$1\""),
            "{proposed:?}"
        );
        assert_eq!(labels.len(), 3);
    }
    assert!(proposals(&mut session, "{ \"name\": \"a\", | }").is_empty());
    // What is replaced is on the cursor's line.
    let split = r#"{ "customerId": "1", "type": "sa|@les", "products": [] }"#.replace('@', "\n");
    let becomes = split.replace("\"sa|", "\"sales\"");
    assert!(proposals(&mut session, &split).contains(&("sales".into(), becomes)));
    // What is there is not proposed again, and nothing where nothing can stand.
    let proposed = proposals(&mut session, &format!("{head}| }}"));
    assert!(proposed.iter().all(|(label, _)| label != "customerId"));
    let given = line.replace(
        '@',
        r#"{ "name": "mca_acceptance", "value": "yes" }, { "name": "|" }"#,
    );
    let proposed = proposals(&mut session, &given);
    assert!(proposed.len() > 15 && proposed.iter().all(|(label, _)| label != "mca_acceptance"));
    assert!(proposals(&mut session, &format!("{head}\"a\" |: 1 }}")).is_empty());
    let all = proposals(&mut session, &line.replace('@', "|"));
    assert_eq!(all[0].0, "all that a new tenant needs");
    session.leave();
}

#[test]
fn the_pointer_is_told_what_it_rests_on() {
    let uri = "file:///a/order.json";
    let mut session = Session::of_test();
    session.open(uri, ORDER);
    let mut hover = |line: u32, character: u32| {
        let asked = json!({
            "textDocument": { "uri": uri },
            "position": { "line": line, "character": character },
        });
        let told = session.ask("textDocument/hover", asked).unwrap();
        told["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(hover(3, 5).starts_with("**subscriptionId**\n\n"));
    assert!(hover(4, 20).starts_with("**mpn**\n\n"));
    assert!(hover(4, 64).contains("`json/trailing-comma`"));
    assert!(hover(4, 64).contains("## Why"));
    assert_eq!(hover(6, 0), "");
    session.leave();
}

#[test]
fn the_outline_names_products_and_parameters() {
    let uri = "file:///a/order.json";
    let text = ORDER.replace(
        "90.0",
        r#"9, "parameters": [{ "name": "mca_acceptance", "value": "yes" }]"#,
    );
    let mut session = Session::of_test();
    session.open(uri, &text);
    let asked = json!({ "textDocument": { "uri": uri } });
    let symbols = session.ask("textDocument/documentSymbol", asked).unwrap();
    let product = &symbols[3]["children"][0];
    assert_eq!(product["name"], "CFQ7TTC0LH18:0001");
    let parameter = &product["children"][2]["children"][0];
    assert_eq!(
        (&parameter["name"], &parameter["detail"]),
        (&json!("mca_acceptance"), &json!("yes"))
    );
    session.leave();
}

#[test]
fn pages_are_given_to_whoever_asks() {
    let mut session = Session::of_test();
    let told = session
        .ask("countersign/rulePage", json!({ "rule": "order/mpn-shape" }))
        .unwrap();
    assert!(
        told["page"]
            .as_str()
            .unwrap()
            .starts_with("# order/mpn-shape\n")
    );
    let told = session.ask("countersign/rulePage", json!({ "rule": "order/mpn-shap" }));
    assert_eq!(told, Err(-32602));
    session.leave();
}
