//! The certificate lens: its state, the things it refers to, its parameters and its history.

use super::OMITTED;
use super::enums::{Phase, Scope, Status};
use crate::json::{Kind, Member, Node};
use crate::names::Name;
use crate::payload::{Form, JsonString, Record, omits_properties};
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
const COMPLETE_PROPERTY_COUNT: usize = 5;

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
    pub id: Option<JsonString<'d>>,
    /// Its address.
    pub href: Option<JsonString<'d>>,
}

impl<'d> Reference<'d> {
    fn read(resource: Resource, member: Member<'d>) -> Self {
        let [id, href] = find_members(member.value, [ID, HREF]);
        Self {
            resource,
            member: Some(member),
            id: string_value(id),
            href: string_value(href),
        }
    }
}

/// One parameter's value.
#[derive(Clone, Debug)]
pub struct CertificateParameter<'d> {
    /// The object.
    pub node: Node<'d>,
    /// The platform's id.
    pub id: Option<JsonString<'d>>,
    /// The vendor's id.
    pub external_id: Option<JsonString<'d>>,
    /// What kind of input it is.
    pub kind: Option<JsonString<'d>>,
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
            find_members(node, [ID, EXTERNAL_ID, TYPE, VALUE, CONSTRAINTS, ERROR]);
        let required = constraints.and_then(|constraints| find_value(constraints.value, REQUIRED));
        Self {
            node,
            id: string_value(id),
            external_id: string_value(external_id),
            kind: string_value(kind),
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
    pub at: Option<JsonString<'d>>,
}

/// One certificate, a part of one, or a request to create one.
pub struct Certificate<'d> {
    /// The record that it is.
    pub record: Record<'d>,
    /// The text of its status.
    pub status_string: Option<JsonString<'d>>,
    /// The status that the text means.
    pub status: Option<Status>,
    /// Whether a status is object that cannot be read: then nothing that depends on it is said.
    pub has_unreadable_status: bool,
    /// The text of its scope.
    pub scope_string: Option<JsonString<'d>>,
    /// The scope that the text means.
    pub scope: Option<Scope>,
    /// The text of its expiration date.
    pub expiration: Option<JsonString<'d>>,
    /// Its holder, under the right name.
    pub client: Option<Member<'d>>,
    /// Its holder, under the other name.
    pub certificant: Option<Member<'d>>,
    /// The buyer it is for.
    pub buyer: Option<Member<'d>>,
    /// The licensee it is for.
    pub licensee: Option<Member<'d>>,
    /// The program's status.
    pub program_status: Option<JsonString<'d>>,
    /// The certificate itself and everything that it refers to by an object of its own_reference.
    pub references: Vec<Reference<'d>>,
    /// What the client or partner filled in, under whatever name.
    pub ordering: Vec<CertificateParameter<'d>>,
    /// What the vendor filled in, under whatever name.
    pub fulfillment: Vec<CertificateParameter<'d>>,
    /// The object that holds the lists of both phases.
    pub nested_parameters: Option<Member<'d>>,
    /// The lists that stand outside it, under a dotted name.
    pub dotted_lists: Vec<DottedList<'d>>,
    /// What happened to it.
    pub events: Vec<Event<'d>>,
}

impl<'d> Certificate<'d> {
    /// Reads a record as a certificate.
    pub fn read(record: Record<'d>) -> Self {
        let mut certificate = Self {
            record,
            status_string: None,
            status: None,
            has_unreadable_status: false,
            scope_string: None,
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
            nested_parameters: None,
            dotted_lists: Vec::new(),
            events: Vec::new(),
        };
        let mut own_reference = Reference {
            resource: Resource::Certificate,
            member: None,
            id: None,
            href: None,
        };
        for (name, member) in record.node.named_members() {
            match name {
                ID => own_reference.id = JsonString::read(member.value),
                HREF => own_reference.href = JsonString::read(member.value),
                _ => certificate.read_property(name, member),
            }
        }
        certificate.references.push(own_reference);
        certificate
    }

