//! Reading what was compressed with gzip or zstandard, member by member. Never fails because of the
//! data: what is wrong with it is kept, and what could be read stays.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use zstd::stream::read::Decoder;

use crate::finding::Finding;
use crate::rule::Findings;
use crate::rules::payload::archive::BROKEN_COMPRESSION;
use crate::span::Span;

/// How many bytes a compressed file may hold, unless somebody says otherwise.
pub const MAX_EXPANDED: u64 = 256 << 30;

/// What stands for the end of gzip members that were padded to a block.
const PADDING: u8 = 0;

/// What a reader gives, expanded if it is compressed.
pub struct Expanded<'r> {
    state: State<'r>,
    /// How many bytes may still come out.
    left: u64,
    is_compressed: bool,
    damage: Option<Damage>,
}

/// What is wrong with compressed data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The byte of the compressed file, from 0, at which it was noticed.
    pub offset: u64,
    /// What is wrong, in a clause.
    pub message: String,
}

impl Damage {
    /// The finding that tells of it, at the end of what could be read.
    pub fn finding(&self) -> Finding {
        let mut findings = Vec::new();
        Findings::new(&BROKEN_COMPRESSION, &mut findings)
            .report(
                Span::empty(0),
                format!("{} at byte {}", self.message, self.offset),
            )
            .help("fetch or compress the file again; what stands before this place was checked");
        findings.remove(0)
    }
}

enum State<'r> {
    Plain(Counted<'r>),
    Between(Counted<'r>),
    Gzip(Box<GzDecoder<Counted<'r>>>),
    Zstandard(Box<Decoder<'static, Counted<'r>>>),
    Ended,
}

/// Bytes that are counted as they are taken.
struct Counted<'r> {
    reader: BufReader<&'r mut dyn Read>,
    at: u64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.at += count as u64;
        self.reader.consume(count);
    }
}

/// What the first bytes of compressed data say.
enum Method {
    Gzip,
    Zstandard,
}

impl Method {
    fn of(bytes: &[u8]) -> Option<Method> {
        match bytes {
            [0x1F, 0x8B, ..] => Some(Method::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => {
                Some(Method::Zstandard)
            }
            _ => None,
        }
    }
}

impl<'r> Expanded<'r> {
    /// Looks at the first bytes of what `reader` gives, and expands it if they say that it is
    /// compressed, to `limit` bytes at the most.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn new(reader: &'r mut dyn Read, limit: u64) -> io::Result<Self> {
        let mut reader = Counted {
            reader: BufReader::with_capacity(1 << 16, reader),
            at: 0,
        };
        let is_compressed = Method::of(reader.fill_buf()?).is_some();
        Ok(Self {
            state: if is_compressed {
                State::Between(reader)
            } else {
                State::Plain(reader)
            },
            left: limit,
            is_compressed,
            damage: None,
        })
    }

    /// Whether it is compressed.
    pub fn is_compressed(&self) -> bool {
        self.is_compressed
    }

    /// What was wrong with it, once all is read.
    pub fn damage(&self) -> Option<&Damage> {
        self.damage.as_ref()
    }

