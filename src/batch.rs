//! The shell for files: finds payloads, reads them piece by piece, and hands what the engine says of
//! them to the reporters, and what the fixes make of them to where it belongs.

mod input;
mod judge;
mod ledger;
mod pieces;
mod scanner;
pub mod settings;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

pub use input::{Input, STANDARD_INPUT, Trouble, inputs_at};
pub use pieces::{Records, Sizes};

use crate::engine::Engine;
use crate::finding::Safety;
use crate::fix::{Differ, Original, Replacement, Style};
use crate::json::Tape;
use crate::output::{Reporter, Summary};
use crate::patch::Patch;
use input::{has_suffix_of_lines, reason};
use judge::{Judge, Renewed};
use ledger::Ledger;
use pieces::{Piece, Pieces};
use settings::Settings;

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
    pub settings: Option<&'a Settings>,
    /// Whether everything that the configuration file is about is checked.
    pub is_whole: bool,
    /// What happens to fixes.
    pub fixing: Fixing,
    /// How files are cut into records.
    pub records: Records,
    /// How much of a file is held at a time.
    pub sizes: Sizes,
    /// How many findings are shown; all are counted.
    pub max_findings: usize,
    /// Takes what came in on standard input, mended, and diffs.
    pub out: &'a mut dyn Write,
    /// How diffs are shown.
    pub style: Style,
    /// Hears of what could not be done.
    pub on_trouble: &'a mut dyn FnMut(&Trouble),
}

/// Where the text of a file goes that is not rewritten itself.
enum Sink<'a> {
    None,
    Text(&'a mut dyn Write),
    Diff(Differ<'a>),
}

impl Sink<'_> {
    fn take(&mut self, piece: &Piece, new: Option<&Renewed>) -> io::Result<()> {
        let bytes = &piece.bytes;
        match (self, new) {
            (Sink::None, _) => Ok(()),
            (Sink::Text(out), Some(new)) => write_patched(bytes, &new.patch, out),
            (Sink::Text(out), None) => out.write_all(bytes),
            (Sink::Diff(differ), Some(new)) => differ.add(bytes, &new.patch),
            (Sink::Diff(differ), None) => {
                differ.add(bytes, &Patch::of_unchanged(bytes.len() as u32))
            }
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Sink::None => Ok(()),
            Sink::Text(out) => out.flush(),
            Sink::Diff(differ) => differ.finish(),
        }
    }
}

