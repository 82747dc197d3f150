//! Fingerprints: the identity of a finding across runs.

use std::fmt;
use std::str::FromStr;

use super::Report;
use crate::finding::Finding;

/// A hash of a finding's file, record key, rule, JSON Pointer within the record and source text. It does
/// not change when lines move or when records come in another order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

/// Computes the fingerprint of a finding of the report.
pub fn fingerprint(report: &Report<'_>, finding: &Finding) -> Fingerprint {
    let record = report
        .outcome
        .record_at(finding.span)
        .map(|index| &report.outcome.records[index]);
    let key = record
        .and_then(|record| record.key.as_deref())
        .unwrap_or_default();
    let record_pointer = record.map_or("", |record| &record.pointer);
    let pointer = finding.pointer.strip_prefix(record_pointer);
    let source = finding.span.of(report.lines.text());
    let pointer = pointer.unwrap_or(&finding.pointer);
    Fingerprint::of_parts(report.file, key, finding.rule, pointer, source)
}

impl Fingerprint {
    /// The fingerprint of a finding of which these are known: the file, the key of the record, the rule, the JSON Pointer
    /// within the record, and the source text.
    pub fn of_parts(file: &str, key: &str, rule: &str, pointer: &str, source: &str) -> Self {
        // FNV-1a: baselines on disk need a hash that is the same on every machine and in every release.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in [file, key, rule, pointer, source].join("\0").bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Fingerprint(hash)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_well_formed = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16)
            .ok()
            .filter(|_| is_well_formed);
        number.map(Fingerprint).ok_or(())
    }
}
