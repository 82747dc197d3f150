//! The facts about a run that reports show.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;

use super::args::VERSION;
use crate::config_file::LoadedConfig;
use crate::output::RunInfo;

/// The facts about a run with these arguments, which do not include the name of the program.
pub(super) fn run_info(
    started: Instant,
    arguments: &[OsString],
    config_file: Option<&LoadedConfig>,
) -> RunInfo {
    let now = Timestamp::now();
    let start_time = now.checked_sub(started.elapsed()).unwrap_or(now);
    let arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    RunInfo {
        started: start_time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        version: VERSION.clone(),
        arguments: arguments.map(String::from).collect(),
        config_file: config_file.map(|loaded| loaded.name.clone()),
        elapsed: Arc::new(move || started.elapsed()),
    }
}
