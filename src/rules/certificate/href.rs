//! The addresses of a certificate and of what it refers to.

use std::borrow::Cow;

use super::platform_id;
use crate::finding::{Fix, Level};
use crate::kinds::certificate::{Reference, Resource};
use crate::payload::JsonString;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::certificate::CertificateCheck;

/// An address taken apart at its slashes: what leads to the resource, and the resource's id.
struct Address<'t> {
    /// All of it but its query and its fragment.
    whole: &'t str,
    /// The query and the fragment.
    query: &'t str,
    /// The parts before the id that are not empty.
    path: Vec<&'t str>,
    id: &'t str,
}

impl<'t> Address<'t> {
    fn read(href: &'t str) -> Option<Self> {
        let (whole, query) = href.split_at(href.find(['?', '#']).unwrap_or(href.len()));
        // Whatever the host is called, it is no part of the path.
        let path = match whole.split_once("//") {
            Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
                rest.split_once('/').map_or("", |(_, path)| path)
            }
            _ => whole,
        };
        let mut path: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let id = path.pop()?;
        Some(Self {
            whole,
            query,
            path,
            id,
        })
    }

    /// The address with another piece in the place of the last that is so, and the query as it is.
    fn with_last(&self, piece: &str, other: &str) -> Option<String> {
        let (before, behind) = self.whole.rsplit_once(piece)?;
        Some(format!("{before}{other}{behind}{}", self.query))
    }
}

/// The prefixes of ids that the platform uses for one and the same thing.
const FAMILIES: [&[&str]; 2] = [&["LCE", "LIC"], &["PTM", "PTP", "TPP"]];

/// Whether two ids name the same resource.
fn is_same(left: &str, right: &str) -> bool {
    if left.eq_ignore_ascii_case(right) {
        return true;
    }
    let (Some((left, left_number)), Some((right, right_number))) =
        (left.split_once('-'), right.split_once('-'))
    else {
        return false;
    };
    let is_in = |family: &&[&str], prefix: &str| {
        family
            .iter()
            .any(|known| known.eq_ignore_ascii_case(prefix))
    };
    let is_of_one_family = FAMILIES
        .iter()
        .any(|family| is_in(family, left) && is_in(family, right));
    is_of_one_family && left_number == right_number
}

/// Whether a text is written like an id of the platform.
fn is_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 4 && bytes[3] == b'-' && bytes[..3].iter().all(u8::is_ascii_alphabetic)
}

/// An id and the address beside it.
struct Pair<'r, 'd> {
    id: &'r JsonString<'d>,
    /// The id as it is meant.
    meant: Cow<'r, str>,
    href: &'r JsonString<'d>,
    address: Address<'r>,
}

impl<'r, 'd> Pair<'r, 'd> {
    /// The id and the address of a reference, where both are there to be compared.
    fn of(reference: &'r Reference<'d>) -> Option<Self> {
        let (id, href) = (reference.id.as_ref()?, reference.href.as_ref()?);
        // What the schema refuses for its shape is not judged again.
        if href.contains(char::is_whitespace) {
            return None;
        }
        Some(Self {
            id,
            meant: platform_id::normalize_valid(reference.resource, id)?,
            href,
            address: Address::read(href)?,
        })
    }

    fn is_same(&self) -> bool {
        is_same(&self.meant, self.address.id)
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
                let Some(pair) = Pair::of(reference).filter(|pair| !pair.is_same()) else {
                    continue;
                };
                let end = pair.address.id;
                let finding = findings.report(
                    pair.href.span(),
                    format_args!(
                        "the address ends in `{end}`, and the id beside it is `{}`",
                        pair.id
                    ),
                );
                finding.label(pair.id.span(), "the id");
                let mended = pair.address.with_last(end, &pair.meant);
                if let Some(mended) = mended.filter(|_| is_id(end)) {
                    finding.fix(Fix::unsafe_(
                        "take the id into the address",
                        vec![pair.href.replace(&mended)],
                    ));
                } else {
                    finding.help("give the address of the resource that the id names");
                }
            }
        },
    )),
};

/// The module and the collection in which a resource lives.
fn home(resource: Resource) -> (Option<&'static str>, &'static str) {
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
                let Some(pair) = Pair::of(reference).filter(Pair::is_same) else {
                    continue;
                };
                let (module, collection) = home(reference.resource);
                let Some((given, before)) = pair.address.path.split_last() else {
                    continue;
                };
                let given_module = before.last().filter(|part| is_module(part));
                let is_home = given.eq_ignore_ascii_case(collection)
                    && module.is_none_or(|module| {
                        given_module.is_none_or(|given| given.eq_ignore_ascii_case(module))
                    });
                if is_home {
                    continue;
                }
                let right = match module {
                    Some(module) => format!("{module}/{collection}"),
                    None => collection.to_owned(),
                };
                let wrong = match given_module.filter(|_| module.is_some()) {
                    Some(module) => format!("{module}/{given}"),
                    None => (*given).to_owned(),
                };
                let finding = findings.report(
                    pair.href.span(),
                    format_args!(
                        "the address leads into `{wrong}`, and the resource lives in `{right}`"
                    ),
                );
                let right = if wrong.contains('/') {
                    right
                } else {
                    collection.to_owned()
                };
                let end = pair.address.id;
                let mended = pair
                    .address
                    .with_last(&format!("{wrong}/{end}"), &format!("{right}/{end}"));
                match mended {
                    Some(mended) => finding.fix(Fix::unsafe_(
                        format!("lead it into {right}"),
                        vec![pair.href.replace(&mended)],
                    )),
                    None => finding.help(format!("lead it into {right}")),
                };
            }
        },
    )),
};

/// Whether a part of an address names a module: it is no version, no host, no scheme, and no resource
/// of which the collection is a part.
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
    fn ids_of_one_family_are_the_same() {
        assert!(is_same("LCE-1234-1234-1234", "LIC-1234-1234-1234"));
        assert!(is_same("PTP-1234-4444", "TPP-1234-4444"));
        assert!(is_same("CER-1234-5678-9012", "cer-1234-5678-9012"));
        assert!(!is_same("LCE-1234-1234-1234", "LIC-1234-1234-1235"));
        assert!(!is_same("ACC-1234-1234", "BUY-1234-1234"));
    }

    #[test]
    fn an_address_is_taken_apart() {
        let address = Address::read("https://x.example/v1/program/certificates/CER-1/?a=b")
            .expect("an address");
        assert_eq!(address.id, "CER-1");
        assert_eq!(address.path.last(), Some(&"certificates"));
        assert!(is_module("program") && !is_module("v1") && !is_module("x.example"));
        assert!(!is_module("PRG-6620-1184"));
        let local = Address::read("http://localhost/certificates/CER-1").expect("an address");
        assert_eq!(local.path, ["certificates"]);
        assert!(Address::read("").is_none() && Address::read("///").is_none());
    }

    #[test]
    fn a_piece_is_replaced_in_the_path_and_not_in_the_query() {
        let address = Address::read("/certificates/CER-1/?of=CER-1#CER-1").expect("an address");
        let mended = address.with_last("CER-1", "CER-2");
        assert_eq!(
            mended.as_deref(),
            Some("/certificates/CER-2/?of=CER-1#CER-1")
        );
        assert_eq!(address.with_last("catalog/CER-1", "program/CER-1"), None);
    }
}
