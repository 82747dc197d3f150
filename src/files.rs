//! Files as the shells meet them: what their names say, where they lie, and why one could not be read.

use std::io;
use std::path::{Component, Path, PathBuf};

/// Suffixes of files in which each line is a record.
const SUFFIXES_OF_LINES: [&str; 2] = ["ndjson", "jsonl"];

/// Suffixes that stand behind a payload's where the file is compressed.
const SUFFIXES_OF_COMPRESSION: [&str; 2] = ["gz", "zst"];

/// Why something could not be checked: a sentence that names it and says what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Trouble(pub String);

/// An error of the file system in words.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::StorageFull => "there is no room left on the disk".into(),
        io::ErrorKind::FileTooLarge => "the limit on the size of files is reached".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system takes no changes".into(),
        _ => error.to_string(),
    }
}

/// Whether the file's name says that each of its lines is a record.
pub fn has_suffix_of_lines(path: &Path) -> bool {
    has_suffix(path, &SUFFIXES_OF_LINES)
}

/// Whether the file's name ends in one of the suffixes, or in one and that of a compression.
pub fn has_suffix(path: &Path, suffixes: &[&str]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut parts = name.rsplit('.');
    let is_compression = |part: &str| {
        SUFFIXES_OF_COMPRESSION
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

/// The path from the root, without parts that lead nowhere or back. Follows no links, so that a file
/// lies where people say it does.
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

/// The path from the current folder, if it lies in there.
pub fn shortened(path: &Path) -> PathBuf {
    let here = absolute(Path::new("."));
    path.strip_prefix(here).unwrap_or(path).to_owned()
}
