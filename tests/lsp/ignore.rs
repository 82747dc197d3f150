//! The quick fix that ignores a finding in the configuration file.

use std::fs;
use std::path::{Path, PathBuf};

use countersign::config;
use countersign::registry::Registry;
use serde_json::{Value, json};

use crate::session::{Session, document_params, editor_capabilities, uri_of};
use crate::support::{folder_with, path_in};

/// An order with a part number without a colon, and a quantity of this.
fn order(id: &str, quantity: u32) -> String {
    format!(
        r#"{{ "customerId": "{id}", "type": "change", "subscriptionId": "7", "products": [{{ "mpn": "CFQ7TTC0LH180001", "quantity": {quantity} }}] }}"#
    )
}

/// The capabilities of an editor that can create files.
fn capabilities() -> Value {
    let mut capabilities = editor_capabilities();
    capabilities["workspace"]["workspaceEdit"] = json!({
        "documentChanges": true,
        "resourceOperations": ["create", "rename", "delete"],
    });
    capabilities
}

/// The quick fixes that ignore a finding of a rule in an open document.
fn ignore_actions(session: &mut Session, uri: &str, diagnostics: &[Value]) -> Vec<Value> {
    let mut actions = Vec::new();
    for diagnostic in diagnostics {
        let params = json!({
            "textDocument": { "uri": uri },
            "range": diagnostic["range"],
            "context": { "diagnostics": [diagnostic] },
        });
        let offered = session.request("textDocument/codeAction", params).unwrap();
        let offered = offered.as_array().unwrap().clone();
        actions.extend(offered.into_iter().filter(|action| {
            let title = action["title"].as_str().unwrap();
            title.starts_with("Ignore in countersign.toml…")
        }));
    }
    actions
}

/// Applies an edit that appends text to one file, which it may create, and returns the file.
fn apply(edit: &Value, text: &str) -> (PathBuf, String) {
    let changes = edit["documentChanges"].as_array().unwrap();
    let last = changes.last().unwrap();
    let uri = last["textDocument"]["uri"].as_str().unwrap();
    if let [create, _] = &changes[..] {
        assert_eq!((&create["kind"], text), (&json!("create"), ""));
        assert_eq!(create["uri"], uri);
    }
    let [edit] = &last["edits"].as_array().unwrap()[..] else {
        panic!("{last:#}");
    };
    let end = json!({
        "line": text.matches('\n').count(),
        "character": text.len() - text.rfind('\n').map_or(0, |at| at + 1),
    });
    assert_eq!(edit["range"], json!({ "start": end, "end": end }));
    let path = uri.strip_prefix("file://").unwrap().replace("%20", " ");
    let inserted = edit["newText"].as_str().unwrap();
    (PathBuf::from(path), format!("{text}{inserted}"))
}

/// Asserts that a configuration is valid, and returns the reason of its last ignored finding.
fn last_reason(text: &str) -> String {
    let parsed = config::read(text, None, &Registry::built_in());
    assert_eq!(parsed.findings, vec![], "{text}");
    parsed.config.ignores.last().unwrap().reason.clone()
}

fn start() -> Session {
    Session::start(capabilities(), json!({ "today": "2026-01-01" }))
}

#[test]
fn ignores_a_finding_in_the_nearest_configuration_file() {
    for old in [
        "",
        "# ours\n",
        "[rules]\n\"order/sample-value\" = \"off\"",
        "[[ignore]]\nrule = \"order/email-shape\"\nreason = \"tests\"\n",
    ] {
        let folder = folder_with(&[
            ("countersign.toml", old),
            ("new [orders]/order.json", &order("1000417733", 3)),
        ]);
        let path = path_in(&folder, "new [orders]/order.json");
        let uri = uri_of(path.as_ref());
        let mut session = start();
        let found = session.diagnostics_of(&uri, &order("1000417733", 3));
        assert_eq!(found.len(), 1, "{found:#?}");
        let actions = ignore_actions(&mut session, &uri, &found);
        assert_eq!(actions.len(), 1);
        assert_eq!(
            actions[0]["title"],
            "Ignore in countersign.toml… (order/mpn-shape)"
        );
        assert_eq!(actions[0]["isPreferred"], false);
        assert_eq!(actions[0]["diagnostics"][0]["code"], "order/mpn-shape");
        let (file, text) = apply(&actions[0]["edit"], old);
        assert_eq!(file, Path::new(&path_in(&folder, "countersign.toml")));
        assert!(text.contains("pointer = \"/products/0/mpn\"\n"), "{text}");
        assert_eq!(last_reason(&text), "TODO: why this is accepted");
        fs::write(&file, text).unwrap();
        session.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
        assert_eq!(session.published(&uri, Some(1)), Vec::<Value>::new());
        session.shut_down();
    }
}

