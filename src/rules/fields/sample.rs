//! Values that were copied from a sample and not replaced.

use std::sync::LazyLock;

use super::{company_name, domain};
use crate::payload::JsonString;
use crate::rule::RuleReporter;
use crate::rules::data::{SAMPLE_MAIL_DOMAINS, SAMPLE_WORDS};
use crate::rules::format::{is_email, is_same_or_subdomain};

/// Reports that a value is one of a sample.
pub(in crate::rules) fn report(string: &JsonString<'_>, findings: &mut RuleReporter<'_>) {
    findings
        .report(
            string.span(),
            format_args!("`{string}` looks like a sample, not like a value of the customer"),
        )
        .help("enter the customer's real value");
}

/// A bit mask of the lengths of the sample words that start with the same letter as `text`. Rejects most
/// strings without a comparison.
fn sample_lengths_by_first_letter(text: &str) -> u32 {
    static LENGTHS: LazyLock<[u32; 26]> = LazyLock::new(|| {
        let mut lengths = [0; 26];
        for word in SAMPLE_WORDS.iter() {
            lengths[usize::from(word.as_bytes()[0] - b'a')] |= 1 << word.len();
        }
        lengths
    });
    let first = text.bytes().next().map(|byte| byte.to_ascii_lowercase());
    match first {
        Some(first @ b'a'..=b'z') => LENGTHS[usize::from(first - b'a')],
        _ => 0,
    }
}

fn starts_like_sample(text: &str) -> bool {
    sample_lengths_by_first_letter(text.trim_start()) != 0
}

/// Whether a text is a word of samples.
pub(in crate::rules) fn is_sample_word(text: &str) -> bool {
    let word = text.trim_ascii();
    word.len() < 32
        && sample_lengths_by_first_letter(word) & 1 << word.len() != 0
        && SAMPLE_WORDS
            .iter()
            .any(|sample| sample.eq_ignore_ascii_case(word))
}

/// Whether a company name is one of a sample.
pub(in crate::rules) fn is_sample_company(name: &str) -> bool {
    if !starts_like_sample(name) {
        return false;
    }
    let is_sample = is_sample_word(name)
        || company_name::has_unusual_spacing(name)
            && is_sample_word(&company_name::with_single_spaces(name));
    is_sample && !company_name::has_error(name)
}

/// Whether the name of a new tenant is that of a sample.
pub(in crate::rules) fn is_sample_domain(domain: &str) -> bool {
    let is_sample = |label: &str| is_sample_word(label) || is_all_x(label.as_bytes());
    let end = memchr::memchr(b'.', domain.as_bytes()).unwrap_or(domain.len());
    let label = &domain[..end];
    is_sample(label) && domain::new_tenant_label(domain) == Some(label)
}

fn is_all_x(label: &[u8]) -> bool {
    label.len() >= 3 && label.iter().all(|byte| byte.eq_ignore_ascii_case(&b'x'))
}

/// Whether an address is one of a sample.
pub(in crate::rules) fn is_sample_email(address: &str) -> bool {
    may_be_sample_email(address) && is_at_sample_domain(address) && is_email(address)
}

/// Rules out most addresses, by the last bytes of the sample domains and by the letter x.
fn may_be_sample_email(address: &str) -> bool {
    static ENDS: LazyLock<Vec<u64>> = LazyLock::new(|| {
        SAMPLE_MAIL_DOMAINS
            .iter()
            .filter_map(last_letters)
            .collect()
    });
    last_letters(address).is_none_or(|end| ENDS.contains(&end))
        || memchr::memchr2(b'x', b'X', address.as_bytes()).is_some()
}

/// The last eight bytes of a text, its letters in lower case.
fn last_letters(text: &str) -> Option<u64> {
    let bytes = text.as_bytes().last_chunk::<8>()?;
    Some(u64::from_ne_bytes(*bytes) | u64::from_ne_bytes([0x20; 8]))
}

fn is_at_sample_domain(address: &str) -> bool {
    let Some((_, domain)) = address.rsplit_once('@') else {
        return false;
    };
    SAMPLE_MAIL_DOMAINS
        .iter()
        .any(|sample| is_same_or_subdomain(domain, sample))
        || domain.as_bytes().split(|byte| *byte == b'.').any(is_all_x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_sample_domain_and_its_subdomains() {
        for domain in SAMPLE_MAIL_DOMAINS.iter() {
            for address in [
                format!("ann@{domain}"),
                format!("ann@mail.{domain}").to_uppercase(),
            ] {
                assert!(is_sample_email(&address), "{address}");
            }
        }
        assert!(is_sample_email("ann@xxx.com") && is_sample_email("ann@xxxx.de"));
        assert!(!is_sample_email("max@lynx.com") && !is_sample_email("ann@counterexample.com"));
    }
}
