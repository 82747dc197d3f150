//! The command line: arguments in, streams and an exit code out. Nothing here but `main` knows a
//! process, so the whole program is tested within one.

mod arguments;
mod page;

use std::ffi::OsString;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;

use clap::Parser;
use clap::error::ErrorKind;

use crate::batch::{self, Run, STANDARD_INPUT};
use crate::config::Config;
use crate::engine::Engine;
use crate::finding::Level;
use crate::output::{Format, Screen, Summary};
use crate::payload::Stated;
use crate::rule::Context;
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
    /// How many columns standard output has.
    pub width: usize,
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
    let engine = engine_for(check)?;
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
    let inputs: Vec<_> = paths
        .iter()
        .flat_map(|path| batch::inputs_at(path))
        .collect();
    let has_colors = match check.color {
        Color::Auto => streams.has_colors,
        Color::Always => true,
        Color::Never => false,
    };
    let format: Format = check.format.into();
    let summary = {
        let out = Box::new(BufWriter::new(&mut *streams.output));
        let errors = &mut *streams.errors;
        let mut run = Run {
            engine: &engine,
            max_findings: check.max_findings.unwrap_or(usize::MAX),
            on_trouble: &mut |trouble| {
                let _ = writeln!(errors, "error: {}", trouble.0);
            },
        };
        let mut reporters = [format.reporter(
            out,
            Screen {
                width: streams.width,
                has_colors,
            },
        )];
        run.check(&inputs, streams.input, &mut reporters)?
    };
    if !check.quiet {
        let only = match &inputs[..] {
            [Ok(input)] => Some(input.name()),
            _ => None,
        };
        let _ = writeln!(streams.errors, "{}", sum_up(&summary, only.as_deref()));
    }
    if summary.unreadable > 0 {
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

fn engine_for(check: &Check) -> Result<Engine, Failure> {
    let today = match check.today {
        Some(Today::Unset) => None,
        Some(Today::Day(day)) => Some(day),
        None => Some(jiff::Zoned::now().date()),
    };
    let partner_domains = check.partner_domains.clone();
    let config = Config {
        context: Context {
            today,
            operation: check.operation.map(Into::into),
            partner_domains,
            ..Context::default()
        },
        stated: Stated {
            kind: check.kind.map(Into::into),
            form: check.form.map(Into::into),
        },
        levels: Vec::new(),
    };
    let engine = Engine::new(config);
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

/// The run in one line.
fn sum_up(summary: &Summary, only: Option<&str>) -> String {
    let mut parts = vec![summary.counted()];
    match (summary.safe_fixes, summary.unsafe_fixes) {
        (0, 0) => {}
        (safe, 0) => parts.push(format!("{safe} with a safe fix")),
        (0, risky) => parts.push(format!("{risky} with an unsafe fix")),
        (safe, risky) => parts.push(format!(
            "{safe} with a safe fix, {risky} with an unsafe one"
        )),
    }
    if summary.hidden > 0 {
        parts.push(format!("{} not shown", summary.hidden));
    }
    if summary.unreadable > 0 {
        parts.push(format!("{} not readable", summary.unreadable));
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
