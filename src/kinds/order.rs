//! Orders of the Cloud Marketplace.

pub mod entry;
pub mod parameter;
mod parameter_docs;
pub mod period;
mod view;

pub use view::{Line, Order, OrderType, ParameterString};

use crate::json::Node;
use crate::payload::{
    CountRole, EditorHints, EnvelopeFormat, Evidence, Form, Forms, Kind, ListLabel, Shape,
    SpecialRequest, Template,
};

/// An order of this type about a subscription.
macro_rules! of_subscription {
    ($order_type:literal) => {
        Evidence::All(&[
            Evidence::any(&["subscriptionId"]),
            Evidence::Prefix {
                property: "type",
                prefix: $order_type,
            },
        ])
    };
}

/// An order: a request to buy, change or cancel subscriptions, or the response of the marketplace.
pub static ORDER: Kind = Kind::new(
    "order",
    "orders",
    include_str!("../../schemas/order.schema.json"),
)
.with_evidence(&[
    of_subscription!("cancellation"),
    of_subscription!("change"),
    of_subscription!("renewal"),
    Evidence::Properties {
        at_least: 2,
        of: &[
            "customerId",
            "type",
            "products",
            "subscriptionPeriod",
            "poNumber",
            "orderNumber",
        ],
    },
])
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
    special: &[
        SpecialRequest {
            form: Form::Estimate,
            definition: "estimate",
            path: Some("/estimate"),
            property: None,
            shape: Some(Shape {
                without: "type",
                matches: has_only_quantities,
            }),
        },
        SpecialRequest {
            form: Form::Validation,
            definition: "validation",
            path: Some("/validation/parameters"),
            property: Some("draftRequestId"),
            shape: None,
        },
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
.with_list_labels(&[
    ListLabel {
        list: "products",
        label: "line",
        name: None,
    },
    ListLabel {
        list: "parameters",
        label: "parameter",
        name: Some("name"),
    },
])
.with_editor_hints(EditorHints {
    templates: &[
        Template {
            label: "order for a new tenant",
            snippet: SALE,
            bundle: Some(&parameter_docs::NEW_TENANT),
        },
        Template {
            label: "order for an existing tenant",
            snippet: SALE,
            bundle: Some(&parameter_docs::EXISTING_TENANT),
        },
        Template {
            label: "order that changes a quantity",
            snippet: r#"
  "customerId": "$1",
  "type": "change",
  "subscriptionId": "$2",
  "products": [
    { "mpn": "$3", "quantity": $4 }
  ]
"#,
            bundle: None,
        },
    ],
    named_entries: Some(&parameter_docs::PARAMETERS),
    // The API ignores them.
    not_offered: &["activationParameters", "key", "ponumber"],
});

/// A sale of a Microsoft product.
const SALE: &str = r#"
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
"#;

/// Whether an order has only a customer, products and quantities, as a request for an estimate does.
fn has_only_quantities(order: Node<'_>) -> bool {
    let has_only = |node: Node<'_>, names: &[&str]| {
        let mut members = node.members();
        members.all(|member| names.contains(&&*member.name_text()))
    };
    let is_quantity =
        |line: Node<'_>| line.get("quantity").is_some() && has_only(line, &["mpn", "quantity"]);
    has_only(order, &["customerId", "products"])
        && order.get("products").is_some_and(|lines| {
            lines.child_count() > 0 && lines.elements().all(is_quantity) && !lines.has_errors()
        })
}
