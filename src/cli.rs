//! The command line: maps arguments and streams to an exit code. Only [`main`] accesses the process, so that
//! tests can run the whole program within their own process.

mod args;
mod check;
mod error;
mod init;
mod manual;
mod output_files;
mod process;
mod progress;
mod rules;
mod streams;
mod summary;

use std::ffi::OsString;
use std::io;
use std::sync::atomic::Ordering;

use clap::Parser;
use clap::error::ErrorKind;

use crate::lsp;
use crate::payload::PayloadKind;
use crate::schema;
use args::{Cli, Command};
use error::CliError;

pub use error::{EXIT_ERROR, EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_OK};
pub use process::main;
pub use streams::Streams;

/// Runs the program and returns its exit code. The first argument is the name of the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return print_clap_message(&error, streams),
    };
    let result = match cli.command {
        Command::Check(args) => check::run(&args, streams),
        Command::Rules { format } => rules::list(format, streams),
        Command::Explain { rule } => rules::explain(&rule, streams),
        Command::Lsp { stdio: _ } => Ok(serve_lsp(streams)),
        Command::Completions { shell } => manual::print_completions(shell, streams),
        Command::Man => manual::print_man_page(streams),
        Command::Init => init::write_config_file(streams),
        Command::Schema { kind } => print_schema(kind.into(), streams),
    };
    match result {
        Ok(code) => code,
        // The reader has closed the pipe on purpose, as `head` does.
        Err(CliError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => EXIT_ERROR,
        Err(CliError::Output(error)) => {
            print_error(streams, &format!("output cannot be written: {error}"))
        }
        Err(CliError::Message(message)) => print_error(streams, &message),
    }
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
fn serve_lsp(streams: &mut Streams<'_>) -> u8 {
    // With the flag set, the first signal ends the process. The server has no state to save.
    streams.is_interrupted.store(true, Ordering::Relaxed);
    match lsp::serve(streams.input, streams.output) {
        true => EXIT_OK,
        false => EXIT_FINDINGS,
    }
}

/// Prints the embedded JSON Schema of a payload kind.
fn print_schema(kind: PayloadKind, streams: &mut Streams<'_>) -> Result<u8, CliError> {
    streams.output.write_all(schema::text(kind).as_bytes())?;
    streams.output.flush()?;
    Ok(EXIT_OK)
}
