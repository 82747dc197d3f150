//! Domains of tenants.

use crate::finding::{Level, Safety};
use crate::payload::JsonString;
use crate::rule::RuleReporter;
use crate::rules::format::{is_host_name, last_label};

const TENANT_SUFFIX: &str = ".onmicrosoft.com";

/// Reports what is not the domain of a tenant. A new tenant gets its name from its domain.
pub(in crate::rules) fn check_shape(
    domain: &JsonString<'_>,
    is_new: bool,
    findings: &mut RuleReporter<'_>,
) {
    if is_new && let Some(label) = new_tenant_label(domain) {
        return check_label(label, domain, findings);
    }
    let fits = |text: &str| {
        if is_new {
            is_new_tenant_domain(text)
        } else {
            is_host_name(text)
        }
    };
    if fits(domain) {
        return;
    }
    let message = if is_new {
        format!(
            "`{domain}` is not a valid domain for a new tenant; expected `<name>{TENANT_SUFFIX}`"
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
}

/// Reports a name of a new tenant that is too long, or has a hyphen.
fn check_label(label: &str, domain: &JsonString<'_>, findings: &mut RuleReporter<'_>) {
    if label.len() > MAX_LABEL_LEN {
        let message = format!(
            "the tenant name `{label}` has {} characters; at most {MAX_LABEL_LEN} are allowed",
            label.len()
        );
        findings
            .report(domain.span(), message)
            .help("choose a shorter name; it cannot be changed later");
    } else if label.contains('-') {
        let message = format!(
            "the tenant name `{label}` contains a hyphen; expected only letters and digits"
        );
        let finding = findings.report(domain.span(), message);
        finding.level = Level::Warning;
        finding.help("choose a name without hyphens; it cannot be changed later");
    }
}

/// The maximum length of the name of a new tenant.
const MAX_LABEL_LEN: usize = 27;

/// The suffixes of the domains of new tenants: worldwide, and in China.
const TENANT_SUFFIXES: [&str; 2] = [TENANT_SUFFIX, ".partner.onmschina.cn"];

/// The first label of a new tenant's domain, if the domain is a valid one.
pub(in crate::rules) fn new_tenant_label(domain: &str) -> Option<&str> {
    TENANT_SUFFIXES.iter().find_map(|known| {
        let at = domain.len().checked_sub(known.len())?;
        let (label, suffix) = domain.split_at_checked(at)?;
        let is_label = last_label(label.as_bytes()) == Some(0);
        (is_label && suffix.eq_ignore_ascii_case(known)).then_some(label)
    })
}

/// Whether a domain is a valid one for a new tenant.
pub(in crate::rules) fn is_new_tenant_domain(domain: &str) -> bool {
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
