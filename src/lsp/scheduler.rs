//! Where texts are judged, beside the thread that listens to the client. The newest text is the one
//! that counts: what an edit has overtaken is not begun, and if it was begun it is not told.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use lsp_server::{ErrorCode, RequestId};
use lsp_types::notification::PublishDiagnostics;
use lsp_types::request::WorkspaceDiagnosticRefresh;
use lsp_types::{
    CodeActionKind, Position, PublishDiagnosticsParams, Range, TextDocumentContentChangeEvent, Uri,
};
use serde_json::{Value, json};

use super::client::{ClientCapabilities, Options};
use super::position;
use super::sender::{CancelReason, ClientSender};
use super::worker::Worker;
use crate::engine::unless_it_fails;
use crate::schema;

/// What the listening thread and the judging one share.
pub(super) struct Scheduler {
    pub(super) client: ClientCapabilities,
    pub(super) sender: ClientSender,
    board: Mutex<State>,
    /// Rings when there is something to do.
    bell: Condvar,
    /// Whether the text that is judged is another by now, so that no verdict is wanted.
    is_overtaken: Arc<AtomicBool>,
}

#[derive(Default)]
struct State {
    open: HashMap<Uri, Open>,
    /// Texts to be judged, for clients that do not ask.
    due: VecDeque<Uri>,
    asked: VecDeque<PendingRequest>,
    /// The text at hand.
    at: Option<Uri>,
    /// The question at hand, and why it is not to be answered, if so.
    in_hand: Option<(PendingRequest, Option<CancelReason>)>,
    options: Options,
    /// Counts the states of everything but the texts.
    generation: u64,
    /// Counts the states of texts.
    serial: u64,
    is_closed: bool,
}

/// An open text.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) text: Arc<String>,
    pub(super) version: i32,
    /// Tells this state of the text from every other, of the same name too.
    pub(super) serial: u64,
}

/// What a client wants to know of a text.
#[derive(Clone, Debug)]
pub(super) enum RequestKind {
    /// What is wrong with it; and under what name it knows the last answer.
    Diagnostics(Option<String>),
    /// What can be done about it.
    Actions(Range, Option<Vec<CodeActionKind>>),
    /// What stands at a place.
    Hover(Position),
    /// What could be put at a place.
    Completion(Position),
    /// What is in it.
    Symbols,
}

#[derive(Clone, Debug)]
pub(super) struct PendingRequest {
    id: RequestId,
    uri: Uri,
    pub(super) question: RequestKind,
}

impl PendingRequest {
    /// Why it is not answered once the text has changed.
    fn refusal(&self) -> CancelReason {
        match self.question {
            RequestKind::Diagnostics(_) => CancelReason::ServerCancelled,
            _ => CancelReason::ContentModified,
        }
    }
}

/// Something to do for the judging thread, with the text as it is then.
pub(super) struct Task {
    pub(super) uri: Uri,
    pub(super) open: Open,
    pub(super) question: Option<PendingRequest>,
    pub(super) options: Options,
    pub(super) generation: u64,
    /// The texts that are open.
    pub(super) is_open: HashSet<Uri>,
}

impl Scheduler {
    pub(super) fn new(client: ClientCapabilities, sender: ClientSender, options: Options) -> Self {
        Self {
            client,
            sender,
            board: Mutex::new(State {
                options,
                ..State::default()
            }),
            bell: Condvar::new(),
            is_overtaken: Arc::default(),
        }
    }

    fn board(&self) -> MutexGuard<'_, State> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a text that was opened.
    pub(super) fn open(&self, uri: Uri, version: i32, text: String) {
        let mut board = self.board();
        self.turn_down_about(&mut board, &uri);
        board.serial += 1;
        let open = Open {
            text: Arc::new(text),
            version,
            serial: board.serial,
        };
        board.open.insert(uri.clone(), open);
        self.make_due(&mut board, uri);
    }

    /// Takes changes to a text.
    pub(super) fn change(
        &self,
        uri: Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        // Out of the board meanwhile, since a long text takes its time.
        let mut board = self.board();
        self.turn_down_about(&mut board, &uri);
        let Some(mut open) = board.open.remove(&uri) else {
            return;
        };
        drop(board);
        position::apply(Arc::make_mut(&mut open.text), changes, self.client.encoding);
        open.version = version;
        let mut board = self.board();
        board.serial += 1;
        open.serial = board.serial;
        board.open.insert(uri.clone(), open);
        self.make_due(&mut board, uri);
    }

    /// Lets go of a text.
    pub(super) fn close_text(&self, uri: Uri) {
        let mut board = self.board();
        self.turn_down_about(&mut board, &uri);
        board.due.retain(|due| *due != uri);
        let closed = board.open.remove(&uri);
        if closed.is_some() && !self.client.pulls {
            self.publish(uri, None, Vec::new());
        }
    }

    /// A text as the server has it.
    pub(super) fn text_of(&self, uri: &Uri) -> Option<(Arc<String>, i32)> {
        let board = self.board();
        let open = board.open.get(uri)?;
        Some((Arc::clone(&open.text), open.version))
    }

    /// Takes what the person wants from now on.
    pub(super) fn set_options(&self, options: Options) {
        let mut board = self.board();
        if board.options != options {
            board.options = options;
            self.begin_anew(&mut board);
        }
    }

