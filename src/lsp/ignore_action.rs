//! The quick fix that ignores a finding: it adds an entry to the nearest configuration file, or creates the file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp_types::{
    CreateFile, CreateFileOptions, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, Range, ResourceOp, TextDocumentEdit, TextEdit, Uri,
    WorkspaceEdit,
};

use super::capabilities::ClientCapabilities;
use super::document::DocumentChecker;
use super::engine_cache::FolderEngine;
use super::options::{ConfigPath, Options};
use super::position::PositionMapper;
use super::scheduler::Scheduler;
use crate::config;
use crate::config_file::CONFIG_FILE_NAME;
use crate::engine::{Outcome, RecordSummary};
use crate::finding::Finding;
use crate::json::quote;
use crate::output::file_uri;
use crate::path::ReportRoot;

/// The reason of a new entry, which the user replaces.
const REASON: &str = "TODO: why this is accepted";

/// The configuration file to which entries are added.
pub(super) struct IgnoreTarget {
    uri: Uri,
    /// The text of the file as the user sees it; `None` if it does not exist.
    text: Option<Arc<String>>,
    /// The version of the file, if it is open.
    version: Option<i32>,
    /// The path of the document from the file's folder, with `/` as separator. Empty if the document is not a file.
    document: String,
}

impl IgnoreTarget {
    /// Finds the file that applies to a document, or the place for a new one: the root of the repository. `None` if the
    /// file cannot be read, none applies by choice of the user, or the client cannot create files.
    pub(super) fn find(
        folder: &FolderEngine,
        path: Option<&Path>,
        options: &Options,
        scheduler: &Scheduler,
    ) -> Option<Self> {
        if folder.config_error.is_some() || options.config == ConfigPath::None {
            return None;
        }
        if let Some(config) = &folder.config {
            let uri = uri_of(&config.path)?;
            let open = scheduler.text_of(&uri);
            let (text, version) = match open {
                Some((text, version)) => (text, Some(version)),
                None => (Arc::new(config.text.clone()), None),
            };
            return Some(Self {
                uri,
                text: Some(text),
                version,
                document: folder.relative_path(path),
            });
        }
        let client = &scheduler.client;
        let path = path.filter(|_| client.create_files && options.config == ConfigPath::Nearest)?;
        let root = new_config_folder(path, client.root.as_deref())?;
        let document = path.strip_prefix(&root).ok()?;
        Some(Self {
            uri: uri_of(&root.join(CONFIG_FILE_NAME))?,
            text: None,
            version: None,
            document: document.to_string_lossy().replace('\\', "/"),
        })
    }

    /// Returns the edit that adds an entry for a finding; `None` if the file would not be valid with it.
    pub(super) fn edit(
        &self,
        checker: &DocumentChecker<'_>,
        outcome: &Outcome,
        finding: &Finding,
        client: &ClientCapabilities,
    ) -> Option<WorkspaceEdit> {
        let record = record_of(outcome, finding);
        let key = record.and_then(|record| record.key.as_deref());
        let entry = self.entry(finding, key.filter(|_| outcome.records.len() > 1));
        let old = self.text.as_deref().map_or("", String::as_str);
        let separator = match old {
            "" => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        let mut inserted = format!("{separator}{entry}");
        if old.contains("\r\n") {
            inserted = inserted.replace('\n', "\r\n");
        }
        let parsed = config::read(&format!("{old}{inserted}"), None, checker.registry());
        let added = parsed.config.ignores.last()?;
        if added.reason != REASON || !added.covers(finding, &self.document, key) {
            return None;
        }
        let mapper = PositionMapper::new(old, client.encoding);
        let end = mapper.position(old.len() as u32);
        Some(self.workspace_edit(TextEdit::new(Range::new(end, end), inserted), client))
    }

    /// Returns the entry for a finding in a record with this key, or in the only record of its document.
    fn entry(&self, finding: &Finding, key: Option<&str>) -> String {
        let mut entry = format!("[[ignore]]\nrule = {}\n", quote(finding.rule));
        let mut add = |name: &str, value: &str| {
            entry += &format!("{name} = {}\n", quote(value));
        };
        if !self.document.is_empty() {
            add("files", &escape_glob(&self.document));
        }
        match key {
            // The index of a record in its list changes when other records are added.
            Some(key) => add("record", key),
            None if !finding.pointer.is_empty() => add("pointer", &finding.pointer),
            None => {}
        }
        add("reason", REASON);
        entry
    }

    fn workspace_edit(&self, edit: TextEdit, client: &ClientCapabilities) -> WorkspaceEdit {
        let uri = self.uri.clone();
        if self.text.is_some() && !client.versioned_edits {
            return WorkspaceEdit::new([(uri, vec![edit])].into());
        }
        let created = self.text.is_none().then(|| {
            DocumentChangeOperation::Op(ResourceOp::Create(CreateFile {
                uri: uri.clone(),
                options: Some(CreateFileOptions {
                    overwrite: None,
                    ignore_if_exists: Some(true),
                }),
                annotation_id: None,
            }))
        });
        let edited = DocumentChangeOperation::Edit(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                uri,
                version: self.version,
            },
            edits: vec![OneOf::Left(edit)],
        });
        let operations = created.into_iter().chain([edited]).collect();
        WorkspaceEdit {
            document_changes: Some(DocumentChanges::Operations(operations)),
            ..WorkspaceEdit::default()
        }
    }
}

/// The record in which a finding is.
fn record_of<'o>(outcome: &'o Outcome, finding: &Finding) -> Option<&'o RecordSummary> {
    let mut records = outcome.records.iter();
    records.find(|record| record.span.contains(finding.span))
}

fn uri_of(path: &Path) -> Option<Uri> {
    file_uri(&path.to_string_lossy()).0.parse().ok()
}

/// The folder of a new configuration file for a document: the root of its repository, else the folder of the workspace,
/// else the folder of the document.
fn new_config_folder(path: &Path, workspace: Option<&Path>) -> Option<PathBuf> {
    let folder = path.parent()?;
    let root = ReportRoot::find(folder);
    let repository = Some(root.as_path()).filter(|root| root.join(".git").exists());
    let workspace = workspace.filter(|workspace| path.starts_with(workspace));
    Some(repository.or(workspace).unwrap_or(folder).to_owned())
}

/// Returns a glob that matches exactly this path.
fn escape_glob(path: &str) -> String {
    let mut glob = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '*' | '?' | '[' | ']' | '{' | '}' => glob.extend(['[', c, ']']),
            _ => glob.push(c),
        }
    }
    glob
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Pattern;

    #[test]
    fn an_escaped_path_matches_itself_only() {
        for (path, other) in [
            ("orders/[new] {1}*.json", "orders/n 1x.json"),
            ("what?.json", "whats.json"),
        ] {
            let pattern = Pattern::new(&escape_glob(path)).expect("a glob");
            assert!(pattern.matches(path) && !pattern.matches(other), "{path}");
        }
    }
}
