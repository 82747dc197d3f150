//! The shell for editors: a language server that says of open texts what the command line says of
//! files, and mends, explains and completes them.
//!
//! One thread listens to the client and keeps the texts, a second judges them (`scheduler`), a third
//! speaks (`sender`), so that no edit waits for a verdict and no verdict for a slow reader. Only this
//! module and those in it know the protocol.

mod client;
mod code_action;
mod completion;
mod cursor;
mod document;
mod document_symbol;
mod engine_cache;
mod hover;
mod position;
mod scheduler;
mod sender;
mod snippet;
mod to_proto;
mod worker;

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::thread;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId};
use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{
    CancelParams, CodeActionKind, CodeActionOptions, CodeActionParams,
    CodeActionProviderCapability, CompletionOptions, CompletionParams, ConfigurationItem,
    ConfigurationParams, DiagnosticOptions, DiagnosticServerCapabilities,
    DidChangeConfigurationParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesRegistrationOptions, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DocumentDiagnosticParams, DocumentSymbolParams, FileSystemWatcher,
    GlobPattern, HoverParams, HoverProviderCapability, InitializeResult, MessageType,
    NumberOrString, OneOf, Registration, RegistrationParams, SaveOptions, ServerCapabilities,
    ServerInfo, TextDocumentIdentifier, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextDocumentSyncSaveOptions, WorkDoneProgressOptions,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::rules;
use crate::settings::FILE_NAME;
use crate::spelling;
use client::{ClientCapabilities, Options};
use scheduler::{RequestKind, Scheduler};
use sender::{ClientSender, read};

/// Asks for a rule's page.
const RULE_PAGE: &str = "countersign/rulePage";
/// Asks for a text as the server has it.
const TEXT: &str = "countersign/text";
/// Under which ids of ours the client's answers to questions about settings come.
const SETTINGS_ASKED: &str = "settings";

/// Serves one client until it says that it is done or is gone. Whether it left as the protocol has it.
pub fn serve(input: &mut dyn Read, output: &mut (dyn Write + Send)) -> bool {
    let (sender, posted) = sender::open();
    thread::scope(|scope| {
        scope.spawn(move || sender::deliver(&posted, output));
        let has_left_well = attend(&mut BufReader::new(input), &sender);
        sender.close();
        has_left_well
    })
}

fn attend(input: &mut impl BufRead, sender: &ClientSender) -> bool {
    let Some((client, options)) = greet(input, sender) else {
        return false;
    };
    let scheduler = Scheduler::new(client, sender.clone(), options);
    thread::scope(|scope| {
        scope.spawn(|| scheduler.work());
        let session = Session {
            scheduler: &scheduler,
            sender,
            is_shutting_down: false,
        };
        let has_left_well = session.listen(input);
        scheduler.close();
        has_left_well
    })
}

/// The next message; `None` if there will be none. What is no message is passed over: its sender cannot
/// be told which one it was.
fn next_message(input: &mut impl BufRead) -> Option<Message> {
    loop {
        match Message::read(input) {
            Ok(message) => return message,
            Err(error) if error.kind() == ErrorKind::InvalidData => {}
            Err(_) => return None,
        }
    }
}

/// Waits for the client to introduce itself; `None` if it leaves before.
fn greet(input: &mut impl BufRead, sender: &ClientSender) -> Option<(ClientCapabilities, Options)> {
    loop {
        match next_message(input)? {
            Message::Request(Request { id, method, params })
                if method == request::Initialize::METHOD =>
            {
                let client = ClientCapabilities::of(&params);
                sender.answer(
                    id,
                    InitializeResult {
                        capabilities: capabilities(&client),
                        server_info: Some(ServerInfo {
                            name: "countersign".into(),
                            version: Some(env!("CARGO_PKG_VERSION").into()),
                        }),
                    },
                );
                let options = options_of(&params["initializationOptions"], sender);
                return Some((client, options.unwrap_or_default()));
            }
            Message::Request(Request { id, .. }) => {
                let message = "the first request is `initialize`";
                sender.refuse(id, ErrorCode::ServerNotInitialized, message);
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

/// What the person wants; told if it is not understood.
fn options_of(settings: &Value, sender: &ClientSender) -> Option<Options> {
    Options::read(settings)
        .map_err(|why| sender.show(MessageType::WARNING, why))
        .ok()
}

fn capabilities(client: &ClientCapabilities) -> ServerCapabilities {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
            include_text: Some(false),
        })),
        ..TextDocumentSyncOptions::default()
    };
    let pulled = DiagnosticServerCapabilities::Options(DiagnosticOptions {
        identifier: Some("countersign".into()),
        ..DiagnosticOptions::default()
    });
    ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec!["\"".into()]),
            ..CompletionOptions::default()
        }),
        document_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, code_action::FIX_ALL]),
            work_done_progress_options: WorkDoneProgressOptions::default(),
            resolve_provider: None,
        })),
        diagnostic_provider: client.pulls.then_some(pulled),
        ..ServerCapabilities::default()
    }
}

