//! Paths and file names: suffixes, absolute and relative paths, and messages for IO errors.

use std::io;
use std::path::{Component, Path, PathBuf};

/// Suffixes of files in which each line is a record.
const LINE_SUFFIXES: [&str; 2] = ["ndjson", "jsonl"];

/// Suffixes that follow the payload's suffix in the names of compressed files.
const COMPRESSION_SUFFIXES: [&str; 2] = ["gz", "zst"];

/// Why an input could not be checked. The message names the input and says what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct InputError(pub String);

/// Returns the message for an IO error.
pub fn io_error_message(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::StorageFull => "there is no room left on the disk".into(),
        io::ErrorKind::FileTooLarge => "the limit on the size of files is reached".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system takes no changes".into(),
        _ => error.to_string(),
    }
}

/// Returns whether each line of the file is a record, as its name says.
pub fn has_line_suffix(path: &Path) -> bool {
    has_suffix(path, &LINE_SUFFIXES)
}

/// Returns whether the file's name ends in one of the suffixes, optionally followed by a compression
/// suffix. Case is ignored.
pub fn has_suffix(path: &Path, suffixes: &[&str]) -> bool {
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

/// Returns the path relative to the current folder if it lies inside it, else the path itself.
pub fn relative_to_current_dir(path: &Path) -> PathBuf {
    let current = absolute(Path::new("."));
    path.strip_prefix(current).unwrap_or(path).to_owned()
}
