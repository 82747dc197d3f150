//! Payloads that are encoded with Base64, with either alphabet, possibly on several lines and without padding.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::source_map::DecodedText;
use crate::span::Span;

/// Decodes the Base64 of a text. Several payloads are put on lines of their own; the text around them is left out.
pub(super) fn decode_base64(text: &str, decoded: &mut DecodedText) -> Option<Span> {
    let mut found: Option<Span> = None;
    for run in base64_runs(text) {
        let Some(content) = run
            .decode()
            .filter(|content| content.trim_start().starts_with(['{', '[']))
        else {
            continue;
        };
        if let Some(previous) = found {
            decoded.push("\n", Span::empty(previous.end));
        }
        // Four Base64 characters encode three bytes, which may be parts of different characters.
        let mut from = 0;
        for (index, _) in content.char_indices().chain([(content.len(), ' ')]).skip(1) {
            decoded.push(&content[from..index], run.source_of(from, index));
            from = index;
        }
        let source = run.source_of(0, content.len());
        let start = found.map_or(source.start, |first| first.start);
        found = Some(Span::new(start, source.end));
    }
    found
}

/// Padding is optional: JSON Web Tokens and URLs leave it out.
const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);

/// A sequence of Base64 characters, possibly on several lines of the same length.
struct Base64Run {
    characters: String,
    /// The offset of each character in the text.
    offsets: Vec<usize>,
}

impl Base64Run {
    fn decode(&self) -> Option<String> {
        const MIN_LEN: usize = 16;
        if self.characters.len() < MIN_LEN {
            return None;
        }
        let engine = match self.characters.contains(['-', '_']) {
            true => &URL_SAFE,
            false => &STANDARD,
        };
        let bytes = engine.decode(&self.characters).ok()?;
        String::from_utf8(bytes).ok()
    }

    /// The span in the text of some decoded bytes.
    fn source_of(&self, from: usize, to: usize) -> Span {
        let first = self.offsets[from / 3 * 4];
        let last = (to.div_ceil(3) * 4).min(self.offsets.len()) - 1;
        Span::new(first as u32, self.offsets[last] as u32 + 1)
    }
}

/// The sequences of Base64 characters in a text. Lines of one length that follow each other, as programs wrap long
/// Base64, are one sequence together with the shorter line after them.
fn base64_runs(text: &str) -> Vec<Base64Run> {
    const MIN_LINE: usize = 40;
    let bytes = text.as_bytes();
    // An equals sign is padding, unless more follows it as in `body=eyJ…`.
    let is_base64_at = |at: usize| {
        let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
        match bytes[at] {
            b'=' => !bytes.get(at + 1).copied().is_some_and(is_character),
            byte => is_character(byte),
        }
    };
    let mut runs: Vec<Base64Run> = Vec::new();
    // The length of the first line of the last run, while it can go on.
    let mut line_len = None;
    let mut at = 0;
    while at < bytes.len() {
        if !is_base64_at(at) {
            line_len = line_len.filter(|_| matches!(bytes[at], b'\r' | b'\n'));
            at += 1;
            continue;
        }
        let end = (at..bytes.len())
            .find(|&end| !is_base64_at(end))
            .unwrap_or(bytes.len());
        let len = end - at;
        let continues = line_len.is_some_and(|line_len| len <= line_len);
        if !continues {
            runs.push(Base64Run {
                characters: String::new(),
                offsets: Vec::new(),
            });
            line_len = Some(len).filter(|len| *len >= MIN_LINE);
        }
        if let Some(run) = runs.last_mut() {
            run.characters.push_str(&text[at..end]);
            run.offsets.extend(at..end);
        }
        // A shorter line, or padding, is the last one.
        line_len = line_len.filter(|line_len| len == *line_len && !text[at..end].ends_with('='));
        at = end;
    }
    runs
}
