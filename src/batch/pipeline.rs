//! The coordinating thread of a run, on which all IO happens: reads chunks into the worker pool, and writes
//! the results to the report, to standard output and to files.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::check_chunk::FileContext;
use super::chunk_result::ChunkResult;
use super::chunks::{Chunk, ChunkReader};
use super::git::StagedFile;
use super::input::Input;
use super::layout::RecordMode;
use super::pool::{Event, Item, Pool};
use super::report::{Detail, RunReport};
use super::rewrite::{rewrite, write_chunk};
use super::source::{Reopen, Source, open_again};
use super::text_reader::TextReader;
use super::{FixMode, PipelineError, Progress, Run};
use crate::fix::UnifiedDiff;
use crate::patch::Patch;
use crate::path::{InputError, io_error_message};

/// What is written to standard output for the current file, apart from reports.
enum Sink {
    None,
    /// The text after fixes.
    Text,
    /// The diff of the fixes.
    Diff(Box<UnifiedDiff<Vec<u8>>>),
}

/// Connects the inputs, the worker pool and the outputs of a run.
pub(super) struct Pipeline<'r, 'a, 'l, 'w, 't> {
    pub(super) run: &'r mut Run<'a>,
    pub(super) report: RunReport<'l, 'w, 't>,
    sink: Sink,
    /// The number of bytes read so far, before decompression.
    bytes: Rc<Cell<u64>>,
}

/// A reader that adds the bytes read to a shared counter.
struct MeteredReader<'r> {
    reader: &'r mut dyn Read,
    bytes: Rc<Cell<u64>>,
}

impl Read for MeteredReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.bytes.set(self.bytes.get() + read as u64);
        Ok(read)
    }
}

impl<'r, 'a, 'l, 'w, 't> Pipeline<'r, 'a, 'l, 'w, 't> {
    pub(super) fn new(run: &'r mut Run<'a>, report: RunReport<'l, 'w, 't>) -> Self {
        Self {
            run,
            report,
            sink: Sink::None,
            bytes: Rc::default(),
        }
    }

    fn report_progress(&mut self) {
        let summary = &self.report.summary;
        (self.run.on_progress)(Progress {
            bytes: self.bytes.get(),
            records: summary.total_records(),
            findings: summary.total_findings(),
        });
    }

