//! The expiration date of a certificate.

use jiff::civil::Date;
use jiff::tz::Offset;

use crate::context::Context;
use crate::finding::{Level, Safety};
use crate::kinds::certificate::{Certificate, Status};
use crate::payload::JsonString;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::certificate::CertificateCheck;
use crate::rules::rfc3339::{parse_date, parse_timestamp};

pub(in crate::rules) static EXPIRATION_FORMAT: Rule = Rule {
    id: "certificate/expiration-format",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/expiration-format.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            let Some(date) = &certificate.expiration else {
                return;
            };
            if last_day(date).is_some() {
                return;
            }
            let message = if date.trim().is_empty() {
                "`expirationDate` contains no date, expected `YYYY-MM-DD`".to_owned()
            } else if is_written_as_date(date.trim()) {
                format!("`expirationDate` is `{date}`, a day that does not exist")
            } else {
                format!(
                    "`expirationDate` must be a valid date (`YYYY-MM-DD`) or a date-time with a \
                     time zone, found `{date}`"
                )
            };
            let finding = findings.report(date.span(), message);
            match corrected_date(date) {
                Some((corrected, safety)) => finding.fix(date.replacement_fix(&corrected, safety)),
                None => finding
                    .help("write the date as `YYYY-MM-DD`, such as `2025-12-04` for 4 December"),
            };
        },
    )),
};

/// Whether a string has the form `YYYY-MM-DD`, with digits for the letters.
fn is_written_as_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_part = |(index, byte): (usize, &u8)| match index {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    bytes.len() == "YYYY-MM-DD".len() && bytes.iter().enumerate().all(is_part)
}

/// The UTC date of a date or timestamp; `None` if the string is neither.
fn last_day(text: &str) -> Option<Date> {
    parse_date(text).or_else(|| {
        let timestamp = parse_timestamp(text)?;
        Some(Offset::UTC.to_datetime(timestamp.instant).date())
    })
}

/// The intended date: without surrounding whitespace, or reordered if a number above 12 shows which one is
/// the day.
fn corrected_date(text: &str) -> Option<(String, Safety)> {
    let trimmed = text.trim();
    if last_day(trimmed).is_some() {
        return Some((trimmed.to_owned(), Safety::Safe));
    }
    let parts: Vec<&str> = trimmed.split(['-', '/', '.']).collect();
    let (first, second, year) = match parts[..] {
        [year, day, month] if year.len() == 4 => (day, month, year),
        [first, second, year] => (first, second, year),
        _ => return None,
    };
    let is_part = |part: &str| (1..=2).contains(&part.len());
    if year.len() != 4 || !is_part(first) || !is_part(second) {
        return None;
    }
    let (a, b): (u8, u8) = (first.parse().ok()?, second.parse().ok()?);
    let (month, day) = match (a > 12, b > 12) {
        (true, false) => (b, a),
        (false, true) => (a, b),
        _ => return None,
    };
    let date = format!("{year}-{month:02}-{day:02}");
    parse_date(&date)?;
    Some((date, Safety::Unsafe))
}

/// The status of a certificate, its last day and the current date.
struct StatusAndDays<'c, 'd> {
    status: &'c JsonString<'d>,
    expiration: &'c JsonString<'d>,
    last: Date,
    today: Date,
}

impl<'c, 'd> StatusAndDays<'c, 'd> {
    /// Reads a certificate that has this status. Ignores whitespace around the date, so that its safe fix does not
    /// cause another finding.
    fn read(certificate: &'c Certificate<'d>, context: &Context, status: Status) -> Option<Self> {
        let expiration = certificate.expiration.as_ref()?;
        let days = Self {
            status: certificate.status_string.as_ref()?,
            expiration,
            last: last_day(expiration.trim())?,
            today: context.today?,
        };
        (certificate.status == Some(status)).then_some(days)
    }
}

pub(in crate::rules) static ACTIVE_PAST_EXPIRATION: Rule = Rule {
    id: "certificate/active-past-expiration",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/active-past-expiration.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, context, findings| {
            let days = StatusAndDays::read(certificate, context, Status::Active);
            if let Some(days) = days.filter(|days| days.last < days.today) {
                let last = days.last;
                findings
                    .report(
                        days.status.span(),
                        format_args!("the certificate is `Active`, but it expired on {last}"),
                    )
                    .label(days.expiration.span(), "this date has passed")
                    .help("request the certificate again; if it is unchanged, have it renewed");
            }
        },
    )),
};

pub(in crate::rules) static EXPIRED_BEFORE_EXPIRATION: Rule = Rule {
    id: "certificate/expired-before-expiration",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/expired-before-expiration.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, context, findings| {
            let days = StatusAndDays::read(certificate, context, Status::Expired);
            if let Some(days) = days.filter(|days| days.last > days.today) {
                let last = days.last;
                findings
                    .report(
                        days.status.span(),
                        format_args!(
                            "the certificate is `Expired`, but its expiration date {last} is in \
                             the future"
                        ),
                    )
                    .label(days.expiration.span(), "this date is in the future")
                    .help("ask the platform which of the two is right, the status or the date");
            }
        },
    )),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reorders_a_date_only_if_one_number_cannot_be_a_month() {
        for (text, expected) in [
            ("30/06/2027", Some("2027-06-30")),
            ("06-30-2027", Some("2027-06-30")),
            ("30.6.2027", Some("2027-06-30")),
            ("2025-31-12", Some("2025-12-31")),
            ("04-12-2025", None),
            ("31-02-2027", None),
            ("2027-02-29", None),
            ("someday", None),
        ] {
            let found = corrected_date(text).map(|(date, _)| date);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        assert_eq!(
            corrected_date(" 2027-06-30"),
            Some(("2027-06-30".into(), Safety::Safe))
        );
    }

    #[test]
    fn takes_the_day_of_a_timestamp_in_utc() {
        assert_eq!(
            last_day("2025-12-31T22:00:00-05:00"),
            parse_date("2026-01-01")
        );
        assert_eq!(last_day("2025-12-31"), parse_date("2025-12-31"));
        assert_eq!(last_day("2025-12-31T22:00:00"), None);
    }
}
