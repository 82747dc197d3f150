//! Certificates of the SoftwareOne Marketplace.

mod enums;
mod view;

pub use enums::{Phase, Scope, Status};
pub use view::{Certificate, CertificateParameter, DottedList, Event, Reference, Resource};

use crate::payload::{
    CountRole, Definitions, EditorHints, EnvelopeFormat, Evidence, Forms, Kind, Template,
};

/// The path at which an envelope or a certificate lists the properties that were left out.
const OMITTED: [&str; 2] = ["$meta", "omitted"];

/// A certificate: the proof that a client is enrolled in a vendor's program.
pub static CERTIFICATE: Kind = Kind::new(
    "certificate",
    "certificates",
    include_str!("../../schemas/certificate.schema.json"),
)
.with_definitions(Definitions {
    request: "request",
    response: "record",
    unknown_form: None,
    projection: Some("projection"),
})
.with_evidence(&[
    Evidence::any(&["certificant"]),
    Evidence::All(&[
        Evidence::any(&["program"]),
        Evidence::any(&[
            "client",
            "buyer",
            "licensee",
            "applicableTo",
            "eligibility",
            "status",
        ]),
    ]),
    Evidence::Prefix {
        property: "id",
        prefix: "CER",
    },
    Evidence::Contains {
        property: "href",
        text: "/certificates/",
    },
])
.with_forms(Forms {
    always_response: &["status"],
    response: &["id", "href", "status", "audit"],
    complete: &[
        &["id"],
        &["program"],
        &["client", "certificant"],
        &["status"],
        &["audit"],
    ],
    ..Forms::REQUEST
})
.with_envelopes(&[EnvelopeFormat {
    list: "data",
    marker: "$meta",
    header: Some("$meta"),
    definition: "listMeta",
    counts_in: Some("pagination"),
    counts: &[
        ("offset", CountRole::Offset),
        ("limit", CountRole::Limit),
        ("total", CountRole::Total),
    ],
    omitted: Some(OMITTED),
    is_specific: true,
}])
.with_editor_hints(EditorHints {
    templates: &[Template {
        label: "request to create a certificate",
        snippet: r#"
  "program": { "id": "$1" },
  "client": { "id": "$2" }
"#,
        bundle: None,
    }],
    ..EditorHints::NONE
});
