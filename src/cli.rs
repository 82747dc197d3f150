//! The command line: arguments in, streams and an exit code out. Nothing here but `main` knows a
//! process, so the whole program is tested within one.

mod arguments;
mod page;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;
use clap::error::ErrorKind;

use jiff::civil::Date;

use crate::batch::settings::{FILE_NAME, Settings};
use crate::batch::{self, Fixing, Input, Run, STANDARD_INPUT, Sizes};
use crate::config::Config;
use crate::engine::Engine;
use crate::finding::{Level, Safety};
use crate::fix::Style;
use crate::output::{Format, Screen, Summary};
use crate::payload::Stated;
use crate::rules::{self, RULES};
use crate::schema::{self, Schema};
use crate::spelling;
use arguments::{Arguments, Check, Color, Command, FailOn, RulesFormat, Today};

/// Nothing at or above the level that fails a run.
pub const CLEAN: u8 = 0;
/// Findings at or above that level.
pub const FINDINGS: u8 = 1;
/// The work could not be done.
pub const TROUBLE: u8 = 2;

/// Somebody wanted the program to end.
pub const INTERRUPTED: u8 = 130;

/// Where the program reads and writes, and what kind of place that is.
pub struct Streams<'s> {
    /// Standard input.
    pub input: &'s mut dyn Read,
    /// Standard output.
    pub output: &'s mut (dyn Write + 's),
    /// Standard error.
    pub errors: &'s mut (dyn Write + 's),
    /// Whether standard output shows colours, unless a flag says otherwise.
    pub has_colors: bool,
    /// Whether standard output is one that people look at.
    pub is_terminal: bool,
    /// How many columns standard output has.
    pub width: usize,
    /// Tells, once it is set, that somebody wants the program to end.
    pub is_interrupted: &'s AtomicBool,
}

/// Runs the program with its arguments, the program's own name first, and returns the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return explain_usage(&error, streams),
    };
    let outcome = match arguments.command {
        Command::Check(check) => run_check(&check, streams),
        Command::Rules { format } => list_rules(format, streams),
        Command::Explain { rule } => explain_rule(&rule, streams),
        Command::Init => write_settings(streams),
        Command::Schema { kind } => print_schema(kind.into(), streams),
    };
    match outcome {
        Ok(code) => code,
        // Whoever read us has read enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => TROUBLE,
        Err(Failure::Output(error)) => {
            complain(streams, &format!("output cannot be written: {error}"))
        }
        Err(Failure::Work(message)) => complain(streams, &message),
    }
}

