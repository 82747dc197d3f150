//! The certificate lens: its state, the things it refers to, its parameters and its history.

mod word;

pub use word::{Phase, Scope, Status};

use super::{Form, Record, Text, detect};
use crate::json::{Kind, Member, Node};
use crate::names::{KnownName, known};
use crate::spelling;

const APPLICABLE_TO: KnownName = known("applicableTo");
const AT: KnownName = known("at");
const AUDIT: KnownName = known("audit");
const BUYER: KnownName = known("buyer");
const CERTIFICANT: KnownName = known("certificant");
const CLIENT: KnownName = known("client");
const CONSTRAINTS: KnownName = known("constraints");
const ERROR: KnownName = known("error");
const EXPIRATION_DATE: KnownName = known("expirationDate");
const EXTERNAL_ID: KnownName = known("externalId");
const FULFILLMENT: KnownName = known("fulfillment");
const HREF: KnownName = known("href");
const ID: KnownName = known("id");
const LICENSEE: KnownName = known("licensee");
const ORDERING: KnownName = known("ordering");
const PARAMETERS: KnownName = known("parameters");
const PARAMETERS_FULFILLMENT: KnownName = known("parameters.fulfillment");
const PARAMETERS_ORDERING: KnownName = known("parameters.ordering");
const PROGRAM: KnownName = known("program");
const REQUIRED: KnownName = known("required");
const STATUS: KnownName = known("status");
const TEMPLATE: KnownName = known("template");
const TYPE: KnownName = known("type");
const VALUE: KnownName = known("value");
const VENDOR: KnownName = known("vendor");

/// How many members make a certificate whole, rather than a choice of members.
const WHOLE: usize = 5;

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
    /// The member that holds the object; the certificate itself has none.
    pub member: Option<Member<'d>>,
    /// Its id.
    pub id: Option<Text<'d>>,
    /// Its address.
    pub href: Option<Text<'d>>,
}

impl<'d> Reference<'d> {
    fn read(resource: Resource, member: Member<'d>) -> Self {
        let [id, href] = members_meant(member.value, [ID, HREF]);
        Self {
            resource,
            member: Some(member),
            id: text_of(id),
            href: text_of(href),
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
        let [id, external_id, kind, value, constraints, error] =
            members_meant(node, [ID, EXTERNAL_ID, TYPE, VALUE, CONSTRAINTS, ERROR]);
        let required = constraints.and_then(|constraints| value_meant(constraints.value, REQUIRED));
        Self {
            node,
            id: text_of(id),
            external_id: text_of(external_id),
            kind: text_of(kind),
            value: value.map(|member| member.value),
            is_required: required.and_then(|required| required.as_bool()) == Some(true),
            error: error.filter(|error| error.value.kind() != Kind::Null),
        }
    }
}

/// A dotted name in the place of a nested object.
#[derive(Clone, Copy, Debug)]
pub struct DottedList<'d> {
    /// The member with that name.
    pub member: Member<'d>,
    /// The phase whose list it holds.
    pub phase: Phase,
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
    /// What the client or partner filled in, under whatever name.
    pub ordering: Vec<CertificateParameter<'d>>,
    /// What the vendor filled in, under whatever name.
    pub fulfillment: Vec<CertificateParameter<'d>>,
    /// The object that holds the lists of both phases.
    pub nested: Option<Member<'d>>,
    /// The lists that stand outside it, under a dotted name.
    pub dotted: Vec<DottedList<'d>>,
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
            references: Vec::new(),
            ordering: Vec::new(),
            fulfillment: Vec::new(),
            nested: None,
            dotted: Vec::new(),
            events: Vec::new(),
        };
        let mut own = Reference {
            resource: Resource::Certificate,
            member: None,
            id: None,
            href: None,
        };
        for (name, member) in record.node.named_members() {
            match name {
                ID => own.id = Text::read(member.value),
                HREF => own.href = Text::read(member.value),
                _ => certificate.take(name, member),
            }
        }
        certificate.references.push(own);
        certificate
    }

    fn take(&mut self, name: KnownName, member: Member<'d>) {
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
                self.program_status = value_meant(member.value, STATUS).and_then(Text::read);
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
                self.nested = Some(member);
                let [ordering, fulfillment] = members_meant(member.value, [ORDERING, FULFILLMENT]);
                if let Some(list) = ordering {
                    self.take_phase(Phase::Ordering, list.value);
                }
                if let Some(list) = fulfillment {
                    self.take_phase(Phase::Fulfillment, list.value);
                }
            }
            PARAMETERS_ORDERING => self.take_dotted(Phase::Ordering, member),
            PARAMETERS_FULFILLMENT => self.take_dotted(Phase::Fulfillment, member),
            AUDIT => self
                .events
                .extend(member.value.members().map(|member| Event {
                    member,
                    at: value_meant(member.value, AT).and_then(Text::read),
                })),
            _ => {}
        }
    }

    fn refer(&mut self, resource: Resource, member: Option<Member<'d>>) {
        let reference = member.map(|member| Reference::read(resource, member));
        self.references.extend(reference);
    }

    fn take_dotted(&mut self, phase: Phase, member: Member<'d>) {
        self.dotted.push(DottedList { member, phase });
        self.take_phase(phase, member.value);
    }

    fn take_phase(&mut self, phase: Phase, list: Node<'d>) {
        let parameters = list
            .elements()
            .filter(|element| element.kind() == Kind::Object)
            .map(CertificateParameter::read);
        match phase {
            Phase::Ordering => self.ordering.extend(parameters),
            Phase::Fulfillment => self.fulfillment.extend(parameters),
        }
    }

    /// The parameters of each phase, in document order: a list under a dotted name is the phase's too.
    pub fn phases(&self) -> [&[CertificateParameter<'d>]; 2] {
        [&self.ordering, &self.fulfillment]
    }

    /// Every parameter of both phases.
    pub fn parameters(&self) -> impl Iterator<Item = &CertificateParameter<'d>> {
        self.ordering.iter().chain(&self.fulfillment)
    }

    /// The id of what a member refers to.
    pub fn id_at(&self, member: Member<'d>) -> Option<&Text<'d>> {
        let mut references = self.references.iter();
        references
            .find(|reference| reference.member == Some(member))
            .and_then(|reference| reference.id.as_ref())
    }

    /// What happened under this name.
    pub fn event(&self, name: KnownName) -> Option<&Event<'d>> {
        let is_exact = |event: &&Event<'d>| event.member.known() == Some(name);
        let is_meant = |event: &&Event<'d>| event.member.known_ignore_case() == Some(name);
        let meant = || self.events.iter().find(is_meant);
        self.events.iter().find(is_exact).or_else(meant)
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
            && !node.has_errors()
            && !detect::omits_members(node)
    }

    /// The member that was meant to have this name and is misspelt.
    pub fn misspelt(&self, name: &str) -> Option<Member<'d>> {
        let is_meant = |member: &Member<'d>| {
            member.known().is_none() && spelling::is_near(&member.name_text(), name)
        };
        self.record.node.members().find(is_meant)
    }

    /// Whether a member was meant to have this name and is misspelt.
    pub fn has_misspelt(&self, name: &str) -> bool {
        self.misspelt(name).is_some()
    }
}

