//! The rules that have code to run, sorted by what they judge, so that a record is walked once.

use crate::finding::Finding;
use crate::payload::order::{Line, Order};
use crate::payload::parameter::Parameter;
use crate::payload::{PayloadKind, Record};
use crate::rule::{
    Check, Context, EntryCheck, Findings, LineCheck, OrderCheck, RecordCheck, Rule, TextCheck,
};

/// Rules with what each runs.
type Checks<C> = Vec<(&'static Rule, C)>;

#[derive(Default)]
pub(super) struct Rulebook {
    records: Checks<RecordCheck>,
    orders: Checks<OrderCheck>,
    lines: Checks<LineCheck>,
    entries: Checks<EntryCheck>,
    /// By parameter.
    texts: [Checks<TextCheck>; Parameter::ALL.len()],
}

impl Rulebook {
    pub(super) fn of(rules: &[&'static Rule]) -> Self {
        let mut book = Rulebook::default();
        for &rule in rules {
            match rule.check {
                Check::Syntax | Check::Schema => {}
                Check::Record(check) => book.records.push((rule, check)),
                Check::Order(check) => book.orders.push((rule, check)),
                Check::Line(check) => book.lines.push((rule, check)),
                Check::Entry(check) => book.entries.push((rule, check)),
                Check::Text(parameters, check) => {
                    for parameter in parameters {
                        book.texts[*parameter as usize].push((rule, check));
                    }
                }
            }
        }
        book
    }

    /// Adds what the rules find in a record.
    pub(super) fn judge(
        &self,
        record: &Record<'_>,
        context: &Context,
        findings: &mut Vec<Finding>,
    ) {
        for (rule, check) in &self.records {
            check(record, &mut Findings::new(rule, findings));
        }
        if record.kind() == Some(PayloadKind::Order) {
            let order = Order::read(*record);
            for (rule, check) in &self.orders {
                check(&order, context, &mut Findings::new(rule, findings));
            }
            for line in order.lines.iter().filter(|line| line.is_new_commerce()) {
                self.judge_line(line, context, findings);
            }
        }
    }

    fn judge_line(&self, line: &Line<'_>, context: &Context, findings: &mut Vec<Finding>) {
        for (rule, check) in &self.lines {
            check(line, context, &mut Findings::new(rule, findings));
        }
        if !line.has_only_plain_entries() {
            for (rule, check) in &self.entries {
                for entry in &line.entries {
                    check(line, entry, &mut Findings::new(rule, findings));
                }
            }
        }
        for text in line.texts() {
            for (rule, check) in &self.texts[text.parameter as usize] {
                check(&text, context, &mut Findings::new(rule, findings));
            }
        }
    }
}
