//! Small text files that users name: the configuration, schemas, and what schemas refer to.

use std::fs;
use std::path::Path;

use crate::path::{InputError, io_error_message, relative_to_current_dir};

/// The maximum size of a configuration file and of each file that it names, in bytes.
const TEXT_SIZE_LIMIT: u64 = 16 << 20;

/// Reads a UTF-8 file of at most [`TEXT_SIZE_LIMIT`] bytes.
pub(crate) fn read_text(path: &Path) -> Result<String, InputError> {
    let error_for = |message: String| {
        InputError(format!(
            "{}: {message}",
            relative_to_current_dir(path).display()
        ))
    };
    let metadata = fs::metadata(path).map_err(|error| error_for(io_error_message(&error)))?;
    if !metadata.is_file() {
        return Err(error_for("not a file".into()));
    }
    if metadata.len() > TEXT_SIZE_LIMIT {
        return Err(error_for(
            "larger than 16 MiB, the maximum size of a configuration file or schema".into(),
        ));
    }
    let bytes = fs::read(path).map_err(|error| error_for(io_error_message(&error)))?;
    String::from_utf8(bytes).map_err(|_| error_for("not UTF-8; save the file as UTF-8".into()))
}
