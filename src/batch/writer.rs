//! The one thread that touches the world: reads pieces into the pool, and takes what comes out of it to
//! the reporters, to standard output and to files.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::changes::Staged;
use super::expanded::Expanded;
use super::input::Input;
use super::judge::{Judged, Renewed, Subject};
use super::ledger::Ledger;
use super::pieces::{Piece, Pieces, Records};
use super::pool::{Item, Mark, Pool};
use super::{Fixing, Progress, Run, Stop};
use crate::fix::{LockedFile, Replacement, UnifiedDiff};
use crate::patch::Patch;
use crate::path::{InputError, io_error_message};

/// Where the text of a file goes that is not rewritten itself.
enum Sink {
    None,
    Text,
    Diff(Box<UnifiedDiff<Vec<u8>>>),
}

pub(super) struct Writer<'r, 'a, 'l, 'w, 't> {
    pub(super) run: &'r mut Run<'a>,
    pub(super) ledger: Ledger<'l, 'w, 't>,
    sink: Sink,
    /// How many bytes were read.
    bytes: Rc<Cell<u64>>,
}

/// A reader whose bytes are counted.
struct Metered<'r> {
    reader: &'r mut dyn Read,
    bytes: Rc<Cell<u64>>,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.bytes.set(self.bytes.get() + read as u64);
        Ok(read)
    }
}

impl<'r, 'a, 'l, 'w, 't> Writer<'r, 'a, 'l, 'w, 't> {
    pub(super) fn new(run: &'r mut Run<'a>, ledger: Ledger<'l, 'w, 't>) -> Self {
        Self {
            run,
            ledger,
            sink: Sink::None,
            bytes: Rc::default(),
        }
    }

    fn tell_progress(&mut self) {
        let summary = &self.ledger.summary;
        (self.run.on_progress)(Progress {
            bytes: self.bytes.get(),
            records: summary.all_records(),
            findings: summary.total(),
        });
    }

    /// Reads an input into the pool, and writes meanwhile what comes out of it.
    pub(super) fn read(
        &mut self,
        input: &Result<Input, InputError>,
        standard_input: &mut dyn Read,
        pool: &mut Pool<'_, '_>,
    ) -> io::Result<()> {
        let input = match input {
            Ok(input) => input,
            Err(trouble) => {
                pool.mark(Mark::End(Err(InputError(trouble.0.clone()))));
                return Ok(());
            }
        };
        let file = self.run.settings.map(|settings| input.path_from(settings));
        let mut subject = Subject {
            name: input.name(),
            file: file.unwrap_or_default(),
            limit: self.run.fixing.limit(),
            settled: None,
            is_found: matches!(input, Input::Found(_)),
        };
        let records = match self.run.records {
            Records::Auto if input.has_line_suffix() => Records::Lines,
            records => records,
        };
        let read = match input {
            Input::Standard => self.read_through(standard_input, records, &subject, pool),
            Input::Staged(staged) => self.read_staged(staged, records, &subject, pool),
            Input::File(path) | Input::Found(path) => {
                if let Fixing::Make(limit) = self.run.fixing {
                    match self.rewrite(path, records, &subject, pool)? {
                        Ok(fixed) => {
                            self.ledger.summary.fixed += fixed;
                            subject.settled = Some(limit);
                        }
                        // That it cannot be read is told below.
                        Err(Stop::Unread(_)) => {}
                        Err(Stop::Unwritten(error)) => {
                            self.ledger.summary.unwritten += 1;
                            let (name, why) = (&subject.name, io_error_message(&error));
                            let message = format!("{name}: the fixes are not written: {why}");
                            (self.run.on_trouble)(&InputError(message));
                        }
                    }
                    subject.limit = None;
                }
                match File::open(path) {
                    Ok(mut reader) => self.read_through(&mut reader, records, &subject, pool),
                    Err(error) => Err(Stop::Unread(error)),
                }
            }
        };
        let end = match read {
            Ok(()) => Ok(()),
            Err(Stop::Unread(error)) => Err(InputError(format!(
                "{}: {}",
                subject.name,
                io_error_message(&error)
            ))),
            Err(Stop::Unwritten(error)) => return Err(error),
        };
        pool.mark(Mark::End(end));
        Ok(())
    }

