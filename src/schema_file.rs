//! Schemas on disk: a schema, and the documents that it refers to.

use std::fs;
use std::path::Path;

use crate::path::{InputError, io_error_message};
use crate::schema::{References, Schema, SchemaOptions};
use crate::text_file::read_text;

/// Reads and compiles a schema.
pub(crate) fn read_schema(path: &Path, options: &SchemaOptions) -> Result<Schema, InputError> {
    let text = read_text(path)?;
    Schema::parse(&text, options)
        .map_err(|error| InputError(format!("{}: not a valid schema: {error}", path.display())))
}

/// Adds the document at `path` under its URI; of a folder, every `.json` file below it, under the URI followed by the
/// path of the file.
pub(crate) fn add_reference(
    uri: &str,
    path: &Path,
    references: &mut References,
) -> Result<(), InputError> {
    if !path.is_dir() {
        let text = read_text(path)?;
        let document = serde_json::from_str(&text)
            .map_err(|error| InputError(format!("{}: not JSON: {error}", path.display())))?;
        references.add(uri, document);
        return Ok(());
    }
    let unreadable = |error| {
        let message = io_error_message(&error);
        InputError(format!("{}: {message}", path.display()))
    };
    let entries = fs::read_dir(path).map_err(unreadable)?;
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let uri = format!("{}/{name}", uri.trim_end_matches('/'));
        if path.is_dir() || path.extension().is_some_and(|suffix| suffix == "json") {
            add_reference(&uri, &path, references)?;
        }
    }
    Ok(())
}
