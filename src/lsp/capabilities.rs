//! The capabilities that the client announces in `initialize`, and those that the server answers with.

use std::path::PathBuf;

use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions,
    DiagnosticOptions, DiagnosticServerCapabilities, HoverProviderCapability, MarkupKind, OneOf,
    PositionEncodingKind, SaveOptions, ServerCapabilities, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
    WorkDoneProgressOptions,
};
use serde_json::Value;

use super::position::Encoding;
use super::uri;

/// The kind of the code action that applies all safe fixes.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.countersign");

/// The capabilities of the client. A capability that is missing, or has an unexpected type, counts as not
/// supported.
#[derive(Clone, Debug, Default)]
pub(super) struct ClientCapabilities {
    /// The first position encoding of the client's list that the server supports.
    pub(super) encoding: Encoding,
    /// Whether the client pulls diagnostics; otherwise the server publishes them.
    pub(super) pull_diagnostics: bool,
    /// Whether the server may ask the client to pull the diagnostics again.
    pub(super) diagnostic_refresh: bool,
    pub(super) related_information: bool,
    pub(super) diagnostic_tags: bool,
    pub(super) code_description: bool,
    /// Whether edits may name the version of the document that they apply to.
    pub(super) versioned_edits: bool,
    /// Whether edits may create files.
    pub(super) create_files: bool,
    pub(super) snippets: bool,
    /// The preferred format of a completion item's documentation; `None` is a plain string.
    pub(super) completion_documentation: Option<MarkupKind>,
    pub(super) nested_symbols: bool,
    pub(super) hover_markdown: bool,
    /// Whether the server may send `workspace/configuration` requests.
    pub(super) configuration: bool,
    /// Whether the server may register file watchers.
    pub(super) file_watchers: bool,
    /// The folder of the workspace, if there is one.
    pub(super) root: Option<PathBuf>,
}

impl ClientCapabilities {
    /// Parses the parameters of `initialize`.
    pub(super) fn parse(params: &Value) -> Self {
        let capabilities = &params["capabilities"];
        let at = |pointer: &str| capabilities.pointer(pointer);
        let is_true = |pointer: &str| at(pointer) == Some(&Value::Bool(true));
        let is_object = |pointer: &str| at(pointer).is_some_and(Value::is_object);
        let first_string = |pointer: &str| at(pointer)?.as_array()?.first()?.as_str();
        let encodings = at("/general/positionEncodings").and_then(Value::as_array);
        let encoding = encodings.into_iter().flatten().find_map(|name| {
            Encoding::from_kind(&PositionEncodingKind::from(name.as_str()?.to_owned()))
        });
        let folder = params.pointer("/workspaceFolders/0/uri");
        let root = folder.filter(|uri| uri.is_string());
        let root = root.unwrap_or(&params["rootUri"]);
        Self {
            encoding: encoding.unwrap_or_default(),
            pull_diagnostics: is_object("/textDocument/diagnostic"),
            // Some clients use the singular.
            diagnostic_refresh: is_true("/workspace/diagnostics/refreshSupport")
                || is_true("/workspace/diagnostic/refreshSupport"),
            related_information: is_true("/textDocument/publishDiagnostics/relatedInformation")
                || is_true("/textDocument/diagnostic/relatedInformation"),
            diagnostic_tags: is_object("/textDocument/publishDiagnostics/tagSupport")
                || is_object("/textDocument/diagnostic/tagSupport"),
            code_description: is_true("/textDocument/publishDiagnostics/codeDescriptionSupport")
                || is_true("/textDocument/diagnostic/codeDescriptionSupport"),
            versioned_edits: is_true("/workspace/workspaceEdit/documentChanges"),
            create_files: is_true("/workspace/workspaceEdit/documentChanges")
                && at("/workspace/workspaceEdit/resourceOperations")
                    .and_then(Value::as_array)
                    .is_some_and(|operations| operations.iter().any(|one| one == "create")),
            snippets: is_true("/textDocument/completion/completionItem/snippetSupport"),
            completion_documentation: at(
                "/textDocument/completion/completionItem/documentationFormat",
            )
            .and_then(|kinds| serde_json::from_value(kinds.get(0)?.clone()).ok()),
            nested_symbols: is_true(
                "/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport",
            ),
            hover_markdown: first_string("/textDocument/hover/contentFormat") == Some("markdown"),
            configuration: is_true("/workspace/configuration"),
            file_watchers: is_true("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            root: serde_json::from_value(root.clone())
                .ok()
                .and_then(|uri| uri::file_path(&uri)),
        }
    }
}

/// Returns the capabilities of the server for a client.
pub(super) fn server_capabilities(client: &ClientCapabilities) -> ServerCapabilities {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
            include_text: Some(false),
        })),
        ..TextDocumentSyncOptions::default()
    };
    let diagnostics = DiagnosticServerCapabilities::Options(DiagnosticOptions {
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
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, FIX_ALL]),
            work_done_progress_options: WorkDoneProgressOptions::default(),
            resolve_provider: None,
        })),
        diagnostic_provider: client.pull_diagnostics.then_some(diagnostics),
        ..ServerCapabilities::default()
    }
}
