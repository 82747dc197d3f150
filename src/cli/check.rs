//! `countersign check`: maps the arguments to a run of [`crate::batch`] and its result to an exit code.

use std::cell::RefCell;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use jiff::civil::Date;

use super::args::{CheckArgs, Color, FailOn, Today};
use super::error::{CliError, EXIT_ERROR, EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_OK};
use super::output_files::OutputFiles;
use super::progress::{ProgressDisplay, ProgressWriter};
use super::streams::{SharedWriter, Streams};
use super::summary::RunSummary;
use crate::batch::{
    self, AtomicFile, Baseline, ChunkLimits, FixMode, GitSelection, Input, RecordPartition,
    ReportOptions, Run, STANDARD_INPUT,
};
use crate::config_file::{self, ConfigOverrides, LoadedConfig};
use crate::engine::Engine;
use crate::finding::{Level, Safety};
use crate::fix::DiffStyle;
use crate::output::{Format, RenderOptions, Reporter, Summary};
use crate::path::InputError;
use crate::payload::Declared;
use crate::registry::Registry;
use crate::schema::Schema;

/// The width in columns of a report that is written to a file.
const FILE_WIDTH: usize = 100;

/// Runs the command and returns the exit code.
pub(super) fn run(
    args: &CheckArgs,
    registry: &Arc<Registry>,
    streams: &mut Streams<'_>,
) -> Result<u8, CliError> {
    let started = Instant::now();
    let today = today(args);
    let mut config_file = load_config_file(args, today, registry)?;
    let engine = build_engine(args, registry, today, config_file.as_mut())?;
    let config_file = config_file.as_ref();
    let selection = select_inputs(args, config_file)?;
    let mut files = RunFiles::open(args, &selection)?;
    let command = CheckCommand {
        args,
        engine: &engine,
        config_file,
        selection: &selection,
        fix_mode: fix_mode(args),
    };
    let summary = command.check(&mut files, streams)?;
    let is_interrupted = streams.is_interrupted.load(Ordering::Relaxed);
    let RunFiles {
        baseline,
        new_baseline,
        output,
    } = files;
    output.commit(is_interrupted, new_baseline.as_ref())?;
    if !args.quiet {
        let run_summary = RunSummary {
            summary: &summary,
            baseline: baseline.as_ref(),
            fix_mode: command.fix_mode,
            is_interrupted,
            seconds: started.elapsed().as_secs_f64(),
        };
        // If standard error is closed, only the exit code remains.
        let _ = run_summary.write(command.only_input().as_deref(), streams.errors);
    }
    Ok(if is_interrupted {
        EXIT_INTERRUPTED
    } else {
        command.exit_code(&summary)
    })
}

/// The inputs of a run.
struct Selection {
    inputs: Vec<Result<Input, InputError>>,
    /// Whether the inputs contain every file that the configuration applies to.
    covers_config_root: bool,
}

/// Determines the inputs: the paths of the arguments, else the files that the configuration names, else
/// the current folder; with `--since` or `--staged`, only what is changed in these.
fn select_inputs(
    args: &CheckArgs,
    config_file: Option<&LoadedConfig>,
) -> Result<Selection, CliError> {
    let configured = config_file.filter(|loaded| {
        args.paths.is_empty() && !loaded.has_errors() && !loaded.config.payloads.is_empty()
    });
    let paths = if args.paths.is_empty() {
        vec![PathBuf::from(".")]
    } else {
        args.paths.clone()
    };
    let is_stdin = |path: &&PathBuf| path.as_os_str() == STANDARD_INPUT;
    if paths.iter().filter(is_stdin).count() > 1 {
        return Err(CliError::Message(
            "standard input (`-`) is named twice and can be read once".into(),
        ));
    }
    let changes = match &args.since {
        Some(revision) => Some(GitSelection::Since(revision)),
        None => args.staged.then_some(GitSelection::Staged),
    };
    let covers_config_root = configured.is_none()
        && changes.is_none()
        && config_file.is_some_and(|loaded| paths.iter().any(|path| loaded.is_within(path)));
    let inputs = match (changes, configured) {
        (Some(changes), Some(loaded)) => {
            let files =
                batch::configured_inputs(loaded)
                    .into_iter()
                    .filter_map(|input| match input {
                        Ok(Input::File(path)) => Some(path),
                        _ => None,
                    });
            batch::changed_inputs(changes, &files.collect::<Vec<_>>())?
        }
        (Some(changes), None) => batch::changed_inputs(changes, &paths)?,
        (None, Some(loaded)) => batch::configured_inputs(loaded),
        (None, None) => paths
            .iter()
            .flat_map(|path| batch::discover(path))
            .collect(),
    };
    Ok(Selection {
        inputs,
        covers_config_root,
    })
}

