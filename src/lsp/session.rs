//! The session with a client, from `initialize` to `exit`.

use std::io::BufRead;
use std::sync::Arc;
use std::thread;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId};
use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{InitializeResult, ServerInfo};
use serde_json::Value;

use super::capabilities::{ClientCapabilities, server_capabilities};
use super::dispatch::{Dispatcher, parse_options};
use super::options::Options;
use super::scheduler::Scheduler;
use super::sender::ClientSender;
use super::transport::{self, Received};
use super::worker;
use crate::registry::Registry;

/// Runs a session. Returns whether the client sent `shutdown` and `exit`.
pub(super) fn run(
    registry: &Arc<Registry>,
    input: &mut impl BufRead,
    sender: &ClientSender,
) -> bool {
    let Some((client, options)) = initialize(input, sender) else {
        return false;
    };
    let scheduler = Scheduler::new(client, sender.clone(), options);
    thread::scope(|scope| {
        scope.spawn(|| worker::run(&scheduler, registry));
        let dispatcher = Dispatcher::new(&scheduler, sender, registry);
        let exited_cleanly = main_loop(dispatcher, input, sender);
        scheduler.shut_down();
        exited_cleanly
    })
}

/// Waits for the `initialize` request and responds to it; `None` if the client leaves before. Other
/// requests get an error.
fn initialize(
    input: &mut impl BufRead,
    sender: &ClientSender,
) -> Option<(ClientCapabilities, Options)> {
    loop {
        match next_message(input, sender)? {
            Message::Request(Request { id, method, params })
                if method == request::Initialize::METHOD =>
            {
                return Some(respond_to_initialize(id, &params, sender));
            }
            Message::Request(Request { id, .. }) => {
                let message = "the first request is `initialize`";
                sender.respond_error(id, ErrorCode::ServerNotInitialized, message);
            }
            Message::Notification(Notification { method, .. })
                if method == notification::Exit::METHOD =>
            {
                return None;
            }
            _ => {}
        }
    }
}

fn respond_to_initialize(
    id: RequestId,
    params: &Value,
    sender: &ClientSender,
) -> (ClientCapabilities, Options) {
    let client = ClientCapabilities::parse(params);
    sender.respond(
        id,
        InitializeResult {
            capabilities: server_capabilities(&client),
            server_info: Some(ServerInfo {
                name: "countersign".into(),
                version: Some(env!("CARGO_PKG_VERSION").into()),
            }),
        },
    );
    let options = parse_options(&params["initializationOptions"], sender);
    (client, options.unwrap_or_default())
}

/// Handles messages until the client leaves. Returns whether it sent `shutdown` and `exit`.
fn main_loop(
    mut dispatcher: Dispatcher<'_>,
    input: &mut impl BufRead,
    sender: &ClientSender,
) -> bool {
    while let Some(message) = next_message(input, sender) {
        match message {
            Message::Notification(notification)
                if notification.method == notification::Exit::METHOD =>
            {
                return dispatcher.is_shutting_down();
            }
            Message::Request(request) => dispatcher.handle_request(request),
            Message::Notification(notification) => dispatcher.handle_notification(notification),
            Message::Response(response) => dispatcher.handle_response(response),
        }
    }
    false
}

/// Reads the next message; `None` at the end of the input. Anything else gets an error response.
fn next_message(input: &mut impl BufRead, sender: &ClientSender) -> Option<Message> {
    loop {
        match transport::read(input).ok()?? {
            Received::Message(message) => return Some(message),
            Received::Invalid { code, message } => sender.respond_invalid(code, message),
        }
    }
}
