//! The shell for files: finds payloads, reads them, and hands each to the engine and the reporters.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::document::{Document, SIZE_LIMIT};
use crate::engine::Engine;
use crate::json::Tape;
use crate::output::{Report, Reporter, Summary};
use crate::span::LineIndex;

/// What stands for standard input among paths.
pub const STANDARD_INPUT: &str = "-";

/// Suffixes of files that are taken for payloads in a folder.
const SUFFIXES: [&str; 1] = ["json"];

/// Something that was to be checked.
#[derive(Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Standard,
    /// A file.
    File(PathBuf),
}

impl Input {
    /// The input as reports name it.
    pub fn name(&self) -> String {
        match self {
            Input::Standard => "<stdin>".into(),
            Input::File(path) => path.to_string_lossy().into_owned(),
        }
    }
}

/// Why something could not be checked: a sentence that names it and says what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Trouble(pub String);

/// The payloads at a path: the file itself, whatever its suffix, or the payloads in a folder, in
/// order of their names.
pub fn inputs_at(path: &Path) -> Vec<Result<Input, Trouble>> {
    if path.as_os_str() == STANDARD_INPUT {
        return vec![Ok(Input::Standard)];
    }
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => {
            return vec![Err(Trouble(format!(
                "{}: {}",
                path.display(),
                reason(&error)
            )))];
        }
    };
    if metadata.is_file() {
        return vec![Ok(Input::File(path.to_owned()))];
    }
    if !metadata.is_dir() {
        let remedy = format!("countersign check - < {}", path.display());
        return vec![Err(Trouble(format!(
            "{}: not a file; to read it as a stream: {remedy}",
            path.display()
        )))];
    }
    let is_shown = |entry: &DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let walk = WalkDir::new(path)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_shown);
    let mut inputs: Vec<Result<Input, Trouble>> = walk
        .filter_map(|entry| match entry {
            Ok(entry) => {
                let is_payload = entry.file_type().is_file() && has_payload_suffix(entry.path());
                is_payload.then(|| Ok(Input::File(entry.into_path())))
            }
            Err(error) => {
                let place = error.path().unwrap_or(path).display().to_string();
                let why = error.io_error().map_or_else(|| error.to_string(), reason);
                Some(Err(Trouble(format!("{place}: {why}"))))
            }
        })
        .collect();
    if inputs.is_empty() {
        let remedy = "name the files themselves, or another folder";
        inputs.push(Err(Trouble(format!(
            "{}: no payloads (*.json) in this folder; {remedy}",
            path.display()
        ))));
    }
    inputs
}

fn has_payload_suffix(path: &Path) -> bool {
    path.extension()
        .and_then(|suffix| suffix.to_str())
        .is_some_and(|suffix| {
            SUFFIXES
                .iter()
                .any(|known| suffix.eq_ignore_ascii_case(known))
        })
}

/// An error of the file system in words.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    }
}

fn read(input: &Input, standard_input: &mut dyn Read, bytes: &mut Vec<u8>) -> Result<(), Trouble> {
    bytes.clear();
    let trouble = |error: io::Error| Trouble(format!("{}: {}", input.name(), reason(&error)));
    // One byte more than a document may have tells that there are more.
    let limit = SIZE_LIMIT as u64 + 1;
    match input {
        Input::Standard => standard_input.take(limit).read_to_end(bytes),
        Input::File(path) => File::open(path).and_then(|file| file.take(limit).read_to_end(bytes)),
    }
    .map_err(trouble)?;
    if bytes.len() > SIZE_LIMIT {
        let message = "larger than 4 GiB, which is more than one document may have; split it";
        return Err(Trouble(format!("{}: {message}", input.name())));
    }
    Ok(())
}

/// What bounds and steers a run.
pub struct Run<'a> {
    /// Judges.
    pub engine: &'a Engine,
    /// How many findings are shown; all are counted.
    pub max_findings: usize,
    /// Hears of what could not be read.
    pub on_trouble: &'a mut dyn FnMut(&Trouble),
}

impl Run<'_> {
    /// Checks every input and reports each as it comes. An input that cannot be read is told and the
    /// others are checked all the same.
    ///
    /// # Errors
    /// If a report cannot be written.
    pub fn check(
        &mut self,
        inputs: &[Result<Input, Trouble>],
        standard_input: &mut dyn Read,
        reporters: &mut [Box<dyn Reporter + '_>],
    ) -> io::Result<Summary> {
        let mut summary = Summary::default();
        let mut bytes = Vec::new();
        let mut tape = Tape::default();
        for input in inputs {
            let readable = match input {
                Ok(input) => read(input, standard_input, &mut bytes).map(|()| input),
                Err(trouble) => Err(Trouble(trouble.0.clone())),
            };
            let input = match readable {
                Ok(input) => input,
                Err(trouble) => {
                    (self.on_trouble)(&trouble);
                    summary.unreadable += 1;
                    continue;
                }
            };
            let document = Document::parse_bytes_onto(&bytes, tape);
            let verdict = self.engine.check(&document);
            let lines = LineIndex::new(document.text());
            let name = input.name();
            let shown = self
                .max_findings
                .saturating_sub(summary.total() - summary.hidden);
            let report = Report {
                file: &name,
                lines: &lines,
                verdict: &verdict,
                shown,
            };
            for reporter in reporters.iter_mut() {
                reporter.report(&report)?;
            }
            summary.add(&report);
            tape = document.into_tape();
        }
        for reporter in reporters.iter_mut() {
            reporter.finish(&summary)?;
        }
        Ok(summary)
    }
}