/// A client that has introduced itself.
struct Session<'d> {
    scheduler: &'d Scheduler,
    sender: &'d ClientSender,
    is_shutting_down: bool,
}

impl Session<'_> {
    /// Takes what the client says until it leaves. Whether it said before that it would.
    fn listen(mut self, input: &mut impl BufRead) -> bool {
        while let Some(message) = next_message(input) {
            match message {
                Message::Request(request) => self.take_request(request),
                Message::Notification(notification)
                    if notification.method == notification::Exit::METHOD =>
                {
                    return self.is_shutting_down;
                }
                Message::Notification(notification) => {
                    let method = notification.method.clone();
                    if let Err(why) = self.take_notification(notification) {
                        self.sender
                            .log(format!("`{method}` is not understood: {why}"));
                    }
                }
                Message::Response(response) => {
                    let is_of_settings = response.id.to_string().contains(SETTINGS_ASKED);
                    if let Ok(Value::Array(answers)) = response.response_result
                        && is_of_settings
                    {
                        self.take_settings(answers.first().unwrap_or(&Value::Null));
                    }
                }
            }
        }
        false
    }

    fn take_request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        if self.is_shutting_down {
            let message = "the server is shutting down";
            return self.sender.refuse(id, ErrorCode::InvalidRequest, message);
        }
        let taken = match method.as_str() {
            request::Shutdown::METHOD => {
                self.is_shutting_down = true;
                self.sender.answer(id.clone(), Value::Null);
                Ok(())
            }
            request::Initialize::METHOD => {
                let message = "the client has introduced itself already";
                self.sender
                    .refuse(id.clone(), ErrorCode::InvalidRequest, message);
                Ok(())
            }
            RULE_PAGE => self.give_page(&id, params),
            TEXT => self.give_text(&id, params),
            _ => match question(&method, params) {
                Some(asked) => asked.map(|(document, question)| {
                    self.scheduler.ask(id.clone(), document.uri, question);
                }),
                None => {
                    let message = format!("countersign knows no `{method}`");
                    self.sender
                        .refuse(id.clone(), ErrorCode::MethodNotFound, message);
                    Ok(())
                }
            },
        };
        if let Err(why) = taken {
            self.sender.refuse(id, ErrorCode::InvalidParams, why);
        }
    }

    fn take_notification(&mut self, notification: Notification) -> Result<(), String> {
        let Notification { method, params } = notification;
        match method.as_str() {
            notification::Initialized::METHOD => {
                self.register_watcher();
                self.ask_for_settings();
            }
            notification::DidOpenTextDocument::METHOD => {
                let opened: DidOpenTextDocumentParams = read(params)?;
                let document = opened.text_document;
                self.scheduler
                    .open(document.uri, document.version, document.text);
            }
            notification::DidChangeTextDocument::METHOD => {
                let changed: DidChangeTextDocumentParams = read(params)?;
                let document = changed.text_document;
                self.scheduler
                    .change(document.uri, document.version, changed.content_changes);
            }
            notification::DidCloseTextDocument::METHOD => {
                let closed: DidCloseTextDocumentParams = read(params)?;
                self.scheduler.close_text(closed.text_document.uri);
            }
            notification::DidSaveTextDocument::METHOD
            | notification::DidChangeWatchedFiles::METHOD => self.scheduler.refresh(),
            notification::DidChangeConfiguration::METHOD => {
                if self.scheduler.client.has_settings {
                    self.ask_for_settings();
                } else {
                    let changed: DidChangeConfigurationParams = read(params)?;
                    self.take_settings(&changed.settings["countersign"]);
                }
            }
            notification::Cancel::METHOD => {
                let cancelled: CancelParams = read(params)?;
                self.scheduler.cancel(&match cancelled.id {
                    NumberOrString::Number(id) => RequestId::from(id),
                    NumberOrString::String(id) => RequestId::from(id),
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn take_settings(&self, settings: &Value) {
        // A client that knows nothing of ours says nothing of what it was started with.
        if settings.is_null() {
            return;
        }
        if let Some(options) = options_of(settings, self.sender) {
            self.scheduler.set_options(options);
        }
    }

    fn ask_for_settings(&self) {
        if self.scheduler.client.has_settings {
            let item = ConfigurationItem {
                scope_uri: None,
                section: Some("countersign".into()),
            };
            let params = ConfigurationParams { items: vec![item] };
            self.sender
                .ask::<request::WorkspaceConfiguration>(SETTINGS_ASKED, params);
        }
    }

    fn register_watcher(&self) {
        if !self.scheduler.client.watches_files {
            return;
        }
        let watched = DidChangeWatchedFilesRegistrationOptions {
            watchers: vec![FileSystemWatcher {
                glob_pattern: GlobPattern::String(format!("**/{FILE_NAME}")),
                kind: None,
            }],
        };
        let registration = Registration {
            id: FILE_NAME.into(),
            method: notification::DidChangeWatchedFiles::METHOD.into(),
            register_options: Some(json!(watched)),
        };
        let params = RegistrationParams {
            registrations: vec![registration],
        };
        self.sender
            .ask::<request::RegisterCapability>("watch", params);
    }

    fn give_page(&self, id: &RequestId, params: Value) -> Result<(), String> {
        #[derive(Deserialize)]
        struct RulePageParams {
            rule: String,
        }
        let RulePageParams { rule } = read(params)?;
        let Some(found) = rules::find(&rule) else {
            let ids = rules::RULES.iter().map(|rule| rule.id);
            return Err(match spelling::nearest(&rule, ids) {
                Some(near) => format!("there is no rule `{rule}`; did you mean `{near}`?"),
                None => format!("there is no rule `{rule}`"),
            });
        };
        let page = json!({ "rule": found.id, "page": found.page });
        self.sender.answer(id.clone(), page);
        Ok(())
    }

    fn give_text(&self, id: &RequestId, params: Value) -> Result<(), String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct TextParams {
            text_document: TextDocumentIdentifier,
        }
        let TextParams { text_document } = read(params)?;
        let open = self.scheduler.text_of(&text_document.uri);
        let told = open.map(|(text, version)| json!({ "text": *text, "version": version }));
        self.sender.answer(id.clone(), told);
        Ok(())
    }
}

/// What a request asks of which text; `None` if it is none of those that are answered.
fn question(
    method: &str,
    params: Value,
) -> Option<Result<(TextDocumentIdentifier, RequestKind), String>> {
    Some(match method {
        request::DocumentDiagnosticRequest::METHOD => {
            read(params).map(|asked: DocumentDiagnosticParams| {
                let question = RequestKind::Diagnostics(asked.previous_result_id);
                (asked.text_document, question)
            })
        }
        request::CodeActionRequest::METHOD => read(params).map(|asked: CodeActionParams| {
            let question = RequestKind::Actions(asked.range, asked.context.only);
            (asked.text_document, question)
        }),
        request::HoverRequest::METHOD => read(params).map(|asked: HoverParams| {
            let place = asked.text_document_position_params;
            (place.text_document, RequestKind::Hover(place.position))
        }),
        request::Completion::METHOD => read(params).map(|asked: CompletionParams| {
            let place = asked.text_document_position;
            (place.text_document, RequestKind::Completion(place.position))
        }),
        request::DocumentSymbolRequest::METHOD => read(params)
            .map(|asked: DocumentSymbolParams| (asked.text_document, RequestKind::Symbols)),
        _ => return None,
    })
}
