//! A parameter that is being typed.

use std::fs;

use serde_json::{Value, json};

use crate::session::{Session, document_params};
use crate::support::project;

const URI: &str = "file:///a/order.json";

/// The texts after each key, in an editor that inserts closing quotes and braces if `closes` is set.
fn typed(keys: &str, closes: bool) -> Vec<String> {
    let (mut texts, mut before, mut after) = (Vec::new(), String::new(), String::new());
    for c in keys.chars() {
        before.push(c);
        let closing = match c {
            '{' => Some('}'),
            '"' => Some('"'),
            _ => None,
        };
        if after.starts_with(c) {
            after.remove(0);
        } else if let Some(closing) = closing.filter(|_| closes) {
            after.insert(0, closing);
        }
        texts.push(format!("{before}{after}"));
    }
    texts
}

/// An order without findings.
fn order() -> String {
    fs::read_to_string(project("fixtures/valid/order/new-tenant-full.json")).unwrap()
}

/// Opens an order and types a parameter into it. Asserts that at no time more than one diagnostic is shown besides
/// those that were there. Returns the diagnostics at the end.
fn type_parameter(
    session: &mut Session,
    order: &str,
    place: usize,
    keys: &str,
    closes: bool,
) -> Vec<Value> {
    let before = session.diagnostics_of(URI, order).len();
    let mut last = Vec::new();
    for (index, text) in typed(keys, closes).into_iter().enumerate() {
        let version = index as i32 + 2;
        let document = format!("{}{text}{}", &order[..place], &order[place..]);
        session.change(URI, version, json!([{ "text": document }]));
        last = session.published(URI, Some(version));
        assert!(last.len() <= before + 1, "{text}: {last:#?}");
    }
    last
}

const KEYS: [&str; 2] = [
    r#"{ "name": "customer_tax_id", "value": "91-7730244" }"#,
    r#"{"value":"91-7730244","name":"customer_tax_id"}"#,
];

#[test]
fn a_half_typed_parameter_has_at_most_one_diagnostic() {
    let order = order();
    let list = order.find("\"parameters\": [").unwrap() + "\"parameters\": [".len();
    let second = list + order[list..].find("},\n").unwrap() + "},".len();
    let last = order.find("\n      ]").unwrap();
    let mut session = Session::start_default();
    for keys in KEYS {
        for closes in [false, true] {
            for (place, keys) in [
                (list, format!("\n        {keys},")),
                (second, format!("\n        {keys},")),
                (last, format!(",\n        {keys}")),
            ] {
                let left = type_parameter(&mut session, &order, place, &keys, closes);
                assert!(left.is_empty(), "{keys}: {left:#?}");
                session.notify("textDocument/didClose", document_params(URI));
            }
        }
    }
    session.shut_down();
}

#[test]
fn the_other_diagnostics_stay_while_a_parameter_is_typed() {
    let order = order().replace("CFQ7TTC0LCHC:0002", "CFQ7TTC0LCHC0002");
    let order = order.replace("(503) 555-0110", "503");
    let place = order.find("\n      ]").unwrap();
    let mut session = Session::start_default();
    let keys = format!(",\n        {}", KEYS[0]);
    let last = type_parameter(&mut session, &order, place, &keys, true);
    assert_eq!(last.len(), 2, "{last:#?}");
    session.shut_down();
}

#[test]
fn every_finding_is_shown_when_the_document_is_saved() {
    let order = order();
    let place = order.find("\n      ]").unwrap();
    let mut session = Session::start_default();
    let keys = r#", { "name": "customer_tax"#;
    let shown = type_parameter(&mut session, &order, place, keys, true);
    assert_eq!(shown.len(), 1, "{shown:#?}");
    session.notify("textDocument/didSave", document_params(URI));
    let version = keys.chars().count() as i32 + 1;
    let saved = session.published(URI, Some(version));
    assert_eq!(saved.len(), 2, "{saved:#?}");
    session.shut_down();
}

#[test]
fn every_finding_is_shown_when_the_document_is_opened_again() {
    let order = order();
    let place = order.find("\n      ]").unwrap();
    let parameter = r#", { "name": "customer_tax"}"#;
    let text = format!("{}{parameter}{}", &order[..place], &order[place..]);
    let mut session = Session::start_default();
    let expected = session.diagnostics_of("file:///a/other.json", &text);
    assert!(expected.len() > 1, "{expected:#?}");
    assert_eq!(session.diagnostics_of(URI, &order), [""; 0]);
    session.notify("textDocument/didClose", document_params(URI));
    session.published(URI, None);
    assert_eq!(session.diagnostics_of(URI, &text), expected);
    session.shut_down();
}
