//! The URLs of a certificate and of the resources that it refers to.

use std::borrow::Cow;

use super::platform_id;
use crate::finding::{Fix, Level};
use crate::kinds::certificate::{Reference, Resource};
use crate::payload::JsonString;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::certificate::CertificateCheck;

/// A URL split at its slashes into the path to the resource and the resource's id.
struct ParsedHref<'t> {
    /// The URL without query and fragment.
    path_text: &'t str,
    /// The query and the fragment.
    query: &'t str,
    /// The non-empty path segments before the id.
    parents: Vec<&'t str>,
    id: &'t str,
}

impl<'t> ParsedHref<'t> {
    fn parse(href: &'t str) -> Option<Self> {
        let (path_text, query) = href.split_at(href.find(['?', '#']).unwrap_or(href.len()));
        // The host is not a part of the path.
        let path = match path_text.split_once("//") {
            Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
                rest.split_once('/').map_or("", |(_, path)| path)
            }
            _ => path_text,
        };
        let mut segments: Vec<&str> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let id = segments.pop()?;
        Some(Self {
            path_text,
            query,
            parents: segments,
            id,
        })
    }

    /// The URL with the last occurrence of `old` replaced by `new`; the query is kept.
    fn replace_last(&self, old: &str, new: &str) -> Option<String> {
        let (before, after) = self.path_text.rsplit_once(old)?;
        Some(format!("{before}{new}{after}{}", self.query))
    }
}

/// Groups of id prefixes that the platform uses for the same type of resource.
const EQUIVALENT_PREFIXES: [&[&str]; 2] = [&["LCE", "LIC"], &["PTM", "PTP", "TPP"]];

/// Whether two ids denote the same resource.
fn is_same_id(left: &str, right: &str) -> bool {
    if left.eq_ignore_ascii_case(right) {
        return true;
    }
    let (Some((left, left_number)), Some((right, right_number))) =
        (left.split_once('-'), right.split_once('-'))
    else {
        return false;
    };
    let is_in = |group: &&[&str], prefix: &str| {
        group.iter().any(|known| known.eq_ignore_ascii_case(prefix))
    };
    let are_equivalent_prefixes = EQUIVALENT_PREFIXES
        .iter()
        .any(|group| is_in(group, left) && is_in(group, right));
    are_equivalent_prefixes && left_number == right_number
}

/// Whether a string has the form of a platform id.
fn is_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 4 && bytes[3] == b'-' && bytes[..3].iter().all(u8::is_ascii_alphabetic)
}

/// An id and the URL next to it.
struct IdAndHref<'r, 'd> {
    id: &'r JsonString<'d>,
    /// The normalized id.
    expected_id: Cow<'r, str>,
    href: &'r JsonString<'d>,
    parsed: ParsedHref<'r>,
}

impl<'r, 'd> IdAndHref<'r, 'd> {
    /// The id and the URL of a reference, if both are present and comparable.
    fn of(reference: &'r Reference<'d>) -> Option<Self> {
        let (id, href) = (reference.id.as_ref()?, reference.href.as_ref()?);
        // The schema already reports whitespace in a URL.
        if href.contains(char::is_whitespace) {
            return None;
        }
        Some(Self {
            id,
            expected_id: platform_id::normalize_valid(reference.resource, id)?,
            href,
            parsed: ParsedHref::parse(href)?,
        })
    }

    fn has_matching_id(&self) -> bool {
        is_same_id(&self.expected_id, self.parsed.id)
    }
}

pub(in crate::rules) static HREF_ID_MISMATCH: Rule = Rule {
    id: "certificate/href-id-mismatch",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/href-id-mismatch.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            for reference in &certificate.references {
                let Some(link) = IdAndHref::of(reference).filter(|link| !link.has_matching_id())
                else {
                    continue;
                };
                let id_in_href = link.parsed.id;
                let finding = findings.report(
                    link.href.span(),
                    format_args!(
                        "`href` ends in `{id_in_href}`, but the `id` of the resource is `{}`",
                        link.id
                    ),
                );
                finding.label(link.id.span(), "the `id`");
                let corrected = link.parsed.replace_last(id_in_href, &link.expected_id);
                if let Some(corrected) = corrected.filter(|_| is_id(id_in_href)) {
                    finding.fix(Fix::unsafe_(
                        "replace the ID in `href`",
                        vec![link.href.replacement_edit(&corrected)],
                    ));
                } else {
                    finding.help("use the URL of the resource with this `id`");
                }
            }
        },
    )),
};

