//! The typed view of an order: its lines, and the parameters of each line, indexed once.

use std::fmt;
use std::ops::Deref;

use smallvec::SmallVec;

use super::entry::{Entry, EntryValue};
use super::parameter::{NameMatch, Parameter, ParameterSet};
use super::period::Period;
use crate::json::{Kind, Member, Node};
use crate::names::{KnownName, known};
use crate::payload::{Form, JsonString, Record};
use crate::suggest;

const ACTIVATION_PARAMETERS: KnownName = known("activationParameters");
const BILLING_PERIOD: KnownName = known("billingPeriod");
const MPN: KnownName = known("mpn");
const PARAMETERS: KnownName = known("parameters");
const PRODUCTS: KnownName = known("products");
const QUANTITY: KnownName = known("quantity");
const SUBSCRIPTION_ID: KnownName = known("subscriptionId");
const SUBSCRIPTION_PERIOD: KnownName = known("subscriptionPeriod");
const TYPE: KnownName = known("type");

/// The type of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderType {
    /// Creates a subscription.
    Sales,
    /// Changes a subscription.
    Change,
    /// Renews a subscription.
    Renewal,
    /// Cancels a subscription.
    Cancellation,
    /// Takes over a subscription from another platform.
    Migration,
}

impl OrderType {
    fn parse(name: &str) -> Option<OrderType> {
        [
            ("sales", OrderType::Sales),
            ("change", OrderType::Change),
            ("renewal", OrderType::Renewal),
            ("cancellation", OrderType::Cancellation),
            ("migration", OrderType::Migration),
        ]
        .into_iter()
        .find(|(known, _)| name.eq_ignore_ascii_case(known))
        .map(|(_, order_type)| order_type)
    }
}

/// The typed view of an order.
pub struct Order<'d> {
    /// The record.
    pub record: Record<'d>,
    /// The type; `None` if it is absent or unknown.
    pub order_type: Option<OrderType>,
    /// The commitment term of lines without a term of their own.
    pub term: Option<Period<'d>>,
    /// The lines, including those of other vendors.
    pub lines: SmallVec<[Line<'d>; 1]>,
}

impl<'d> Order<'d> {
    /// Reads a record as an order.
    pub fn read(record: Record<'d>) -> Self {
        let mut order = Self::unread(record);
        order.read_properties();
        order
    }

    /// An order whose properties have not been read yet. Reading them in place avoids moving the lines.
    pub(crate) fn unread(record: Record<'d>) -> Self {
        Self {
            record,
            order_type: None,
            term: None,
            lines: SmallVec::new(),
        }
    }

    /// Reads the properties of the order and its lines.
    pub(crate) fn read_properties(&mut self) {
        let mut products = None;
        for (name, member) in self.node().named_members() {
            match name {
                TYPE => {
                    let name = member.value.as_text();
                    self.order_type = name.and_then(|name| OrderType::parse(&name));
                }
                SUBSCRIPTION_PERIOD => self.term = Period::read(member),
                PRODUCTS => products = Some(member.value),
                _ => {}
            }
        }
        let form = self.record.form;
        if form == Form::Validation && self.node().value_of(TYPE).is_none() {
            self.order_type = Some(OrderType::Sales);
        }
        let is_sent = form != Form::Response;
        let is_sale = self.order_type == Some(OrderType::Sales) && self.is_request();
        if let Some(products) = products.filter(|products| products.kind() == Kind::Array) {
            self.lines.reserve_exact(products.child_count());
            for node in products.elements() {
                let line = Line::new(node, (is_sent, is_sale), self.term);
                self.lines.push(line);
                if let Some(line) = self.lines.last_mut() {
                    line.read_properties();
                }
            }
        }
    }

    /// The value of the record.
    pub fn node(&self) -> Node<'d> {
        self.record.node
    }

    /// Whether the order is sent to the platform to be carried out or validated.
    pub fn is_request(&self) -> bool {
        matches!(self.record.form, Form::Request | Form::Validation)
    }

    /// The property of exactly this name.
    pub fn member(&self, name: &str) -> Option<Member<'d>> {
        self.node().member(name)
    }

    /// Whether a property of this name is present, possibly misspelt, or might be lost in damaged text. If
    /// not, it is missing.
    pub fn may_have_property(&self, name: &str) -> bool {
        may_have_property(self.node(), name)
    }
}

