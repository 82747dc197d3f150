//! Only what changed in a git repository, as the `git` command tells it.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::input::{Input, has_payload_suffix};
use crate::path::{InputError, absolute, relative_to_current_dir};

/// Which changes count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes<'a> {
    /// Those since this revision, in the working copy, new files too.
    Since(&'a str),
    /// Those that are staged, as the next commit will have them.
    Staged,
}

/// A file as git's index has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// Where it lies in the working copy.
    pub path: PathBuf,
    repository: PathBuf,
    /// The path from the repository's folder.
    object: PathBuf,
}

impl Staged {
    /// Starts to read it.
    pub(super) fn open(&self) -> io::Result<std::process::Child> {
        let mut object = std::ffi::OsString::from(":");
        object.push(&self.object);
        git(&self.repository)
            .args([OsStr::new("cat-file"), OsStr::new("blob"), &object])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
    }
}

/// The changed payloads among those at some paths, in order of their names. A folder's are told by
/// their suffix; a file is one whatever its name.
///
/// # Errors
/// If there is no repository here, or no such revision, or no `git`.
pub fn inputs_changed(
    changes: Changes<'_>,
    paths: &[PathBuf],
) -> Result<Vec<Result<Input, InputError>>, InputError> {
    let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
    let folder_of_file = first.parent().filter(|parent| parent.is_dir());
    let place = if first.is_dir() {
        first
    } else {
        folder_of_file.unwrap_or(Path::new("."))
    };
    let folder = text_of(
        place,
        &[OsStr::new("rev-parse"), OsStr::new("--show-toplevel")],
    )
    .map_err(|why| InputError(format!("the changes cannot be told: {why}")))?;
    let repository = PathBuf::from(folder.trim_end_matches('\n'));
    let names = match changes {
        Changes::Staged => changed(&repository, &["--cached"])?,
        Changes::Since(revision) => {
            let commit = format!("{revision}^{{commit}}");
            let arguments = [
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &commit,
            ];
            let commit = text_of(&repository, &arguments.map(OsStr::new)).map_err(|_| {
                InputError(format!("`{revision}` names no commit of this repository"))
            })?;
            let mut names = changed(&repository, &[commit.trim()])?;
            names.extend(listed(
                &repository,
                &["ls-files", "--others", "--exclude-standard", "-z"],
            )?);
            names
        }
    };
    let asked: Vec<PathBuf> = paths.iter().map(|path| resolved(path)).collect();
    let mut names: Vec<PathBuf> = names
        .into_iter()
        .filter(|name| {
            let path = resolved(&repository.join(name));
            asked.iter().any(|asked| {
                path == *asked || path.starts_with(asked) && is_payload_below(&path, asked)
            })
        })
        .collect();
    names.sort();
    names.dedup();
    let input = |name: PathBuf| {
        let path = relative_to_current_dir(&repository.join(&name));
        match changes {
            Changes::Since(_) => Input::Found(path),
            Changes::Staged => Input::Staged(Staged {
                path,
                repository: repository.clone(),
                object: name,
            }),
        }
    };
    Ok(names.into_iter().map(input).map(Ok).collect())
}

/// Whether a file of a folder counts as a payload: as when the folder is walked.
fn is_payload_below(path: &Path, folder: &Path) -> bool {
    let is_hidden = |part: &OsStr| part.to_string_lossy().starts_with('.');
    let inner = path.strip_prefix(folder).unwrap_or(path);
    has_payload_suffix(path) && !inner.iter().any(is_hidden)
}

/// The path itself, or where links lead.
fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| absolute(path))
}

/// The files that differ and still are there, as paths from the repository's folder.
fn changed(repository: &Path, from: &[&str]) -> Result<Vec<PathBuf>, InputError> {
    let fixed = [
        "diff",
        "--name-only",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--diff-filter=d",
    ];
    listed(repository, &[&fixed[..], from, &["--"]].concat())
}

fn listed(repository: &Path, arguments: &[&str]) -> Result<Vec<PathBuf>, InputError> {
    let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
    let text = text_of(repository, &arguments)
        .map_err(|why| InputError(format!("the changes cannot be told: {why}")))?;
    let names = text.split('\0').filter(|name| !name.is_empty());
    Ok(names.map(PathBuf::from).collect())
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).stdin(Stdio::null());
    command
}

/// What git says, or why it says nothing.
fn text_of(folder: &Path, arguments: &[&OsStr]) -> Result<String, String> {
    let output = git(folder).args(arguments).output();
    let output = output.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "there is no `git` command".into(),
        _ => format!("git cannot be run: {error}"),
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let first = errors.lines().next().unwrap_or("git failed");
    Err(first.trim_start_matches("fatal: ").to_owned())
}
