//! Normalization and validation of platform ids.

use std::borrow::Cow;

use crate::kinds::certificate::Resource;

/// The id as the schema's safe fix would write it: without surrounding whitespace, with an upper-case prefix
/// and groups joined by hyphens.
pub(super) fn normalize(id: &str) -> Cow<'_, str> {
    let is_normal = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    if id.bytes().all(is_normal) {
        return Cow::Borrowed(id);
    }
    let joined = id.trim().replace(['_', ' '], "-");
    match joined.split_once('-') {
        Some((prefix, rest)) => Cow::Owned(format!("{}-{rest}", prefix.to_uppercase())),
        None => Cow::Owned(joined),
    }
}

/// The normalized id; `None` if the schema still rejects it, so that it is not compared.
pub(super) fn normalize_valid(resource: Resource, id: &str) -> Option<Cow<'_, str>> {
    let id = normalize(id);
    is_valid_for(resource, &id).then_some(id)
}

/// Whether an id has the prefix and the groups of four digits that the schema requires.
fn is_valid_for(resource: Resource, id: &str) -> bool {
    let mut parts = id.split('-');
    let prefix = parts.next().unwrap_or_default();
    let (is_prefix, groups) = match resource {
        Resource::Certificate => (prefix == "CER", 3..=3),
        Resource::Program => (prefix == "PRG", 2..=2),
        Resource::Account => (prefix == "ACC", 2..=2),
        Resource::Buyer => (prefix == "BUY", 2..=2),
        Resource::Licensee => (matches!(prefix, "LCE" | "LIC"), 3..=3),
        Resource::Template => {
            let is_code = prefix.len() == 3 && prefix.bytes().all(|b| b.is_ascii_uppercase());
            (is_code, 2..=3)
        }
    };
    let is_group = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    is_prefix && groups.contains(&parts.clone().count()) && parts.all(is_group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_case_and_separators_only() {
        for (resource, id, normalized) in [
            (
                Resource::Certificate,
                "CER-1234-5678-9012",
                Some("CER-1234-5678-9012"),
            ),
            (
                Resource::Certificate,
                " cer_1234 5678-9012",
                Some("CER-1234-5678-9012"),
            ),
            (Resource::Certificate, "CER-1234-5678", None),
            (Resource::Certificate, "<id>", None),
            (Resource::Account, "ACC-8841-302", None),
            (Resource::Account, "BUY-8841-3027", None),
            (
                Resource::Licensee,
                "lic-1234-5678-9012",
                Some("LIC-1234-5678-9012"),
            ),
            (Resource::Template, "PTP-1180-3357", Some("PTP-1180-3357")),
            (Resource::Template, "PTM1180-3357-0001", None),
            (Resource::Template, "PTM-1180-3357-0001-0002", None),
            (Resource::Program, "", None),
            (Resource::Program, "PRG", None),
        ] {
            assert_eq!(normalize_valid(resource, id).as_deref(), normalized, "{id}");
        }
    }
}
