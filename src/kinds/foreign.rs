//! Payloads of the same platforms that resemble a supported kind but are not one.

use crate::payload::{Evidence, Foreign};

/// Every foreign payload, in the order in which detection tries them.
pub static FOREIGN: &[&Foreign] = &[
    &Foreign {
        title: "an enrollment",
        evidence: &[Evidence::any(&["certificate"]), id_begins("ENR-")],
    },
    &Foreign {
        title: "a program",
        evidence: &[id_begins("PRG-")],
    },
    &Foreign {
        title: "an order of the SoftwareOne Marketplace",
        evidence: &[id_begins("ORD-")],
    },
    &Foreign {
        title: "an agreement of the SoftwareOne Marketplace",
        evidence: &[id_begins("AGR-")],
    },
    &Foreign {
        title: "a subscription of the SoftwareOne Marketplace",
        evidence: &[id_begins("SUB-")],
    },
    &Foreign {
        title: "a parameter, document, template or terms of a program",
        evidence: &[
            id_begins("PPM-"),
            Evidence::All(&[
                Evidence::any(&["program"]),
                Evidence::any(&["type"]),
                Evidence::Not(&Evidence::any(&[
                    "certificant",
                    "client",
                    "buyer",
                    "licensee",
                    "expirationDate",
                ])),
            ]),
        ],
    },
    &Foreign {
        title: "a program",
        evidence: &[Evidence::All(&[
            Evidence::Properties {
                at_least: 2,
                of: &["settings", "eligibility"],
            },
            Evidence::Not(&Evidence::any(&["program"])),
        ])],
    },
    &Foreign {
        title: "an order of the SoftwareOne Marketplace",
        evidence: &[Evidence::Properties {
            at_least: 2,
            of: &["agreement", "lines"],
        }],
    },
    &Foreign {
        title: "a Partner Center cart or order",
        evidence: &[Evidence::any(&["lineItems"])],
    },
    &Foreign {
        title: "a bare list of connector parameters",
        evidence: &[Evidence::All(&[
            Evidence::any(&["activationParameters"]),
            Evidence::Not(&Evidence::any(&["products"])),
        ])],
    },
];

const fn id_begins(prefix: &'static str) -> Evidence {
    Evidence::Prefix {
        property: "id",
        prefix,
    }
}
