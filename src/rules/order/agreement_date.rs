//! The date on which the customer agreement was accepted.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::finding::{Fix, Level, Safety};
use crate::json::quote;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;

const AGREEMENT_DATE: &[Parameter] = &[Parameter::AgreementDate];

pub(in crate::rules) static AGREEMENT_DATE_FORMAT: Rule = Rule {
    id: "order/agreement-date-format",
    level: Level::Error,
    page: include_str!("../../../rules/order/agreement-date-format.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        AGREEMENT_DATE,
        &|string, context, findings| match AgreementDate::parse(string) {
            Ok(_) => {}
            Err(DateError::OtherFormat {
                date,
                safety,
                difference,
            }) => {
                let corrected = format_date(date);
                // A safe fix must not lead to a finding of another rule.
                let is_accepted =
                    !is_superseded(date) && !is_in_future(date, context.today.unwrap_or(date));
                findings
                    .report(
                        string.span(),
                        format_args!(
                            "`agreement_date` must be a date as MM-DD-YYYY, found `{string}`"
                        ),
                    )
                    .label(string.span(), difference)
                    .fix(Fix {
                        title: format!("replace with `{}`", quote(&corrected)),
                        safety: safety.max(Safety::when(is_accepted)),
                        edits: vec![string.replacement_edit(&corrected)],
                    });
            }
            Err(DateError::NoSuchDay) => {
                findings
                    .report(
                        string.span(),
                        format_args!("`agreement_date` is a day that does not exist: `{string}`"),
                    )
                    .help(
                        "use the day on which the customer accepted the agreement, as MM-DD-YYYY",
                    );
            }
            Err(DateError::NotADate) => {
                findings
                    .report(
                        string.span(),
                        format_args!(
                            "`agreement_date` must be a date as MM-DD-YYYY, found `{string}`"
                        ),
                    )
                    .help("write the date as MM-DD-YYYY, such as `04-09-2024` for April 9, 2024");
            }
        },
    )),
};

pub(in crate::rules) static AGREEMENT_DATE_IN_FUTURE: Rule = Rule {
    id: "order/agreement-date-in-future",
    level: Level::Error,
    page: include_str!("../../../rules/order/agreement-date-in-future.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        AGREEMENT_DATE,
        &|string, context, findings| {
            let Some(today) = context.today else { return };
            let Ok(AgreementDate(date)) = AgreementDate::parse(string) else {
                return;
            };
            if is_in_future(date, today) {
                findings
                    .report(
                        string.span(),
                        format_args!(
                            "`agreement_date` is `{string}`, which is in the future (today is {})",
                            today.strftime("%m-%d-%Y")
                        ),
                    )
                    .help("use the day on which the customer accepted the agreement");
            }
        },
    )),
};

/// Whether a date is after today in every time zone.
fn is_in_future(date: Date, today: Date) -> bool {
    date > today.checked_add(1.day()).unwrap_or(today)
}

pub(in crate::rules) static AGREEMENT_SUPERSEDED: Rule = Rule {
    id: "order/agreement-superseded",
    level: Level::Warning,
    page: include_str!("../../../rules/order/agreement-superseded.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Parameter(
        AGREEMENT_DATE,
        &|string, _, findings| {
            // Most dates are of a later year.
            if string
                .as_bytes()
                .last_chunk::<4>()
                .is_some_and(|year| year > b"2023")
            {
                return;
            }
            let Ok(AgreementDate(date)) = AgreementDate::parse(string) else {
                return;
            };
            if is_superseded(date) && string.line.is_in_request() {
                findings
                    .report(
                        string.span(),
                        format_args!(
                            "`agreement_date` is `{string}`; an agreement accepted before {} must be \
                             accepted again",
                            format_date(CURRENT_AGREEMENT)
                        ),
                    )
                    .help(
                        "ask the customer to accept the current agreement, then use the date of \
                         that acceptance",
                    );
            }
        },
    )),
};

/// The day from which the current version of the Microsoft Customer Agreement is accepted.
const CURRENT_AGREEMENT: Date = date(2023, 4, 1);

fn is_superseded(date: Date) -> bool {
    date < CURRENT_AGREEMENT
}

/// A date in the format MM-DD-YYYY.
struct AgreementDate(Date);

/// Why a string is not a date in that format.
#[derive(Debug, PartialEq)]
enum DateError {
    /// A date in another order or with other separators.
    OtherFormat {
        date: Date,
        safety: Safety,
        difference: &'static str,
    },
    /// The right format, but the calendar does not have this day.
    NoSuchDay,
    /// Not a date.
    NotADate,
}

impl AgreementDate {
    fn parse(text: &str) -> Result<AgreementDate, DateError> {
        match AgreementDate::parse_exact(text) {
            Some(date) => Ok(date),
            None => AgreementDate::parse_lenient(text),
        }
    }

