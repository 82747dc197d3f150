//! Which files and rules a run covers, from the arguments and the configuration file.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::answer;
use super::check_args::CheckArgs;
use super::error::CliError;
use crate::batch::{self, FileFilter, GitSelection, Input, STANDARD_INPUT};
use crate::config::{LevelOverride, LevelSetting};
use crate::config_file::{self, ConfigOverrides, LoadedConfig};
use crate::engine::Engine;
use crate::path::{InputError, absolute};
use crate::payload::Declared;
use crate::registry::Registry;
use crate::schema::SchemaOptions;
use crate::schema_file::{add_reference, read_schema};

/// The inputs of a run.
pub(super) struct Selection {
    pub(super) inputs: Vec<Result<Input, InputError>>,
    /// Whether the inputs contain every file that the configuration applies to.
    pub(super) covers_config_root: bool,
}

impl Selection {
    /// Determines the inputs: the paths of the arguments, else the files that the configuration names, else
    /// the current folder; with `--since` or `--staged`, only what is changed in these.
    pub(super) fn new(
        args: &CheckArgs,
        config_file: Option<&LoadedConfig>,
    ) -> Result<Self, CliError> {
        let configured = config_file.filter(|loaded| {
            args.paths.is_empty() && !loaded.has_errors() && !loaded.config.payloads.is_empty()
        });
        let paths = if args.paths.is_empty() {
            vec![PathBuf::from(".")]
        } else {
            args.paths.clone()
        };
        check_standard_input(args, &paths)?;
        let filter = file_filter(args, config_file)?;
        let changes = match &args.since {
            Some(revision) => Some(GitSelection::Since(revision)),
            None => args.staged.then_some(GitSelection::Staged),
        };
        let covers_config_root = configured.is_none()
            && changes.is_none()
            && args.exclude.is_empty()
            && config_file.is_some_and(|loaded| paths.iter().any(|path| loaded.is_within(path)));
        let inputs = match (changes, configured) {
            (Some(changes), Some(loaded)) => {
                let files = batch::configured_inputs(loaded, &filter);
                let files = files.into_iter().filter_map(|input| match input {
                    Ok(Input::File(path)) => Some(path),
                    _ => None,
                });
                batch::changed_inputs(changes, &files.collect::<Vec<_>>(), &filter)?
            }
            (Some(changes), None) => batch::changed_inputs(changes, &paths, &filter)?,
            (None, Some(loaded)) => batch::configured_inputs(loaded, &filter),
            (None, None) => paths
                .iter()
                .flat_map(|path| batch::discover(path, &filter))
                .map(|input| match input {
                    Ok(Input::Standard(_)) => Ok(Input::Standard(args.stdin_filename.clone())),
                    input => input,
                })
                .collect(),
        };
        let inputs = without_duplicates(inputs);
        if args.answer.is_some() && inputs.len() != 1 {
            return Err(CliError::Message(format!(
                "`--answer` is about one payload; found {} files",
                inputs.len()
            )));
        }
        Ok(Self {
            inputs,
            covers_config_root,
        })
    }
}

impl Selection {
    /// Whether one of these absolute paths is an input.
    pub(super) fn contains_any(&self, paths: &HashSet<PathBuf>) -> bool {
        self.inputs.iter().any(|input| is_among(input, paths))
    }

    /// Leaves out files that were found in a folder and are reports or baselines of this run.
    pub(super) fn leave_out_found(&mut self, paths: &HashSet<PathBuf>) {
        let is_found = |input: &Result<Input, InputError>| matches!(input, Ok(Input::Found(_)));
        self.inputs
            .retain(|input| !is_found(input) || !is_among(input, paths));
    }

    /// Keeps only the inputs at these absolute paths.
    pub(super) fn retain(&mut self, paths: &HashSet<PathBuf>) {
        self.inputs.retain(|input| is_among(input, paths));
        self.covers_config_root = false;
    }
}

fn is_among(input: &Result<Input, InputError>, paths: &HashSet<PathBuf>) -> bool {
    let path = input.as_ref().ok().and_then(Input::path);
    path.is_some_and(|path| paths.contains(&absolute(path)))
}

/// Removes files that are named or found more than once. A file that is named and found counts as named.
fn without_duplicates(
    mut inputs: Vec<Result<Input, InputError>>,
) -> Vec<Result<Input, InputError>> {
    let file = |input: &Result<Input, InputError>| match input {
        Ok(Input::File(path) | Input::Found(path)) => Some(absolute(path)),
        _ => None,
    };
    let is_named = |input: &&Result<Input, InputError>| matches!(input, Ok(Input::File(_)));
    let named: HashSet<PathBuf> = inputs.iter().filter(is_named).filter_map(file).collect();
    let mut seen = HashSet::new();
    let is_first = |input: &Result<Input, InputError>| match file(input) {
        Some(path) => {
            let is_counted_elsewhere = named.contains(&path) && !is_named(&input);
            !is_counted_elsewhere && seen.insert(path)
        }
        None => true,
    };
    inputs.retain(is_first);
    inputs
}

