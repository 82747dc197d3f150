//! The typed view of a certificate: its state, references, parameters and history.

use super::OMITTED;
use super::enums::{Phase, Scope, Status};
use crate::json::{Kind, Member, Node};
use crate::names::{KnownName, known};
use crate::payload::{Form, JsonString, Record, omits_properties};
use crate::suggest;

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

/// The type of resource that a reference points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The certificate itself.
    Certificate,
    /// The program of the certificate.
    Program,
    /// The holder of the certificate, or the vendor.
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
    /// The type of resource.
    pub resource: Resource,
    /// The property that holds the object; `None` for the certificate itself.
    pub member: Option<Member<'d>>,
    /// The id.
    pub id: Option<JsonString<'d>>,
    /// The URL.
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

/// A parameter of a certificate.
#[derive(Clone, Debug)]
pub struct CertificateParameter<'d> {
    /// The object.
    pub node: Node<'d>,
    /// The platform's id.
    pub id: Option<JsonString<'d>>,
    /// The vendor's id.
    pub external_id: Option<JsonString<'d>>,
    /// The type of input, such as `Email`.
    pub kind: Option<JsonString<'d>>,
    /// The value, of any type; `None` if the property is absent.
    pub value: Option<Node<'d>>,
    /// Whether a value is required.
    pub is_required: bool,
    /// The error that the vendor reported for the value, unless it is `null`.
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

/// A property with a dotted name that should be a nested object.
#[derive(Clone, Copy, Debug)]
pub struct DottedList<'d> {
    /// The property.
    pub member: Member<'d>,
    /// The phase whose list it holds.
    pub phase: Phase,
}

/// An entry of the audit history.
#[derive(Clone, Debug)]
pub struct Event<'d> {
    /// The property, named after the event.
    pub member: Member<'d>,
    /// The time of the event.
    pub at: Option<JsonString<'d>>,
}

/// The typed view of a certificate, a projection of one, or a request to create one.
pub struct Certificate<'d> {
    /// The record.
    pub record: Record<'d>,
    /// The string of `status`.
    pub status_string: Option<JsonString<'d>>,
    /// The status, if the string is a known one.
    pub status: Option<Status>,
    /// Whether `status` is present but cannot be read, or may be lost in damaged text; rules that depend on the status
    /// then report nothing.
    pub has_unreadable_status: bool,
    /// The string of `applicableTo`.
    pub scope_string: Option<JsonString<'d>>,
    /// The scope, if the string is a known one.
    pub scope: Option<Scope>,
    /// The string of `expirationDate`.
    pub expiration: Option<JsonString<'d>>,
    /// The holder, from `client`.
    pub client: Option<Member<'d>>,
    /// The holder, from the alias `certificant`.
    pub certificant: Option<Member<'d>>,
    /// The value of `buyer`, if it is present and not `null`.
    pub buyer: Option<Member<'d>>,
    /// The value of `licensee`, if it is present and not `null`.
    pub licensee: Option<Member<'d>>,
    /// The status of the program.
    pub program_status: Option<JsonString<'d>>,
    /// What the program applies to, and the string that says so.
    pub program_scope: Option<(Scope, JsonString<'d>)>,
    /// The certificate itself and every resource that it refers to with an object.
    pub references: Vec<Reference<'d>>,
    /// The parameters of the ordering phase, from the nested and the dotted list.
    pub ordering: Vec<CertificateParameter<'d>>,
    /// The parameters of the fulfillment phase, from the nested and the dotted list.
    pub fulfillment: Vec<CertificateParameter<'d>>,
    /// The property `parameters`, which holds the lists of both phases.
    pub nested_parameters: Option<Member<'d>>,
    /// The lists under dotted names, outside of `parameters`.
    pub dotted_lists: Vec<DottedList<'d>>,
    /// The events of the audit history.
    pub events: Vec<Event<'d>>,
}

