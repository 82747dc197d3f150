//! The file of `--answer`.

use std::fs;
use std::path::Path;

use crate::answer::Answer;
use crate::config_file::answer_in;
use crate::document::Document;
use crate::path::{InputError, io_error_message};
use crate::registry::Registry;

/// Reads what the marketplace answered to the validation of an order.
pub(super) fn read(path: &Path, registry: &Registry) -> Result<Answer, InputError> {
    let name = path.display().to_string();
    let bytes = fs::read(path)
        .map_err(|error| InputError(format!("{name}: {}", io_error_message(&error))))?;
    answer_in(&Document::parse_bytes(&bytes), &name, registry)
}
