//! Customers, as they are created in Partner Center and in the Cloud Marketplace.

mod view;

pub use view::{Customer, Field, Role};

use crate::payload::{
    EditorHints, Evidence, Form, Forms, Kind, ListLabel, SpecialRequest, Template,
};

/// A customer: a request to create one in Partner Center or in the Cloud Marketplace, or a response of one of them.
pub static CUSTOMER: Kind = Kind::new(
    "customer",
    "customers",
    include_str!("../../schemas/customer.schema.json"),
)
.with_evidence(&[
    Evidence::any(&["companyProfile", "billingProfile"]),
    Evidence::All(&[
        Evidence::any(&["contactPersons"]),
        Evidence::any(&["address", "language", "name"]),
    ]),
])
.with_forms(Forms {
    response: &["id", "commerceId"],
    list_is_response: true,
    special: &[SpecialRequest {
        form: Form::Marketplace,
        definition: "marketplace",
        path: None,
        property: Some("contactPersons"),
        shape: None,
    }],
    ..Forms::REQUEST
})
// Partner Center's libraries for .NET write `CompanyProfile`, its documentation both.
.with_names_in_any_case()
.with_key(&["id", "externalId", "name"])
.with_list_labels(&[ListLabel {
    list: "contactPersons",
    label: "contact",
    name: None,
}])
.with_editor_hints(EditorHints {
    templates: &[
        Template {
            label: "customer in Partner Center",
            snippet: r#"
  "enableGDAPByDefault": true,
  "companyProfile": {
    "domain": "$1.onmicrosoft.com"
  },
  "billingProfile": {
    "email": "$2",
    "culture": "${3:en-US}",
    "language": "${4:en}",
    "companyName": "$5",
    "defaultAddress": {
      "country": "${6:US}",
      "city": "$7",
      "state": "$8",
      "addressLine1": "$9",
      "postalCode": "$10",
      "firstName": "$11",
      "lastName": "$12",
      "phoneNumber": "$13"
    }
  }
"#,
            bundle: None,
        },
        Template {
            label: "customer in the marketplace",
            snippet: r#"
  "name": "$1",
  "address": {
    "streetAddress": "$2",
    "postalCode": "$3",
    "city": "$4",
    "countryCode": "${5:US}"
  },
  "contactPersons": [
    {
      "type": "admin",
      "firstName": "$6",
      "lastName": "$7",
      "email": "$8",
      "phoneNumber": "$9"
    }
  ],
  "language": "${10:en}"
"#,
            bundle: None,
        },
    ],
    // Only the services set them.
    not_offered: &[
        "allowDelegatedAccess",
        "attributes",
        "commerceId",
        "id",
        "links",
        "password",
        "resellerId",
        "tenantId",
        "userCredentials",
    ],
    ..EditorHints::NONE
});
