//! What a record says that another record of the run can contradict or repeat, in a few bytes.

mod bytes;

pub(crate) use bytes::{ByteReader, ByteWriter};

use crate::kinds::certificate::Status;
use crate::span::Span;

/// Something that a record says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecordFact {
    /// The index of the record in its document.
    pub record: usize,
    /// Where a finding about it points.
    pub span: Span,
    /// A hash of what it is about: equal for all records about the same certificate, order, part or tenant.
    pub(crate) subject: u64,
    /// What it says.
    pub(crate) fact: Fact,
}

/// What records say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fact {
    /// The certificate has this state.
    State(State),
    /// The platform has this order.
    Ordered,
    /// The order makes a tenant and buys these parts for it.
    MakesTenant(Purchases),
    /// A customer buys a part for a tenant.
    Buys {
        /// A hash of the tenant.
        tenant: u64,
        /// Distinguishes this customer and part from others for the same tenant.
        purchase: u16,
        /// Whether the [`Fact::MakesTenant`] of the tenant already includes it.
        is_included: bool,
    },
    /// The tenant's customer has no special qualification.
    NotStateOwned,
    /// The tenant's customer is owned by a state.
    StateOwned,
}

/// Up to two purchases, each by the low bits of its hash.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Purchases(pub(crate) u32);

impl Purchases {
    /// Adds one, if there is room; returns whether there was.
    pub(crate) fn add(&mut self, purchase: u16) -> bool {
        let has_room = self.0 >> 16 == 0;
        if has_room {
            self.0 = self.0 << 16 | u32::from(purchase);
        }
        has_room
    }

    /// Whether a purchase is among them.
    pub(crate) fn contain(self, purchase: u16) -> bool {
        purchase != 0 && (self.0 as u16 == purchase || (self.0 >> 16) as u16 == purchase)
    }
}

/// A certificate's state at some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct State {
    /// The status, if it is present and known.
    pub(crate) status: Option<Status>,
    /// The span of the status, or of the certificate's id if there is none.
    pub(crate) span: Span,
    /// When it was written, in nanoseconds since 1970.
    pub(crate) time: Option<i64>,
}

impl RecordFact {
    /// Shifts every span by `bytes`, and the index of the record by `records`.
    pub(crate) fn shift(&mut self, bytes: u32, records: usize) {
        self.record += records;
        self.span = self.span.shifted(bytes);
        if let Fact::State(state) = &mut self.fact {
            state.span = state.span.shifted(bytes);
        }
    }
}