/// The members of an object that have these names, each in other letters where it has not the right
/// ones: what is told for its spelling is read as what it means.
fn members_meant<const N: usize>(node: Node<'_>, names: [KnownName; N]) -> [Option<Member<'_>>; N] {
    let mut found = [None; N];
    for member in node.members() {
        let meant = member.known_ignore_case();
        for (slot, name) in found.iter_mut().zip(names) {
            // The right spelling counts, wherever it stands.
            if meant == Some(name) && (slot.is_none() || member.known().is_some()) {
                *slot = Some(member);
            }
        }
    }
    found
}

fn value_meant(node: Node<'_>, name: KnownName) -> Option<Node<'_>> {
    let [member] = members_meant(node, [name]);
    member.map(|member| member.value)
}

fn text_of(member: Option<Member<'_>>) -> Option<Text<'_>> {
    Text::read(member?.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::payload::{Stated, records};

    /// What `look` tells of the first certificate in a text.
    fn told<T>(text: &str, look: impl Fn(&Certificate<'_>) -> T) -> T {
        let document = Document::parse(text);
        let records = records(&document, Stated::default(), None);
        look(&Certificate::read(records[0]))
    }

    #[test]
    fn the_right_spelling_counts_wherever_it_stands() {
        for text in [
            r#"{"id":"CER-1","status":"Active","Status":"Pending"}"#,
            r#"{"id":"CER-1","Status":"Pending","status":"Active"}"#,
            r#"{"id":"CER-1","Status":"Active"}"#,
        ] {
            assert_eq!(told(text, |c| c.status), Some(Status::Active), "{text}");
        }
        let text = r#"{"id":"CER-1","buyer":{"ID":"BUY-2","id":"BUY-1","Id":"BUY-3"}}"#;
        let id = |c: &Certificate<'_>| {
            let buyer = c.buyer.and_then(|member| c.id_at(member));
            buyer.map(|id| id.as_str().to_owned())
        };
        assert_eq!(told(text, id).as_deref(), Some("BUY-1"));
    }

    #[test]
    fn a_list_under_a_dotted_name_is_its_phases_too() {
        let text = r#"{"id":"CER-1","parameters":{"ordering":[{},{}],"fulfillment":null},
            "parameters.ordering":[{}],"parameters.fulfillment":[{},7]}"#;
        let sizes = told(text, |c| c.phases().map(<[_]>::len));
        assert_eq!(sizes, [3, 1]);
        assert_eq!(told(text, |c| c.dotted.len()), 2);
    }

    #[test]
    fn a_choice_of_members_and_a_request_are_not_whole() {
        let whole = r#""id":"CER-1","name":"x","program":{},"client":{},"status":"New""#;
        let none = r#""$meta":{"omitted":[]}"#;
        let some = r#""$meta":{"omitted":["audit"]}"#;
        let four = r#"{"id":"CER-1","name":"x","program":{},"status":"New"}"#;
        let request = r#"{"program":{},"client":{},"name":"x","buyer":{},"parameters":{}}"#;
        for (text, is_whole) in [
            (format!("{{{whole}}}"), true),
            (format!("{{{whole},{none}}}"), true),
            (format!("{{{whole},{some}}}"), false),
            (format!("{{{none},\"data\":[{{{whole}}}]}}"), true),
            (format!("{{{some},\"data\":[{{{whole}}}]}}"), false),
            (four.to_owned(), false),
            (request.to_owned(), false),
        ] {
            assert_eq!(told(&text, |c| c.is_whole()), is_whole, "{text}");
        }
    }
}
