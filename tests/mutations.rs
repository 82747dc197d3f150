//! One mistake gives one finding: each valid fixture with a single change gives exactly one finding,
//! located at the change.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

#[path = "support/facts.rs"]
mod facts;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::Finding;
use countersign::json::{Kind, Node};
use countersign::span::Span;

/// A change to one value of a fixture.
enum Change {
    /// Replaces the value with this source text.
    Set(&'static str),
    /// Gives the property this name.
    Rename(&'static str),
    /// Removes the property or element.
    Remove,
    /// Inserts a copy of the property or element after it.
    Duplicate,
    /// Replaces the first occurrence of a substring of the value's source text.
    Replace(&'static str, &'static str),
    /// Inserts source text before the property or element.
    InsertBefore(&'static str),
    /// Inserts source text after the property or element.
    InsertAfter(&'static str),
}

use Change::{Duplicate, InsertAfter, InsertBefore, Remove, Rename, Replace, Set};

/// The expected location of the finding, relative to the changed value.
#[derive(Clone, Copy)]
enum Location {
    /// The value itself, under its new name if the property was renamed.
    Value,
    /// The object or array that contains the value.
    Container,
    /// The value at this path from the root.
    Path(&'static str),
}

use Location::{Container, Path, Value};

/// The path of the value to change, the change, and the rule and location of the expected finding.
///
/// In a path, `[x]` is the element whose `name` is `x`, and `*` the only element.
struct Mutation(&'static str, Change, &'static str, Location);

/// Mistakes in any order.
const ORDER_MUTATIONS: &[Mutation] = &[
    Mutation("/customerId", Remove, "schema/required", Container),
    Mutation("/customerId", Rename("custmerId"), "schema/required", Value),
    Mutation(
        "/customerId",
        Rename("CustomerID"),
        "payload/property-case",
        Value,
    ),
    Mutation("/customerId", Set("1000417733"), "schema/type", Value),
    Mutation("/customerId", Set("\"\""), "schema/min-length", Value),
    Mutation(
        "/customerId",
        Set("\" 1000417733\""),
        "payload/surrounding-space",
        Value,
    ),
    Mutation(
        "/customerId",
        Set("\"<customer>\""),
        "payload/placeholder",
        Value,
    ),
    Mutation("/customerId", Set("null"), "schema/type", Value),
    Mutation("/customerId", Duplicate, "json/duplicate-key", Value),
    Mutation(
        "/customerId",
        InsertAfter(","),
        "json/unexpected-token",
        Container,
    ),
    Mutation(
        "/customerId",
        InsertAfter(" // the customer"),
        "json/comment",
        Container,
    ),
    Mutation(
        "/customerId",
        InsertBefore("\u{A0}"),
        "json/invisible-character",
        Container,
    ),
    Mutation(
        "/customerId",
        Set("'1000417733'"),
        "json/foreign-quotes",
        Value,
    ),
    Mutation(
        "/customerId",
        Set("C1000417733"),
        "json/unquoted-string",
        Value,
    ),
    Mutation("/type", Remove, "schema/required", Container),
    Mutation("/type", Replace("sales", "Sales"), "schema/enum", Value),
    Mutation("/type", Replace("sales", "sael"), "schema/enum", Value),
    Mutation("/type", Replace("change", "chnage"), "schema/enum", Value),
    Mutation("/type", Set("true"), "schema/type", Value),
    Mutation(
        "/poNumber",
        Rename("ponumber"),
        "order/po-number-case",
        Value,
    ),
    Mutation("/poNumber", Set("2214"), "schema/type", Value),
    Mutation(
        "/poNumber",
        Rename("poNumbr"),
        "schema/additional-properties",
        Value,
    ),
    Mutation(
        "/poNumber",
        Rename("purchaseOrder"),
        "schema/additional-properties",
        Value,
    ),
    Mutation(
        "/subscriptionPeriod",
        Rename("subscriptionPeriods"),
        "schema/additional-properties",
        Value,
    ),
    Mutation(
        "/subscriptionPeriod/type",
        Set("\"yaer\""),
        "schema/enum",
        Value,
    ),
    Mutation(
        "/subscriptionPeriod/type",
        Remove,
        "schema/required",
        Container,
    ),
    Mutation(
        "/subscriptionPeriod/duration",
        Set("\"1\""),
        "schema/type",
        Value,
    ),
    Mutation(
        "/subscriptionPeriod/duration",
        Set("0"),
        "schema/minimum",
        Value,
    ),
    Mutation(
        "/subscriptionPeriod/duration",
        Set("1.5"),
        "schema/type",
        Value,
    ),
    Mutation(
        "/subscriptionPeriod/duration",
        Rename("durations"),
        "schema/required",
        Value,
    ),
    Mutation("/products/*/quantity", Set("\"2\""), "schema/type", Value),
    Mutation("/products/*/quantity", Set("2.5"), "schema/type", Value),
    Mutation(
        "/products/*/quantity",
        Set("05"),
        "json/foreign-literal",
        Value,
    ),
    Mutation(
        "/products/*/mpn",
        Replace(":", "-"),
        "order/mpn-shape",
        Value,
    ),
    Mutation(
        "/products/*/mpn",
        Replace("CFQ7TTC", "cfq7ttc"),
        "order/mpn-shape",
        Value,
    ),
];

/// Mistakes in sales lines with a New Commerce product.
const SALE_MUTATIONS: &[Mutation] = &[
    Mutation(
        "/subscriptionPeriod",
        Remove,
        "order/subscription-period-missing",
        Path("/products/*"),
    ),
    Mutation(
        "/subscriptionPeriod/duration",
        Set("7"),
        "order/unusual-period",
        Container,
    ),
    Mutation(
        "/products/*/quantity",
        Set("-1"),
        "schema/exclusive-minimum",
        Value,
    ),
    Mutation("/products/*/quantity", Remove, "schema/required", Container),
    Mutation(
        "/products/*/quantity",
        Rename("Quantity"),
        "payload/property-case",
        Value,
    ),
    Mutation(
        "/products/*/billingPeriod",
        Remove,
        "schema/required",
        Container,
    ),
    Mutation(
        "/products/*/parameters",
        Remove,
        "schema/required",
        Container,
    ),
    Mutation(
        "/products/*/parameters/[tenant_preference]/value",
        Replace("new", "New"),
        "order/unknown-choice",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[tenant_preference]/value",
        Replace("existing", "exisitng"),
        "order/unknown-choice",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[tenant_preference]/name",
        Set("\"tenant_preferance\""),
        "order/misnamed-parameter",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[tenant_preference]/value",
        Set("\"\""),
        "order/parameter-value-missing",
        Path("/products/*/parameters/[tenant_preference]/name"),
    ),
    Mutation(
        "/products/*/parameters/[tenant_preference]",
        Remove,
        "order/tenant-parameter-missing",
        Container,
    ),
    Mutation(
        "/products/*/parameters/[microsoft_domain]/value",
        Replace(".onmicrosoft.com", ""),
        "order/domain-shape",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[microsoft_domain]/name",
        Set("\"microsoft-domain\""),
        "order/misnamed-parameter",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[mca_acceptance]/value",
        Set("\"no\""),
        "order/mca-not-accepted",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[mca_acceptance]/value",
        Set("\"YES\""),
        "order/mca-not-accepted",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[mca_acceptance]/value",
        Set("true"),
        "order/parameter-type-mismatch",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[mca_acceptance]",
        Duplicate,
        "order/duplicate-parameter",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[partner_on_record_attestation_accepted]",
        Remove,
        "order/partner-attestation-missing",
        Container,
    ),
    Mutation(
        "/products/*/parameters/[partner_on_record_attestation_accepted]/structured_value/attestation_accepted",
        Set("false"),
        "order/partner-attestation-false",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[partner_on_record_attestation_accepted]/structured_value/attestation_accepted",
        Set("\"True\""),
        "order/parameter-type-mismatch",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[partner_on_record_attestation_accepted]/structured_value/attestation_accepted",
        Set("True"),
        "json/foreign-literal",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[partner_on_record_attestation_accepted]/structured_value",
        Set("true"),
        "schema/type",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[offer_attestation]",
        Remove,
        "order/offer-attestation-missing",
        Container,
    ),
    Mutation(
        "/products/*/parameters/[offer_attestation]/structured_value",
        Rename("value"),
        "order/value-misplaced",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[agreement_date]/value",
        Set("\"2024-11-05\""),
        "order/agreement-date-format",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[agreement_date]/value",
        Set("\"11/05/2024\""),
        "order/agreement-date-format",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[agreement_date]/value",
        Set("\"02-30-2024\""),
        "order/agreement-date-format",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[agreement_date]/value",
        Set("\"11-05-2031\""),
        "order/agreement-date-in-future",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[agreement_date]/name",
        Set("\"agreement date\""),
        "order/misnamed-parameter",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[first_name_agreement]",
        Remove,
        "order/agreement-incomplete",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[first_name_agreement]/value",
        Set("\"J\""),
        "order/person-name-shape",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[first_name_agreement]/value",
        Set("\" Mira\""),
        "payload/surrounding-space",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[last_name_agreement]/value",
        Set("\"Verhae\u{200B}gen\""),
        "payload/damaged-text",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[last_name_agreement]/value",
        Set("\"Verhae\u{7F}gen\""),
        "payload/damaged-text",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[last_name_agreement]/name",
        Set("\"agreement_last_name\""),
        "order/misnamed-parameter",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[email_address_agreement]/value",
        Replace("@", " at "),
        "order/email-shape",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[email_address_agreement]/value",
        Set("\"mira@example.org\""),
        "order/sample-value",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[customer_email]/value",
        Set("\"mira@microsoft.com\""),
        "order/customer-email-microsoft",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[customer_email]/value",
        Set("\"mira@fabrikam-partner.com\""),
        "order/customer-email-partner",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[customer_email]/value",
        Set("\"<mira@brassfinch.dev>\""),
        "order/email-shape",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[customer_company_name]/value",
        Set("\"LLC\""),
        "order/company-abbreviation",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[customer_company_name]/value",
        Set("\"Brassfinch  Tools\""),
        "order/company-spacing",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[customer_company_name]/value",
        Set("\"Brassfinch\\tTools\""),
        "order/company-spacing",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[customer_company_name]/value",
        Set("\"Brassfinch Ltd\""),
        "order/company-abbreviation-word",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[customer_company_name]/value",
        Set("\"777\""),
        "order/company-one-character",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[effective_country]/value",
        Replace("US", "us"),
        "order/unknown-country",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[effective_country]/value",
        Set("\"Atlantis\""),
        "order/unknown-country",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[effective_city]",
        Remove,
        "order/address-incomplete",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[effective_phonenumber]/value",
        Set("\"ask inside\""),
        "order/phone-shape",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[special_qualifications]/value",
        Set("\"SOE\""),
        "order/unknown-choice",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[special_qualifications]/name",
        Set("\"favourite_colour\""),
        "order/unknown-parameter",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[microsoft_tenant_id]/value",
        Replace("-", ""),
        "order/tenant-id-shape",
        Value,
    ),
    Mutation(
        "/products/*/parameters/[effective_country]/value",
        Replace("CA", "ca"),
        "order/unknown-country",
        Value,
    ),
];

/// Mistakes in sales lines for a new tenant.
const NEW_TENANT_MUTATIONS: &[Mutation] = &[Mutation(
    "/products/*/parameters/[microsoft_domain]/value",
    Set("\"contoso.onmicrosoft.com\""),
    "order/sample-value",
    Value,
)];

/// Mistakes in any certificate.
const CERTIFICATE_MUTATIONS: &[Mutation] = &[
    Mutation("/id", Set("\"CER-1234\""), "schema/pattern", Value),
    Mutation("/status", Set("\"...\""), "payload/placeholder", Value),
    Mutation("/status", Replace("Active", "active"), "schema/enum", Value),
    Mutation("/status", Replace("Active", "Actve"), "schema/enum", Value),
    Mutation("/status", Set("7"), "schema/type", Value),
    Mutation("/program", Remove, "schema/required", Container),
    Mutation("/program/id", Set("\"PRG-12\""), "schema/pattern", Value),
    Mutation("/program/id", Remove, "schema/required", Container),
    Mutation(
        "/client",
        Rename("certificant"),
        "certificate/certificant-alias",
        Value,
    ),
    Mutation("/client", Rename("Client"), "payload/property-case", Value),
    Mutation(
        "/client/id",
        Set("\"ACC-3071-552\""),
        "schema/pattern",
        Value,
    ),
    Mutation(
        "/applicableTo",
        Replace("Buyer", "buyer"),
        "certificate/scope-case",
        Value,
    ),
    Mutation("/applicableTo", Set("\"Seller\""), "schema/enum", Value),
    Mutation(
        "/expirationDate",
        Set("\"04-12-2025\""),
        "certificate/expiration-format",
        Value,
    ),
    Mutation(
        "/expirationDate",
        Set("\"2025-02-30\""),
        "certificate/expiration-format",
        Value,
    ),
    Mutation("/revision", Set("\"4\""), "schema/type", Value),
    Mutation("/eligibility/client", Set("\"true\""), "schema/type", Value),
    Mutation(
        "/audit/created/at",
        Set("\"yesterday\""),
        "schema/format",
        Value,
    ),
    Mutation("/name", Rename("Name"), "payload/property-case", Value),
    Mutation("/name", Set("12"), "schema/type", Value),
];

/// Mistakes in any qualification.
const QUALIFICATION_MUTATIONS: &[Mutation] = &[
    Mutation(
        "/qualification",
        Replace("StateOwnedEntity", "SOE"),
        "qualification/short-name",
        Value,
    ),
    Mutation(
        "/qualification",
        Replace("StateOwnedEntity", "stateOwnedEntity"),
        "schema/enum",
        Value,
    ),
    Mutation(
        "/qualification",
        Replace("Education", "Educaton"),
        "schema/enum",
        Value,
    ),
    Mutation(
        "/*/vettingStatus",
        Replace("InReview", "In Review"),
        "qualification/vetting-status-spelling",
        Value,
    ),
    Mutation(
        "/*/vettingStatus",
        Replace("Approved", "approved"),
        "qualification/vetting-status-spelling",
        Value,
    ),
    Mutation(
        "/*/vettingStatus",
        Set("\"Rejected\""),
        "qualification/unknown-vetting-status",
        Value,
    ),
    Mutation("/*/vettingStatus", Set("1"), "schema/type", Value),
    Mutation(
        "/*/vettingReason",
        Set("\"Because\""),
        "qualification/reason-unfamiliar",
        Value,
    ),
    Mutation(
        "/*/vettingCreatedDate",
        Set("\"07/09/2020\""),
        "qualification/date-format",
        Value,
    ),
    Mutation(
        "/*/vettingCreatedDate",
        Set("\"2020-12-03T12:37:38+02:00\""),
        "qualification/date-not-utc",
        Value,
    ),
    Mutation(
        "/*/vettingCreatedDate",
        Rename("vettingCreatdDate"),
        "schema/additional-properties",
        Value,
    ),
    Mutation("/educationSegment", Set("\"K-12\""), "schema/enum", Value),
    Mutation(
        "/educationSegment",
        Rename("EducationSegment"),
        "payload/property-case",
        Value,
    ),
];

/// Mistakes in requests to Partner Center to create a customer, in camel case.
const CUSTOMER_MUTATIONS: &[Mutation] = &[
    Mutation("/companyProfile", Remove, "schema/required", Container),
    Mutation(
        "/companyProfile",
        Rename("companyProfil"),
        "schema/required",
        Value,
    ),
    Mutation("/billingProfile", Remove, "schema/required", Container),
    Mutation(
        "/billingProfile/email",
        Remove,
        "schema/required",
        Container,
    ),
    Mutation(
        "/billingProfile/email",
        Rename("e-mail"),
        "schema/required",
        Value,
    ),
    Mutation(
        "/billingProfile/email",
        Set("\"\""),
        "schema/min-length",
        Value,
    ),
    Mutation(
        "/billingProfile/email",
        Replace("@", " at "),
        "customer/email-shape",
        Value,
    ),
    Mutation(
        "/billingProfile/email",
        Set("\"<e-mail>\""),
        "payload/placeholder",
        Value,
    ),
    Mutation(
        "/billingProfile/email",
        Set("\"ann@microsoft.com\""),
        "customer/email-microsoft",
        Value,
    ),
    Mutation(
        "/billingProfile/email",
        Set("\"ann@brassfinch.con\""),
        "customer/email-shape",
        Value,
    ),
    Mutation(
        "/billingProfile/email",
        Set("\"ann@contoso.com\""),
        "customer/sample-value",
        Value,
    ),
    Mutation(
        "/billingProfile/culture",
        Remove,
        "schema/required",
        Container,
    ),
    Mutation(
        "/billingProfile/culture",
        Set("\"english\""),
        "customer/unknown-culture",
        Value,
    ),
    Mutation(
        "/billingProfile/culture",
        Set("\"en_US\""),
        "customer/unknown-culture",
        Value,
    ),
    Mutation(
        "/billingProfile/language",
        Set("\"eng\""),
        "schema/pattern",
        Value,
    ),
    Mutation(
        "/billingProfile/companyName",
        Set("\"llc\""),
        "customer/company-abbreviation",
        Value,
    ),
    Mutation(
        "/billingProfile/companyName",
        Set("\"Brassfinch Inc.\""),
        "customer/company-abbreviation-word",
        Value,
    ),
    Mutation(
        "/billingProfile/companyName",
        Set("\"&-&\""),
        "customer/company-blank",
        Value,
    ),
    Mutation(
        "/billingProfile/companyName",
        Set("\"aaa\""),
        "customer/company-one-character",
        Value,
    ),
    Mutation(
        "/billingProfile/companyName",
        Set("\"B F T\""),
        "customer/company-spaced-characters",
        Value,
    ),
    Mutation(
        "/billingProfile/companyName",
        Set("\" Brassfinch Tools\""),
        "customer/company-spacing",
        Value,
    ),
    Mutation(
        "/billingProfile/companyName",
        Set("\"brassfinch.fr\""),
        "customer/company-domain-suffix",
        Value,
    ),
    Mutation(
        "/companyProfile/domain",
        Set("\"brassfinch\""),
        "customer/domain-shape",
        Value,
    ),
    Mutation(
        "/companyProfile/domain",
        Set("\"brass-finch.onmicrosoft.com\""),
        "customer/domain-shape",
        Value,
    ),
    Mutation(
        "/companyProfile/domain",
        Set("\"mydomain.onmicrosoft.com\""),
        "customer/sample-value",
        Value,
    ),
    Mutation("/companyProfile/domain", Set("null"), "schema/type", Value),
    Mutation(
        "/billingProfile/defaultAddress",
        Remove,
        "schema/required",
        Container,
    ),
    Mutation(
        "/billingProfile/defaultAddress/country",
        Remove,
        "schema/required",
        Container,
    ),
    Mutation(
        "/billingProfile/defaultAddress/country",
        Set("\"Utopia\""),
        "customer/unknown-country",
        Value,
    ),
    Mutation(
        "/billingProfile/defaultAddress/addressLine1",
        Remove,
        "schema/required",
        Container,
    ),
    Mutation(
        "/billingProfile/defaultAddress/firstName",
        Set("\"1\""),
        "customer/person-name-shape",
        Value,
    ),
    Mutation(
        "/billingProfile/defaultAddress/phoneNumber",
        Set("\"call me\""),
        "customer/phone-shape",
        Value,
    ),
    Mutation(
        "/billingProfile/defaultAddress/phoneNumber",
        Rename("phoneNumbr"),
        "schema/additional-properties",
        Value,
    ),
    Mutation(
        "/companyProfile/organizationRegistrationNumber",
        Set("\"12\""),
        "customer/registration-number-shape",
        Value,
    ),
    Mutation(
        "/companyProfile/organizationRegistrationNumber",
        Remove,
        "customer/registration-number-missing",
        Path("/billingProfile/defaultAddress/country"),
    ),
];

/// Mistakes in requests to the marketplace to create a customer.
const MARKETPLACE_CUSTOMER_MUTATIONS: &[Mutation] = &[
    Mutation("/name", Remove, "schema/required", Container),
    Mutation(
        "/name",
        Set("\"GmbH\""),
        "customer/company-abbreviation",
        Value,
    ),
    Mutation("/language", Remove, "schema/required", Container),
    Mutation(
        "/address/countryCode",
        Set("\"USA\""),
        "customer/unknown-country",
        Value,
    ),
    Mutation(
        "/address/countryCode",
        Set("\"SY\""),
        "customer/country-not-sold",
        Value,
    ),
    Mutation(
        "/address/postalCode",
        Set("\"146\""),
        "customer/postal-code-shape",
        Value,
    ),
    Mutation(
        "/address/state",
        Set("\"N.Y.\""),
        "customer/unknown-state",
        Value,
    ),
    Mutation("/contactPersons", Set("[]"), "schema/min-items", Value),
    Mutation(
        "/contactPersons/*/type",
        Set("\"owner\""),
        "schema/enum",
        Value,
    ),
    Mutation(
        "/contactPersons/*/email",
        Set("\"orla\""),
        "customer/email-shape",
        Value,
    ),
    Mutation(
        "/contactPersons/*/phoneNumber",
        Set("\"+1 585 555 0142\""),
        "customer/marketplace-phone-shape",
        Value,
    ),
    Mutation(
        "/contactPersons/*/lastName",
        Remove,
        "schema/required",
        Container,
    ),
];

/// Mistakes in the answer of the marketplace to the validation of an order.
const VALIDATION_RESULT_MUTATIONS: &[Mutation] = &[
    Mutation(
        "/data/*/parameters/[microsoft_domain]/result",
        Set("\"error\""),
        "answer/refused-parameter",
        Path("/data/*/parameters/[microsoft_domain]/name"),
    ),
    Mutation(
        "/data/*/parameters/[microsoft_domain]/result",
        Set("\"failed\""),
        "schema/enum",
        Value,
    ),
    Mutation(
        "/data/*/parameters/[microsoft_domain]/name",
        Set("7"),
        "schema/type",
        Value,
    ),
];

/// Fixture, path and reason of the mutations that correctly give another finding or none.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "answer-with-nulls",
        "/*/vettingReason",
        "a reason is not allowed next to Approved, whatever its value",
    ),
    (
        "minimal-record",
        "/program",
        "four properties are a selection of properties, in which none is missing",
    ),
    (
        "request-minimal",
        "/program",
        "without a program it is not recognised as a certificate",
    ),
    (
        "request-to-create",
        "/program",
        "without a program it is not recognised as a certificate",
    ),
];

/// The valid JSON fixtures of a kind, sorted by path.
fn fixtures(kind: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/valid")
        .join(kind);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "json"))
        .collect();
    files.sort();
    files
}

/// A value together with its property name and its pointer.
struct Target<'d> {
    /// The span of the property, or of the value if it has no name.
    span: Span,
    name: Option<Node<'d>>,
    value: Node<'d>,
    pointer: String,
}

