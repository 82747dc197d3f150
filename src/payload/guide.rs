//! What the parameters of an order are for, told to whoever fills them in.

use super::parameter::Parameter::{self, *};

impl Parameter {
    /// What it says, in a sentence or two.
    pub fn summary(self) -> &'static str {
        match self {
            AgreementDate => {
                "The day on which the customer accepted Microsoft's agreement, as MM-DD-YYYY."
            }
            CustomerCompanyName => "The customer's registered name, without abbreviations.",
            CustomerEmail => {
                "The customer's mail address. It is neither at Microsoft nor at the partner."
            }
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

    /// The values it can have, where these are few. The last of two is the rarer one.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            TenantPreference => &["new", "existing"],
            SpecialQualifications => &["None", "soe"],
            McaAcceptance => &["yes"],
            _ => &[],
        }
    }

    /// What a new tenant's line of a sale has, in the order in which it is asked for.
    pub const FOR_NEW_TENANT: [Parameter; 16] = [
        PartnerAttestation,
        TenantPreference,
        MicrosoftDomain,
        McaAcceptance,
        AgreementDate,
        FirstNameAgreement,
        LastNameAgreement,
        EmailAddressAgreement,
        CustomerCompanyName,
        CustomerEmail,
        EffectiveAddress,
        EffectiveCity,
        EffectiveState,
        EffectivePostalCode,
        EffectiveCountry,
        EffectivePhonenumber,
    ];
}
