//! Decompression of gzip and zstandard streams, including concatenated ones. Invalid data does not fail a
//! read: the error is kept, and the bytes before it are returned.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

use super::zstandard::Decoder;
use crate::finding::Finding;
use crate::rule::RuleReporter;
use crate::rules::payload::archive::BROKEN_COMPRESSION;
use crate::span::Span;

/// The default for the maximum decompressed size of a file, in bytes.
pub const MAX_DECOMPRESSED: u64 = 256 << 30;

/// The byte with which gzip streams are padded to a block size.
const PADDING: u8 = 0;

/// A reader that decompresses its input if it is compressed, and passes it through otherwise.
pub struct Decompressor<'r> {
    state: State<'r>,
    /// The number of decompressed bytes left until the limit.
    remaining: u64,
    is_compressed: bool,
    error: Option<DecompressError>,
}

/// Why compressed data could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecompressError {
    /// The offset in the compressed file, in bytes from 0, at which the error was detected.
    pub offset: u64,
    /// The error message, a clause.
    pub message: String,
}

impl DecompressError {
    /// Returns the finding for this error. Its span is empty and at offset 0; it is reported at the end of
    /// the decompressed bytes.
    pub fn finding(&self) -> Finding {
        let mut findings = Vec::new();
        RuleReporter::new(&BROKEN_COMPRESSION, &mut findings)
            .report(
                Span::empty(0),
                format!("{} at byte {}", self.message, self.offset),
            )
            .help("transfer or compress the file again; the data before this position was checked");
        findings.remove(0)
    }
}

/// What the decompressor reads from.
enum State<'r> {
    Plain(CountingReader<'r>),
    BetweenMembers(CountingReader<'r>),
    Gzip(Box<GzDecoder<CountingReader<'r>>>),
    Zstandard(Box<Decoder<'static, CountingReader<'r>>>),
    Ended,
}

/// A buffered reader that counts the bytes consumed.
struct CountingReader<'r> {
    reader: BufReader<&'r mut dyn Read>,
    offset: u64,
}

impl Read for CountingReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.offset += read as u64;
        Ok(read)
    }
}

impl BufRead for CountingReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.offset += count as u64;
        self.reader.consume(count);
    }
}

/// A compression format.
enum Format {
    Gzip,
    Zstandard,
}

impl Format {
    /// Detects the format by the magic number at the start of the data.
    fn detect(bytes: &[u8]) -> Option<Format> {
        match bytes {
            [0x1F, 0x8B, ..] => Some(Format::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => {
                Some(Format::Zstandard)
            }
            _ => None,
        }
    }
}

impl<'r> Decompressor<'r> {
    /// Creates a reader that returns at most `limit` decompressed bytes. The limit does not apply to input
    /// that is not compressed.
    ///
    /// # Errors
    /// If the first bytes cannot be read.
    pub fn new(reader: &'r mut dyn Read, limit: u64) -> io::Result<Self> {
        let mut reader = CountingReader {
            reader: BufReader::with_capacity(1 << 16, reader),
            offset: 0,
        };
        let is_compressed = Format::detect(reader.fill_buf()?).is_some();
        Ok(Self {
            state: if is_compressed {
                State::BetweenMembers(reader)
            } else {
                State::Plain(reader)
            },
            remaining: limit,
            is_compressed,
            error: None,
        })
    }

    /// Whether the input is compressed.
    pub fn is_compressed(&self) -> bool {
        self.is_compressed
    }

    /// The error that ended the data, if any. Only known once everything is read.
    pub fn error(&self) -> Option<&DecompressError> {
        self.error.as_ref()
    }

