//! What the client can do, and what the person behind it wants.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use lsp_types::{MarkupKind, PositionEncodingKind, Uri};
use serde::Deserialize;
use serde_json::Value;

use super::position::Encoding;
use crate::rule::Operation;

/// What the client said at the start that it can do. Read with forgiveness: what is not there, or not
/// as this version of the protocol has it, it cannot do.
#[derive(Clone, Debug, Default)]
pub(super) struct ClientCapabilities {
    pub(super) encoding: Encoding,
    /// Whether it asks for diagnostics; else they are sent to it.
    pub(super) pulls: bool,
    /// Whether it can be told to ask for diagnostics again.
    pub(super) refreshes: bool,
    pub(super) takes_related: bool,
    pub(super) takes_tags: bool,
    pub(super) takes_links: bool,
    /// Whether edits may name the version of the text that they are for.
    pub(super) takes_versioned_edits: bool,
    pub(super) takes_snippets: bool,
    /// In what form it takes the words on what is completed; a plain text if it says nothing.
    pub(super) words_of_completion: Option<MarkupKind>,
    pub(super) takes_nested_symbols: bool,
    pub(super) takes_markdown: bool,
    /// Whether it can be asked for settings.
    pub(super) has_settings: bool,
    /// Whether it watches files for others.
    pub(super) watches_files: bool,
    /// The folder that is worked in, where there is one.
    pub(super) root: Option<PathBuf>,
}

impl ClientCapabilities {
    /// Reads the parameters of `initialize`.
    pub(super) fn of(params: &Value) -> Self {
        let capabilities = &params["capabilities"];
        let at = |pointer: &str| capabilities.pointer(pointer);
        let can = |pointer: &str| at(pointer) == Some(&Value::Bool(true));
        let has = |pointer: &str| at(pointer).is_some_and(Value::is_object);
        let first_of = |pointer: &str| at(pointer)?.as_array()?.first()?.as_str();
        let encodings = at("/general/positionEncodings").and_then(Value::as_array);
        let encoding = encodings
            .into_iter()
            .flatten()
            .find_map(|name| Encoding::of(&PositionEncodingKind::from(name.as_str()?.to_owned())));
        let folder = params.pointer("/workspaceFolders/0/uri");
        let root = folder.filter(|uri| uri.is_string());
        let root = root.unwrap_or(&params["rootUri"]);
        Self {
            encoding: encoding.unwrap_or_default(),
            pulls: has("/textDocument/diagnostic"),
            refreshes: can("/workspace/diagnostics/refreshSupport")
                || can("/workspace/diagnostic/refreshSupport"),
            takes_related: can("/textDocument/publishDiagnostics/relatedInformation")
                || can("/textDocument/diagnostic/relatedInformation"),
            takes_tags: has("/textDocument/publishDiagnostics/tagSupport")
                || has("/textDocument/diagnostic/tagSupport"),
            takes_links: can("/textDocument/publishDiagnostics/codeDescriptionSupport")
                || can("/textDocument/diagnostic/codeDescriptionSupport"),
            takes_versioned_edits: can("/workspace/workspaceEdit/documentChanges"),
            takes_snippets: can("/textDocument/completion/completionItem/snippetSupport"),
            words_of_completion: at("/textDocument/completion/completionItem/documentationFormat")
                .and_then(|kinds| serde_json::from_value(kinds.get(0)?.clone()).ok()),
            takes_nested_symbols: can(
                "/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport",
            ),
            takes_markdown: first_of("/textDocument/hover/contentFormat") == Some("markdown"),
            has_settings: can("/workspace/configuration"),
            watches_files: can("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            root: serde_json::from_value(root.clone())
                .ok()
                .and_then(|uri| path_of(&uri)),
        }
    }
}

/// What the person wants, in the client's own settings. Each is optional.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RawOptions {
    today: Option<String>,
    config: Option<String>,
    partner_domains: Option<Vec<String>>,
    operation: Option<String>,
    max_findings: Option<usize>,
}

