//! What fixes would change, as a unified diff that `git apply` takes.

use std::collections::VecDeque;
use std::io::{self, Write};

use memchr::{memchr, memchr_iter, memrchr};

use crate::patch::{Patch, Stretch};

/// Lines that are shown before and behind a change.
const CONTEXT: usize = 3;

/// Writes the diff of one file, whose pieces come one after the other.
pub struct Differ<W> {
    out: W,
    name: String,
    style: Style,
    /// The piece of a line with which the last piece ended, in the old text and in the new one.
    begun: (Vec<u8>, Vec<u8>),
    /// How many lines went by, in the old text and in the new one.
    lines: (u64, u64),
    /// The lines before the next one that stayed as they are, the last few.
    before: VecDeque<Vec<u8>>,
    hunk: Option<Hunk>,
    has_head: bool,
}

/// How a diff is shown.
#[derive(Clone, Copy, Debug)]
pub enum Style {
    /// Byte for byte, so that it can be applied.
    Plain,
    /// On a terminal: no byte of a payload may steer it. With colours or without.
    Shown {
        /// Whether with colours.
        has_colors: bool,
    },
}

/// Changes that stand close together, with the lines around them.
#[derive(Default)]
struct Hunk {
    /// The first line, from 0, in the old text and in the new one.
    start: (u64, u64),
    count: (u64, u64),
    lines: Vec<(u8, Vec<u8>)>,
    /// How many lines at the end stayed as they are.
    unchanged: usize,
}

impl<W: Write> Differ<W> {
    /// Writes the diff of the file of this name to `out`.
    pub fn new(name: &str, style: Style, out: W) -> Self {
        Self {
            out,
            name: name.trim_start_matches('/').to_owned(),
            style,
            begun: Default::default(),
            lines: (0, 0),
            before: VecDeque::new(),
            hunk: None,
            has_head: false,
        }
    }

    /// Takes the next piece of the old text, and what became of it.
    ///
    /// # Errors
    /// If the diff cannot be written.
    pub fn add(&mut self, old: &[u8], patch: &Patch) -> io::Result<()> {
        for stretch in patch_steps(patch, old.len() as u32) {
            match stretch {
                Step::Kept(start, end) => self.keep(&old[start..end])?,
                Step::Changed(start, end, put) => {
                    self.begun.0.extend_from_slice(&old[start..end]);
                    self.begun.1.extend_from_slice(put.as_bytes());
                }
            }
        }
        Ok(())
    }

    /// Writes what is left, and gives back what it was written to.
    ///
    /// # Errors
    /// If the diff cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.end_block()?;
        self.end_hunk()?;
        Ok(self.out)
    }

    /// What it is written to.
    pub fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// Takes bytes that both texts have.
    fn keep(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        if !self.begun.0.is_empty() || !self.begun.1.is_empty() {
            // They end the lines that were begun.
            let end = memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
            let is_at_line_starts = |text: &[u8]| text.is_empty() || text.ends_with(b"\n");
            let is_block = is_at_line_starts(&self.begun.0) && is_at_line_starts(&self.begun.1);
            if !is_block {
                self.begun.0.extend_from_slice(&bytes[..end]);
                self.begun.1.extend_from_slice(&bytes[..end]);
                bytes = &bytes[end..];
                if !self.begun.0.ends_with(b"\n") {
                    return Ok(());
                }
            }
            self.end_block()?;
        }
        let whole = memrchr(b'\n', bytes).map_or(0, |at| at + 1);
        self.pass(&bytes[..whole])?;
        self.begun.0.extend_from_slice(&bytes[whole..]);
        self.begun.1.extend_from_slice(&bytes[whole..]);
        Ok(())
    }

    /// Ends a block of lines that may differ.
    fn end_block(&mut self) -> io::Result<()> {
        let (old, new) = std::mem::take(&mut self.begun);
        if old == new {
            return self.pass(&old);
        }
        let hunk = self.hunk.get_or_insert_with(|| {
            let before: Vec<_> = self.before.drain(..).map(|line| (b' ', line)).collect();
            let count = before.len() as u64;
            Hunk {
                start: (self.lines.0 - count, self.lines.1 - count),
                count: (count, count),
                lines: before,
                unchanged: 0,
            }
        });
        hunk.unchanged = 0;
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

    /// Takes whole lines that both texts have.
    fn pass(&mut self, lines: &[u8]) -> io::Result<()> {
        let mut rest = lines;
        while let Some(hunk) = &mut self.hunk
            && !rest.is_empty()
        {
            // Twice the context between two changes makes them one hunk.
            if hunk.unchanged == 2 * CONTEXT {
                self.end_hunk()?;
                break;
            }
            let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            hunk.lines.push((b' ', rest[..end].to_vec()));
            hunk.unchanged += 1;
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
            if self.before.len() == CONTEXT {
                self.before.pop_front();
            }
            self.before.push_back(line.to_vec());
        }
        Ok(())
    }

    /// Writes the hunk, and keeps the lines behind it for the next one.
    fn end_hunk(&mut self) -> io::Result<()> {
        let Some(mut hunk) = self.hunk.take() else {
            return Ok(());
        };
        let more = hunk.unchanged.saturating_sub(CONTEXT);
        let behind = hunk.lines.split_off(hunk.lines.len() - more);
        self.before = hunk.lines[hunk.lines.len() - hunk.unchanged.min(CONTEXT)..]
            .iter()
            .chain(&behind)
            .map(|(_, line)| line.clone())
            .collect();
        while self.before.len() > CONTEXT {
            self.before.pop_front();
        }
        if !self.has_head {
            self.has_head = true;
            let (old, new) = (quoted("a", &self.name), quoted("b", &self.name));
            self.line("1", format!("--- {old}\n").as_bytes())?;
            self.line("1", format!("+++ {new}\n").as_bytes())?;
        }
        let range = |start: u64, count: u64| {
            // A side without lines names the line before.
            let first = if count == 0 { start } else { start + 1 };
            format!("{first},{count}")
        };
        let (old, new) = (
            range(hunk.start.0, hunk.count.0 - more as u64),
            range(hunk.start.1, hunk.count.1 - more as u64),
        );
        self.line("36", format!("@@ -{old} +{new} @@\n").as_bytes())?;
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
            self.line(color, &line)?;
        }
        Ok(())
    }

    /// Writes a line, in a colour if there are any.
    fn line(&mut self, color: &str, line: &[u8]) -> io::Result<()> {
        let Style::Shown { has_colors } = self.style else {
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

/// A step along both texts.
enum Step<'p> {
    /// Bytes of the old text that stayed.
    Kept(usize, usize),
    /// Bytes of the old text that went, and what came.
    Changed(usize, usize, &'p str),
}

/// The steps along an old text of `len` bytes and what became of it.
fn patch_steps(patch: &Patch, len: u32) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let (mut at, mut put) = (0, "");
    for stretch in patch.stretches() {
        match stretch {
            Stretch::Put(text) => put = text,
            Stretch::Kept(span) => {
                if span.start > at || !put.is_empty() {
                    steps.push(Step::Changed(at as usize, span.start as usize, put));
                }
                steps.push(Step::Kept(span.start as usize, span.end as usize));
                (at, put) = (span.end, "");
            }
        }
    }
    if len > at || !put.is_empty() {
        steps.push(Step::Changed(at as usize, len as usize, put));
    }
    steps
}

/// A path as git writes it: between quotes where it holds what would end a line or a name.
fn quoted(side: &str, path: &str) -> String {
    let is_odd = |c: char| c.is_control() || matches!(c, '"' | '\\');
    if !path.contains(is_odd) {
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