/// The module and the collection of a resource type.
fn module_and_collection(resource: Resource) -> (Option<&'static str>, &'static str) {
    match resource {
        Resource::Certificate => (Some("program"), "certificates"),
        Resource::Program => (Some("program"), "programs"),
        Resource::Account => (Some("accounts"), "accounts"),
        Resource::Buyer => (Some("accounts"), "buyers"),
        Resource::Licensee => (Some("accounts"), "licensees"),
        Resource::Template => (None, "templates"),
    }
}

pub(in crate::rules) static HREF_COLLECTION: Rule = Rule {
    id: "certificate/href-collection",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/href-collection.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            for reference in &certificate.references {
                let Some(link) = IdAndHref::of(reference).filter(IdAndHref::has_matching_id) else {
                    continue;
                };
                let (module, collection) = module_and_collection(reference.resource);
                let Some((found_collection, before)) = link.parsed.parents.split_last() else {
                    continue;
                };
                let found_module = before.last().filter(|part| is_module(part));
                let is_expected = found_collection.eq_ignore_ascii_case(collection)
                    && module.is_none_or(|module| {
                        found_module.is_none_or(|found| found.eq_ignore_ascii_case(module))
                    });
                if is_expected {
                    continue;
                }
                let expected = match module {
                    Some(module) => format!("{module}/{collection}"),
                    None => collection.to_owned(),
                };
                let found = match found_module.filter(|_| module.is_some()) {
                    Some(module) => format!("{module}/{found_collection}"),
                    None => (*found_collection).to_owned(),
                };
                let finding = findings.report(
                    link.href.span(),
                    format_args!(
                        "`href` points into `{found}`, but this resource is in `{expected}`"
                    ),
                );
                let expected = if found.contains('/') {
                    expected
                } else {
                    collection.to_owned()
                };
                let id_in_href = link.parsed.id;
                let corrected = link.parsed.replace_last(
                    &format!("{found}/{id_in_href}"),
                    &format!("{expected}/{id_in_href}"),
                );
                match corrected {
                    Some(corrected) => finding.fix(Fix::unsafe_(
                        format!("change the path to `{expected}`"),
                        vec![link.href.replacement_edit(&corrected)],
                    )),
                    None => finding.help(format!("change the path to `{expected}`")),
                };
            }
        },
    )),
};

/// Whether a path segment names a module: not a version, a host, a scheme, or a parent resource.
fn is_module(part: &str) -> bool {
    let is_version = part
        .strip_prefix(['v', 'V'])
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    !is_version
        && !is_id(part)
        && !part.contains(['.', ':'])
        && !part.eq_ignore_ascii_case("public")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn treats_equivalent_prefixes_as_the_same_id() {
        assert!(is_same_id("LCE-1234-1234-1234", "LIC-1234-1234-1234"));
        assert!(is_same_id("PTP-1234-4444", "TPP-1234-4444"));
        assert!(is_same_id("CER-1234-5678-9012", "cer-1234-5678-9012"));
        assert!(!is_same_id("LCE-1234-1234-1234", "LIC-1234-1234-1235"));
        assert!(!is_same_id("ACC-1234-1234", "BUY-1234-1234"));
    }

    #[test]
    fn splits_an_address_into_its_segments() {
        let address = ParsedHref::parse("https://x.example/v1/program/certificates/CER-1/?a=b")
            .expect("an address");
        assert_eq!(address.id, "CER-1");
        assert_eq!(address.parents.last(), Some(&"certificates"));
        assert!(is_module("program") && !is_module("v1") && !is_module("x.example"));
        assert!(!is_module("PRG-6620-1184"));
        let local = ParsedHref::parse("http://localhost/certificates/CER-1").expect("an address");
        assert_eq!(local.parents, ["certificates"]);
        assert!(ParsedHref::parse("").is_none() && ParsedHref::parse("///").is_none());
    }

    #[test]
    fn replaces_text_in_the_path_but_not_in_the_query() {
        let address = ParsedHref::parse("/certificates/CER-1/?of=CER-1#CER-1").expect("an address");
        let replaced = address.replace_last("CER-1", "CER-2");
        assert_eq!(
            replaced.as_deref(),
            Some("/certificates/CER-2/?of=CER-1#CER-1")
        );
        assert_eq!(address.replace_last("catalog/CER-1", "program/CER-1"), None);
    }
}
