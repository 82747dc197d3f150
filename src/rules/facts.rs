//! Extraction of the facts that another record of the run can contradict or repeat.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash};

use foldhash::quality::FixedState;

use crate::kinds::certificate::{Certificate, Resource};
use crate::kinds::order::parameter::Parameter;
use crate::kinds::order::{Line, Order, OrderType};
use crate::kinds::qualification::{Qualification, QualificationType};
use crate::names::Name;
use crate::payload::{Form, JsonString};
use crate::record_fact::{Fact, Purchases, RecordFact, State};
use crate::rules::format::{is_guid, without_braces};
use crate::rules::order::tenant::is_host_name;
use crate::rules::rfc3339::parse_timestamp;

const ID: Name = Name::known("id");
const ORDER_NUMBER: Name = Name::known("orderNumber");
const CUSTOMER_ID: Name = Name::known("customerId");

fn fingerprint(parts: impl Hash) -> u64 {
    FixedState::default().hash_one(parts)
}

/// What a certificate says.
pub(crate) fn of_certificate(certificate: &Certificate<'_>) -> Option<RecordFact> {
    let own = certificate.references.iter();
    let id = own
        .filter(|reference| reference.resource == Resource::Certificate)
        .find_map(|reference| reference.id.as_ref())?;
    let updated = certificate
        .events
        .iter()
        .find(|event| event.member.name_text().eq_ignore_ascii_case("updated"));
    let time = updated.and_then(|event| parse_timestamp(event.at.as_ref()?.trim()));
    let status = certificate.status_string.as_ref();
    Some(RecordFact {
        record: certificate.record.index,
        span: id.span(),
        subject: fingerprint(("certificate", id.trim())),
        fact: Fact::State(State {
            status: certificate.status,
            span: status.map_or(id.span(), JsonString::span),
            time: time.and_then(|time| i64::try_from(time.instant.as_nanosecond()).ok()),
        }),
    })
}

/// Adds what an order says.
pub(crate) fn of_order(order: &Order<'_>, facts: &mut Vec<RecordFact>) {
    let record = order.record.index;
    let lines = || order.lines.iter().filter(|line| line.is_new_commerce());
    if order.record.form == Form::Response {
        let [id, number] = texts_of(order, [ID, ORDER_NUMBER]);
        let name = id.or(number).filter(|name| !name.trim().is_empty());
        facts.extend(name.map(|name| RecordFact {
            record,
            span: name.span(),
            subject: fingerprint(("order", name.trim())),
            fact: Fact::Ordered,
        }));
    } else if order.order_type == Some(OrderType::Sales) {
        let [customer] = texts_of(order, [CUSTOMER_ID]);
        let mut maker = None;
        for line in lines() {
            of_sale(record, customer.as_ref(), line, &mut maker, facts);
        }
    }
    let not_state_owned = lines().find_map(|line| {
        let says = line.text(Parameter::SpecialQualifications)?;
        let tenant = without_braces(line.text(Parameter::MicrosoftTenantId)?.trim());
        let is_said = says.trim().eq_ignore_ascii_case("None") && is_guid(tenant);
        is_said.then(|| RecordFact {
            record,
            span: says.span(),
            subject: of_tenant(tenant),
            fact: Fact::NotStateOwned,
        })
    });
    facts.extend(not_state_owned);
}

/// The texts of the order's members of these names.
fn texts_of<'d, const N: usize>(
    order: &Order<'d>,
    names: [Name; N],
) -> [Option<JsonString<'d>>; N] {
    order
        .node()
        .values_of(names)
        .map(|value| value.and_then(JsonString::read))
}

/// Adds what a line says that sells: that it makes a tenant, and what it buys for one. `maker` is the
/// place among the facts of what the order says of the tenant that it makes.
fn of_sale(
    record: usize,
    customer: Option<&JsonString<'_>>,
    line: &Line<'_>,
    maker: &mut Option<usize>,
    facts: &mut Vec<RecordFact>,
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
    let at = customer.map_or(domain.span(), JsonString::span);
    if line.is_for_new_tenant() != Some(true) {
        *maker = None;
    } else if maker.is_none_or(|maker| facts[maker].subject != tenant) {
        *maker = Some(facts.len());
        facts.push(RecordFact {
            record,
            span: at,
            subject: tenant,
            fact: Fact::MakesTenant(Purchases::default()),
        });
    }
    let Some((customer, part)) = customer.zip(line.mpn.as_ref()) else {
        return;
    };
    let subject = fingerprint(("part", customer.trim(), part.trim(), &*name));
    let purchase = subject as u16;
    let is_said = maker.is_some_and(|maker| match &mut facts[maker].fact {
        Fact::MakesTenant(purchases) => purchases.add(purchase),
        _ => false,
    });
    facts.push(RecordFact {
        record,
        span: at,
        subject,
        fact: Fact::Buys {
            tenant,
            purchase,
            is_included: is_said,
        },
    });
}

/// What a qualification says, if it is known whose it is.
pub(crate) fn of_qualification(qualification: &Qualification<'_>) -> Option<RecordFact> {
    let document = qualification.record.document;
    let tenant = document.head()?.tenant?.of(document.text());
    let word = qualification.word.as_ref()?;
    let is_state_owned =
        qualification.qualification_type == Some(QualificationType::StateOwnedEntity);
    is_state_owned.then(|| RecordFact {
        record: qualification.record.index,
        span: word.span(),
        subject: of_tenant(tenant),
        fact: Fact::StateOwned,
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
