//! The state of a run that later records can contradict or duplicate.

use std::collections::BTreeMap;

use super::fingerprint_table::{FingerprintTable, FirstSeen, MAX_RECORD};
use super::transition::{self, ILLEGAL_TRANSITION};
use crate::finding::{Finding, Level};
use crate::kinds::certificate::Status;
use crate::record_fact::{Fact, Purchases, RecordFact, State};
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::certificate::CertificateCheck;
use crate::rules::order::OrderCheck;
use crate::rules::qualification::QualificationCheck;
use crate::span::Span;

pub(in crate::rules) static DUPLICATE_RECORD: Rule = Rule {
    id: "export/duplicate-record",
    level: Level::Warning,
    page: include_str!("../../../rules/export/duplicate-record.md"),
    overlap: Overlap::VALUE,
    check: Check::CrossRecord(&[&CertificateCheck::Facts, &OrderCheck::Facts]),
};

pub(in crate::rules) static DUPLICATE_ORDER: Rule = Rule {
    id: "export/duplicate-order",
    level: Level::Warning,
    page: include_str!("../../../rules/export/duplicate-order.md"),
    overlap: Overlap::VALUE,
    check: Check::CrossRecord(&[&OrderCheck::Facts]),
};

pub(in crate::rules) static STATE_OWNED_CONTRADICTION: Rule = Rule {
    id: "export/state-owned-contradiction",
    level: Level::Warning,
    page: include_str!("../../../rules/export/state-owned-contradiction.md"),
    overlap: Overlap::VALUE,
    check: Check::CrossRecord(&[&OrderCheck::Facts, &QualificationCheck::Facts]),
};

/// The number of slots that the table of orders, and of sale lines after an order's second, allocates at a time: 17 MB.
const ORDERS: usize = 1_400_000;

/// The same of the tables of tenants, which are less frequent.
const TENANTS: usize = 250_000;

/// How many times as many slots a table has at most. The oldest orders are forgotten then.
const ALLOCATIONS: usize = 2;

/// The facts of the records of a run, in input order. Takes 12 bytes per order and per sale line after an
/// order's second, for at most two million of them; about 30 per state of a certificate, and the names of the files.
#[derive(Debug)]
pub struct CrossRecordState {
    /// The files, each with the index of its first record.
    files: Vec<(u32, String)>,
    /// The number of records so far.
    records: u32,
    orders: FingerprintTable,
    state_owned: FingerprintTable,
    not_state_owned: FingerprintTable,
    /// The states by certificate and time.
    states: BTreeMap<(u64, Option<i64>), PriorState>,
}

/// A state of a certificate in an earlier record.
#[derive(Clone, Copy, Debug)]
struct PriorState {
    status: Option<Status>,
    record: u32,
}

/// The facts of one chunk of a file.
struct Chunk<'p> {
    facts: &'p [RecordFact],
    /// The number of records before the chunk.
    first: u32,
}

/// A contradiction or duplicate between two records.
struct Conflict {
    rule: &'static Rule,
    span: Span,
    message: String,
    /// The index of the other record.
    other: u32,
    help: &'static str,
}

impl Default for CrossRecordState {
    fn default() -> Self {
        Self::with_capacity(ORDERS)
    }
}

impl CrossRecordState {
    /// A state for a run of about as many facts. A state of the default size is expensive for a single document, because
    /// its memory is filled with zeros.
    pub(crate) fn with_capacity(facts: usize) -> Self {
        let table = |most: usize| {
            let slots = most.min(facts.saturating_mul(2).max(16));
            FingerprintTable::new(slots, ALLOCATIONS * most)
        };
        Self {
            files: Vec::new(),
            records: 0,
            orders: table(ORDERS),
            state_owned: table(TENANTS),
            not_state_owned: table(TENANTS),
            states: BTreeMap::new(),
        }
    }

    /// Starts a file.
    pub fn begin(&mut self, file: &str) {
        match self.files.last_mut() {
            // The previous file had no record.
            Some((first, name)) if *first == self.records => file.clone_into(name),
            _ => self.files.push((self.records, file.to_owned())),
        }
    }

    /// Counts records that are not checked, so that messages number the others by their place in the input.
    pub fn skip(&mut self, records: u32) {
        self.records = self.records.saturating_add(records);
    }

    /// Adds findings about the next `records` records and their `facts`, compared with each other and with
    /// earlier records.
    pub(crate) fn check(
        &mut self,
        facts: &[RecordFact],
        records: usize,
        findings: &mut Vec<Finding>,
    ) {
        let chunk = Chunk {
            facts,
            first: self.records,
        };
        self.orders.prefetch(facts.iter().map(|fact| fact.subject));
        // An order that duplicates another in several ways is reported once.
        let mut last_duplicate = None;
        for fact in facts {
            let record = chunk.first.saturating_add(fact.record as u32);
            let conflict = match fact.fact {
                Fact::State(state) => self.add_state(fact, state, record),
                Fact::Ordered | Fact::Buys { .. } | Fact::MakesTenant(_) => self
                    .add_order(fact, record)
                    .filter(|_| last_duplicate.replace(record) != Some(record)),
                Fact::NotStateOwned | Fact::StateOwned => self.add_ownership(fact, record),
            };
            if let Some(conflict) = conflict {
                self.report(&chunk, conflict, findings);
            }
        }
        self.records = self.records.saturating_add(records as u32);
    }

