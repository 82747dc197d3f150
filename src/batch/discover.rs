//! Discovery of inputs: the payloads at a path, those that the configuration names, and changed ones.

use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::FileFilter;
use super::git::{self, GitSelection, StagedFile};
use super::input::{Input, STANDARD_INPUT};
use crate::config::Pattern;
use crate::config_file::LoadedConfig;
use crate::path::{
    InputError, absolute, has_payload_suffix, io_error_message, relative_to_current_dir,
};

/// Returns the inputs at a path: standard input, the file itself whatever its suffix, the payloads in the folder,
/// sorted by name, or the files that match the path if it is a glob.
pub fn discover(path: &Path, filter: &FileFilter) -> Vec<Result<Input, InputError>> {
    if path.as_os_str() == STANDARD_INPUT {
        return vec![Ok(Input::Standard(None))];
    }
    if let Some((folder, glob)) = unexpanded_glob(path) {
        return expand(path, &folder, &glob, filter);
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
        let is_rejected = filter.rejects_named(path);
        let file = (!is_rejected).then(|| Ok(Input::File(path.to_owned())));
        return file.into_iter().collect();
    }
    if !metadata.is_dir() {
        let remedy = format!("countersign check - < {}", path.display());
        return vec![Err(InputError(format!(
            "{}: not a regular file; to read it as a stream, run `{remedy}`",
            path.display()
        )))];
    }
    let is_payload = |file: &Result<PathBuf, InputError>| {
        file.as_ref().map_or(true, |path| has_payload_suffix(path))
    };
    let files = filter.files_below(path).filter(is_payload);
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

/// Returns the folder and the glob of a path that does not exist and is a glob, which a shell did not expand.
fn unexpanded_glob(path: &Path) -> Option<(PathBuf, Pattern)> {
    let text = path.to_str()?;
    if !text.contains(['*', '?', '[', '{']) || fs::symlink_metadata(path).is_ok() {
        return None;
    }
    let is_literal = |part: &Component<'_>| {
        let part = part.as_os_str().to_string_lossy();
        !part.contains(['*', '?', '[', '{'])
    };
    let folder: PathBuf = path.components().take_while(is_literal).collect();
    let pattern = path.components().skip_while(is_literal);
    let pattern: PathBuf = pattern.collect();
    let glob = Pattern::new(pattern.to_str()?).ok()?;
    let is_here = folder.as_os_str().is_empty();
    Some((if is_here { PathBuf::from(".") } else { folder }, glob))
}

/// Returns the files in a folder that match a glob. They count as named, as they do where a shell expands the glob, so
/// that ignore files do not apply to them.
fn expand(
    path: &Path,
    folder: &Path,
    glob: &Pattern,
    filter: &FileFilter,
) -> Vec<Result<Input, InputError>> {
    let named = filter.for_named_files();
    let is_match = |file: &Result<PathBuf, InputError>| {
        let Ok(file) = file else { return true };
        let below = file.strip_prefix(folder).unwrap_or(file);
        glob.matches(&below.to_string_lossy().replace('\\', "/"))
    };
    let files = named.files_below(folder).filter(is_match);
    let inputs: Vec<Result<Input, InputError>> = files.map(|file| file.map(Input::File)).collect();
    if inputs.is_empty() {
        let message = format!("{}: no file matches this pattern", path.display());
        return vec![Err(InputError(message))];
    }
    inputs
}

/// Returns the files that match the configuration's entries under `payloads`. Ignore files do not apply to them,
/// because the configuration names them.
pub fn configured_inputs(
    config_file: &LoadedConfig,
    filter: &FileFilter,
) -> Vec<Result<Input, InputError>> {
    let is_configured = |file: &Result<PathBuf, InputError>| {
        file.as_ref()
            .map_or(true, |path| config_file.matches_payload(path))
    };
    let named = filter.for_named_files();
    let mut inputs: Vec<Result<Input, InputError>> = named
        .files_below(&config_file.folder())
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
    filter: &FileFilter,
) -> Result<Vec<Result<Input, InputError>>, InputError> {
    let repository = git::repository_root(start_folder(paths))?;
    let roots: Vec<PathBuf> = paths.iter().map(|path| canonical(path)).collect();
    let mut files = git::selected_files(&repository, selection)?;
    files.retain(|file| {
        let path = canonical(&repository.join(file));
        let is_named = roots.contains(&path);
        let is_found =
            |root: &PathBuf| path.starts_with(root) && is_discoverable_below(&path, root, filter);
        is_named && !filter.rejects_named(&path) || !is_named && roots.iter().any(is_found)
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
fn is_discoverable_below(path: &Path, folder: &Path, filter: &FileFilter) -> bool {
    let is_hidden =
        |part: &OsStr| !filter.includes_hidden && part.to_string_lossy().starts_with('.');
    let inner = path.strip_prefix(folder).unwrap_or(path);
    has_payload_suffix(path) && !inner.iter().any(is_hidden) && !filter.is_excluded_below(path)
}

/// Returns the path with symbolic links resolved, or the absolute path if it does not exist.
fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| absolute(path))
}
