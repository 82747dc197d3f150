//! `countersign check --watch`: checks again what changed, until the run is interrupted.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::check::{self, Changes};
use super::check_args::CheckArgs;
use super::error::{CliError, EXIT_INTERRUPTED};
use super::print_error;
use super::streams::Streams;
use crate::batch::STANDARD_INPUT;
use crate::config_file::{CONFIG_FILE_NAME, LoadedConfig};
use crate::path::absolute;
use crate::registry::Registry;

/// How often an interrupt is looked for.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// How long nothing may change before the changed files are checked: editors write a file in several steps.
const QUIET_TIME: Duration = Duration::from_millis(100);

/// Checks everything once, and then what changes. An error of one run, such as a broken configuration, does not end the
/// watch.
///
/// # Errors
/// If standard input is among the paths, or the file system cannot be watched.
pub(super) fn run(
    args: &CheckArgs,
    registry: &Arc<Registry>,
    streams: &mut Streams<'_>,
) -> Result<u8, CliError> {
    if args
        .paths
        .iter()
        .any(|path| path.as_os_str() == STANDARD_INPUT)
    {
        return Err(CliError::Message(
            "--watch needs files or folders; standard input cannot be watched".into(),
        ));
    }
    let changes = FileChanges::watch(args)?;
    let mut changed = Changes::All;
    loop {
        match check::run(args, &changed, registry, streams) {
            Ok(_) => {}
            Err(CliError::Message(message)) => {
                print_error(streams, &message);
            }
            Err(error) => return Err(error),
        }
        if !args.quiet && !streams.is_interrupted.load(Ordering::Relaxed) {
            writeln!(streams.errors, "watching for changes; press Ctrl-C to stop")?;
        }
        changed = loop {
            if streams.is_interrupted.load(Ordering::Relaxed) {
                return Ok(EXIT_INTERRUPTED);
            }
            if let Some(paths) = changes.wait() {
                break Changes::of(paths);
            }
        };
    }
}

impl Changes {
    /// What to check after these files changed: everything if the configuration is among them.
    fn of(paths: HashSet<PathBuf>) -> Self {
        let is_config = |path: &PathBuf| {
            path.file_name()
                .is_some_and(|name| name == CONFIG_FILE_NAME)
        };
        match paths.iter().any(is_config) {
            true => Changes::All,
            false => Changes::Only(paths),
        }
    }
}

/// The changes of the files that a run checks.
struct FileChanges {
    events: Receiver<notify::Result<Event>>,
    /// Watches as long as it lives.
    _watcher: RecommendedWatcher,
}

impl FileChanges {
    /// Starts to watch the files and folders of the arguments, and the folder of the configuration file.
    fn watch(args: &CheckArgs) -> Result<Self, CliError> {
        let (sender, events) = channel();
        let failed =
            |error: notify::Error| CliError::Message(format!("cannot watch files: {error}"));
        // If the receiver is gone, the watch has ended.
        let handler = move |event| drop(sender.send(event));
        let mut watcher = notify::recommended_watcher(handler).map_err(failed)?;
        for (folder, mode) in watched_folders(args) {
            watcher.watch(&folder, mode).map_err(failed)?;
        }
        Ok(Self {
            events,
            _watcher: watcher,
        })
    }

    /// Waits until files have changed and nothing has changed for a moment. Returns their absolute paths, or `None`
    /// after a short time without a change.
    fn wait(&self) -> Option<HashSet<PathBuf>> {
        let mut paths = HashSet::new();
        let mut last_change = Instant::now();
        loop {
            match self.events.recv_timeout(POLL_INTERVAL) {
                Ok(Ok(event)) if is_change(event.kind) => {
                    paths.extend(event.paths.iter().map(|path| absolute(path)));
                    last_change = Instant::now();
                }
                // An error of the watcher, such as a full queue, may have lost changes, which the next event repeats.
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
            if last_change.elapsed() >= QUIET_TIME {
                return Some(paths).filter(|paths| !paths.is_empty());
            }
        }
    }
}

/// Whether an event is about the content of a file or its name.
fn is_change(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Any
    )
}

/// The folders to watch: those of the arguments with everything in them, and for a file, which editors replace, the one
/// that contains it.
fn watched_folders(args: &CheckArgs) -> Vec<(PathBuf, RecursiveMode)> {
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() {
        &here[..]
    } else {
        &args.paths
    };
    let parent = |path: &Path| absolute(path).parent().map(Path::to_owned);
    let mut folders = Vec::new();
    for path in paths {
        if path.is_dir() {
            folders.push((path.clone(), RecursiveMode::Recursive));
        } else if let Some(folder) = parent(path).filter(|folder| folder.is_dir()) {
            folders.push((folder, RecursiveMode::NonRecursive));
        }
    }
    let config = args
        .config
        .clone()
        .or_else(|| LoadedConfig::find(&paths[0]));
    let config = config.as_deref().and_then(parent);
    folders.extend(config.map(|folder| (folder, RecursiveMode::NonRecursive)));
    folders
}
