//! `countersign check`: maps the arguments to a run of [`crate::batch`] and its result to an exit code.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use jiff::civil::Date;

use super::check_args::{CheckArgs, Color, FormatArg, Today};
use super::error::{CliError, EXIT_ERROR, EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_OK};
use super::output_files::OutputFiles;
use super::progress::{ProgressDisplay, ProgressWriter};
use super::run_info::run_info;
use super::selection::{Selection, build_engine, load_config_file, start_path};
use super::streams::{SharedWriter, Streams};
use super::summary::RunSummary;
use crate::batch::{
    self, AtomicFile, Baseline, FixMode, Input, RecordPartition, ReportOptions, Run,
};
use crate::config::FailOn;
use crate::config_file::LoadedConfig;
use crate::engine::Engine;
use crate::finding::{Level, Safety};
use crate::fix::DiffStyle;
use crate::output::{Format, RenderOptions, Reporter, RunInfo, Summary, escape_unprintable};
use crate::path::{InputError, ReportRoot};
use crate::registry::Registry;

/// The width in columns of a report that is written to a file.
const FILE_WIDTH: usize = 100;

/// The maximum number of findings that are shown on a terminal, unless the arguments give another one.
const MAX_ON_TERMINAL: usize = 50;

/// The maximum number of results in a SARIF log, unless the arguments give a maximum: code scanning accepts no more.
const MAX_SARIF_RESULTS: usize = 5000;

/// Which of the selected inputs are checked.
pub(super) enum Changes {
    /// All of them.
    All,
    /// The files at these absolute paths.
    Only(HashSet<PathBuf>),
}