    fn read_property(&mut self, name: Name, member: Member<'d>) {
        let is_object = member.value.kind() == Kind::Object;
        let object = is_object.then_some(member);
        // What is no object the schema speaks of.
        let non_null = Some(member).filter(|member| member.value.kind() != Kind::Null);
        match name {
            STATUS => {
                self.status_string = JsonString::read(member.value);
                self.status = self.status_string.as_deref().and_then(Status::parse);
                self.has_unreadable_status = self.status.is_none();
            }
            APPLICABLE_TO => {
                self.scope_string = JsonString::read(member.value);
                self.scope = self.scope_string.as_deref().and_then(Scope::parse);
            }
            EXPIRATION_DATE => self.expiration = JsonString::read(member.value),
            PROGRAM => {
                self.program_status = find_value(member.value, STATUS).and_then(JsonString::read);
                self.add_reference(Resource::Program, object);
            }
            CLIENT => {
                self.client = object;
                self.add_reference(Resource::Account, object);
            }
            CERTIFICANT => {
                self.certificant = object;
                self.add_reference(Resource::Account, object);
            }
            VENDOR => self.add_reference(Resource::Account, object),
            BUYER => {
                self.buyer = non_null;
                self.add_reference(Resource::Buyer, object);
            }
            LICENSEE => {
                self.licensee = non_null;
                self.add_reference(Resource::Licensee, object);
            }
            TEMPLATE => self.add_reference(Resource::Template, object),
            PARAMETERS => {
                self.nested_parameters = Some(member);
                let [ordering, fulfillment] = find_members(member.value, [ORDERING, FULFILLMENT]);
                if let Some(list) = ordering {
                    self.add_parameters(Phase::Ordering, list.value);
                }
                if let Some(list) = fulfillment {
                    self.add_parameters(Phase::Fulfillment, list.value);
                }
            }
            PARAMETERS_ORDERING => self.add_dotted_list(Phase::Ordering, member),
            PARAMETERS_FULFILLMENT => self.add_dotted_list(Phase::Fulfillment, member),
            AUDIT => self
                .events
                .extend(member.value.members().map(|member| Event {
                    member,
                    at: find_value(member.value, AT).and_then(JsonString::read),
                })),
            _ => {}
        }
    }

    fn add_reference(&mut self, resource: Resource, member: Option<Member<'d>>) {
        let reference = member.map(|member| Reference::read(resource, member));
        self.references.extend(reference);
    }

    fn add_dotted_list(&mut self, phase: Phase, member: Member<'d>) {
        self.dotted_lists.push(DottedList { member, phase });
        self.add_parameters(phase, member.value);
    }

    fn add_parameters(&mut self, phase: Phase, list: Node<'d>) {
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
    pub fn id_at(&self, member: Member<'d>) -> Option<&JsonString<'d>> {
        let mut references = self.references.iter();
        references
            .find(|reference| reference.member == Some(member))
            .and_then(|reference| reference.id.as_ref())
    }

    /// What happened under this name.
    pub fn event(&self, name: Name) -> Option<&Event<'d>> {
        let is_exact = |event: &&Event<'d>| event.member.known() == Some(name);
        let matches_ignoring_case = |event: &&Event<'d>| event.member.meant() == Some(name);
        let similar = || self.events.iter().find(matches_ignoring_case);
        self.events.iter().find(is_exact).or_else(similar)
    }

    /// Whether it asks the platform to create a certificate.
    pub fn is_request(&self) -> bool {
        self.record.form == Form::Request
    }

    /// Whether it is a whole certificate, rather than a choice of members or a request: then what is
    /// absent is missing.
    pub fn is_complete(&self) -> bool {
        let node = self.record.node;
        !self.is_request()
            && !self.record.is_projection
            && node.child_count() >= COMPLETE_PROPERTY_COUNT
            && !node.is_damaged()
            && !omits_properties(node, OMITTED)
    }

    /// The member that was meant to have this name and is misspelt.
    pub fn misspelt_property(&self, name: &str) -> Option<Member<'d>> {
        let is_misspelt = |member: &Member<'d>| {
            member.known().is_none() && spelling::is_near(&member.name_text(), name)
        };
        self.record.node.members().find(is_misspelt)
    }

    /// Whether a member was meant to have this name and is misspelt.
    pub fn has_misspelt_property(&self, name: &str) -> bool {
        self.misspelt_property(name).is_some()
    }
}

