//! Numbers in their written form: compared exactly at any length, never rounded.

use std::borrow::Cow;
use std::cmp::Ordering;

use memchr::memchr2;

/// The text of a JSON number, such as `-12.50e3`; also of the notations `+1`, `.5` and `1.`, which JSON does
/// not allow.
#[derive(Clone, Copy, Debug)]
pub struct Number<'t>(&'t str);

/// The parts of a number: `sign × 0.digits × 10^exponent`, where the digits have no zeros at either end.
struct Parts<'t> {
    negative: bool,
    /// The significant digits, in two adjoining slices; both are empty for zero.
    digits: (&'t [u8], &'t [u8]),
    /// The power of ten before the first digit.
    exponent: i128,
}

impl<'t> Number<'t> {
    /// The number with this text, which the parser has checked.
    pub fn new(text: &'t str) -> Self {
        Self(text)
    }

    /// The number as it is written.
    pub fn as_str(&self) -> &'t str {
        self.0
    }

    /// Whether the number is mathematically an integer, as `90.0` and `9e1` are.
    pub fn is_integer(&self) -> bool {
        let text = self.0.as_bytes();
        if self.short_digits().is_some() {
            return true;
        }
        if memchr2(b'.', b'e', text).is_none() && !text.contains(&b'E') {
            return true;
        }
        let parts = self.parts();
        parts.is_zero() || parts.digit_count() as i128 <= parts.exponent
    }

    /// The value of a number that consists of one to nine digits, as most numbers do.
    #[inline]
    fn short_digits(&self) -> Option<u64> {
        let digits = self.0.as_bytes();
        let value = |value: u64, digit: &u8| {
            digit
                .is_ascii_digit()
                .then(|| value * 10 + u64::from(digit - b'0'))
        };
        (1..10)
            .contains(&digits.len())
            .then(|| digits.iter().try_fold(0, value))?
    }

    /// The value, if it is an integer in the range of `u64`.
    pub fn as_u64(&self) -> Option<u64> {
        if let Some(value) = self.short_digits() {
            return Some(value);
        }
        if let Ok(value) = self.0.parse() {
            return Some(value);
        }
        self.integer_text(20)?.parse().ok()
    }

    /// The value, if it is an integer in the range of `i64`.
    pub fn as_i64(&self) -> Option<i64> {
        if let Ok(value) = self.0.parse() {
            return Some(value);
        }
        self.integer_text(20)?.parse().ok()
    }

    /// The nearest floating-point number.
    pub fn as_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }

    /// The decimal digits of an integer with at most `limit` digits, with its sign.
    pub fn integer_text(&self, limit: usize) -> Option<Cow<'t, str>> {
        let parts = self.parts();
        if parts.is_zero() {
            return Some(Cow::Borrowed("0"));
        }
        if !self.is_integer() || parts.exponent > limit as i128 {
            return None;
        }
        let (head, tail) = parts.digits;
        let mut text = String::from(if parts.negative { "-" } else { "" });
        text.extend(head.iter().chain(tail).map(|&digit| char::from(digit)));
        let missing = parts.exponent as usize - parts.digit_count();
        text.extend(std::iter::repeat_n('0', missing));
        Some(Cow::Owned(text))
    }

    /// The same text for all notations of the same value, and no other one.
    pub fn canonical_text(&self) -> String {
        let parts = self.parts();
        if parts.is_zero() {
            return "0".into();
        }
        let mut text = String::from(if parts.negative { "-" } else { "" });
        text.extend(parts.digits().map(|&digit| char::from(digit)));
        text.push_str(&format!("e{}", parts.exponent));
        text
    }

    /// Compares the two values exactly.
    pub fn compare(&self, other: &Number<'_>) -> Ordering {
        let (left, right) = (self.parts(), other.parts());
        match (left.sign(), right.sign()) {
            (a, b) if a != b => a.cmp(&b),
            (0, _) => Ordering::Equal,
            (sign, _) => {
                let magnitude = left
                    .exponent
                    .cmp(&right.exponent)
                    .then_with(|| left.digits().cmp(right.digits()));
                if sign < 0 {
                    magnitude.reverse()
                } else {
                    magnitude
                }
            }
        }
    }

    fn parts(&self) -> Parts<'t> {
        let text = self.0.as_bytes();
        let (negative, text) = match text.first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, power) = match memchr2(b'e', b'E', text) {
            Some(at) => (&text[..at], power_of_ten(&text[at + 1..])),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.iter().position(|&byte| byte == b'.') {
            Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
            None => (mantissa, &[][..]),
        };
        let whole = trim_start_zeros(whole);
        if !whole.is_empty() {
            let exponent = power.saturating_add(whole.len() as i128);
            let fraction = trim_end_zeros(fraction);
            let whole = if fraction.is_empty() {
                trim_end_zeros(whole)
            } else {
                whole
            };
            return Parts {
                negative,
                digits: (whole, fraction),
                exponent,
            };
        }
        let significant = trim_start_zeros(fraction);
        let exponent = power.saturating_sub((fraction.len() - significant.len()) as i128);
        Parts {
            negative,
            digits: (&[], trim_end_zeros(significant)),
            exponent,
        }
    }
}

