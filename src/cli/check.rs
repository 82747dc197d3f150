//! `countersign check`: what the flags ask for, as a run, and what the run comes to.

use std::cell::RefCell;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Instant;

use jiff::civil::Date;

use super::arguments::{Check, Color, FailOn, FormatTo, Today};
use super::progress::{Beside, Meter};
use super::{CLEAN, FINDINGS, Failure, INTERRUPTED, Streams, TROUBLE, tally};
use crate::batch::{
    self, AtomicFile, Baseline, ChunkLimits, FixMode, GitSelection, Input, RecordPartition,
    ReportOptions, Run, STANDARD_INPUT,
};
use crate::config_file::{ConfigOverrides, LoadedConfig, build_engine};
use crate::engine::Engine;
use crate::finding::{Level, Safety};
use crate::fix::DiffStyle;
use crate::output::{Format, Reporter, Screen, Summary, printable};
use crate::path::InputError;
use crate::payload::Stated;
use crate::schema::Schema;

/// How many entries of a baseline that are no more are named.
const GONE_SHOWN: usize = 10;

/// Carries the command out and returns the exit code.
pub(super) fn run(check: &Check, streams: &mut Streams<'_>) -> Result<u8, Failure> {
    let started = Instant::now();
    let today = today_for(check);
    let mut settings = settings_for(check, today)?;
    let engine = engine_of(check, today, settings.as_mut())?;
    let named = settings.as_ref().filter(|settings| {
        check.paths.is_empty() && !settings.has_errors() && !settings.config.payloads.is_empty()
    });
    let paths = if check.paths.is_empty() {
        vec![PathBuf::from(".")]
    } else {
        check.paths.clone()
    };
    let is_standard = |path: &&PathBuf| path.as_os_str() == STANDARD_INPUT;
    if paths.iter().filter(is_standard).count() > 1 {
        return Err(Failure::Work(
            "standard input (`-`) is named twice and can be read once".into(),
        ));
    }
    let changes = match &check.since {
        Some(revision) => Some(GitSelection::Since(revision)),
        None => check.staged.then_some(GitSelection::Staged),
    };
    let inputs: Vec<_> = match (changes, named) {
        (Some(changes), Some(settings)) => {
            let files = batch::configured_inputs(settings)
                .into_iter()
                .filter_map(|input| match input {
                    Ok(Input::File(path)) => Some(path),
                    _ => None,
                });
            batch::changed_inputs(changes, &files.collect::<Vec<_>>())?
        }
        (Some(changes), None) => batch::changed_inputs(changes, &paths)?,
        (None, Some(settings)) => batch::configured_inputs(settings),
        (None, None) => paths
            .iter()
            .flat_map(|path| batch::discover(path))
            .collect(),
    };
    let is_whole = named.is_none()
        && changes.is_none()
        && settings
            .as_ref()
            .is_some_and(|settings| paths.iter().any(|path| settings.is_within(path)));
    let mut known = check.baseline.as_deref().map(Baseline::read).transpose()?;
    let mut recorded = check.write_baseline.as_ref().map(|_| Baseline::default());
    let mut places = Places::create(check, &inputs)?;
    let fixing = fixing_for(check);
    let summary = {
        let output: RefCell<&mut dyn Write> = RefCell::new(&mut *streams.output);
        let errors = RefCell::new(&mut *streams.errors);
        // A mended payload needs standard output for itself.
        let is_mending_a_stream =
            matches!(fixing, FixMode::Apply(_)) && inputs.contains(&Ok(Input::Standard));
        let is_watched = streams.has_watcher && !check.quiet && !check.no_progress;
        let mut meter = Meter::new(is_watched, sizes_of(&inputs));
        let bar = meter.bar();
        let told = || Beside {
            bar: bar.clone(),
            out: Shared(if is_mending_a_stream {
                &errors
            } else {
                &output
            }),
        };
        let has_colors = match check.color {
            Color::Auto => streams.has_colors,
            Color::Always => true,
            Color::Never => false,
        };
        let screen = Screen {
            width: streams.width,
            has_colors: has_colors && !is_mending_a_stream,
            has_links: streams.has_links && has_colors && !is_mending_a_stream,
            is_redacted: check.redact,
        };
        let mut run = Run {
            engine: &engine,
            config_file: settings.as_ref(),
            covers_config_root: is_whole,
            fix_mode: fixing,
            record_mode: check.records.into(),
            limits: ChunkLimits::default(),
            max_decompressed: check.max_decompressed.unwrap_or(batch::MAX_DECOMPRESSED),
            is_interrupted: streams.is_interrupted,
            jobs: check.jobs.unwrap_or_else(|| {
                std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
            }),
            out: &mut BufWriter::new(Beside {
                bar: bar.clone(),
                out: Shared(&output),
            }),
            diff_style: if streams.is_terminal || has_colors {
                DiffStyle::Terminal { has_colors }
            } else {
                DiffStyle::Plain
            },
            on_error: &mut |trouble| {
                bar.suspend(|| {
                    let _ = writeln!(Shared(&errors), "error: {}", trouble.0);
                });
            },
            on_progress: &mut |progress| meter.tell(progress),
        };
        let mut reporters: Vec<Box<dyn Reporter + '_>> = Vec::new();
        if !matches!(fixing, FixMode::Diff(_)) {
            if let Some(format) = format_for_output(check)? {
                reporters.push(format.reporter(Box::new(BufWriter::new(told())), screen));
            }
            for (format, place) in &mut places.reports {
                // A file has no colours, and no end on the right.
                let paper = Screen {
                    width: 100,
                    has_colors: false,
                    has_links: false,
                    ..screen
                };
                reporters.push(format.reporter(Box::new(place), paper));
            }
        }
        let mut telling = ReportOptions {
            fail_level: check.fail_on.level().unwrap_or(Level::Error),
            max_findings: check.max_findings.unwrap_or(usize::MAX),
            is_redacted: check.redact,
            baseline: known.as_mut(),
            new_baseline: recorded.as_mut(),
            partition: RecordPartition {
                valid: places.valid.as_mut().map(|place| place as &mut dyn Write),
                invalid: places.invalid.as_mut().map(|place| place as &mut dyn Write),
            },
        };
        run.check(&inputs, streams.input, &mut telling, &mut reporters)?
    };
    let is_interrupted = streams.is_interrupted.load(Ordering::Relaxed);
    places.commit(is_interrupted, recorded.as_ref())?;
    if !check.quiet {
        let outcome = Outcome {
            summary: &summary,
            known: known.as_ref(),
            fixing,
            is_interrupted,
            seconds: started.elapsed().as_secs_f64(),
        };
        let broken = settings.as_ref().filter(|settings| settings.has_errors());
        let only = match (broken, &inputs[..]) {
            (Some(settings), _) => Some(settings.name.clone()),
            (None, [Ok(input)]) => Some(input.name()),
            _ => None,
        };
        // If standard error is gone, the exit code has to do.
        let _ = outcome.tell(only.as_deref(), streams.errors);
    }
    if is_interrupted {
        return Ok(INTERRUPTED);
    }
    let is_broken = settings.as_ref().is_some_and(LoadedConfig::has_errors);
    if summary.unreadable > 0 || summary.unwritten > 0 || summary.failed > 0 || is_broken {
        return Ok(TROUBLE);
    }
    let loudest = Level::ALL.into_iter().find(|level| summary.at(*level) > 0);
    let fails = check
        .fail_on
        .level()
        .is_some_and(|level| loudest >= Some(level));
    let is_recorded = check.write_baseline.is_some();
    Ok(if fails && !is_recorded {
        FINDINGS
    } else {
        CLEAN
    })
}

