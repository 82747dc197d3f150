//! The check of an open document, with the same findings as the command line reports for the file.

use std::path::Path;

use super::engine_cache::FolderEngine;
use crate::config;
use crate::document::{Document, SIZE_LIMIT};
use crate::engine::{Engine, Verdict, failed_verdict, unless_it_fails};
use crate::files::has_suffix_of_lines;
use crate::finding::Safety;
use crate::fix::{self, Mended, ROUNDS};
use crate::payload::{Extent, Stated};
use crate::rules::export::relations::Relations;
use crate::settings::FILE_NAME;

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
            Some(path) if path.file_name().is_some_and(|name| name == FILE_NAME) => {
                DocumentKind::Config
            }
            Some(path) if has_suffix_of_lines(path) => DocumentKind::JsonLines,
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
    pub(super) fn declared(&self) -> Stated {
        self.engine().config().told_of(&self.file).stated
    }

    fn engine(&self) -> &Engine {
        &self.folder.engine
    }

    /// Checks a text. The outcome is empty if no payload is detected and none is declared, because most
    /// files in an editor are not payloads.
    pub(super) fn check(&self, text: &str) -> Verdict {
        if text.len() > SIZE_LIMIT {
            return Verdict::default();
        }
        let mut outcome = match self.kind {
            DocumentKind::Config => return self.check_config(text),
            DocumentKind::Json => self.check_json(text),
            DocumentKind::JsonLines => self.check_lines(text),
        };
        let is_known = outcome.records.iter().any(|record| record.kind.is_some());
        if !is_known && outcome.used_payloads.is_empty() {
            return Verdict::default();
        }
        if outcome.records.len() > 1 {
            let mut relations = Relations::default();
            self.engine()
                .relate(&mut relations, &mut outcome, text, &self.file);
        }
        outcome
    }

    fn check_config(&self, text: &str) -> Verdict {
        let today = self.engine().config().context.today;
        Verdict {
            findings: config::read(text, today).findings,
            ..Verdict::default()
        }
    }

    fn check_json(&self, text: &str) -> Verdict {
        match unless_it_fails(|| Document::parse(text)) {
            Some(document) => self
                .engine()
                .check_file(&document, &self.file, Extent::Whole),
            None => failed_verdict(text),
        }
    }

    fn check_lines(&self, text: &str) -> Verdict {
        let mut outcome = Verdict::default();
        let mut start = 0;
        let lines = text.split_inclusive('\n');
        for line in lines.take_while(|_| !self.engine().is_stopped()) {
            if !line.trim_ascii().is_empty() {
                outcome.append(self.check_json(line), start);
            }
            start += line.len() as u32;
        }
        outcome
    }

    /// Applies all safe fixes to a text with the given outcome; `None` if there are none.
    pub(super) fn fix_all(&self, text: &str, outcome: &Verdict) -> Option<Mended> {
        fix::mend(text, outcome, Safety::Safe, ROUNDS, |text| self.check(text))
    }
}
