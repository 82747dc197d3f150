//! Rules on orders, one file per subject, and the evaluation of their checks.

pub(super) mod address;
pub(super) mod agreement;
pub(super) mod agreement_date;
pub(super) mod answer;
pub(super) mod attestation;
pub(super) mod company_name;
pub(super) mod connector;
pub(super) mod country;
pub(super) mod customer_data;
pub(super) mod email;
pub(super) mod offer;
pub(super) mod order_properties;
pub(super) mod parameter_name;
pub(super) mod parameter_value;
pub(super) mod part_number;
pub(super) mod period;
pub(super) mod person_name;
pub(super) mod phone;
pub(super) mod quantity;
pub(super) mod sample_value;
pub(super) mod tax_id;
pub(super) mod tenant;
pub(super) mod unknown_choice;

use crate::catalogue::Catalogue;
use crate::context::Context;
use crate::finding::Finding;
use crate::json::Member;
use crate::kinds::order::entry::Entry;
use crate::kinds::order::parameter::{Parameter, ParameterSet};
use crate::kinds::order::{Line, ORDER, Order, ParameterString};
use crate::payload::{Kind, Record};
use crate::record_fact::RecordFact;
use crate::rule::{AnyViewCheck, Evaluator, Rule, RuleReporter, downcast};
use crate::rules::facts;

/// A check of orders, on one of the levels of an order.
pub enum OrderCheck {
    /// Runs on every order.
    Order(&'static OrderFn),
    /// Runs on every line for a product of Microsoft's New Commerce Experience.
    Line(&'static LineFn),
    /// Runs on every such line that sells something, has a complete parameter list, and lacks one of these parameters.
    Missing(&'static [Parameter], &'static MissingFn),
    /// Runs on every such line if the run has a catalogue: an offer matrix or a price sheet.
    CataloguedLine(&'static CataloguedLineFn),
    /// Runs on every irregular entry of the parameter list of such lines: one in which more than the content of the
    /// value can be wrong.
    Entry(&'static EntryFn),
    /// Runs on the strings of these parameters on such lines, where they are in the right property.
    Parameter(&'static [Parameter], &'static ParameterFn),
    /// Runs nowhere: only extracts the facts that other records can contradict.
    Facts,
}

/// Checks an order.
pub type OrderFn = dyn Fn(&Order<'_>, &Context, &mut RuleReporter<'_>) + Send + Sync;
/// Checks a line of an order.
pub type LineFn = dyn Fn(&Line<'_>, &Context, &mut RuleReporter<'_>) + Send + Sync;
/// Checks a line of an order that lacks a parameter, and its parameter list.
pub type MissingFn =
    dyn for<'d> Fn(&Line<'d>, &Member<'d>, &Context, &mut RuleReporter<'_>) + Send + Sync;
/// Checks a line of an order against a catalogue.
pub type CataloguedLineFn =
    dyn for<'d> Fn(&Line<'d>, &Order<'d>, &Catalogue, &mut RuleReporter<'_>) + Send + Sync;
/// Checks an entry of a line's parameter list.
pub type EntryFn =
    dyn for<'d> Fn(&Line<'d>, &Entry<'d>, &Context, &mut RuleReporter<'_>) + Send + Sync;
/// Checks the string of a parameter.
pub type ParameterFn =
    dyn Fn(&ParameterString<'_, '_>, &Context, &mut RuleReporter<'_>) + Send + Sync;

impl AnyViewCheck for OrderCheck {
    fn evaluator(&self) -> Box<dyn Evaluator> {
        Box::new(OrderEvaluator::default())
    }
}

/// The checks of orders, by level.
#[derive(Default)]
struct OrderEvaluator {
    orders: Vec<(&'static Rule, &'static OrderFn)>,
    lines: Vec<(&'static Rule, &'static LineFn)>,
    missing: Vec<(&'static Rule, ParameterSet, &'static MissingFn)>,
    catalogued_lines: Vec<(&'static Rule, &'static CataloguedLineFn)>,
    entries: Vec<(&'static Rule, &'static EntryFn)>,
    /// Indexed by parameter.
    parameters: [Vec<(&'static Rule, &'static ParameterFn)>; Parameter::ALL.len()],
}

impl Evaluator for OrderEvaluator {
    fn kind(&self) -> &'static Kind {
        &ORDER
    }

    fn add(&mut self, rule: &'static Rule, check: &'static dyn AnyViewCheck) {
        match downcast(check) {
            OrderCheck::Order(check) => self.orders.push((rule, *check)),
            OrderCheck::Line(check) => self.lines.push((rule, *check)),
            OrderCheck::Missing(parameters, check) => {
                let parameters = ParameterSet::of(parameters);
                self.missing.push((rule, parameters, *check));
            }
            OrderCheck::CataloguedLine(check) => self.catalogued_lines.push((rule, *check)),
            OrderCheck::Entry(check) => self.entries.push((rule, *check)),
            OrderCheck::Parameter(parameters, check) => {
                for parameter in *parameters {
                    self.parameters[*parameter as usize].push((rule, *check));
                }
            }
            OrderCheck::Facts => {}
        }
    }

    fn evaluate(
        &self,
        record: &Record<'_>,
        context: &Context,
        findings: &mut Vec<Finding>,
        facts: Option<&mut Vec<RecordFact>>,
    ) {
        let mut order = Order::unread(*record);
        order.read_properties();
        let order = &order;
        if let Some(facts) = facts {
            facts::of_order(order, facts);
        }
        for (rule, check) in &self.orders {
            check(order, context, &mut RuleReporter::new(rule, findings));
        }
        for line in order.lines.iter().filter(|line| line.is_new_commerce()) {
            for (rule, check) in &self.lines {
                check(line, context, &mut RuleReporter::new(rule, findings));
            }
            if let Some(list) = line.complete_parameters().filter(|_| line.is_sale()) {
                for (rule, parameters, check) in &self.missing {
                    if !line.has_all(*parameters) {
                        check(line, &list, context, &mut RuleReporter::new(rule, findings));
                    }
                }
            }
            if let Some(catalogue) = &context.catalogue {
                for (rule, check) in &self.catalogued_lines {
                    let mut reporter = RuleReporter::new(rule, findings);
                    check(line, order, catalogue, &mut reporter);
                }
            }
            for entry in line.irregular_entries() {
                for (rule, check) in &self.entries {
                    check(line, entry, context, &mut RuleReporter::new(rule, findings));
                }
            }
            for string in line.strings() {
                for (rule, check) in &self.parameters[string.parameter as usize] {
                    check(&string, context, &mut RuleReporter::new(rule, findings));
                }
            }
        }
    }
}