    /// Reads an input into the pool, and writes the results that are ready meanwhile.
    pub(super) fn process(
        &mut self,
        input: &Result<Input, InputError>,
        standard_input: &mut dyn Read,
        pool: &mut Pool<'_, '_>,
    ) -> io::Result<()> {
        let input = match input {
            Ok(input) => input,
            Err(error) => {
                pool.push_event(Event::FileFailed(InputError(error.0.clone())));
                return Ok(());
            }
        };
        let mut file = self.file_context(input);
        let mode = match self.run.record_mode {
            RecordMode::Auto if input.has_line_suffix() => RecordMode::Lines,
            mode => mode,
        };
        let read = match input {
            Input::Standard(_) => self.read_chunks(standard_input, None, mode, &file, pool),
            Input::Staged(staged) => self.read_staged(staged, mode, &file, pool),
            Input::Provided(provided) => match (provided.open)() {
                Ok(mut reader) => {
                    let reopen: &Reopen<'_> = &*provided.open;
                    self.read_chunks(&mut *reader, Some(reopen), mode, &file, pool)
                }
                Err(error) => Err(PipelineError::Read(error)),
            },
            Input::File(path) | Input::Found(path) => {
                self.fix_file(path, mode, &mut file, pool)?;
                match File::open(path) {
                    Ok(mut reader) => {
                        // A pipe or a device has no second reading.
                        let is_file = reader.metadata().is_ok_and(|metadata| metadata.is_file());
                        let reopen = || open_again(path);
                        let reopen = is_file.then_some(&reopen as &Reopen<'_>);
                        self.read_chunks(&mut reader, reopen, mode, &file, pool)
                    }
                    Err(error) => Err(PipelineError::Read(error)),
                }
            }
        };
        match read {
            Ok(()) => pool.push_event(Event::FileEnd(Arc::new(file))),
            Err(PipelineError::Read(error)) => {
                let message = io_error_message(&error);
                let error = InputError(format!("{}: {message}", file.name));
                pool.push_event(Event::FileFailed(error));
            }
            Err(PipelineError::Write(error)) => return Err(error),
        }
        Ok(())
    }

    fn file_context(&self, input: &Input) -> FileContext {
        let config_file = self.run.config_file;
        let relative_path = config_file
            .map(|config_file| input.relative_path(config_file))
            .unwrap_or_default();
        let declared = self.run.engine.config().for_file(&relative_path).declared;
        let is_named = match input {
            Input::File(_) | Input::Standard(_) => true,
            Input::Provided(provided) => provided.is_named,
            Input::Found(_) | Input::Staged(_) => false,
        };
        let requires_payload = is_named || declared.kind.is_some();
        let has_own_schema = self.run.engine.validates_against_own_schema(&relative_path);
        FileContext {
            name: input.name(self.run.root),
            requires_payload,
            is_reported_unrecognised: requires_payload || has_own_schema,
            encoding: None,
            relative_path,
            fix_limit: self.run.fix_mode.limit(),
            already_fixed_up_to: None,
        }
    }

    /// In [`FixMode::Apply`], rewrites a file with its fixes, so that it is reported as it is afterwards.
    ///
    /// # Errors
    /// If a report of an earlier file cannot be written.
    fn fix_file(
        &mut self,
        path: &Path,
        mode: RecordMode,
        file: &mut FileContext,
        pool: &mut Pool<'_, '_>,
    ) -> io::Result<()> {
        let FixMode::Apply(limit) = self.run.fix_mode else {
            return Ok(());
        };
        // Write the results of earlier files, so that the pool contains only chunks of this one.
        self.drain(pool)?;
        let rewritten = rewrite(path, mode, file, self.run, pool);
        // If rewriting stopped early, discard the remaining results.
        while pool.wait_next().is_some() {}
        match rewritten {
            Ok(rewritten) => {
                self.report.summary.fixed += rewritten.fixed;
                if let Some(diff) = rewritten.extraction {
                    (self.run.on_extraction)(&diff);
                }
                file.already_fixed_up_to = Some(limit);
            }
            // The file is read again, which reports the error.
            Err(PipelineError::Read(_)) => {}
            Err(PipelineError::Write(error)) => {
                self.report.summary.unwritten += 1;
                let (name, cause) = (&file.name, io_error_message(&error));
                let message = format!("{name}: the fixes were not written: {cause}");
                (self.run.on_error)(&InputError(message));
            }
        }
        file.fix_limit = None;
        Ok(())
    }

    fn read_staged(
        &mut self,
        staged: &StagedFile,
        mode: RecordMode,
        file: &FileContext,
        pool: &mut Pool<'_, '_>,
    ) -> Result<(), PipelineError> {
        let mut git = staged.open().map_err(PipelineError::Read)?;
        let read = match git.stdout.take() {
            Some(mut out) => self.read_chunks(&mut out, None, mode, file, pool),
            None => Ok(()),
        };
        let status = git.wait().map_err(PipelineError::Read)?;
        read?;
        if status.success() || self.run.is_interrupted() {
            return Ok(());
        }
        let message = "git cannot read the staged contents";
        Err(PipelineError::Read(io::Error::other(message)))
    }

    /// Reads the chunks of a file into the pool.
    fn read_chunks(
        &mut self,
        reader: &mut dyn Read,
        reopen: Option<&Reopen<'_>>,
        mode: RecordMode,
        file: &FileContext,
        pool: &mut Pool<'_, '_>,
    ) -> Result<(), PipelineError> {
        let bytes = Rc::clone(&self.bytes);
        let mut metered = MeteredReader { reader, bytes };
        let text = TextReader::new(&mut metered, self.run.max_decompressed);
        let mut text = text.map_err(PipelineError::Read)?;
        let file = Arc::new(FileContext {
            encoding: text.encoding(),
            ..file.clone()
        });
        pool.push_event(Event::FileStart(Arc::clone(&file)));
        let may_skip = file.fix_limit.is_none();
        let mut chunks = ChunkReader::new(
            Source {
                reader: &mut text,
                reopen,
                max_decompressed: self.run.max_decompressed,
            },
            mode,
            self.run.limits,
            self.run.engine.registry().detector(),
            may_skip,
        );
        while let Some(chunk) = chunks.next().map_err(PipelineError::Read)? {
            pool.submit(&file, chunk);
            self.report_progress();
            while let Some(item) = pool.next_ready() {
                self.write(item).map_err(PipelineError::Write)?;
                if self.run.is_interrupted() {
                    return Ok(());
                }
            }
        }
        if let Some(error) = text.error() {
            pool.push_event(Event::DecompressFailed(file, error.clone()));
        }
        Ok(())
    }

    /// Writes all results that are left in the pool.
    pub(super) fn drain(&mut self, pool: &mut Pool<'_, '_>) -> io::Result<()> {
        while !self.run.is_interrupted()
            && let Some(item) = pool.wait_next()
        {
            self.write(item)?;
        }
        Ok(())
    }

    fn write(&mut self, item: Item) -> io::Result<()> {
        match item {
            Item::Event(Event::FileStart(file)) => {
                self.sink = self.sink_for(&file);
                self.report.begin_file(&file.name);
                Ok(())
            }
            Item::Chunk(file, chunk, result) => self.write_chunk(&file, chunk, result),
            Item::Event(Event::DecompressFailed(file, error)) => {
                self.report.add_decompress_error(&error, &file)
            }
            Item::Event(Event::FileFailed(error)) => {
                (self.run.on_error)(&error);
                self.report.summary.unreadable += 1;
                self.close_sink()
            }
            Item::Event(Event::FileEnd(file)) => {
                let is_reported = !matches!(self.sink, Sink::Diff(_));
                let is_recognised = self.report.end_file(&file, is_reported)?;
                match is_recognised {
                    true => self.report.summary.files += 1,
                    false => (self.run.on_unrecognised)(&file.name),
                }
                self.close_sink()
            }
        }
    }

    /// Writes what is left of the output of a file.
    fn close_sink(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.sink, Sink::None) {
            Sink::None => Ok(()),
            Sink::Text => self.run.out.flush(),
            Sink::Diff(diff) => {
                self.run.out.write_all(&diff.finish()?)?;
                self.run.out.flush()
            }
        }
    }