    fn read_staged(
        &mut self,
        staged: &Staged,
        records: Records,
        subject: &Subject,
        pool: &mut Pool<'_, '_>,
    ) -> Result<(), Stop> {
        let mut git = staged.open().map_err(Stop::Unread)?;
        let read = match git.stdout.take() {
            Some(mut out) => self.read_through(&mut out, records, subject, pool),
            None => Ok(()),
        };
        let status = git.wait().map_err(Stop::Unread)?;
        read?;
        if status.success() || self.run.is_interrupted() {
            return Ok(());
        }
        let why = "git does not give what is staged";
        Err(Stop::Unread(io::Error::other(why)))
    }

    /// Reads what `reader` gives into the pool.
    fn read_through(
        &mut self,
        reader: &mut dyn Read,
        records: Records,
        subject: &Subject,
        pool: &mut Pool<'_, '_>,
    ) -> Result<(), Stop> {
        let subject = Arc::new(subject.clone());
        pool.mark(Mark::Begin(Arc::clone(&subject)));
        let bytes = Rc::clone(&self.bytes);
        let mut metered = Metered { reader, bytes };
        let expanded = Expanded::new(&mut metered, self.run.max_expanded);
        let mut expanded = expanded.map_err(Stop::Unread)?;
        let may_skip = subject.limit.is_none();
        let mut pieces = Pieces::new(&mut expanded, records, self.run.sizes, may_skip);
        while let Some(piece) = pieces.next().map_err(Stop::Unread)? {
            pool.judge(&subject, piece);
            self.tell_progress();
            while let Some(item) = pool.next_ready() {
                self.write(item).map_err(Stop::Unwritten)?;
                if self.run.is_interrupted() {
                    return Ok(());
                }
            }
        }
        if let Some(damage) = expanded.damage() {
            pool.mark(Mark::Broken(subject, damage.clone()));
        }
        Ok(())
    }

    /// Writes all that is still in the pool.
    pub(super) fn drain(&mut self, pool: &mut Pool<'_, '_>) -> io::Result<()> {
        while !self.run.is_interrupted()
            && let Some(item) = pool.next_at_last()
        {
            self.write(item)?;
        }
        Ok(())
    }

    fn write(&mut self, item: Item<Judged>) -> io::Result<()> {
        match item {
            Item::Mark(Mark::Begin(subject)) => {
                self.sink = match self.run.fixing {
                    Fixing::Show(_) => {
                        let differ = UnifiedDiff::new(&subject.name, self.run.style, Vec::new());
                        Sink::Diff(Box::new(differ))
                    }
                    Fixing::Make(_) if subject.limit.is_some() => Sink::Text,
                    _ => Sink::None,
                };
                self.ledger.begin(&subject.name);
                Ok(())
            }
            Item::Piece(subject, piece, judged) => self.write_piece(&subject, &piece, judged),
            Item::Mark(Mark::Broken(subject, damage)) => {
                self.ledger.report_damage(&damage, &subject)
            }
            Item::Mark(Mark::End(end)) => {
                match end {
                    Ok(()) => self.ledger.summary.files += 1,
                    Err(trouble) => {
                        (self.run.on_trouble)(&trouble);
                        self.ledger.summary.unreadable += 1;
                    }
                }
                match std::mem::replace(&mut self.sink, Sink::None) {
                    Sink::None => Ok(()),
                    Sink::Text => self.run.out.flush(),
                    Sink::Diff(differ) => {
                        self.run.out.write_all(&differ.finish()?)?;
                        self.run.out.flush()
                    }
                }
            }
        }
    }

