//! The queue of messages to the client. Sending never blocks: a thread of its own writes the messages in
//! the order of sending.

use std::io::Write;
use std::sync::mpsc::{self, Receiver, Sender};

use lsp_server::{ErrorCode, Message, RequestId, Response, ResponseError};
use lsp_types::notification::{LogMessage, Notification, ShowMessage};
use lsp_types::request::Request;
use lsp_types::{LogMessageParams, MessageType, ShowMessageParams};

/// The sending half of the message queue. `None` in the queue ends the writing thread.
#[derive(Clone)]
pub(super) struct ClientSender(Sender<Option<Message>>);

/// The reason why a request gets an error instead of its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CancelReason {
    /// The client cancelled the request.
    Cancelled,
    /// The document has changed since the request.
    ContentModified,
    /// The document has changed since a request for diagnostics: the client may send the request again.
    ServerCancelled,
}

/// Creates the message queue.
pub(super) fn channel() -> (ClientSender, Receiver<Option<Message>>) {
    let (sender, receiver) = mpsc::channel();
    (ClientSender(sender), receiver)
}

/// Writes the messages of the queue until the queue is closed or writing fails.
pub(super) fn write_loop(messages: &Receiver<Option<Message>>, output: &mut dyn Write) {
    while let Ok(Some(message)) = messages.recv() {
        if message.write(&mut &mut *output).is_err() {
            return;
        }
    }
}

impl ClientSender {
    fn send(&self, message: impl Into<Message>) {
        // The receiver is gone once the client has closed its end; the message has no reader then.
        let _ = self.0.send(Some(message.into()));
    }

    /// Ends the writing thread after the messages sent so far.
    pub(super) fn close(&self) {
        let _ = self.0.send(None);
    }

    /// Responds to a request with its result.
    pub(super) fn respond(&self, id: RequestId, result: impl serde::Serialize) {
        self.send(Response::new_ok(id, result));
    }

    /// Responds to a request with an error.
    pub(super) fn respond_error(&self, id: RequestId, code: ErrorCode, message: impl Into<String>) {
        self.send(Response::new_err(id, code as i32, message.into()));
    }

    /// Responds to a request that was cancelled or whose document has changed.
    pub(super) fn respond_cancelled(&self, id: RequestId, reason: CancelReason) {
        let (code, message) = match reason {
            CancelReason::Cancelled => (ErrorCode::RequestCanceled, "cancelled"),
            CancelReason::ContentModified => (ErrorCode::ContentModified, "the text has changed"),
            CancelReason::ServerCancelled => (ErrorCode::ServerCancelled, "the text has changed"),
        };
        let retrigger = serde_json::json!({ "retriggerRequest": true });
        let error = ResponseError {
            code: code as i32,
            message: message.into(),
            data: (reason == CancelReason::ServerCancelled).then_some(retrigger),
        };
        self.send(Response {
            id,
            response_result: Err(error),
        });
    }

    /// Sends a notification.
    pub(super) fn notify<N: Notification>(&self, params: N::Params) {
        self.send(lsp_server::Notification::new(N::METHOD.into(), params));
    }

    /// Shows a message to the user.
    pub(super) fn show_message(&self, typ: MessageType, message: impl Into<String>) {
        self.notify::<ShowMessage>(ShowMessageParams {
            typ,
            message: message.into(),
        });
    }

    /// Writes a warning to the client's log.
    pub(super) fn log_warning(&self, message: String) {
        self.notify::<LogMessage>(LogMessageParams {
            typ: MessageType::WARNING,
            message,
        });
    }

    /// Sends a request under the given ID.
    pub(super) fn request<R: Request>(&self, id: &str, params: R::Params) {
        let id = RequestId::from(id.to_owned());
        self.send(lsp_server::Request::new(id, R::METHOD.into(), params));
    }
}
