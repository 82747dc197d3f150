//! The names that payloads use, of properties and of parameters: the vocabulary that documents are parsed
//! with.

use crate::json::{NameId, Vocabulary};

pub use crate::json::KnownName;

/// Every property name that an embedded schema or a payload type uses, and the name of every order parameter,
/// sorted.
pub static NAMES: [&str; 146] = [
    "$meta",
    "activationParameters",
    "agreement",
    "agreement_date",
    "agreements",
    "alignExpirationDate",
    "amount",
    "applicableTo",
    "at",
    "attestation_accepted",
    "attributes",
    "audit",
    "autorenewal",
    "billingModel",
    "billingPeriod",
    "buyer",
    "by",
    "certificant",
    "certificate",
    "client",
    "constraints",
    "coterming",
    "created",
    "creationDate",
    "creditCheck",
    "currency",
    "customerId",
    "customer_company_name",
    "customer_email",
    "customer_tax_id",
    "data",
    "deals",
    "details",
    "displayValue",
    "duration",
    "educationSegment",
    "effective_address",
    "effective_city",
    "effective_country",
    "effective_phonenumber",
    "effective_postal_code",
    "effective_state",
    "eligibility",
    "email_address_agreement",
    "error",
    "expirationDate",
    "extendedPrice",
    "externalId",
    "externalIds",
    "first_name_agreement",
    "freezePrices",
    "fulfillment",
    "hidden",
    "href",
    "icon",
    "id",
    "items",
    "key",
    "lastBillingDate",
    "last_name_agreement",
    "licensee",
    "limit",
    "lineItems",
    "lines",
    "links",
    "margins",
    "mca_acceptance",
    "message",
    "microsoft_domain",
    "microsoft_tenant_id",
    "migrationDate",
    "migrationProgram",
    "mpn",
    "name",
    "newId",
    "newMPN",
    "newProductId",
    "newSubscription",
    "nextBillingDate",
    "of",
    "offer_attestation",
    "offset",
    "omitted",
    "operations",
    "orderNumber",
    "ordering",
    "pagination",
    "parameters",
    "parameters.fulfillment",
    "parameters.ordering",
    "partner",
    "partner_on_record_attestation_accepted",
    "placementType",
    "planId",
    "poNumber",
    "ponumber",
    "priceModel",
    "priceTiers",
    "products",
    "program",
    "provisioningDate",
    "qualification",
    "quantity",
    "rates",
    "readonly",
    "required",
    "revision",
    "scheduledOn",
    "settings",
    "specialCost",
    "specialPrice",
    "specialProviderCost",
    "special_qualifications",
    "startDate",
    "status",
    "statusCode",
    "statusNotes",
    "structured_value",
    "subscriptionId",
    "subscriptionPeriod",
    "subscriptions",
    "targetSubscriptionId",
    "tcvs",
    "template",
    "tenant_preference",
    "terminated",
    "terms",
    "total",
    "totalCount",
    "totalRate",
    "type",
    "unique",
    "updated",
    "upgradeStartType",
    "validationCode",
    "value",
    "vendor",
    "vendorAlreadyAccountedTcvs",
    "vendorBillingSettings",
    "vendorDiscounts",
    "vendorRatedExtendedCost",
    "vettingCreateDate",
    "vettingCreatedDate",
    "vettingReason",
    "vettingStatus",
    "website",
];

/// The vocabulary of all payloads.
pub static VOCABULARY: Vocabulary = Vocabulary::new(&NAMES)
    .with_name_value_pair("name", "value")
    // Strings that may be the credentials of an HTTP `Authorization` header, or a placeholder.
    .with_suspicious_prefixes(&[
        "#",
        "'",
        "*",
        "Basic",
        "Bearer",
        "initial_password",
        "NaN",
        "System.",
        "undefined",
    ])
    // What programming languages print for a missing value.
    .with_suspicious_words(&["nil", "None", "null"]);

/// The property that holds the name of a parameter.
pub(crate) const NAME: KnownName = known("name");
/// The property that holds the value of a parameter.
pub(crate) const VALUE: KnownName = known("value");

/// The number of a name, for a constant.
///
/// # Panics
///
/// If the name is not in [`NAMES`]. In a `const` that is a compile error.
pub const fn known(name: &str) -> KnownName {
    VOCABULARY.known(name)
}

/// The id of a name.
pub fn id(name: &str) -> NameId {
    VOCABULARY.id(name)
}

/// The spelling of a name.
pub fn spelling(name: KnownName) -> &'static str {
    VOCABULARY.spelling(name)
}

/// The known name that equals `name` in ASCII letters of any case.
pub fn find_ignore_case(name: &str) -> Option<KnownName> {
    VOCABULARY.find_ignore_case(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_name_and_no_other() {
        for name in NAMES {
            let spelling = id(name).known().map(super::spelling);
            assert_eq!(spelling, Some(name));
            assert_eq!(id(&format!("{name}!")).known(), None);
        }
        assert_eq!(spelling(known("type")), "type");
    }

    #[test]
    fn names_have_no_hash_collision() {
        assert!(VOCABULARY.has_no_hash_collision());
    }
}
