//! Batch checking of files: finds payloads, reads them in chunks, checks the chunks on several threads,
//! and passes the results to reporters and the fixes to their files.

mod atomic_file;
mod baseline;
mod boundaries;
mod check_chunk;
mod chunk_result;
mod chunks;
mod config_usage;
mod decompress;
mod discover;
mod git;
mod input;
mod layout;
mod partition;
mod pipeline;
mod pool;
mod report;
mod rewrite;
mod source;
mod text_reader;
mod walk;
mod zstandard;

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

pub use atomic_file::AtomicFile;
pub use baseline::Baseline;
pub use decompress::{DecompressError, Decompressor, MAX_DECOMPRESSED};
pub use discover::{changed_inputs, configured_inputs, discover};
pub use git::{GitSelection, StagedFile};
pub use input::{Input, OpenContent, ProvidedFile, STANDARD_INPUT};
pub use layout::{ChunkLimits, RecordMode};
pub use partition::RecordPartition;
pub use report::ReportOptions;
pub use walk::FileFilter;

use crate::config_file::LoadedConfig;
use crate::engine::Engine;
use crate::finding::Safety;
use crate::fix::DiffStyle;
use crate::json::Tape;
use crate::output::{Reporter, Summary};
use crate::path::{InputError, ReportRoot};
use pipeline::Pipeline;
use pool::Pool;
use report::RunReport;

/// What happens to the fixes that findings offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixMode {
    /// Fixes are only reported.
    Report,
    /// Fixes up to this safety are applied: files are rewritten, and standard input is written to standard
    /// output with the fixes.
    Apply(Safety),
    /// The changes of fixes up to this safety are written as a diff, instead of findings.
    Diff(Safety),
}

impl FixMode {
    /// Returns the safety up to which fixes are applied or shown.
    fn limit(self) -> Option<Safety> {
        match self {
            FixMode::Report => None,
            FixMode::Apply(limit) | FixMode::Diff(limit) => Some(limit),
        }
    }
}

/// Called with a diff.
pub type OnDiff<'a> = Box<dyn FnMut(&[u8]) + 'a>;

/// A run over some inputs, with its options.
///
/// [`Run::new`] sets every option to its default; then the fields can be set.
pub struct Run<'a> {
    /// The engine that checks documents.
    pub engine: &'a Engine,
    /// The folder that the paths in reports are relative to.
    pub root: &'a ReportRoot,
    /// The configuration file that applies, if there is one.
    pub config_file: Option<&'a LoadedConfig>,
    /// Whether the run checks every file that the configuration file applies to.
    pub covers_config_root: bool,
    /// What happens to fixes.
    pub fix_mode: FixMode,
    /// How files are split into records.
    pub record_mode: RecordMode,
    /// How much of a file is held in memory.
    pub limits: ChunkLimits,
    /// The maximum size of a compressed file after decompression, in bytes.
    pub max_decompressed: u64,
    /// Whether the run is to stop early. It then finishes its reports with the findings so far.
    pub is_interrupted: &'a AtomicBool,
    /// The number of threads that check chunks.
    pub jobs: usize,
    /// The tape of the calling thread. A program that checks many small inputs keeps it from run to run, because that
    /// saves allocations.
    pub tape: Tape,
    /// Called with the progress of the run after each chunk that was read.
    pub on_progress: Box<dyn FnMut(Progress) + 'a>,
    /// Receives diffs, and standard input with its fixes applied.
    pub out: Box<dyn Write + 'a>,
    /// How diffs are written.
    pub diff_style: DiffStyle,
    /// Called with the diff of each file in which unsafe fixes took the payload out of other text, or decoded it.
    pub on_extraction: OnDiff<'a>,
    /// Called with the name of each file that was found in a folder and contains no payload.
    pub on_unrecognised: Box<dyn FnMut(&str) + 'a>,
    /// Called for each input that cannot be read or written.
    pub on_error: Box<dyn FnMut(&InputError) + 'a>,
}

/// The flag of a run that cannot be interrupted.
static NEVER_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// The progress of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read so far, before decompression.
    pub bytes: u64,
    /// Records checked so far.
    pub records: usize,
    /// Findings so far.
    pub findings: usize,
}

/// Why an input was not processed to its end.
enum PipelineError {
    /// The input cannot be read.
    Read(io::Error),
    /// The output or a report cannot be written.
    Write(io::Error),
}

impl<'a> Run<'a> {
    /// A run on one thread that reports fixes without applying them. Diffs and fixed text are discarded, and nothing is
    /// called.
    pub fn new(engine: &'a Engine, root: &'a ReportRoot) -> Self {
        Self {
            engine,
            root,
            config_file: None,
            covers_config_root: false,
            fix_mode: FixMode::Report,
            record_mode: RecordMode::Auto,
            limits: ChunkLimits::default(),
            max_decompressed: MAX_DECOMPRESSED,
            is_interrupted: &NEVER_INTERRUPTED,
            jobs: 1,
            tape: Tape::default(),
            on_progress: Box::new(|_| {}),
            out: Box::new(io::sink()),
            diff_style: DiffStyle::Plain,
            on_extraction: Box::new(|_| {}),
            on_unrecognised: Box::new(|_| {}),
            on_error: Box::new(|_| {}),
        }
    }

    /// Checks every input and reports each in order. If the configuration file has errors, only these are
    /// reported, because results that depend on it would be unreliable. An input that cannot be read or
    /// written is passed to `on_error`, and the others are checked nevertheless.
    ///
    /// # Errors
    /// If a report or standard output cannot be written.
    pub fn check(
        &mut self,
        inputs: &[Result<Input, InputError>],
        standard_input: &mut dyn Read,
        options: &mut ReportOptions<'_>,
        reporters: &mut [Box<dyn Reporter + '_>],
    ) -> io::Result<Summary> {
        let engine = self.engine;
        let mut report = RunReport::new(engine, options, reporters);
        if let Some(config_file) = self.config_file {
            report.add_config_findings(config_file, config_file.findings.clone())?;
            if config_file.has_errors() {
                return report.finish();
            }
        }
        let (config_file, covers_config_root) = (self.config_file, self.covers_config_root);
        let is_interrupted = self.is_interrupted;
        let selects_all = engine.config().selected.is_empty();
        let mut pipeline = Pipeline::new(self, report);
        thread::scope(|scope| {
            let tape = std::mem::take(&mut pipeline.run.tape);
            let mut pool = Pool::new(scope, engine, pipeline.run.jobs, tape);
            for input in inputs {
                pipeline.process(input, standard_input, &mut pool)?;
                if pipeline.run.is_interrupted() {
                    return Ok(());
                }
            }
            pipeline.drain(&mut pool)?;
            pipeline.run.tape = pool.into_tape();
            Ok::<(), io::Error>(())
        })?;
        let mut report = pipeline.report;
        report.summary.is_interrupted = is_interrupted.load(Ordering::Relaxed);
        // A run that was interrupted, or that selects rules, cannot know which entries of the configuration are unused.
        let is_complete = !report.summary.is_interrupted && selects_all;
        if let Some(config_file) = config_file.filter(|_| is_complete) {
            let usage = std::mem::take(&mut report.usage);
            let unused = usage.unused(&config_file.config, covers_config_root);
            report.add_config_findings(config_file, unused)?;
        }
        report.finish()
    }

    fn is_interrupted(&self) -> bool {
        self.is_interrupted.load(Ordering::Relaxed)
    }
}
