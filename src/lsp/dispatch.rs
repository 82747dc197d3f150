//! Dispatch of the client's messages: requests about documents go to the scheduler, all other messages are
//! handled at once.

use lsp_server::{ErrorCode, Notification, Request, RequestId, Response};
use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{
    CancelParams, CodeActionParams, CompletionParams, ConfigurationItem, ConfigurationParams,
    DidChangeConfigurationParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesRegistrationOptions, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DocumentDiagnosticParams, DocumentSymbolParams, FileSystemWatcher,
    GlobPattern, HoverParams, MessageType, NumberOrString, Registration, RegistrationParams,
    TextDocumentIdentifier,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::options::Options;
use super::scheduler::{RequestKind, Scheduler};
use super::sender::ClientSender;
use crate::config_file::CONFIG_FILE_NAME;
use crate::registry::Registry;

/// A request of our own: the page of a rule.
const RULE_PAGE: &str = "countersign/rulePage";
/// A request of our own: the text of an open document as the server has it.
const TEXT: &str = "countersign/text";
/// The ID of our `workspace/configuration` requests.
const CONFIGURATION_REQUEST_ID: &str = "settings";

/// Handles the messages of an initialized client.
pub(super) struct Dispatcher<'s> {
    scheduler: &'s Scheduler,
    sender: &'s ClientSender,
    registry: &'s Registry,
    is_shutting_down: bool,
}

impl<'s> Dispatcher<'s> {
    pub(super) fn new(
        scheduler: &'s Scheduler,
        sender: &'s ClientSender,
        registry: &'s Registry,
    ) -> Self {
        Self {
            scheduler,
            sender,
            registry,
            is_shutting_down: false,
        }
    }

    /// Whether the client has sent `shutdown`.
    pub(super) fn is_shutting_down(&self) -> bool {
        self.is_shutting_down
    }

