//! The progress bar on standard error.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::batch::Progress;
use crate::output::with_thousands_separator;

/// The minimum time between two updates.
const UPDATE_INTERVAL: Duration = Duration::from_millis(100);

/// Shows the progress of a run. The bar disappears on drop.
pub(super) struct ProgressDisplay {
    bar: ProgressBar,
    started: Instant,
    last_update: Instant,
}

impl ProgressDisplay {
    /// Creates a display for a run over `bytes` bytes, if the size is known. A display that is not shown
    /// draws nothing.
    pub(super) fn new(is_shown: bool, bytes: Option<u64>) -> Self {
        let target = if is_shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(bytes, target);
        let template = match bytes {
            Some(_) => "{wide_bar} {bytes}/{total_bytes}  {msg}",
            None => "{bytes}  {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let started = Instant::now();
        Self {
            bar,
            started,
            last_update: started,
        }
    }

    /// Updates the display.
    pub(super) fn update(&mut self, progress: Progress) {
        if self.bar.is_hidden() || self.last_update.elapsed() < UPDATE_INTERVAL {
            return;
        }
        self.last_update = Instant::now();
        let rate = progress.records as f64 / self.started.elapsed().as_secs_f64();
        let rate = with_thousands_separator(rate as usize);
        let findings = with_thousands_separator(progress.findings);
        self.bar
            .set_message(format!("{rate}/s  {findings} findings"));
        self.bar.set_position(progress.bytes);
    }

    /// A handle of the bar, for a [`ProgressWriter`].
    pub(super) fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }
}

impl Drop for ProgressDisplay {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A writer to a terminal that shows a progress bar. It hides the bar during each write.
pub(super) struct ProgressWriter<W> {
    pub(super) bar: ProgressBar,
    pub(super) out: W,
}

impl<W: Write> Write for ProgressWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bar.suspend(|| self.out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