    /// Parses MM-DD-YYYY.
    fn parse_exact(text: &str) -> Option<AgreementDate> {
        let [m1, m2, b'-', d1, d2, b'-', year @ ..] = text.as_bytes() else {
            return None;
        };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0, |number, digit| {
                digit
                    .is_ascii_digit()
                    .then(|| number * 10 + i16::from(digit - b'0'))
            })
        };
        let year = Some(year).filter(|year| year.len() == 4).and_then(number)?;
        calendar_date(year, number(&[*m1, *m2])?, number(&[*d1, *d2])?).map(AgreementDate)
    }

    /// Parses a date in any other format, to report the intended date.
    fn parse_lenient(text: &str) -> Result<AgreementDate, DateError> {
        let trimmed = text.trim();
        let parts: Vec<&str> = trimmed.split(['-', '/', '.']).collect();
        let number = |part: &str| -> Option<i16> {
            let is_short =
                (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            is_short.then(|| part.parse().ok()).flatten()
        };
        let [first, second, third] = parts[..] else {
            return Err(DateError::NotADate);
        };
        let (Some(a), Some(b), Some(c)) = (number(first), number(second), number(third)) else {
            return Err(DateError::NotADate);
        };
        let lengths = [first.len(), second.len(), third.len()];
        let has_hyphens = trimmed.bytes().filter(|byte| *byte == b'-').count() == 2;
        match lengths {
            [2, 2, 4] if has_hyphens => match (calendar_date(c, a, b), calendar_date(c, b, a)) {
                (Some(date), _) if trimmed.len() == text.len() => Ok(AgreementDate(date)),
                (Some(date), _) => Err(DateError::OtherFormat {
                    date,
                    safety: Safety::Safe,
                    difference: "whitespace around the date",
                }),
                (None, Some(date)) => Err(DateError::OtherFormat {
                    date,
                    safety: Safety::Unsafe,
                    difference: "day first",
                }),
                (None, None) => Err(DateError::NoSuchDay),
            },
            [4, 2, 2] if has_hyphens => match calendar_date(a, b, c) {
                Some(date) => Err(DateError::OtherFormat {
                    date,
                    safety: Safety::Safe,
                    difference: "year first",
                }),
                None => Err(DateError::NoSuchDay),
            },
            [4, 1 | 2, 1 | 2] => ambiguous_order(calendar_date(a, b, c), b, c, "year first"),
            [1 | 2, 1 | 2, 4] => match calendar_date(c, a, b) {
                Some(date) => {
                    ambiguous_order(Some(date), a, b, "other separators or missing zeros")
                }
                None => match calendar_date(c, b, a) {
                    Some(date) => Err(DateError::OtherFormat {
                        date,
                        safety: Safety::Unsafe,
                        difference: "day first",
                    }),
                    None => Err(DateError::NoSuchDay),
                },
            },
            _ => Err(DateError::NotADate),
        }
    }
}

/// The error for a date whose month and day may be swapped: the fix is safe only if they cannot be.
fn ambiguous_order(
    date: Option<Date>,
    month: i16,
    day: i16,
    difference: &'static str,
) -> Result<AgreementDate, DateError> {
    let date = date.ok_or(DateError::NoSuchDay)?;
    Err(DateError::OtherFormat {
        date,
        safety: Safety::when(day > 12 || month == day),
        difference,
    })
}

fn calendar_date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?)
        .ok()
        .filter(|_| year >= 1000)
}

fn format_date(date: Date) -> String {
    format!("{:02}-{:02}-{:04}", date.month(), date.day(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_dates_in_other_formats() {
        use Safety::{Safe, Unsafe};
        for (text, corrected, expected_safety) in [
            ("2022-04-09", "04-09-2022", Safe),
            ("2022/04/09", "04-09-2022", Unsafe),
            ("2022/04/19", "04-19-2022", Safe),
            ("04/19/2022", "04-19-2022", Safe),
            ("04/04/2022", "04-04-2022", Safe),
            ("04/09/2022", "04-09-2022", Unsafe),
            ("4-19-2022", "04-19-2022", Safe),
            ("4.9.2022", "04-09-2022", Unsafe),
            ("31-01-2022", "01-31-2022", Unsafe),
            ("31.1.2022", "01-31-2022", Unsafe),
            (" 04-09-2022", "04-09-2022", Safe),
        ] {
            match AgreementDate::parse(text) {
                Err(DateError::OtherFormat { date, safety, .. }) => {
                    assert_eq!(
                        (format_date(date).as_str(), safety),
                        (corrected, expected_safety),
                        "{text}"
                    );
                }
                _ => panic!("{text} is not recognised"),
            }
        }
        for text in ["02-30-2022", "13-13-2022", "2022-02-30", "00-10-2022"] {
            assert_eq!(
                AgreementDate::parse(text).err(),
                Some(DateError::NoSuchDay),
                "{text}"
            );
        }
        for text in [
            "yesterday",
            "04-09-22",
            "04-09-40000",
            "04-09-2022-1",
            "",
            "+4-09-2022",
        ] {
            assert_eq!(
                AgreementDate::parse(text).err(),
                Some(DateError::NotADate),
                "{text}"
            );
        }
        assert!(AgreementDate::parse("02-29-2024").is_ok());
    }
}
