//! What a record says that another may contradict or repeat, in a few bytes.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash};

use foldhash::quality::FixedState;

use crate::names::{KnownName, known};
use crate::payload::certificate::{Certificate, Resource, Status};
use crate::payload::order::{Line, Order, OrderType};
use crate::payload::parameter::Parameter;
use crate::payload::qualification::{Qualification, Standing};
use crate::payload::{Form, Text};
use crate::rules::moment::moment;
use crate::rules::order::tenant::is_host_name;
use crate::rules::shape::{is_guid, without_braces};
use crate::span::Span;

const ID: KnownName = known("id");
const ORDER_NUMBER: KnownName = known("orderNumber");
const CUSTOMER_ID: KnownName = known("customerId");

/// Something that a record says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claim {
    /// The place of the record among those of its document.
    pub record: usize,
    /// Where a finding about it points.
    pub at: Span,
    /// Whom it is about: equal for all records that speak of the same.
    pub(super) subject: u64,
    /// What it says.
    pub(super) says: Says,
}

/// What records say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Says {
    /// The certificate is in this state.
    State(State),
    /// The platform has this order.
    Ordered,
    /// A tenant is to be made, and this is bought for it.
    MakesTenant(Purchases),
    /// A customer buys a part for a tenant.
    Buys {
        /// The tenant.
        tenant: u64,
        /// Tells this customer and part from others that may go with the tenant.
        purchase: u16,
        /// Whether the claim that the tenant is made says it already.
        is_said: bool,
    },
    /// The tenant's customer is nothing special.
    NotStateOwned,
    /// The tenant's customer is owned by a state.
    StateOwned,
}

/// Up to two purchases, each by the low bits of its fingerprint.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Purchases(pub(super) u32);

impl Purchases {
    /// Adds one, if there is room.
    fn add(&mut self, purchase: u16) -> bool {
        let has_room = self.0 >> 16 == 0;
        if has_room {
            self.0 = self.0 << 16 | u32::from(purchase);
        }
        has_room
    }

    /// Whether it is among them.
    pub(super) fn hold(self, purchase: u16) -> bool {
        purchase != 0 && (self.0 as u16 == purchase || (self.0 >> 16) as u16 == purchase)
    }
}

/// A certificate's state at some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct State {
    /// The status, if it is given and known.
    pub(super) status: Option<Status>,
    /// Where it stands, or the certificate's id if it is not given.
    pub(super) at: Span,
    /// When it was written, in nanoseconds from 1970.
    pub(super) time: Option<i64>,
}

fn fingerprint(parts: impl Hash) -> u64 {
    FixedState::default().hash_one(parts)
}

/// What a certificate says.
pub(crate) fn of_certificate(certificate: &Certificate<'_>) -> Option<Claim> {
    let own = certificate.references.iter();
    let id = own
        .filter(|reference| reference.resource == Resource::Certificate)
        .find_map(|reference| reference.id.as_ref())?;
    let updated = certificate
        .events
        .iter()
        .find(|event| event.member.name_text().eq_ignore_ascii_case("updated"));
    let time = updated.and_then(|event| moment(event.at.as_ref()?.trim()));
    let status = certificate.status_text.as_ref();
    Some(Claim {
        record: certificate.record.index,
        at: id.span(),
        subject: fingerprint(("certificate", id.trim())),
        says: Says::State(State {
            status: certificate.status,
            at: status.map_or(id.span(), Text::span),
            time: time.and_then(|time| i64::try_from(time.instant.as_nanosecond()).ok()),
        }),
    })
}

