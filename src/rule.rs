//! What a rule is, what it may know, and how it reports.

use std::fmt;

use jiff::civil::Date;

use crate::finding::{Finding, Level};
use crate::payload::Record;
use crate::payload::order::{Line, Order, ParameterText};
use crate::payload::parameter::{Entry, Parameter};
use crate::span::Span;

/// One rule: data, and a function that judges.
#[derive(Debug)]
pub struct Rule {
    /// `family/defect`, which is also where its page lies.
    pub id: &'static str,
    /// How loud it is unless somebody says otherwise.
    pub level: Level,
    /// Its page: what it says, why, and examples that are its tests.
    pub page: &'static str,
    /// What it judges, and how.
    pub check: Check,
}

/// What a rule judges.
pub enum Check {
    /// Nothing: the parser finds it.
    Syntax,
    /// Nothing: a JSON Schema finds it.
    Schema,
    /// Every record, of whatever kind.
    Record(RecordCheck),
    /// Every order.
    Order(OrderCheck),
    /// Every line of an order that is one of Microsoft's New Commerce Experience.
    Line(LineCheck),
    /// Every entry in the parameters of such a line, unless nothing could be wrong with any of them
    /// but what their values say: see [`Line::has_only_plain_entries`].
    Entry(EntryCheck),
    /// The texts of these parameters on such a line, where they stand as they should.
    Text(&'static [Parameter], TextCheck),
}

/// How a record of any kind is judged.
pub type RecordCheck = fn(&Record<'_>, &mut Findings<'_>);
/// How an order is judged.
pub type OrderCheck = fn(&Order<'_>, &Context, &mut Findings<'_>);
/// How a line of an order is judged.
pub type LineCheck = fn(&Line<'_>, &Context, &mut Findings<'_>);
/// How an entry in the parameters of a line is judged.
pub type EntryCheck = fn(&Line<'_>, &Entry<'_>, &mut Findings<'_>);
/// How a parameter's text is judged.
pub type TextCheck = fn(&ParameterText<'_, '_>, &Context, &mut Findings<'_>);

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Check::Syntax => "Syntax",
            Check::Schema => "Schema",
            Check::Record(_) => "Record",
            Check::Order(_) => "Order",
            Check::Line(_) => "Line",
            Check::Entry(_) => "Entry",
            Check::Text(..) => "Text",
        })
    }
}

impl Rule {
    /// Whether the rule judges by itself, rather than naming what the parser or a schema finds.
    pub fn has_code(&self) -> bool {
        !matches!(self.check, Check::Syntax | Check::Schema)
    }

    /// The part of the id before the slash.
    pub fn family(&self) -> &'static str {
        self.id.split('/').next().unwrap_or(self.id)
    }

    /// What is wrong, in one sentence: the page's first paragraph.
    pub fn summary(&self) -> &'static str {
        self.page
            .lines()
            .find(|line| !line.is_empty() && !line.starts_with('#'))
            .unwrap_or_default()
    }
}

/// Facts from outside the payload. A rule that needs what is not set is silent.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The day on which the check is made.
    pub today: Option<Date>,
    /// The partner's own mail domains, in lower case.
    pub partner_domains: Vec<String>,
}

/// Where the rule at work reports.
pub struct Findings<'a> {
    rule: &'static Rule,
    list: &'a mut Vec<Finding>,
}

impl<'a> Findings<'a> {
    /// Collects for `rule` into `list`.
    pub fn new(rule: &'static Rule, list: &'a mut Vec<Finding>) -> Self {
        Self { rule, list }
    }

    /// Reports that what stands at `at` is wrong: one clause with the actual and the expected value.
    pub fn report(&mut self, at: Span, message: impl Into<String>) -> &mut Finding {
        let index = self.list.len();
        self.list
            .push(Finding::new(self.rule.id, self.rule.level, at, message));
        &mut self.list[index]
    }
}
