//! Extraction of the facts that another record of the run can contradict or duplicate.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash};

use foldhash::quality::FixedState;

use crate::kinds::certificate::{Certificate, Resource};
use crate::kinds::order::parameter::Parameter;
use crate::kinds::order::{Line, Order, OrderType};
use crate::kinds::qualification::{Qualification, QualificationType};
use crate::names::{KnownName, known};
use crate::payload::{Form, JsonString};
use crate::record_fact::{Fact, Purchases, RecordFact, State};
use crate::rules::format::{is_guid, is_host_name, without_braces};
use crate::rules::rfc3339::parse_timestamp;

const ID: KnownName = known("id");
const ORDER_NUMBER: KnownName = known("orderNumber");
const CUSTOMER_ID: KnownName = known("customerId");

fn fingerprint(parts: impl Hash) -> u64 {
    FixedState::default().hash_one(parts)
}

/// The fact of a certificate.
pub(crate) fn of_certificate(certificate: &Certificate<'_>) -> Option<RecordFact> {
    let references = certificate.references.iter();
    let id = references
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

/// Adds the facts of an order.
pub(crate) fn of_order(order: &Order<'_>, facts: &mut Vec<RecordFact>) {
    let record = order.record.index;
    let lines = || order.lines.iter().filter(|line| line.is_new_commerce());
    if order.record.form == Form::Response {
        let [id, number] = strings_of(order, [ID, ORDER_NUMBER]);
        let name = id.or(number).filter(|name| !name.trim().is_empty());
        facts.extend(name.map(|name| RecordFact {
            record,
            span: name.span(),
            subject: fingerprint(("order", name.trim())),
            fact: Fact::Ordered,
        }));
    } else if order.record.form == Form::Request && order.order_type == Some(OrderType::Sales) {
        let [customer] = strings_of(order, [CUSTOMER_ID]);
        let mut creator = None;
        for line in lines() {
            of_sale(record, customer.as_ref(), line, &mut creator, facts);
        }
    }
    let not_state_owned = lines().find_map(|line| {
        let qualification = line.string(Parameter::SpecialQualifications)?;
        let tenant = without_braces(line.string(Parameter::MicrosoftTenantId)?.trim());
        let is_not_state_owned =
            qualification.trim().eq_ignore_ascii_case("None") && is_guid(tenant);
        is_not_state_owned.then(|| RecordFact {
            record,
            span: qualification.span(),
            subject: tenant_subject(tenant),
            fact: Fact::NotStateOwned,
        })
    });
    facts.extend(not_state_owned);
}

/// The strings of the order's properties of these names.
fn strings_of<'d, const N: usize>(
    order: &Order<'d>,
    names: [KnownName; N],
) -> [Option<JsonString<'d>>; N] {
    order
        .node()
        .values_of(names)
        .map(|value| value.and_then(JsonString::read))
}

/// Adds the facts of a sale line: that it creates a tenant, and what it buys for one. `creator` is the index
/// of the fact that the order creates the line's tenant.
fn of_sale(
    record: usize,
    customer: Option<&JsonString<'_>>,
    line: &Line<'_>,
    creator: &mut Option<usize>,
    facts: &mut Vec<RecordFact>,
) {
    let Some(domain) = line.string(Parameter::MicrosoftDomain) else {
        return;
    };
    let name = lower_case(domain.trim());
    // An invalid domain does not identify a tenant.
    if !is_host_name(&name) {
        return;
    }
    let tenant = fingerprint(("tenant", &*name));
    let span = customer.map_or(domain.span(), JsonString::span);
    if line.is_for_new_tenant() != Some(true) {
        *creator = None;
    } else if creator.is_none_or(|creator| facts[creator].subject != tenant) {
        *creator = Some(facts.len());
        facts.push(RecordFact {
            record,
            span,
            subject: tenant,
            fact: Fact::MakesTenant(Purchases::default()),
        });
    }
    let Some((customer, part)) = customer.zip(line.mpn.as_ref()) else {
        return;
    };
    let subject = fingerprint(("part", customer.trim(), part.trim(), &*name));
    let purchase = subject as u16;
    let is_included = creator.is_some_and(|creator| match &mut facts[creator].fact {
        Fact::MakesTenant(purchases) => purchases.add(purchase),
        _ => false,
    });
    facts.push(RecordFact {
        record,
        span,
        subject,
        fact: Fact::Buys {
            tenant,
            purchase,
            is_included,
        },
    });
}

/// The fact of a qualification, if its customer is known.
pub(crate) fn of_qualification(qualification: &Qualification<'_>) -> Option<RecordFact> {
    let document = qualification.record.document;
    let tenant = document.evidence()?.tenant.as_deref()?;
    let type_string = qualification.type_string.as_ref()?;
    let is_state_owned =
        qualification.qualification_type == Some(QualificationType::StateOwnedEntity);
    is_state_owned.then(|| RecordFact {
        record: qualification.record.index,
        span: type_string.span(),
        subject: tenant_subject(tenant),
        fact: Fact::StateOwned,
    })
}

fn tenant_subject(id: &str) -> u64 {
    fingerprint(("customer", lower_case(id)))
}

fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        text.to_ascii_lowercase().into()
    } else {
        text.into()
    }
}
