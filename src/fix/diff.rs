//! Unified diffs of the changes that fixes make, in the format that `git apply` accepts.

use std::collections::VecDeque;
use std::io::{self, Write};

use memchr::{memchr, memchr_iter, memrchr};

use crate::patch::{Patch, Segment};

/// The number of unchanged lines shown before and after a change.
const CONTEXT: usize = 3;

/// Writes the unified diff of one file, which is added chunk by chunk.
///
/// Pairs of values refer to the old text and the new text.
pub struct UnifiedDiff<W> {
    out: W,
    name: String,
    style: DiffStyle,
    /// The lines that may differ, and the incomplete line at the end of the last chunk.
    pending: (Vec<u8>, Vec<u8>),
    /// The number of lines before `pending`.
    lines: (u64, u64),
    /// The last unchanged lines outside a hunk, at most [`CONTEXT`].
    context_before: VecDeque<Vec<u8>>,
    hunk: Option<Hunk>,
    is_header_written: bool,
}

/// How a diff is written.
#[derive(Clone, Copy, Debug)]
pub enum DiffStyle {
    /// Byte for byte, so that it can be applied.
    Plain,
    /// For a terminal: control characters of a payload are escaped.
    Terminal {
        /// Whether to use colors.
        has_colors: bool,
    },
}

/// Nearby changes with the unchanged lines around them.
#[derive(Default)]
struct Hunk {
    /// The index of the first line, from 0.
    start: (u64, u64),
    count: (u64, u64),
    /// The lines, each with its sign: a space, `-` or `+`.
    lines: Vec<(u8, Vec<u8>)>,
    /// The number of unchanged lines at the end.
    trailing_unchanged: usize,
}

impl<W: Write> UnifiedDiff<W> {
    /// Creates a diff of the file `name` that is written to `out`.
    pub fn new(name: &str, style: DiffStyle, out: W) -> Self {
        Self {
            out,
            name: name.trim_start_matches('/').to_owned(),
            style,
            pending: Default::default(),
            lines: (0, 0),
            context_before: VecDeque::new(),
            hunk: None,
            is_header_written: false,
        }
    }

    /// Adds the next chunk of the old text and the patch that was applied to it.
    ///
    /// # Errors
    /// If the diff cannot be written.
    pub fn add(&mut self, old: &[u8], patch: &Patch) -> io::Result<()> {
        for step in steps_of(patch, old.len() as u32) {
            match step {
                Step::Kept(start, end) => self.add_unchanged(&old[start..end])?,
                Step::Changed(start, end, inserted) => {
                    self.pending.0.extend_from_slice(&old[start..end]);
                    self.pending.1.extend_from_slice(inserted.as_bytes());
                }
            }
        }
        Ok(())
    }