/// Runs the command and returns the exit code. Without an input among the changes, nothing is done.
pub(super) fn run(
    args: &CheckArgs,
    changes: &Changes,
    registry: &Arc<Registry>,
    streams: &mut Streams<'_>,
) -> Result<u8, CliError> {
    let started = Instant::now();
    let today = today(args);
    let mut config_file = load_config_file(args, today, registry)?;
    let engine = build_engine(args, registry, today, config_file.as_mut())?;
    if !args.quiet {
        warn_of_unknown_formats(&engine, streams);
    }
    let config_file = config_file.as_ref();
    let mut selection = Selection::new(args, config_file)?;
    let root = ReportRoot::find(start_path(args));
    let formats = formats(args, config_file)?;
    selection.leave_out_found(&OutputFiles::paths(args, &formats));
    if !select_changes(&mut selection, changes, &formats) {
        return Ok(EXIT_OK);
    }
    let mut files = RunFiles::open(args, &formats, &selection)?;
    let command = CheckCommand {
        args,
        formats: &formats,
        engine: &engine,
        root: &root,
        config_file,
        selection: &selection,
        fix_mode: fix_mode(args),
        run_info: run_info(started, &args.command_line, config_file),
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
            width: streams.width,
            is_terminal: streams.stdout_is_terminal,
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

fn warn_of_unknown_formats(engine: &Engine, streams: &mut Streams<'_>) {
    for format in engine.unknown_formats() {
        let note =
            format!("warning: the format `{format}` of a schema is unknown and not checked\n");
        // If standard error is closed, the warning is lost, and the check is not.
        let _ = streams.errors.write_all(note.as_bytes());
    }
}

/// Keeps only the inputs that changed. Returns whether there are any.
fn select_changes(selection: &mut Selection, changes: &Changes, formats: &[FormatArg]) -> bool {
    let Changes::Only(paths) = changes else {
        return true;
    };
    // A report in a file is about all inputs.
    let has_report_files = formats.iter().any(|format| format.file.is_some());
    let has_changes = selection.contains_any(paths);
    if has_changes && !has_report_files {
        selection.retain(paths);
    }
    has_changes
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
    fn open(
        args: &CheckArgs,
        formats: &[FormatArg],
        selection: &Selection,
    ) -> Result<Self, CliError> {
        Ok(Self {
            baseline: args.baseline.as_deref().map(Baseline::read).transpose()?,
            new_baseline: args.write_baseline.as_ref().map(|_| Baseline::default()),
            output: OutputFiles::create(args, formats, &selection.inputs)?,
        })
    }
}

/// A `check` command whose configuration is loaded and whose inputs are selected.
struct CheckCommand<'a> {
    args: &'a CheckArgs,
    formats: &'a [FormatArg],
    engine: &'a Engine,
    root: &'a ReportRoot,
    config_file: Option<&'a LoadedConfig>,
    selection: &'a Selection,
    fix_mode: FixMode,
    run_info: RunInfo,
}

impl CheckCommand<'_> {
    /// Checks the inputs and writes the reports.
    fn check(&self, files: &mut RunFiles, streams: &mut Streams<'_>) -> Result<Summary, CliError> {
        let (args, inputs) = (self.args, &self.selection.inputs);
        let diff_style = diff_style(streams.stdout_is_terminal, self.has_colors(streams));
        let options = self.render_options(streams);
        let output: RefCell<&mut dyn Write> = RefCell::new(&mut *streams.output);
        let errors = RefCell::new(&mut *streams.errors);
        let is_shown = streams.stderr_is_terminal && !args.quiet && !args.no_progress;
        let mut progress = ProgressDisplay::new(is_shown, total_size(inputs));
        let bar = progress.bar();
        let writer_to = |stream| {
            BufWriter::new(ProgressWriter {
                bar: bar.clone(),
                out: SharedWriter(stream),
            })
        };
        let print_error = |text: &[u8]| bar.suspend(|| drop(SharedWriter(&errors).write_all(text)));
        let mut run = Run {
            config_file: self.config_file,
            covers_config_root: self.selection.covers_config_root,
            fix_mode: self.fix_mode,
            record_mode: args.records.into(),
            max_decompressed: args.max_decompressed.unwrap_or(batch::MAX_DECOMPRESSED),
            is_interrupted: streams.is_interrupted,
            jobs: args.jobs.unwrap_or_else(available_cores),
            out: Box::new(writer_to(&output)),
            diff_style,
            // A diff shows the payload, which a redacted report must not.
            on_extraction: Box::new(|diff| print_error(if args.redact { b"" } else { diff })),
            on_unrecognised: Box::new(|name| {
                let note = self.unrecognised_note(name).unwrap_or_default();
                print_error(note.as_bytes());
            }),
            on_error: Box::new(|error| {
                print_error(format!("error: {}\n", error.0).as_bytes());
            }),
            on_progress: Box::new(|current| progress.update(current)),
            ..Run::new(self.engine, self.root)
        };
        let stream = if self.fixes_stdin() { &errors } else { &output };
        let OutputFiles {
            reports,
            valid,
            invalid,
            ..
        } = &mut files.output;
        let writer = || -> Box<dyn Write + '_> { Box::new(writer_to(stream)) };
        let mut reporters = self.create_reporters(reports, options, writer)?;
        let mut report_options = ReportOptions {
            fail_level: self.fail_on().level().unwrap_or(Level::Error),
            max_findings: self.explicit_limit().unwrap_or(usize::MAX),
            is_redacted: args.redact,
            baseline: files.baseline.as_mut(),
            new_baseline: files.new_baseline.as_mut(),
            partition: partition(valid, invalid, args.invalid_out_findings),
            ..ReportOptions::default()
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
        if let Some(format) = stdout_format(self.formats)? {
            reporters.push(format.reporter(writer(), options, self.engine.registry()));
        }
        let file_options = RenderOptions {
            width: FILE_WIDTH,
            has_colors: false,
            has_links: false,
            max_findings: self.explicit_limit(),
            ..options
        };
        for (format, file) in files {
            reporters.push(format.reporter(Box::new(file), file_options, self.engine.registry()));
        }
        for reporter in &mut reporters {
            reporter.begin(&self.run_info);
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
            max_findings: self.max_findings(streams.stdout_is_terminal),
            max_results: match self.args.max_findings {
                None => Some(MAX_SARIF_RESULTS),
                Some(_) => None,
            },
        }
    }

    /// Whether the run writes a fixed payload to standard output, so that the report must go to standard
    /// error.
    fn fixes_stdin(&self) -> bool {
        let is_stdin = |input: &Result<Input, InputError>| matches!(input, Ok(Input::Standard(_)));
        let reads_stdin = self.selection.inputs.iter().any(is_stdin);
        matches!(self.fix_mode, FixMode::Apply(_)) && reads_stdin
    }

    /// The name of the input, if there is only one. A broken configuration is the only one.
    fn only_input(&self) -> Option<String> {
        let broken = self.config_file.filter(|loaded| loaded.has_errors());
        match (broken, &self.selection.inputs[..]) {
            (Some(loaded), _) => Some(loaded.name.clone()),
            (None, [Ok(input)]) => Some(input.name(self.root)),
            _ => None,
        }
    }

    /// The maximum number of findings that the arguments give.
    fn explicit_limit(&self) -> Option<usize> {
        self.args.max_findings.filter(|count| *count > 0)
    }

    /// The maximum number of findings that a report for people shows on standard output.
    fn max_findings(&self, stdout_is_terminal: bool) -> Option<usize> {
        match self.args.max_findings {
            Some(_) => self.explicit_limit(),
            None => stdout_is_terminal.then_some(MAX_ON_TERMINAL),
        }
    }

    /// What is printed for a file without a payload.
    fn unrecognised_note(&self, name: &str) -> Option<String> {
        let name = escape_unprintable(name);
        let note = || format!("not recognised as a payload: {name}\n");
        self.args.verbose.then(note)
    }

    /// Which findings fail the run.
    fn fail_on(&self) -> FailOn {
        let configured = self.config_file.and_then(|loaded| loaded.config.fail_on);
        let given = self.args.fail_on.map(Into::into);
        given.or(configured).unwrap_or(FailOn::Level(Level::Error))
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
        let fail_level = self.fail_on().level();
        let fails = fail_level.is_some_and(|level| highest >= Some(level));
        let records_baseline = self.args.write_baseline.is_some();
        if fails && !records_baseline {
            EXIT_FINDINGS
        } else {
            EXIT_OK
        }
    }
}

/// The format of the report on standard output, if there is one.
///
/// # Errors
/// If the arguments ask for two of them.
fn stdout_format(formats: &[FormatArg]) -> Result<Option<Format>, CliError> {
    let mut to_stdout = formats.iter().filter(|arg| arg.file.is_none());
    match (to_stdout.next(), to_stdout.next()) {
        (Some(first), Some(second)) => Err(CliError::Message(format!(
            "two reports go to standard output, {} and {}; give one a file: --format {}=FILE",
            first.format.as_str(),
            second.format.as_str(),
            second.format.as_str()
        ))),
        (Some(only), None) => Ok(Some(only.format)),
        (None, _) => Ok(formats.is_empty().then_some(Format::Pretty)),
    }
}

/// The reports of the run: those of the arguments, else those of the configuration. A diff takes the place of all.
fn formats(
    args: &CheckArgs,
    config_file: Option<&LoadedConfig>,
) -> Result<Vec<FormatArg>, CliError> {
    let configured =
        config_file.filter(|loaded| args.formats.is_empty() && !args.diff && !loaded.has_errors());
    let Some(loaded) = configured else {
        return Ok(args.formats.clone());
    };
    let folder = loaded.folder();
    let formats = loaded.config.formats.iter().map(|text| {
        let format = FormatArg::from_config(text, &folder);
        format.ok_or_else(|| {
            CliError::Message(format!("{}: there is no format `{text}`", loaded.name))
        })
    });
    formats.collect()
}

fn partition<'f>(
    valid: &'f mut Option<AtomicFile>,
    invalid: &'f mut Option<AtomicFile>,
    has_findings: bool,
) -> RecordPartition<'f> {
    RecordPartition {
        valid: valid.as_mut().map(|file| file as &mut dyn Write),
        invalid: invalid.as_mut().map(|file| file as &mut dyn Write),
        has_findings,
    }
}

fn diff_style(stdout_is_terminal: bool, has_colors: bool) -> DiffStyle {
    match stdout_is_terminal || has_colors {
        true => DiffStyle::Terminal { has_colors },
        false => DiffStyle::Plain,
    }
}

/// The number of bytes of all inputs. `None` with standard input, whose size is unknown.
fn total_size(inputs: &[Result<Input, InputError>]) -> Option<u64> {
    let size = |input: &Result<Input, InputError>| match input {
        Ok(Input::File(path) | Input::Found(path)) => {
            Some(fs::metadata(path).map_or(0, |metadata| metadata.len()))
        }
        Ok(Input::Standard(_)) => None,
        Ok(Input::Staged(_) | Input::Provided(_)) => Some(0),
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

/// The current date, unless the arguments override it. `None` disables the rules about future dates.
fn today(args: &CheckArgs) -> Option<Date> {
    match args.today {
        Some(Today::Unset) => None,
        Some(Today::Day(day)) => Some(day),
        None => Some(jiff::Zoned::now().date()),
    }
}
