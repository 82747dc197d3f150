//! The open documents and the queue of work on them, shared by the thread that reads messages and the
//! worker. Only the newest text of a document counts: superseded checks are not started, and the results
//! of those already running are discarded.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use lsp_server::{ErrorCode, RequestId};
use lsp_types::notification::PublishDiagnostics;
use lsp_types::request::WorkspaceDiagnosticRefresh;
use lsp_types::{
    CodeActionKind, Diagnostic, Position, PublishDiagnosticsParams, Range,
    TextDocumentContentChangeEvent, Uri,
};
use serde_json::{Value, json};

use super::capabilities::ClientCapabilities;
use super::options::Options;
use super::position;
use super::sender::{CancelReason, ClientSender};

/// The state that both threads share.
pub(super) struct Scheduler {
    pub(super) client: ClientCapabilities,
    pub(super) sender: ClientSender,
    state: Mutex<State>,
    /// Notified when a task is added and at shutdown.
    work_available: Condvar,
    /// Whether the text of the current task is superseded, so that the engine stops early.
    cancel_current: Arc<AtomicBool>,
}

#[derive(Default)]
struct State {
    documents: HashMap<Uri, OpenDocument>,
    /// The documents whose diagnostics are to be published; empty if the client pulls diagnostics.
    pending_diagnostics: VecDeque<Uri>,
    pending_requests: VecDeque<PendingRequest>,
    /// The document of the current task.
    current_uri: Option<Uri>,
    /// The request of the current task, and the reason to cancel it, if there is one.
    in_flight: Option<(PendingRequest, Option<CancelReason>)>,
    options: Options,
    /// Incremented when anything but a text may have changed: options or files.
    config_revision: u64,
    /// Incremented when a text changes; its value becomes the revision of that text.
    text_revision: u64,
    is_shut_down: bool,
}

/// An open document.
#[derive(Clone)]
pub(super) struct OpenDocument {
    pub(super) text: Arc<String>,
    pub(super) version: i32,
    /// The revision of the text, unique among all documents; unlike `version` it does not repeat when a
    /// document is closed and opened again.
    pub(super) text_revision: u64,
    /// The revision of the text with which the document was opened; 0 until it is stored.
    pub(super) opened_revision: u64,
}

/// A request about a document, which the worker carries out.
#[derive(Clone, Debug)]
pub(super) enum RequestKind {
    /// The diagnostics, with the ID of the result that the client has.
    Diagnostics(Option<String>),
    /// The code actions for a range, of the given kinds or of all.
    CodeActions(Range, Option<Vec<CodeActionKind>>),
    Hover(Position),
    Completion(Position),
    DocumentSymbols,
}

#[derive(Clone, Debug)]
pub(super) struct PendingRequest {
    id: RequestId,
    uri: Uri,
    pub(super) kind: RequestKind,
}

impl PendingRequest {
    /// Returns the reason for cancelling the request when its document changes.
    fn reason_if_superseded(&self) -> CancelReason {
        match self.kind {
            RequestKind::Diagnostics(_) => CancelReason::ServerCancelled,
            _ => CancelReason::ContentModified,
        }
    }
}

/// A unit of work for the worker, with a snapshot of the document.
pub(super) struct Task {
    pub(super) uri: Uri,
    pub(super) document: OpenDocument,
    /// The request to respond to; without one the diagnostics are published.
    pub(super) request: Option<PendingRequest>,
    pub(super) options: Options,
    pub(super) config_revision: u64,
    /// The URIs of all open documents.
    pub(super) open_uris: HashSet<Uri>,
}

impl Scheduler {
    pub(super) fn new(client: ClientCapabilities, sender: ClientSender, options: Options) -> Self {
        Self {
            client,
            sender,
            state: Mutex::new(State {
                options,
                ..State::default()
            }),
            work_available: Condvar::new(),
            cancel_current: Arc::default(),
        }
    }