/// Returns the value at a path, if the document has one.
fn find<'d>(root: Node<'d>, path: &str) -> Option<Target<'d>> {
    let mut target = Target {
        span: root.span(),
        name: None,
        value: root,
        pointer: String::new(),
    };
    for segment in path.split('/').skip(1) {
        let parent = target.value;
        let (name, value, token) = match parent.kind() {
            Kind::Object => {
                let member = parent.member(segment)?;
                (Some(member.name), member.value, segment.to_owned())
            }
            Kind::Array => {
                let wanted = segment.trim_matches(['[', ']']);
                let is_wanted = |element: &Node<'d>| {
                    wanted == "*" && parent.child_count() == 1
                        || element.get("name").is_some_and(|name| name.is_text(wanted))
                };
                let index = parent.elements().position(|element| is_wanted(&element))?;
                (None, parent.elements().nth(index)?, index.to_string())
            }
            _ => return None,
        };
        let start = name.unwrap_or(value).span().start;
        target = Target {
            span: Span::new(start, value.span().end),
            name,
            value,
            pointer: format!("{}/{token}", target.pointer),
        };
    }
    Some(target)
}

/// Returns the mutated text and the pointer of the expected finding, if the mutation applies to the text.
fn mutate(text: &str, mutation: &Mutation) -> Option<(String, String)> {
    let Mutation(path, change, _, location) = mutation;
    let document = Document::parse(text);
    let root = document.roots().next()?;
    let target = find(root, path)?;
    let (span, replacement) = edit_for(text, &target, change)?;
    let mut mutated = text.to_owned();
    mutated.replace_range(span.start as usize..span.end as usize, &replacement);
    let expected = match location {
        Value => changed_pointer(&target.pointer, &target, change)?,
        Container => parent_pointer(&target.pointer).to_owned(),
        Path(path) => find(root, path)?.pointer,
    };
    Some((mutated, expected))
}