    fn add_order(&mut self, fact: &RecordFact, record: u32) -> Option<Conflict> {
        let mut own = FirstSeen { record, data: 0 };
        let (rule, message, first) = match fact.fact {
            Fact::MakesTenant(purchases) => {
                own.data = purchases.0;
                let message = "an earlier order creates the same tenant";
                (
                    &DUPLICATE_ORDER,
                    message,
                    self.orders.add(fact.subject, own),
                )
            }
            Fact::Buys {
                tenant,
                purchase,
                is_included,
            } => {
                let message =
                    "an earlier order buys the same part for the same customer and tenant";
                let first = if is_included {
                    self.orders.find(fact.subject)
                } else {
                    self.orders.add(fact.subject, own)
                };
                let is_same = |creator: &FirstSeen| {
                    Purchases(creator.data).contain(purchase) && creator.record != record
                };
                let first = first.or_else(|| self.orders.find(tenant).filter(is_same));
                (&DUPLICATE_ORDER, message, first)
            }
            _ => {
                let message = "this order duplicates an earlier record";
                (
                    &DUPLICATE_RECORD,
                    message,
                    self.orders.add(fact.subject, own),
                )
            }
        };
        let other = first?.record;
        (other != record).then(|| Conflict {
            rule,
            span: fact.span,
            message: message.into(),
            other,
            help: "keep one of the two",
        })
    }

    fn add_ownership(&mut self, fact: &RecordFact, record: u32) -> Option<Conflict> {
        let (own, opposite, message) = match fact.fact {
            Fact::StateOwned => (
                &mut self.state_owned,
                &self.not_state_owned,
                "the customer is qualified as `StateOwnedEntity`, but an order for this tenant \
                 says `None`",
            ),
            _ => (
                &mut self.not_state_owned,
                &self.state_owned,
                "the order says `None`, but the customer is qualified as `StateOwnedEntity`",
            ),
        };
        own.add(fact.subject, FirstSeen { record, data: 0 });
        let other = opposite.find(fact.subject)?.record;
        Some(Conflict {
            rule: &STATE_OWNED_CONTRADICTION,
            span: fact.span,
            message: message.into(),
            other,
            help: "write `soe` in the order, or correct the qualification",
        })
    }

    fn add_state(&mut self, fact: &RecordFact, state: State, record: u32) -> Option<Conflict> {
        let (id, time) = (fact.subject, state.time);
        if let Some(first) = self.states.get(&(id, time)) {
            return Some(Conflict {
                rule: &DUPLICATE_RECORD,
                span: fact.span,
                message: match time {
                    Some(_) => {
                        "this certificate duplicates an earlier record with the same last update"
                    }
                    None => "this certificate duplicates an earlier record",
                }
                .into(),
                other: first.record,
                help: "keep one of the two",
            });
        }
        let own = PriorState {
            status: state.status,
            record,
        };
        self.states.insert((id, time), own);
        // States without a time have no order.
        let time = time?;
        let mut older = self.states.range((id, Some(i64::MIN))..(id, Some(time)));
        let newer = (id, Some(time.saturating_add(1)))..=(id, Some(i64::MAX));
        let older = older.next_back().map(|(_, older)| (*older, own));
        let newer = self.states.range(newer).next();
        let newer = newer.map(|(_, newer)| (own, *newer));
        older.into_iter().chain(newer).find_map(|(old, new)| {
            Some(Conflict {
                rule: &ILLEGAL_TRANSITION,
                span: state.span,
                message: transition::illegal_transition(old.status?, new.status?)?,
                other: if old.record == record {
                    new.record
                } else {
                    old.record
                },
                help: "export the certificate again; if the states are the same, ask the platform",
            })
        })
    }

    fn report(&self, chunk: &Chunk<'_>, conflict: Conflict, findings: &mut Vec<Finding>) {
        let Conflict {
            rule,
            span,
            message,
            other,
            help,
        } = conflict;
        let mut findings = RuleReporter::new(rule, findings);
        let finding = findings.report(span, message);
        match chunk.span_of(other, rule) {
            Some(span) => {
                finding.label(span, "the earlier record").help(help);
            }
            None => {
                let location = self.describe_record(other);
                finding.help(format!("compare with {location}; {help}"));
            }
        }
    }

    /// Describes the location of a record for a help text.
    fn describe_record(&self, record: u32) -> String {
        if record >= MAX_RECORD {
            return "an earlier record".into();
        }
        let file = self.files.partition_point(|(first, _)| *first <= record);
        let Some((first, name)) = file.checked_sub(1).map(|file| &self.files[file]) else {
            return format!("record {}", record + 1);
        };
        let number = record - first + 1;
        let is_last = file == self.files.len();
        match self.files.get(file) {
            Some((next, _)) if next - first == 1 => name.clone(),
            _ if is_last => format!("record {number} of this file"),
            _ => format!("record {number} of {name}"),
        }
    }
}

impl Chunk<'_> {
    /// The span of the fact of a record in this chunk that `rule` is about.
    fn span_of(&self, record: u32, rule: &Rule) -> Option<Span> {
        let record = record.checked_sub(self.first)? as usize;
        let fact = self.facts.iter().find(|fact| fact.record == record)?;
        Some(match fact.fact {
            Fact::State(state) if rule.id == ILLEGAL_TRANSITION.id => state.span,
            _ => fact.span,
        })
    }
}
