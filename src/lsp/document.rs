//! The check of an open document, with the same findings as the command line reports for the file.

use std::path::Path;

use super::engine_cache::FolderEngine;
use crate::config;
use crate::config_file::CONFIG_FILE_NAME;
use crate::document::{Document, Evidence, SIZE_LIMIT, TextPlace};
use crate::engine::{Engine, Outcome, catch_panic, panicked_outcome};
use crate::finding::Safety;
use crate::fix::{self, FixResult, MAX_ROUNDS};
use crate::json::Tape;
use crate::path::has_line_suffix;
use crate::payload::{Declared, DocumentPart};
use crate::registry::Registry;
use crate::rules::export::cross_record::CrossRecordState;

/// The kind of content of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DocumentKind {
    /// One JSON document.
    Json,
    /// JSON Lines: a record on each line.
    JsonLines,
    /// A configuration file.
    Config,
}

impl DocumentKind {
    /// Returns the kind by the name of the file.
    pub(super) fn from_path(path: Option<&Path>) -> Self {
        match path {
            Some(path)
                if path
                    .file_name()
                    .is_some_and(|name| name == CONFIG_FILE_NAME) =>
            {
                DocumentKind::Config
            }
            Some(path) if has_line_suffix(path) => DocumentKind::JsonLines,
            _ => DocumentKind::Json,
        }
    }
}

/// Checks the text of a document with the engine of its folder.
pub(super) struct DocumentChecker<'a> {
    folder: &'a FolderEngine,
    /// The path of the document, relative to the folder of the configuration file.
    file: String,
    pub(super) kind: DocumentKind,
}

impl<'a> DocumentChecker<'a> {
    pub(super) fn new(folder: &'a FolderEngine, path: Option<&'a Path>) -> Self {
        Self {
            folder,
            file: folder.relative_path(path),
            kind: DocumentKind::from_path(path),
        }
    }

    /// Returns what the configuration declares about the content of the document.
    pub(super) fn declared(&self) -> Declared {
        self.engine().config().for_file(&self.file).declared
    }

    /// The kinds and rules.
    pub(super) fn registry(&self) -> &Registry {
        self.engine().registry()
    }

    fn engine(&self) -> &Engine {
        &self.folder.engine
    }

    /// Checks a text. The outcome is empty if no payload is detected and none is declared, because most
    /// files in an editor are not payloads.
    pub(super) fn check(&self, text: &str) -> Outcome {
        self.check_with(text, &Evidence::default())
    }

    /// Checks a text with evidence from before fixes were applied to it.
    fn check_with(&self, text: &str, evidence: &Evidence) -> Outcome {
        if text.len() > SIZE_LIMIT {
            return Outcome::default();
        }
        let mut outcome = match self.kind {
            DocumentKind::Config => return self.check_config(text),
            DocumentKind::Json => self.check_json(text, TextPlace::FileStart, evidence),
            DocumentKind::JsonLines => self.check_lines(text),
        };
        let is_known = outcome.has_payload();
        if !is_known && outcome.used_payloads.is_empty() {
            return Outcome::default();
        }
        if outcome.records.len() > 1 {
            let mut relations = CrossRecordState::with_capacity(outcome.facts.len());
            self.engine()
                .check_cross_record(&mut relations, &mut outcome, text, &self.file);
        }
        outcome
    }

    /// Checks the text of one record by itself, with evidence of its form.
    pub(super) fn check_record(&self, text: &str, evidence: &Evidence) -> Outcome {
        self.check_json(text, TextPlace::Later, evidence)
    }

    fn check_config(&self, text: &str) -> Outcome {
        let today = self.engine().config().context.today;
        Outcome {
            findings: config::read(text, today, self.registry()).findings,
            ..Outcome::default()
        }
    }

    fn check_json(&self, text: &str, place: TextPlace, evidence: &Evidence) -> Outcome {
        let parse = || Document::parse_bytes_at(text.as_bytes(), place, Tape::default());
        match catch_panic(|| parse().with_evidence(evidence)) {
            Some(document) => self
                .engine()
                .check_file(&document, &self.file, DocumentPart::Whole),
            None => panicked_outcome(text),
        }
    }

    fn check_lines(&self, text: &str) -> Outcome {
        let mut outcome = Outcome::default();
        let mut start = 0;
        let lines = text.split_inclusive('\n');
        for line in lines.take_while(|_| !self.engine().is_cancelled()) {
            if !line.trim_ascii().is_empty() {
                let place = match start {
                    0 => TextPlace::FileStart,
                    _ => TextPlace::Later,
                };
                outcome.append(self.check_json(line, place, &Evidence::default()), start);
            }
            start += line.len() as u32;
        }
        outcome
    }

    /// Applies all safe fixes to a text with the given outcome; `None` if there are none.
    pub(super) fn fix_all(&self, text: &str, outcome: &Outcome) -> Option<FixResult> {
        let evidence = outcome.evidence.clone().unwrap_or_default();
        fix::apply_fixes(text, outcome, Safety::Safe, MAX_ROUNDS, |text| {
            self.check_with(text, &evidence)
        })
    }
}
