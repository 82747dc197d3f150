//! The inputs of a run.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::git::StagedFile;
use crate::config_file::LoadedConfig;
use crate::path::{ReportRoot, has_line_suffix};

/// The path that names standard input.
pub const STANDARD_INPUT: &str = "-";

/// An input to check.
#[derive(Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input, with the path of its payload if the user named it.
    Standard(Option<PathBuf>),
    /// A file that the user or the configuration named.
    File(PathBuf),
    /// A file that was found in a folder.
    Found(PathBuf),
    /// A file in git's index.
    Staged(StagedFile),
    /// A file whose content the caller has.
    Provided(ProvidedFile),
}

/// A file whose content the caller has, such as one that a person opened in a browser. Its fixes are written to the
/// output of the run.
#[derive(Clone)]
pub struct ProvidedFile {
    /// The path, which selects what the configuration says about the file.
    pub path: PathBuf,
    /// Whether a person named the file, so that it has to contain a payload, or it was found in a folder.
    pub is_named: bool,
    /// Opens the content. A file is read more than once if what follows its list says what its records are.
    pub open: Rc<OpenContent>,
}

/// Opens a content at its start.
pub type OpenContent = dyn Fn() -> io::Result<Box<dyn Read>>;

impl fmt::Debug for ProvidedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ProvidedFile").field(&self.path).finish()
    }
}

impl PartialEq for ProvidedFile {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && Rc::ptr_eq(&self.open, &other.open)
    }
}

impl Eq for ProvidedFile {}

impl Input {
    /// Returns the input's name as reports show it.
    pub fn name(&self, root: &ReportRoot) -> String {
        self.path()
            .map_or_else(|| "<stdin>".into(), |path| root.name_of(path))
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

    /// The path of the payload; `None` for standard input without a name.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Input::Standard(path) => path.as_deref(),
            Input::File(path)
            | Input::Found(path)
            | Input::Staged(StagedFile { path, .. })
            | Input::Provided(ProvidedFile { path, .. }) => Some(path),
        }
    }
}
