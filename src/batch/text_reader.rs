//! Reads a file as UTF-8: decompresses it, and converts UTF-16 and UTF-32. Recognises files that are not text.

use std::io::{self, Read};

use super::decompress::{DecompressError, Decompressor};
use crate::document::WideEncoding;
use crate::finding::{Edit, Finding, Fix};
use crate::rule::RuleReporter;
use crate::rules::payload::format::NOT_UTF8;
use crate::span::Span;

/// The number of bytes at the start of a file by which its format is recognised.
const HEAD_LEN: usize = 8 << 10;

/// A reader of a file's text.
pub(super) struct TextReader<'r> {
    bytes: Decompressor<'r>,
    /// Bytes that are read, but neither returned nor decoded.
    ahead: Vec<u8>,
    /// Text that is decoded, but not returned.
    decoded: Vec<u8>,
    encoding: Option<WideEncoding>,
    /// The first half of a surrogate pair whose second half is not read yet.
    high_surrogate: Option<u16>,
    binary_format: Option<String>,
}

impl<'r> TextReader<'r> {
    /// Creates a reader that returns at most `limit` bytes of a compressed file.
    ///
    /// # Errors
    /// If the first bytes cannot be read.
    pub(super) fn new(reader: &'r mut dyn Read, limit: u64) -> io::Result<Self> {
        let mut bytes = Decompressor::new(reader, limit)?;
        let mut ahead = Vec::new();
        (&mut bytes).take(HEAD_LEN as u64).read_to_end(&mut ahead)?;
        let binary_format = binary_format(&ahead);
        let encoding = match binary_format {
            Some(_) => None,
            None => WideEncoding::detect(&ahead),
        };
        if let Some(encoding) = encoding.filter(|encoding| encoding.starts_with_mark(&ahead)) {
            ahead.drain(..encoding.width());
        }
        Ok(Self {
            bytes,
            ahead,
            decoded: Vec::new(),
            encoding,
            high_surrogate: None,
            binary_format,
        })
    }

    /// Whether the file is compressed.
    pub(super) fn is_compressed(&self) -> bool {
        self.bytes.is_compressed()
    }

    /// The error that ended the data of a compressed file, if any. Only known once everything is read.
    pub(super) fn error(&self) -> Option<&DecompressError> {
        self.bytes.error()
    }

    /// The encoding of the file, if it is not UTF-8.
    pub(super) fn encoding(&self) -> Option<WideEncoding> {
        self.encoding
    }

    /// The format of the file with its article, if it is not text.
    pub(super) fn binary_format(&self) -> Option<&str> {
        self.binary_format.as_deref()
    }

    /// Decodes more text into `text`, at least one character unless the file is at its end.
    fn decode(&mut self, encoding: WideEncoding, text: &mut Vec<u8>) -> io::Result<()> {
        while text.is_empty() {
            let width = encoding.width();
            let mut is_end = false;
            if self.ahead.len() < width {
                let mut chunk = [0; HEAD_LEN];
                let read = self.bytes.read(&mut chunk)?;
                self.ahead.extend_from_slice(&chunk[..read]);
                is_end = read == 0;
            }
            if is_end && self.ahead.is_empty() {
                if self.high_surrogate.take().is_some() {
                    push(text, char::REPLACEMENT_CHARACTER);
                }
                return Ok(());
            }
            let complete = match is_end {
                true => self.ahead.len(),
                false => self.ahead.len() / width * width,
            };
            let units: Vec<u8> = self.ahead.drain(..complete).collect();
            for unit in units.chunks(width) {
                self.push_unit(encoding.unit(unit), width, text);
            }
        }
        Ok(())
    }

