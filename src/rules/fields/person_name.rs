//! Names of persons.

use crate::finding::Level;
use crate::payload::JsonString;
use crate::rule::RuleReporter;

/// Reports what is not the full name of a person. `person` says whose name it is.
pub(in crate::rules) fn check_shape(
    person: &str,
    name: &JsonString<'_>,
    findings: &mut RuleReporter<'_>,
) {
    let defect = if !name.chars().any(char::is_alphabetic) {
        "contains no letter"
    } else if is_initial(name.trim()) {
        "is a single letter"
    } else {
        return report_long(name, findings);
    };
    findings
        .report(name.span(), format_args!("the name `{name}` {defect}"))
        .help(format!("enter the full name of {person}"));
}

/// The maximum number of characters of a first or last name.
pub(in crate::rules) const MAX_NAME_LEN: usize = 50;

/// Reports a name that some of Microsoft's services refuse for its length. A longer one than [`MAX_NAME_LEN`] is reported otherwise.
fn report_long(name: &JsonString<'_>, findings: &mut RuleReporter<'_>) {
    // A string has at most as many characters as bytes.
    if name.len() <= MAX_SAFE_LEN {
        return;
    }
    let length = name.chars().count();
    if (MAX_SAFE_LEN + 1..=MAX_NAME_LEN).contains(&length) {
        let message = format_args!(
            "the name has {length} characters; some services refuse more than {MAX_SAFE_LEN}"
        );
        let finding = findings.report(name.span(), message);
        finding.level = Level::Warning;
        finding.help("shorten the name");
    }
}

/// The number of characters that every service accepts.
const MAX_SAFE_LEN: usize = 40;

/// Whether a name without surrounding whitespace is a single cased letter. In scripts without case, one character can be a name.
fn is_initial(name: &str) -> bool {
    let mut characters = name.chars();
    let only = characters.next().filter(|_| characters.next().is_none());
    only.is_some_and(|letter| letter.is_uppercase() || letter.is_lowercase())
}
