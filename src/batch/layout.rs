//! How a file is split into records, and how its first bytes show it.

use crate::document::{Document, valid_utf8_prefix};
use crate::json::Kind;
use crate::payload::Detector;

/// How a file is split into records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordMode {
    /// Detected by the file's suffix and its first bytes.
    #[default]
    Auto,
    /// The file is one document.
    Document,
    /// Each line is a record.
    Lines,
    /// The file is an array, or an envelope object with one, and is read element by element whatever its
    /// size.
    Array,
}

/// How much of a file is held in memory, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct ChunkLimits {
    /// The maximum size of a file that is read as one document, unless its lines are records.
    pub whole: usize,
    /// The target size of the chunks of a larger file. The end of a record may make a chunk longer.
    pub chunk: usize,
    /// The maximum size of a record in a larger file.
    pub record: usize,
}

impl Default for ChunkLimits {
    fn default() -> Self {
        Self {
            whole: 2 << 20,
            chunk: 48 << 10,
            record: 16 << 20,
        }
    }
}

/// The number of bytes at the start of a large file in which its array must start.
pub(super) const ARRAY_SEARCH_LIMIT: usize = 128 << 10;

/// Finds the array of records in the start of a file. Returns the offset of its opening bracket, and its JSON
/// Pointer. Unless `is_complete` says that `bytes` are the whole file, the array in an envelope must extend to the end
/// of `bytes`.
pub(super) fn find_array(
    bytes: &[u8],
    is_complete: bool,
    detector: &Detector,
) -> Option<(usize, String)> {
    let text = valid_utf8_prefix(bytes);
    let document = Document::parse(text);
    let root = document.roots().next()?;
    let extends_to_end = |end: u32| is_complete || end as usize >= text.trim_end().len();
    let (array, pointer) = if root.kind() == Kind::Array {
        (root, String::new())
    } else {
        let mut properties = root.members();
        let property = properties.find(|property| {
            let is_array = property.value.kind() == Kind::Array;
            is_array
                && detector.is_list_property(&property.name_text())
                && extends_to_end(property.value.span().end)
        })?;
        (property.value, format!("/{}", property.name_text()))
    };
    let start = array.span().start as usize;
    text[start..].starts_with('[').then_some((start, pointer))
}

/// Returns whether the first non-empty line is a complete object and the second one starts with `{`.
pub(super) fn starts_with_lines(bytes: &[u8]) -> bool {
    let mut lines = bytes
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let is_next_object = lines.next().is_some_and(|line| line.starts_with(b"{"));
    let is_complete_object = |line| {
        let document = Document::parse_bytes(line);
        let has_object = document.roots().any(|root| root.kind() == Kind::Object);
        has_object && document.syntax_errors().is_empty()
    };
    is_next_object && is_complete_object(first)
}
