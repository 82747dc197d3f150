//! The queue of messages to the client. Sending never blocks: a thread of its own writes the messages in
//! the order of sending.

use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, Sender};

use lsp_server::{ErrorCode, Message, RequestId, Response, ResponseError};
use lsp_types::notification::{LogMessage, Notification, ShowMessage};
use lsp_types::request::Request;
use lsp_types::{LogMessageParams, MessageType, ShowMessageParams};

/// The sending half of the message queue.
#[derive(Clone)]
pub(super) struct ClientSender(Sender<Outgoing>);

/// An entry of the message queue.
pub(super) enum Outgoing {
    Message(Message),
    /// The response to what is not a message. It has no ID, which [`Message`] cannot express.
    Invalid(ErrorCode, String),
    /// Ends the writing thread.
    Close,
}

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
pub(super) fn channel() -> (ClientSender, Receiver<Outgoing>) {
    let (sender, receiver) = mpsc::channel();
    (ClientSender(sender), receiver)
}

/// Writes the messages of the queue until the queue is closed or writing fails.
pub(super) fn write_loop(messages: &Receiver<Outgoing>, output: &mut dyn Write) {
    loop {
        let written = match messages.recv() {
            Ok(Outgoing::Message(message)) => message.write(&mut &mut *output),
            Ok(Outgoing::Invalid(code, message)) => write_invalid(code, &message, output),
            Ok(Outgoing::Close) | Err(_) => return,
        };
        if written.is_err() {
            return;
        }
    }
}

fn write_invalid(code: ErrorCode, message: &str, output: &mut dyn Write) -> io::Result<()> {
    let response = serde_json::json!({
        "jsonrpc": "2.0",
        "id": null,
        "error": { "code": code as i32, "message": message },
    });
    let text = response.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

impl ClientSender {
    fn send(&self, message: impl Into<Message>) {
        // The receiver is gone once the client has closed its end; the message has no reader then.
        let _ = self.0.send(Outgoing::Message(message.into()));
    }

    /// Ends the writing thread after the messages sent so far.
    pub(super) fn close(&self) {
        let _ = self.0.send(Outgoing::Close);
    }

    /// Responds to a request with its result.
    pub(super) fn respond(&self, id: RequestId, result: impl serde::Serialize) {
        self.send(Response::new_ok(id, result));
    }

    /// Responds to a request with an error.
    pub(super) fn respond_error(&self, id: RequestId, code: ErrorCode, message: impl Into<String>) {
        self.send(Response::new_err(id, code as i32, message.into()));
    }

    /// Responds to what is not a message.
    pub(super) fn respond_invalid(&self, code: ErrorCode, message: String) {
        let _ = self.0.send(Outgoing::Invalid(code, message));
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
