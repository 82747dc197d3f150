//! The addresses of a certificate and of what it refers to.

use crate::finding::{Fix, Level};
use crate::payload::Text;
use crate::payload::certificate::{Reference, Resource};
use crate::rule::{Check, Rule};

/// An address taken apart at its slashes: what leads to the resource, and the resource's id.
struct Address<'t> {
    /// The parts before the id that are not empty.
    path: Vec<&'t str>,
    id: &'t str,
}

impl<'t> Address<'t> {
    fn read(href: &'t str) -> Option<Self> {
        let end = href.find(['?', '#']).unwrap_or(href.len());
        // Whatever the host is called, it is no part of the path.
        let path = match href[..end].split_once("//") {
            Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
                rest.split_once('/').map_or("", |(_, path)| path)
            }
            _ => &href[..end],
        };
        let mut path: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let id = path.pop()?;
        Some(Self { path, id })
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

/// The id and the address of a reference, where both are there to be compared.
fn both<'r, 'd>(reference: &'r Reference<'d>) -> Option<(&'r Text<'d>, &'r Text<'d>, Address<'r>)> {
    let (id, href) = (reference.id.as_ref()?, reference.href.as_ref()?);
    // What the schema refuses for its shape is not judged again.
    let is_sound = is_sound_id(reference.resource, id) && !href.contains(char::is_whitespace);
    is_sound.then_some((id, href, Address::read(href)?))
}

/// Whether an id has the prefix and the groups of digits that the schema asks of it.
fn is_sound_id(resource: Resource, id: &str) -> bool {
    let (prefixes, groups): (&[&str], std::ops::RangeInclusive<usize>) = match resource {
        Resource::Certificate => (&["CER"], 3..=3),
        Resource::Program => (&["PRG"], 2..=2),
        Resource::Account => (&["ACC"], 2..=2),
        Resource::Buyer => (&["BUY"], 2..=2),
        Resource::Licensee => (&["LCE", "LIC"], 3..=3),
        Resource::Template => (&[], 2..=3),
    };
    let mut parts = id.split('-');
    let prefix = parts.next().unwrap_or_default();
    let is_group = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let numbers: Vec<&str> = parts.collect();
    (prefixes.is_empty() || prefixes.contains(&prefix))
        && groups.contains(&numbers.len())
        && numbers.into_iter().all(is_group)
}

pub(in crate::rules) static ID_MISMATCH: Rule = Rule {
    id: "certificate/href-id-mismatch",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/href-id-mismatch.md"),
    check: Check::Certificate(|certificate, _, findings| {
        for reference in &certificate.references {
            let Some((id, href, address)) = both(reference) else {
                continue;
            };
            if is_same(id, address.id) {
                continue;
            }
            let finding = findings.report(
                href.span(),
                format!(
                    "the address ends in `{}`, and the id beside it is `{id}`",
                    address.id
                ),
            );
            finding.label(id.span(), "the id");
            let mended = with_last(href, address.id, id).filter(|_| is_id(address.id));
            if let Some(mended) = mended {
                finding.fix(Fix::unsafe_(
                    "take the id into the address",
                    vec![href.replace(&mended)],
                ));
            } else {
                finding.help("give the address of the resource that the id names");
            }
        }
    }),
};

/// A text with another in the place of the last piece that is so.
fn with_last(text: &str, piece: &str, other: &str) -> Option<String> {
    let at = text.rfind(piece)?;
    Some(format!(
        "{}{other}{}",
        &text[..at],
        &text[at + piece.len()..]
    ))
}

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

pub(in crate::rules) static COLLECTION: Rule = Rule {
    id: "certificate/href-collection",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/href-collection.md"),
    check: Check::Certificate(|certificate, _, findings| {
        for reference in &certificate.references {
            let Some((id, href, address)) = both(reference) else {
                continue;
            };
            let (module, collection) = home(reference.resource);
            let Some((given, before)) = address.path.split_last() else {
                continue;
            };
            let given_module = before.last().filter(|part| is_module(part));
            let is_home = given.eq_ignore_ascii_case(collection)
                && module.is_none_or(|module| {
                    given_module.is_none_or(|given| given.eq_ignore_ascii_case(module))
                });
            if is_home || !is_same(id, address.id) {
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
                href.span(),
                format!("the address leads into `{wrong}`, and the resource lives in `{right}`"),
            );
            let right = if wrong.contains('/') {
                right
            } else {
                collection.to_owned()
            };
            let end = address.id;
            match with_last(href, &format!("{wrong}/{end}"), &format!("{right}/{end}")) {
                Some(mended) => finding.fix(Fix::unsafe_(
                    format!("lead it into {right}"),
                    vec![href.replace(&mended)],
                )),
                None => finding.help(format!("lead it into {right}")),
            };
        }
    }),
};

/// Whether a part of an address names a module: it is no version, no host and no scheme.
fn is_module(part: &str) -> bool {
    let is_version = part
        .strip_prefix(['v', 'V'])
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    !is_version && !part.contains(['.', ':']) && !part.eq_ignore_ascii_case("public")
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
        let local = Address::read("http://localhost/certificates/CER-1").expect("an address");
        assert_eq!(local.path, ["certificates"]);
        assert!(Address::read("").is_none() && Address::read("///").is_none());
    }
}
