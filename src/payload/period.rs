//! Lengths of time, in days, months and years.

use crate::json::{Member, Node, Number};
use crate::names::Name;

const DURATION: Name = Name::known("duration");
const TYPE: Name = Name::known("type");

/// A length of time, as `subscriptionPeriod` and `billingPeriod` give it.
#[derive(Clone, Copy, Debug)]
pub struct Period<'d> {
    /// The member that holds it.
    pub member: Member<'d>,
    /// The unit.
    pub unit: PeriodUnit,
    /// How many of them.
    pub count: u64,
}

/// The unit of a period that Microsoft's products use.
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
        let word = node.as_text()?;
        Self::of(&word).or_else(|| Self::of(&word.to_ascii_lowercase()))
    }

    fn of(word: &str) -> Option<Self> {
        match word {
            "month" => Some(PeriodUnit::Month),
            "year" => Some(PeriodUnit::Year),
            "day" | "statement_day" => Some(PeriodUnit::Day),
            _ => None,
        }
    }
}

/// A whole number of at least one, however large.
fn whole_count(number: Number<'_>) -> Option<u64> {
    match number.as_u64() {
        Some(count) => (count > 0).then_some(count),
        None => {
            let is_counted = number.is_integer() && number.compare(&Number::new("1")).is_ge();
            is_counted.then_some(u64::MAX)
        }
    }
}

impl<'d> Period<'d> {
    /// The period that a member holds, if it can be read as one.
    pub fn read(member: Member<'d>) -> Option<Self> {
        let (mut unit, mut count) = (None, None);
        for (name, part) in member.value.named_members() {
            match name {
                TYPE => unit = PeriodUnit::read(part.value),
                DURATION => count = part.value.as_number().and_then(whole_count),
                _ => {}
            }
        }
        Some(Self {
            member,
            unit: unit?,
            count: count?,
        })
    }

    /// Its length in days, a month taken for its shortest: enough to say which of two is longer.
    pub fn days(&self) -> u64 {
        let unit = match self.unit {
            PeriodUnit::Day => 1,
            PeriodUnit::Month => 28,
            PeriodUnit::Year => 12 * 28,
        };
        self.count.saturating_mul(unit)
    }

    /// The period in words.
    pub fn words(&self) -> String {
        let unit = match self.unit {
            PeriodUnit::Day => "day",
            PeriodUnit::Month => "month",
            PeriodUnit::Year => "year",
        };
        let plural = if self.count == 1 { "" } else { "s" };
        format!("{} {unit}{plural}", self.count)
    }
}
