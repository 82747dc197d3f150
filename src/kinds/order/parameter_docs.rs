//! Documentation of the parameters of an order, for completion and hover in editors.

use super::parameter::Parameter::{self, *};
use crate::payload::{NamedEntries, NamedEntry};

impl Parameter {
    /// The purpose of the parameter, in a sentence or two.
    pub const fn summary(self) -> &'static str {
        match self {
            AgreementDate => {
                "The day on which the customer accepted Microsoft's agreement, as MM-DD-YYYY."
            }
            CustomerCompanyName => "The customer's registered name, without abbreviations.",
            CustomerEmail => {
                "The customer's mail address. It is neither at Microsoft nor at the partner."
            }
            CustomerTaxId => "The customer's tax id, required in some countries.",
            EffectiveAddress => "Street and number of the customer.",
            EffectiveCity => "The customer's town.",
            EffectiveCountry => "The customer's country, by its two letters.",
            EffectivePhonenumber => "The customer's telephone number.",
            EffectivePostalCode => "The customer's postal code, as the country writes it.",
            EffectiveState => "The customer's state or province, by its letters.",
            EmailAddressAgreement => "The mail address of the person who accepted the agreement.",
            FirstNameAgreement => "The first name of the person who accepted the agreement.",
            LastNameAgreement => "The last name of the person who accepted the agreement.",
            McaAcceptance => "That the customer accepted the Microsoft Customer Agreement: `yes`.",
            MicrosoftDomain => {
                "The tenant's domain: for a new tenant one at onmicrosoft.com that is still free."
            }
            MicrosoftTenantId => "The id of the customer's tenant, where there is one already.",
            OfferAttestation => {
                "Whether the customer meets what the offer asks for, where it asks for something."
            }
            PartnerAttestation => "That the partner on record attests the order.",
            SpecialQualifications => "`soe` for an enterprise owned by the state, else `None`.",
            TenantPreference => "Whether a `new` tenant is made or an `existing` one is used.",
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
        "all that a new tenant needs",
        "The parameters of a line that makes a new tenant.",
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

/// The completion of a parameter. Attestations and the acceptance have no default: only the user can give
/// them.
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
