//! The shell for files: finds payloads, reads them, and hands each to the engine and the reporters.

pub mod settings;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::document::{Document, SIZE_LIMIT};
use crate::engine::{Engine, Verdict};
use crate::finding::Finding;
use crate::json::Tape;
use crate::output::{Report, Reporter, Summary};
use crate::span::LineIndex;
use settings::{Settings, Usage};

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
            Input::File(path) => {
                let path = path.strip_prefix(".").unwrap_or(path);
                path.to_string_lossy().into_owned()
            }
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
    let is_payload = |file: &Result<PathBuf, Trouble>| {
        file.as_ref().map_or(true, |path| has_payload_suffix(path))
    };
    let files = files_below(path).filter(is_payload);
    let mut inputs: Vec<Result<Input, Trouble>> = files.map(|file| file.map(Input::File)).collect();
    if inputs.is_empty() {
        let remedy = "name the files themselves, or another folder";
        inputs.push(Err(Trouble(format!(
            "{}: no payloads (*.json) in this folder; {remedy}",
            path.display()
        ))));
    }
    inputs
}

/// The files in a folder and below it in order of their names, but for hidden ones.
fn files_below(folder: &Path) -> impl Iterator<Item = Result<PathBuf, Trouble>> {
    let is_shown = |entry: &DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let walk = WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_shown);
    walk.filter_map(move |entry| match entry {
        Ok(entry) => {
            let is_file = entry.file_type().is_file();
            is_file.then(|| Ok(entry.into_path()))
        }
        Err(error) => {
            let place = error.path().unwrap_or(folder).display().to_string();
            let why = error.io_error().map_or_else(|| error.to_string(), reason);
            Some(Err(Trouble(format!("{place}: {why}"))))
        }
    })
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

fn finish(summary: Summary, reporters: &mut [Box<dyn Reporter + '_>]) -> io::Result<Summary> {
    for reporter in reporters {
        reporter.finish(&summary)?;
    }
    Ok(summary)
}

/// What bounds and steers a run.
pub struct Run<'a> {
    /// Judges.
    pub engine: &'a Engine,
    /// The configuration file, if one counts.
    pub settings: Option<&'a Settings>,
    /// Whether everything that the configuration file is about is checked.
    pub is_whole: bool,
    /// How many findings are shown; all are counted.
    pub max_findings: usize,
    /// Hears of what could not be read.
    pub on_trouble: &'a mut dyn FnMut(&Trouble),
}

impl Run<'_> {
    /// Checks every input and reports each as it comes, unless the configuration file is broken: then
    /// that is reported alone, as nothing could be trusted that is judged by it. An input that cannot be read is told and the
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
        let mut usage = Usage::default();
        let mut bytes = Vec::new();
        let mut tape = Tape::default();
        if let Some(settings) = self.settings {
            self.report_settings(settings, settings.findings.clone(), &mut summary, reporters)?;
            if settings.is_broken() {
                return finish(summary, reporters);
            }
        }
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
            let file = self.settings.map(|settings| settings.path_of(input));
            let file = file.unwrap_or_default();
            let verdict = self.engine.check_file(&document, &file);
            usage.note(self.engine.config(), &file, &verdict);
            let name = input.name();
            self.report(&name, document.text(), &verdict, &mut summary, reporters)?;
            tape = document.into_tape();
        }
        if let Some(settings) = self.settings {
            let unused = usage.unused(&settings.config, self.is_whole);
            self.report_settings(settings, unused, &mut summary, reporters)?;
        }
        finish(summary, reporters)
    }

    fn report(
        &self,
        name: &str,
        text: &str,
        verdict: &Verdict,
        summary: &mut Summary,
        reporters: &mut [Box<dyn Reporter + '_>],
    ) -> io::Result<()> {
        let lines = LineIndex::new(text);
        let shown = self
            .max_findings
            .saturating_sub(summary.total() - summary.hidden);
        let report = Report {
            file: name,
            lines: &lines,
            verdict,
            shown,
        };
        for reporter in reporters.iter_mut() {
            reporter.report(&report)?;
        }
        summary.add(&report);
        Ok(())
    }

    /// Reports what is wrong with the configuration file, if something is.
    fn report_settings(
        &self,
        settings: &Settings,
        findings: Vec<Finding>,
        summary: &mut Summary,
        reporters: &mut [Box<dyn Reporter + '_>],
    ) -> io::Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        let verdict = Verdict {
            records: Vec::new(),
            findings,
            used_ignores: Vec::new(),
            used_payloads: Vec::new(),
        };
        self.report(&settings.name, &settings.text, &verdict, summary, reporters)
    }
}
