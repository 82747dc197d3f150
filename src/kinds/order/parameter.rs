//! The known parameters of an order line, and the match between the name of an entry and a known parameter.

use std::ops::Deref;

use crate::names::{self, KnownName, known};
use crate::suggest;

/// A parameter of the orders API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "each is the parameter of the same name")]
pub enum Parameter {
    AgreementDate,
    CustomerCompanyName,
    CustomerEmail,
    CustomerTaxId,
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
    /// Every parameter, sorted by name.
    pub const ALL: [Parameter; 20] = [
        AgreementDate,
        CustomerCompanyName,
        CustomerEmail,
        CustomerTaxId,
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

    /// The name in the orders API.
    pub const fn name(self) -> &'static str {
        match self {
            AgreementDate => "agreement_date",
            CustomerCompanyName => "customer_company_name",
            CustomerEmail => "customer_email",
            CustomerTaxId => "customer_tax_id",
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

    /// The parameter of this name.
    #[inline]
    pub fn of(name: KnownName) -> Option<Parameter> {
        static BY_NAME: [Option<Parameter>; KnownName::LIMIT] = {
            let mut parameters = [None; KnownName::LIMIT];
            let mut index = 0;
            while index < Parameter::ALL.len() {
                let parameter = Parameter::ALL[index];
                parameters[known(parameter.name()).index()] = Some(parameter);
                index += 1;
            }
            parameters
        };
        BY_NAME[name.index()]
    }

    /// Whether the value is a boolean in `structured_value.attestation_accepted`.
    pub const fn is_attestation(self) -> bool {
        matches!(self, OfferAttestation | PartnerAttestation)
    }

    /// Whether this parameter marks a line as one of Microsoft's New Commerce Experience.
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

/// A set of parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParameterSet(u32);

impl ParameterSet {
    /// The set of these parameters.
    pub const fn of(parameters: &[Parameter]) -> Self {
        let mut set = ParameterSet(0);
        let mut index = 0;
        while index < parameters.len() {
            set.insert(parameters[index]);
            index += 1;
        }
        set
    }

    /// Adds a parameter.
    #[inline]
    pub const fn insert(&mut self, parameter: Parameter) {
        self.0 |= 1 << parameter as u8;
    }

    /// Whether all parameters of `other` are in this set.
    #[inline]
    pub const fn contains_all(self, other: ParameterSet) -> bool {
        self.0 & other.0 == other.0
    }
}

const _: () = assert!(Parameter::ALL.len() <= u32::BITS as usize);

/// A parameter name of the Azure connector, and its counterpart in the orders API.
pub struct ConnectorName {
    /// The connector's name.
    pub name: &'static str,
    /// The equivalent parameter of the orders API, if there is one.
    pub equivalent: Option<Parameter>,
    /// The nearest parameter of the orders API, where none is equivalent.
    pub nearest: Option<Parameter>,
}

const fn connector(
    name: &'static str,
    equivalent: Option<Parameter>,
    nearest: Option<Parameter>,
) -> ConnectorName {
    ConnectorName {
        name,
        equivalent,
        nearest,
    }
}

/// The Azure connector's names for parameters of the orders API.
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

/// An index into [`CONNECTOR_NAMES`]. One byte keeps [`Entry`](super::entry::Entry) small, of which there are many.
#[derive(Clone, Copy, Debug)]
pub struct ConnectorIndex(u8);

impl Deref for ConnectorIndex {
    type Target = ConnectorName;

    fn deref(&self) -> &ConnectorName {
        &CONNECTOR_NAMES[usize::from(self.0)]
    }
}

/// How an entry's name matches the known parameters.
#[derive(Clone, Copy)]
pub enum NameMatch {
    /// The exact name of a parameter.
    Exact(Parameter),
    /// A misspelt name of a parameter.
    Misspelt {
        /// The parameter.
        meant: Parameter,
        /// Whether only letter case, whitespace and hyphens differ.
        differs_only_in_style: bool,
    },
    /// A name of the Azure connector.
    Connector(ConnectorIndex),
    /// The exact name of a parameter that the connector knows and that has no rules.
    WithoutRules,
    /// The exact name of a parameter that the platform sets.
    ReadOnly,
    /// An unknown name.
    Unknown,
    /// The entry has no readable name.
    Absent,
}

impl NameMatch {
    pub(super) fn of(name: &str) -> NameMatch {
        if let Some(parameter) = Parameter::named(name) {
            return NameMatch::Exact(parameter);
        }
        NameMatch::of_inexact(name)
    }

    #[cold]
    fn of_inexact(name: &str) -> NameMatch {
        let mut connectors = CONNECTOR_NAMES.iter();
        if let Some(index) = connectors.position(|connector| connector.name == name) {
            return NameMatch::Connector(ConnectorIndex(index as u8));
        }
        if WITHOUT_RULES.contains(&name) {
            return NameMatch::WithoutRules;
        }
        if READ_ONLY.contains(&name) {
            return NameMatch::ReadOnly;
        }
        match resolve_misspelling(name) {
            Some(meant) => NameMatch::Misspelt {
                meant,
                differs_only_in_style: differs_only_in_style(name, meant.name()),
            },
            None => NameMatch::Unknown,
        }
    }

    /// The parameter that the entry is interpreted as.
    pub fn parameter(self) -> Option<Parameter> {
        match self {
            NameMatch::Exact(parameter)
            | NameMatch::Misspelt {
                meant: parameter, ..
            } => Some(parameter),
            NameMatch::Connector(connector) => connector.equivalent,
            NameMatch::WithoutRules
            | NameMatch::ReadOnly
            | NameMatch::Unknown
            | NameMatch::Absent => None,
        }
    }
}

/// The parameters that the connector knows and that have no rules: most are for migrations, promotions and changes.
const WITHOUT_RULES: [&str; 10] = [
    "cb_autorenewal",
    "declarationAddittionalResellers",
    "education_auth",
    "migration_info",
    "migration_info_object",
    "migration_type",
    "mpn_id",
    "nce_promo_draft",
    "relationship_url",
    "tier1_mpn",
];

/// The parameters that the platform sets when it fulfils an order.
const READ_ONLY: [&str; 10] = [
    "all_subscription_ids",
    "are_items_validated",
    "csp_order_id",
    INITIAL_PASSWORD,
    "ms_customer_id",
    "ms_request_id",
    "nce_promo_final",
    "provisioning_stage",
    "retry_counter",
    "subscription_id",
];

/// The parameter with the first password of a new tenant.
pub const INITIAL_PASSWORD: &str = "initial_password";

fn differs_only_in_style(written: &str, known: &str) -> bool {
    let is_separator = |c: char| c.is_whitespace() || c == '-';
    let lower = written.trim().to_lowercase();
    lower.replace(is_separator, "_") == known || lower.replace(is_separator, "") == known
}

fn resolve_misspelling(written: &str) -> Option<Parameter> {
    let names = || Parameter::ALL.into_iter().map(Parameter::name);
    let folded = written.trim();
    let near = names()
        .find(|known| suggest::eq_ignore_style(folded, known))
        .or_else(|| suggest::nearest(folded, names()))
        .or_else(|| names().find(|known| has_same_words(folded, known)))
        .or_else(|| single(names().filter(|known| omits_one_word(folded, known))));
    near.and_then(Parameter::named)
}

fn sorted_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = name
        .split(|c: char| c == '_' || c == '-' || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.sort();
    words
}

/// Whether both names have the same words, in any order.
fn has_same_words(written: &str, known: &str) -> bool {
    sorted_words(written) == sorted_words(known)
}

/// Whether `written` has at least two words and lacks exactly one word of `known`.
fn omits_one_word(written: &str, known: &str) -> bool {
    let (written, known) = (sorted_words(written), sorted_words(known));
    written.len() >= 2
        && written.len() + 1 == known.len()
        && written.iter().all(|word| known.contains(word))
}

fn single<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_parameter_by_its_name() {
        for parameter in Parameter::ALL {
            assert_eq!(Parameter::named(parameter.name()), Some(parameter));
        }
        assert_eq!(Parameter::named("agreement"), None);
    }

    #[test]
    fn recognises_misspelt_names() {
        for (written, expected, is_style) in [
            ("last_name_agrement", LastNameAgreement, false),
            ("Tenant-Preference", TenantPreference, true),
            (" tenant_preference", TenantPreference, true),
            ("tenantPreference", TenantPreference, false),
            ("effective_phone_number", EffectivePhonenumber, false),
            ("customer_companyname", CustomerCompanyName, false),
            ("company_name", CustomerCompanyName, false),
            ("name_agreement_first", FirstNameAgreement, false),
        ] {
            match NameMatch::of(written) {
                NameMatch::Misspelt {
                    meant: found,
                    differs_only_in_style,
                } => {
                    assert_eq!(
                        (found, differs_only_in_style),
                        (expected, is_style),
                        "{written}"
                    );
                }
                _ => panic!("{written} is not recognised"),
            }
        }
        assert!(matches!(
            NameMatch::of("favourite_colour"),
            NameMatch::Unknown
        ));
        assert!(matches!(
            NameMatch::of("effective_state"),
            NameMatch::Exact(EffectiveState)
        ));
        assert!(matches!(
            NameMatch::of("agreement_last_name"),
            NameMatch::Connector(_)
        ));
    }
}
