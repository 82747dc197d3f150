//! Documentation of the parameters of an order, for completion and hover in editors.

use super::parameter::Parameter::{self, *};
use crate::payload::{Choices, CodeNames, EntryBundle, NamedEntries, NamedEntry};

impl Parameter {
    /// The purpose of the parameter, in a sentence or two.
    pub const fn summary(self) -> &'static str {
        match self {
            AgreementDate => {
                "The day on which the customer accepted the Microsoft Customer Agreement, as \
                 MM-DD-YYYY."
            }
            CustomerCompanyName => "The registered name of the customer, without abbreviations.",
            CustomerEmail => {
                "An e-mail address of the customer, not one at Microsoft or at the partner."
            }
            CustomerTaxId => "The tax ID of the customer, required in some countries.",
            EffectiveAddress => "The street and house number of the customer.",
            EffectiveCity => "The city of the customer.",
            EffectiveCountry => "The two-letter code of the customer's country.",
            EffectivePhonenumber => "The phone number of the customer.",
            EffectivePostalCode => "The postal code of the customer, in the format of the country.",
            EffectiveState => {
                "The state or province of the customer; in the United States and Canada, its \
                 two-letter code."
            }
            EmailAddressAgreement => "The e-mail address of the person who accepted the agreement.",
            FirstNameAgreement => "The first name of the person who accepted the agreement.",
            LastNameAgreement => "The last name of the person who accepted the agreement.",
            McaAcceptance => "`yes` if the customer accepted the Microsoft Customer Agreement.",
            MicrosoftDomain => {
                "The domain of the tenant. For a new tenant, `<name>.onmicrosoft.com` with a name \
                 that is not taken."
            }
            MicrosoftTenantId => "The ID of the customer's tenant, if it already exists.",
            OfferAttestation => {
                "Whether the customer meets the condition of the offer; `false` if it has none."
            }
            PartnerAttestation => "Whether the partner confirms that it is the partner of record.",
            SpecialQualifications => "`soe` for a state-owned entity, otherwise `None`.",
            TenantPreference => {
                "Whether the order creates a `new` tenant or uses an `existing` one."
            }
        }
    }

    /// The values that the parameter can have, where they can be listed.
    pub const fn choices(self) -> Choices {
        match self {
            TenantPreference => Choices::Values(&["new", "existing"]),
            SpecialQualifications => Choices::Values(&["None", "soe"]),
            McaAcceptance => Choices::Values(&["yes"]),
            EffectiveCountry => Choices::Codes(COUNTRIES),
            EffectiveState => Choices::CodesBy {
                entry: EffectiveCountry.name(),
                lists: &[("US", US_STATES), ("CA", CANADIAN_PROVINCES)],
            },
            _ => Choices::Values(&[]),
        }
    }

    /// Values of which at least one is valid wherever the parameter is allowed.
    const fn examples(self) -> &'static [&'static str] {
        match self {
            AgreementDate => &["03-18-2024"],
            CustomerCompanyName => &["Marlowe Bridge Toys"],
            CustomerEmail => &["office@marlowebridgetoys.com"],
            CustomerTaxId => &["84-2217730"],
            EffectiveAddress => &["240 Commerce Street"],
            EffectiveCity => &["Rochester"],
            EffectiveCountry => &["US"],
            EffectivePhonenumber => &["(585) 555-0119", "+49 30 5550119"],
            EffectivePostalCode => &["14604", "H2Y 1C6", "SW1A 1AA", "1250-096", "110001", "1015"],
            EffectiveState => &["NY", "ON", "Bavaria"],
            EmailAddressAgreement => &["ines@marlowebridgetoys.com"],
            FirstNameAgreement => &["Ines"],
            LastNameAgreement => &["Marlowe"],
            McaAcceptance => &["yes"],
            MicrosoftDomain => &["marlowebridgetoys.onmicrosoft.com"],
            MicrosoftTenantId => &["5f0c2a9e-71d4-4b83-9c56-2e8d41b7a06f"],
            OfferAttestation | PartnerAttestation => &["true"],
            SpecialQualifications => &["None"],
            TenantPreference => &["new", "existing"],
        }
    }

    /// The names of the parameters that are complete only together with this one, itself included: the acceptance of
    /// the agreement, or the address.
    const fn together_with(self) -> &'static [&'static str] {
        match self {
            AgreementDate
            | EmailAddressAgreement
            | FirstNameAgreement
            | LastNameAgreement
            | McaAcceptance => &AGREEMENT,
            EffectiveAddress | EffectiveCity | EffectiveCountry | EffectivePostalCode
            | EffectiveState => &ADDRESS,
            _ => &[],
        }
    }
}

/// The names of the parameters that state the acceptance of the agreement.
static AGREEMENT: [&str; 5] = [
    McaAcceptance.name(),
    AgreementDate.name(),
    FirstNameAgreement.name(),
    LastNameAgreement.name(),
    EmailAddressAgreement.name(),
];

