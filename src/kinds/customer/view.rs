//! The typed view of a customer: its strings by what they mean, whichever platform the request is for.

use crate::json::{Kind, Member, Node};
use crate::payload::{Form, JsonString, Record, member_ignore_case};
use crate::suggest;

/// What a string of a customer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The name of the company.
    CompanyName,
    /// The domain of the tenant that is created.
    Domain,
    /// The registration number of the company.
    RegistrationNumber,
    /// An e-mail address of the customer.
    Email,
    /// The culture for communication and currency.
    Culture,
    /// The country of the address.
    Country,
    /// The state or province of the address.
    State,
    /// The region of the address.
    Region,
    /// The city of the address.
    City,
    /// The postal code of the address.
    PostalCode,
    /// A first name.
    FirstName,
    /// A last name.
    LastName,
    /// A phone number as it is dialled.
    Phone,
    /// A phone number in the notation of the marketplace.
    MarketplacePhone,
}

/// The step of a path to each element of an array.
const EACH: &str = "*";

/// Where the strings are. Names are compared without regard to case.
const PATHS: &[(&[&str], Role)] = &[
    (&["companyProfile", "companyName"], Role::CompanyName),
    (&["companyProfile", "domain"], Role::Domain),
    (
        &["companyProfile", "organizationRegistrationNumber"],
        Role::RegistrationNumber,
    ),
    (&["billingProfile", "companyName"], Role::CompanyName),
    (&["billingProfile", "email"], Role::Email),
    (&["billingProfile", "culture"], Role::Culture),
    (&["billingProfile", "firstName"], Role::FirstName),
    (&["billingProfile", "lastName"], Role::LastName),
    (
        &["billingProfile", "defaultAddress", "country"],
        Role::Country,
    ),
    (&["billingProfile", "defaultAddress", "state"], Role::State),
    (
        &["billingProfile", "defaultAddress", "region"],
        Role::Region,
    ),
    (&["billingProfile", "defaultAddress", "city"], Role::City),
    (
        &["billingProfile", "defaultAddress", "postalCode"],
        Role::PostalCode,
    ),
    (
        &["billingProfile", "defaultAddress", "firstName"],
        Role::FirstName,
    ),
    (
        &["billingProfile", "defaultAddress", "lastName"],
        Role::LastName,
    ),
    (
        &["billingProfile", "defaultAddress", "phoneNumber"],
        Role::Phone,
    ),
    (&["name"], Role::CompanyName),
    (&["address", "countryCode"], Role::Country),
    (&["address", "state"], Role::State),
    (&["address", "city"], Role::City),
    (&["address", "postalCode"], Role::PostalCode),
    (&["contactPersons", EACH, "email"], Role::Email),
    (&["contactPersons", EACH, "firstName"], Role::FirstName),
    (&["contactPersons", EACH, "lastName"], Role::LastName),
    (
        &["contactPersons", EACH, "phoneNumber"],
        Role::MarketplacePhone,
    ),
];

/// A string of a customer that is not empty.
#[derive(Clone, Debug)]
pub struct Field<'d> {
    /// What it means.
    pub role: Role,
    /// The property, as the platform spells it.
    pub name: &'static str,
    /// The property that holds it.
    pub member: Member<'d>,
    /// The string.
    pub string: JsonString<'d>,
}

/// The typed view of a customer.
pub struct Customer<'d> {
    /// The record.
    pub record: Record<'d>,
    /// The strings, in the order of the documentation.
    pub fields: Vec<Field<'d>>,
}

impl<'d> Customer<'d> {
    /// Reads a record as a customer.
    pub fn read(record: Record<'d>) -> Self {
        let mut fields = Vec::new();
        for (path, role) in PATHS {
            add_fields(record.node, path, *role, &mut fields);
        }
        Self { record, fields }
    }

    /// Whether it is sent to a platform.
    pub fn is_request(&self) -> bool {
        self.record.form != Form::Response
    }

    /// The first string of this meaning.
    pub fn field(&self, role: Role) -> Option<&Field<'d>> {
        self.fields.iter().find(|field| field.role == role)
    }

    /// The string of the country, as it is written.
    pub fn country(&self) -> Option<&JsonString<'d>> {
        self.field(Role::Country).map(|field| &field.string)
    }

    /// Whether the property at this path is present, possibly misspelt, or might be lost in damaged text. If not, it is
    /// missing.
    pub fn may_have(&self, path: &[&str]) -> bool {
        let Some((name, holders)) = path.split_last() else {
            return true;
        };
        let mut holder = self.record.node;
        for step in holders {
            match member_ignore_case(holder, step) {
                Some(found) => holder = found.value,
                // The schema reports the missing object.
                None => return true,
            }
        }
        let is_it = |found: Member<'_>| {
            let written = found.name_text();
            written.eq_ignore_ascii_case(name)
                || !is_known(&written) && suggest::is_near(&written, name)
        };
        holder.kind() != Kind::Object
            || holder.has_errors()
            || holder
                .members()
                .any(|found| is_it(found) && found.value.kind() != Kind::Null)
    }
}

/// Whether a name is that of a property, without regard to case.
fn is_known(name: &str) -> bool {
    let mut names = PATHS.iter().flat_map(|(path, _)| *path);
    names.any(|known| known.eq_ignore_ascii_case(name))
}

/// Adds the strings at a path.
fn add_fields<'d>(node: Node<'d>, path: &[&'static str], role: Role, fields: &mut Vec<Field<'d>>) {
    match path {
        [EACH, rest @ ..] => {
            for element in node.elements() {
                add_fields(element, rest, role, fields);
            }
        }
        [name, rest @ ..] => {
            let Some(member) = member_ignore_case(node, name) else {
                return;
            };
            if !rest.is_empty() {
                return add_fields(member.value, rest, role, fields);
            }
            let string = JsonString::read(member.value).filter(|string| !string.is_empty());
            fields.extend(string.map(|string| Field {
                role,
                name,
                member,
                string,
            }));
        }
        [] => {}
    }
}
