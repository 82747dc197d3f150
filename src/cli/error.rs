//! Exit codes, and errors that end a command.

use std::io;

use crate::path::InputError;

/// The run has no findings at or above the level of `--fail-on`.
pub const EXIT_OK: u8 = 0;
/// The run has findings at or above the level of `--fail-on`.
pub const EXIT_FINDINGS: u8 = 1;
/// The command failed.
pub const EXIT_ERROR: u8 = 2;
/// The run was interrupted.
pub const EXIT_INTERRUPTED: u8 = 130;

/// An error that ends a command.
pub(super) enum CliError {
    /// Standard output or a report file cannot be written.
    Output(io::Error),
    /// Any other error, as a message for the user.
    Message(String),
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        CliError::Output(error)
    }
}

impl From<InputError> for CliError {
    fn from(trouble: InputError) -> Self {
        CliError::Message(trouble.0)
    }
}
