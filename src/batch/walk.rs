//! Which files of a folder are checked: ignore files of git and ripgrep, hidden files, and excluded ones.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use walkdir::{DirEntry, WalkDir};

use crate::path::{InputError, absolute, has_payload_suffix, io_error_message};

/// Which files below a folder are checked.
#[derive(Clone, Debug)]
pub struct FileFilter {
    /// Whether files that `.gitignore`, `.ignore`, `.git/info/exclude` or git's global settings ignore are left out.
    pub respects_ignore_files: bool,
    /// Whether hidden files and folders are included.
    pub includes_hidden: bool,
    /// Whether excluded files are left out even if they are named.
    pub excludes_named_files: bool,
    /// The exclude patterns, each set relative to a folder.
    excluded: Vec<Gitignore>,
}

impl Default for FileFilter {
    /// Leaves out what git ignores and what is hidden.
    fn default() -> Self {
        Self {
            respects_ignore_files: true,
            includes_hidden: false,
            excludes_named_files: false,
            excluded: Vec::new(),
        }
    }
}

impl FileFilter {
    /// Adds patterns of files and folders that are left out, in the syntax of `.gitignore`, relative to `folder`.
    ///
    /// # Errors
    /// If a pattern is not a glob.
    pub fn exclude(&mut self, folder: &Path, patterns: &[String]) -> Result<(), InputError> {
        if patterns.is_empty() {
            return Ok(());
        }
        let refused = |pattern: &str, error: &ignore::Error| {
            InputError(format!("exclude: `{pattern}` is not a valid glob: {error}"))
        };
        let mut builder = GitignoreBuilder::new(absolute(folder));
        for pattern in patterns {
            let relative = pattern.strip_prefix("./").map(|path| format!("/{path}"));
            builder
                .add_line(None, relative.as_deref().unwrap_or(pattern))
                .map_err(|error| refused(pattern, &error))?;
        }
        let set = builder
            .build()
            .map_err(|error| refused(&patterns.join(", "), &error))?;
        self.excluded.push(set);
        Ok(())
    }

    /// The filter for files that the user or the configuration names, to which ignore files do not apply.
    pub(super) fn for_named_files(&self) -> Self {
        Self {
            respects_ignore_files: false,
            ..self.clone()
        }
    }

    /// Returns whether a file that the user named is left out.
    pub fn rejects_named(&self, path: &Path) -> bool {
        self.excludes_named_files && self.is_excluded_below(&absolute(path))
    }

    /// Returns whether an exclude pattern matches a path or a folder above it.
    pub(super) fn is_excluded_below(&self, path: &Path) -> bool {
        self.excluded.iter().any(|set| {
            let is_below = path.starts_with(set.path());
            let found = match is_below {
                true => set.matched_path_or_any_parents(path, false),
                false => set.matched(path, false),
            };
            found.is_ignore()
        })
    }

    /// Returns whether an exclude pattern matches a path itself.
    fn is_excluded(&self, path: &Path, is_folder: bool) -> bool {
        let mut sets = self.excluded.iter();
        sets.any(|set| set.matched(path, is_folder).is_ignore())
    }

    /// Iterates over the files in a folder and its subfolders, sorted by name. Symbolic links are followed only if
    /// they lead out of the folder, since files inside it are found anyway.
    pub(super) fn files_below(
        &self,
        folder: &Path,
    ) -> impl Iterator<Item = Result<PathBuf, InputError>> {
        let root = fs::canonicalize(folder).ok();
        let leads_out = move |link: &DirEntry| {
            let target = fs::canonicalize(link.path()).ok().zip(root.as_ref());
            // A broken link passes the filter, so that it is reported as an error below.
            target.is_none_or(|(target, root)| {
                !target.starts_with(root) && !root.starts_with(&target)
            })
        };
        let ignore_files = IgnoreFiles::default();
        let is_included = move |entry: &DirEntry| {
            let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
            if entry.depth() == 0 {
                return true;
            }
            if is_hidden && !self.includes_hidden || entry.file_name() == GIT_FOLDER {
                return false;
            }
            let path = absolute(entry.path());
            let is_folder = entry.file_type().is_dir();
            let is_ignored = self.respects_ignore_files && ignore_files.ignore(&path, is_folder);
            let is_excluded = is_ignored || self.is_excluded(&path, is_folder);
            !is_excluded && (!entry.path_is_symlink() || leads_out(entry))
        };
        let walk = WalkDir::new(folder)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(is_included);
        walk.filter_map(move |entry| match entry {
            Ok(entry) => {
                let is_file = entry.file_type().is_file();
                is_file.then(|| Ok(entry.into_path()))
            }
            // The files of a link loop are found at their own paths.
            Err(error) if error.loop_ancestor().is_some() => None,
            Err(error) => {
                let path = error.path().unwrap_or(folder);
                let is_broken_link = fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink());
                let message = error
                    .io_error()
                    .map_or_else(|| error.to_string(), io_error_message);
                let is_reported = !is_broken_link || has_payload_suffix(path);
                is_reported.then(|| Err(InputError(format!("{}: {message}", path.display()))))
            }
        })
    }
}

