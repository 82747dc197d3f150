//! What a payload is recognised as: payloads of other kinds are named and cause no other finding.

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;

/// The rule and message of each finding.
fn findings(text: &str) -> Vec<String> {
    let outcome = Engine::new(Config::default()).check(&Document::parse(text));
    let findings = outcome.findings.iter();
    findings
        .map(|finding| format!("{}: {}", finding.rule, finding.message))
        .collect()
}

/// Payloads that are not of a kind that is checked, and what they are called.
const FOREIGN: &[(&str, &str)] = &[
    (
        "a subscription",
        r#"{"id":"71","name":"Mail","customerId":"72","status":"active","renewalStatus":true,"creationDate":"2026-05-14",
            "billingPeriod":{"type":"month","duration":1},"subscriptionPeriod":{"type":"year","duration":1}}"#,
    ),
    (
        "a subscription",
        r#"{"id":"71","offerId":"x","friendlyName":"Mail","quantity":3,"autoRenewEnabled":true,"status":"active"}"#,
    ),
    (
        "a Partner Center invoice line item",
        r#"{"customerId":"72","subscriptionId":"73","invoiceNumber":"G01","chargeType":"new","quantity":2,"unitPrice":4.5}"#,
    ),
    (
        "a Partner Center referral",
        r#"{"id":"1","engagementId":"2","name":"x","status":"New","qualification":"Direct","type":"Shared"}"#,
    ),
    (
        "a Partner Center legal business profile",
        r#"{"companyName":"x","primaryContact":{},"companyApproverEmail":"a@b.example","vettingStatus":"authorized"}"#,
    ),
    (
        "an order of the APS platform",
        r#"{"type":"SALES","accountId":"6","planId":"2"}"#,
    ),
    (
        "an order of the APS platform",
        r#"{"type":"SALES","accountId":"5","paymentMethodId":"0","products":[{"planId":"1"}]}"#,
    ),
    (
        "a parameter, document, template or terms of a SoftwareOne program",
        r#"{"id":"PDM-1","program":{"id":"PRG-1"},"name":"Terms","type":"File","status":"Published"}"#,
    ),
    (
        "a parameter, document, template or terms of a SoftwareOne program",
        r#"{"id":"PTC-1","name":"Terms","displayOrder":1,"status":"Active","program":{"id":"PRG-1"},"audit":{}}"#,
    ),
    (
        "a request to create a SoftwareOne enrollment",
        r#"{"program":{"id":"PRG-1"},"certificant":{"id":"LCE-1"},"licensee":{"id":"LCE-1"},"parameters":{}}"#,
    ),
    (
        "a request to create a SoftwareOne enrollment",
        r#"{"program":{"id":"PRG-1"},"certificant":{"id":"lce-4711-0815"},"parameters":{}}"#,
    ),
    (
        "a SoftwareOne enrollment",
        r#"{"program":{"id":"PRG-1"},"certificant":{"id":"LCE-4711-0815"},"status":"Draft","parameters":{}}"#,
    ),
];

#[test]
fn other_payloads_are_named_once() {
    for (title, text) in FOREIGN {
        let message = format!("looks like {title}; countersign has no rules for it");
        let expected = format!("payload/unknown-kind: this {message}");
        assert_eq!(findings(text), [expected], "{text}");
        let list = format!("[{text},{text},{text}]");
        let expected = format!("payload/unknown-kind: each of these 3 records {message}");
        assert_eq!(findings(&list), [expected], "{list}");
    }
}

#[test]
fn one_property_is_not_enough_evidence() {
    for text in [
        r#"{"customerId":"72"}"#,
        r#"{"vettingStatus":"Approved"}"#,
        r#"{"type":"sales"}"#,
        r#"{"qualification":{"level":"high"}}"#,
    ] {
        let found = findings(text);
        let is_unknown =
            |finding: &String| finding.starts_with("payload/unknown-kind: not recognised");
        assert!(
            found.len() == 1 && found.iter().all(is_unknown),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn qualifications_in_an_object_are_checked() {
    let text =
        r#"{"qualifications":[{"qualification":"Educaton"},{"qualification":"StateOwnedEntity"}]}"#;
    let found = findings(text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("schema/enum"), "{found:?}");
}

#[test]
fn id_of_a_certificate_outweighs_the_id_of_its_certificant() {
    let found = findings(
        r#"{"id":"CER-1234-5678-9012","program":{"id":"PRG-1234-5678"},"certificant":{"id":"LCE-1234-5678-9012"},
            "status":"Active","audit":{}}"#,
    );
    assert!(!found.is_empty());
    let is_unknown = |finding: &String| finding.starts_with("payload/unknown-kind");
    assert!(!found.iter().any(is_unknown), "{found:?}");
}