    fn sink_for(&self, file: &FileContext) -> Sink {
        match self.run.fix_mode {
            FixMode::Diff(_) => {
                let diff = UnifiedDiff::new(&file.name, self.run.diff_style, Vec::new());
                Sink::Diff(Box::new(diff))
            }
            FixMode::Apply(_) if file.fix_limit.is_some() => Sink::Text,
            _ => Sink::None,
        }
    }

    fn write_chunk(
        &mut self,
        file: &FileContext,
        chunk: Chunk,
        result: ChunkResult,
    ) -> io::Result<()> {
        let mut detail = Detail::Reported;
        let after_fixes = result.after_fixes.as_ref();
        self.report.summary.fixed += after_fixes.map_or(0, |fixed| fixed.fixed);
        match &mut self.sink {
            Sink::None => {}
            Sink::Text => write_chunk(&chunk, after_fixes, &mut *self.run.out)?,
            Sink::Diff(diff) => {
                let unchanged = Patch::unchanged(chunk.bytes.len() as u32);
                let patch = after_fixes.map_or(&unchanged, |fixed| &fixed.patch);
                diff.add(&chunk.bytes, patch)?;
                self.run.out.write_all(diff.writer())?;
                diff.writer().clear();
                detail = Detail::Counted;
            }
        }
        self.report.add_chunk(result, chunk, file, detail)
    }
}
