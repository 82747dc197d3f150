//! What the server has to say, in order. Saying it never waits for the client to listen.

use std::io::Write;
use std::sync::mpsc::{Receiver, Sender, channel};

use lsp_server::{ErrorCode, Message, RequestId, Response, ResponseError};
use lsp_types::notification::{LogMessage, Notification, ShowMessage};
use lsp_types::request::Request;
use lsp_types::{LogMessageParams, MessageType, ShowMessageParams};
use serde_json::Value;

/// Where messages are put. `None` is the last one.
#[derive(Clone)]
pub(super) struct ClientSender(Sender<Option<Message>>);

/// Why a request is not answered with a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CancelReason {
    /// The client wants no answer any more.
    Cancelled,
    /// The text has changed since.
    ContentModified,
    /// Diagnostics were asked for, and the text has changed since: the client may ask again.
    ServerCancelled,
}

/// An sender, and what is put into it.
pub(super) fn open() -> (ClientSender, Receiver<Option<Message>>) {
    let (sender, posted) = channel();
    (ClientSender(sender), posted)
}

/// Writes what is put into the sender until its end. If the client reads no more, neither will it write.
pub(super) fn deliver(posted: &Receiver<Option<Message>>, output: &mut dyn Write) {
    while let Ok(Some(message)) = posted.recv() {
        let written = message.write(&mut &mut *output);
        if written.is_err() {
            return;
        }
    }
}

impl ClientSender {
    fn post(&self, message: impl Into<Message>) {
        // Nobody is left to read it once the client is gone.
        let _ = self.0.send(Some(message.into()));
    }

    /// Says that nothing more will come.
    pub(super) fn close(&self) {
        let _ = self.0.send(None);
    }

    /// Answers a request.
    pub(super) fn answer(&self, id: RequestId, result: impl serde::Serialize) {
        self.post(Response::new_ok(id, result));
    }

    /// Answers a request that cannot be carried out.
    pub(super) fn refuse(&self, id: RequestId, code: ErrorCode, message: impl Into<String>) {
        self.post(Response::new_err(id, code as i32, message.into()));
    }

    /// Answers a request whose answer is of no use any more.
    pub(super) fn turn_down(&self, id: RequestId, refusal: CancelReason) {
        let (code, message) = match refusal {
            CancelReason::Cancelled => (ErrorCode::RequestCanceled, "cancelled"),
            CancelReason::ContentModified => (ErrorCode::ContentModified, "the text has changed"),
            CancelReason::ServerCancelled => (ErrorCode::ServerCancelled, "the text has changed"),
        };
        let again = serde_json::json!({ "retriggerRequest": true });
        let error = ResponseError {
            code: code as i32,
            message: message.into(),
            data: (refusal == CancelReason::ServerCancelled).then_some(again),
        };
        self.post(Response {
            id,
            response_result: Err(error),
        });
    }

    /// Tells the client something.
    pub(super) fn notify<N: Notification>(&self, params: N::Params) {
        self.post(lsp_server::Notification::new(N::METHOD.into(), params));
    }

    /// Tells the person something.
    pub(super) fn show(&self, typ: MessageType, message: impl Into<String>) {
        self.notify::<ShowMessage>(ShowMessageParams {
            typ,
            message: message.into(),
        });
    }

    /// Notes something for whoever looks for it.
    pub(super) fn log(&self, message: String) {
        self.notify::<LogMessage>(LogMessageParams {
            typ: MessageType::WARNING,
            message,
        });
    }

    /// Asks the client something under the given id.
    pub(super) fn ask<R: Request>(&self, id: &str, params: R::Params) {
        let id = RequestId::from(id.to_owned());
        self.post(lsp_server::Request::new(id, R::METHOD.into(), params));
    }
}

/// The parameters of a message, if they are what they have to be.
pub(super) fn read<P: serde::de::DeserializeOwned>(params: Value) -> Result<P, String> {
    serde_json::from_value(params).map_err(|error| error.to_string())
}