    /// Handles a request: responds to it, or adds it to the queue of the scheduler.
    pub(super) fn handle_request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        if self.is_shutting_down {
            let message = "the server is shutting down";
            return self.reject(id, ErrorCode::InvalidRequest, message);
        }
        let handled = match method.as_str() {
            request::Shutdown::METHOD => {
                self.is_shutting_down = true;
                return self.sender.respond(id, Value::Null);
            }
            request::Initialize::METHOD => {
                let message = "the client has introduced itself already";
                return self.reject(id, ErrorCode::InvalidRequest, message);
            }
            RULE_PAGE => self.handle_rule_page(&id, params),
            TEXT => self.handle_text(&id, params),
            _ => match parse_request(&method, params) {
                Some(parsed) => parsed.map(|(document, kind)| {
                    self.scheduler.enqueue(id.clone(), document.uri, kind);
                }),
                None => {
                    let message = format!("countersign knows no `{method}`");
                    return self.reject(id, ErrorCode::MethodNotFound, message);
                }
            },
        };
        if let Err(error) = handled {
            self.reject(id, ErrorCode::InvalidParams, error);
        }
    }

    fn reject(&self, id: RequestId, code: ErrorCode, message: impl Into<String>) {
        self.sender.respond_error(id, code, message);
    }

    /// Handles a notification; logs a warning if its parameters are invalid.
    pub(super) fn handle_notification(&self, notification: Notification) {
        let Notification { method, params } = notification;
        if let Err(error) = self.apply_notification(&method, params) {
            self.sender
                .log_warning(format!("`{method}` is not understood: {error}"));
        }
    }

    fn apply_notification(&self, method: &str, params: Value) -> Result<(), String> {
        match method {
            notification::Initialized::METHOD => {
                self.register_file_watcher();
                self.request_configuration();
            }
            notification::DidOpenTextDocument::METHOD => {
                let opened: DidOpenTextDocumentParams = parse_params(params)?;
                let document = opened.text_document;
                self.scheduler
                    .did_open(document.uri, document.version, document.text);
            }
            notification::DidChangeTextDocument::METHOD => {
                let changed: DidChangeTextDocumentParams = parse_params(params)?;
                let document = changed.text_document;
                self.scheduler
                    .did_change(document.uri, document.version, changed.content_changes);
            }
            notification::DidCloseTextDocument::METHOD => {
                let closed: DidCloseTextDocumentParams = parse_params(params)?;
                self.scheduler.did_close(closed.text_document.uri);
            }
            notification::DidSaveTextDocument::METHOD
            | notification::DidChangeWatchedFiles::METHOD => self.scheduler.refresh(),
            notification::DidChangeConfiguration::METHOD => {
                if self.scheduler.client.configuration {
                    self.request_configuration();
                } else {
                    let changed: DidChangeConfigurationParams = parse_params(params)?;
                    self.update_options(&changed.settings["countersign"]);
                }
            }
            notification::Cancel::METHOD => {
                let cancelled: CancelParams = parse_params(params)?;
                self.scheduler.cancel(&match cancelled.id {
                    NumberOrString::Number(id) => RequestId::from(id),
                    NumberOrString::String(id) => RequestId::from(id),
                });
            }
            _ => {}
        }
        Ok(())
    }

    /// Handles the response to one of our requests. Only the configuration matters.
    pub(super) fn handle_response(&self, response: Response) {
        let is_configuration = response.id.to_string().contains(CONFIGURATION_REQUEST_ID);
        if let Ok(Value::Array(sections)) = response.response_result
            && is_configuration
        {
            self.update_options(sections.first().unwrap_or(&Value::Null));
        }
    }

    fn update_options(&self, settings: &Value) {
        // A client without a section for this server sends `null`; the initialization options stay valid.
        if settings.is_null() {
            return;
        }
        if let Some(options) = parse_options(settings, self.sender) {
            self.scheduler.set_options(options);
        }
    }

    fn request_configuration(&self) {
        if self.scheduler.client.configuration {
            let item = ConfigurationItem {
                scope_uri: None,
                section: Some("countersign".into()),
            };
            let params = ConfigurationParams { items: vec![item] };
            self.sender
                .request::<request::WorkspaceConfiguration>(CONFIGURATION_REQUEST_ID, params);
        }
    }

    fn register_file_watcher(&self) {
        if !self.scheduler.client.file_watchers {
            return;
        }
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: vec![FileSystemWatcher {
                glob_pattern: GlobPattern::String(format!("**/{CONFIG_FILE_NAME}")),
                kind: None,
            }],
        };
        let registration = Registration {
            id: CONFIG_FILE_NAME.into(),
            method: notification::DidChangeWatchedFiles::METHOD.into(),
            register_options: Some(json!(options)),
        };
        let params = RegistrationParams {
            registrations: vec![registration],
        };
        self.sender
            .request::<request::RegisterCapability>("watch", params);
    }

    fn handle_rule_page(&self, id: &RequestId, params: Value) -> Result<(), String> {
        #[derive(Deserialize)]
        struct RulePageParams {
            rule: String,
        }
        let RulePageParams { rule } = parse_params(params)?;
        let rule =
            self.registry
                .rule(&rule)
                .ok_or_else(|| match self.registry.nearest_rule(&rule) {
                    Some(nearest) => {
                        format!("there is no rule `{rule}`; did you mean `{nearest}`?")
                    }
                    None => format!("there is no rule `{rule}`"),
                })?;
        let page = json!({ "rule": rule.id, "page": rule.page });
        self.sender.respond(id.clone(), page);
        Ok(())
    }

    fn handle_text(&self, id: &RequestId, params: Value) -> Result<(), String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct TextParams {
            text_document: TextDocumentIdentifier,
        }
        let TextParams { text_document } = parse_params(params)?;
        let document = self.scheduler.text_of(&text_document.uri);
        let result = document.map(|(text, version)| json!({ "text": *text, "version": version }));
        self.sender.respond(id.clone(), result);
        Ok(())
    }
}

/// Parses the settings of the client; shows a warning and returns `None` if they are invalid.
pub(super) fn parse_options(settings: &Value, sender: &ClientSender) -> Option<Options> {
    Options::parse(settings)
        .map_err(|error| sender.show_message(MessageType::WARNING, error))
        .ok()
}

/// Parses a request about a document; `None` if the server does not support its method.
fn parse_request(
    method: &str,
    params: Value,
) -> Option<Result<(TextDocumentIdentifier, RequestKind), String>> {
    Some(match method {
        request::DocumentDiagnosticRequest::METHOD => {
            parse_params(params).map(|params: DocumentDiagnosticParams| {
                let kind = RequestKind::Diagnostics(params.previous_result_id);
                (params.text_document, kind)
            })
        }
        request::CodeActionRequest::METHOD => {
            parse_params(params).map(|params: CodeActionParams| {
                let kind = RequestKind::CodeActions(params.range, params.context.only);
                (params.text_document, kind)
            })
        }
        request::HoverRequest::METHOD => parse_params(params).map(|params: HoverParams| {
            let params = params.text_document_position_params;
            (params.text_document, RequestKind::Hover(params.position))
        }),
        request::Completion::METHOD => parse_params(params).map(|params: CompletionParams| {
            let params = params.text_document_position;
            (
                params.text_document,
                RequestKind::Completion(params.position),
            )
        }),
        request::DocumentSymbolRequest::METHOD => {
            parse_params(params).map(|params: DocumentSymbolParams| {
                (params.text_document, RequestKind::DocumentSymbols)
            })
        }
        _ => return None,
    })
}

/// Deserializes the parameters of a message.
fn parse_params<P: DeserializeOwned>(params: Value) -> Result<P, String> {
    serde_json::from_value(params).map_err(|error| error.to_string())
}