    /// Appends the character of a code unit. `None` is an incomplete unit at the end of the file.
    fn push_unit(&mut self, unit: Option<u32>, width: usize, text: &mut Vec<u8>) {
        let high = self.high_surrogate.take();
        let unit = match (unit, high) {
            (Some(unit), Some(high)) if (0xDC00..0xE000).contains(&unit) && width == 2 => {
                return push(text, combine(high, unit as u16));
            }
            (unit, high) => {
                if high.is_some() {
                    push(text, char::REPLACEMENT_CHARACTER);
                }
                unit
            }
        };
        match unit {
            Some(unit) if width == 2 && (0xD800..0xDC00).contains(&unit) => {
                self.high_surrogate = Some(unit as u16);
            }
            unit => {
                let character = unit.and_then(char::from_u32);
                push(text, character.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
    }
}

/// Returns the finding on the encoding of a file that was decoded. The fix changes no character of the decoded
/// text: where it is applied, the text is written as UTF-8.
///
/// Nothing is fixed in a file without a payload.
pub(super) fn encoding_finding(encoding: WideEncoding, has_payload: bool) -> Finding {
    let mut findings = Vec::new();
    let name = encoding.name();
    let nothing = Edit::replace(Span::empty(0), "");
    let mut reporter = RuleReporter::new(&NOT_UTF8, &mut findings);
    let message = format!("the file is encoded as {name}; JSON must be UTF-8");
    let finding = reporter.report(Span::empty(0), message);
    match has_payload {
        true => finding.fix(Fix::unsafe_("save the file as UTF-8", vec![nothing])),
        false => finding.help("save the file as UTF-8"),
    };
    findings.remove(0)
}

/// The character of a surrogate pair.
fn combine(high: u16, low: u16) -> char {
    let mut pair = char::decode_utf16([high, low]);
    pair.next()
        .and_then(Result::ok)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn push(text: &mut Vec<u8>, character: char) {
    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Moves as many bytes as fit from the start of one buffer to another. Returns their number.
fn move_bytes(from: &mut Vec<u8>, to: &mut [u8]) -> usize {
    let len = from.len().min(to.len());
    to[..len].copy_from_slice(&from[..len]);
    from.drain(..len);
    len
}

/// A Parquet file, as [`TextReader::binary_format`] names it.
pub(super) const PARQUET: &str = "a Parquet file";

/// The format of bytes that are not text, with its article. `None` if they may be text.
fn binary_format(head: &[u8]) -> Option<String> {
    let is_pdf = head.starts_with(b"%PDF-");
    // A text may start with the characters by which some formats are recognised, such as `BM`.
    let is_text = simdutf8::basic::from_utf8(head).is_ok() && !head.contains(&0);
    if is_text && !is_pdf {
        return None;
    }
    if head.starts_with(b"PAR1") {
        return Some(PARQUET.into());
    }
    let known = infer::get(head).filter(|kind| kind.matcher_type() != infer::MatcherType::Text);
    if let Some(kind) = known {
        let extension = kind.extension();
        return Some(match kind.matcher_type() {
            infer::MatcherType::App => "an executable or library".into(),
            infer::MatcherType::Image => format!("a {} image", extension.to_uppercase()),
            _ => format!("a {} file", extension.to_uppercase()),
        });
    }
    let is_control = |byte: &&u8| byte.is_ascii_control() && !b"\t\n\r\x0C\x1B".contains(byte);
    let controls = head.iter().filter(is_control).count();
    // Stray control characters in a text are reported one by one.
    let is_binary = controls * 20 > head.len() && WideEncoding::detect(head).is_none();
    is_binary.then(|| "binary data".into())
}

impl Read for TextReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if let Some(encoding) = self.encoding {
            let mut text = std::mem::take(&mut self.decoded);
            self.decode(encoding, &mut text)?;
            self.decoded = text;
            return Ok(move_bytes(&mut self.decoded, buffer));
        }
        if self.ahead.is_empty() {
            return self.bytes.read(buffer);
        }
        Ok(move_bytes(&mut self.ahead, buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mut bytes: &[u8]) -> (String, Option<WideEncoding>, Option<String>) {
        let mut reader = TextReader::new(&mut bytes, u64::MAX).unwrap();
        let mut text = Vec::new();
        let mut buffer = [0; 7];
        loop {
            match reader.read(&mut buffer).unwrap() {
                0 => break,
                len => text.extend_from_slice(&buffer[..len]),
            }
        }
        let format = reader.binary_format().map(str::to_owned);
        (
            String::from_utf8_lossy(&text).into_owned(),
            reader.encoding(),
            format,
        )
    }

    fn encode(text: &str, encoding: WideEncoding) -> Vec<u8> {
        let units16 = text.encode_utf16();
        match encoding {
            WideEncoding::Utf16Le => units16.flat_map(u16::to_le_bytes).collect(),
            WideEncoding::Utf16Be => units16.flat_map(u16::to_be_bytes).collect(),
            WideEncoding::Utf32Le => text
                .chars()
                .flat_map(|c| u32::from(c).to_le_bytes())
                .collect(),
            WideEncoding::Utf32Be => text
                .chars()
                .flat_map(|c| u32::from(c).to_be_bytes())
                .collect(),
        }
    }

    #[test]
    fn decodes_wide_encodings_with_and_without_byte_order_mark() {
        // Longer than the head, with characters of all lengths.
        let text = "{\"name\": \"Käthe 🦆 日本\"}\n".repeat(1000);
        for encoding in WideEncoding::ALL {
            for mark in ["", "\u{FEFF}"] {
                let bytes = encode(&format!("{mark}{text}"), encoding);
                let (read, found, format) = read(&bytes);
                assert_eq!(found, Some(encoding));
                assert_eq!(format, None);
                assert_eq!(read, text, "without the byte order mark");
            }
        }
        assert_eq!(read(text.as_bytes()), (text, None, None));
    }

    #[test]
    fn replaces_what_is_not_a_character() {
        let mut bytes = encode("{}", WideEncoding::Utf16Le);
        bytes.extend([0x00, 0xD8, b'x', 0, 0x00, 0xDC, 0x00, 0xD8, b'y']);
        assert_eq!(read(&bytes).0, "{}\u{FFFD}x\u{FFFD}\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn recognises_what_is_not_text() {
        let mut tar = vec![0; 1024];
        tar[..10].copy_from_slice(b"order.json");
        tar[257..263].copy_from_slice(b"ustar\0");
        for (bytes, format) in [
            (&b"PAR1\x15\x04\x00\x00"[..], "a Parquet file"),
            (b"PK\x03\x04\x14\x00\x00\x00", "a ZIP file"),
            (&tar, "a TAR file"),
            (b"%PDF-1.7\n1 0 obj\n", "a PDF file"),
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "a PNG image"),
            (
                &[&b"\x7FELF"[..], &[0; 60]].concat(),
                "an executable or library",
            ),
            (b"\x01\x02\x03\0\0\0\xFE\x80", "binary data"),
        ] {
            assert_eq!(read(bytes).2.as_deref(), Some(format));
        }
        for text in [
            "BM {\"a\": 1}",
            "{\"a\": \"\0\", \"b\": \"some longer value\"}",
            "PAR1",
        ] {
            assert_eq!(read(text.as_bytes()).2, None, "{text}");
        }
    }
}