fn may_have_property(node: Node<'_>, name: &str) -> bool {
    let is_misspelt = |member: Member<'_>| {
        member.known().is_none() && suggest::is_near(&member.name_text(), name)
    };
    node.has_errors() || node.get(name).is_some() || node.members().any(is_misspelt)
}

const NO_ENTRY: u16 = u16::MAX;

/// A line of an order.
pub struct Line<'d> {
    /// The value of the line.
    pub node: Node<'d>,
    /// The part number, if it is a string.
    pub mpn: Option<JsonString<'d>>,
    /// The value of `quantity`.
    quantity: Option<Node<'d>>,
    /// The property that holds the parameters.
    pub parameters: Option<Member<'d>>,
    /// The entries of the parameter list.
    pub entries: Vec<Entry<'d>>,
    /// The line's own `subscriptionId`.
    pub subscription_id: Option<Member<'d>>,
    /// The billing period.
    pub billing: Option<Period<'d>>,
    /// The commitment term: the line's own, else the order's.
    pub term: Option<Period<'d>>,
    /// Whether the term is the line's own.
    pub has_own_term: bool,
    is_order_sale: bool,
    is_in_request: bool,
    are_parameters_complete: bool,
    /// Whether the parameters use the connector's property names, at least partly.
    pub uses_connector_properties: bool,
    all_entries_plain: bool,
    /// For each parameter, the index of its effective entry.
    slots: [u16; Parameter::ALL.len()],
    /// The parameters that have an entry: those with a slot, as bits, so that several are looked for at once.
    present: ParameterSet,
    uses_azure_names: bool,
    is_new_commerce: bool,
    is_for_new_tenant: Option<bool>,
}

impl<'d> Line<'d> {
    /// A line whose properties have not been read yet. `order` says whether its order is a request, and a sale.
    fn new(node: Node<'d>, order: (bool, bool), order_term: Option<Period<'d>>) -> Self {
        let (is_in_request, is_order_sale) = order;
        Line {
            is_in_request,
            node,
            mpn: None,
            quantity: None,
            parameters: None,
            entries: Vec::new(),
            subscription_id: None,
            billing: None,
            term: order_term,
            has_own_term: false,
            is_order_sale,
            are_parameters_complete: false,
            uses_connector_properties: false,
            all_entries_plain: true,
            slots: [NO_ENTRY; Parameter::ALL.len()],
            present: ParameterSet::default(),
            uses_azure_names: false,
            is_new_commerce: false,
            is_for_new_tenant: None,
        }
    }

    /// Reads the properties of the line in place, because moving a line is expensive.
    fn read_properties(&mut self) {
        for (name, member) in self.node.named_members() {
            match name {
                MPN => self.mpn = JsonString::read(member.value),
                QUANTITY => self.quantity = Some(member.value),
                PARAMETERS => self.parameters = Some(member),
                ACTIVATION_PARAMETERS => {
                    self.uses_connector_properties = true;
                    self.parameters = self.parameters.or(Some(member));
                }
                SUBSCRIPTION_ID => self.subscription_id = Some(member),
                BILLING_PERIOD => self.billing = Period::read(member),
                SUBSCRIPTION_PERIOD => {
                    self.has_own_term = true;
                    self.term = Period::read(member);
                }
                _ => {}
            }
        }
        self.index_parameters();
    }

    fn index_parameters(&mut self) {
        if let Some(list) = self
            .parameters
            .filter(|list| list.value.kind() == Kind::Array)
        {
            let mut is_complete = !list.value.has_errors() && !self.node.has_errors();
            self.entries
                .reserve(list.value.child_count().min(NO_ENTRY as usize));
            let mut elements = list.value.elements();
            while self.entries.len() < NO_ENTRY as usize {
                if let Some((parameter, entry)) = Entry::next_plain(&mut elements) {
                    is_complete &= !entry.node.has_errors();
                    self.all_entries_plain &= self.index_exact_name(parameter);
                    self.entries.push(entry);
                } else if let Some(element) = elements.next() {
                    // An entry without a readable name could be any parameter.
                    is_complete &= self.add_entry(element) && !element.has_errors();
                } else {
                    break;
                }
            }
            self.are_parameters_complete = is_complete;
        }
        if !self.all_entries_plain {
            self.index_inexact_names();
        }
        // The Azure connector's names do not mark New Commerce.
        let is_marker = |parameter: Parameter| {
            let entry = self.entry(parameter);
            parameter.marks_new_commerce()
                && entry.is_some_and(|entry| !matches!(entry.name_match, NameMatch::Connector(_)))
        };
        self.is_new_commerce = self
            .mpn
            .as_ref()
            .is_some_and(|mpn| is_new_commerce_part_number(mpn))
            || Parameter::ALL.into_iter().any(is_marker);
        self.is_for_new_tenant = self.read_tenant_preference();
    }