/// The files that a run reads and writes besides payloads.
struct RunFiles {
    /// The baseline that findings are compared with.
    baseline: Option<Baseline>,
    /// The baseline that findings are recorded in.
    new_baseline: Option<Baseline>,
    output: OutputFiles,
}

impl RunFiles {
    fn open(args: &CheckArgs, selection: &Selection) -> Result<Self, CliError> {
        Ok(Self {
            baseline: args.baseline.as_deref().map(Baseline::read).transpose()?,
            new_baseline: args.write_baseline.as_ref().map(|_| Baseline::default()),
            output: OutputFiles::create(args, &selection.inputs)?,
        })
    }
}

/// A `check` command whose configuration is loaded and whose inputs are selected.
struct CheckCommand<'a> {
    args: &'a CheckArgs,
    engine: &'a Engine,
    config_file: Option<&'a LoadedConfig>,
    selection: &'a Selection,
    fix_mode: FixMode,
}

impl CheckCommand<'_> {
    /// Checks the inputs and writes the reports.
    fn check(&self, files: &mut RunFiles, streams: &mut Streams<'_>) -> Result<Summary, CliError> {
        let (args, inputs) = (self.args, &self.selection.inputs);
        let has_colors = self.has_colors(streams);
        let options = self.render_options(streams);
        let output: RefCell<&mut dyn Write> = RefCell::new(&mut *streams.output);
        let errors = RefCell::new(&mut *streams.errors);
        let shows_progress = streams.stderr_is_terminal && !args.quiet && !args.no_progress;
        let mut progress_display = ProgressDisplay::new(shows_progress, total_size(inputs));
        let bar = progress_display.bar();
        let writer_to = |stream| {
            BufWriter::new(ProgressWriter {
                bar: bar.clone(),
                out: SharedWriter(stream),
            })
        };
        let print_error = |text: &[u8]| bar.suspend(|| drop(SharedWriter(&errors).write_all(text)));
        let mut run = Run {
            engine: self.engine,
            config_file: self.config_file,
            covers_config_root: self.selection.covers_config_root,
            fix_mode: self.fix_mode,
            record_mode: args.records.into(),
            limits: ChunkLimits::default(),
            max_decompressed: args.max_decompressed.unwrap_or(batch::MAX_DECOMPRESSED),
            is_interrupted: streams.is_interrupted,
            jobs: args.jobs.unwrap_or_else(available_cores),
            out: &mut writer_to(&output),
            diff_style: if streams.stdout_is_terminal || has_colors {
                DiffStyle::Terminal { has_colors }
            } else {
                DiffStyle::Plain
            },
            // A diff shows the payload, which a redacted report must not.
            on_extraction: &mut |diff| print_error(if args.redact { b"" } else { diff }),
            on_error: &mut |error| print_error(format!("error: {}\n", error.0).as_bytes()),
            on_progress: &mut |progress| progress_display.update(progress),
        };
        let report_stream = if self.fixes_stdin() { &errors } else { &output };
        let OutputFiles {
            reports,
            valid,
            invalid,
            ..
        } = &mut files.output;
        let mut reporters =
            self.create_reporters(reports, options, || Box::new(writer_to(report_stream)))?;
        let mut report_options = ReportOptions {
            fail_level: args.fail_on.level().unwrap_or(Level::Error),
            max_findings: args.max_findings.unwrap_or(usize::MAX),
            is_redacted: args.redact,
            baseline: files.baseline.as_mut(),
            new_baseline: files.new_baseline.as_mut(),
            partition: RecordPartition {
                valid: valid.as_mut().map(|file| file as &mut dyn Write),
                invalid: invalid.as_mut().map(|file| file as &mut dyn Write),
            },
        };
        Ok(run.check(inputs, streams.input, &mut report_options, &mut reporters)?)
    }

    /// Creates the reporters of all formats. With `--diff` there are none.
    fn create_reporters<'w>(
        &'w self,
        files: &'w mut [(Format, AtomicFile)],
        options: RenderOptions,
        writer: impl FnOnce() -> Box<dyn Write + 'w>,
    ) -> Result<Vec<Box<dyn Reporter + 'w>>, CliError> {
        let mut reporters = Vec::new();
        if matches!(self.fix_mode, FixMode::Diff(_)) {
            return Ok(reporters);
        }
        if let Some(format) = stdout_format(self.args)? {
            reporters.push(format.reporter(writer(), options, self.engine.registry()));
        }
        let file_options = RenderOptions {
            width: FILE_WIDTH,
            has_colors: false,
            has_links: false,
            ..options
        };
        for (format, file) in files {
            reporters.push(format.reporter(Box::new(file), file_options, self.engine.registry()));
        }
        Ok(reporters)
    }

    fn has_colors(&self, streams: &Streams<'_>) -> bool {
        match self.args.color {
            Color::Auto => streams.has_colors,
            Color::Always => true,
            Color::Never => false,
        }
    }

    /// The options of a report on a standard stream.
    fn render_options(&self, streams: &Streams<'_>) -> RenderOptions {
        // The properties of the terminal are those of standard output.
        let has_colors = self.has_colors(streams) && !self.fixes_stdin();
        RenderOptions {
            width: streams.width,
            has_colors,
            has_links: streams.has_links && has_colors,
            is_redacted: self.args.redact,
        }
    }

    /// Whether the run writes a fixed payload to standard output, so that the report must go to standard
    /// error.
    fn fixes_stdin(&self) -> bool {
        let reads_stdin = self.selection.inputs.contains(&Ok(Input::Standard));
        matches!(self.fix_mode, FixMode::Apply(_)) && reads_stdin
    }

    /// The name of the input, if there is only one. A broken configuration is the only one.
    fn only_input(&self) -> Option<String> {
        let broken = self.config_file.filter(|loaded| loaded.has_errors());
        match (broken, &self.selection.inputs[..]) {
            (Some(loaded), _) => Some(loaded.name.clone()),
            (None, [Ok(input)]) => Some(input.name()),
            _ => None,
        }
    }

    /// The exit code of a run that was not interrupted.
    fn exit_code(&self, summary: &Summary) -> u8 {
        let is_broken = self.config_file.is_some_and(LoadedConfig::has_errors);
        if summary.unreadable > 0 || summary.unwritten > 0 || summary.rule_failures > 0 || is_broken
        {
            return EXIT_ERROR;
        }
        let highest = Level::ALL
            .into_iter()
            .find(|level| summary.findings_at(*level) > 0);
        let fail_level = self.args.fail_on.level();
        let fails = fail_level.is_some_and(|level| highest >= Some(level));
        let records_baseline = self.args.write_baseline.is_some();
        if fails && !records_baseline {
            EXIT_FINDINGS
        } else {
            EXIT_OK
        }
    }
}