    fn lock_state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the flag that is set while the current task is superseded.
    pub(super) fn cancel_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancel_current)
    }

    /// Handles `textDocument/didOpen`.
    pub(super) fn did_open(&self, uri: Uri, version: i32, text: String) {
        let mut state = self.lock_state();
        self.cancel_requests_for(&mut state, &uri);
        let document = OpenDocument {
            text: Arc::new(text),
            version,
            text_revision: 0,
            opened_revision: 0,
        };
        self.store_document(&mut state, uri, document);
    }

    /// Handles `textDocument/didChange`.
    pub(super) fn did_change(
        &self,
        uri: Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        let mut state = self.lock_state();
        self.cancel_requests_for(&mut state, &uri);
        let Some(mut document) = state.documents.remove(&uri) else {
            return;
        };
        // Editing a long text takes time; the worker must not wait for the lock meanwhile.
        drop(state);
        let text = Arc::make_mut(&mut document.text);
        position::apply_changes(text, changes, self.client.encoding);
        document.version = version;
        self.store_document(&mut self.lock_state(), uri, document);
    }

    /// Stores a document whose text is new, and schedules its diagnostics.
    fn store_document(&self, state: &mut State, uri: Uri, mut document: OpenDocument) {
        state.text_revision += 1;
        document.text_revision = state.text_revision;
        if document.opened_revision == 0 {
            document.opened_revision = state.text_revision;
        }
        state.documents.insert(uri.clone(), document);
        self.schedule_diagnostics(state, uri);
    }

    /// Handles `textDocument/didClose`.
    pub(super) fn did_close(&self, uri: Uri) {
        let mut state = self.lock_state();
        self.cancel_requests_for(&mut state, &uri);
        state.pending_diagnostics.retain(|pending| *pending != uri);
        let closed = state.documents.remove(&uri);
        if closed.is_some() && !self.client.pull_diagnostics {
            self.publish(uri, None, Vec::new());
        }
    }

    /// Returns the text and the version of an open document.
    pub(super) fn text_of(&self, uri: &Uri) -> Option<(Arc<String>, i32)> {
        let state = self.lock_state();
        let document = state.documents.get(uri)?;
        Some((Arc::clone(&document.text), document.version))
    }

    /// Replaces the options, and checks all documents again if they differ.
    pub(super) fn set_options(&self, options: Options) {
        let mut state = self.lock_state();
        if state.options != options {
            state.options = options;
            self.invalidate_all(&mut state);
        }
    }

    /// Checks all documents again, because configuration files or files that they name may have changed.
    pub(super) fn refresh(&self) {
        self.invalidate_all(&mut self.lock_state());
    }

    fn invalidate_all(&self, state: &mut State) {
        state.config_revision += 1;
        if !self.client.pull_diagnostics {
            let uris: Vec<Uri> = state.documents.keys().cloned().collect();
            for uri in uris {
                self.schedule_diagnostics(state, uri);
            }
        } else if self.client.diagnostic_refresh {
            let id = format!("refresh/{}", state.config_revision);
            self.sender.request::<WorkspaceDiagnosticRefresh>(&id, ());
        }
    }

    fn schedule_diagnostics(&self, state: &mut State, uri: Uri) {
        if !self.client.pull_diagnostics && !state.pending_diagnostics.contains(&uri) {
            state.pending_diagnostics.push_back(uri);
            self.work_available.notify_one();
        }
    }

    /// Adds a request to the queue; responds with an empty result if the document is not open.
    pub(super) fn enqueue(&self, id: RequestId, uri: Uri, kind: RequestKind) {
        let mut state = self.lock_state();
        if !state.documents.contains_key(&uri) {
            let empty = match kind {
                RequestKind::Diagnostics(_) => json!({ "kind": "full", "items": [] }),
                _ => Value::Null,
            };
            return self.sender.respond(id, empty);
        }
        state
            .pending_requests
            .push_back(PendingRequest { id, uri, kind });
        self.work_available.notify_one();
    }

    /// Handles `$/cancelRequest`.
    pub(super) fn cancel(&self, id: &RequestId) {
        let reason =
            |request: &PendingRequest| (request.id == *id).then_some(CancelReason::Cancelled);
        self.reject_matching(&mut self.lock_state(), reason);
    }

    /// Cancels the requests for a document that has changed, and the check that is running on it.
    fn cancel_requests_for(&self, state: &mut State, uri: &Uri) {
        if state.current_uri.as_ref() == Some(uri) {
            self.cancel_current.store(true, Ordering::Relaxed);
        }
        self.reject_matching(state, |request| {
            (request.uri == *uri).then(|| request.reason_if_superseded())
        });
    }

    /// Cancels the requests for which there is a reason: queued requests at once, the request in flight
    /// when its task ends.
    fn reject_matching(
        &self,
        state: &mut State,
        reason_for: impl Fn(&PendingRequest) -> Option<CancelReason>,
    ) {
        if let Some((request, reason)) = &mut state.in_flight {
            *reason = reason.or_else(|| reason_for(request));
        }
        state
            .pending_requests
            .retain(|request| match reason_for(request) {
                Some(reason) => {
                    self.sender.respond_cancelled(request.id.clone(), reason);
                    false
                }
                None => true,
            });
    }

    /// Ends the worker once its current task is done.
    pub(super) fn shut_down(&self) {
        self.lock_state().is_shut_down = true;
        self.work_available.notify_all();
    }

    /// Publishes the diagnostics of a document or file.
    pub(super) fn publish(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) {
        self.sender
            .notify::<PublishDiagnostics>(PublishDiagnosticsParams {
                uri,
                diagnostics,
                version,
            });
    }

    /// Publishes the diagnostics of a task, unless its text or the configuration is superseded.
    pub(super) fn publish_if_current(&self, task: &Task, diagnostics: Vec<Diagnostic>) {
        // The lock is held until the message is sent, so that no later edit precedes it.
        let state = self.lock_state();
        let is_newest = state
            .documents
            .get(&task.uri)
            .is_some_and(|document| document.text_revision == task.document.text_revision);
        if is_newest && state.config_revision == task.config_revision {
            let version = Some(task.document.version);
            self.publish(task.uri.clone(), version, diagnostics);
        }
    }

    /// Waits for the next task and makes it the current one; `None` after the shutdown.
    pub(super) fn next_task(&self) -> Option<Task> {
        let mut state = self.lock_state();
        loop {
            if state.is_shut_down {
                return None;
            }
            // Requests come before published diagnostics, because the client waits for them.
            let request = state.pending_requests.pop_front();
            let uri = match &request {
                Some(request) => Some(request.uri.clone()),
                None => state.pending_diagnostics.pop_front(),
            };
            if let Some(uri) = uri
                && let Some(document) = state.documents.get(&uri).cloned()
            {
                return Some(self.start_task(&mut state, uri, document, request));
            }
            if state.pending_requests.is_empty() && state.pending_diagnostics.is_empty() {
                state = self
                    .work_available
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    fn start_task(
        &self,
        state: &mut State,
        uri: Uri,
        document: OpenDocument,
        request: Option<PendingRequest>,
    ) -> Task {
        state.current_uri = Some(uri.clone());
        self.cancel_current.store(false, Ordering::Relaxed);
        state.in_flight = request.clone().map(|request| (request, None));
        Task {
            uri,
            document,
            request,
            options: state.options.clone(),
            config_revision: state.config_revision,
            open_uris: state.documents.keys().cloned().collect(),
        }
    }

    /// Ends the current task, and responds to its request if it has one. `result` is `None` if the worker
    /// panicked or the task has no request.
    pub(super) fn finish_task(&self, result: Option<Value>) {
        let mut state = self.lock_state();
        state.current_uri = None;
        if let Some((request, reason)) = state.in_flight.take() {
            match (reason, result) {
                (Some(reason), _) => self.sender.respond_cancelled(request.id, reason),
                (None, Some(result)) => self.sender.respond(request.id, result),
                (None, None) => {
                    let message = "countersign failed on this text";
                    self.sender
                        .respond_error(request.id, ErrorCode::InternalError, message);
                }
            }
        }
    }
}
