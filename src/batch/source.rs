//! Where the bytes of a file come from, and what follows its list.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::boundaries::BoundaryScanner;
use super::layout::ChunkLimits;
use super::text_reader::TextReader;

/// Reads a file a second time, for what follows its list.
pub(super) type Reopen<'p> = dyn Fn() -> io::Result<Box<dyn Read>> + 'p;

/// Opens a file on disk as one that is read a second time.
pub(super) fn open_again(path: &Path) -> io::Result<Box<dyn Read>> {
    Ok(Box::new(File::open(path)?))
}

/// Where the bytes of a file come from.
pub(super) struct Source<'p, 'r> {
    /// The text.
    pub(super) reader: &'p mut TextReader<'r>,
    /// Opens the file again; `None` if it can be read only once, as standard input.
    pub(super) reopen: Option<&'p Reopen<'p>>,
    /// The maximum number of bytes of a compressed file.
    pub(super) max_decompressed: u64,
}

impl Source<'_, '_> {
    /// The text after the list whose opening bracket is at byte `start`, if the file can be read again and the list is
    /// closed.
    pub(super) fn text_after_list(
        &self,
        start: usize,
        limits: ChunkLimits,
    ) -> io::Result<Option<Vec<u8>>> {
        let Some(reopen) = self.reopen else {
            return Ok(None);
        };
        let mut file = reopen()?;
        let mut text = TextReader::new(&mut *file, self.max_decompressed)?;
        io::copy(&mut (&mut text).take(start as u64), &mut io::sink())?;
        let mut scanner = BoundaryScanner::default();
        let mut buffer = Vec::new();
        loop {
            let missing = limits.chunk as u64;
            let is_ended = (&mut text).take(missing).read_to_end(&mut buffer)? < limits.chunk;
            while let Some(boundary) = scanner.next_boundary(&buffer, 1) {
                buffer.drain(..boundary.offset);
                if boundary.is_end {
                    text.take(limits.whole as u64).read_to_end(&mut buffer)?;
                    buffer.remove(0);
                    return Ok(Some(buffer));
                }
            }
            if is_ended || buffer.len() > limits.record {
                return Ok(None);
            }
        }
    }
}
