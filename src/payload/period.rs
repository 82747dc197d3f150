//! Lengths of time, in days, months and years.

use crate::json::{Member, Node, Number, PrefixKey};
use crate::names::{KnownName, known};

const DURATION: KnownName = known("duration");
const MONTH: PrefixKey = PrefixKey::of(b"month");
const YEAR: PrefixKey = PrefixKey::of(b"year");
const TYPE: KnownName = known("type");

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
        match node.as_plain_key() {
            Some(MONTH) => return Some(PeriodUnit::Month),
            Some(YEAR) => return Some(PeriodUnit::Year),
            _ => {}
        }
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

/// The unit and the count of a period, by their names, be they in other letters.
fn named_values(period: Node<'_>) -> [Option<Node<'_>>; 2] {
    let mut values = [None; 2];
    for (name, part) in period.named_members() {
        match name {
            TYPE => values[0] = Some(part.value),
            DURATION => values[1] = Some(part.value),
            _ => {}
        }
    }
    values
}

impl<'d> Period<'d> {
    /// The period that a member holds, if it can be read as one.
    pub fn read(member: Member<'d>) -> Option<Self> {
        let [unit, count] = match member.value.values_in_order([TYPE, DURATION]) {
            Some(values) => values.map(Some),
            None => named_values(member.value),
        };
        Some(Self {
            member,
            unit: PeriodUnit::read(unit?)?,
            count: whole_count(count?.as_number()?)?,
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