#[test]
fn creates_a_configuration_file_at_the_root_of_the_repository() {
    let folder = folder_with(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("a/b/order.json", &order("1000417733", 3)),
    ]);
    let uri = uri_of(path_in(&folder, "a/b/order.json").as_ref());
    let mut session = start();
    let found = session.diagnostics_of(&uri, &order("1000417733", 3));
    let actions = ignore_actions(&mut session, &uri, &found);
    let (file, text) = apply(&actions[0]["edit"], "");
    assert_eq!(file, Path::new(&path_in(&folder, "countersign.toml")));
    assert!(text.contains("files = \"a/b/order.json\"\n"), "{text}");
    last_reason(&text);
    fs::write(&file, text).unwrap();
    session.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(session.published(&uri, Some(1)), Vec::<Value>::new());
    session.shut_down();
}

#[test]
fn ignores_the_finding_of_one_record_of_several() {
    let records = format!("[{},\n{}]", order("1000417733", 3), order("1000417734", 4));
    let folder = folder_with(&[("countersign.toml", ""), ("orders.json", &records)]);
    let uri = uri_of(path_in(&folder, "orders.json").as_ref());
    let mut session = start();
    let found = session.diagnostics_of(&uri, &records);
    assert_eq!(found.len(), 2);
    let actions = ignore_actions(&mut session, &uri, &found);
    let (file, text) = apply(&actions[1]["edit"], "");
    assert!(text.contains("record = \"1000417734\"\n"), "{text}");
    assert!(!text.contains("pointer"), "{text}");
    fs::write(&file, text).unwrap();
    session.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    let left = session.published(&uri, Some(1));
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["range"]["start"]["line"], 0);
    session.shut_down();
}

#[test]
fn appends_to_the_text_of_an_open_configuration_file() {
    let folder = folder_with(&[("countersign.toml", ""), ("order.json", "")]);
    let uri = uri_of(path_in(&folder, "order.json").as_ref());
    let config = uri_of(path_in(&folder, "countersign.toml").as_ref());
    let mut session = start();
    let unsaved = "# not saved\r\n";
    assert_eq!(
        session.diagnostics_of(&config, unsaved),
        Vec::<Value>::new()
    );
    let found = session.diagnostics_of(&uri, &order("1000417733", 3));
    let actions = ignore_actions(&mut session, &uri, &found);
    let (_, text) = apply(&actions[0]["edit"], unsaved);
    assert_eq!(
        actions[0]["edit"]["documentChanges"][0]["textDocument"]["version"],
        1
    );
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    last_reason(&text);
    session.shut_down();
}

#[test]
fn does_not_offer_to_ignore_what_cannot_be_ignored() {
    let text = order("1000417733", 3);
    let broken = format!("{},\n", text.trim_end_matches('}'));
    for (config, options, payload) in [
        // An entry cannot be added to an array of this form.
        ("ignore = []\n", json!({}), &text),
        ("[rules\n", json!({}), &text),
        ("", json!({ "config": "none" }), &text),
        ("", json!({}), &broken),
    ] {
        let folder = folder_with(&[("countersign.toml", config), ("order.json", payload)]);
        let uri = uri_of(path_in(&folder, "order.json").as_ref());
        let mut session = Session::start(capabilities(), options);
        let mut found = session.diagnostics_of(&uri, payload);
        assert!(!found.is_empty());
        if *payload == broken {
            found.retain(|diagnostic| diagnostic["code"].as_str().unwrap().starts_with("json/"));
        }
        let actions = ignore_actions(&mut session, &uri, &found);
        assert_eq!(actions, Vec::<Value>::new(), "{config:?}");
        session.shut_down();
    }
}

#[test]
fn does_not_create_a_file_for_a_client_that_cannot() {
    let folder = folder_with(&[(".git/HEAD", ""), ("order.json", "")]);
    let uri = uri_of(path_in(&folder, "order.json").as_ref());
    let mut session = Session::start(editor_capabilities(), json!({}));
    let found = session.diagnostics_of(&uri, &order("1000417733", 3));
    assert_eq!(
        ignore_actions(&mut session, &uri, &found),
        Vec::<Value>::new()
    );
    session.notify("textDocument/didClose", document_params(&uri));
    session.shut_down();
}
