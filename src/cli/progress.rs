//! How far a run has come, on standard error where somebody looks at it.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::batch::Progress;
use crate::output::with_thousands_separator;

/// How often the words beside the bar change.
const PACE: Duration = Duration::from_millis(100);

/// A bar, or nothing where nobody looks.
pub(super) struct Meter {
    bar: ProgressBar,
    started: Instant,
    told: Instant,
}

impl Meter {
    /// A bar for so many bytes, where that is known, if somebody looks at it.
    pub(super) fn new(is_shown: bool, bytes: Option<u64>) -> Self {
        let target = if is_shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(bytes, target);
        let template = match bytes {
            Some(_) => "{bar:24} {bytes}/{total_bytes}  {msg}  {eta} left",
            None => "{bytes}  {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let started = Instant::now();
        Self {
            bar,
            started,
            told: started,
        }
    }

    /// Shows how far the run has come.
    pub(super) fn tell(&mut self, progress: Progress) {
        if self.bar.is_hidden() || self.told.elapsed() < PACE {
            return;
        }
        self.told = Instant::now();
        let rate = progress.records as f64 / self.started.elapsed().as_secs_f64();
        let (rate, findings) = (
            with_thousands_separator(rate as usize),
            with_thousands_separator(progress.findings),
        );
        self.bar
            .set_message(format!("{rate} records/s  {findings} findings"));
        self.bar.set_position(progress.bytes);
    }

    /// A handle for what is written beside the bar.
    pub(super) fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A stream that shares the screen with a bar: the bar steps aside while something is written.
pub(super) struct Beside<W> {
    pub(super) bar: ProgressBar,
    pub(super) out: W,
}

impl<W: Write> Write for Beside<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bar.suspend(|| self.out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
