//! The parameters of an order's line: the names that are known, the entries that were written, and
//! which name each entry was meant to have.

use std::ops::Deref;

use super::Text;
use crate::json::{Kind, Member, Node};
use crate::names::{self, KnownName, known};
use crate::spelling;

const ATTESTATION_ACCEPTED: KnownName = known("attestation_accepted");
const KEY: KnownName = known("key");
const NAME: KnownName = names::NAME;
const STRUCTURED_VALUE: KnownName = known("structured_value");
const VALUE: KnownName = names::VALUE;

/// A parameter that the orders API knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "each is the parameter of the same name")]
pub enum Parameter {
    AgreementDate,
    CustomerCompanyName,
    CustomerEmail,
    EffectiveAddress,
    EffectiveCity,
    EffectiveCountry,
    EffectivePhonenumber,
    EffectivePostalCode,
    EffectiveState,
    EmailAddressAgreement,
    FirstNameAgreement,
    LastNameAgreement,
    McaAcceptance,
    MicrosoftDomain,
    MicrosoftTenantId,
    OfferAttestation,
    PartnerAttestation,
    SpecialQualifications,
    TenantPreference,
}

use Parameter::*;

impl Parameter {
    /// Every parameter, in the order of their names.
    pub const ALL: [Parameter; 19] = [
        AgreementDate,
        CustomerCompanyName,
        CustomerEmail,
        EffectiveAddress,
        EffectiveCity,
        EffectiveCountry,
        EffectivePhonenumber,
        EffectivePostalCode,
        EffectiveState,
        EmailAddressAgreement,
        FirstNameAgreement,
        LastNameAgreement,
        McaAcceptance,
        MicrosoftDomain,
        MicrosoftTenantId,
        OfferAttestation,
        PartnerAttestation,
        SpecialQualifications,
        TenantPreference,
    ];

    /// The name as the orders API has it.
    pub const fn name(self) -> &'static str {
        match self {
            AgreementDate => "agreement_date",
            CustomerCompanyName => "customer_company_name",
            CustomerEmail => "customer_email",
            EffectiveAddress => "effective_address",
            EffectiveCity => "effective_city",
            EffectiveCountry => "effective_country",
            EffectivePhonenumber => "effective_phonenumber",
            EffectivePostalCode => "effective_postal_code",
            EffectiveState => "effective_state",
            EmailAddressAgreement => "email_address_agreement",
            FirstNameAgreement => "first_name_agreement",
            LastNameAgreement => "last_name_agreement",
            McaAcceptance => "mca_acceptance",
            MicrosoftDomain => "microsoft_domain",
            MicrosoftTenantId => "microsoft_tenant_id",
            OfferAttestation => "offer_attestation",
            PartnerAttestation => "partner_on_record_attestation_accepted",
            SpecialQualifications => "special_qualifications",
            TenantPreference => "tenant_preference",
        }
    }

    /// The parameter of exactly this name.
    pub fn named(name: &str) -> Option<Parameter> {
        names::id(name).known().and_then(Parameter::of)
    }

    /// The parameter of this name, if it is one's.
    #[inline]
    pub fn of(name: KnownName) -> Option<Parameter> {
        static BY_NAME: [Option<Parameter>; KnownName::LIMIT] = {
            let mut parameters = [None; KnownName::LIMIT];
            let mut place = 0;
            while place < Parameter::ALL.len() {
                let parameter = Parameter::ALL[place];
                parameters[known(parameter.name()).index()] = Some(parameter);
                place += 1;
            }
            parameters
        };
        BY_NAME[name.index()]
    }

    /// Whether the value is a yes or no in `structured_value.attestation_accepted`.
    pub fn is_attestation(self) -> bool {
        matches!(self, OfferAttestation | PartnerAttestation)
    }

    /// Whether a line that has it is one of Microsoft's New Commerce Experience.
    pub fn marks_new_commerce(self) -> bool {
        matches!(
            self,
            TenantPreference
                | PartnerAttestation
                | MicrosoftDomain
                | McaAcceptance
                | OfferAttestation
        )
    }
}

