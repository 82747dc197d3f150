//! The command line: arguments in, streams and an exit code out. Nothing here but `main` knows a
//! process, so the whole program is tested within one.

mod arguments;
mod check;
mod page;
mod progress;
mod tally;

use std::ffi::OsString;
use std::io::{self, BufWriter, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::config_file::CONFIG_FILE_NAME;
use crate::lsp;
use crate::rules::{self, RULES};
use crate::schema;
use crate::spelling;
use arguments::{Arguments, Command, RulesFormat};

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
    pub output: &'s mut (dyn Write + Send + 's),
    /// Standard error.
    pub errors: &'s mut (dyn Write + 's),
    /// Whether standard output shows colours, unless a flag says otherwise.
    pub has_colors: bool,
    /// Whether standard output shows texts that lead to an address.
    pub has_links: bool,
    /// Whether standard output is one that people look at.
    pub is_terminal: bool,
    /// How many columns standard output has.
    pub width: usize,
    /// Whether standard error is one that people look at, where progress is shown.
    pub has_watcher: bool,
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
        Command::Check(check) => check::run(&check, streams),
        Command::Rules { format } => list_rules(format, streams),
        Command::Explain { rule } => explain_rule(&rule, streams),
        Command::Lsp { stdio: _ } => Ok(serve_editor(streams)),
        Command::Completions { shell } => print_completions(shell, streams),
        Command::Man => print_manual(streams),
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

/// Serves an editor until it leaves. Nothing of worth is lost when the process is asked to end.
fn serve_editor(streams: &mut Streams<'_>) -> u8 {
    streams.is_interrupted.store(true, Ordering::Relaxed);
    match lsp::serve(streams.input, streams.output) {
        true => CLEAN,
        false => FINDINGS,
    }
}

/// Writes the commented configuration file.
fn write_settings(streams: &mut Streams<'_>) -> Result<u8, Failure> {
    let text = include_str!("cli/countersign.toml");
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create_new(true).open(CONFIG_FILE_NAME);
    let refused = |error: io::Error| {
        let why = match error.kind() {
            io::ErrorKind::AlreadyExists => "it is here already, and stays as it is".into(),
            _ => error.to_string(),
        };
        Failure::Work(format!("{CONFIG_FILE_NAME} is not written: {why}"))
    };
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(refused)?;
    writeln!(
        streams.errors,
        "{CONFIG_FILE_NAME} is written; every setting in it is commented out"
    )?;
    Ok(CLEAN)
}

fn print_completions(shell: Shell, streams: &mut Streams<'_>) -> Result<u8, Failure> {
    // A closed pipe must not end in a panic of the generator.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "countersign", &mut script);
    streams.output.write_all(&script)?;
    streams.output.flush()?;
    Ok(CLEAN)
}

/// Prints one page for the program and all its commands.
fn print_manual(streams: &mut Streams<'_>) -> Result<u8, Failure> {
    let mut program = Arguments::command();
    program.build();
    let mut page = Vec::new();
    let manual = Man::new(program.clone());
    manual.render_title(&mut page)?;
    manual.render_name_section(&mut page)?;
    manual.render_synopsis_section(&mut page)?;
    manual.render_description_section(&mut page)?;
    for command in program.get_subcommands() {
        if command.get_name() == "help" {
            continue;
        }
        let name = format!("countersign {}", command.get_name()).to_uppercase();
        writeln!(page, ".SH \"{name}\"")?;
        let manual = Man::new(command.clone());
        let mut sections = Vec::new();
        manual.render_synopsis_section(&mut sections)?;
        manual.render_description_section(&mut sections)?;
        manual.render_options_section(&mut sections)?;
        // Each is a part of the command's own section.
        let sections = String::from_utf8_lossy(&sections).replace("\n.SH ", "\n.SS ");
        let sections = sections
            .strip_prefix(".SH ")
            .map_or_else(|| sections.clone(), |rest| format!(".SS {rest}"));
        page.write_all(sections.as_bytes())?;
    }
    manual.render_extra_section(&mut page)?;
    streams.output.write_all(&page)?;
    streams.output.flush()?;
    Ok(CLEAN)
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