    /// Writes the rest of the diff and returns the underlying writer.
    ///
    /// # Errors
    /// If the diff cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.flush_pending()?;
        self.flush_hunk()?;
        Ok(self.out)
    }

    /// The underlying writer.
    pub fn writer(&mut self) -> &mut W {
        &mut self.out
    }

    /// Adds bytes that are in both texts.
    fn add_unchanged(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        if !self.pending.0.is_empty() || !self.pending.1.is_empty() {
            // The first of these bytes complete the pending lines.
            let end = memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
            let is_at_line_start = |text: &[u8]| text.is_empty() || text.ends_with(b"\n");
            let are_lines_complete =
                is_at_line_start(&self.pending.0) && is_at_line_start(&self.pending.1);
            if !are_lines_complete {
                self.pending.0.extend_from_slice(&bytes[..end]);
                self.pending.1.extend_from_slice(&bytes[..end]);
                bytes = &bytes[end..];
                if !self.pending.0.ends_with(b"\n") {
                    return Ok(());
                }
            }
            self.flush_pending()?;
        }
        let complete_len = memrchr(b'\n', bytes).map_or(0, |at| at + 1);
        self.add_unchanged_lines(&bytes[..complete_len])?;
        self.pending.0.extend_from_slice(&bytes[complete_len..]);
        self.pending.1.extend_from_slice(&bytes[complete_len..]);
        Ok(())
    }

    /// Moves the pending lines into a hunk if they differ.
    fn flush_pending(&mut self) -> io::Result<()> {
        let (old, new) = std::mem::take(&mut self.pending);
        if old == new {
            return self.add_unchanged_lines(&old);
        }
        let hunk = self.hunk.get_or_insert_with(|| {
            let before: Vec<_> = self
                .context_before
                .drain(..)
                .map(|line| (b' ', line))
                .collect();
            let count = before.len() as u64;
            Hunk {
                start: (self.lines.0 - count, self.lines.1 - count),
                count: (count, count),
                lines: before,
                trailing_unchanged: 0,
            }
        });
        hunk.trailing_unchanged = 0;
        for (sign, text) in [(b'-', &old), (b'+', &new)] {
            for line in text.split_inclusive(|byte| *byte == b'\n') {
                hunk.lines.push((sign, line.to_vec()));
                match sign {
                    b'-' => (hunk.count.0, self.lines.0) = (hunk.count.0 + 1, self.lines.0 + 1),
                    _ => (hunk.count.1, self.lines.1) = (hunk.count.1 + 1, self.lines.1 + 1),
                }
            }
        }
        Ok(())
    }

    /// Adds complete lines that are in both texts.
    fn add_unchanged_lines(&mut self, lines: &[u8]) -> io::Result<()> {
        let mut rest = lines;
        while let Some(hunk) = &mut self.hunk
            && !rest.is_empty()
        {
            // Changes at most twice the context apart share a hunk.
            if hunk.trailing_unchanged == 2 * CONTEXT {
                self.flush_hunk()?;
                break;
            }
            let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            hunk.lines.push((b' ', rest[..end].to_vec()));
            hunk.trailing_unchanged += 1;
            hunk.count = (hunk.count.0 + 1, hunk.count.1 + 1);
            self.lines = (self.lines.0 + 1, self.lines.1 + 1);
            rest = &rest[end..];
        }
        if rest.is_empty() {
            return Ok(());
        }
        let count = memchr_iter(b'\n', rest).count() as u64 + u64::from(!rest.ends_with(b"\n"));
        self.lines = (self.lines.0 + count, self.lines.1 + count);
        let mut last: Vec<&[u8]> = Vec::new();
        while !rest.is_empty() && last.len() < CONTEXT {
            let start = memrchr(b'\n', &rest[..rest.len() - 1]).map_or(0, |at| at + 1);
            last.push(&rest[start..]);
            rest = &rest[..start];
        }
        for line in last.into_iter().rev() {
            if self.context_before.len() == CONTEXT {
                self.context_before.pop_front();
            }
            self.context_before.push_back(line.to_vec());
        }
        Ok(())
    }

    /// Writes the current hunk, and keeps its last lines as context for the next one.
    fn flush_hunk(&mut self) -> io::Result<()> {
        let Some(mut hunk) = self.hunk.take() else {
            return Ok(());
        };
        let excess = hunk.trailing_unchanged.saturating_sub(CONTEXT);
        let after = hunk.lines.split_off(hunk.lines.len() - excess);
        self.context_before = hunk.lines[hunk.lines.len() - hunk.trailing_unchanged.min(CONTEXT)..]
            .iter()
            .chain(&after)
            .map(|(_, line)| line.clone())
            .collect();
        while self.context_before.len() > CONTEXT {
            self.context_before.pop_front();
        }
        if !self.is_header_written {
            self.is_header_written = true;
            let (old, new) = (quote_path("a", &self.name), quote_path("b", &self.name));
            self.write_line("1", format!("--- {old}\n").as_bytes())?;
            self.write_line("1", format!("+++ {new}\n").as_bytes())?;
        }
        let range = |start: u64, count: u64| {
            // An empty range is identified by the line before it.
            let first = if count == 0 { start } else { start + 1 };
            format!("{first},{count}")
        };
        let (old, new) = (
            range(hunk.start.0, hunk.count.0 - excess as u64),
            range(hunk.start.1, hunk.count.1 - excess as u64),
        );
        self.write_line("36", format!("@@ -{old} +{new} @@\n").as_bytes())?;
        for (sign, mut line) in hunk.lines {
            let color = match sign {
                b'-' => "31",
                b'+' => "32",
                _ => "",
            };
            line.insert(0, sign);
            if !line.ends_with(b"\n") {
                line.extend_from_slice(b"\n\\ No newline at end of file\n");
            }
            self.write_line(color, &line)?;
        }
        Ok(())
    }

    /// Writes a line, in `color` (an SGR parameter) if the style has colors.
    fn write_line(&mut self, color: &str, line: &[u8]) -> io::Result<()> {
        let DiffStyle::Terminal { has_colors } = self.style else {
            return self.out.write_all(line);
        };
        let text = String::from_utf8_lossy(line);
        for line in text.lines() {
            let line = line.replace('\t', "    ");
            let line = crate::output::escape_unprintable(&line);
            if has_colors && !color.is_empty() {
                writeln!(self.out, "\u{1b}[{color}m{line}\u{1b}[0m")?;
            } else {
                writeln!(self.out, "{line}")?;
            }
        }
        Ok(())
    }
}

/// A step through the old and new text.
enum Step<'p> {
    /// Bytes of the old text, from the first offset to the second, that are kept.
    Kept(usize, usize),
    /// Bytes of the old text that are removed, and the text inserted instead.
    Changed(usize, usize, &'p str),
}

/// Converts the patch of an old text of `len` bytes to steps.
fn steps_of(patch: &Patch, len: u32) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let (mut offset, mut inserted) = (0, "");
    for segment in patch.segments() {
        match segment {
            Segment::Inserted(text) => inserted = text,
            Segment::Kept(span) => {
                if span.start > offset || !inserted.is_empty() {
                    let (start, end) = (offset as usize, span.start as usize);
                    steps.push(Step::Changed(start, end, inserted));
                }
                steps.push(Step::Kept(span.start as usize, span.end as usize));
                (offset, inserted) = (span.end, "");
            }
        }
    }
    if len > offset || !inserted.is_empty() {
        steps.push(Step::Changed(offset as usize, len as usize, inserted));
    }
    steps
}

/// Formats a path as git does: quoted and escaped if it contains control characters, quotes or backslashes.
fn quote_path(side: &str, path: &str) -> String {
    let needs_escape = |c: char| c.is_control() || matches!(c, '"' | '\\');
    if !path.contains(needs_escape) {
        return format!("{side}/{path}");
    }
    let mut quoted = format!("\"{side}/");
    for c in path.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    quoted.push_str(&format!("\\{byte:03o}"));
                }
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
