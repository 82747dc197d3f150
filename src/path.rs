//! Paths and file names: suffixes, absolute and relative paths, and messages for IO errors.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Suffixes of files in which each line is a record.
const LINE_SUFFIXES: [&str; 2] = ["ndjson", "jsonl"];

/// Suffixes that follow the payload's suffix in the names of compressed files.
const COMPRESSION_SUFFIXES: [&str; 2] = ["gz", "zst"];

/// The name of a configuration file.
pub const CONFIG_FILE_NAME: &str = "countersign.toml";

/// Why an input could not be checked. The message names the input and says what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct InputError(pub String);

/// Returns the message for an IO error.
pub fn io_error_message(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::StorageFull => "no space left on the disk".into(),
        io::ErrorKind::FileTooLarge => "the file exceeds the size limit of the system".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        _ => error.to_string(),
    }
}

/// Returns whether each line of the file is a record, as its name says.
pub fn has_line_suffix(path: &Path) -> bool {
    has_suffix(path, &LINE_SUFFIXES)
}

/// Returns whether the file is a payload, as its name says.
pub fn has_payload_suffix(path: &Path) -> bool {
    has_suffix(path, &["json"]) || has_line_suffix(path)
}

/// Returns whether the file's name ends in one of the suffixes, optionally followed by a compression
/// suffix. Case is ignored.
fn has_suffix(path: &Path, suffixes: &[&str]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut parts = name.rsplit('.');
    let is_compression = |part: &str| {
        COMPRESSION_SUFFIXES
            .iter()
            .any(|known| part.eq_ignore_ascii_case(known))
    };
    let last = parts.next().filter(|last| !is_compression(last));
    let Some(suffix) = last.or_else(|| parts.next()) else {
        return false;
    };
    let has_stem = parts.next().is_some();
    has_stem
        && suffixes
            .iter()
            .any(|known| suffix.eq_ignore_ascii_case(known))
}

/// Returns the absolute path, with `.` and `..` resolved. Symbolic links are not followed, so that the path
/// stays in the folder that the user named.
pub fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut absolute = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            part => absolute.push(part),
        }
    }
    absolute
}

/// The folder that the paths in reports are relative to, so that they do not depend on how a file was named or on the
/// current folder.
#[derive(Clone, Debug)]
pub struct ReportRoot(PathBuf);

impl ReportRoot {
    /// Finds the root for a run that starts at `start`: the nearest folder above with `.git`, because code scanning and
    /// merge requests expect paths from there; else the nearest one with a configuration file; else the current folder.
    pub fn find(start: &Path) -> Self {
        let start = absolute(start);
        let nearest = |name: &str| start.ancestors().find(|folder| folder.join(name).exists());
        let root = nearest(".git").or_else(|| nearest(CONFIG_FILE_NAME));
        Self(root.map_or_else(|| absolute(Path::new(".")), Path::to_owned))
    }

    /// The folder.
    pub fn as_path(&self) -> &Path {
        &self.0
    }

    /// Returns the name of a file in reports: its path from the root with `/` as separator, or its absolute path if it
    /// is not below the root.
    pub fn name_of(&self, path: &Path) -> String {
        let absolute = absolute(path);
        let below = absolute.strip_prefix(&self.0).map(Path::to_owned);
        let name = below.unwrap_or_else(|_| {
            // The current folder may be reached through a symbolic link.
            let real = fs::canonicalize(&absolute).ok();
            let real_root = fs::canonicalize(&self.0).ok();
            let below = real.zip(real_root).and_then(|(path, root)| {
                let below = path.strip_prefix(root).ok()?;
                Some(below.to_owned())
            });
            below.unwrap_or(absolute)
        });
        let name = name.to_string_lossy();
        match std::path::MAIN_SEPARATOR {
            '/' => name.into_owned(),
            separator => name.replace(separator, "/"),
        }
    }
}

/// Returns the path relative to the current folder if it lies inside it, else the path itself.
pub fn relative_to_current_dir(path: &Path) -> PathBuf {
    let current = absolute(Path::new("."));
    path.strip_prefix(current).unwrap_or(path).to_owned()
}
