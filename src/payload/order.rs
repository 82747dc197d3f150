//! The order lens: an order, its lines, and the parameters of a line, each indexed once.

use std::fmt;
use std::ops::Deref;

use smallvec::SmallVec;

use super::parameter::{Entry, Given, Naming, Parameter};
use super::period::Period;
use super::{Form, Record, Text};
use crate::json::{Kind, Member, Node};
use crate::names::{KnownName, known};
use crate::spelling;

const ACTIVATION_PARAMETERS: KnownName = known("activationParameters");
const BILLING_PERIOD: KnownName = known("billingPeriod");
const MPN: KnownName = known("mpn");
const PARAMETERS: KnownName = known("parameters");
const PRODUCTS: KnownName = known("products");
const SUBSCRIPTION_ID: KnownName = known("subscriptionId");
const SUBSCRIPTION_PERIOD: KnownName = known("subscriptionPeriod");
const TYPE: KnownName = known("type");

/// What an order does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderType {
    /// Makes a subscription.
    Sales,
    /// Alters one.
    Change,
    /// Extends one.
    Renewal,
    /// Ends one.
    Cancellation,
    /// Takes one over from elsewhere.
    Migration,
}

impl OrderType {
    fn read(word: &str) -> Option<OrderType> {
        [
            ("sales", OrderType::Sales),
            ("change", OrderType::Change),
            ("renewal", OrderType::Renewal),
            ("cancellation", OrderType::Cancellation),
            ("migration", OrderType::Migration),
        ]
        .into_iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name))
        .map(|(_, kind)| kind)
    }
}

/// One order.
pub struct Order<'d> {
    /// The record that it is.
    pub record: Record<'d>,
    /// What it does; `None` if absent or nothing known.
    pub order_type: Option<OrderType>,
    /// How long the customer commits, unless a line says otherwise.
    pub term: Option<Period<'d>>,
    /// Its lines, those of other vendors too.
    pub lines: SmallVec<[Line<'d>; 1]>,
}

impl<'d> Order<'d> {
    /// Reads a record as an order.
    pub fn read(record: Record<'d>) -> Self {
        let (mut order_type, mut term, mut products) = (None, None, None);
        for (name, member) in record.node.named_members() {
            match name {
                TYPE => {
                    order_type = member
                        .value
                        .as_text()
                        .and_then(|word| OrderType::read(&word))
                }
                SUBSCRIPTION_PERIOD => term = Period::read(member),
                PRODUCTS => products = Some(member.value),
                _ => {}
            }
        }
        let is_sale = order_type == Some(OrderType::Sales) && record.form == Form::Request;
        let mut lines = SmallVec::new();
        if let Some(products) = products.filter(|products| products.kind() == Kind::Array) {
            lines.reserve_exact(products.child_count());
            for node in products.elements() {
                lines.push(Line::read(node, is_sale, term));
            }
        }
        Self {
            record,
            order_type,
            term,
            lines,
        }
    }

    /// The order's value.
    pub fn node(&self) -> Node<'d> {
        self.record.node
    }

    /// Whether it travels to the platform.
    pub fn is_request(&self) -> bool {
        self.record.form == Form::Request
    }

    /// The member of exactly this name.
    pub fn member(&self, name: &str) -> Option<Member<'d>> {
        self.node().member(name)
    }

    /// Whether a member of this name stands here, be it misspelt, or cannot be called missing.
    pub fn may_have(&self, name: &str) -> bool {
        may_have(self.node(), name)
    }
}

fn may_have(node: Node<'_>, name: &str) -> bool {
    let is_near = |member: Member<'_>| {
        member.known().is_none() && spelling::is_near(&member.name_text(), name)
    };
    node.has_errors() || node.get(name).is_some() || node.members().any(is_near)
}

const NO_ENTRY: u16 = u16::MAX;

/// One line of an order.
pub struct Line<'d> {
    /// The line's value.
    pub node: Node<'d>,
    /// Its part number, where it is a string.
    pub mpn: Option<Text<'d>>,
    /// The member that holds its parameters.
    pub parameters: Option<Member<'d>>,
    /// The entries of its parameters.
    pub entries: Vec<Entry<'d>>,
    /// Its own subscription.
    pub subscription_id: Option<Member<'d>>,
    /// How often the customer is billed.
    pub billing: Option<Period<'d>>,
    /// How long the customer commits: the line's own term, else the order's.
    pub term: Option<Period<'d>>,
    /// Whether that term is the line's own.
    pub has_own_term: bool,
    is_order_sale: bool,
    has_whole_parameters: bool,
    /// Whether its parameters are given in the connector's words, in part or as a whole.
    pub has_connector_words: bool,
    has_only_plain_entries: bool,
    /// For each parameter the entry that counts for it.
    slots: [u16; Parameter::ALL.len()],
    is_azure: bool,
    is_new_commerce: bool,
    is_for_new_tenant: Option<bool>,
}