/// Returns the edit that makes a change, if the change applies to the value.
fn edit_for(text: &str, target: &Target, change: &Change) -> Option<(Span, String)> {
    let edit = match change {
        Set(new) => (target.value.span(), (*new).to_owned()),
        Rename(new) => (target.name?.content_span(), (*new).to_owned()),
        Replace(old, new) => {
            let source = target.value.source();
            if !source.contains(old) {
                return None;
            }
            (target.value.span(), source.replacen(old, new, 1))
        }
        InsertBefore(new) => (Span::empty(target.span.start), (*new).to_owned()),
        InsertAfter(new) => (
            Span::empty(insertion_offset_after(text, target)?),
            (*new).to_owned(),
        ),
        Duplicate => {
            let source = target.span.of(text);
            (Span::empty(target.span.end), format!(", {source}"))
        }
        Remove => (removal_span(text, target)?, String::new()),
    };
    Some(edit)
}

/// Returns the offset after a property or element and its comma, if nothing else follows on the line.
///
/// An inserted comment would otherwise comment out the rest of the line.
fn insertion_offset_after(text: &str, target: &Target) -> Option<u32> {
    let rest = &text[target.span.end as usize..];
    let is_last_on_line = rest.trim_start_matches(',').starts_with(['\r', '\n']);
    is_last_on_line.then(|| target.span.end + u32::from(rest.starts_with(',')))
}

