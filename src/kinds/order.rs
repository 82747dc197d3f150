//! Orders of the Cloud Marketplace.

pub mod parameter;
mod parameter_docs;
pub mod period;
mod view;

pub use view::{Line, Order, OrderType, ParameterString};

use crate::payload::{CountRole, EditorHints, EnvelopeFormat, Evidence, Forms, Kind, Template};

/// An order: a request to buy, change or cancel subscriptions, or the response of the marketplace.
pub static ORDER: Kind = Kind::new(
    "order",
    "orders",
    include_str!("../../schemas/order.schema.json"),
)
.with_evidence(&[Evidence::Properties {
    at_least: 2,
    of: &[
        "customerId",
        "type",
        "products",
        "subscriptionPeriod",
        "poNumber",
        "subscriptionId",
        "orderNumber",
    ],
}])
.with_forms(Forms {
    response: &[
        "id",
        "orderNumber",
        "status",
        "statusCode",
        "creationDate",
        "provisioningDate",
        "details",
        "total",
    ],
    ..Forms::REQUEST
})
.with_envelopes(&[EnvelopeFormat {
    list: "data",
    marker: "pagination",
    header: Some("pagination"),
    definition: "pagination",
    counts_in: None,
    counts: &[
        ("offset", CountRole::Offset),
        ("limit", CountRole::Limit),
        ("total", CountRole::Total),
    ],
    omitted: None,
    is_specific: true,
}])
.with_key(&["id", "orderNumber", "customerId"])
.with_editor_hints(EditorHints {
    templates: &[Template {
        label: "order that makes a new tenant",
        snippet: r#"
  "customerId": "$1",
  "type": "sales",
  "subscriptionPeriod": { "type": "${4:year}", "duration": ${5:1} },
  "products": [
    {
      "mpn": "$2",
      "quantity": $3,
      "billingPeriod": { "type": "${6:month}", "duration": ${7:1} },
      "parameters": [$entries]
    }
  ]
"#,
    }],
    named_entries: Some(&parameter_docs::PARAMETERS),
});
