//! The tape: a flat list of entries in document order, and the buffers that the parser keeps with it.

use super::entry::Entry;
use super::gap_cache::GapCache;
use super::stack::Frame;
use super::vocabulary::Vocabulary;

/// The values of one text, in document order. A tape is meant to be reused: parsing onto a used tape
/// allocates only if the new text needs more space.
#[derive(Debug, Default)]
pub struct Tape {
    pub(super) entries: Vec<Entry>,
    /// The entries of the values that are in no other value.
    pub(super) roots: Vec<u32>,
    /// The entries of suspicious strings, ascending; an entry can occur twice.
    pub(super) suspicious: Vec<u32>,
    pub(super) buffers: ParserBuffers,
}

/// The parser's own lists, kept for the next text.
#[derive(Debug, Default)]
pub(super) struct ParserBuffers {
    pub(super) frames: Vec<Frame>,
    pub(super) gaps: Option<Box<GapCache>>,
}

/// A text and the tape of its values.
#[derive(Debug)]
pub struct Parsed<'t> {
    pub(super) text: &'t str,
    pub(super) vocabulary: &'static Vocabulary,
    pub(super) tape: Tape,
}

impl<'t> Parsed<'t> {
    /// A text without values, for a document that cannot be parsed.
    pub fn without_values(text: &'t str, vocabulary: &'static Vocabulary) -> Self {
        Self {
            text,
            vocabulary,
            tape: Tape::default(),
        }
    }

    /// The tape, for reuse.
    pub fn into_tape(self) -> Tape {
        self.tape
    }
}
