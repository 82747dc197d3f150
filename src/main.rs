//! The `countersign` program: hands the process's arguments and streams to [`countersign::cli`].

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use countersign::cli::{self, Streams};

/// Columns where nobody says how many there are.
const DEFAULT_WIDTH: usize = 100;

/// Sees to it that signals which would end the process are told instead. A file that grows over a limit
/// set for the process is then an error like any other, and what was begun is cleared away. At the first
/// interrupt the program says what it has found and ends; a second one ends it at once.
#[cfg(unix)]
fn heed_signals() -> Arc<AtomicBool> {
    use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::flag;
    let is_interrupted = Arc::new(AtomicBool::new(false));
    // Where there is no handler the process ends there, and no file is worse for it.
    let _ = flag::register(SIGXFSZ, Arc::default());
    for signal in [SIGINT, SIGTERM] {
        let _ = flag::register_conditional_shutdown(signal, 130, Arc::clone(&is_interrupted));
        let _ = flag::register(signal, Arc::clone(&is_interrupted));
    }
    is_interrupted
}

#[cfg(not(unix))]
fn heed_signals() -> Arc<AtomicBool> {
    Arc::default()
}

/// What fails within a rule becomes a finding; where it failed is for whoever mends it. The words of the
/// failure may hold a payload's, and are kept back.
fn tell_failures_by_place() {
    std::panic::set_hook(Box::new(|failure| {
        if let Some(place) = failure.location() {
            let mut errors = io::stderr().lock();
            let (file, line) = (place.file(), place.line());
            let _ = writeln!(errors, "countersign failed at {file}:{line}");
        }
    }));
}

fn main() -> ExitCode {
    tell_failures_by_place();
    let is_interrupted = heed_signals();
    let stdout = io::stdout();
    let has_colors = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    let width = match terminal_size::terminal_size() {
        Some((width, _)) if stdout.is_terminal() => usize::from(width.0).max(40),
        _ => DEFAULT_WIDTH,
    };
    let mut streams = Streams {
        input: &mut io::stdin().lock(),
        // Not locked for long: a language server has a thread of its own that writes.
        output: &mut &stdout,
        // Not locked for long: a thread that fails tells of it here.
        errors: &mut io::stderr(),
        has_colors,
        has_links: supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
        is_terminal: stdout.is_terminal(),
        width,
        has_watcher: io::stderr().is_terminal(),
        is_interrupted: &is_interrupted,
    };
    ExitCode::from(cli::run(std::env::args_os(), &mut streams))
}
