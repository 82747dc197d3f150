//! What a report says about the run itself.

use std::sync::Arc;
use std::time::Duration;

/// What is known about a run before its first file. The caller fills it in, because reports read no clock.
#[derive(Clone)]
pub struct RunInfo {
    /// The date and time at which the run started, in UTC, such as `2026-01-31 14:05:09`.
    pub started: String,
    /// The version of the program.
    pub version: String,
    /// The arguments of the program, without its name.
    pub arguments: Vec<String>,
    /// The path of the configuration file, if there is one.
    pub config_file: Option<String>,
    /// Returns the time since the start of the run.
    pub elapsed: Arc<dyn Fn() -> Duration + Send + Sync>,
}
