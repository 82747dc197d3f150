//! The result of checking a chunk.

use std::borrow::Cow;

use super::chunks::Chunk;
use crate::engine::Outcome;
use crate::finding::Finding;
use crate::patch::Patch;
use crate::rules::json::UNCLOSED;

/// The result of checking a chunk.
#[derive(Debug, Default)]
pub(super) struct ChunkResult {
    /// The outcome on the text before the array, if the chunk is the text after it.
    pub(super) opening: Option<CheckedText>,
    /// The outcome on the chunk before fixes.
    pub(super) before_fixes: Outcome,
    /// The chunk after fixes, if any were applied.
    pub(super) after_fixes: Option<FixedChunk>,
    /// The number of bytes at the end of the reported text that belong to the next chunk.
    pub(super) trailing_separator_len: usize,
}

impl ChunkResult {
    /// Whether a payload is recognised in the chunk.
    pub(super) fn has_payload(&self) -> bool {
        let after_fixes = self.after_fixes.as_ref();
        let opening = self.opening.as_ref();
        self.before_fixes.has_payload()
            || after_fixes.is_some_and(|fixed| fixed.checked.outcome.has_payload())
            || opening.is_some_and(|opening| opening.outcome.has_payload())
    }

    /// Drops the last record if it is incomplete. The truncation itself is reported for the file.
    pub(super) fn drop_truncated_record(&mut self) {
        let outcome = &mut self.before_fixes;
        let Some(truncated) = outcome.records.last().cloned() else {
            return;
        };
        let shows_truncation = |finding: &Finding| {
            let is_syntax = finding.rule.starts_with("json/");
            finding.rule == UNCLOSED.id || is_syntax && finding.span.start >= truncated.span.start
        };
        if !outcome.findings.iter().any(shows_truncation) {
            return;
        }
        self.after_fixes = None;
        outcome.records.pop();
        let record_count = outcome.records.len();
        outcome.facts.retain(|claim| claim.record < record_count);
        outcome.findings.retain(|finding| {
            finding.span.start < truncated.span.start && finding.rule != UNCLOSED.id
        });
    }

    /// Returns the text to report on (the chunk after fixes, if any were applied), the offset in it at which
    /// the next chunk starts, and its outcome.
    pub(super) fn reported_text<'p>(
        &'p mut self,
        chunk: &'p Chunk,
    ) -> (Cow<'p, str>, usize, &'p mut Outcome) {
        if let Some(fixed) = &mut self.after_fixes {
            let text = &fixed.checked.text;
            let end = text.len() - self.trailing_separator_len;
            return (Cow::Borrowed(text), end, &mut fixed.checked.outcome);
        }
        let mut text = lossy_utf8_same_length(&chunk.bytes);
        // Only findings can have spans that include the separator.
        if !self.before_fixes.findings.is_empty() {
            text = with_trailing_separator(text, self.trailing_separator_len);
        }
        (text, chunk.bytes.len(), &mut self.before_fixes)
    }
}

/// A text and the outcome on it.
#[derive(Debug, Default)]
pub(super) struct CheckedText {
    /// The text as reports show it, with a question mark for each byte that is not UTF-8.
    pub(super) text: String,
    pub(super) outcome: Outcome,
}

impl CheckedText {
    /// Appends a text with its outcome.
    pub(super) fn append(&mut self, text: &str, outcome: Outcome) {
        self.outcome.append(outcome, self.text.len() as u32);
        self.text.push_str(text);
    }
}

/// A chunk after fixes.
#[derive(Debug, Default)]
pub(super) struct FixedChunk {
    /// The changes to the bytes of the chunk.
    pub(super) patch: Patch,
    /// The number of fixes that were applied.
    pub(super) fixed: usize,
    /// The text after the fixes.
    pub(super) checked: CheckedText,
}

/// Appends `len` separators, which belong to the next chunk.
pub(super) fn with_trailing_separator(text: Cow<'_, str>, len: usize) -> Cow<'_, str> {
    match len {
        0 => text,
        _ => Cow::Owned(format!("{text}{}", ",".repeat(len))),
    }
}

/// Converts bytes to a string of the same length, with a question mark for each byte that is not UTF-8.
pub(super) fn lossy_utf8_same_length(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    Cow::Owned(text)
}
