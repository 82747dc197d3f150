//! The tenant: its ID, its domain, and whether it is new.

use crate::finding::{Level, Safety};
use crate::kinds::order::Line;
use crate::kinds::order::parameter::Parameter;
use crate::payload::JsonString;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::fields::domain::{self, is_new_tenant_domain};
use crate::rules::format::{is_guid, is_host_name, without_braces};
use crate::rules::order::OrderCheck;

/// The parameters that state the tenant; that of an existing one may state its ID instead of its domain.
const TENANT: &[Parameter] = &[Parameter::TenantPreference, Parameter::MicrosoftDomain];

pub(in crate::rules) static TENANT_PARAMETER_MISSING: Rule = Rule {
    id: "order/tenant-parameter-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/tenant-parameter-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Missing(TENANT, &|line, list, _, findings| {
        if !line.has(Parameter::TenantPreference)
            && !line.has_nearest_connector_name(Parameter::TenantPreference)
        {
            findings
                .report(
                    list.name.span(),
                    "`tenant_preference` is missing; it states whether the tenant is new or \
                     existing",
                )
                .help("add `tenant_preference` with the value `new` or `existing`");
        }
        if !line.has(Parameter::MicrosoftDomain) && !line.has(Parameter::MicrosoftTenantId) {
            findings
                .report(
                    list.name.span(),
                    "`microsoft_domain` is missing; it identifies the tenant",
                )
                .help("add `microsoft_domain`, or `microsoft_tenant_id` for an existing tenant");
        }
    })),
};

pub(in crate::rules) static DOMAIN_SHAPE: Rule = Rule {
    id: "order/domain-shape",
    level: Level::Error,
    page: include_str!("../../../rules/order/domain-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::MicrosoftDomain],
        &|name, _, findings| {
            let is_new = name.line.is_for_new_tenant() == Some(true);
            domain::check_shape(name, is_new, findings);
        },
    )),
};

pub(in crate::rules) static TENANT_ID_SHAPE: Rule = Rule {
    id: "order/tenant-id-shape",
    level: Level::Error,
    page: include_str!("../../../rules/order/tenant-id-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::MicrosoftTenantId],
        &|id, _, findings| {
            if is_guid(id) {
                return;
            }
            let finding = findings.report(
                id.span(),
                format_args!("`microsoft_tenant_id` must be a GUID, found `{id}`"),
            );
            let unbraced = without_braces(id);
            if is_guid(unbraced) {
                finding.fix(id.replacement_fix(unbraced, Safety::Safe));
            } else {
                finding.help(
                    "use the ID of the tenant: 32 hexadecimal digits in groups of 8, 4, 4, 4 and \
                     12",
                );
            }
        },
    )),
};

pub(in crate::rules) static TENANT_ID_FOR_NEW_TENANT: Rule = Rule {
    id: "order/tenant-id-for-new-tenant",
    level: Level::Error,
    page: include_str!("../../../rules/order/tenant-id-for-new-tenant.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::MicrosoftTenantId],
        &|id, _, findings| {
            // `order/tenant-id-shape` reports an invalid ID.
            if id.line.is_for_new_tenant() == Some(true) && is_guid(without_braces(id)) {
                let finding = findings.report(
                    id.span(),
                    "`microsoft_tenant_id` is not allowed for a new tenant, which has no ID yet",
                );
                if let Some(preference) = id.line.string(Parameter::TenantPreference) {
                    finding.label(preference.span(), "the tenant is new");
                }
                finding.help(
                    "use `microsoft_domain` instead, or set `tenant_preference` to `existing`",
                );
            }
        },
    )),
};

pub(in crate::rules) static TENANT_CONFLICT: Rule = Rule {
    id: "order/tenant-conflict",
    level: Level::Warning,
    page: include_str!("../../../rules/order/tenant-conflict.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Order(&|order, _, findings| {
        if order.lines.len() < 2 {
            return;
        }
        for (parameter, subject) in [
            (Parameter::TenantPreference, "whether the tenant is new"),
            (Parameter::MicrosoftDomain, "the tenant's domain"),
            (Parameter::MicrosoftTenantId, "the tenant's ID"),
        ] {
            let lines = order.lines.iter().filter(|line| line.is_new_commerce());
            // The rules on their format report invalid domains and IDs.
            let is_reported_elsewhere = |line: &Line<'_>, text: &str| match parameter {
                Parameter::MicrosoftDomain => {
                    !is_host_name(text)
                        || line.is_for_new_tenant() == Some(true) && !is_new_tenant_domain(text)
                }
                Parameter::MicrosoftTenantId => !is_guid(without_braces(text)),
                _ => false,
            };
            let mut values = lines.filter_map(|line| {
                let text = line.string(parameter)?;
                (!is_reported_elsewhere(line, text.trim())).then_some(text)
            });
            let Some(first) = values.next() else { continue };
            let differs = |text: &&JsonString<'_>| !text.trim().eq_ignore_ascii_case(first.trim());
            for other in values.filter(differs) {
                findings
                    .report(
                        other.span(),
                        format_args!(
                            "the lines of this order disagree on {subject}: `{other}` and `{first}`"
                        ),
                    )
                    .label(first.span(), "first defined here")
                    .help("use the same tenant on all lines, or send one order for each tenant");
            }
        }
    })),
};
