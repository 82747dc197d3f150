//! Registration numbers of organizations.

use std::ops::RangeInclusive;

use crate::payload::JsonString;
use crate::rule::RuleReporter;

/// The numbers of characters that a registration number can have.
const LENGTHS: RangeInclusive<usize> = 5..=22;

/// Reports a number that Partner Center refuses for its length. `noun` is what the value is called.
pub(in crate::rules) fn check_length(
    noun: &str,
    number: &JsonString<'_>,
    findings: &mut RuleReporter<'_>,
) {
    let length = number.trim().chars().count();
    if LENGTHS.contains(&length) {
        return;
    }
    let plural = if length == 1 { "" } else { "s" };
    findings
        .report(
            number.span(),
            format_args!(
                "the {noun} `{number}` has {length} character{plural}; Partner Center accepts {} \
                 to {}",
                LENGTHS.start(),
                LENGTHS.end()
            ),
        )
        .help("write the registration number as the authority issued it, without other text");
}
