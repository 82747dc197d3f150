//! `countersign init`.

use std::fs::OpenOptions;
use std::io::{self, Write};

use super::error::{CliError, EXIT_OK};
use super::streams::Streams;
use crate::config_file::CONFIG_FILE_NAME;

/// The configuration file that `init` writes: every setting is commented out.
const CONFIG_FILE: &str = include_str!("countersign.toml");

/// The first line, by which editors find the schema of the file.
const SCHEMA_LINE: &str = "#:schema https://countersign.dev/schemas/config.schema.json\n\n";

/// Writes a commented configuration file to the current folder, unless there is one.
pub(super) fn write_config_file(streams: &mut Streams<'_>) -> Result<u8, CliError> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).open(CONFIG_FILE_NAME);
    let to_message = |error: io::Error| {
        let reason = match error.kind() {
            io::ErrorKind::AlreadyExists => "it exists already".into(),
            _ => error.to_string(),
        };
        CliError::Message(format!("cannot write {CONFIG_FILE_NAME}: {reason}"))
    };
    let text = format!("{SCHEMA_LINE}{CONFIG_FILE}");
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(to_message)?;
    writeln!(
        streams.errors,
        "wrote {CONFIG_FILE_NAME}; every setting in it is commented out"
    )?;
    Ok(EXIT_OK)
}