impl FailOn {
    /// The lowest level that fails a run. `None` if no level does.
    fn level(self) -> Option<Level> {
        match self {
            FailOn::Error => Some(Level::Error),
            FailOn::Warning => Some(Level::Warning),
            FailOn::Info => Some(Level::Info),
            FailOn::Never => None,
        }
    }
}

/// The format of the report on standard output, if there is one.
///
/// # Errors
/// If the arguments ask for two of them.
fn stdout_format(args: &CheckArgs) -> Result<Option<Format>, CliError> {
    let mut formats = args.formats.iter().filter(|arg| arg.file.is_none());
    match (formats.next(), formats.next()) {
        (Some(first), Some(second)) => Err(CliError::Message(format!(
            "two reports go to standard output, {} and {}; give one a file: --format {}=FILE",
            first.format.as_str(),
            second.format.as_str(),
            second.format.as_str()
        ))),
        (Some(only), None) => Ok(Some(only.format)),
        (None, _) => Ok(args.formats.is_empty().then_some(Format::Pretty)),
    }
}

/// The number of bytes of all inputs. `None` with standard input, whose size is unknown.
fn total_size(inputs: &[Result<Input, InputError>]) -> Option<u64> {
    let size = |input: &Result<Input, InputError>| match input {
        Ok(Input::File(path) | Input::Found(path)) => {
            Some(fs::metadata(path).map_or(0, |metadata| metadata.len()))
        }
        Ok(Input::Standard) => None,
        Ok(Input::Staged(_)) => Some(0),
        Err(_) => Some(0),
    };
    inputs.iter().map(size).sum()
}

