//! Rewrites a file with its fixes: reads and checks it chunk by chunk, and writes the result to a
//! replacement file.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::check_chunk::{FileContext, FixedChunk};
use super::chunks::{Chunk, ChunkReader, RecordMode};
use super::decompress::Decompressor;
use super::pool::{Item, Pool};
use super::{PipelineError, Run};
use crate::fix::{LockedFile, Replacement};

/// Applies the fixes in a file. Returns their number; if it is zero, the file is not written. The pool must
/// be empty at the call; it may hold chunks of the file if rewriting stops early.
pub(super) fn rewrite(
    path: &Path,
    mode: RecordMode,
    file: &FileContext,
    run: &Run<'_>,
    pool: &mut Pool<'_, '_>,
) -> Result<usize, PipelineError> {
    let original = LockedFile::open(path).map_err(PipelineError::Read)?;
    let mut reader = original.file();
    let mut decompressor =
        Decompressor::new(&mut reader, run.max_decompressed).map_err(PipelineError::Read)?;
    let is_compressed = decompressor.is_compressed();
    let mut chunks = ChunkReader::new(
        &mut decompressor,
        mode,
        run.limits,
        run.engine.registry().detector(),
        false,
    );
    let file = Arc::new(file.clone());
    let mut rewriter = Rewriter {
        original: &original,
        is_compressed,
        replacement: None,
        offset: 0,
        fixed: 0,
    };
    while let Some(chunk) = chunks.next().map_err(PipelineError::Read)? {
        pool.submit(&file, chunk);
        while let Some(item) = pool.next_ready() {
            rewriter.write(item).map_err(PipelineError::Write)?;
        }
        if run.is_interrupted() {
            return Ok(0);
        }
    }
    while let Some(item) = pool.wait_next() {
        rewriter.write(item).map_err(PipelineError::Write)?;
    }
    if let Some(replacement) = rewriter.replacement {
        replacement
            .persist(&original)
            .map_err(PipelineError::Write)?;
    }
    Ok(rewriter.fixed)
}

/// A file that is being rewritten.
struct Rewriter<'o> {
    original: &'o LockedFile,
    is_compressed: bool,
    /// The replacement file, created at the first chunk that is fixed.
    replacement: Option<Replacement>,
    /// The offset of the next chunk in the original file.
    offset: u64,
    /// The number of fixes so far.
    fixed: usize,
}

impl Rewriter<'_> {
    /// Writes a chunk to the replacement file, unless no chunk was fixed so far.
    fn write(&mut self, item: Item) -> io::Result<()> {
        let Item::Chunk(_, chunk, result) = item else {
            return Ok(());
        };
        let after_fixes = result.after_fixes.as_ref();
        if self.is_compressed && after_fixes.is_some() {
            return Err(io::Error::other(
                "it is compressed; expand it, mend it and compress it again",
            ));
        }
        if self.replacement.is_none() && after_fixes.is_some() {
            self.replacement = Some(self.original.create_replacement(self.offset)?);
        }
        if let Some(out) = &mut self.replacement {
            write_chunk(&chunk, after_fixes, out)?;
        }
        self.fixed += after_fixes.map_or(0, |fixed| fixed.fixed);
        self.offset += chunk.bytes.len() as u64;
        Ok(())
    }
}

/// Writes the bytes of a chunk after its fixes.
pub(super) fn write_chunk(
    chunk: &Chunk,
    after_fixes: Option<&FixedChunk>,
    out: &mut (impl Write + ?Sized),
) -> io::Result<()> {
    match after_fixes {
        Some(fixed) => fixed
            .patch
            .bytes(&chunk.bytes)
            .try_for_each(|bytes| out.write_all(bytes)),
        None => out.write_all(&chunk.bytes),
    }
}
