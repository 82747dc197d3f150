//! The shell for files: finds payloads, reads them piece by piece, and hands what the engine says of
//! them to the reporters, and what the fixes make of them to where it belongs.

mod baseline;
mod changes;
mod destination;
mod expanded;
mod input;
mod judge;
mod ledger;
mod pieces;
mod pool;
mod scanner;
mod split;
mod usage;
mod writer;

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

pub use baseline::Baseline;
pub use changes::{Changes, Staged, inputs_changed};
pub use destination::Destination;
pub use expanded::{Damage, Expanded, MAX_EXPANDED};
pub use input::{Input, STANDARD_INPUT, inputs_at, inputs_named};
pub use ledger::Telling;
pub use pieces::{Records, Sizes};
pub use split::Split;

use crate::config_file::LoadedConfig;
use crate::engine::Engine;
use crate::finding::Safety;
use crate::fix::DiffStyle;
use crate::output::{Reporter, Summary};
use crate::path::InputError;
use ledger::Ledger;
use pool::Pool;
use writer::Writer;

/// What happens to the fixes that findings offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixing {
    /// They are told of.
    Offer,
    /// Those up to this safety are made: files are rewritten, and what comes in on standard input goes
    /// out mended.
    Make(Safety),
    /// What those up to this safety would change is shown as a diff, instead of findings.
    Show(Safety),
}

impl Fixing {
    /// Up to which safety fixes count.
    fn limit(self) -> Option<Safety> {
        match self {
            Fixing::Offer => None,
            Fixing::Make(limit) | Fixing::Show(limit) => Some(limit),
        }
    }
}

/// How a run goes about it.
pub struct Run<'a> {
    /// What judges.
    pub engine: &'a Engine,
    /// The configuration file that counts, if there is one.
    pub settings: Option<&'a LoadedConfig>,
    /// Whether everything that the configuration file is about is checked.
    pub is_whole: bool,
    /// What happens to fixes.
    pub fixing: Fixing,
    /// How files are cut into records.
    pub records: Records,
    /// How much of a file is held at a time.
    pub sizes: Sizes,
    /// How many bytes a compressed file may hold.
    pub max_expanded: u64,
    /// Tells that somebody wants the run to end: it says what it has found so far, and ends.
    pub is_interrupted: &'a AtomicBool,
    /// How many threads judge.
    pub jobs: usize,
    /// Hears how far the run has come.
    pub on_progress: &'a mut dyn FnMut(Progress),
    /// Takes what came in on standard input, mended, and diffs.
    pub out: &'a mut dyn Write,
    /// How diffs are shown.
    pub style: DiffStyle,
    /// Hears of what could not be done.
    pub on_trouble: &'a mut dyn FnMut(&InputError),
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that were read, compressed files as they are.
    pub bytes: u64,
    /// Records that were judged.
    pub records: usize,
    /// What was found in them.
    pub findings: usize,
}

/// Why a file was not read to its end.
enum Stop {
    /// It cannot be read.
    Unread(io::Error),
    /// Where its text or a report goes to takes no more.
    Unwritten(io::Error),
}

impl Run<'_> {
    /// Checks every input and reports each as it comes, unless the configuration file is broken: then
    /// that is reported alone, as nothing could be trusted that is judged by it. An input that cannot
    /// be read, or not be written, is told and the others are checked all the same.
    ///
    /// # Errors
    /// If a report, or what goes to standard output, cannot be written.
    pub fn check(
        &mut self,
        inputs: &[Result<Input, InputError>],
        standard_input: &mut dyn Read,
        telling: &mut Telling<'_>,
        reporters: &mut [Box<dyn Reporter + '_>],
    ) -> io::Result<Summary> {
        let engine = self.engine;
        let mut ledger = Ledger::new(engine, telling, reporters);
        if let Some(settings) = self.settings {
            ledger.report_settings(settings, settings.findings.clone())?;
            if settings.has_errors() {
                return ledger.finish();
            }
        }
        let (settings, is_whole) = (self.settings, self.is_whole);
        let is_interrupted = self.is_interrupted;
        let mut writer = Writer::new(self, ledger);
        thread::scope(|scope| {
            let mut pool = Pool::new(scope, engine, writer.run.jobs);
            for input in inputs {
                writer.read(input, standard_input, &mut pool)?;
                if writer.run.is_interrupted() {
                    return Ok(());
                }
            }
            writer.drain(&mut pool)
        })?;
        let mut ledger = writer.ledger;
        // What a run matched that did not see everything says nothing.
        if let Some(settings) = settings.filter(|_| !is_interrupted.load(Ordering::Relaxed)) {
            let usage = std::mem::take(&mut ledger.usage);
            let unused = usage.unused(&settings.config, is_whole);
            ledger.report_settings(settings, unused)?;
        }
        ledger.finish()
    }

    fn is_interrupted(&self) -> bool {
        self.is_interrupted.load(Ordering::Relaxed)
    }
}