impl<'d> Line<'d> {
    fn read(node: Node<'d>, is_order_sale: bool, order_term: Option<Period<'d>>) -> Self {
        let mut line = Line {
            node,
            mpn: None,
            parameters: None,
            entries: Vec::new(),
            subscription_id: None,
            billing: None,
            term: order_term,
            has_own_term: false,
            is_order_sale,
            has_whole_parameters: false,
            has_connector_words: false,
            has_only_plain_entries: true,
            slots: [NO_ENTRY; Parameter::ALL.len()],
            is_azure: false,
            is_new_commerce: false,
            is_for_new_tenant: None,
        };
        for (name, member) in node.named_members() {
            match name {
                MPN => line.mpn = Text::read(member.value),
                PARAMETERS => line.parameters = Some(member),
                ACTIVATION_PARAMETERS => {
                    line.has_connector_words = true;
                    line.parameters = line.parameters.or(Some(member));
                }
                SUBSCRIPTION_ID => line.subscription_id = Some(member),
                BILLING_PERIOD => line.billing = Period::read(member),
                SUBSCRIPTION_PERIOD => {
                    line.has_own_term = true;
                    line.term = Period::read(member);
                }
                _ => {}
            }
        }
        line.index_parameters();
        line
    }

    fn index_parameters(&mut self) {
        if let Some(list) = self
            .parameters
            .filter(|list| list.value.kind() == Kind::Array)
        {
            let mut is_whole = !list.value.has_errors() && !self.node.has_errors();
            self.entries
                .reserve(list.value.child_count().min(NO_ENTRY as usize));
            for element in list.value.elements().take(NO_ENTRY as usize) {
                is_whole &= !element.has_errors();
                if let Some((parameter, entry)) = Entry::read_plain(element) {
                    self.has_only_plain_entries &= self.index_exact(parameter);
                    self.entries.push(entry);
                } else {
                    // An entry without a name could be any.
                    is_whole &= self.add_entry(element);
                }
            }
            self.has_whole_parameters = is_whole;
        }
        if !self.has_only_plain_entries {
            self.index_inexact();
        }
        // The Azure connector's names say nothing of New Commerce.
        let is_marked = |parameter: Parameter| {
            let entry = self.entry(parameter);
            parameter.marks_new_commerce()
                && entry.is_some_and(|entry| !matches!(entry.naming, Naming::Connector(_)))
        };
        self.is_new_commerce = self
            .mpn
            .as_ref()
            .is_some_and(|mpn| is_new_commerce_part(mpn))
            || Parameter::ALL.into_iter().any(is_marked);
        self.is_for_new_tenant = self.read_tenant_preference();
    }

    /// Adds the entry at `element`, if it is one. Tells whether it has a name.
    #[inline(never)]
    fn add_entry(&mut self, element: Node<'d>) -> bool {
        if element.kind() != Kind::Object {
            return false;
        }
        let entry = Entry::read(element);
        let has_name = !matches!(entry.naming, Naming::Absent);
        self.has_connector_words |= entry.is_keyed();
        self.has_only_plain_entries &= match entry.naming {
            Naming::Exact(parameter) if entry.is_plain() => self.index_exact(parameter),
            _ => false,
        };
        self.entries.push(entry);
        has_name
    }

    /// Notes that the entry that is about to be added is of this parameter, to the letter. Tells whether
    /// it is the first.
    #[inline(always)]
    fn index_exact(&mut self, parameter: Parameter) -> bool {
        let slot = &mut self.slots[parameter as usize];
        let is_first = *slot == NO_ENTRY;
        if is_first {
            *slot = self.entries.len() as u16;
        }
        is_first
    }

    /// Notes which entries count for parameters whose name stands nowhere to the letter.
    fn index_inexact(&mut self) {
        for is_exact in [true, false] {
            for (place, entry) in self.entries.iter().enumerate() {
                let Some(parameter) = entry.naming.parameter() else {
                    continue;
                };
                let slot = &mut self.slots[parameter as usize];
                if *slot == NO_ENTRY && is_exact == matches!(entry.naming, Naming::Exact(_)) {
                    *slot = place as u16;
                }
            }
        }
        let has = |name: &str| {
            self.entries
                .iter()
                .any(|entry| entry.name().is_some_and(|n| n.is_text(name)))
        };
        self.is_azure = has("microsoft_order_type")
            && !has(Parameter::TenantPreference.name())
            && !has(Parameter::McaAcceptance.name());
    }

    /// Whether the line is one of Microsoft's New Commerce Experience.
    pub fn is_new_commerce(&self) -> bool {
        self.is_new_commerce
    }

