//! The language server: reports the findings of the command line for open documents, and offers fixes,
//! hovers and completions.
//!
//! One thread reads the client's messages and keeps the documents (`session`, `dispatch`, `scheduler`), a
//! second one checks them (`worker`), and a third one writes messages to the client (`sender`). An edit
//! therefore never waits for a check, and a check never waits for a slow reader. Only this module and its
//! submodules know the protocol.

mod candidates;
mod capabilities;
mod code_action;
mod completion;
mod cursor;
mod dispatch;
mod document;
mod document_symbol;
mod engine_cache;
mod half_typed;
mod hover;
mod ignore_action;
mod options;
mod position;
mod scheduler;
mod schema_examples;
mod sender;
mod session;
mod snippet;
mod to_proto;
mod transport;
mod trial;
mod uri;
mod worker;

use std::io::{BufReader, Read, Write};
use std::sync::Arc;
use std::thread;

use crate::registry::Registry;

/// Serves one client, for the kinds and rules of a registry, until it sends `exit` or closes its end of the connection. Returns whether it sent
/// `shutdown` before `exit`, as the protocol demands.
pub fn serve(
    registry: &Arc<Registry>,
    input: &mut dyn Read,
    output: &mut (dyn Write + Send),
) -> bool {
    let (sender, messages) = sender::channel();
    thread::scope(|scope| {
        scope.spawn(move || sender::write_loop(&messages, output));
        let exited_cleanly = session::run(registry, &mut BufReader::new(input), &sender);
        sender.close();
        exited_cleanly
    })
}
