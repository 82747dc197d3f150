//! Changed and staged files, as reported by the `git` command.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::output::escape_unprintable;
use crate::path::InputError;

/// Which changed files to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitSelection<'a> {
    /// Files in the working copy that changed since this revision, including untracked files.
    Since(&'a str),
    /// Staged files, with their staged contents.
    Staged,
}

/// A file in git's index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagedFile {
    /// The file's path in the working copy.
    pub path: PathBuf,
    pub(super) repository: PathBuf,
    /// The path relative to the root of the repository.
    pub(super) path_in_repository: PathBuf,
}

impl StagedFile {
    /// Starts a process whose standard output is the staged contents.
    pub(super) fn open(&self) -> io::Result<Child> {
        let mut object = OsString::from(":");
        object.push(&self.path_in_repository);
        git_command(&self.repository)
            .args([OsStr::new("cat-file"), OsStr::new("blob"), &object])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
    }
}

/// Returns the root of the repository that contains `folder`.
pub(super) fn repository_root(folder: &Path) -> Result<PathBuf, InputError> {
    let arguments = [OsStr::new("rev-parse"), OsStr::new("--show-toplevel")];
    let root = run_git(folder, &arguments).map_err(selection_error)?;
    Ok(PathBuf::from(root.trim_end_matches('\n')))
}

/// Returns the selected files that still exist, as paths relative to the root of the repository.
pub(super) fn selected_files(
    repository: &Path,
    selection: GitSelection<'_>,
) -> Result<Vec<PathBuf>, InputError> {
    let revision = match selection {
        GitSelection::Staged => return changed_files(repository, "--cached"),
        GitSelection::Since(revision) => revision,
    };
    let commit = format!("{revision}^{{commit}}");
    let arguments = [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &commit,
    ];
    let commit = run_git(repository, &arguments.map(OsStr::new)).map_err(|_| {
        InputError(format!(
            "`{}` is not a commit of this repository",
            escape_unprintable(revision)
        ))
    })?;
    let mut files = changed_files(repository, commit.trim())?;
    let untracked = ["ls-files", "--others", "--exclude-standard", "-z"];
    files.extend(list_files(repository, &untracked)?);
    Ok(files)
}

/// Returns the files that differ from `base`, a commit or `--cached`, without those that were deleted.
fn changed_files(repository: &Path, base: &str) -> Result<Vec<PathBuf>, InputError> {
    let arguments = [
        "diff",
        "--name-only",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--diff-filter=d",
        base,
        "--",
    ];
    list_files(repository, &arguments)
}

/// Runs a git command whose output is a list of paths separated by NUL.
fn list_files(repository: &Path, arguments: &[&str]) -> Result<Vec<PathBuf>, InputError> {
    let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
    let text = run_git(repository, &arguments).map_err(selection_error)?;
    let files = text.split('\0').filter(|file| !file.is_empty());
    Ok(files.map(PathBuf::from).collect())
}

fn selection_error(message: String) -> InputError {
    InputError(format!("cannot determine changed files: {message}"))
}

fn git_command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).stdin(Stdio::null());
    command
}

/// Runs git and returns its output, or the first line of its error message.
fn run_git(folder: &Path, arguments: &[&OsStr]) -> Result<String, String> {
    let output = git_command(folder).args(arguments).output();
    let output = output.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "the `git` command was not found".into(),
        _ => format!("cannot run `git`: {error}"),
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let first = errors.lines().next().unwrap_or("git failed");
    Err(first.trim_start_matches("fatal: ").to_owned())
}