/// Adds what an order says.
pub(crate) fn of_order(order: &Order<'_>, claims: &mut Vec<Claim>) {
    let record = order.record.index;
    let lines = || order.lines.iter().filter(|line| line.is_new_commerce());
    if order.record.form == Form::Response {
        let [id, number] = texts_of(order, [ID, ORDER_NUMBER]);
        let name = id.or(number).filter(|name| !name.trim().is_empty());
        claims.extend(name.map(|name| Claim {
            record,
            at: name.span(),
            subject: fingerprint(("order", name.trim())),
            says: Says::Ordered,
        }));
    } else if order.order_type == Some(OrderType::Sales) {
        let [customer] = texts_of(order, [CUSTOMER_ID]);
        let mut maker = None;
        for line in lines() {
            of_sale(record, customer.as_ref(), line, &mut maker, claims);
        }
    }
    let not_state_owned = lines().find_map(|line| {
        let says = line.text(Parameter::SpecialQualifications)?;
        let tenant = without_braces(line.text(Parameter::MicrosoftTenantId)?.trim());
        let is_said = says.trim().eq_ignore_ascii_case("None") && is_guid(tenant);
        is_said.then(|| Claim {
            record,
            at: says.span(),
            subject: of_tenant(tenant),
            says: Says::NotStateOwned,
        })
    });
    claims.extend(not_state_owned);
}

/// The texts of the order's members of these names.
fn texts_of<'d, const N: usize>(order: &Order<'d>, names: [KnownName; N]) -> [Option<Text<'d>>; N] {
    order
        .node()
        .values_of(names)
        .map(|value| value.and_then(Text::read))
}

/// Adds what a line says that sells: that it makes a tenant, and what it buys for one. `maker` is the
/// place among the claims of what the order says of the tenant that it makes.
fn of_sale(
    record: usize,
    customer: Option<&Text<'_>>,
    line: &Line<'_>,
    maker: &mut Option<usize>,
    claims: &mut Vec<Claim>,
) {
    let Some(domain) = line.text(Parameter::MicrosoftDomain) else {
        return;
    };
    let name = in_lower_case(domain.trim());
    // What is no domain stands for none yet.
    if !is_host_name(&name) {
        return;
    }
    let tenant = fingerprint(("tenant", &*name));
    let at = customer.map_or(domain.span(), Text::span);
    if line.is_for_new_tenant() != Some(true) {
        *maker = None;
    } else if maker.is_none_or(|maker| claims[maker].subject != tenant) {
        *maker = Some(claims.len());
        claims.push(Claim {
            record,
            at,
            subject: tenant,
            says: Says::MakesTenant(Purchases::default()),
        });
    }
    let Some((customer, part)) = customer.zip(line.mpn.as_ref()) else {
        return;
    };
    let subject = fingerprint(("part", customer.trim(), part.trim(), &*name));
    let purchase = subject as u16;
    let is_said = maker.is_some_and(|maker| match &mut claims[maker].says {
        Says::MakesTenant(purchases) => purchases.add(purchase),
        _ => false,
    });
    claims.push(Claim {
        record,
        at,
        subject,
        says: Says::Buys {
            tenant,
            purchase,
            is_said,
        },
    });
}

/// What a qualification says, if it is known whose it is.
pub(crate) fn of_qualification(qualification: &Qualification<'_>) -> Option<Claim> {
    let document = qualification.record.document;
    let tenant = document.preamble()?.tenant?.of(document.text());
    let word = qualification.word.as_ref()?;
    let is_state_owned = qualification.standing == Some(Standing::StateOwnedEntity);
    is_state_owned.then(|| Claim {
        record: qualification.record.index,
        at: word.span(),
        subject: of_tenant(tenant),
        says: Says::StateOwned,
    })
}

fn of_tenant(id: &str) -> u64 {
    fingerprint(("customer", in_lower_case(id)))
}

fn in_lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        text.to_ascii_lowercase().into()
    } else {
        text.into()
    }
}

impl Claim {
    /// Moves every place on by `bytes`, and the record by `records`.
    pub(crate) fn shift(&mut self, bytes: u32, records: usize) {
        self.record += records;
        self.at = self.at.shifted(bytes);
        if let Says::State(state) = &mut self.says {
            state.at = state.at.shifted(bytes);
        }
    }
}
