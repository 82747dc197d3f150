//! Edits of a document in the language server.

use std::cell::RefCell;

use serde_json::{Value, json};

use super::session::{Session, document_params, pull_capabilities};

thread_local! {
    /// A server that lives as long as the thread, because it takes long to start.
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// An edit: the number of characters before it, that of the characters it replaces, and the text it inserts.
struct Edit<'i> {
    at: usize,
    replaced: usize,
    inserted: &'i str,
}

impl<'i> Edit<'i> {
    /// An edit in a part of the input, of which the first two characters are the place and the length.
    fn read(part: &'i str) -> Option<Self> {
        let mut characters = part.chars();
        let at = characters.next()? as usize;
        let replaced = characters.next()? as usize % 16;
        Some(Self {
            at,
            replaced,
            inserted: characters.as_str(),
        })
    }
}

/// The position in the protocol of the place after some text: its line and its UTF-16 units there.
fn position_after(text: &str) -> Value {
    let (mut line, mut character, mut last) = (0, 0, ' ');
    for c in text.chars() {
        match c {
            '\n' if last == '\r' => {}
            '\n' | '\r' => (line, character) = (line + 1, 0),
            c => character += c.len_utf16(),
        }
        last = c;
    }
    json!({ "line": line, "character": character })
}

/// Applies an edit to the document in the server and to the text. A place inside of a line break has no position.
fn apply(session: &mut Session, uri: &str, version: i32, edit: &Edit<'_>, text: &mut String) {
    let offset = |index: usize| {
        text.char_indices()
            .nth(index)
            .map_or(text.len(), |(at, _)| at)
    };
    let count = text.chars().count();
    let at = edit.at % (count + 1);
    let (start, end) = (offset(at), offset(at + edit.replaced));
    let is_in_break = |at: usize| text[..at].ends_with('\r') && text[at..].starts_with('\n');
    if is_in_break(start) || is_in_break(end) {
        session.change(uri, version, json!([]));
        return;
    }
    let range = json!({
        "start": position_after(&text[..start]),
        "end": position_after(&text[..end]),
    });
    session.change(
        uri,
        version,
        json!([{ "range": range, "text": edit.inserted }]),
    );
    text.replace_range(start..end, edit.inserted);
}

/// The URIs of the two documents that are compared.
const EDITED: &str = "file:///a/edited.json";
const FRESH: &str = "file:///a/fresh.json";

/// The text of a document in the server, and its diagnostics once it has been saved, as if it was the edited one.
fn state(session: &mut Session, uri: &str) -> (Value, String) {
    session.notify("textDocument/didSave", document_params(uri));
    let text = session.request("countersign/text", document_params(uri));
    let diagnostics = session.request("textDocument/diagnostic", document_params(uri));
    let items = diagnostics.expect("diagnostics")["items"].to_string();
    let text = text.expect("a document")["text"].clone();
    (text, items.replace(FRESH, EDITED))
}

fn compare(session: &mut Session, text: &str, edits: &[Edit<'_>]) {
    session.open(EDITED, text);
    let mut text = text.to_owned();
    for (version, edit) in (2..).zip(edits) {
        apply(session, EDITED, version, edit, &mut text);
    }
    session.open(FRESH, &text);
    let (found, diagnostics) = state(session, EDITED);
    let (_, expected) = state(session, FRESH);
    assert_eq!(found, text.as_str());
    assert_eq!(diagnostics, expected, "{text}");
    for uri in [EDITED, FRESH] {
        session.notify("textDocument/didClose", document_params(uri));
    }
    session.notifications.clear();
}

/// A document that was edited has the text and the diagnostics of one that was opened with the result. Zero bytes
/// separate the first text and the edits.
pub fn lsp_edits(input: &[u8]) {
    let Ok(input) = std::str::from_utf8(input) else {
        return;
    };
    let mut parts = input.split('\0');
    let text = parts.next().unwrap_or_default();
    let edits: Vec<Edit<'_>> = parts.filter_map(Edit::read).collect();
    SESSION.with_borrow_mut(|session| {
        let session = session.get_or_insert_with(|| {
            let options = json!({ "today": "2026-01-01", "config": "none" });
            Session::start(pull_capabilities(), options)
        });
        compare(session, text, &edits);
    });
}
