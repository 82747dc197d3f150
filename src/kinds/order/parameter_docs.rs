//! Documentation of the parameters of an order, for completion and hover in editors.

use super::parameter::Parameter::{self, *};
use crate::payload::{NamedEntries, NamedEntry};

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

    /// The allowed values, if they are enumerable, the most common first.
    pub const fn choices(self) -> &'static [&'static str] {
        match self {
            TenantPreference => &["new", "existing"],
            SpecialQualifications => &["None", "soe"],
            McaAcceptance => &["yes"],
            _ => &[],
        }
    }
}

/// The parameters of an order line, as hints for editors.
pub(super) static PARAMETERS: NamedEntries = NamedEntries {
    property: "parameters",
    name: "name",
    value: "value",
    entries: &ENTRIES,
    complete: (
        FOR_NEW_TENANT,
        "all parameters for a new tenant",
        "The parameters of a line that creates a new tenant.",
    ),
};

/// The number of [`ENTRIES`] that a line for a new tenant has.
const FOR_NEW_TENANT: usize = 16;

/// The entries of a line for a new tenant in the order in which the marketplace asks for them, then
/// the others.
static ENTRIES: [NamedEntry; Parameter::ALL.len()] = [
    entry(PartnerAttestation),
    entry(TenantPreference),
    entry(MicrosoftDomain),
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
    entry(CustomerTaxId),
    entry(MicrosoftTenantId),
    entry(OfferAttestation),
    entry(SpecialQualifications),
];

/// The completion of a parameter. Attestations and the acceptance have no default, because only the user can
/// give them.
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
}
