//! Replay of cached gaps, see `gap_cache`.

use super::super::entry::Entry;
use super::super::gap_cache::{GapCache, MAX_BRACKETS};
use super::super::parser::Parser;
use super::super::stack::{DEPTH_LIMIT, State};

impl Parser<'_> {
    /// Replays the gap after a scalar, if it is cached. Returns what the grammar allows next.
    #[inline(always)]
    pub(super) fn replay_gap(&mut self, gaps: &mut GapCache, pos: &mut usize) -> Option<State> {
        let start = *pos;
        if gaps.pending_start.is_some() && !self.observe_pending_gap(gaps) {
            return None;
        }
        let found = gaps.find(self.bytes, start, self.top().nesting);
        let Some(index) = found.filter(|_| self.depth() < DEPTH_LIMIT - MAX_BRACKETS) else {
            gaps.pending_start = Some(start);
            return None;
        };
        gaps.begin_replay(index);
        let gap = gaps.gap(index);
        for end in &gap.closers {
            self.end_container(start + usize::from(*end));
            self.top_mut().count += 1;
        }
        self.top_mut().merge(&gap.resumes_in);
        let first = self.entries.len() as u32;
        let shift = Entry::shift_by(start as u32);
        let entries = gap.entries.iter();
        self.entries
            .extend(entries.map(|entry| entry.shifted(shift)));
        let mut nesting = self.top().nesting;
        for frame in &gap.opened {
            nesting = nesting.push(frame.is_object());
            self.open.push(frame.shifted(first, nesting));
        }
        if let Some(comma) = gap.comma() {
            self.last_comma = start + comma;
        }
        *pos = start + gap.len();
        Some(gap.next)
    }

    /// Hands the gap that ends with the text, before offset `end`, to the cache.
    #[inline(never)]
    pub(super) fn observe_last_gap(&self, gaps: &mut GapCache, end: usize) {
        let start = gaps.pending_start.take();
        if let Some(text) = start.and_then(|start| self.bytes.get(start..end)) {
            gaps.observe(text);
        }
    }

    /// Hands the gap before the last value to the cache. Returns `false` if the gap has not ended yet,
    /// because the value is a known name and belongs to it.
    #[cold]
    fn observe_pending_gap(&self, gaps: &mut GapCache) -> bool {
        let (Some(start), Some(value)) = (gaps.pending_start, self.entries.last()) else {
            return true;
        };
        if value.known_value().is_some() {
            return false;
        }
        gaps.pending_start = None;
        let text = self.bytes.get(start..value.start as usize);
        gaps.observe(text.unwrap_or_default());
        true
    }
}