fn available_cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn fix_mode(args: &CheckArgs) -> FixMode {
    match (args.fix, args.diff) {
        (safety, true) => FixMode::Diff(safety.map_or(Safety::Safe, Into::into)),
        (Some(safety), false) => FixMode::Apply(safety.into()),
        (None, false) => FixMode::Report,
    }
}

/// Loads the configuration file of the run, if there is one.
fn load_config_file(
    args: &CheckArgs,
    today: Option<Date>,
    registry: &Registry,
) -> Result<Option<LoadedConfig>, CliError> {
    if args.no_config {
        return Ok(None);
    }
    let first = args.paths.first().map(PathBuf::as_path);
    let start = first
        .filter(|path| path.as_os_str() != STANDARD_INPUT)
        .unwrap_or(Path::new("."));
    let Some(path) = args.config.clone().or_else(|| LoadedConfig::find(start)) else {
        return Ok(None);
    };
    Ok(Some(LoadedConfig::read(&path, today, registry)?))
}

/// The current date, unless the arguments override it. `None` disables the rules about future dates.
fn today(args: &CheckArgs) -> Option<Date> {
    match args.today {
        Some(Today::Unset) => None,
        Some(Today::Day(day)) => Some(day),
        None => Some(jiff::Zoned::now().date()),
    }
}

/// Builds the engine of the run. Arguments override the configuration file.
fn build_engine(
    args: &CheckArgs,
    registry: &Arc<Registry>,
    today: Option<Date>,
    loaded: Option<&mut LoadedConfig>,
) -> Result<Engine, CliError> {
    let domains = &args.partner_domains;
    let overrides = ConfigOverrides {
        today,
        operation: args.operation.map(Into::into),
        partner_domains: (!domains.is_empty()).then(|| domains.clone()),
        declared: Declared {
            kind: args.kind.as_deref().and_then(|id| registry.kind(id)),
            form: args.form.map(Into::into),
        },
    };
    let engine = config_file::build_engine(registry, loaded, overrides);
    let Some(path) = &args.schema else {
        return Ok(engine);
    };
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        CliError::Message(format!("{name}: the schema cannot be read: {error}"))
    })?;
    let schema = Schema::parse(&text)
        .map_err(|error| CliError::Message(format!("{name}: no usable schema: {error}")))?;
    Ok(engine.with_schema(schema))
}
