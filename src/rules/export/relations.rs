//! The records that went before, as far as what they say can be contradicted or repeated.

use std::collections::BTreeMap;

use super::claim::{Claim, Purchases, Says, State};
use super::seen::{First, LAST_RECORD, Seen};
use super::transition::{self, ILLEGAL_TRANSITION};
use crate::finding::{Finding, Level};
use crate::payload::certificate::Status;
use crate::rule::{Check, Findings, Rule};
use crate::span::Span;

pub(in crate::rules) static DUPLICATE_RECORD: Rule = Rule {
    id: "export/duplicate-record",
    level: Level::Warning,
    page: include_str!("../../../rules/export/duplicate-record.md"),
    check: Check::Relation,
};

pub(in crate::rules) static DUPLICATE_ORDER: Rule = Rule {
    id: "export/duplicate-order",
    level: Level::Warning,
    page: include_str!("../../../rules/export/duplicate-order.md"),
    check: Check::Relation,
};

pub(in crate::rules) static STATE_OWNED: Rule = Rule {
    id: "export/state-owned-contradiction",
    level: Level::Warning,
    page: include_str!("../../../rules/export/state-owned-contradiction.md"),
    check: Check::Relation,
};

/// So many orders, and lines that sell behind the second, are remembered in 17 megabytes.
const ORDERS: usize = 1_400_000;

/// What is told of tenants is told less often.
const TENANTS: usize = 250_000;

/// What the records of a run say, in the order in which they come. Holds twelve bytes for each order
/// and for each line of it that sells behind the second, some thirty for each state of a certificate,
/// and the names of the files.
#[derive(Debug)]
pub struct Relations {
    /// Files with the number of the first record of each that says anything.
    files: Vec<(u32, String)>,
    /// How many records went before.
    records: u32,
    orders: Seen,
    state_owned: Seen,
    not_state_owned: Seen,
    /// By certificate and time.
    states: BTreeMap<(u64, Option<i64>), Before>,
}

/// A state of a certificate that some record told.
#[derive(Clone, Copy, Debug)]
struct Before {
    status: Option<Status>,
    record: u32,
}

/// The records of a piece of a file, which are judged together.
struct Piece<'p> {
    claims: &'p [Claim],
    /// How many records went before the first of them.
    first: u32,
}

/// What is wrong with a record beside another.
struct Conflict {
    rule: &'static Rule,
    at: Span,
    message: String,
    /// The other record.
    other: u32,
    advice: &'static str,
}

impl Default for Relations {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            records: 0,
            orders: Seen::new(ORDERS),
            state_owned: Seen::new(TENANTS),
            not_state_owned: Seen::new(TENANTS),
            states: BTreeMap::new(),
        }
    }
}

impl Relations {
    /// Begins with a file.
    pub fn begin(&mut self, file: &str) {
        match self.files.last_mut() {
            // The last one had no record.
            Some((first, name)) if *first == self.records => file.clone_into(name),
            _ => self.files.push((self.records, file.to_owned())),
        }
    }

    /// Adds what is wrong with so many further records, which say this, beside those that went before.
    pub(crate) fn judge(&mut self, claims: &[Claim], records: usize, findings: &mut Vec<Finding>) {
        let piece = Piece {
            claims,
            first: self.records,
        };
        self.orders.glance(claims.iter().map(|claim| claim.subject));
        // An order that repeats another in several ways is told once.
        let mut repeating = None;
        for claim in claims {
            let record = piece.first.saturating_add(claim.record as u32);
            let conflict = match claim.says {
                Says::State(state) => self.add_state(claim, state, record),
                Says::Ordered | Says::Buys { .. } | Says::MakesTenant(_) => self
                    .add_order(claim, record)
                    .filter(|_| repeating.replace(record) != Some(record)),
                Says::NotStateOwned | Says::StateOwned => self.add_standing(claim, record),
            };
            if let Some(conflict) = conflict {
                self.report(&piece, conflict, findings);
            }
        }
        self.records = self.records.saturating_add(records as u32);
    }

