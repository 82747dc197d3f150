//! What there is to say of an open text: what the command line says of the file.

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

/// What an open text is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DocumentKind {
    /// One document.
    Document,
    /// A record on each line.
    Lines,
    /// Settings.
    Settings,
}

impl DocumentKind {
    /// What the name of a file says it holds.
    pub(super) fn at(path: Option<&Path>) -> Self {
        match path {
            Some(path) if path.file_name().is_some_and(|name| name == FILE_NAME) => {
                DocumentKind::Settings
            }
            Some(path) if has_suffix_of_lines(path) => DocumentKind::Lines,
            _ => DocumentKind::Document,
        }
    }
}

/// A text and how it is judged.
pub(super) struct DocumentChecker<'a> {
    ground: &'a FolderEngine,
    /// The text's path from the configuration's folder.
    file: String,
    pub(super) holds: DocumentKind,
}

impl<'a> DocumentChecker<'a> {
    pub(super) fn new(ground: &'a FolderEngine, path: Option<&'a Path>) -> Self {
        Self {
            ground,
            file: ground.path_of(path),
            holds: DocumentKind::at(path),
        }
    }

    /// What the configuration says that the text holds.
    pub(super) fn stated(&self) -> Stated {
        self.engine().config().told_of(&self.file).stated
    }

    fn engine(&self) -> &Engine {
        &self.ground.engine
    }

    /// What there is to say of a text. Nothing, if it holds no payload of ours and nobody said that it
    /// does: an editor is full of other files.
    pub(super) fn judge(&self, text: &str) -> Verdict {
        if text.len() > SIZE_LIMIT {
            return Verdict::default();
        }
        let mut verdict = match self.holds {
            DocumentKind::Settings => {
                let today = self.engine().config().context.today;
                return Verdict {
                    findings: config::read(text, today).findings,
                    ..Verdict::default()
                };
            }
            DocumentKind::Document => self.judge_document(text),
            DocumentKind::Lines => {
                let mut verdict = Verdict::default();
                let mut start = 0;
                let lines = text.split_inclusive('\n');
                for line in lines.take_while(|_| !self.engine().is_stopped()) {
                    if !line.trim_ascii().is_empty() {
                        verdict.append(self.judge_document(line), start);
                    }
                    start += line.len() as u32;
                }
                verdict
            }
        };
        let is_known = verdict.records.iter().any(|record| record.kind.is_some());
        if !is_known && verdict.used_payloads.is_empty() {
            return Verdict::default();
        }
        if verdict.records.len() > 1 {
            let mut relations = Relations::default();
            self.engine()
                .relate(&mut relations, &mut verdict, text, &self.file);
        }
        verdict
    }

    fn judge_document(&self, text: &str) -> Verdict {
        match unless_it_fails(|| Document::parse(text)) {
            Some(document) => self
                .engine()
                .check_file(&document, &self.file, Extent::Whole),
            None => failed_verdict(text),
        }
    }

    /// What all safe fixes make of a text of which this is the verdict; `None` if there are none.
    pub(super) fn mend(&self, text: &str, verdict: &Verdict) -> Option<Mended> {
        fix::mend(text, verdict, Safety::Safe, ROUNDS, |text| self.judge(text))
    }
}
