//! Phone numbers.

use crate::finding::Safety;
use crate::payload::JsonString;
use crate::rule::RuleReporter;

/// Reports what is not a phone number, or not one that Partner Center accepts in this country.
pub(in crate::rules) fn check_shape(
    phone: &JsonString<'_>,
    country: Option<&JsonString<'_>>,
    findings: &mut RuleReporter<'_>,
) {
    if is_american_number(phone) {
        return;
    }
    if !is_phone_number(phone) {
        findings
            .report(
                phone.span(),
                format_args!("`{phone}` is not a valid phone number"),
            )
            .help(
                "write 7 to 15 digits, with only spaces and the characters `( ) - . / +` \
                 between them",
            );
    } else if country.is_some_and(|country| country.trim().eq_ignore_ascii_case("US")) {
        check_american_number(phone, findings);
    }
}

/// Reports that a customer in this country has no phone number; `name` is what it would be called.
pub(in crate::rules) fn report_missing(
    name: &str,
    country: &JsonString<'_>,
    findings: &mut RuleReporter<'_>,
) {
    let code = country.trim().to_ascii_uppercase();
    findings
        .report(
            country.span(),
            format_args!(
                "`{name}` is missing; Microsoft requires a phone number for customers in `{code}`"
            ),
        )
        .help(format!("add `{name}` with the customer's phone number"));
}

fn is_phone_number(text: &str) -> bool {
    let mut digits = 0;
    let has_only_digits_and_marks = text.bytes().all(|byte| {
        digits += usize::from(byte.is_ascii_digit());
        matches!(
            byte,
            b'0'..=b'9' | b' ' | b'(' | b')' | b'-' | b'.' | b'/' | b'+'
        )
    });
    has_only_digits_and_marks && (7..=15).contains(&digits)
}

/// Reports a number that Partner Center's expression for the United States does not match.
fn check_american_number(phone: &JsonString<'_>, findings: &mut RuleReporter<'_>) {
    let finding = findings.report(
        phone.span(),
        format_args!(
            "`{phone}` is not a phone number that Partner Center accepts in the United States"
        ),
    );
    let without_plus = phone.trim().trim_start_matches('+');
    match is_american_number(without_plus) {
        true => finding.fix(phone.replacement_fix(without_plus, Safety::Unsafe)),
        false => finding.help("write ten digits, such as `(509) 555-0142`"),
    };
}

/// Whether a number has ten digits, or a 1 and ten digits, grouped as Partner Center accepts them: its expression is
/// `^(1[ -/.]?)?(\((\d{3})\)|(\d{3}))[ -/.]?(\d{3})[ -/.]?(\d{4})$`.
fn is_american_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    // With the leading 1 there are eleven digits.
    let has_country = bytes.iter().filter(|byte| byte.is_ascii_digit()).count() == 11;
    let rest = match (has_country, bytes) {
        (true, [b'1', rest @ ..]) => after_separator(rest),
        (true, _) => return false,
        (false, _) => bytes,
    };
    let (area, rest) = match rest {
        [b'(', a, b, c, b')', rest @ ..] | [a, b, c, rest @ ..] => ([*a, *b, *c], rest),
        _ => return false,
    };
    let Some((exchange, rest)) = after_separator(rest).split_at_checked(3) else {
        return false;
    };
    let number = after_separator(rest);
    let are_digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    number.len() == 4 && are_digits(&area) && are_digits(exchange) && are_digits(number)
}

/// The rest of a number after one optional separator.
fn after_separator(bytes: &[u8]) -> &[u8] {
    match bytes {
        [b' ' | b'-' | b'/' | b'.', rest @ ..] => rest,
        _ => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_the_united_states_has_ten_digits() {
        for number in [
            "5095550142",
            "(509) 555-0142",
            "509.555.0142",
            "509/555 0142",
            "1 509 555 0142",
            "1-509-555-0142",
            "15095550142",
            "(509)5550142",
            "1(509)5550142",
        ] {
            assert!(is_american_number(number), "{number}");
        }
        for number in [
            "+1 509 555 0142",
            "5550142",
            "(509 5550142",
            "15095550142x",
            "0049 30 555 0142",
            "509  555 0142",
            "2 509 555 0142",
        ] {
            assert!(!is_american_number(number), "{number}");
        }
    }
}
