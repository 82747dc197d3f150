//! The command line: maps arguments and streams to an exit code. Only [`main`] accesses the process, so that
//! tests can run the whole program within their own process.

mod answer;
mod args;
mod check;
mod check_args;
mod error;
mod init;
mod manual;
mod output_files;
mod process;
mod progress;
mod rules;
mod run_info;
mod selection;
mod streams;
mod summary;
mod watch;

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::sync::Arc;
#[cfg(feature = "lsp")]
use std::sync::atomic::Ordering;

use clap::FromArgMatches;
use clap::error::ErrorKind;

use crate::batch::STANDARD_INPUT;
use crate::config;
#[cfg(feature = "lsp")]
use crate::lsp;
use crate::output;
use crate::path::io_error_message;
use crate::registry::Registry;
use args::{CONFIG_SCHEMA, Cli, Command, FINDINGS_SCHEMA};
use error::CliError;

pub use error::{EXIT_ERROR, EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_OK};
pub use process::{main, main_with, run_with_arguments};
pub use streams::Streams;

/// Runs the program for the kinds and rules of a registry and returns its exit code. The first argument is the name
/// of the program.
pub fn run(
    registry: &Arc<Registry>,
    arguments: impl IntoIterator<Item = OsString>,
    streams: &mut Streams<'_>,
) -> u8 {
    let mut command = Cli::command_for(registry);
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(message) = missing_check(&command, &arguments) {
        return print_error(streams, &message);
    }
    let matches = command.try_get_matches_from_mut(&arguments);
    let cli = matches.and_then(|matches| {
        Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    });
    let mut cli = match cli {
        Ok(cli) => cli,
        Err(error) => return print_clap_message(&error, streams),
    };
    if let Command::Check(args) = &mut cli.command {
        args.command_line = arguments.into_iter().skip(1).collect();
    }
    let result = match cli.command {
        Command::Check(args) if args.watch => watch::run(&args, registry, streams),
        Command::Check(args) => check::run(&args, &check::Changes::All, registry, streams),
        Command::Rules { family, format } => {
            rules::list(family.as_deref(), format, registry, streams)
        }
        Command::Explain { rule } => rules::explain(&rule, registry, streams),
        #[cfg(feature = "lsp")]
        Command::Lsp { stdio: _ } => Ok(serve_lsp(registry, streams)),
        Command::Completions { shell } => manual::print_completions(shell, registry, streams),
        Command::Man => manual::print_man_page(registry, streams),
        Command::Init => init::write_config_file(streams),
        Command::Schema { kind } => print_schema(&kind, registry, streams),
    };
    match result {
        Ok(code) => code,
        // The reader has closed the pipe on purpose, as `head` does.
        Err(CliError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => EXIT_ERROR,
        Err(CliError::Output(error)) => {
            // An error about a file has a message of its own, which names the file.
            let message = match error.raw_os_error() {
                Some(_) => io_error_message(&error),
                None => error.to_string(),
            };
            print_error(streams, &format!("output cannot be written: {message}"))
        }
        Err(CliError::Message(message)) => print_error(streams, &message),
    }
}

/// The error for a path in place of a command. It is not checked right away: a command that a later version adds would
/// change what the arguments mean.
fn missing_check(command: &clap::Command, arguments: &[OsString]) -> Option<String> {
    let first = arguments.get(1)?;
    let is_command = command
        .get_subcommands()
        .any(|known| known.get_name() == first);
    let is_path = first == STANDARD_INPUT || Path::new(first).exists();
    if is_command || !is_path {
        return None;
    }
    let program = command.get_name();
    let rest: Vec<_> = arguments[1..]
        .iter()
        .map(|argument| argument.to_string_lossy())
        .collect();
    let first = first.to_string_lossy();
    let rest = rest.join(" ");
    Some(format!(
        "`{first}` is not a command; to check it: {program} check {rest}"
    ))
}

/// Prints an error and returns the exit code for it.
fn print_error(streams: &mut Streams<'_>, message: &str) -> u8 {
    // If standard error is closed too, only the exit code remains.
    let _ = writeln!(streams.errors, "error: {message}");
    EXIT_ERROR
}

/// Prints the help, the version or a usage error, and returns the exit code for it.
fn print_clap_message(error: &clap::Error, streams: &mut Streams<'_>) -> u8 {
    let text = error.render();
    let is_requested = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    let _ = if is_requested {
        if streams.has_colors {
            write!(streams.output, "{}", text.ansi())
        } else {
            write!(streams.output, "{text}")
        }
    } else {
        write!(streams.errors, "{text}")
    };
    if is_requested { EXIT_OK } else { EXIT_ERROR }
}

/// Runs the language server until the client exits.
#[cfg(feature = "lsp")]
fn serve_lsp(registry: &Arc<Registry>, streams: &mut Streams<'_>) -> u8 {
    // With the flag set, the first signal ends the process. The server has no state to save.
    streams.is_interrupted.store(true, Ordering::Relaxed);
    match lsp::serve(registry, streams.input, streams.output) {
        true => EXIT_OK,
        false => EXIT_FINDINGS,
    }
}

/// Prints a JSON Schema: of a kind of payload, of the configuration, or of the findings.
fn print_schema(
    kind: &str,
    registry: &Registry,
    streams: &mut Streams<'_>,
) -> Result<u8, CliError> {
    let text = match kind {
        CONFIG_SCHEMA => config::schema_text(registry),
        FINDINGS_SCHEMA => output::FINDINGS_SCHEMA.to_owned(),
        kind => registry
            .kind(kind)
            .map_or_else(String::new, |kind| kind.schema_text().to_owned()),
    };
    streams.output.write_all(text.as_bytes())?;
    streams.output.flush()?;
    Ok(EXIT_OK)
}
