//! The file of `--answer`.

use std::path::Path;

use crate::answer::Answer;
use crate::config_file::answer_in;
use crate::document::Document;
use crate::path::InputError;
use crate::registry::Registry;
use crate::text_file::read_bytes;

/// Reads what the marketplace answered to the validation of an order.
pub(super) fn read(path: &Path, registry: &Registry) -> Result<Answer, InputError> {
    let name = path.display().to_string();
    let bytes = read_bytes(path)?;
    answer_in(&Document::parse_bytes(&bytes), &name, registry)
}
