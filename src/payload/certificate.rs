//! The certificate lens: its state, the things it refers to, its parameters and its history.

use super::{Form, Record, Text, detect};
use crate::json::{Kind, Member, Node};
use crate::names::Name;
use crate::spelling;

const APPLICABLE_TO: Name = Name::known("applicableTo");
const AT: Name = Name::known("at");
const AUDIT: Name = Name::known("audit");
const BUYER: Name = Name::known("buyer");
const CERTIFICANT: Name = Name::known("certificant");
const CLIENT: Name = Name::known("client");
const CONSTRAINTS: Name = Name::known("constraints");
const ERROR: Name = Name::known("error");
const EXPIRATION_DATE: Name = Name::known("expirationDate");
const EXTERNAL_ID: Name = Name::known("externalId");
const FULFILLMENT: Name = Name::known("fulfillment");
const HREF: Name = Name::known("href");
const ID: Name = Name::known("id");
const LICENSEE: Name = Name::known("licensee");
const ORDERING: Name = Name::known("ordering");
const PARAMETERS: Name = Name::known("parameters");
const PARAMETERS_FULFILLMENT: Name = Name::known("parameters.fulfillment");
const PARAMETERS_ORDERING: Name = Name::known("parameters.ordering");
const PROGRAM: Name = Name::known("program");
const REQUIRED: Name = Name::known("required");
const STATUS: Name = Name::known("status");
const TEMPLATE: Name = Name::known("template");
const TYPE: Name = Name::known("type");
const VALUE: Name = Name::known("value");
const VENDOR: Name = Name::known("vendor");

/// How many members make a certificate whole, rather than a choice of members.
const WHOLE: usize = 5;

/// Where a certificate stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Assigned while the platform creates it.
    New,
    /// Waits for the vendor.
    Pending,
    /// In force.
    Active,
    /// Being enrolled again.
    Updating,
    /// Its date has come.
    Expired,
    /// Ended for good.
    Terminated,
    /// Taken back by the platform.
    Deleted,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 7] = [
        Status::New,
        Status::Pending,
        Status::Active,
        Status::Updating,
        Status::Expired,
        Status::Terminated,
        Status::Deleted,
    ];

    /// The status's word.
    pub fn name(self) -> &'static str {
        match self {
            Status::New => "New",
            Status::Pending => "Pending",
            Status::Active => "Active",
            Status::Updating => "Updating",
            Status::Expired => "Expired",
            Status::Terminated => "Terminated",
            Status::Deleted => "Deleted",
        }
    }

    fn read(word: &str) -> Option<Status> {
        let is_meant = |status: &Status| word.trim().eq_ignore_ascii_case(status.name());
        Status::ALL.into_iter().find(is_meant)
    }
}

/// Whom a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One buyer.
    Buyer,
    /// One licensee.
    Licensee,
}

impl Scope {
    /// The scope's word.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Buyer => "Buyer",
            Scope::Licensee => "Licensee",
        }
    }

    fn read(word: &str) -> Option<Scope> {
        let is_meant = |scope: &Scope| word.trim().eq_ignore_ascii_case(scope.name());
        [Scope::Buyer, Scope::Licensee].into_iter().find(is_meant)
    }
}

/// What a reference leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The certificate itself.
    Certificate,
    /// The program it belongs to.
    Program,
    /// Its holder, or the vendor.
    Account,
    /// A buyer.
    Buyer,
    /// A licensee.
    Licensee,
    /// A template.
    Template,
}

/// An object with an `id`, an `href` or both.
#[derive(Clone, Debug)]
pub struct Reference<'d> {
    /// What it leads to.
    pub resource: Resource,
    /// The object.
    pub node: Node<'d>,
    /// Its id.
    pub id: Option<Text<'d>>,
    /// Its address.
    pub href: Option<Text<'d>>,
}

impl<'d> Reference<'d> {
    fn read(resource: Resource, node: Node<'d>) -> Self {
        let [id, href] = node.values_of([ID, HREF]);
        Self {
            resource,
            node,
            id: id.and_then(Text::read),
            href: href.and_then(Text::read),
        }
    }
}

/// One parameter's value.
#[derive(Clone, Debug)]
pub struct CertificateParameter<'d> {
    /// The object.
    pub node: Node<'d>,
    /// The platform's id.
    pub id: Option<Text<'d>>,
    /// The vendor's id.
    pub external_id: Option<Text<'d>>,
    /// What kind of input it is.
    pub kind: Option<Text<'d>>,
    /// What was filled in, of whatever type; `None` if the member is absent.
    pub value: Option<Node<'d>>,
    /// Whether there has to be a value.
    pub is_required: bool,
    /// What the vendor holds against the value, unless that is null.
    pub error: Option<Member<'d>>,
}

impl<'d> CertificateParameter<'d> {
    fn read(node: Node<'d>) -> Self {
        let [id, external_id, kind, value, constraints] =
            node.values_of([ID, EXTERNAL_ID, TYPE, VALUE, CONSTRAINTS]);
        let required = constraints.and_then(|constraints| constraints.value_of(REQUIRED));
        let error = node
            .members()
            .find(|member| member.known() == Some(ERROR) && member.value.kind() != Kind::Null);
        Self {
            node,
            id: id.and_then(Text::read),
            external_id: external_id.and_then(Text::read),
            kind: kind.and_then(Text::read),
            value,
            is_required: required.and_then(|required| required.as_bool()) == Some(true),
            error,
        }
    }
}