/// The names of the parameters that are the parts of an address.
static ADDRESS: [&str; 5] = [
    EffectiveAddress.name(),
    EffectiveCity.name(),
    EffectiveState.name(),
    EffectivePostalCode.name(),
    EffectiveCountry.name(),
];

const COUNTRIES: CodeNames = CodeNames(include_str!(
    "../../../rules/data/country-display-names.txt"
));
const US_STATES: CodeNames = CodeNames(include_str!(
    "../../../rules/data/us-state-display-names.txt"
));
const CANADIAN_PROVINCES: CodeNames = CodeNames(include_str!(
    "../../../rules/data/canadian-province-display-names.txt"
));

/// The parameters of an order line, as hints for editors.
pub(super) static PARAMETERS: NamedEntries = NamedEntries {
    property: "parameters",
    name: "name",
    value: "value",
    entries: &ENTRIES,
    bundles: &[&NEW_TENANT, &EXISTING_TENANT],
};

/// The parameters of a line for a new tenant, in the order in which the marketplace asks for them. Attestations and
/// the acceptance have no default: only the user can give them.
pub(super) static NEW_TENANT: EntryBundle = EntryBundle {
    label: "all parameters for a new tenant",
    description: "The parameters that a sale of a Microsoft product to a new tenant requires.",
    entries: &[
        (PartnerAttestation.name(), None),
        (TenantPreference.name(), Some("new")),
        (MicrosoftDomain.name(), None),
        (McaAcceptance.name(), None),
        (AgreementDate.name(), None),
        (FirstNameAgreement.name(), None),
        (LastNameAgreement.name(), None),
        (EmailAddressAgreement.name(), None),
        (CustomerCompanyName.name(), None),
        (CustomerEmail.name(), None),
        (EffectiveAddress.name(), None),
        (EffectiveCity.name(), None),
        (EffectiveState.name(), None),
        (EffectivePostalCode.name(), None),
        (EffectiveCountry.name(), None),
        (EffectivePhonenumber.name(), None),
        (OfferAttestation.name(), None),
    ],
};

/// The parameters of a line for an existing tenant.
pub(super) static EXISTING_TENANT: EntryBundle = EntryBundle {
    label: "all parameters for an existing tenant",
    description: "The parameters that a sale of a Microsoft product to an existing tenant requires.",
    entries: &[
        (PartnerAttestation.name(), None),
        (TenantPreference.name(), Some("existing")),
        (MicrosoftTenantId.name(), None),
        (OfferAttestation.name(), None),
    ],
};

/// The parameters in the order in which the marketplace asks for them, then the others.
static ENTRIES: [NamedEntry; Parameter::ALL.len()] = [
    entry(PartnerAttestation),
    entry(TenantPreference),
    entry(MicrosoftDomain),
    entry(MicrosoftTenantId),
    entry(McaAcceptance),
    entry(AgreementDate),
    entry(FirstNameAgreement),
    entry(LastNameAgreement),
    entry(EmailAddressAgreement),
    entry(CustomerCompanyName),
    entry(CustomerEmail),
    entry(EffectiveAddress),
    entry(EffectiveCity),
    entry(EffectiveState),
    entry(EffectivePostalCode),
    entry(EffectiveCountry),
    entry(EffectivePhonenumber),
    entry(OfferAttestation),
    entry(CustomerTaxId),
    entry(SpecialQualifications),
];

const fn entry(parameter: Parameter) -> NamedEntry {
    NamedEntry {
        name: parameter.name(),
        summary: parameter.summary(),
        snippet: if parameter.is_attestation() {
            r#"{ "name": $name, "structured_value": { "attestation_accepted": $1 } }"#
        } else {
            r#"{ "name": $name, "value": "$1" }"#
        },
        choices: parameter.choices(),
        examples: parameter.examples(),
        together_with: parameter.together_with(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_an_entry() {
        for parameter in Parameter::ALL {
            let is_it = |entry: &&NamedEntry| entry.name == parameter.name();
            assert_eq!(
                ENTRIES.iter().filter(is_it).count(),
                1,
                "{}",
                parameter.name()
            );
        }
    }

    #[test]
    fn every_country_state_and_province_has_a_name() {
        let codes = |text: &'static str| text.lines().collect::<Vec<_>>();
        for (CodeNames(names), expected) in [
            (
                COUNTRIES,
                codes(include_str!("../../../rules/data/countries.txt")),
            ),
            (
                US_STATES,
                codes(include_str!("../../../rules/data/us-states.txt")),
            ),
            (
                CANADIAN_PROVINCES,
                codes(include_str!("../../../rules/data/canadian-provinces.txt")),
            ),
        ] {
            let lines = names.lines().filter_map(|line| line.split_once('='));
            let named = lines.filter(|(_, name)| !name.is_empty());
            assert_eq!(named.map(|(code, _)| code).collect::<Vec<_>>(), expected);
        }
    }
}