/// What the person wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// Which day counts as today.
    pub(super) today: Today,
    /// Where the configuration is.
    pub(super) config: ConfigPath,
    /// The partner's mail domains, instead of the configuration's.
    pub(super) partner_domains: Option<Vec<String>>,
    /// What certificates are about to be used for, instead of what the configuration says.
    pub(super) operation: Option<Operation>,
    /// How many findings of a text are shown.
    pub(super) max_findings: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Today {
    /// The day that the system has.
    System,
    /// Dates of the future are left alone.
    Unset,
    Day(Date),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ConfigPath {
    /// The nearest file upward of what is judged.
    Nearest,
    None,
    File(PathBuf),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            today: Today::System,
            config: ConfigPath::Nearest,
            partner_domains: None,
            operation: None,
            max_findings: 500,
        }
    }
}

impl Options {
    /// Reads the client's settings; `null` are none.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub(super) fn read(settings: &Value) -> Result<Self, String> {
        let written: Option<RawOptions> = serde_json::from_value(settings.clone())
            .map_err(|error| format!("the settings of countersign are not understood: {error}"))?;
        let written = written.unwrap_or_default();
        let word = |word: Option<String>| word.filter(|word| !word.is_empty());
        let defaults = Self::default();
        let today = match word(written.today).as_deref() {
            None => Today::System,
            Some("none") => Today::Unset,
            Some(day) => Today::Day(day.parse().map_err(|_| {
                format!("`{day}` of countersign.today is neither a day as YYYY-MM-DD nor none")
            })?),
        };
        let operation = word(written.operation).map(|word| {
            word.parse().map_err(|()| {
                format!("`{word}` of countersign.operation is neither create nor re-enroll")
            })
        });
        let domains = written
            .partner_domains
            .filter(|domains| !domains.is_empty());
        Ok(Self {
            today,
            config: match word(written.config).as_deref() {
                None => ConfigPath::Nearest,
                Some("none") => ConfigPath::None,
                Some(path) => ConfigPath::File(path.into()),
            },
            partner_domains: domains.map(|domains| {
                let plain = |domain: &String| domain.trim_start_matches('@').to_lowercase();
                domains.iter().map(plain).collect()
            }),
            operation: operation.transpose()?,
            max_findings: written.max_findings.unwrap_or(defaults.max_findings),
        })
    }
}

/// The path of a file, if it is one.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let is_file = uri.scheme()?.eq_lowercase("file");
    let bytes = uri.path().as_estr().decode().into_bytes();
    let path = std::str::from_utf8(&bytes).ok().filter(|_| is_file)?;
    // file:///C:/order.json
    let behind = path.strip_prefix('/').unwrap_or(path);
    let has_drive = behind.as_bytes().get(1) == Some(&b':');
    Some(Path::new(if has_drive { behind } else { path }).to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn uris_become_paths() {
        for (uri, path) in [
            ("file:///x/a%20b/%C3%BC.json", Some("/x/a b/ü.json")),
            ("file:///C:/x/y.json", Some("C:/x/y.json")),
            ("FILE:///c%3A/x.json", Some("c:/x.json")),
            ("untitled:Untitled-1", None),
            ("file:///x/%FF.json", None),
        ] {
            let uri = uri.parse().expect(uri);
            assert_eq!(path_of(&uri), path.map(PathBuf::from));
        }
    }

    #[test]
    fn settings_are_read_or_told() {
        assert_eq!(Options::read(&Value::Null), Ok(Options::default()));
        let read = Options::read(&json!({
            "today": "2026-02-03", "config": "none", "partnerDomains": ["@Fabrikam.com"],
            "operation": "re-enroll", "maxFindings": 7, "path": "countersign", "trace": {},
        }));
        let expected = Options {
            today: Today::Day(jiff::civil::date(2026, 2, 3)),
            config: ConfigPath::None,
            partner_domains: Some(vec!["fabrikam.com".into()]),
            operation: Some(Operation::ReEnroll),
            max_findings: 7,
        };
        assert_eq!(read, Ok(expected));
        let empty = json!({"today": null, "config": "", "partnerDomains": [], "operation": ""});
        assert_eq!(Options::read(&empty), Ok(Options::default()));
        for (settings, words) in [
            (json!({"today": "tomorrow"}), "YYYY-MM-DD"),
            (json!({"operation": "renew"}), "re-enroll"),
            (json!({"maxFindings": -1}), "not understood"),
        ] {
            let told = Options::read(&settings).expect_err("wrong");
            assert!(told.contains(words), "{told}");
        }
    }
}