    fn write_piece(
        &mut self,
        subject: &Subject,
        piece: &Piece,
        mut judged: Judged,
    ) -> io::Result<()> {
        let new = judged.new.as_ref();
        self.ledger.summary.fixed += new.map_or(0, |new| new.fixed);
        match &mut self.sink {
            Sink::None => {}
            Sink::Text => write_new(piece, new, self.run.out)?,
            Sink::Diff(differ) => {
                let unchanged = Patch::unchanged(piece.bytes.len() as u32);
                let patch = new.map_or(&unchanged, |new| &new.patch);
                differ.add(&piece.bytes, patch)?;
                self.run.out.write_all(differ.writer())?;
                differ.writer().clear();
                self.ledger.count(&mut judged, piece, subject);
                return Ok(());
            }
        }
        self.ledger.report(judged, piece, subject)
    }

    /// Makes the fixes in a file. Returns how many; where that is none, the file is not written.
    fn rewrite(
        &mut self,
        path: &Path,
        records: Records,
        subject: &Subject,
        pool: &mut Pool<'_, '_>,
    ) -> io::Result<Result<usize, Stop>> {
        // What comes out of the pool from here on is this file's.
        self.drain(pool)?;
        let rewritten = rewrite(path, records, subject, self.run, pool);
        // Where that stopped half-way, the rest is of no use.
        while pool.next_at_last().is_some() {}
        Ok(rewritten)
    }
}

fn rewrite(
    path: &Path,
    records: Records,
    subject: &Subject,
    run: &Run<'_>,
    pool: &mut Pool<'_, '_>,
) -> Result<usize, Stop> {
    let original = LockedFile::open(path).map_err(Stop::Unread)?;
    let mut reader = original.file();
    let mut expanded = Expanded::new(&mut reader, run.max_expanded).map_err(Stop::Unread)?;
    let is_compressed = expanded.is_compressed();
    let mut pieces = Pieces::new(&mut expanded, records, run.sizes, false);
    let subject = Arc::new(subject.clone());
    let mut rewriting = Rewriting {
        original: &original,
        is_compressed,
        replacement: None,
        offset: 0,
        fixed: 0,
    };
    while let Some(piece) = pieces.next().map_err(Stop::Unread)? {
        pool.judge(&subject, piece);
        while let Some(item) = pool.next_ready() {
            rewriting.take(item).map_err(Stop::Unwritten)?;
        }
        if run.is_interrupted() {
            return Ok(0);
        }
    }
    while let Some(item) = pool.next_at_last() {
        rewriting.take(item).map_err(Stop::Unwritten)?;
    }
    if let Some(replacement) = rewriting.replacement {
        replacement.persist(&original).map_err(Stop::Unwritten)?;
    }
    Ok(rewriting.fixed)
}

/// A file on its way to being replaced.
struct Rewriting<'o> {
    original: &'o LockedFile,
    is_compressed: bool,
    /// What is to replace it, once there is a fix to make.
    replacement: Option<Replacement>,
    /// How many bytes of it went by.
    offset: u64,
    fixed: usize,
}

impl Rewriting<'_> {
    fn take(&mut self, item: Item<Judged>) -> io::Result<()> {
        let Item::Piece(_, piece, judged) = item else {
            return Ok(());
        };
        let new = judged.new.as_ref();
        if self.is_compressed && new.is_some() {
            return Err(io::Error::other(
                "it is compressed; expand it, mend it and compress it again",
            ));
        }
        if self.replacement.is_none() && new.is_some() {
            self.replacement = Some(self.original.create_replacement(self.offset)?);
        }
        if let Some(out) = &mut self.replacement {
            write_new(&piece, new, out)?;
        }
        self.fixed += new.map_or(0, |new| new.fixed);
        self.offset += piece.bytes.len() as u64;
        Ok(())
    }
}

/// Writes a piece as the fixes made it.
fn write_new(
    piece: &Piece,
    new: Option<&Renewed>,
    out: &mut (impl Write + ?Sized),
) -> io::Result<()> {
    match new {
        Some(new) => new
            .patch
            .bytes(&piece.bytes)
            .try_for_each(|bytes| out.write_all(bytes)),
        None => out.write_all(&piece.bytes),
    }
}