/// Returns the span of a property or element together with the comma that separates it from its neighbour.
fn removal_span(text: &str, target: &Target) -> Option<Span> {
    let before = &text[..target.span.start as usize];
    let after = &text[target.span.end as usize..];
    if before.trim_end().ends_with(['{', '[']) {
        let separator = after.len() - after.trim_start_matches([',', ' ', '\r', '\n']).len();
        Some(Span::new(
            target.span.start,
            target.span.end + separator as u32,
        ))
    } else {
        let comma = before.rfind(',')?;
        Some(Span::new(comma as u32, target.span.end))
    }
}

/// Returns the pointer of the changed value after the change.
fn changed_pointer(pointer: &str, target: &Target, change: &Change) -> Option<String> {
    match change {
        Rename(new) => Some(format!("{}/{new}", parent_pointer(pointer))),
        // In an array, the copy is the next element, and the finding points at its name.
        Duplicate if target.name.is_none() => {
            let (array, index) = pointer.rsplit_once('/')?;
            Some(format!("{array}/{}/name", index.parse::<usize>().ok()? + 1))
        }
        _ => Some(pointer.to_owned()),
    }
}

fn parent_pointer(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The findings of a text, with the facts that hold for every fixture.
fn findings(text: &str) -> Vec<Finding> {
    let mut config = Config::default();
    facts::apply(
        "today=2026-01-01 partner-domain=fabrikam-partner.com",
        &mut config,
    );
    Engine::new(config).check(&Document::parse(text)).findings
}

/// Whether the findings are exactly the one that a mutation expects.
fn is_expected(found: &[Finding], mutation: &Mutation, pointer: &str) -> bool {
    match found {
        [only] => {
            only.rule == mutation.2
                // A missing parameter may be reported at another parameter of its group.
                && (only.pointer == pointer || only.rule.ends_with("-incomplete"))
        }
        _ => false,
    }
}

/// Applies each mutation to each fixture of a kind that `applies_to` accepts.
///
/// # Panics
///
/// If a mutated fixture does not give exactly the expected finding, or a mutation applies to no fixture.
fn assert_one_finding_each(kind: &str, applies_to: fn(&str) -> bool, mutations: &[Mutation]) {
    let mut failures = Vec::new();
    let mut applied = BTreeSet::new();
    for path in fixtures(kind) {
        let text = fs::read_to_string(&path).unwrap();
        if !applies_to(&text) {
            continue;
        }
        let fixture = path.file_stem().unwrap().to_string_lossy().into_owned();
        for (number, mutation) in mutations.iter().enumerate() {
            let Some((mutated, pointer)) = mutate(&text, mutation) else {
                continue;
            };
            let is_exception =
                |(name, path, _): &(&str, &str, &str)| fixture == *name && mutation.0 == *path;
            if mutated == text || EXCEPTIONS.iter().any(is_exception) {
                continue;
            }
            applied.insert(number);
            let found = findings(&mutated);
            if !is_expected(&found, mutation, &pointer) {
                let found: Vec<String> = found
                    .iter()
                    .map(|finding| format!("{} {}", finding.rule, finding.pointer))
                    .collect();
                failures.push(format!(
                    "{fixture}: {} for {} at {pointer}: {found:?}",
                    mutation.2, mutation.0
                ));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
    let unused: Vec<&str> = (0..mutations.len())
        .filter(|number| !applied.contains(number))
        .map(|number| mutations[number].2)
        .collect();
    assert_eq!(unused, [""; 0], "mutations that apply to no {kind}");
}

#[test]
fn a_mistake_in_an_order_gives_one_finding() {
    assert_one_finding_each("order", |_| true, ORDER_MUTATIONS);
}

/// Whether a text is a sales order for New Commerce products, in the property names of the orders API.
fn is_sale(text: &str) -> bool {
    text.contains("\"sales\"")
        && text.contains("CFQ7TTC")
        && !text.contains("microsoft_order_type")
        && !text.contains("\"status\"")
}

#[test]
fn a_mistake_in_a_sales_line_gives_one_finding() {
    assert_one_finding_each("order", is_sale, SALE_MUTATIONS);
}

#[test]
fn a_mistake_in_a_line_for_a_new_tenant_gives_one_finding() {
    assert_one_finding_each(
        "order",
        |text| is_sale(text) && text.contains("\"new\""),
        NEW_TENANT_MUTATIONS,
    );
}

#[test]
fn a_mistake_in_a_certificate_gives_one_finding() {
    assert_one_finding_each("certificate", |_| true, CERTIFICATE_MUTATIONS);
}

#[test]
fn a_mistake_in_a_qualification_gives_one_finding() {
    assert_one_finding_each("qualification", |_| true, QUALIFICATION_MUTATIONS);
}

#[test]
fn a_mistake_in_a_customer_gives_one_finding() {
    let is_request = |text: &str| text.contains("\"billingProfile\"") && !text.contains("\"id\"");
    assert_one_finding_each("customer", is_request, CUSTOMER_MUTATIONS);
}

#[test]
fn a_mistake_in_a_customer_of_the_marketplace_gives_one_finding() {
    let is_request = |text: &str| text.contains("\"contactPersons\"") && !text.contains("\"id\"");
    assert_one_finding_each("customer", is_request, MARKETPLACE_CUSTOMER_MUTATIONS);
}

#[test]
fn a_refusal_in_an_answer_gives_one_finding() {
    assert_one_finding_each("validation-result", |_| true, VALIDATION_RESULT_MUTATIONS);
}

/// A pseudo-random number generator (Lehmer, multiplier 48271); the same seed gives the same numbers.
struct Random(u64);

impl Random {
    /// A number below `limit`, or 0 if `limit` is 0.
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0 * 48_271 % 0x7FFF_FFFF;
        self.0 as usize % limit.max(1)
    }
}

/// Returns the text with up to 40 bytes removed or duplicated, or with a token inserted.
fn corrupt(text: &str, random: &mut Random) -> String {
    const TOKENS: [&str; 14] = [
        "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "\u{A0}", "é", "\0", "//", "-",
    ];
    let boundaries: Vec<usize> = text.char_indices().map(|(offset, _)| offset).collect();
    let mut ends = [
        boundaries[random.below(boundaries.len())],
        boundaries[random.below(boundaries.len())],
    ];
    ends.sort_unstable();
    let [start, end] = [ends[0], ends[1].min(ends[0] + 40)];
    let end = (start..=end)
        .rev()
        .find(|offset| text.is_char_boundary(*offset))
        .unwrap();
    let mut corrupted = text.to_owned();
    match random.below(3) {
        0 => corrupted.replace_range(start..end, ""),
        1 => corrupted.insert_str(
            boundaries[random.below(boundaries.len())],
            &text[start..end],
        ),
        _ => corrupted.insert_str(start, TOKENS[random.below(TOKENS.len())]),
    }
    corrupted
}

#[test]
fn spans_and_edits_lie_on_character_boundaries_in_corrupted_text() {
    let mut random = Random(20_261_121);
    let files: Vec<PathBuf> = ["order", "certificate", "qualification"]
        .iter()
        .flat_map(|kind| fixtures(kind))
        .collect();
    for path in &files {
        let text = fs::read_to_string(path).unwrap();
        for _ in 0..60 {
            let corrupted = corrupt(&text, &mut random);
            for finding in findings(&corrupted) {
                let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
                let spans = edits.map(|edit| edit.span).chain([finding.span]);
                for span in spans.chain(finding.labels.iter().map(|label| label.span)) {
                    assert!(
                        corrupted
                            .get(span.start as usize..span.end as usize)
                            .is_some(),
                        "{} at {span:?} in\n{corrupted}",
                        finding.rule
                    );
                }
            }
        }
    }
}