/// A name of the Azure connector, and the parameter it stands for, if one does exactly.
pub struct ConnectorName {
    /// The connector's name.
    pub name: &'static str,
    /// The same thing in the orders API.
    pub same: Option<Parameter>,
    /// What comes nearest, where nothing is the same.
    pub nearest: Option<Parameter>,
}

const fn connector(
    name: &'static str,
    same: Option<Parameter>,
    nearest: Option<Parameter>,
) -> ConnectorName {
    ConnectorName {
        name,
        same,
        nearest,
    }
}

/// The Azure connector's names for what an order says in its own.
pub static CONNECTOR_NAMES: [ConnectorName; 8] = [
    connector("agreement_acceptance", Some(McaAcceptance), None),
    connector("agreement_email_address", Some(EmailAddressAgreement), None),
    connector("agreement_first_name", Some(FirstNameAgreement), None),
    connector("agreement_last_name", Some(LastNameAgreement), None),
    connector("agreement_phone_number", None, Some(EffectivePhonenumber)),
    connector("mca_attestation_accepted", Some(McaAcceptance), None),
    connector("mca_attestation_id_external", None, None),
    connector("microsoft_order_type", None, Some(TenantPreference)),
];

/// One of the [`CONNECTOR_NAMES`], by its place: entries are many, and small ones are made sooner.
#[derive(Clone, Copy, Debug)]
pub struct Connector(u8);

impl Deref for Connector {
    type Target = ConnectorName;

    fn deref(&self) -> &ConnectorName {
        &CONNECTOR_NAMES[usize::from(self.0)]
    }
}

/// What an entry's name turned out to be.
#[derive(Clone, Copy)]
pub enum Naming {
    /// A known name, to the letter.
    Exact(Parameter),
    /// A known name misspelt; `only_style` if but for case, blanks and hyphens.
    Misspelt {
        /// The parameter meant.
        meant: Parameter,
        /// Whether only case, blanks and hyphens differ.
        only_style: bool,
    },
    /// A name of the Azure connector.
    Connector(Connector),
    /// Nothing known.
    Unknown,
    /// The entry has no name that can be read.
    Absent,
}

impl Naming {
    fn of(name: &str) -> Naming {
        if let Some(parameter) = Parameter::named(name) {
            return Naming::Exact(parameter);
        }
        Naming::inexact(name)
    }

    #[cold]
    fn inexact(name: &str) -> Naming {
        let mut connectors = CONNECTOR_NAMES.iter();
        if let Some(place) = connectors.position(|connector| connector.name == name) {
            return Naming::Connector(Connector(place as u8));
        }
        match meant_by(name) {
            Some(meant) => Naming::Misspelt {
                meant,
                only_style: differs_in_style_only(name, meant.name()),
            },
            None => Naming::Unknown,
        }
    }

    /// The parameter that the entry is read as.
    pub fn parameter(self) -> Option<Parameter> {
        match self {
            Naming::Exact(parameter)
            | Naming::Misspelt {
                meant: parameter, ..
            } => Some(parameter),
            Naming::Connector(connector) => connector.same,
            Naming::Unknown | Naming::Absent => None,
        }
    }
}

fn differs_in_style_only(written: &str, known: &str) -> bool {
    let is_separator = |c: char| c.is_whitespace() || c == '-';
    let lower = written.trim().to_lowercase();
    lower.replace(is_separator, "_") == known || lower.replace(is_separator, "") == known
}

fn meant_by(written: &str) -> Option<Parameter> {
    let names = || Parameter::ALL.into_iter().map(Parameter::name);
    let folded = written.trim();
    let near = names()
        .find(|known| spelling::is_same_but_for_style(folded, known))
        .or_else(|| spelling::nearest(folded, names()))
        .or_else(|| names().find(|known| has_same_words(folded, known)))
        .or_else(|| only(names().filter(|known| leaves_out_a_word(folded, known))));
    near.and_then(Parameter::named)
}

fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = name
        .split(|c: char| c == '_' || c == '-' || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.sort();
    words
}

/// The same words, in any order.
fn has_same_words(written: &str, known: &str) -> bool {
    words(written) == words(known)
}

/// All but one of the words, and at least two.
fn leaves_out_a_word(written: &str, known: &str) -> bool {
    let (written, known) = (words(written), words(known));
    written.len() >= 2
        && written.len() + 1 == known.len()
        && written.iter().all(|word| known.contains(word))
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

/// One entry of a line's parameter list.
#[derive(Clone)]
pub struct Entry<'d> {
    /// The whole entry: an object.
    pub node: Node<'d>,
    /// What that name is.
    pub naming: Naming,
    /// Its value, sorted by the shape that its parameter asks for.
    pub given: Given<'d>,
}

/// What an entry gives as its value, by the shape that its parameter asks for.
#[derive(Clone)]
pub enum Given<'d> {
    /// Nothing, or something empty.
    Missing,
    /// The value stands where it does not belong: in the member of this name.
    Misplaced(Node<'d>),
    /// A text in the right place.
    Text(Text<'d>),
    /// A value of another type in the right place.
    Value(Node<'d>),
    /// Something the schema or the parser has spoken of already.
    Unreadable,
}

impl<'d> Entry<'d> {
    /// Reads what most entries are: a parameter's name to the letter, its value in the right place and
    /// of the right type, and nothing else.
    #[inline(always)]
    pub(super) fn read_plain(node: Node<'d>) -> Option<(Parameter, Entry<'d>)> {
        let (name, given) = match node.name_value_pair() {
            Some((name, text)) => (name, Given::Text(Text::read_plain(text)?)),
            None => {
                let [name, structured] = node.values_in_order([NAME, STRUCTURED_VALUE])?;
                let [answer] = structured.values_in_order([ATTESTATION_ACCEPTED])?;
                answer.as_bool()?;
                (name, Given::Value(answer))
            }
        };
        let parameter = Parameter::of(name.known_value()?)?;
        if parameter.is_attestation() != matches!(given, Given::Value(_)) {
            return None;
        }
        let entry = Entry {
            node,
            naming: Naming::Exact(parameter),
            given,
        };
        Some((parameter, entry))
    }

    /// Reads any entry.
    #[inline(never)]
    pub(super) fn read(node: Node<'d>) -> Entry<'d> {
        let name = name_or_key(node);
        let naming = match name.and_then(|name| name.as_text()) {
            Some(text) if !text.is_empty() => Naming::of(&text),
            _ => Naming::Absent,
        };
        Entry {
            node,
            naming,
            given: Given::sort(node, naming.parameter()),
        }
    }

    /// Whether its name is known to the letter and its value of the right shape and type.
    pub(super) fn is_plain(&self) -> bool {
        match (self.naming, &self.given) {
            (Naming::Exact(parameter), Given::Text(_)) => !parameter.is_attestation(),
            (Naming::Exact(parameter), Given::Value(value)) => {
                parameter.is_attestation() && value.as_bool().is_some()
            }
            _ => false,
        }
    }

    /// The value of its `name`, or of its `key` where it has no name, if that is a string.
    pub fn name(&self) -> Option<Node<'d>> {
        name_or_key(self.node)
    }

    /// Whether it is named by a `key`, as the connector has it.
    pub fn is_keyed(&self) -> bool {
        let [name, key] = self.node.values_of([NAME, KEY]);
        name.is_none() && key.is_some()
    }

    /// The member of this name.
    pub fn member(&self, name: &str) -> Option<Member<'d>> {
        self.node.member(name)
    }
}

fn name_or_key(entry: Node<'_>) -> Option<Node<'_>> {
    let [name, key] = entry.values_of([NAME, KEY]);
    name.or(key).filter(|name| name.kind() == Kind::String)
}

impl<'d> Given<'d> {
    /// What the entry at `node` gives by the shape of `parameter`; without one, by what any parameter
    /// could have.
    fn sort(node: Node<'d>, parameter: Option<Parameter>) -> Self {
        let member = |name: KnownName| node.members().find(|member| member.known() == Some(name));
        let value = member(VALUE).filter(|member| !is_empty(member.value));
        // What is no object the schema speaks of, null too.
        let structured = member(STRUCTURED_VALUE)
            .filter(|member| member.value.kind() != Kind::Object || !is_empty(member.value));
        match (value, structured) {
            (None, None) if node.has_errors() || has_misspelt_value(node) => Given::Unreadable,
            (None, None) => Given::Missing,
            (Some(member), _) if member.value.is_synthetic() => Given::Unreadable,
            (_, Some(member)) if member.value.kind() != Kind::Object => Given::Unreadable,
            (Some(value), Some(structured)) if parameter.is_some() => {
                let is_later = structured.name.index() > value.name.index();
                Given::Misplaced(if is_later {
                    structured.name
                } else {
                    value.name
                })
            }
            (Some(value), None) if parameter.is_some_and(Parameter::is_attestation) => {
                Given::Misplaced(value.name)
            }
            (Some(value), _) => Given::at(value.value),
            (None, Some(structured)) => match parameter {
                Some(parameter) if parameter.is_attestation() => {
                    match structured.value.value_of(ATTESTATION_ACCEPTED) {
                        Some(answer) => Given::at(answer),
                        None => Given::Misplaced(structured.name),
                    }
                }
                Some(_) => Given::Misplaced(structured.name),
                None => Given::Value(structured.value),
            },
        }
    }

    /// What a value in the right place is.
    fn at(value: Node<'d>) -> Self {
        match Text::read(value) {
            Some(text) => Given::Text(text),
            None if value.is_synthetic() => Given::Unreadable,
            None => Given::Value(value),
        }
    }
}

/// Whether a member was meant to be the value and is misspelt, which the schema tells.
fn has_misspelt_value(entry: Node<'_>) -> bool {
    let is_meant = |name: &str| {
        ["value", "structured_value"]
            .iter()
            .any(|known| spelling::is_near(name, known))
    };
    entry.members().any(|member| is_meant(&member.name_text()))
}

/// Whether a value says nothing: `""`, `null`, `{}`. A null that recovery put there says something
/// that could not be read.
fn is_empty(value: Node<'_>) -> bool {
    match value.kind() {
        Kind::Null => !value.is_synthetic(),
        Kind::String => value.content_span().is_empty(),
        Kind::Object => value.child_count() == 0 && !value.has_errors(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_found_by_its_name() {
        for parameter in Parameter::ALL {
            assert_eq!(Parameter::named(parameter.name()), Some(parameter));
        }
        assert_eq!(Parameter::named("agreement"), None);
    }

    #[test]
    fn misspelt_names_are_recognised() {
        for (written, meant, style) in [
            ("last_name_agrement", LastNameAgreement, false),
            ("Tenant-Preference", TenantPreference, true),
            (" tenant_preference", TenantPreference, true),
            ("tenantPreference", TenantPreference, false),
            ("effective_phone_number", EffectivePhonenumber, false),
            ("customer_companyname", CustomerCompanyName, false),
            ("company_name", CustomerCompanyName, false),
            ("name_agreement_first", FirstNameAgreement, false),
        ] {
            match Naming::of(written) {
                Naming::Misspelt {
                    meant: found,
                    only_style,
                } => {
                    assert_eq!((found, only_style), (meant, style), "{written}");
                }
                _ => panic!("{written} is not recognised"),
            }
        }
        assert!(matches!(Naming::of("favourite_colour"), Naming::Unknown));
        assert!(matches!(
            Naming::of("effective_state"),
            Naming::Exact(EffectiveState)
        ));
        assert!(matches!(
            Naming::of("agreement_last_name"),
            Naming::Connector(_)
        ));
    }
}
