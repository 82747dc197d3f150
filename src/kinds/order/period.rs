//! Periods in days, months and years.

use crate::json::{Member, Node, Number, PrefixKey};
use crate::names::{KnownName, known};

const DURATION: KnownName = known("duration");
const MONTH: PrefixKey = PrefixKey::of(b"month");
const YEAR: PrefixKey = PrefixKey::of(b"year");
const TYPE: KnownName = known("type");

/// A period, as in `subscriptionPeriod` and `billingPeriod`.
#[derive(Clone, Copy, Debug)]
pub struct Period<'d> {
    /// The property that holds the period.
    pub member: Member<'d>,
    /// The unit.
    pub unit: PeriodUnit,
    /// The number of units, at least 1.
    pub count: u64,
}

/// The unit of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodUnit {
    /// Days, or days of a statement.
    Day,
    /// Months.
    Month,
    /// Years.
    Year,
}

impl PeriodUnit {
    fn read(node: Node<'_>) -> Option<Self> {
        match node.as_plain_key() {
            Some(MONTH) => return Some(PeriodUnit::Month),
            Some(YEAR) => return Some(PeriodUnit::Year),
            _ => {}
        }
        let name = node.as_text()?;
        Self::parse(&name).or_else(|| Self::parse(&name.to_ascii_lowercase()))
    }

    fn parse(name: &str) -> Option<Self> {
        match name {
            "month" => Some(PeriodUnit::Month),
            "year" => Some(PeriodUnit::Year),
            "day" | "statement_day" => Some(PeriodUnit::Day),
            _ => None,
        }
    }
}

/// The value of a positive integer, saturated at [`u64::MAX`].
fn positive_integer(number: Number<'_>) -> Option<u64> {
    match number.as_u64() {
        Some(count) => (count > 0).then_some(count),
        None => {
            let is_positive = number.is_integer() && number.compare(&Number::new("1")).is_ge();
            is_positive.then_some(u64::MAX)
        }
    }
}

/// The unit and the count of a period, found by name, ignoring letter case.
fn named_values(period: Node<'_>) -> [Option<Node<'_>>; 2] {
    let mut values = [None; 2];
    for (name, member) in period.named_members() {
        match name {
            TYPE => values[0] = Some(member.value),
            DURATION => values[1] = Some(member.value),
            _ => {}
        }
    }
    values
}

impl<'d> Period<'d> {
    /// Reads the period in a property; `None` if it is invalid.
    pub fn read(member: Member<'d>) -> Option<Self> {
        let [unit, count] = match member.value.values_in_order([TYPE, DURATION]) {
            Some(values) => values.map(Some),
            None => named_values(member.value),
        };
        Some(Self {
            member,
            unit: PeriodUnit::read(unit?)?,
            count: positive_integer(count?.as_number()?)?,
        })
    }

    /// Whether the period is longer than another one. A month has 28 to 31 days, so that 30 days are not longer than a
    /// month.
    pub fn is_longer_than(&self, other: &Period<'_>) -> bool {
        match (self.months(), other.months()) {
            (Some(months), Some(others)) => months > others,
            _ => self.days(28) > other.days(31),
        }
    }

    /// The length in months; `None` if it is in days.
    fn months(&self) -> Option<u64> {
        match self.unit {
            PeriodUnit::Day => None,
            PeriodUnit::Month => Some(self.count),
            PeriodUnit::Year => Some(self.count.saturating_mul(12)),
        }
    }

    /// The length in days, with months of so many days.
    fn days(&self, days_per_month: u64) -> u64 {
        match self.months() {
            Some(months) => months.saturating_mul(days_per_month),
            None => self.count,
        }
    }

    /// The length in months, with 28 to 31 days as one.
    pub fn rounded_months(&self) -> u64 {
        self.months().unwrap_or(self.count.div_ceil(31))
    }

    /// Whether the period is a month, possibly as 28 to 31 days.
    pub fn is_one_month(&self) -> bool {
        match self.unit {
            PeriodUnit::Day => (28..=31).contains(&self.count),
            PeriodUnit::Month => self.count == 1,
            PeriodUnit::Year => false,
        }
    }

    /// The period for messages, such as `3 years`.
    pub fn description(&self) -> String {
        let unit = match self.unit {
            PeriodUnit::Day => "day",
            PeriodUnit::Month => "month",
            PeriodUnit::Year => "year",
        };
        let plural = if self.count == 1 { "" } else { "s" };
        format!("{} {unit}{plural}", self.count)
    }
}