impl FailOn {
    /// The lowest level that fails a run, if one does.
    fn level(self) -> Option<Level> {
        match self {
            FailOn::Error => Some(Level::Error),
            FailOn::Warning => Some(Level::Warning),
            FailOn::Info => Some(Level::Info),
            FailOn::Never => None,
        }
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Failure::Work(error.0)
    }
}

/// A stream that several write to, each when the others are done.
struct Shared<'a, 's>(&'a RefCell<&'a mut (dyn Write + 's)>);

impl Write for Shared<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

/// The files that a run makes. None is in its place before [`Places::commit`].
struct Places {
    reports: Vec<(Format, AtomicFile)>,
    valid: Option<AtomicFile>,
    invalid: Option<AtomicFile>,
    baseline: Option<AtomicFile>,
}

impl Places {
    fn create(check: &Check, inputs: &[Result<Input, InputError>]) -> Result<Self, Failure> {
        let mut taken: Vec<PathBuf> = inputs
            .iter()
            .filter_map(|input| match input {
                Ok(Input::File(path) | Input::Found(path)) => fs::canonicalize(path).ok(),
                _ => None,
            })
            .collect();
        let mut create = |path: &Path| {
            let resolved = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
            if taken.contains(&resolved) {
                return Err(Failure::Work(format!(
                    "{}: this file is checked, or written to already; name another one",
                    path.display()
                )));
            }
            taken.push(resolved);
            AtomicFile::create(path).map_err(Failure::Output)
        };
        let mut reports = Vec::new();
        for FormatTo { format, file } in &check.formats {
            if let Some(file) = file {
                reports.push((*format, create(file)?));
            }
        }
        // A baseline may be read and written by the same run.
        Ok(Self {
            reports,
            valid: check.valid_out.as_deref().map(&mut create).transpose()?,
            invalid: check.invalid_out.as_deref().map(&mut create).transpose()?,
            baseline: check.write_baseline.as_deref().map(create).transpose()?,
        })
    }

    /// Puts the files in their places. Of a run that was interrupted only its reports are kept, since
    /// they say what they are of.
    fn commit(self, is_interrupted: bool, recorded: Option<&Baseline>) -> io::Result<()> {
        for (_, place) in self.reports {
            place.commit()?;
        }
        if is_interrupted {
            return Ok(());
        }
        if let (Some(mut place), Some(recorded)) = (self.baseline, recorded) {
            recorded.write(&mut place)?;
            place.commit()?;
        }
        for place in [self.valid, self.invalid].into_iter().flatten() {
            place.commit()?;
        }
        Ok(())
    }
}

/// The format of the report that goes to standard output, if one does.
fn format_for_output(check: &Check) -> Result<Option<Format>, Failure> {
    let mut formats = check.formats.iter().filter(|to| to.file.is_none());
    match (formats.next(), formats.next()) {
        (Some(first), Some(second)) => Err(Failure::Work(format!(
            "two reports go to standard output, {} and {}; give one a file: --format {}=FILE",
            first.format.as_str(),
            second.format.as_str(),
            second.format.as_str()
        ))),
        (Some(only), None) => Ok(Some(only.format)),
        (None, _) => Ok(check.formats.is_empty().then_some(Format::Pretty)),
    }
}

/// How many bytes there are to read, where that can be known.
fn sizes_of(inputs: &[Result<Input, InputError>]) -> Option<u64> {
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

/// What a run came to.
struct Outcome<'o> {
    summary: &'o Summary,
    known: Option<&'o Baseline>,
    fixing: FixMode,
    is_interrupted: bool,
    seconds: f64,
}

impl Outcome<'_> {
    fn tell(&self, only: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
        let summary = self.summary;
        let mut gone = self.known.into_iter().flat_map(Baseline::resolved);
        for entry in gone.by_ref().take(GONE_SHOWN) {
            writeln!(out, "gone from the baseline: {}", printable(&entry))?;
        }
        let more = gone.count();
        if more > 0 {
            writeln!(out, "gone from the baseline: {more} more")?;
        }
        if self.is_interrupted {
            writeln!(out, "interrupted: {} so far", summary.counted())?;
        } else {
            writeln!(out, "{}", tally::sum_up(summary, only, self.fixing))?;
        }
        if summary.all_records() > 1 {
            tally::tell(summary, self.seconds, out)?;
        }
        Ok(())
    }
}

fn fixing_for(check: &Check) -> FixMode {
    match (check.fix, check.diff) {
        (fix, true) => FixMode::Diff(fix.map_or(Safety::Safe, Into::into)),
        (Some(fix), false) => FixMode::Apply(fix.into()),
        (None, false) => FixMode::Report,
    }
}

/// The configuration file that counts for a check, if there is one.
fn settings_for(check: &Check, today: Option<Date>) -> Result<Option<LoadedConfig>, Failure> {
    if check.no_config {
        return Ok(None);
    }
    let first = check.paths.first().map(PathBuf::as_path);
    let start = first
        .filter(|path| path.as_os_str() != STANDARD_INPUT)
        .unwrap_or(Path::new("."));
    let Some(path) = check.config.clone().or_else(|| LoadedConfig::find(start)) else {
        return Ok(None);
    };
    LoadedConfig::read(&path, today)
        .map(Some)
        .map_err(|trouble| Failure::Work(trouble.0))
}

fn today_for(check: &Check) -> Option<Date> {
    match check.today {
        Some(Today::Unset) => None,
        Some(Today::Day(day)) => Some(day),
        None => Some(jiff::Zoned::now().date()),
    }
}

/// The engine for a check: what flags say beats what the configuration file says.
fn engine_of(
    check: &Check,
    today: Option<Date>,
    settings: Option<&mut LoadedConfig>,
) -> Result<Engine, Failure> {
    let domains = &check.partner_domains;
    let overrides = ConfigOverrides {
        today,
        operation: check.operation.map(Into::into),
        partner_domains: (!domains.is_empty()).then(|| domains.clone()),
        stated: Stated {
            kind: check.kind.map(Into::into),
            form: check.form.map(Into::into),
        },
    };
    let engine = build_engine(settings, overrides);
    let Some(path) = &check.schema else {
        return Ok(engine);
    };
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Work(format!("{name}: the schema cannot be read: {error}")))?;
    let schema = Schema::parse(&text)
        .map_err(|error| Failure::Work(format!("{name}: no usable schema: {error}")))?;
    Ok(engine.with_schema(schema))
}