/// Why a command could not be carried out.
enum Failure {
    /// Standard output or a report's file took no more.
    Output(io::Error),
    /// Anything else, in a sentence.
    Work(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

fn complain(streams: &mut Streams<'_>, message: &str) -> u8 {
    // If standard error is gone too, the exit code has to do.
    let _ = writeln!(streams.errors, "error: {message}");
    TROUBLE
}

fn explain_usage(error: &clap::Error, streams: &mut Streams<'_>) -> u8 {
    let text = error.render();
    let is_asked = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    let _ = if is_asked {
        if streams.has_colors {
            write!(streams.output, "{}", text.ansi())
        } else {
            write!(streams.output, "{text}")
        }
    } else {
        write!(streams.errors, "{text}")
    };
    if is_asked { CLEAN } else { TROUBLE }
}

fn run_check(check: &Check, streams: &mut Streams<'_>) -> Result<u8, Failure> {
    let today = today_for(check);
    let mut settings = settings_for(check, today)?;
    let engine = engine_for(check, today, settings.as_mut())?;
    let named = settings.as_ref().filter(|settings| {
        check.paths.is_empty() && !settings.is_broken() && !settings.config.payloads.is_empty()
    });
    let paths = if check.paths.is_empty() {
        vec![PathBuf::from(".")]
    } else {
        check.paths.clone()
    };
    if paths
        .iter()
        .filter(|path| path.as_os_str() == STANDARD_INPUT)
        .count()
        > 1
    {
        return Err(Failure::Work(
            "standard input (`-`) is named twice and can be read once".into(),
        ));
    }
    let inputs: Vec<_> = match named {
        Some(settings) => settings.inputs(),
        None => paths
            .iter()
            .flat_map(|path| batch::inputs_at(path))
            .collect(),
    };
    let has_colors = match check.color {
        Color::Auto => streams.has_colors,
        Color::Always => true,
        Color::Never => false,
    };
    let format: Format = check.format.into();
    let fixing = fixing_for(check);
    // A mended payload needs standard output for itself.
    let is_mending_a_stream =
        matches!(fixing, Fixing::Make(_)) && inputs.contains(&Ok(Input::Standard));
    let screen = Screen {
        width: streams.width,
        has_colors: has_colors && !is_mending_a_stream,
    };
    let summary = {
        let output = RefCell::new(&mut *streams.output);
        let errors = RefCell::new(&mut *streams.errors);
        let told = if is_mending_a_stream {
            Shared(&errors)
        } else {
            Shared(&output)
        };
        let mut run = Run {
            engine: &engine,
            settings: settings.as_ref(),
            is_whole: named.is_none()
                && settings
                    .as_ref()
                    .is_some_and(|settings| paths.iter().any(|path| settings.is_whole(path))),
            fixing,
            records: check.records.into(),
            sizes: Sizes::default(),
            max_expanded: check.max_decompressed.unwrap_or(batch::MAX_EXPANDED),
            is_interrupted: streams.is_interrupted,
            jobs: check.jobs.unwrap_or_else(|| {
                std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
            }),
            max_findings: check.max_findings.unwrap_or(usize::MAX),
            out: &mut BufWriter::new(Shared(&output)),
            style: if streams.is_terminal || has_colors {
                Style::Shown { has_colors }
            } else {
                Style::Plain
            },
            on_trouble: &mut |trouble| {
                let _ = writeln!(Shared(&errors), "error: {}", trouble.0);
            },
        };
        let mut reporters = Vec::new();
        if !matches!(fixing, Fixing::Show(_)) {
            reporters.push(format.reporter(Box::new(BufWriter::new(told)), screen));
        }
        run.check(&inputs, streams.input, &mut reporters)?
    };
    if !check.quiet {
        let broken = settings.as_ref().filter(|settings| settings.is_broken());
        let only = match (broken, &inputs[..]) {
            (Some(settings), _) => Some(settings.name.clone()),
            (None, [Ok(input)]) => Some(input.name()),
            _ => None,
        };
        let _ = writeln!(
            streams.errors,
            "{}",
            if streams.is_interrupted.load(Ordering::Relaxed) {
                format!("interrupted: {} so far", summary.counted())
            } else {
                sum_up(&summary, only.as_deref(), fixing)
            }
        );
    }
    if streams.is_interrupted.load(Ordering::Relaxed) {
        return Ok(INTERRUPTED);
    }
    let is_broken = settings.as_ref().is_some_and(Settings::is_broken);
    if summary.unreadable > 0 || summary.unwritten > 0 || is_broken {
        return Ok(TROUBLE);
    }
    let loudest = Level::ALL.into_iter().find(|level| summary.at(*level) > 0);
    let fails = match check.fail_on {
        FailOn::Error => loudest >= Some(Level::Error),
        FailOn::Warning => loudest >= Some(Level::Warning),
        FailOn::Info => loudest >= Some(Level::Info),
        FailOn::Never => false,
    };
    Ok(if fails { FINDINGS } else { CLEAN })
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

fn fixing_for(check: &Check) -> Fixing {
    match (check.fix, check.diff) {
        (fix, true) => Fixing::Show(fix.map_or(Safety::Safe, Into::into)),
        (Some(fix), false) => Fixing::Make(fix.into()),
        (None, false) => Fixing::Offer,
    }
}

/// The configuration file that counts for a check, if there is one.
fn settings_for(check: &Check, today: Option<Date>) -> Result<Option<Settings>, Failure> {
    if check.no_config {
        return Ok(None);
    }
    let first = check.paths.first().map(PathBuf::as_path);
    let start = first
        .filter(|path| path.as_os_str() != STANDARD_INPUT)
        .unwrap_or(Path::new("."));
    let Some(path) = check.config.clone().or_else(|| Settings::find(start)) else {
        return Ok(None);
    };
    Settings::read(&path, today)
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
fn engine_for(
    check: &Check,
    today: Option<Date>,
    settings: Option<&mut Settings>,
) -> Result<Engine, Failure> {
    let (mut config, schemas) = match settings {
        Some(settings) => (
            settings.config.clone(),
            std::mem::take(&mut settings.schemas),
        ),
        None => (Config::default(), Vec::new()),
    };
    let context = &mut config.context;
    context.today = today;
    context.operation = check.operation.map(Into::into).or(context.operation);
    if !check.partner_domains.is_empty() {
        context.partner_domains = check.partner_domains.clone();
    }
    config.stated = Stated {
        kind: check.kind.map(Into::into),
        form: check.form.map(Into::into),
    };
    let mut engine = Engine::new(config);
    for (path, schema) in schemas {
        engine = engine.with_file_schema(path, schema);
    }
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

/// Writes the commented configuration file.
fn write_settings(streams: &mut Streams<'_>) -> Result<u8, Failure> {
    let text = include_str!("cli/countersign.toml");
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create_new(true).open(FILE_NAME);
    let refused = |error: io::Error| {
        let why = match error.kind() {
            io::ErrorKind::AlreadyExists => "it is here already, and stays as it is".into(),
            _ => error.to_string(),
        };
        Failure::Work(format!("{FILE_NAME} is not written: {why}"))
    };
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(refused)?;
    writeln!(
        streams.errors,
        "{FILE_NAME} is written; every setting in it is commented out"
    )?;
    Ok(CLEAN)
}

/// The run in one line.
fn sum_up(summary: &Summary, only: Option<&str>, fixing: Fixing) -> String {
    let mut parts = vec![summary.counted()];
    let fixed = summary.fixed;
    match fixing {
        Fixing::Offer => {}
        Fixing::Make(_) => parts.push(format!("{fixed} fixed")),
        Fixing::Show(_) => parts.push(format!("{fixed} would be fixed")),
    }
    // What was asked for was made or shown: the rest takes more, or could not be written.
    let safe = match fixing {
        Fixing::Show(_) => 0,
        _ => summary.safe_fixes,
    };
    let risky = match fixing {
        Fixing::Show(Safety::Unsafe) => 0,
        _ => summary.unsafe_fixes,
    };
    match (safe, risky) {
        (0, 0) => {}
        (0, risky) => parts.push(format!("{risky} with an unsafe fix (--fix=unsafe)")),
        (safe, 0) => parts.push(format!("{safe} with a safe fix (--fix)")),
        (safe, risky) => parts.push(format!(
            "{safe} with a safe fix (--fix), {risky} with an unsafe one (--fix=unsafe)"
        )),
    }
    if summary.hidden > 0 {
        parts.push(format!("{} not shown", summary.hidden));
    }
    if summary.unreadable > 0 {
        parts.push(format!("{} not readable", summary.unreadable));
    }
    if summary.unwritten > 0 {
        parts.push(format!("{} not written", summary.unwritten));
    }
    let what = match (only, summary.files) {
        (Some(name), 1) => name.to_owned(),
        (_, 1) => "1 file".into(),
        (_, files) => format!("{files} files"),
    };
    format!("{}: {}", crate::output::printable(&what), parts.join("; "))
}

fn list_rules(format: RulesFormat, streams: &mut Streams<'_>) -> Result<u8, Failure> {
    let out = &mut BufWriter::new(&mut *streams.output);
    match format {
        RulesFormat::Pretty => page::list_pretty(RULES, out)?,
        RulesFormat::Json => page::list_json(RULES, out)?,
        RulesFormat::Markdown => page::list_markdown(RULES, out)?,
    }
    out.flush()?;
    Ok(CLEAN)
}

fn explain_rule(id: &str, streams: &mut Streams<'_>) -> Result<u8, Failure> {
    let Some(rule) = rules::find(id) else {
        let ids = || RULES.iter().map(|rule| rule.id);
        let by_defect = ids().find(|known| {
            known
                .split_once('/')
                .is_some_and(|(_, defect)| defect == id)
        });
        let hint = match by_defect.or_else(|| spelling::nearest(id, ids())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`countersign rules` lists them all".into(),
        };
        return Err(Failure::Work(format!("there is no rule `{id}`; {hint}")));
    };
    let out = &mut BufWriter::new(&mut *streams.output);
    page::print(rule, streams.width, streams.has_colors, out)?;
    out.flush()?;
    Ok(CLEAN)
}

fn print_schema(
    kind: crate::payload::PayloadKind,
    streams: &mut Streams<'_>,
) -> Result<u8, Failure> {
    streams.output.write_all(schema::text(kind).as_bytes())?;
    streams.output.flush()?;
    Ok(CLEAN)
}