/// Rejects standard input that is named twice, and a name for it if it is not read.
fn check_standard_input(args: &CheckArgs, paths: &[PathBuf]) -> Result<(), CliError> {
    let is_stdin = |path: &&PathBuf| path.as_os_str() == STANDARD_INPUT;
    let message = match paths.iter().filter(is_stdin).count() {
        0 if args.stdin_filename.is_some() => {
            "--stdin-filename needs standard input: add `-` to the paths"
        }
        0 | 1 => return Ok(()),
        _ => "standard input (`-`) is named twice, but can be read only once",
    };
    Err(CliError::Message(message.into()))
}

/// Which files of a folder are checked.
fn file_filter(
    args: &CheckArgs,
    config_file: Option<&LoadedConfig>,
) -> Result<FileFilter, InputError> {
    let mut filter = FileFilter::default();
    filter.respects_ignore_files = !args.no_ignore;
    filter.includes_hidden = args.hidden;
    filter.excludes_named_files = args.force_exclude;
    filter.exclude(Path::new("."), &args.exclude)?;
    if let Some(loaded) = config_file {
        filter.exclude(&loaded.folder(), &loaded.config.exclude)?;
    }
    Ok(filter)
}

/// The path from which the configuration file and the root of the run are searched upward.
pub(super) fn start_path(args: &CheckArgs) -> &Path {
    match args.paths.first() {
        Some(path) if path.as_os_str() != STANDARD_INPUT => path,
        _ => args.stdin_filename.as_deref().unwrap_or(Path::new(".")),
    }
}

/// Loads the configuration file of the run, if there is one.
pub(super) fn load_config_file(
    args: &CheckArgs,
    today: Option<Date>,
    registry: &Registry,
) -> Result<Option<LoadedConfig>, CliError> {
    if args.no_config {
        return Ok(None);
    }
    let found = || LoadedConfig::find(start_path(args));
    let Some(path) = args.config.clone().or_else(found) else {
        return Ok(None);
    };
    Ok(Some(LoadedConfig::read(&path, today, registry)?))
}

/// Builds the engine of the run. Arguments override the configuration file.
pub(super) fn build_engine(
    args: &CheckArgs,
    registry: &Arc<Registry>,
    today: Option<Date>,
    loaded: Option<&mut LoadedConfig>,
) -> Result<Engine, CliError> {
    let domains = &args.partner_domains;
    let answer = args.answer.as_deref();
    let answer = answer
        .map(|path| answer::read(path, registry))
        .transpose()?;
    let overrides = ConfigOverrides {
        today,
        operation: args.operation.map(Into::into),
        partner_domains: (!domains.is_empty()).then(|| domains.clone()),
        answer,
        declared: Declared {
            kind: args.kind.as_deref().and_then(|id| registry.kind(id)),
            form: args.form.map(Into::into),
        },
        selected: args.select.clone(),
        levels: level_overrides(args, registry)?,
    };
    let configured = loaded.as_ref().map(|loaded| loaded.schema_options.clone());
    let mut schema_options = SchemaOptions {
        ignores_formats: args.disable_formats,
        ..configured.unwrap_or_default()
    };
    for (uri, path) in &args.schema_refs {
        add_reference(uri, path, &mut schema_options.references)?;
    }
    let engine = config_file::build_engine(registry, loaded, overrides);
    let Some(path) = &args.schema else {
        return Ok(engine);
    };
    Ok(engine.with_schema(read_schema(path, &schema_options)?))
}

/// The levels that the arguments set, in the order in which they apply.
fn level_overrides(args: &CheckArgs, registry: &Registry) -> Result<Vec<LevelOverride>, CliError> {
    // A rule that is selected by its ID is reported even if the configuration switches it off.
    let is_rule = |id: &&String| registry.rule(id).is_some();
    let selected = args.select.iter().filter(is_rule);
    let selected = selected.map(|id| (id.clone(), LevelSetting::Own));
    let given = args.levels.iter();
    let given = given.map(|(rules, level)| (rules.clone(), LevelSetting::from(*level)));
    let ignored = args.ignore.iter();
    let ignored = ignored.map(|rules| (rules.clone(), LevelSetting::Off));
    let levels: Vec<LevelOverride> = selected
        .chain(given)
        .chain(ignored)
        .map(|(rules, level)| LevelOverride { rules, level })
        .collect();
    let named = args
        .select
        .iter()
        .chain(levels.iter().map(|entry| &entry.rules));
    for rules in named {
        registry.check_name(rules).map_err(CliError::Message)?;
    }
    Ok(levels)
}