    /// Whether the line speaks the Azure connector's names.
    pub fn is_azure(&self) -> bool {
        self.is_azure
    }

    /// Whether the line sells a New Commerce product: the lines that owe parameters.
    pub fn is_sale(&self) -> bool {
        self.is_order_sale && self.is_new_commerce && !self.is_azure
    }

    /// The entry that counts for a parameter: the first of its name, else one that was meant so.
    pub fn entry(&self, parameter: Parameter) -> Option<&Entry<'d>> {
        self.entries.get(self.slots[parameter as usize] as usize)
    }

    /// Whether an entry is the one that counts for its parameter, if it is of any.
    pub fn counts(&self, entry: &Entry<'d>) -> bool {
        match entry.naming.parameter() {
            Some(parameter) => self
                .entry(parameter)
                .is_some_and(|first| first.node == entry.node),
            None => true,
        }
    }

    /// Whether a name stands here that comes nearest to the parameter, from the Azure connector.
    pub fn has_nearest(&self, parameter: Parameter) -> bool {
        let is_nearest = |entry: &Entry<'d>| matches!(entry.naming, Naming::Connector(connector) if connector.nearest == Some(parameter));
        self.entries.iter().any(is_nearest)
    }

    /// Whether the parameter stands here, whatever its value.
    pub fn has(&self, parameter: Parameter) -> bool {
        self.slots[parameter as usize] != NO_ENTRY
    }

    /// The list of parameters, if it can be trusted to hold all that was meant: else nothing in it
    /// may be called missing.
    pub fn whole_parameters(&self) -> Option<Member<'d>> {
        self.parameters.filter(|_| self.has_whole_parameters)
    }

    /// Whether each entry has a known name, of its own, to the letter and a value of the right shape
    /// and type: then nothing is wrong with the list but perhaps what the values say.
    pub fn has_only_plain_entries(&self) -> bool {
        self.has_only_plain_entries
    }

    /// The texts of the parameters that stand where they belong.
    pub fn texts(&self) -> impl Iterator<Item = ParameterText<'_, 'd>> {
        let entries = self.entries.iter().enumerate();
        entries.filter_map(|(place, entry)| {
            let parameter = entry.naming.parameter()?;
            let counts = usize::from(self.slots[parameter as usize]) == place;
            match &entry.given {
                Given::Text(text) if counts => Some(ParameterText {
                    line: self,
                    parameter,
                    text,
                }),
                _ => None,
            }
        })
    }

    /// The value of a parameter that is a text and stands where it belongs.
    #[inline]
    pub fn text(&self, parameter: Parameter) -> Option<&Text<'d>> {
        match &self.entry(parameter)?.given {
            Given::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The answer of an attestation that is `true` or `false` and stands where it belongs.
    pub fn attestation(&self, parameter: Parameter) -> Option<(bool, Node<'d>)> {
        match &self.entry(parameter)?.given {
            Given::Value(node) => node.as_bool().map(|answer| (answer, *node)),
            _ => None,
        }
    }

    /// Whether the order makes a new tenant; `None` if it does not say.
    pub fn is_for_new_tenant(&self) -> Option<bool> {
        self.is_for_new_tenant
    }

    fn read_tenant_preference(&self) -> Option<bool> {
        let preference = self.text(Parameter::TenantPreference)?;
        let word = preference.trim();
        if word.eq_ignore_ascii_case("new") {
            Some(true)
        } else if word.eq_ignore_ascii_case("existing") {
            Some(false)
        } else {
            None
        }
    }

    /// Whether the line says its subscription, be the name misspelt.
    pub fn may_have_subscription(&self) -> bool {
        self.subscription_id.is_some() || may_have(self.node, "subscriptionId")
    }

    /// Whether the line has a term of its own, be its name misspelt.
    pub fn may_have_term(&self) -> bool {
        self.has_own_term || may_have(self.node, "subscriptionPeriod")
    }
}

/// Whether a part number belongs to Microsoft's New Commerce Experience.
fn is_new_commerce_part(mpn: &str) -> bool {
    ["CFQ7TTC", "DG7GMGF"].iter().any(|prefix| {
        mpn.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    })
}

/// The text of a parameter that stands where it belongs.
pub struct ParameterText<'l, 'd> {
    /// The line it stands on.
    pub line: &'l Line<'d>,
    /// Which parameter it is.
    pub parameter: Parameter,
    /// What it says.
    pub text: &'l Text<'d>,
}

impl<'l, 'd> Deref for ParameterText<'l, 'd> {
    type Target = Text<'d>;

    #[inline]
    fn deref(&self) -> &Text<'d> {
        self.text
    }
}

impl fmt::Display for ParameterText<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}