    /// Judges everything anew, since files beside the texts may have changed.
    pub(super) fn refresh(&self) {
        self.begin_anew(&mut self.board());
    }

    fn begin_anew(&self, board: &mut State) {
        board.generation += 1;
        if !self.client.pulls {
            let all: Vec<Uri> = board.open.keys().cloned().collect();
            for uri in all {
                self.make_due(board, uri);
            }
        } else if self.client.refreshes {
            let id = format!("refresh/{}", board.generation);
            self.sender.ask::<WorkspaceDiagnosticRefresh>(&id, ());
        }
    }

    fn make_due(&self, board: &mut State, uri: Uri) {
        if !self.client.pulls && !board.due.contains(&uri) {
            board.due.push_back(uri);
            self.bell.notify_one();
        }
    }

    /// Takes a question, to be answered when its turn comes.
    pub(super) fn ask(&self, id: RequestId, uri: Uri, question: RequestKind) {
        let mut board = self.board();
        if !board.open.contains_key(&uri) {
            let nothing = match question {
                RequestKind::Diagnostics(_) => json!({ "kind": "full", "items": [] }),
                _ => Value::Null,
            };
            return self.sender.answer(id, nothing);
        }
        board.asked.push_back(PendingRequest { id, uri, question });
        self.bell.notify_one();
    }

    /// Answers no more what the client does not want to know any more.
    pub(super) fn cancel(&self, id: &RequestId) {
        let refusal = |asked: &PendingRequest| (asked.id == *id).then_some(CancelReason::Cancelled);
        self.turn_down(&mut self.board(), refusal);
    }

    /// Judges and answers no more what was asked about a text that is another now.
    fn turn_down_about(&self, board: &mut State, uri: &Uri) {
        if board.at.as_ref() == Some(uri) {
            self.is_overtaken.store(true, Ordering::Relaxed);
        }
        self.turn_down(board, |asked| (asked.uri == *uri).then(|| asked.refusal()));
    }

    /// Turns down the questions for which there is a refusal: those that wait now, the one at hand when
    /// it would be answered.
    fn turn_down(
        &self,
        board: &mut State,
        refusal_of: impl Fn(&PendingRequest) -> Option<CancelReason>,
    ) {
        if let Some((asked, refusal)) = &mut board.in_hand {
            *refusal = refusal.or_else(|| refusal_of(asked));
        }
        board.asked.retain(|asked| match refusal_of(asked) {
            Some(refusal) => {
                self.sender.turn_down(asked.id.clone(), refusal);
                false
            }
            None => true,
        });
    }

    /// Ends the judging thread once it has done what it is at.
    pub(super) fn close(&self) {
        self.board().is_closed = true;
        self.bell.notify_all();
    }

    pub(super) fn publish(
        &self,
        uri: Uri,
        version: Option<i32>,
        diagnostics: Vec<lsp_types::Diagnostic>,
    ) {
        self.sender
            .notify::<PublishDiagnostics>(PublishDiagnosticsParams {
                uri,
                diagnostics,
                version,
            });
    }

    /// Tells the client what is wrong with a text, unless that is another by now.
    pub(super) fn tell(&self, task: &Task, diagnostics: Vec<lsp_types::Diagnostic>) {
        let board = self.board();
        let is_newest = board
            .open
            .get(&task.uri)
            .is_some_and(|open| open.serial == task.open.serial);
        if is_newest && board.generation == task.generation {
            let version = Some(task.open.version);
            self.publish(task.uri.clone(), version, diagnostics);
        }
    }

    /// Judges and answers until the scheduler is closed.
    pub(super) fn work(&self) {
        let mut bench = Worker::new(self, Arc::clone(&self.is_overtaken));
        // While the person opens the first text.
        schema::prepare();
        while let Some(task) = self.next_job() {
            let done = unless_it_fails(|| bench.carry_out(&task));
            let mut board = self.board();
            board.at = None;
            if let Some((asked, refusal)) = board.in_hand.take() {
                match (refusal, done.flatten()) {
                    (Some(refusal), _) => self.sender.turn_down(asked.id, refusal),
                    (None, Some(answer)) => self.sender.answer(asked.id, answer),
                    (None, None) => {
                        let message = "countersign failed on this text";
                        self.sender
                            .refuse(asked.id, ErrorCode::InternalError, message);
                    }
                }
            }
        }
    }

    /// Waits for something to do; `None` is the end.
    fn next_job(&self) -> Option<Task> {
        let mut board = self.board();
        loop {
            if board.is_closed {
                return None;
            }
            // What somebody waits for comes first.
            let question = board.asked.pop_front();
            let uri = match &question {
                Some(asked) => Some(asked.uri.clone()),
                None => board.due.pop_front(),
            };
            if let Some(uri) = uri
                && let Some(open) = board.open.get(&uri).cloned()
            {
                board.at = Some(uri.clone());
                self.is_overtaken.store(false, Ordering::Relaxed);
                board.in_hand = question.clone().map(|asked| (asked, None));
                return Some(Task {
                    uri,
                    open,
                    question,
                    options: board.options.clone(),
                    generation: board.generation,
                    is_open: board.open.keys().cloned().collect(),
                });
            }
            if board.asked.is_empty() && board.due.is_empty() {
                board = self
                    .bell
                    .wait(board)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}
