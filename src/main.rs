//! The `countersign` program: hands the process's arguments and streams to [`countersign::cli`].

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use countersign::cli::{self, Streams};

/// Columns where nobody says how many there are.
const DEFAULT_WIDTH: usize = 100;

/// A file that grows over a limit set for the process shall be an error like any other, so that what
/// was begun is cleared away and told, rather than the process's end.
#[cfg(unix)]
fn survive_size_limits() {
    let flag = std::sync::Arc::default();
    // Without a handler the process ends there, and the file that was to be mended is as it was.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, flag);
}

fn main() -> ExitCode {
    #[cfg(unix)]
    survive_size_limits();
    let stdout = io::stdout();
    let has_colors = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    let width = match terminal_size::terminal_size() {
        Some((width, _)) if stdout.is_terminal() => usize::from(width.0).max(40),
        _ => DEFAULT_WIDTH,
    };
    let mut streams = Streams {
        input: &mut io::stdin().lock(),
        output: &mut stdout.lock(),
        errors: &mut io::stderr().lock(),
        has_colors,
        is_terminal: stdout.is_terminal(),
        width,
    };
    ExitCode::from(cli::run(std::env::args_os(), &mut streams))
}