const GIT_FOLDER: &str = ".git";

/// The ignore files that apply to the files of a walk. Those of ripgrep precede those of git, deeper ones precede
/// those above, and all precede the settings of a repository and of the user.
#[derive(Default)]
struct IgnoreFiles {
    folders: RefCell<HashMap<PathBuf, Rc<FolderRules>>>,
}

/// The ignore files in one folder.
struct FolderRules {
    /// `.ignore`
    ignore: Gitignore,
    /// `.gitignore`
    gitignore: Gitignore,
    /// What the repository in the folder, if there is one, and the settings of the user ignore.
    repository: Option<[Gitignore; 2]>,
}

impl FolderRules {
    fn read(folder: &Path) -> Self {
        let git = folder.join(GIT_FOLDER);
        let repository = git.exists().then(|| {
            let mut exclude = GitignoreBuilder::new(folder);
            exclude.add(common_git_folder(&git).join("info/exclude"));
            let exclude = exclude.build().unwrap_or_else(|_| Gitignore::empty());
            [exclude, GitignoreBuilder::new(folder).build_global().0]
        });
        // A line that is not a glob is skipped, as git does.
        Self {
            ignore: Gitignore::new(folder.join(".ignore")).0,
            gitignore: Gitignore::new(folder.join(".gitignore")).0,
            repository,
        }
    }
}

impl IgnoreFiles {
    /// Whether the ignore files of a path's folder, or of one above it, ignore the path.
    fn ignore(&self, path: &Path, is_folder: bool) -> bool {
        let folders: Vec<Rc<FolderRules>> = path
            .ancestors()
            .skip(1)
            .map(|folder| self.folder(folder))
            .collect();
        // The files of git apply only in a repository.
        let repository = folders
            .iter()
            .position(|folder| folder.repository.is_some());
        let in_repository = repository.map_or(&[][..], |last| &folders[..=last]);
        let root = repository.and_then(|root| folders[root].repository.as_ref());
        let of_ripgrep = folders.iter().map(|folder| &folder.ignore);
        let of_git = in_repository.iter().map(|folder| &folder.gitignore);
        let mut all = of_ripgrep.chain(of_git).chain(root.into_iter().flatten());
        let decision = all.find_map(|rules| match rules.matched(path, is_folder) {
            Match::None => None,
            found => Some(found.is_ignore()),
        });
        decision.unwrap_or(false)
    }

    fn folder(&self, folder: &Path) -> Rc<FolderRules> {
        let known = self.folders.borrow().get(folder).map(Rc::clone);
        known.unwrap_or_else(|| {
            let read = Rc::new(FolderRules::read(folder));
            let mut folders = self.folders.borrow_mut();
            folders.insert(folder.to_owned(), Rc::clone(&read));
            read
        })
    }
}

/// The folder of git's data that work trees share. In a work tree and in a submodule, `.git` is a file that names its
/// folder.
fn common_git_folder(git: &Path) -> PathBuf {
    let parent = git.parent().unwrap_or(git);
    let link = fs::read_to_string(git).ok();
    let target = link
        .as_deref()
        .and_then(|link| link.strip_prefix("gitdir:"));
    let folder = target.map_or_else(|| git.to_owned(), |target| parent.join(target.trim()));
    match fs::read_to_string(folder.join("commondir")) {
        Ok(common) => folder.join(common.trim()),
        Err(_) => folder,
    }
}
