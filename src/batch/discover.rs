//! Discovery of inputs: the payloads at a path, those that the configuration names, and changed ones.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::git::{self, GitSelection, StagedFile};
use super::input::{Input, STANDARD_INPUT};
use crate::config_file::LoadedConfig;
use crate::path::{InputError, absolute, has_suffix, io_error_message, relative_to_current_dir};

/// Suffixes of files in a folder that are checked.
const PAYLOAD_SUFFIXES: [&str; 3] = ["json", "ndjson", "jsonl"];

/// Returns the inputs at a path: standard input, the file itself whatever its suffix, or the payloads in
/// the folder, sorted by name.
pub fn discover(path: &Path) -> Vec<Result<Input, InputError>> {
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

/// Returns the files that match the configuration's entries under `payloads`.
pub fn configured_inputs(config_file: &LoadedConfig) -> Vec<Result<Input, InputError>> {
    let is_configured = |file: &Result<PathBuf, InputError>| {
        file.as_ref()
            .map_or(true, |path| config_file.matches_payload(path))
    };
    let mut inputs: Vec<Result<Input, InputError>> = files_below(&config_file.folder())
        .filter(is_configured)
        .map(|file| file.map(Input::File))
        .collect();
    if inputs.is_empty() {
        let remedy = "name the files to check";
        inputs.push(Err(InputError(format!(
            "{}: no file matches an entry under `payloads`; {remedy}",
            config_file.name
        ))));
    }
    inputs
}

/// Returns the changed payloads among `paths`, sorted by name. In a folder, only files with a payload
/// suffix count; a file that `paths` names counts whatever its name.
///
/// # Errors
/// If there is no repository, the revision does not exist, or `git` cannot be run.
pub fn changed_inputs(
    selection: GitSelection<'_>,
    paths: &[PathBuf],
) -> Result<Vec<Result<Input, InputError>>, InputError> {
    let repository = git::repository_root(start_folder(paths))?;
    let roots: Vec<PathBuf> = paths.iter().map(|path| canonical(path)).collect();
    let mut files = git::selected_files(&repository, selection)?;
    files.retain(|file| {
        let path = canonical(&repository.join(file));
        roots.iter().any(|root| {
            path == *root || path.starts_with(root) && is_discoverable_below(&path, root)
        })
    });
    files.sort();
    files.dedup();
    let input = |file: PathBuf| {
        let path = relative_to_current_dir(&repository.join(&file));
        match selection {
            GitSelection::Since(_) => Input::Found(path),
            GitSelection::Staged => Input::Staged(StagedFile {
                path,
                repository: repository.clone(),
                path_in_repository: file,
            }),
        }
    };
    Ok(files.into_iter().map(input).map(Ok).collect())
}

/// Returns the folder of the first path, or that path itself if it is a folder.
fn start_folder(paths: &[PathBuf]) -> &Path {
    let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
    if first.is_dir() {
        return first;
    }
    let parent = first.parent().filter(|parent| parent.is_dir());
    parent.unwrap_or(Path::new("."))
}

/// Returns whether [`discover`] would find the file at `path` in `folder`.
fn is_discoverable_below(path: &Path, folder: &Path) -> bool {
    let is_hidden = |part: &OsStr| part.to_string_lossy().starts_with('.');
    let inner = path.strip_prefix(folder).unwrap_or(path);
    has_payload_suffix(path) && !inner.iter().any(is_hidden)
}

/// Returns the path with symbolic links resolved, or the absolute path if it does not exist.
fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| absolute(path))
}

/// Iterates over the files in a folder and its subfolders, sorted by name, without hidden ones. Symbolic
/// links are followed only if they lead out of the folder, since files inside it are found anyway.
fn files_below(folder: &Path) -> impl Iterator<Item = Result<PathBuf, InputError>> {
    let root = fs::canonicalize(folder).ok();
    let leads_out = move |link: &DirEntry| {
        let target = fs::canonicalize(link.path()).ok().zip(root.as_ref());
        // A broken link passes the filter, so that it is reported as an error below.
        target.is_none_or(|(target, root)| !target.starts_with(root) && !root.starts_with(&target))
    };
    let is_included = move |entry: &DirEntry| {
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        entry.depth() == 0 || !is_hidden && (!entry.path_is_symlink() || leads_out(entry))
    };
    let walk = WalkDir::new(folder)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_included);
    walk.filter_map(move |entry| match entry {
        Ok(entry) => {
            let is_file = entry.file_type().is_file();
            is_file.then(|| Ok(entry.into_path()))
        }
        // The files of a link loop are found at their own paths.
        Err(error) if error.loop_ancestor().is_some() => None,
        Err(error) => {
            let path = error.path().unwrap_or(folder);
            let is_broken_link = fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink());
            let message = error
                .io_error()
                .map_or_else(|| error.to_string(), io_error_message);
            let is_reported = !is_broken_link || has_payload_suffix(path);
            is_reported.then(|| Err(InputError(format!("{}: {message}", path.display()))))
        }
    })
}

fn has_payload_suffix(path: &Path) -> bool {
    has_suffix(path, &PAYLOAD_SUFFIXES)
}
