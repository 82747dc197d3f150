//! Dates and timestamps in the format of RFC 3339.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// A timestamp with a time zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ZonedTimestamp {
    /// The instant, with nanosecond precision.
    pub(super) instant: Timestamp,
    /// Whether the zone is UTC, in any notation.
    pub(super) is_utc: bool,
}

/// Parses a date such as `2025-12-04`.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let has_date_shape = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    if !has_date_shape {
        return None;
    }
    let (year, month, day) = (
        parse_digits(bytes, 0, 4)?,
        parse_digits(bytes, 5, 2)?,
        parse_digits(bytes, 8, 2)?,
    );
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// Parses a timestamp with a zone and any number of fraction digits.
pub(super) fn parse_timestamp(text: &str) -> Option<ZonedTimestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't'])?;
    let (time, rest) = rest.split_at_checked(8)?;
    let bytes = time.as_bytes();
    let (hour, minute) = (parse_digits(bytes, 0, 2)?, parse_digits(bytes, 3, 2)?);
    // Clocks do not represent a leap second, so it is read as the second before.
    let second = parse_digits(bytes, 6, 2).map(|second| if second == 60 { 59 } else { second })?;
    if bytes[2] != b':' || bytes[5] != b':' {
        return None;
    }
    let (nanosecond, zone) = parse_fraction(rest)?;
    let (offset, is_utc) = parse_offset(zone)?;
    let at = DateTime::from_parts(
        parse_date(date)?,
        jiff::civil::Time::new(
            hour.try_into().ok()?,
            minute.try_into().ok()?,
            second.try_into().ok()?,
            nanosecond,
        )
        .ok()?,
    );
    // The first and the last day of the calendar can be out of range in another zone.
    let limit = if at.year() > 0 {
        Timestamp::MAX
    } else {
        Timestamp::MIN
    };
    let instant = offset.to_timestamp(at).unwrap_or(limit);
    Some(ZonedTimestamp { instant, is_utc })
}

/// Parses the `len` decimal digits at `at`.
fn parse_digits(bytes: &[u8], at: usize, len: usize) -> Option<i16> {
    bytes
        .get(at..at + len)?
        .iter()
        .try_fold(0, |number, digit| {
            digit
                .is_ascii_digit()
                .then(|| number * 10 + i16::from(digit - b'0'))
        })
}

/// Parses a fraction such as `.6832021`, truncated to nanoseconds, and returns the rest of the string.
fn parse_fraction(text: &str) -> Option<(i32, &str)> {
    let Some(digits) = text.strip_prefix('.') else {
        return Some((0, text));
    };
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    if digits.is_empty() {
        return None;
    }
    let nanoseconds = digits
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(9)
        .fold(0, |number, digit| number * 10 + i32::from(digit - b'0'));
    Some((nanoseconds, rest))
}

/// The offset of a zone, and whether it is UTC.
fn parse_offset(zone: &str) -> Option<(Offset, bool)> {
    if zone.eq_ignore_ascii_case("Z") {
        return Some((Offset::UTC, true));
    }
    let bytes = zone.as_bytes();
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    if bytes.len() != 6 || bytes[3] != b':' {
        return None;
    }
    let (hours, minutes) = (parse_digits(bytes, 1, 2)?, parse_digits(bytes, 4, 2)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = sign * (i32::from(hours) * 60 + i32::from(minutes)) * 60;
    let offset = Offset::from_seconds(seconds).ok()?;
    Some((offset, seconds == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_timestamps_in_every_zone_and_precision() {
        for (text, instant, is_utc) in [
            ("2020-12-03T10:37:38.885Z", "2020-12-03T10:37:38.885Z", true),
            (
                "2021-05-06T19:59:56.6832021+00:00",
                "2021-05-06T19:59:56.6832021Z",
                true,
            ),
            ("2021-05-06t19:59:56-00:00", "2021-05-06T19:59:56Z", true),
            ("2020-12-03T12:37:38+02:00", "2020-12-03T10:37:38Z", false),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", true),
            (
                "2021-01-01T00:00:00.1234567891Z",
                "2021-01-01T00:00:00.123456789Z",
                true,
            ),
            ("1965-01-01T00:00:00.0Z", "1965-01-01T00:00:00Z", true),
            ("9999-12-31T23:59:59Z", &Timestamp::MAX.to_string(), true),
        ] {
            let instant: Timestamp = instant.parse().expect("a timestamp");
            assert_eq!(
                parse_timestamp(text),
                Some(ZonedTimestamp { instant, is_utc }),
                "{text}"
            );
        }
        for text in [
            "",
            "2020-12-03",
            "2020-12-03T10:37:38",
            "2020-12-03 10:37:38Z",
            "2020-02-30T10:37:38Z",
            "2020-12-03T24:00:00Z",
            "2020-12-03T10:37:38.Z",
            "2020-12-03T10:37:38+0200",
            "2020-12-03T10:37:38+02:60",
            " 2020-12-03T10:37:38Z",
            "2020-12-03T10:37:38Zé",
            "２020-12-03T10:37:38Z",
        ] {
            assert_eq!(parse_timestamp(text), None, "{text}");
        }
    }

    #[test]
    fn rejects_days_that_do_not_exist() {
        assert!(parse_date("2024-02-29").is_some() && parse_date("2025-12-04").is_some());
        for text in [
            "2025-02-29",
            "2025-2-03",
            "04-12-2025",
            "2025-13-01",
            "2025-12-04 ",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
