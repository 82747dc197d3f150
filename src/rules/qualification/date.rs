//! The date on which vetting started.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::finding::{Level, Safety};
use crate::rule::{Check, Overlap, Rule};
use crate::rules::qualification::QualificationCheck;
use crate::rules::rfc3339::parse_timestamp;

pub(in crate::rules) static DATE_FORMAT: Rule = Rule {
    id: "qualification/date-format",
    level: Level::Error,
    page: include_str!("../../../rules/qualification/date-format.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            for date in qualification.dates() {
                if parse_timestamp(&date).is_some() {
                    continue;
                }
                let message = if let Some(day) = impossible_day(&date) {
                    format!("the vetting date `{day}` does not exist")
                } else if date.trim().is_empty() {
                    "the vetting date has no value, expected a date-time with a time zone"
                        .to_owned()
                } else {
                    format!(
                        "the vetting date `{date}` is not an RFC 3339 date-time with a time zone"
                    )
                };
                let finding = findings.report(date.span(), message);
                match corrected_date(&date) {
                    Some((corrected, safety)) => {
                        finding.fix(date.replacement_fix(&corrected, safety))
                    }
                    None => finding.help("write the date like `2024-03-14T09:12:55Z`"),
                };
            }
        },
    )),
};

/// The date at the start of a string, if it has the form of a date but the calendar does not have this day.
fn impossible_day(date: &str) -> Option<&str> {
    let day = date.trim().get(..10)?;
    let is_date_shaped = day.bytes().enumerate().all(|(index, byte)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    (is_date_shaped && day.parse::<Date>().is_err()).then_some(day)
}

/// The date without surrounding whitespace, and with a zone if it lacks one.
fn corrected_date(date: &str) -> Option<(String, Safety)> {
    let trimmed = date.trim();
    if let Some(timestamp) = parse_timestamp(trimmed) {
        // Another rule rejects any zone but UTC.
        return Some((trimmed.to_owned(), Safety::when(timestamp.is_utc)));
    }
    let zoned = format!("{trimmed}Z");
    parse_timestamp(&zoned).map(|_| (zoned, Safety::Unsafe))
}

pub(in crate::rules) static DATE_NOT_UTC: Rule = Rule {
    id: "qualification/date-not-utc",
    level: Level::Warning,
    page: include_str!("../../../rules/qualification/date-not-utc.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            for date in qualification.dates() {
                let Some(timestamp) = parse_timestamp(&date).filter(|timestamp| !timestamp.is_utc)
                else {
                    continue;
                };
                let finding = findings.report(
                    date.span(),
                    format_args!("the vetting date `{date}` is not in UTC"),
                );
                match in_utc(&date, timestamp.instant) {
                    Some(utc) => finding.fix(date.replacement_fix(&utc, Safety::Safe)),
                    None => finding.help("write the same instant in UTC, with `Z` at the end"),
                };
            }
        },
    )),
};

/// The instant in UTC, with the same number of fraction digits as `date`; `None` if that would be parsed as
/// another instant.
fn in_utc(date: &str, instant: Timestamp) -> Option<String> {
    let whole_seconds = format!("{instant:.0}");
    let utc = format!("{}{}Z", whole_seconds.strip_suffix('Z')?, fraction_of(date));
    parse_timestamp(&utc)
        .is_some_and(|timestamp| timestamp.is_utc && timestamp.instant == instant)
        .then_some(utc)
}

/// The decimal point and the fraction digits as written; empty if there are none.
fn fraction_of(date: &str) -> &str {
    let Some((_, rest)) = date.split_once('.') else {
        return "";
    };
    let zone = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let point = date.len() - rest.len() - 1;
    date.get(point..point + 1 + zone).unwrap_or_default()
}

pub(in crate::rules) static DATE_NAME_CONFLICT: Rule = Rule {
    id: "qualification/date-name-conflict",
    level: Level::Error,
    page: include_str!("../../../rules/qualification/date-name-conflict.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            let (Some(created), Some(create)) = (
                qualification.vetting_created_date,
                qualification.vetting_create_date,
            ) else {
                return;
            };
            if qualification.is_request() {
                return;
            }
            let (first, later) = if created.name.index() < create.name.index() {
                (created, create)
            } else {
                (create, created)
            };
            findings
                .report(
                    later.name.span(),
                    format_args!(
                        "`{}` and `{}` are both set; they are two names for the vetting date",
                        later.name_text(),
                        first.name_text()
                    ),
                )
                .label(first.name.span(), "the other date")
                .help("keep the right date and remove the other property");
        },
    )),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_fraction_digits_in_utc() {
        for (date, utc) in [
            ("2024-03-14T11:12:55+02:00", "2024-03-14T09:12:55Z"),
            ("2024-03-14T11:12:55.417+02:00", "2024-03-14T09:12:55.417Z"),
            (
                "2024-11-22T13:03:41.7750910-05:00",
                "2024-11-22T18:03:41.7750910Z",
            ),
            ("2023-12-31T19:30:00.0-05:00", "2024-01-01T00:30:00.0Z"),
            ("1969-12-31T23:30:00.25-01:00", "1970-01-01T00:30:00.25Z"),
            ("1969-12-31T23:30:00.25+01:00", "1969-12-31T22:30:00.25Z"),
        ] {
            let timestamp = parse_timestamp(date).expect("a timestamp");
            assert_eq!(
                in_utc(date, timestamp.instant).as_deref(),
                Some(utc),
                "{date}"
            );
        }
    }

    #[test]
    fn keeps_a_fraction_as_written() {
        for (date, fraction) in [
            ("2024-03-14T09:12:55Z", ""),
            ("2024-03-14T09:12:55.417Z", ".417"),
            ("2024-03-14T09:12:55.4170862+00:00", ".4170862"),
            ("2024-03-14T09:12:55.", "."),
            ("", ""),
        ] {
            assert_eq!(fraction_of(date), fraction, "{date}");
        }
    }

    #[test]
    fn corrects_a_missing_zone_and_surrounding_whitespace() {
        for (date, expected) in [
            (
                "2024-03-14T09:12:55.417",
                Some(("2024-03-14T09:12:55.417Z", Safety::Unsafe)),
            ),
            (
                " 2024-03-14T09:12:55Z",
                Some(("2024-03-14T09:12:55Z", Safety::Safe)),
            ),
            (
                "2024-03-14T11:12:55+02:00 ",
                Some(("2024-03-14T11:12:55+02:00", Safety::Unsafe)),
            ),
            ("2024-03-14", None),
            ("14/03/2024: 09:12:55", None),
            ("2023-02-29T09:12:55", None),
            ("", None),
        ] {
            let found = corrected_date(date);
            let found = found
                .as_ref()
                .map(|(text, safety)| (text.as_str(), *safety));
            assert_eq!(found, expected, "{date}");
        }
    }

    #[test]
    fn finds_a_day_that_does_not_exist() {
        for (date, day) in [
            ("2023-02-29T09:12:55Z", Some("2023-02-29")),
            ("2023-13-01", Some("2023-13-01")),
            ("2024-02-29T09:12:55", None),
            ("29-02-2023", None),
            ("Donnerstag", None),
            ("2023-02", None),
        ] {
            assert_eq!(impossible_day(date), day, "{date}");
        }
    }
}