    /// Starts decoding the next member of the stream, if there is one.
    fn next_member(&mut self, mut reader: CountingReader<'r>) -> io::Result<State<'r>> {
        let ahead = reader.fill_buf()?;
        match Format::detect(ahead) {
            Some(Format::Gzip) => Ok(State::Gzip(Box::new(GzDecoder::new(reader)))),
            Some(Format::Zstandard) => {
                let decoder = Decoder::with_buffer(reader)?.single_frame();
                Ok(State::Zstandard(Box::new(decoder)))
            }
            None => {
                while reader.fill_buf()?.first() == Some(&PADDING) {
                    reader.consume(1);
                }
                if !reader.fill_buf()?.is_empty() {
                    self.set_error(reader.offset, "other data follows the compressed data");
                }
                Ok(State::Ended)
            }
        }
    }

    /// Evaluates a read from a decoder that consumed the compressed file up to `offset`: applies the limit,
    /// and records errors in the data. Returns `None` at the end of a member and at an error in the data.
    fn limited(&mut self, read: io::Result<usize>, offset: u64) -> Option<io::Result<usize>> {
        match read {
            Ok(0) => None,
            Ok(read) if read as u64 > self.remaining => {
                let rest = self.remaining as usize;
                self.remaining = 0;
                self.state = State::Ended;
                self.set_error(offset, "the decompressed data exceeds the limit");
                Some(Ok(rest))
            }
            Ok(read) => {
                self.remaining -= read as u64;
                Some(Ok(read))
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Some(Err(error)),
            Err(error) => {
                self.set_decoder_error(offset, &error);
                self.state = State::Ended;
                None
            }
        }
    }

    fn set_error(&mut self, offset: u64, message: impl Into<String>) {
        self.error = Some(DecompressError {
            offset,
            message: message.into(),
        });
    }

    /// Records the error of a decoder that consumed the compressed file up to `offset`.
    fn set_decoder_error(&mut self, offset: u64, error: &io::Error) {
        let message = match error.kind() {
            io::ErrorKind::UnexpectedEof => "the compressed data ends unexpectedly",
            _ if error.to_string().contains("checksum") => {
                "the checksum of the compressed data does not match"
            }
            _ => "the compressed data is damaged",
        };
        self.set_error(offset, message);
    }
}

impl Read for Decompressor<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let (read, offset) = match std::mem::replace(&mut self.state, State::Ended) {
                State::Plain(mut reader) => {
                    let read = reader.read(buffer);
                    self.state = State::Plain(reader);
                    return read;
                }
                State::Ended => return Ok(0),
                State::BetweenMembers(reader) => {
                    self.state = self.next_member(reader)?;
                    continue;
                }
                State::Gzip(mut decoder) => {
                    let read = decoder.read(buffer);
                    let offset = decoder.get_ref().offset;
                    self.state = match read {
                        Ok(0) => State::BetweenMembers(decoder.into_inner()),
                        _ => State::Gzip(decoder),
                    };
                    (read, offset)
                }
                State::Zstandard(mut decoder) => {
                    let read = decoder.read(buffer);
                    let offset = decoder.get_ref().offset;
                    self.state = match read {
                        Ok(0) => State::BetweenMembers(decoder.finish()),
                        _ => State::Zstandard(decoder),
                    };
                    (read, offset)
                }
            };
            if let Some(read) = self.limited(read, offset) {
                return read;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(text: &str) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    }

    fn decompress(bytes: &[u8], limit: u64) -> (String, Option<DecompressError>) {
        let mut reader = bytes;
        let mut decompressor = Decompressor::new(&mut reader, limit).unwrap();
        let mut text = String::new();
        decompressor.read_to_string(&mut text).unwrap();
        (text, decompressor.error().cloned())
    }

    #[test]
    fn reads_concatenated_members_and_reports_errors_by_offset() {
        let text = "{\"id\": 1}\n".repeat(500);
        for one in [gzip(&text), zstd::encode_all(text.as_bytes(), 3).unwrap()] {
            assert_eq!(decompress(&one, MAX_DECOMPRESSED), (text.clone(), None));
            let two = [one.clone(), one.clone()].concat();
            assert_eq!(decompress(&two, MAX_DECOMPRESSED), (text.repeat(2), None));

            let (read, error) = decompress(&[&one[..], b"junk"].concat(), MAX_DECOMPRESSED);
            assert_eq!(read, text);
            assert_eq!(error.unwrap().offset, one.len() as u64);

            let (read, error) = decompress(&one[..one.len() - 3], MAX_DECOMPRESSED);
            assert!(text.starts_with(&read));
            let error = error.unwrap();
            assert!(error.message.contains("ends unexpectedly"), "{error:?}");
            assert_eq!(error.offset, one.len() as u64 - 3);

            let (read, error) = decompress(&one, 25);
            assert_eq!(read, text[..25]);
            assert!(error.unwrap().message.contains("exceeds the limit"));
        }
        let mut wrong_checksum = gzip(&text);
        let checksum = wrong_checksum.len() - 8;
        wrong_checksum[checksum] ^= 1;
        let (read, error) = decompress(&wrong_checksum, MAX_DECOMPRESSED);
        assert_eq!(read, text);
        assert!(error.unwrap().message.contains("checksum"));
        assert_eq!(decompress(b"{}", 1), ("{}".into(), None));
        assert_eq!(decompress(b"", 1), (String::new(), None));
    }
}