/// Something that happened to a certificate.
#[derive(Clone, Debug)]
pub struct Event<'d> {
    /// The member that tells it, named for what happened.
    pub member: Member<'d>,
    /// When it happened.
    pub at: Option<Text<'d>>,
}

/// One certificate, a part of one, or a request to create one.
pub struct Certificate<'d> {
    /// The record that it is.
    pub record: Record<'d>,
    /// The text of its status.
    pub status_text: Option<Text<'d>>,
    /// The status that the text means.
    pub status: Option<Status>,
    /// Whether a status is given that cannot be read: then nothing that depends on it is said.
    pub is_status_unclear: bool,
    /// The text of its scope.
    pub scope_text: Option<Text<'d>>,
    /// The scope that the text means.
    pub scope: Option<Scope>,
    /// The text of its expiration date.
    pub expiration: Option<Text<'d>>,
    /// Its holder, under the right name.
    pub client: Option<Member<'d>>,
    /// Its holder, under the other name.
    pub certificant: Option<Member<'d>>,
    /// The buyer it is for.
    pub buyer: Option<Member<'d>>,
    /// The licensee it is for.
    pub licensee: Option<Member<'d>>,
    /// The program's status.
    pub program_status: Option<Text<'d>>,
    /// The certificate itself and everything that it refers to by an object of its own.
    pub references: Vec<Reference<'d>>,
    /// The parameters of each phase, under whatever name.
    pub phases: Vec<Vec<CertificateParameter<'d>>>,
    /// The members with a dotted name in the place of a nested object.
    pub dotted: Vec<Member<'d>>,
    /// What happened to it.
    pub events: Vec<Event<'d>>,
}

impl<'d> Certificate<'d> {
    /// Reads a record as a certificate.
    pub fn read(record: Record<'d>) -> Self {
        let mut certificate = Self {
            record,
            status_text: None,
            status: None,
            is_status_unclear: false,
            scope_text: None,
            scope: None,
            expiration: None,
            client: None,
            certificant: None,
            buyer: None,
            licensee: None,
            program_status: None,
            references: vec![Reference::read(Resource::Certificate, record.node)],
            phases: Vec::new(),
            dotted: Vec::new(),
            events: Vec::new(),
        };
        for member in record.node.members() {
            if let Some(name) = member.meant() {
                certificate.take(name, member);
            }
        }
        certificate
    }

    fn take(&mut self, name: Name, member: Member<'d>) {
        let is_object = member.value.kind() == Kind::Object;
        let given = is_object.then_some(member);
        // What is no object the schema speaks of.
        let present = Some(member).filter(|member| member.value.kind() != Kind::Null);
        match name {
            STATUS => {
                self.status_text = Text::read(member.value);
                self.status = self.status_text.as_deref().and_then(Status::read);
                self.is_status_unclear = self.status.is_none();
            }
            APPLICABLE_TO => {
                self.scope_text = Text::read(member.value);
                self.scope = self.scope_text.as_deref().and_then(Scope::read);
            }
            EXPIRATION_DATE => self.expiration = Text::read(member.value),
            PROGRAM => {
                let status = member.value.value_of(STATUS);
                self.program_status = status.and_then(Text::read);
                self.refer(Resource::Program, given);
            }
            CLIENT => {
                self.client = given;
                self.refer(Resource::Account, given);
            }
            CERTIFICANT => {
                self.certificant = given;
                self.refer(Resource::Account, given);
            }
            VENDOR => self.refer(Resource::Account, given),
            BUYER => {
                self.buyer = present;
                self.refer(Resource::Buyer, given);
            }
            LICENSEE => {
                self.licensee = present;
                self.refer(Resource::Licensee, given);
            }
            TEMPLATE => self.refer(Resource::Template, given),
            PARAMETERS => {
                let phases = member.value.values_of([ORDERING, FULFILLMENT]);
                phases
                    .into_iter()
                    .flatten()
                    .for_each(|list| self.take_phase(list));
            }
            PARAMETERS_ORDERING | PARAMETERS_FULFILLMENT => {
                self.dotted.push(member);
                self.take_phase(member.value);
            }
            AUDIT => self
                .events
                .extend(member.value.members().map(|member| Event {
                    member,
                    at: member.value.value_of(AT).and_then(Text::read),
                })),
            _ => {}
        }
    }

    fn refer(&mut self, resource: Resource, member: Option<Member<'d>>) {
        let reference = member.map(|member| Reference::read(resource, member.value));
        self.references.extend(reference);
    }

    fn take_phase(&mut self, list: Node<'d>) {
        let parameters = list
            .elements()
            .filter(|element| element.kind() == Kind::Object)
            .map(CertificateParameter::read);
        self.phases.push(parameters.collect());
    }

    /// Every parameter of both phases.
    pub fn parameters(&self) -> impl Iterator<Item = &CertificateParameter<'d>> {
        self.phases.iter().flatten()
    }

    /// Whether it asks the platform to create a certificate.
    pub fn is_request(&self) -> bool {
        self.record.form == Form::Request
    }

    /// Whether it is a whole certificate, rather than a choice of members or a request: then what is
    /// absent is missing.
    pub fn is_whole(&self) -> bool {
        let node = self.record.node;
        !self.is_request()
            && !self.record.is_projection
            && node.child_count() >= WHOLE
            && !node.is_damaged()
            && !detect::omits_members(node)
    }

    /// Whether a member was meant to have this name and is misspelt.
    pub fn has_misspelt(&self, name: &str) -> bool {
        let is_meant = |member: Member<'_>| {
            member.known().is_none() && spelling::is_near(&member.name_text(), name)
        };
        self.record.node.members().any(is_meant)
    }
}