impl<'d> Certificate<'d> {
    /// Reads a record as a certificate.
    pub fn read(record: Record<'d>) -> Self {
        let mut certificate = Self {
            record,
            status_string: None,
            status: None,
            has_unreadable_status: record.node.has_errors(),
            scope_string: None,
            scope: None,
            expiration: None,
            client: None,
            certificant: None,
            buyer: None,
            licensee: None,
            program_status: None,
            program_scope: None,
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

    fn read_property(&mut self, name: KnownName, member: Member<'d>) {
        let is_object = member.value.kind() == Kind::Object;
        let object = is_object.then_some(member);
        // The schema reports other types than an object.
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
                self.read_program(member.value);
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

    fn read_program(&mut self, program: Node<'d>) {
        let [status, scope] = find_members(program, [STATUS, APPLICABLE_TO]);
        self.program_status = string_value(status);
        let scope = string_value(scope);
        self.program_scope = scope.and_then(|scope| Some((Scope::parse(&scope)?, scope)));
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

    /// The parameters of each phase, in document order, including those of dotted lists.
    pub fn phases(&self) -> [&[CertificateParameter<'d>]; 2] {
        [&self.ordering, &self.fulfillment]
    }

    /// The parameters of both phases.
    pub fn parameters(&self) -> impl Iterator<Item = &CertificateParameter<'d>> {
        self.ordering.iter().chain(&self.fulfillment)
    }

    /// The id in the object of a property.
    pub fn id_at(&self, member: Member<'d>) -> Option<&JsonString<'d>> {
        let mut references = self.references.iter();
        references
            .find(|reference| reference.member == Some(member))
            .and_then(|reference| reference.id.as_ref())
    }

    /// The event of this name, preferring the exact spelling.
    pub fn event(&self, name: KnownName) -> Option<&Event<'d>> {
        let is_exact = |event: &&Event<'d>| event.member.known() == Some(name);
        let matches_ignoring_case =
            |event: &&Event<'d>| event.member.known_ignore_case() == Some(name);
        let similar = || self.events.iter().find(matches_ignoring_case);
        self.events.iter().find(is_exact).or_else(similar)
    }

    /// Whether the record is a request to create a certificate.
    pub fn is_request(&self) -> bool {
        self.record.form == Form::Request
    }

    /// Whether the certificate is complete, rather than a projection or a request. Only then are absent
    /// properties missing.
    pub fn is_complete(&self) -> bool {
        let node = self.record.node;
        !self.is_request()
            && !self.record.is_projection
            && !node.has_errors()
            && !omits_properties(node, OMITTED)
    }

    /// The property whose name is a misspelling of `name`.
    pub fn misspelt_property(&self, name: &str) -> Option<Member<'d>> {
        let is_misspelt = |member: &Member<'d>| {
            member.known().is_none() && suggest::is_near(&member.name_text(), name)
        };
        self.record.node.members().find(is_misspelt)
    }

    /// Whether the name of a property is a misspelling of `name`.
    pub fn has_misspelt_property(&self, name: &str) -> bool {
        self.misspelt_property(name).is_some()
    }
}

/// The properties of an object with these names. A name that differs only in letter case matches unless the
/// exact name is present too: the schema reports the spelling, and rules still read the value.
fn find_members<const N: usize>(node: Node<'_>, names: [KnownName; N]) -> [Option<Member<'_>>; N] {
    let mut found = [None; N];
    for member in node.members() {
        let known = member.known_ignore_case();
        for (slot, name) in found.iter_mut().zip(names) {
            // The exact spelling wins at any position.
            if known == Some(name) && (slot.is_none() || member.known().is_some()) {
                *slot = Some(member);
            }
        }
    }
    found
}

fn find_value(node: Node<'_>, name: KnownName) -> Option<Node<'_>> {
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

    /// Applies `read` to the first certificate of a document.
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
        let whole = r#""id":"CER-1","program":{},"client":{},"status":"New""#;
        let none = r#""$meta":{"omitted":[]}"#;
        let some = r#""$meta":{"omitted":["audit"]}"#;
        let three = r#"{"id":"CER-1","name":"x","revision":1,"program":{},"status":"New"}"#;
        let request = r#"{"program":{},"client":{},"name":"x","buyer":{},"parameters":{}}"#;
        for (text, is_complete) in [
            (format!("{{{whole}}}"), true),
            (format!("{{{whole},{none}}}"), true),
            (format!("{{{whole},{some}}}"), false),
            (format!("{{{none},\"data\":[{{{whole}}}]}}"), true),
            (format!("{{{some},\"data\":[{{{whole}}}]}}"), false),
            (three.to_owned(), false),
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
