//! Error bodies of Partner Center.

use crate::payload::{Definitions, Evidence, Forms, Kind};

/// An error that Partner Center returns instead of a resource.
pub static VENDOR_ERROR: Kind = Kind::new(
    "vendor-error",
    "vendor errors",
    include_str!("../../schemas/vendor-error.schema.json"),
)
.with_definitions(Definitions::single("error"))
.with_evidence(&[Evidence::All(&[
    Evidence::Digits {
        property: "code",
        at_least: 3,
    },
    Evidence::any(&["description"]),
    // A record of another kind may have a code and a description too.
    Evidence::Not(&Evidence::any(&[
        "id", "name", "title", "type", "status", "price", "products",
    ])),
])])
.with_forms(Forms {
    response: &["code"],
    ..Forms::REQUEST
})
.with_key(&["code"]);