fn write_patched(old: &[u8], patch: &Patch, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    patch.bytes(old).try_for_each(|bytes| out.write_all(bytes))
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
        inputs: &[Result<Input, Trouble>],
        standard_input: &mut dyn Read,
        reporters: &mut [Box<dyn Reporter + '_>],
    ) -> io::Result<Summary> {
        let mut ledger = Ledger::new(self.max_findings, reporters);
        if let Some(settings) = self.settings {
            ledger.report_settings(settings, settings.findings.clone())?;
            if settings.is_broken() {
                return ledger.finish();
            }
        }
        for input in inputs {
            let checked = match input {
                Ok(input) => self.check_input(input, standard_input, &mut ledger)?,
                Err(trouble) => Err(Trouble(trouble.0.clone())),
            };
            match checked {
                Ok(()) => ledger.summary.files += 1,
                Err(trouble) => {
                    (self.on_trouble)(&trouble);
                    ledger.summary.unreadable += 1;
                }
            }
        }
        if let Some(settings) = self.settings {
            let usage = std::mem::take(&mut ledger.usage);
            let unused = usage.unused(&settings.config, self.is_whole);
            ledger.report_settings(settings, unused)?;
        }
        ledger.finish()
    }

    fn check_input(
        &mut self,
        input: &Input,
        standard_input: &mut dyn Read,
        ledger: &mut Ledger<'_, '_>,
    ) -> io::Result<Result<(), Trouble>> {
        let file = self.settings.map(|settings| settings.path_of(input));
        let mut judge = Judge {
            engine: self.engine,
            file: &file.unwrap_or_default(),
            limit: self.fixing.limit(),
            settled: None,
        };
        let name = input.name();
        let records = match input {
            Input::File(path) if self.records == Records::Auto && has_suffix_of_lines(path) => {
                Records::Lines
            }
            _ => self.records,
        };
        let outcome = match input {
            Input::Standard => self.read_through(standard_input, records, &judge, &name, ledger),
            Input::File(path) => {
                if let Fixing::Make(limit) = self.fixing {
                    match self.rewrite(path, records, &judge) {
                        Ok(fixed) => {
                            ledger.summary.fixed += fixed;
                            judge.settled = Some(limit);
                        }
                        // That it cannot be read is told below.
                        Err(Stop::Unread(_)) => {}
                        Err(Stop::Unwritten(error)) => {
                            ledger.summary.unwritten += 1;
                            let why = reason(&error);
                            let message = format!("{name}: the fixes are not written: {why}");
                            (self.on_trouble)(&Trouble(message));
                        }
                    }
                    judge.limit = None;
                }
                match File::open(path) {
                    Ok(mut reader) => {
                        self.read_through(&mut reader, records, &judge, &name, ledger)
                    }
                    Err(error) => Err(Stop::Unread(error)),
                }
            }
        };
        match outcome {
            Ok(()) => Ok(Ok(())),
            Err(Stop::Unread(error)) => Ok(Err(Trouble(format!("{name}: {}", reason(&error))))),
            Err(Stop::Unwritten(error)) => Err(error),
        }
    }

    /// Checks what `reader` gives. Where fixes are not made in its file, they are made or shown here.
    fn read_through(
        &mut self,
        reader: &mut dyn Read,
        records: Records,
        judge: &Judge<'_>,
        name: &str,
        ledger: &mut Ledger<'_, '_>,
    ) -> Result<(), Stop> {
        let mut pieces = Pieces::new(reader, records, self.sizes);
        let mut tape = Tape::default();
        let mut sink = match self.fixing {
            Fixing::Show(_) => Sink::Diff(Differ::new(name, self.style, self.out)),
            Fixing::Make(_) if judge.limit.is_some() => Sink::Text(self.out),
            _ => Sink::None,
        };
        ledger.begin(name);
        while let Some(piece) = pieces.next().map_err(Stop::Unread)? {
            let judged = judge.judge(&piece, &mut tape);
            ledger.summary.fixed += judged.new.as_ref().map_or(0, |new| new.fixed);
            sink.take(&piece, judged.new.as_ref())
                .and_then(|()| match sink {
                    Sink::Diff(_) => {
                        ledger.count(&judged, judge);
                        Ok(())
                    }
                    _ => ledger.report(&judged, judge),
                })
                .map_err(Stop::Unwritten)?;
        }
        sink.finish().map_err(Stop::Unwritten)
    }

    /// Makes the fixes in a file. Returns how many; where that is none, the file is not written.
    fn rewrite(&self, path: &Path, records: Records, judge: &Judge<'_>) -> Result<usize, Stop> {
        let original = Original::open(path).map_err(Stop::Unread)?;
        let mut reader = original.file();
        let mut pieces = Pieces::new(&mut reader, records, self.sizes);
        let mut tape = Tape::default();
        let mut replacement: Option<Replacement> = None;
        let (mut offset, mut fixed) = (0, 0);
        while let Some(piece) = pieces.next().map_err(Stop::Unread)? {
            let new = judge.judge(&piece, &mut tape).new;
            if replacement.is_none() && new.is_some() {
                let begun = original.replacement_up_to(offset);
                replacement = Some(begun.map_err(Stop::Unwritten)?);
            }
            if let Some(out) = &mut replacement {
                let written = match &new {
                    Some(new) => write_patched(&piece.bytes, &new.patch, out),
                    None => out.write_all(&piece.bytes),
                };
                written.map_err(Stop::Unwritten)?;
            }
            fixed += new.map_or(0, |new| new.fixed);
            offset += piece.bytes.len() as u64;
        }
        if let Some(replacement) = replacement {
            replacement
                .put_in_place_of(&original)
                .map_err(Stop::Unwritten)?;
        }
        Ok(fixed)
    }
}
