//! The files that `countersign check` writes besides fixes.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::check_args::{CheckArgs, FormatArg};
use super::error::CliError;
use crate::batch::{AtomicFile, Baseline, Input};
use crate::output::Format;
use crate::path::{InputError, absolute};

/// The files that a run writes. They replace existing files in [`OutputFiles::commit`] only.
pub(super) struct OutputFiles {
    /// The reports that do not go to standard output.
    pub(super) reports: Vec<(Format, AtomicFile)>,
    /// The valid records.
    pub(super) valid: Option<AtomicFile>,
    /// The invalid records.
    pub(super) invalid: Option<AtomicFile>,
    baseline: Option<AtomicFile>,
}

impl OutputFiles {
    /// The paths of all files that a run writes or reads besides payloads.
    pub(super) fn paths(args: &CheckArgs, formats: &[FormatArg]) -> HashSet<PathBuf> {
        let reports = formats.iter().filter_map(|format| format.file.as_ref());
        let others = [
            &args.valid_out,
            &args.invalid_out,
            &args.write_baseline,
            &args.baseline,
        ];
        let others = others.into_iter().flatten();
        reports.chain(others).map(|path| absolute(path)).collect()
    }

    /// Creates the files that the arguments name.
    ///
    /// # Errors
    /// If one of them is a named input or another output too, or cannot be created.
    pub(super) fn create(
        args: &CheckArgs,
        formats: &[FormatArg],
        inputs: &[Result<Input, InputError>],
    ) -> Result<Self, CliError> {
        let mut used: Vec<PathBuf> = inputs
            .iter()
            .filter_map(|input| match input {
                Ok(Input::File(path)) => fs::canonicalize(path).ok(),
                _ => None,
            })
            .collect();
        let mut create = |path: &Path| {
            let resolved = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
            if used.contains(&resolved) {
                return Err(CliError::Message(format!(
                    "{}: this file is checked, or written to already; name another one",
                    path.display()
                )));
            }
            used.push(resolved);
            AtomicFile::create(path).map_err(CliError::Output)
        };
        let mut reports = Vec::new();
        for FormatArg { format, file } in formats {
            if let Some(file) = file {
                reports.push((*format, create(file)?));
            }
        }
        // `--baseline` is not among the inputs: a run may read and write the same baseline.
        Ok(Self {
            reports,
            valid: args.valid_out.as_deref().map(&mut create).transpose()?,
            invalid: args.invalid_out.as_deref().map(&mut create).transpose()?,
            baseline: args.write_baseline.as_deref().map(create).transpose()?,
        })
    }

    /// Moves the files to their paths. The records of an interrupted run are kept under names that end in `.partial`, so
    /// that they do not look complete. A baseline is not, because it would hide findings.
    ///
    /// # Errors
    /// If a file cannot be written or moved.
    pub(super) fn commit(
        self,
        is_interrupted: bool,
        new_baseline: Option<&Baseline>,
    ) -> io::Result<()> {
        for (_, file) in self.reports {
            file.commit()?;
        }
        let mut records = [self.valid, self.invalid].into_iter().flatten();
        if is_interrupted {
            return records.try_for_each(AtomicFile::commit_partial);
        }
        if let (Some(mut file), Some(new_baseline)) = (self.baseline, new_baseline) {
            new_baseline.write(&mut file)?;
            file.commit()?;
        }
        records.try_for_each(AtomicFile::commit)
    }
}
