//! The tenant: its ID, its domain, and whether it is new.

use crate::finding::{Level, Safety};
use crate::kinds::order::Line;
use crate::kinds::order::parameter::Parameter;
use crate::payload::JsonString;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::format::{is_guid, is_host_name, last_label, without_braces};
use crate::rules::order::OrderCheck;

pub(in crate::rules) static TENANT_PARAMETER_MISSING: Rule = Rule {
    id: "order/tenant-parameter-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/tenant-parameter-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Line(&|line, _, findings| {
        let Some(list) = line.complete_parameters().filter(|_| line.is_sale()) else {
            return;
        };
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

const TENANT_SUFFIX: &str = ".onmicrosoft.com";

pub(in crate::rules) static DOMAIN_SHAPE: Rule = Rule {
    id: "order/domain-shape",
    level: Level::Error,
    page: include_str!("../../../rules/order/domain-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        &[Parameter::MicrosoftDomain],
        &|domain, _, findings| {
            let is_new = domain.line.is_for_new_tenant() == Some(true);
            let fits = |text: &str| {
                if is_new {
                    is_new_tenant_domain(text)
                } else {
                    is_host_name(text)
                }
            };
            if is_new && let Some(label) = new_tenant_label(domain) {
                if label.len() > MAX_LABEL_LEN {
                    let message = format!(
                        "the tenant name `{label}` has {} characters; at most {MAX_LABEL_LEN} are \
                         allowed",
                        label.len()
                    );
                    findings
                        .report(domain.span(), message)
                        .help("choose a shorter name; it cannot be changed later");
                } else if label.contains('-') {
                    let message = format!(
                        "the tenant name `{label}` contains a hyphen; expected only letters and \
                         digits"
                    );
                    let finding = findings.report(domain.span(), message);
                    finding.level = Level::Warning;
                    finding.help("choose a name without hyphens; it cannot be changed later");
                }
                return;
            }
            if fits(domain) {
                return;
            }
            let message = if is_new {
                format!(
                    "`{domain}` is not a valid domain for a new tenant; expected \
                     `<name>{TENANT_SUFFIX}`"
                )
            } else {
                format!("`{domain}` is not a valid domain of a tenant")
            };
            let finding = findings.report(domain.span(), message);
            let host = strip_url(domain);
            let suffixed = format!(
                "{}{TENANT_SUFFIX}",
                host.split_once('.').map_or(&*host, |(label, _)| label)
            );
            if fits(&host) {
                finding.fix(domain.replacement_fix(&host, Safety::Safe));
            } else if (!host.contains('.') || has_misspelt_suffix(&host)) && fits(&suffixed) {
                finding.fix(domain.replacement_fix(&suffixed, Safety::Unsafe));
            } else if is_new {
                finding.help("use `<name>.onmicrosoft.com`, without further dots in the name");
            } else {
                finding.help("use a domain of the tenant, such as `<name>.onmicrosoft.com`");
            }
        },
    )),
};

/// The maximum length of the name of a new tenant.
const MAX_LABEL_LEN: usize = 27;

/// The suffixes of the domains of new tenants: worldwide, and in China.
const TENANT_SUFFIXES: [&str; 2] = [TENANT_SUFFIX, ".partner.onmschina.cn"];

/// The first label of a new tenant's domain, if the domain is a valid one.
pub(super) fn new_tenant_label(domain: &str) -> Option<&str> {
    TENANT_SUFFIXES.iter().find_map(|known| {
        let at = domain.len().checked_sub(known.len())?;
        let (label, suffix) = domain.split_at_checked(at)?;
        let is_label = last_label(label.as_bytes()) == Some(0);
        (is_label && suffix.eq_ignore_ascii_case(known)).then_some(label)
    })
}

fn is_new_tenant_domain(domain: &str) -> bool {
    new_tenant_label(domain).is_some()
}

/// The lower-case host of what may be a URL.
fn strip_url(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let host = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"))
        .unwrap_or(&lower);
    host.trim_end_matches('/').to_owned()
}

fn has_misspelt_suffix(domain: &str) -> bool {
    domain.find('.').is_some_and(|dot| {
        let suffix = &domain[dot..];
        suffix != TENANT_SUFFIX
            && strsim::osa_distance(suffix, TENANT_SUFFIX) <= 4
            && suffix.contains("microsoft")
            || strsim::osa_distance(suffix, TENANT_SUFFIX) <= 2
    })
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_domains_of_new_and_existing_tenants() {
        assert_eq!(new_tenant_label("Rings.OnMicrosoft.com"), Some("Rings"));
        for text in [
            "rings.com",
            "my.rings.onmicrosoft.com",
            ".onmicrosoft.com",
            "ri_ngs.onmicrosoft.com",
            "é",
        ] {
            assert!(!is_new_tenant_domain(text), "{text}");
        }
        assert!(
            has_misspelt_suffix("rings.onmircosoft.com")
                && has_misspelt_suffix("rings.microsoft.com")
        );
        assert!(!has_misspelt_suffix("rings.com"));
    }
}
