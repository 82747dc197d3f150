//! The inputs of a run.

use std::path::{Path, PathBuf};

use super::git::StagedFile;
use crate::config_file::LoadedConfig;
use crate::path::has_line_suffix;

/// The path that names standard input.
pub const STANDARD_INPUT: &str = "-";

/// An input to check.
#[derive(Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Standard,
    /// A file that the user or the configuration named.
    File(PathBuf),
    /// A file that was found in a folder.
    Found(PathBuf),
    /// A file in git's index.
    Staged(StagedFile),
}

impl Input {
    /// Returns the input's name as reports show it.
    pub fn name(&self) -> String {
        match self.path() {
            None => "<stdin>".into(),
            Some(path) => {
                let path = path.strip_prefix(".").unwrap_or(path);
                path.to_string_lossy().into_owned()
            }
        }
    }

    /// Returns the path relative to the configuration file's folder; empty for standard input.
    pub(super) fn relative_path(&self, config_file: &LoadedConfig) -> String {
        self.path()
            .map(|path| config_file.relative_path(path))
            .unwrap_or_default()
    }

    /// Returns whether each line of the input is a record, as its name says.
    pub(super) fn has_line_suffix(&self) -> bool {
        self.path().is_some_and(has_line_suffix)
    }

    /// The path in the file system; `None` for standard input.
    fn path(&self) -> Option<&Path> {
        match self {
            Input::Standard => None,
            Input::File(path) | Input::Found(path) | Input::Staged(StagedFile { path, .. }) => {
                Some(path)
            }
        }
    }
}
