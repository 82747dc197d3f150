//! E-mail addresses of the customer and of the person who accepted the agreement.

use super::sample_value::is_sample_domain;
use crate::finding::Level;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::fields::email;
use crate::rules::order::OrderCheck;

const EMAILS: &[Parameter] = &[Parameter::CustomerEmail, Parameter::EmailAddressAgreement];

pub(in crate::rules) static EMAIL_SHAPE: Rule = Rule {
    id: "order/email-shape",
    level: Level::Error,
    page: include_str!("../../../rules/order/email-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(EMAILS, &|address, _, findings| {
        let is_customer = address.parameter == Parameter::CustomerEmail;
        email::check_shape(address, is_customer, findings);
    })),
};

pub(in crate::rules) static CUSTOMER_EMAIL_MICROSOFT: Rule = Rule {
    id: "order/customer-email-microsoft",
    level: Level::Error,
    page: include_str!("../../../rules/order/customer-email-microsoft.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::CustomerEmail],
        &|address, _, findings| email::check_microsoft("customer_email", address, findings),
    )),
};

pub(in crate::rules) static CUSTOMER_EMAIL_PARTNER: Rule = Rule {
    id: "order/customer-email-partner",
    level: Level::Error,
    page: include_str!("../../../rules/order/customer-email-partner.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::CustomerEmail],
        &|address, context, findings| {
            email::check_partner("customer_email", address, context, findings);
        },
    )),
};

pub(in crate::rules) static EMAIL_IN_NEW_TENANT: Rule = Rule {
    id: "order/email-in-new-tenant",
    level: Level::Warning,
    page: include_str!("../../../rules/order/email-in-new-tenant.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(EMAILS, &|address, _, findings| {
        let line = address.line;
        let Some(tenant) = line.string(Parameter::MicrosoftDomain) else {
            return;
        };
        if email::is_at(address, tenant.trim())
            && line.is_for_new_tenant() == Some(true)
            && !is_sample_domain(line, tenant)
        {
            email::check_in_new_tenant(address, tenant, "this order", findings);
        }
    })),
};
