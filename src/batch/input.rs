//! What is to be checked: standard input, files, and the payloads in folders.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::changes::Staged;
use crate::config_file::LoadedConfig;
use crate::path::{InputError, has_line_suffix, has_suffix, io_error_message};

/// What stands for standard input among paths.
pub const STANDARD_INPUT: &str = "-";

/// Suffixes of files that are taken for payloads in a folder.
const SUFFIXES: [&str; 3] = ["json", "ndjson", "jsonl"];

/// Something that was to be checked.
#[derive(Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Standard,
    /// A file that somebody named.
    File(PathBuf),
    /// A file that was met in a folder.
    Found(PathBuf),
    /// A file as git's index has it.
    Staged(Staged),
}

impl Input {
    /// The input as reports name it.
    pub fn name(&self) -> String {
        match self {
            Input::Standard => "<stdin>".into(),
            Input::File(path) | Input::Found(path) | Input::Staged(Staged { path, .. }) => {
                let path = path.strip_prefix(".").unwrap_or(path);
                path.to_string_lossy().into_owned()
            }
        }
    }

    /// Its path from the configuration's folder; empty for standard input.
    pub(super) fn path_from(&self, settings: &LoadedConfig) -> String {
        match self {
            Input::Standard => String::new(),
            Input::File(path) | Input::Found(path) | Input::Staged(Staged { path, .. }) => {
                settings.relative_path(path)
            }
        }
    }

    /// Whether its name says that each of its lines is a record.
    pub(super) fn has_line_suffix(&self) -> bool {
        match self {
            Input::Standard => false,
            Input::File(path) | Input::Found(path) | Input::Staged(Staged { path, .. }) => {
                has_line_suffix(path)
            }
        }
    }
}

/// The payloads at a path: the file itself, whatever its suffix, or the payloads in a folder, in
/// order of their names.
pub fn inputs_at(path: &Path) -> Vec<Result<Input, InputError>> {
    if path.as_os_str() == STANDARD_INPUT {
        return vec![Ok(Input::Standard)];
    }
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => {
            return vec![Err(InputError(format!(
                "{}: {}",
                path.display(),
                io_error_message(&error)
            )))];
        }
    };
    if metadata.is_file() {
        return vec![Ok(Input::File(path.to_owned()))];
    }
    if !metadata.is_dir() {
        let remedy = format!("countersign check - < {}", path.display());
        return vec![Err(InputError(format!(
            "{}: not a file; to read it as a stream: {remedy}",
            path.display()
        )))];
    }
    let is_payload = |file: &Result<PathBuf, InputError>| {
        file.as_ref().map_or(true, |path| has_payload_suffix(path))
    };
    let files = files_below(path).filter(is_payload);
    let mut inputs: Vec<Result<Input, InputError>> =
        files.map(|file| file.map(Input::Found)).collect();
    if inputs.is_empty() {
        let remedy = "name the files themselves, or another folder";
        inputs.push(Err(InputError(format!(
            "{}: no payloads (*.json, *.ndjson, *.jsonl, or these as .gz or .zst) in this folder; {remedy}",
            path.display()
        ))));
    }
    inputs
}

/// The files that the configuration's entries under `payloads` speak of.
pub fn inputs_named(settings: &LoadedConfig) -> Vec<Result<Input, InputError>> {
    let is_named = |file: &Result<PathBuf, InputError>| {
        file.as_ref()
            .map_or(true, |path| settings.matches_payload(path))
    };
    let mut inputs: Vec<Result<Input, InputError>> = files_below(&settings.folder())
        .filter(is_named)
        .map(|file| file.map(Input::File))
        .collect();
    if inputs.is_empty() {
        let remedy = "name the files to check";
        inputs.push(Err(InputError(format!(
            "{}: no file matches an entry under `payloads`; {remedy}",
            settings.name
        ))));
    }
    inputs
}

/// The files in a folder and below it in order of their names, but for hidden ones. A symbolic link is
/// followed if it leads out of the folder: what lies within is met anyway.
pub(super) fn files_below(folder: &Path) -> impl Iterator<Item = Result<PathBuf, InputError>> {
    let root = fs::canonicalize(folder).ok();
    let leads_out = move |link: &DirEntry| {
        let target = fs::canonicalize(link.path()).ok().zip(root.as_ref());
        // A link to nothing is told, if it is to be read.
        target.is_none_or(|(target, root)| !target.starts_with(root) && !root.starts_with(&target))
    };
    let is_shown = move |entry: &DirEntry| {
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        entry.depth() == 0 || !is_hidden && (!entry.path_is_symlink() || leads_out(entry))
    };
    let walk = WalkDir::new(folder)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_shown);
    walk.filter_map(move |entry| match entry {
        Ok(entry) => {
            let is_file = entry.file_type().is_file();
            is_file.then(|| Ok(entry.into_path()))
        }
        // Links that lead back to where they stand are met once.
        Err(error) if error.loop_ancestor().is_some() => None,
        Err(error) => {
            let place = error.path().unwrap_or(folder);
            let is_link_to_nothing =
                fs::symlink_metadata(place).is_ok_and(|link| link.is_symlink());
            let why = error
                .io_error()
                .map_or_else(|| error.to_string(), io_error_message);
            let is_asked = !is_link_to_nothing || has_payload_suffix(place);
            is_asked.then(|| Err(InputError(format!("{}: {why}", place.display()))))
        }
    })
}

pub(super) fn has_payload_suffix(path: &Path) -> bool {
    has_suffix(path, &SUFFIXES)
}