impl Parts<'_> {
    fn digits(&self) -> impl Iterator<Item = &u8> {
        self.digits.0.iter().chain(self.digits.1)
    }

    fn digit_count(&self) -> usize {
        self.digits.0.len() + self.digits.1.len()
    }

    fn is_zero(&self) -> bool {
        self.digit_count() == 0
    }

    fn sign(&self) -> i8 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

/// The value of the exponent after an `e`, clamped to a range that no text is long enough to exceed.
fn power_of_ten(text: &[u8]) -> i128 {
    const MAX: i128 = 1 << 100;
    let (negative, digits) = match text.first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let size = digits.iter().fold(0i128, |size, &digit| {
        (size * 10 + i128::from(digit - b'0')).min(MAX)
    });
    if negative { -size } else { size }
}

fn trim_start_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    &digits[zeros..]
}

fn trim_end_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits
        .iter()
        .rev()
        .take_while(|&&digit| digit == b'0')
        .count();
    &digits[..digits.len() - zeros]
}

/// Rewrites a number in a notation such as `+1`, `.5` or `1.` as JSON writes it. The result is a JSON number
/// only if nothing else is wrong with `word`; `None` if it contains no digit.
pub(crate) fn normalize_number(word: &str) -> Option<String> {
    let (sign, rest) = match word.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", word.strip_prefix('+').unwrap_or(word)),
    };
    if !rest.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mantissa_end = rest.find(['e', 'E']).unwrap_or(rest.len());
    let (mantissa, power) = rest.split_at(mantissa_end);
    let mantissa = mantissa.strip_suffix('.').unwrap_or(mantissa);
    let zero = if mantissa.starts_with('.') { "0" } else { "" };
    Some(format!("{sign}{zero}{mantissa}{power}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_integers_in_any_notation() {
        for text in [
            "0", "-0.0", "90", "90.0", "9e1", "1.50e1", "0e-9", "1E400", "100e-2",
        ] {
            assert!(Number::new(text).is_integer(), "{text}");
        }
        for text in ["1.5", "15e-1", "0.1", "1e-400", "100e-3"] {
            assert!(!Number::new(text).is_integer(), "{text}");
        }
    }

    #[test]
    fn compares_numbers_of_any_length_exactly() {
        use Ordering::*;
        for (left, right, order) in [
            ("1", "1.0", Equal),
            ("1e2", "100", Equal),
            ("-0", "0", Equal),
            ("9007199254740993", "9007199254740992", Greater),
            ("0.1000000000000000000000000000001", "0.1", Greater),
            ("-2", "-10", Greater),
            ("1e999999999999999999999999999999999999999999", "2", Greater),
            ("0.001", "1e-3", Equal),
            ("12", "1.3e1", Less),
        ] {
            assert_eq!(
                Number::new(left).compare(&Number::new(right)),
                order,
                "{left} {right}"
            );
            assert_eq!(
                Number::new(right).compare(&Number::new(left)),
                order.reverse()
            );
            let [left, right] = [left, right].map(|text| Number::new(text).canonical_text());
            assert_eq!(left == right, order == Equal, "{left} {right}");
        }
    }

    #[test]
    fn converts_integers_in_any_notation() {
        assert_eq!(Number::new("90.0").as_u64(), Some(90));
        assert_eq!(Number::new("-9e1").as_i64(), Some(-90));
        assert_eq!(Number::new("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(Number::new("18446744073709551616").as_u64(), None);
        assert_eq!(Number::new("1.5").as_u64(), None);
        assert_eq!(Number::new("2.0").integer_text(9).as_deref(), Some("2"));
    }
}
