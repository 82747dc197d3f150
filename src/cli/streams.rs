//! The streams that the program reads and writes, and their properties.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::sync::atomic::AtomicBool;

/// The standard streams of a run and the properties of the terminal.
pub struct Streams<'s> {
    /// Standard input.
    pub input: &'s mut dyn Read,
    /// Standard output.
    pub output: &'s mut (dyn Write + Send + 's),
    /// Standard error.
    pub errors: &'s mut (dyn Write + 's),
    /// Whether standard output shows colours. `--color` overrides this.
    pub has_colors: bool,
    /// Whether standard output shows OSC 8 hyperlinks.
    pub has_links: bool,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// The width of standard output, in columns.
    pub width: usize,
    /// Whether standard error, where progress is shown, is a terminal.
    pub stderr_is_terminal: bool,
    /// Set by the first interrupt: the run should end soon.
    pub is_interrupted: &'s AtomicBool,
}

/// A writer to a stream that has several writers in one thread.
pub(super) struct SharedWriter<'a, 's>(pub(super) &'a RefCell<&'a mut (dyn Write + 's)>);

impl Write for SharedWriter<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}