    fn add_order(&mut self, claim: &Claim, record: u32) -> Option<Conflict> {
        let mut own = First { record, note: 0 };
        let (rule, message, first) = match claim.says {
            Says::MakesTenant(purchases) => {
                own.note = purchases.0;
                let message = "an order before this one makes the same tenant";
                (
                    &DUPLICATE_ORDER,
                    message,
                    self.orders.add(claim.subject, own),
                )
            }
            Says::Buys {
                tenant,
                purchase,
                is_said,
            } => {
                let message =
                    "an order before this one buys the same part for the same customer and tenant";
                let first = if is_said {
                    self.orders.find(claim.subject)
                } else {
                    self.orders.add(claim.subject, own)
                };
                let is_same =
                    |maker: &First| Purchases(maker.note).hold(purchase) && maker.record != record;
                let first = first.or_else(|| self.orders.find(tenant).filter(is_same));
                (&DUPLICATE_ORDER, message, first)
            }
            _ => {
                let message = "this order stands among the records before";
                (
                    &DUPLICATE_RECORD,
                    message,
                    self.orders.add(claim.subject, own),
                )
            }
        };
        let other = first?.record;
        (other != record).then(|| Conflict {
            rule,
            at: claim.at,
            message: message.into(),
            other,
            advice: "keep one of the two",
        })
    }

    fn add_standing(&mut self, claim: &Claim, record: u32) -> Option<Conflict> {
        let (own, opposite, message) = match claim.says {
            Says::StateOwned => (
                &mut self.state_owned,
                &self.not_state_owned,
                "the customer is a StateOwnedEntity, but an order for this tenant says None",
            ),
            _ => (
                &mut self.not_state_owned,
                &self.state_owned,
                "the order says None, but the customer is qualified as StateOwnedEntity",
            ),
        };
        own.add(claim.subject, First { record, note: 0 });
        let other = opposite.find(claim.subject)?.record;
        Some(Conflict {
            rule: &STATE_OWNED,
            at: claim.at,
            message: message.into(),
            other,
            advice: "say \"soe\" in the order, or correct the qualification",
        })
    }

    fn add_state(&mut self, claim: &Claim, state: State, record: u32) -> Option<Conflict> {
        let (id, time) = (claim.subject, state.time);
        if let Some(first) = self.states.get(&(id, time)) {
            return Some(Conflict {
                rule: &DUPLICATE_RECORD,
                at: claim.at,
                message: match time {
                    Some(_) => "this certificate stands before, with the same last update",
                    None => "this certificate stands among the records before",
                }
                .into(),
                other: first.record,
                advice: "keep one of the two",
            });
        }
        let own = Before {
            status: state.status,
            record,
        };
        self.states.insert((id, time), own);
        // What has no time comes neither before nor after anything.
        let time = time?;
        let mut older = self.states.range((id, Some(i64::MIN))..(id, Some(time)));
        let newer = (id, Some(time.saturating_add(1)))..=(id, Some(i64::MAX));
        let older = older.next_back().map(|(_, older)| (*older, own));
        let newer = self.states.range(newer).next();
        let newer = newer.map(|(_, newer)| (own, *newer));
        older.into_iter().chain(newer).find_map(|(old, new)| {
            Some(Conflict {
                rule: &ILLEGAL_TRANSITION,
                at: state.at,
                message: transition::refuse(old.status?, new.status?)?,
                other: if old.record == record {
                    new.record
                } else {
                    old.record
                },
                advice: "export the certificate again; if it says the same, ask the platform",
            })
        })
    }

    fn report(&self, piece: &Piece<'_>, conflict: Conflict, findings: &mut Vec<Finding>) {
        let Conflict {
            rule,
            at,
            message,
            other,
            advice,
        } = conflict;
        let mut findings = Findings::new(rule, findings);
        let finding = findings.report(at, message);
        match piece.place_of(other, rule) {
            Some(place) => {
                finding.label(place, "the record before").help(advice);
            }
            None => {
                let place = self.place_of(other);
                finding.help(format!("see {place}; {advice}"));
            }
        }
    }

    /// A record in words.
    fn place_of(&self, record: u32) -> String {
        if record >= LAST_RECORD {
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

impl Piece<'_> {
    /// Where a record of the piece says what a rule is about.
    fn place_of(&self, record: u32, rule: &Rule) -> Option<Span> {
        let record = record.checked_sub(self.first)? as usize;
        let claim = self.claims.iter().find(|claim| claim.record == record)?;
        Some(match claim.says {
            Says::State(state) if rule.id == ILLEGAL_TRANSITION.id => state.at,
            _ => claim.at,
        })
    }
}
