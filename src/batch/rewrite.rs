//! Rewrites a file with its fixes: reads and checks it chunk by chunk, and writes the result to a
//! replacement file.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::check_chunk::FileContext;
use super::chunk_result::FixedChunk;
use super::chunks::{Chunk, ChunkKind, ChunkReader};
use super::layout::RecordMode;
use super::pool::{Item, Pool};
use super::source::{Source, open_again};
use super::text_reader::TextReader;
use super::{PipelineError, Run};
use crate::engine::Outcome;
use crate::finding::{Finding, Safety};
use crate::fix::{DiffStyle, LockedFile, Replacement, UnifiedDiff};
use crate::rules::json::{ENCODED_TEXT, LEADING_TEXT, TRAILING_TEXT, UNEXPECTED_TOKEN};

/// What was done to a file.
#[derive(Debug, Default)]
pub(super) struct Rewritten {
    /// The number of fixes; if it is zero, the file is not written.
    pub(super) fixed: usize,
    /// The diff, if unsafe fixes took the payload out of other text, or decoded it.
    pub(super) extraction: Option<Vec<u8>>,
}

/// Applies the fixes in a file. The pool must be empty at the call; it may hold chunks of the file if rewriting stops
/// early.
pub(super) fn rewrite(
    path: &Path,
    mode: RecordMode,
    file: &FileContext,
    run: &Run<'_>,
    pool: &mut Pool<'_, '_>,
) -> Result<Rewritten, PipelineError> {
    let original = LockedFile::open(path).map_err(PipelineError::Read)?;
    let mut reader = original.file();
    let mut text =
        TextReader::new(&mut reader, run.max_decompressed).map_err(PipelineError::Read)?;
    let is_compressed = text.is_compressed();
    let is_transcoded = text.encoding().is_some();
    // Every fix of a file in another encoding writes it as UTF-8, which is a fix that needs review.
    if is_transcoded && file.fix_limit != Some(Safety::Unsafe) {
        return Ok(Rewritten::default());
    }
    let reopen = || open_again(path);
    let mut chunks = ChunkReader::new(
        Source {
            reader: &mut text,
            reopen: Some(&reopen),
            max_decompressed: run.max_decompressed,
        },
        mode,
        run.limits,
        run.engine.registry().detector(),
        false,
    );
    let file = Arc::new(file.clone());
    let mut rewriter = Rewriter::new(&original, &file, is_compressed, is_transcoded);
    while let Some(chunk) = chunks.next().map_err(PipelineError::Read)? {
        pool.submit(&file, chunk);
        while let Some(item) = pool.next_ready() {
            rewriter.write(item).map_err(PipelineError::Write)?;
        }
        if run.is_interrupted() {
            return Ok(Rewritten::default());
        }
    }
    while let Some(item) = pool.wait_next() {
        rewriter.write(item).map_err(PipelineError::Write)?;
    }
    if is_transcoded && !rewriter.has_payload {
        return Ok(Rewritten::default());
    }
    rewriter.rewritten.fixed += usize::from(is_transcoded);
    if let Some(replacement) = rewriter.replacement {
        replacement
            .persist(&original)
            .map_err(PipelineError::Write)?;
    }
    Ok(rewriter.rewritten)
}

/// A file that is being rewritten.
struct Rewriter<'o> {
    original: &'o LockedFile,
    is_compressed: bool,
    /// Whether the file is written in another encoding, which is a fix of its own.
    is_transcoded: bool,
    /// Whether a payload was recognised so far.
    has_payload: bool,
    /// The replacement file, created at the first chunk that is fixed.
    replacement: Option<Replacement>,
    /// The offset of the next chunk in the original file.
    offset: u64,
    /// The name of the file in a diff.
    name: &'o str,
    /// The safety up to which fixes are applied.
    limit: Option<Safety>,
    /// What was done so far.
    rewritten: Rewritten,
}

impl<'o> Rewriter<'o> {
    fn new(
        original: &'o LockedFile,
        file: &'o FileContext,
        is_compressed: bool,
        is_transcoded: bool,
    ) -> Self {
        Self {
            original,
            is_compressed,
            is_transcoded,
            has_payload: false,
            replacement: None,
            offset: 0,
            name: &file.name,
            limit: file.fix_limit,
            rewritten: Rewritten::default(),
        }
    }

    /// Writes a chunk to the replacement file, unless no chunk was fixed so far.
    fn write(&mut self, item: Item) -> io::Result<()> {
        let Item::Chunk(_, chunk, result) = item else {
            return Ok(());
        };
        let after_fixes = result.after_fixes.as_ref();
        self.has_payload |= result.has_payload();
        let is_changed = after_fixes.is_some() || self.is_transcoded;
        if self.is_compressed && is_changed {
            return Err(io::Error::other(
                "the file is compressed; decompress it, fix it and compress it again",
            ));
        }
        if self.replacement.is_none() && is_changed {
            self.replacement = Some(self.original.create_replacement(self.offset)?);
        }
        if let Some(out) = &mut self.replacement {
            write_chunk(&chunk, after_fixes, out)?;
        }
        self.rewritten.fixed += after_fixes.map_or(0, |fixed| fixed.fixed);
        let is_extraction =
            self.limit == Some(Safety::Unsafe) && is_extraction(&chunk, &result.before_fixes);
        if let Some(fixed) = after_fixes.filter(|_| is_extraction) {
            let mut diff = UnifiedDiff::new(self.name, DiffStyle::Plain, Vec::new());
            diff.add(&chunk.bytes, &fixed.patch)?;
            self.rewritten.extraction = Some(diff.finish()?);
        }
        self.offset += chunk.bytes.len() as u64;
        Ok(())
    }
}

/// Whether unsafe fixes of a whole file take the payload out of other text, or decode it, so that a person should see
/// what they change.
fn is_extraction(chunk: &Chunk, before: &Outcome) -> bool {
    let rules = [
        LEADING_TEXT.id,
        TRAILING_TEXT.id,
        ENCODED_TEXT.id,
        UNEXPECTED_TOKEN.id,
    ];
    let is_unsafe = |finding: &Finding| {
        let fix = finding.fix.as_ref();
        fix.is_some_and(|fix| fix.safety == Safety::Unsafe)
    };
    let mut findings = before.findings.iter();
    matches!(chunk.kind, ChunkKind::Whole)
        && findings.any(|finding| rules.contains(&finding.rule) && is_unsafe(finding))
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
