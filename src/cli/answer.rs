//! The file of `--answer`.

use std::fs;
use std::path::Path;

use super::error::CliError;
use crate::answer::Answer;
use crate::document::Document;
use crate::path::io_error_message;
use crate::registry::Registry;

/// Reads what the marketplace answered to the validation of an order.
pub(super) fn read(path: &Path, registry: &Registry) -> Result<Answer, CliError> {
    let name = path.display();
    let bytes = fs::read(path)
        .map_err(|error| CliError::Message(format!("{name}: {}", io_error_message(&error))))?;
    let answer = registry.answer_in(&Document::parse_bytes(&bytes));
    answer.ok_or_else(|| {
        CliError::Message(format!(
            "{name}: contains no answer of the marketplace; expected the response to \
             `POST /validation/parameters`, with the results in `data`"
        ))
    })
}
