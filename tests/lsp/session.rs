//! A minimal client of the language server.

use std::io::{BufReader, PipeReader, PipeWriter, pipe};
use std::path::Path;
use std::thread::JoinHandle;

use countersign::registry::Registry;
use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

/// A client, with the server in a thread of its own.
pub(crate) struct Session {
    pub(crate) to_server: PipeWriter,
    pub(crate) from_server: BufReader<PipeReader>,
    pub(crate) server: JoinHandle<bool>,
    pub(crate) next_id: i32,
    /// The notifications received and not yet used.
    pub(crate) notifications: Vec<Notification>,
    /// The requests received from the server.
    pub(crate) server_requests: Vec<Request>,
}

/// The capabilities of a modern editor to which the server publishes diagnostics.
pub(crate) fn editor_capabilities() -> Value {
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

/// The capabilities of an editor that pulls diagnostics.
pub(crate) fn pull_capabilities() -> Value {
    let mut capabilities = editor_capabilities();
    capabilities["textDocument"]["diagnostic"] = json!({});
    capabilities
}

/// The parameters of a request about a document.
pub(crate) fn document_params(uri: &str) -> Value {
    json!({ "textDocument": { "uri": uri } })
}

impl Session {
    /// Starts the server without initializing it.
    pub(crate) fn spawn() -> Self {
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
            notifications: Vec::new(),
            server_requests: Vec::new(),
        }
    }

    /// Starts and initializes the server.
    pub(crate) fn start(capabilities: Value, options: Value) -> Self {
        let mut session = Self::spawn();
        let params = json!({ "capabilities": capabilities, "initializationOptions": options });
        session.request("initialize", params).unwrap();
        session.notify("initialized", json!({}));
        session
    }

    /// Starts the server without a configuration file and with a fixed date.
    pub(crate) fn start_default() -> Self {
        Self::start(
            editor_capabilities(),
            json!({ "today": "2026-01-01", "config": "none" }),
        )
    }

    pub(crate) fn send(&mut self, message: impl Into<Message>) {
        message.into().write(&mut self.to_server).unwrap();
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(Notification::new(method.into(), params));
    }

    /// Sends a request without waiting for the response.
    pub(crate) fn send_request(&mut self, method: &str, params: Value) -> RequestId {
        self.next_id += 1;
        let id = RequestId::from(self.next_id);
        self.send(Request::new(id.clone(), method.into(), params));
        id
    }

    /// Sends a request and waits for the response: the result, or the code of the error.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, i32> {
        let id = self.send_request(method, params);
        self.response_to(&id)
    }

    /// Waits for the response to a request.
    pub(crate) fn response_to(&mut self, id: &RequestId) -> Result<Value, i32> {
        loop {
            if let Some(response) = self.receive()
                && response.id == *id
            {
                return response.response_result.map_err(|error| error.code);
            }
        }
    }

    /// Receives one message. Returns a response and stores everything else.
    pub(crate) fn receive(&mut self) -> Option<Response> {
        match Message::read(&mut self.from_server)
            .unwrap()
            .expect("a message")
        {
            Message::Response(response) => return Some(response),
            Message::Notification(notification) => self.notifications.push(notification),
            Message::Request(request) => self.server_requests.push(request),
        }
        None
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "json", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(crate) fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
    }

    /// Waits until the server publishes the diagnostics of a version.
    pub(crate) fn published(&mut self, uri: &str, version: Option<i32>) -> Vec<Value> {
        loop {
            let is_match = |received: &Notification| {
                let params = &received.params;
                received.method == "textDocument/publishDiagnostics"
                    && params["uri"] == uri
                    && params.get("version").and_then(Value::as_i64) == version.map(i64::from)
            };
            if let Some(index) = self.notifications.iter().position(is_match) {
                let received = self.notifications.remove(index);
                return received.params["diagnostics"].as_array().unwrap().clone();
            }
            self.receive();
        }
    }

    /// Waits for any notification and returns the first one.
    pub(crate) fn next_notification(&mut self) -> Notification {
        while self.notifications.is_empty() {
            self.receive();
        }
        self.notifications.remove(0)
    }

    /// Opens a document and waits for its diagnostics.
    pub(crate) fn diagnostics_of(&mut self, uri: &str, text: &str) -> Vec<Value> {
        self.open(uri, text);
        self.published(uri, Some(1))
    }

    /// Shuts the server down as the protocol demands.
    pub(crate) fn shut_down(mut self) {
        assert_eq!(self.request("shutdown", Value::Null), Ok(Value::Null));
        assert_eq!(self.request("textDocument/hover", json!({})), Err(-32600));
        self.notify("exit", Value::Null);
        assert!(self.server.join().unwrap());
    }
}

/// The URI of a file.
pub(crate) fn uri_of(path: &Path) -> String {
    let path = path.to_string_lossy();
    let path = path.replace(' ', "%20").replace('[', "%5B");
    format!("file://{}", path.replace(']', "%5D"))
}