    /// Adds the entry at `element`, if it is an object. Returns whether it has a name.
    #[inline(never)]
    fn add_entry(&mut self, element: Node<'d>) -> bool {
        if element.kind() != Kind::Object {
            return false;
        }
        let entry = Entry::read(element);
        let has_name = !matches!(entry.name_match, NameMatch::Absent);
        self.uses_connector_properties |= entry.is_named_by_key();
        self.all_entries_plain &= match entry.name_match {
            NameMatch::Exact(parameter) if entry.is_plain() => self.index_exact_name(parameter),
            _ => false,
        };
        self.entries.push(entry);
        has_name
    }

    /// Records that the next entry to be added has the exact name of this parameter. Returns whether it is
    /// the first one.
    #[inline(always)]
    fn index_exact_name(&mut self, parameter: Parameter) -> bool {
        let slot = &mut self.slots[parameter as usize];
        let is_first = *slot == NO_ENTRY;
        if is_first {
            *slot = self.entries.len() as u16;
            self.present.insert(parameter);
        }
        is_first
    }

    /// Records the effective entries of parameters that have no entry with an exact name.
    fn index_inexact_names(&mut self) {
        for is_exact in [true, false] {
            for (index, entry) in self.entries.iter().enumerate() {
                let Some(parameter) = entry.name_match.parameter() else {
                    continue;
                };
                let slot = &mut self.slots[parameter as usize];
                if *slot == NO_ENTRY && is_exact == matches!(entry.name_match, NameMatch::Exact(_))
                {
                    *slot = index as u16;
                    self.present.insert(parameter);
                }
            }
        }
        let has = |name: &str| {
            self.entries
                .iter()
                .any(|entry| entry.name().is_some_and(|n| n.is_text(name)))
        };
        self.uses_azure_names = has("microsoft_order_type")
            && !has(Parameter::TenantPreference.name())
            && !has(Parameter::McaAcceptance.name());
    }

    /// Whether the line is for a product of Microsoft's New Commerce Experience.
    pub fn is_new_commerce(&self) -> bool {
        self.is_new_commerce
    }

    /// Whether the line uses the Azure connector's parameter names.
    pub fn uses_azure_names(&self) -> bool {
        self.uses_azure_names
    }

    /// Whether the line sells a New Commerce product. Only such lines require parameters.
    pub fn is_sale(&self) -> bool {
        self.is_order_sale && self.is_new_commerce && !self.uses_azure_names
    }

    /// Whether the order is sent to the platform.
    pub fn is_in_request(&self) -> bool {
        self.is_in_request
    }