    /// Begins with the next member, if there is one.
    fn next_member(&mut self, mut reader: Counted<'r>) -> io::Result<State<'r>> {
        let ahead = reader.fill_buf()?;
        match Method::of(ahead) {
            Some(Method::Gzip) => Ok(State::Gzip(Box::new(GzDecoder::new(reader)))),
            Some(Method::Zstandard) => {
                let decoder = Decoder::with_buffer(reader)?.single_frame();
                Ok(State::Zstandard(Box::new(decoder)))
            }
            None => {
                while reader.fill_buf()?.first() == Some(&PADDING) {
                    reader.consume(1);
                }
                if !reader.fill_buf()?.is_empty() {
                    self.tell(
                        reader.at,
                        "something that is not compressed stands behind the data",
                    );
                }
                Ok(State::Ended)
            }
        }
    }

    fn tell(&mut self, offset: u64, message: impl Into<String>) {
        self.damage = Some(Damage {
            offset,
            message: message.into(),
        });
    }

    /// Tells why no more comes out of a member, and where its bytes were up to then.
    fn tell_broken(&mut self, offset: u64, error: &io::Error) {
        let message = match error.kind() {
            io::ErrorKind::UnexpectedEof => "the compressed data breaks off",
            _ if error.to_string().contains("checksum") => {
                "the checksum does not fit the compressed data"
            }
            _ => "the compressed data is broken",
        };
        self.tell(offset, message);
    }
}

impl Read for Expanded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let (read, at) = match std::mem::replace(&mut self.state, State::Ended) {
                State::Plain(mut reader) => {
                    let read = reader.read(buffer);
                    self.state = State::Plain(reader);
                    return read;
                }
                State::Ended => return Ok(0),
                State::Between(reader) => {
                    self.state = self.next_member(reader)?;
                    continue;
                }
                State::Gzip(mut decoder) => {
                    let read = decoder.read(buffer);
                    let at = decoder.get_ref().at;
                    self.state = match read {
                        Ok(0) => State::Between(decoder.into_inner()),
                        _ => State::Gzip(decoder),
                    };
                    (read, at)
                }
                State::Zstandard(mut decoder) => {
                    let read = decoder.read(buffer);
                    let at = decoder.get_ref().at;
                    self.state = match read {
                        Ok(0) => State::Between(decoder.finish()),
                        _ => State::Zstandard(decoder),
                    };
                    (read, at)
                }
            };
            match read {
                Ok(0) => {}
                Ok(read) if read as u64 > self.left => {
                    let rest = self.left as usize;
                    self.left = 0;
                    self.state = State::Ended;
                    self.tell(at, "more comes out of the compressed data than is allowed");
                    return Ok(rest);
                }
                Ok(read) => {
                    self.left -= read as u64;
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
                Err(error) => {
                    self.tell_broken(at, &error);
                    self.state = State::Ended;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzipped(text: &str) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    }

    fn expanded(bytes: &[u8], limit: u64) -> (String, Option<Damage>) {
        let mut reader = bytes;
        let mut expanded = Expanded::new(&mut reader, limit).unwrap();
        let mut text = String::new();
        expanded.read_to_string(&mut text).unwrap();
        (text, expanded.damage().cloned())
    }

    #[test]
    fn members_follow_each_other_and_what_is_wrong_is_told_by_its_byte() {
        let text = "{\"id\": 1}\n".repeat(500);
        for one in [
            gzipped(&text),
            zstd::encode_all(text.as_bytes(), 3).unwrap(),
        ] {
            assert_eq!(expanded(&one, MAX_EXPANDED), (text.clone(), None));
            let two = [one.clone(), one.clone()].concat();
            assert_eq!(expanded(&two, MAX_EXPANDED), (text.repeat(2), None));

            let (read, damage) = expanded(&[&one[..], b"junk"].concat(), MAX_EXPANDED);
            assert_eq!(read, text);
            assert_eq!(damage.unwrap().offset, one.len() as u64);

            let (read, damage) = expanded(&one[..one.len() - 3], MAX_EXPANDED);
            assert!(text.starts_with(&read));
            let damage = damage.unwrap();
            assert!(damage.message.contains("breaks off"), "{damage:?}");
            assert_eq!(damage.offset, one.len() as u64 - 3);

            let (read, damage) = expanded(&one, 25);
            assert_eq!(read, text[..25]);
            assert!(damage.unwrap().message.contains("more comes out"));
        }
        let mut wrong_sum = gzipped(&text);
        let at = wrong_sum.len() - 8;
        wrong_sum[at] ^= 1;
        let (read, damage) = expanded(&wrong_sum, MAX_EXPANDED);
        assert_eq!(read, text);
        assert!(damage.unwrap().message.contains("checksum"));
        assert_eq!(expanded(b"{}", 1), ("{}".into(), None));
        assert_eq!(expanded(b"", 1), (String::new(), None));
    }
}