/// The members of an object that have these names, each in other letters where it has not the right
/// ones: what is told for its spelling is read as what it means.
fn find_members<const N: usize>(node: Node<'_>, names: [Name; N]) -> [Option<Member<'_>>; N] {
    let mut found = [None; N];
    for member in node.members() {
        let known = member.meant();
        for (slot, name) in found.iter_mut().zip(names) {
            // The right spelling counts, wherever it stands.
            if known == Some(name) && (slot.is_none() || member.known().is_some()) {
                *slot = Some(member);
            }
        }
    }
    found
}

fn find_value(node: Node<'_>, name: Name) -> Option<Node<'_>> {
    let [member] = find_members(node, [name]);
    member.map(|member| member.value)
}

fn string_value(member: Option<Member<'_>>) -> Option<JsonString<'_>> {
    JsonString::read(member?.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::kinds::certificate::CERTIFICATE;
    use crate::payload::{Declared, Detector};

    /// What `look` tells of the first certificate in a text.
    fn with_certificate<T>(text: &str, read: impl Fn(&Certificate<'_>) -> T) -> T {
        let document = Document::parse(text);
        let detector = Detector::new(&[&CERTIFICATE], &[]);
        let records = detector.records(&document, Declared::default(), None);
        read(&Certificate::read(records[0]))
    }

    #[test]
    fn prefers_the_exact_spelling_in_any_position() {
        for text in [
            r#"{"id":"CER-1","status":"Active","Status":"Pending"}"#,
            r#"{"id":"CER-1","Status":"Pending","status":"Active"}"#,
            r#"{"id":"CER-1","Status":"Active"}"#,
        ] {
            assert_eq!(
                with_certificate(text, |c| c.status),
                Some(Status::Active),
                "{text}"
            );
        }
        let text = r#"{"id":"CER-1","buyer":{"ID":"BUY-2","id":"BUY-1","Id":"BUY-3"}}"#;
        let id = |c: &Certificate<'_>| {
            let buyer = c.buyer.and_then(|member| c.id_at(member));
            buyer.map(|id| id.as_str().to_owned())
        };
        assert_eq!(with_certificate(text, id).as_deref(), Some("BUY-1"));
    }

    #[test]
    fn adds_a_list_under_a_dotted_name_to_its_phase() {
        let text = r#"{"id":"CER-1","parameters":{"ordering":[{},{}],"fulfillment":null},
            "parameters.ordering":[{}],"parameters.fulfillment":[{},7]}"#;
        let sizes = with_certificate(text, |c| c.phases().map(<[_]>::len));
        assert_eq!(sizes, [3, 1]);
        assert_eq!(with_certificate(text, |c| c.dotted_lists.len()), 2);
    }

    #[test]
    fn treats_a_projection_and_a_request_as_incomplete() {
        let whole = r#""id":"CER-1","name":"x","program":{},"client":{},"status":"New""#;
        let none = r#""$meta":{"omitted":[]}"#;
        let some = r#""$meta":{"omitted":["audit"]}"#;
        let four = r#"{"id":"CER-1","name":"x","program":{},"status":"New"}"#;
        let request = r#"{"program":{},"client":{},"name":"x","buyer":{},"parameters":{}}"#;
        for (text, is_complete) in [
            (format!("{{{whole}}}"), true),
            (format!("{{{whole},{none}}}"), true),
            (format!("{{{whole},{some}}}"), false),
            (format!("{{{none},\"data\":[{{{whole}}}]}}"), true),
            (format!("{{{some},\"data\":[{{{whole}}}]}}"), false),
            (four.to_owned(), false),
            (request.to_owned(), false),
        ] {
            assert_eq!(
                with_certificate(&text, |c| c.is_complete()),
                is_complete,
                "{text}"
            );
        }
    }
}