    /// The effective entry of a parameter: the first with its exact name, else the first whose name is
    /// interpreted as it.
    pub fn entry(&self, parameter: Parameter) -> Option<&Entry<'d>> {
        self.entries.get(self.slots[parameter as usize] as usize)
    }

    /// Whether `entry` is the effective entry of its parameter, or has no parameter.
    pub fn is_effective(&self, entry: &Entry<'d>) -> bool {
        match entry.name_match.parameter() {
            Some(parameter) => self
                .entry(parameter)
                .is_some_and(|first| first.node == entry.node),
            None => true,
        }
    }

    /// Whether an entry has a connector name whose nearest parameter is this one.
    pub fn has_nearest_connector_name(&self, parameter: Parameter) -> bool {
        let is_nearest = |entry: &Entry<'d>| matches!(entry.name_match, NameMatch::Connector(connector) if connector.nearest == Some(parameter));
        self.entries.iter().any(is_nearest)
    }

    /// Whether the line has an entry for the parameter, whatever its value.
    pub fn has(&self, parameter: Parameter) -> bool {
        self.slots[parameter as usize] != NO_ENTRY
    }

    /// Whether the line has an entry for each of these parameters, whatever their values.
    pub fn has_all(&self, parameters: ParameterSet) -> bool {
        self.present.contains_all(parameters)
    }

    /// The parameter list, if it is complete: undamaged, and every entry has a readable name. Otherwise no
    /// parameter can be reported as missing.
    pub fn complete_parameters(&self) -> Option<Member<'d>> {
        self.parameters.filter(|_| self.are_parameters_complete)
    }

    /// Whether each entry has the exact name of a parameter, without duplicates, and a value of the right
    /// type in the right property. Then only the content of the values can be wrong.
    pub fn all_entries_plain(&self) -> bool {
        self.all_entries_plain
    }

    /// The entries in which more than the content of the value can be wrong: all of them, or none if each has a
    /// known name of its own, exactly spelt, and a value of the right type in the right property.
    pub fn irregular_entries(&self) -> &[Entry<'d>] {
        match self.all_entries_plain {
            true => &[],
            false => &self.entries,
        }
    }

    /// The strings of the parameters that are in the right property.
    pub fn strings(&self) -> impl Iterator<Item = ParameterString<'_, 'd>> {
        let entries = self.entries.iter().enumerate();
        entries.filter_map(|(index, entry)| {
            let parameter = entry.name_match.parameter()?;
            let is_effective = usize::from(self.slots[parameter as usize]) == index;
            match &entry.value {
                EntryValue::String(string) if is_effective => Some(ParameterString {
                    line: self,
                    parameter,
                    string,
                }),
                _ => None,
            }
        })
    }

    /// The string of a parameter, if it is in the right property.
    #[inline]
    pub fn string(&self, parameter: Parameter) -> Option<&JsonString<'d>> {
        match &self.entry(parameter)?.value {
            EntryValue::String(string) => Some(string),
            _ => None,
        }
    }

    /// The answer of an attestation, if it is a boolean in the right property.
    pub fn attestation(&self, parameter: Parameter) -> Option<(bool, Node<'d>)> {
        match &self.entry(parameter)?.value {
            EntryValue::Other(node) => node.as_bool().map(|answer| (answer, *node)),
            _ => None,
        }
    }

    /// Whether the order creates a new tenant; `None` if that is not specified.
    pub fn is_for_new_tenant(&self) -> Option<bool> {
        self.is_for_new_tenant
    }

    fn read_tenant_preference(&self) -> Option<bool> {
        let preference = self.string(Parameter::TenantPreference)?;
        let preference = preference.trim();
        if preference.eq_ignore_ascii_case("new") {
            Some(true)
        } else if preference.eq_ignore_ascii_case("existing") {
            Some(false)
        } else {
            None
        }
    }

    /// The quantity, if it is a whole number that is not negative, and its place.
    pub fn quantity(&self) -> Option<(u64, Node<'d>)> {
        let node = self.quantity?;
        Some((node.as_number()?.as_u64()?, node))
    }

    /// Whether the line is for a perpetual licence, which has no commitment term.
    pub fn is_perpetual(&self) -> bool {
        let mpn = self.mpn.as_deref();
        mpn.is_some_and(|mpn| suggest::starts_with_ignore_case(mpn, PERPETUAL_PREFIX))
    }

    /// Whether the line has a subscription, possibly under a misspelt name.
    pub fn may_have_subscription(&self) -> bool {
        self.subscription_id.is_some() || may_have_property(self.node, "subscriptionId")
    }

    /// Whether the line has a term of its own, possibly under a misspelt name.
    pub fn may_have_term(&self) -> bool {
        self.has_own_term || may_have_property(self.node, "subscriptionPeriod")
    }
}

/// Whether a part number belongs to Microsoft's New Commerce Experience.
fn is_new_commerce_part_number(mpn: &str) -> bool {
    ["CFQ7TTC", PERPETUAL_PREFIX]
        .iter()
        .any(|prefix| suggest::starts_with_ignore_case(mpn, prefix))
}

/// The first characters of the part numbers of perpetual licences.
const PERPETUAL_PREFIX: &str = "DG7GMGF";

/// The string of a parameter, from the right property.
pub struct ParameterString<'l, 'd> {
    /// The line that has the parameter.
    pub line: &'l Line<'d>,
    /// The parameter.
    pub parameter: Parameter,
    /// The string.
    pub string: &'l JsonString<'d>,
}

impl<'l, 'd> Deref for ParameterString<'l, 'd> {
    type Target = JsonString<'d>;

    #[inline]
    fn deref(&self) -> &JsonString<'d> {
        self.string
    }
}

impl fmt::Display for ParameterString<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.string)
    }
}
