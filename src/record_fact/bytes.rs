//! A compact encoding of facts and of what goes with them, for another process of the same version.

use super::{Fact, Purchases, RecordFact, State};
use crate::kinds::certificate::Status;
use crate::span::Span;

/// Writes values one after the other.
#[derive(Debug, Default)]
pub(crate) struct ByteWriter(Vec<u8>);

impl ByteWriter {
    /// Writes a number, in fewer bytes the smaller it is.
    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Writes a string.
    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Writes a string that may be absent.
    pub(crate) fn optional_text(&mut self, text: Option<&str>) {
        self.number(u64::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    /// The bytes.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Reads what a [`ByteWriter`] wrote. Every method returns `None` for other bytes.
#[derive(Debug)]
pub(crate) struct ByteReader<'b>(&'b [u8]);

impl<'b> ByteReader<'b> {
    /// A reader at the start of the bytes.
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// Reads a number.
    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// Reads a string.
    pub(crate) fn text(&mut self) -> Option<&'b str> {
        let len = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    /// Reads a string that may be absent.
    pub(crate) fn optional_text(&mut self) -> Option<Option<&'b str>> {
        match self.number()? {
            0 => Some(None),
            1 => self.text().map(Some),
            _ => None,
        }
    }

    /// Whether everything was read.
    pub(crate) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }
}

impl RecordFact {
    /// What has to be equal for two facts to contradict or duplicate each other.
    pub(crate) fn group(&self) -> u64 {
        match self.fact {
            Fact::Buys { tenant, .. } => tenant,
            _ => self.subject,
        }
    }

    /// Whether an order that duplicates another by this and other facts is reported once.
    pub(crate) fn is_once_per_record(&self) -> bool {
        matches!(
            self.fact,
            Fact::Ordered | Fact::MakesTenant(_) | Fact::Buys { .. }
        )
    }

    /// The spans that a finding about the fact can have: one or two.
    pub(crate) fn spans(&self) -> impl Iterator<Item = Span> {
        let of_state = match self.fact {
            Fact::State(state) => Some(state.span),
            _ => None,
        };
        [self.span].into_iter().chain(of_state)
    }

    /// Writes the fact without its spans and its record.
    pub(crate) fn write(&self, out: &mut ByteWriter) {
        out.number(self.subject);
        match self.fact {
            Fact::State(State { status, time, .. }) => {
                out.number(0);
                let index = |status| Status::ALL.into_iter().position(|known| known == status);
                out.number(status.and_then(index).map_or(0, |index| index as u64 + 1));
                out.number(u64::from(time.is_some()));
                out.number(time.unwrap_or_default().cast_unsigned());
            }
            Fact::Ordered => out.number(1),
            Fact::MakesTenant(Purchases(purchases)) => {
                out.number(2);
                out.number(u64::from(purchases));
            }
            Fact::Buys {
                tenant,
                purchase,
                is_included,
            } => {
                out.number(3);
                out.number(tenant);
                out.number(u64::from(purchase));
                out.number(u64::from(is_included));
            }
            Fact::NotStateOwned => out.number(4),
            Fact::StateOwned => out.number(5),
        }
    }

    /// Reads a fact, with these spans and as the fact of the first record.
    pub(crate) fn read(bytes: &mut ByteReader<'_>, [own, of_state]: [Span; 2]) -> Option<Self> {
        let subject = bytes.number()?;
        let fact = match bytes.number()? {
            0 => {
                let status = bytes.number()? as usize;
                let has_time = bytes.number()? == 1;
                let time = bytes.number()?.cast_signed();
                Fact::State(State {
                    status: match status.checked_sub(1) {
                        Some(index) => Some(*Status::ALL.get(index)?),
                        None => None,
                    },
                    span: of_state,
                    time: has_time.then_some(time),
                })
            }
            1 => Fact::Ordered,
            2 => Fact::MakesTenant(Purchases(u32::try_from(bytes.number()?).ok()?)),
            3 => Fact::Buys {
                tenant: bytes.number()?,
                purchase: u16::try_from(bytes.number()?).ok()?,
                is_included: bytes.number()? == 1,
            },
            4 => Fact::NotStateOwned,
            5 => Fact::StateOwned,
            _ => return None,
        };
        Some(Self {
            record: 0,
            span: own,
            subject,
            fact,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_read_as_it_was_written() {
        let spans = [Span::empty(3), Span::empty(7)];
        let state = |status, time| {
            Fact::State(State {
                status,
                span: spans[1],
                time,
            })
        };
        let buys = Fact::Buys {
            tenant: u64::MAX,
            purchase: u16::MAX,
            is_included: true,
        };
        for fact in [
            state(None, None),
            state(Some(Status::ALL[0]), Some(-5)),
            state(Some(Status::ALL[6]), Some(i64::MAX)),
            Fact::Ordered,
            Fact::MakesTenant(Purchases(u32::MAX)),
            buys,
            Fact::NotStateOwned,
            Fact::StateOwned,
        ] {
            let fact = RecordFact {
                record: 0,
                span: spans[0],
                subject: 1 << 63,
                fact,
            };
            let mut out = ByteWriter::default();
            fact.write(&mut out);
            out.optional_text(Some("ä"));
            out.optional_text(None);
            let bytes = out.finish();
            let mut reader = ByteReader::new(&bytes);
            assert_eq!(RecordFact::read(&mut reader, spans), Some(fact));
            assert_eq!(reader.optional_text(), Some(Some("ä")));
            assert_eq!(reader.optional_text(), Some(None));
            assert!(reader.is_at_end());
            for len in 0..bytes.len() {
                let mut reader = ByteReader::new(&bytes[..len]);
                let read = RecordFact::read(&mut reader, spans)
                    .and_then(|_| Some((reader.optional_text()?, reader.optional_text()?)));
                assert_eq!(read, None, "of {len} bytes");
            }
        }
    }
}
