//! Small text files that users name: the configuration, schemas, what schemas refer to, and
//! answers.

use std::path::Path;
use std::{fs, io};

use crate::path::{InputError, io_error_message, relative_to_current_dir};

/// The maximum size of a configuration file and of each file that it names, in bytes.
const TEXT_SIZE_LIMIT: u64 = 16 << 20;

/// Reads a UTF-8 file of at most [`TEXT_SIZE_LIMIT`] bytes.
pub(crate) fn read_text(path: &Path) -> Result<String, InputError> {
    String::from_utf8(read_bytes(path)?)
        .map_err(|_| error_about(path, "not UTF-8; save the file as UTF-8"))
}

/// Reads a file of at most [`TEXT_SIZE_LIMIT`] bytes.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, InputError> {
    let io_error = |error: io::Error| error_about(path, &io_error_message(&error));
    let metadata = fs::metadata(path).map_err(|error| match path.is_symlink() {
        true if error.kind() == io::ErrorKind::NotFound => {
            error_about(path, "a link to a file that does not exist")
        }
        _ => io_error(error),
    })?;
    if !metadata.is_file() {
        return Err(error_about(path, "not a file"));
    }
    if metadata.len() > TEXT_SIZE_LIMIT {
        return Err(error_about(
            path,
            "larger than 16 MiB, the maximum size of a file that is named besides payloads",
        ));
    }
    fs::read(path).map_err(io_error)
}

fn error_about(path: &Path, message: &str) -> InputError {
    let path = relative_to_current_dir(path);
    InputError(format!("{}: {message}", path.display()))
}
