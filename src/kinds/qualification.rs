//! Qualifications of Partner Center.

mod view;

pub use view::{Qualification, QualificationType, VettingStatus};

use crate::payload::{
    CountRole, Definitions, EditorHints, EnvelopeFormat, Evidence, Forms, Kind, Template,
};

/// A qualification: the status of a customer, such as a school or a public authority.
pub static QUALIFICATION: Kind = Kind::new(
    "qualification",
    "qualifications",
    include_str!("../../schemas/qualification.schema.json"),
)
.with_definitions(Definitions {
    unknown_form: Some("either"),
    ..Definitions::DEFAULT
})
.with_evidence(&[
    Evidence::All(&[
        Evidence::any(&["qualification"]),
        Evidence::Not(&Evidence::Object {
            property: "qualification",
        }),
    ]),
    // The status alone is also a property of other payloads.
    Evidence::All(&[
        Evidence::any(&["vettingStatus"]),
        Evidence::any(&[
            "vettingReason",
            "vettingCreatedDate",
            "vettingCreateDate",
            "educationSegment",
            "validationCode",
        ]),
    ]),
])
.with_forms(Forms {
    always_response: &[],
    request: &["educationSegment", "website", "validationCode"],
    response: &[
        "vettingStatus",
        "vettingReason",
        "vettingCreatedDate",
        "vettingCreateDate",
    ],
    list_is_response: true,
    may_be_unknown: true,
    complete: &[],
    special: &[],
})
.with_envelopes(&[EnvelopeFormat {
    list: "items",
    marker: "totalCount",
    header: None,
    definition: "envelope",
    counts_in: None,
    counts: &[("totalCount", CountRole::TotalCount)],
    omitted: None,
    is_specific: false,
}])
.with_key(&["qualification"])
.with_editor_hints(EditorHints {
    templates: &[
        Template {
            label: "qualification request for education",
            snippet: r#"
  "qualification": "Education",
  "educationSegment": "${1:K12}",
  "website": "$2"
"#,
            bundle: None,
        },
        Template {
            label: "qualification request for a government community cloud",
            snippet: r#"
  "qualification": "GovernmentCommunityCloud",
  "validationCode": "$1"
"#,
            bundle: None,
        },
        Template {
            label: "qualification request for a state-owned entity",
            snippet: r#"
  "qualification": "StateOwnedEntity"
"#,
            bundle: None,
        },
    ],
    ..EditorHints::NONE
});
