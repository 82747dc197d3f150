//! E-mail addresses of the customer.

use crate::finding::Level;
use crate::kinds::customer::Role;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::customer::CustomerCheck;
use crate::rules::fields::{domain, email, sample};

pub(in crate::rules) static EMAIL_SHAPE: Rule = Rule {
    id: "customer/email-shape",
    level: Level::Error,
    page: include_str!("../../../rules/customer/email-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Email],
        &|field, _, _, findings| email::check_shape(&field.string, true, findings),
    )),
};

pub(in crate::rules) static EMAIL_MICROSOFT: Rule = Rule {
    id: "customer/email-microsoft",
    level: Level::Error,
    page: include_str!("../../../rules/customer/email-microsoft.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Email],
        &|field, _, _, findings| email::check_microsoft(field.name, &field.string, findings),
    )),
};

pub(in crate::rules) static EMAIL_PARTNER: Rule = Rule {
    id: "customer/email-partner",
    level: Level::Error,
    page: include_str!("../../../rules/customer/email-partner.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Email],
        &|field, _, context, findings| {
            email::check_partner(field.name, &field.string, context, findings);
        },
    )),
};

pub(in crate::rules) static EMAIL_IN_NEW_TENANT: Rule = Rule {
    id: "customer/email-in-new-tenant",
    level: Level::Warning,
    page: include_str!("../../../rules/customer/email-in-new-tenant.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CustomerCheck::Field(
        &[Role::Email],
        &|field, customer, _, findings| {
            let Some(tenant) = customer.field(Role::Domain) else {
                return;
            };
            let tenant = &tenant.string;
            let is_valid = domain::is_new_tenant_domain(tenant);
            if is_valid
                && email::is_at(&field.string, tenant.trim())
                && !sample::is_sample_domain(tenant)
            {
                email::check_in_new_tenant(&field.string, tenant, "this request", findings);
            }
        },
    )),
};
