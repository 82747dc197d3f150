//! The process around the command line: standard streams, signals and the panic hook.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use super::streams::Streams;
use crate::registry::Registry;

/// The width in columns if standard output is not a terminal.
const DEFAULT_WIDTH: usize = 100;

/// The smallest width in columns that output is rendered for.
const MIN_WIDTH: usize = 40;

/// Runs the program with the arguments and standard streams of the process.
pub fn main() -> ExitCode {
    main_with(Registry::built_in())
}

/// Runs the program with the arguments and standard streams of the process, for the kinds and rules of a registry: a
/// binary with rules or kinds of its own has every command, report and editor feature for them.
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use countersign::cli;
/// use countersign::registry::Registry;
///
/// fn main() -> ExitCode {
///     cli::main_with(Registry::builder().build())
/// }
/// ```
pub fn main_with(registry: Arc<Registry>) -> ExitCode {
    ExitCode::from(run_with_arguments(&registry, std::env::args_os()))
}

/// Runs the program with the standard streams of the process and these arguments, of which the first is the name of the
/// program, and returns the exit code. For programs that start countersign themselves, such as a Python interpreter.
pub fn run_with_arguments(
    registry: &Arc<Registry>,
    arguments: impl IntoIterator<Item = OsString>,
) -> u8 {
    install_panic_hook();
    let is_interrupted = handle_signals();
    let stdout = io::stdout();
    let has_colors = has_colors(&stdout);
    let mut streams = Streams {
        input: &mut io::stdin().lock(),
        // The streams are not locked for the whole run: the language server writes from a thread of its
        // own, and the panic hook writes from the thread that panics.
        output: &mut &stdout,
        errors: &mut io::stderr(),
        has_colors,
        has_links: supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
        stdout_is_terminal: stdout.is_terminal(),
        width: terminal_width(stdout.is_terminal()),
        stderr_is_terminal: io::stderr().is_terminal(),
        is_interrupted: &is_interrupted,
    };
    super::run(registry, arguments, &mut streams)
}

/// Whether a stream shows colours: `NO_COLOR`, `FORCE_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR` and `TERM=dumb` decide, in
/// this order, and then whether it is a terminal.
fn has_colors(stdout: &io::Stdout) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_forced =
        std::env::var_os("FORCE_COLOR").is_some_and(|value| value != "0" && !value.is_empty());
    if is_set("NO_COLOR") || is_forced {
        return !is_set("NO_COLOR");
    }
    anstream::AutoStream::choice(stdout) != anstream::ColorChoice::Never
}

/// The width of the terminal in columns.
fn terminal_width(stdout_is_terminal: bool) -> usize {
    match terminal_size::terminal_size() {
        Some((width, _)) if stdout_is_terminal => usize::from(width.0).max(MIN_WIDTH),
        _ => DEFAULT_WIDTH,
    }
}

/// How long a run may take to end after a signal. It is looked for between two records, so that a run may miss it that
/// waits for input, or is in the middle of a large document.
const END_TIMEOUT: Duration = Duration::from_secs(5);

/// Installs signal handlers. The first SIGINT or SIGTERM sets the returned flag, so that the run prints
/// what it has found and ends; the second one ends the process, as does [`END_TIMEOUT`]. With SIGXFSZ handled, a file that exceeds
/// the size limit of the process is an ordinary write error, and temporary files are removed.
#[cfg(unix)]
fn handle_signals() -> Arc<AtomicBool> {
    use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::flag;
    let is_interrupted = Arc::new(AtomicBool::new(false));
    // Without a handler the signal ends the process, which leaves every file intact.
    let _ = flag::register(SIGXFSZ, Arc::default());
    for signal in [SIGINT, SIGTERM] {
        let exit_code = i32::from(super::EXIT_INTERRUPTED);
        let _ = flag::register_conditional_shutdown(signal, exit_code, Arc::clone(&is_interrupted));
        let _ = flag::register(signal, Arc::clone(&is_interrupted));
    }
    // Without it, a second signal is needed.
    let _ = end_after_timeout(&[SIGINT, SIGTERM]);
    is_interrupted
}

/// Ends the process [`END_TIMEOUT`] after one of these signals.
#[cfg(unix)]
fn end_after_timeout(signals: &[i32]) -> io::Result<()> {
    use std::os::unix::net::UnixStream;
    let (mut receiver, sender) = UnixStream::pair()?;
    for signal in signals {
        signal_hook::low_level::pipe::register(*signal, sender.try_clone()?)?;
    }
    let wait = move || {
        if receiver.read_exact(&mut [0]).is_err() {
            return;
        }
        thread::sleep(END_TIMEOUT);
        let note = b"error: interrupted; the report is incomplete\n";
        let _ = io::stderr().write_all(note);
        std::process::exit(i32::from(super::EXIT_INTERRUPTED));
    };
    thread::Builder::new().spawn(wait)?;
    Ok(())
}

#[cfg(not(unix))]
fn handle_signals() -> Arc<AtomicBool> {
    Arc::default()
}

/// Installs a panic hook that prints the location of a panic only. The engine turns a panic of a rule into
/// a finding; the panic message may contain values of a payload.
fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        if let Some(location) = panic.location() {
            let mut stderr = io::stderr().lock();
            let (file, line) = (location.file(), location.line());
            let _ = writeln!(stderr, "countersign failed at {file}:{line}");
        }
    }));
}
