//! Payloads of the same platforms that resemble a supported kind but are not one.

use crate::payload::{Evidence, Foreign};

/// A record of the marketplace with this status and no property that only another kind has.
macro_rules! with_status {
    ($status:literal) => {
        Evidence::All(&[
            Evidence::any(&["creationDate"]),
            Evidence::Prefix {
                property: "status",
                prefix: $status,
            },
            Evidence::Not(&Evidence::any(&["type", "products", "program"])),
        ])
    };
}

/// The certificant of a certificate is a buyer, that of an enrollment may be a licensee.
const CERTIFICANT_IS_LICENSEE: Evidence = Evidence::IdOfPrefix {
    object: "certificant",
    prefix: "LCE-",
};

/// Every foreign payload, in the order in which detection tries them.
pub static FOREIGN: &[&Foreign] = &[
    &Foreign {
        title: "a qualification of the endpoint `/qualification`, which Microsoft retired in February 2021",
        evidence: &[],
        strings: &["Education", "GovernmentCommunityCloud", "None", "Nonprofit"],
        replacement: Some("use the endpoint `/qualifications`"),
    },
    &Foreign::new(
        "a SoftwareOne enrollment",
        &[
            Evidence::any(&["certificate"]),
            id_begins("ENR-"),
            Evidence::All(&[
                CERTIFICANT_IS_LICENSEE,
                Evidence::any(&["id", "status", "href"]),
                Evidence::Not(&id_begins("CER-")),
            ]),
        ],
    ),
    &Foreign::new("a SoftwareOne program", &[id_begins("PRG-")]),
    &Foreign::new("a SoftwareOne order", &[id_begins("ORD-")]),
    &Foreign::new("a SoftwareOne agreement", &[id_begins("AGR-")]),
    &Foreign::new("a SoftwareOne subscription", &[id_begins("SUB-")]),
    &Foreign::new(
        "a parameter, document, template or terms of a SoftwareOne program",
        &[
            id_begins("PPM-"),
            Evidence::All(&[
                Evidence::any(&["program"]),
                Evidence::any(&["type", "displayOrder", "filename", "content"]),
                Evidence::Not(&Evidence::any(&[
                    "certificant",
                    "client",
                    "buyer",
                    "licensee",
                    "expirationDate",
                ])),
            ]),
        ],
    ),
    &Foreign::new(
        "a request to create a SoftwareOne enrollment",
        &[
            Evidence::All(&[
                Evidence::any(&["certificant"]),
                Evidence::any(&["licensee"]),
                Evidence::Not(&Evidence::any(&["id", "status", "href"])),
            ]),
            Evidence::All(&[
                CERTIFICANT_IS_LICENSEE,
                Evidence::Not(&Evidence::any(&["id", "status", "href"])),
            ]),
        ],
    ),
    &Foreign::new(
        "a subscription",
        &[
            Evidence::All(&[
                Evidence::any(&["renewalStatus", "renewalDate", "lastModifiedDate"]),
                Evidence::Not(&Evidence::any(&["products"])),
            ]),
            // As the marketplace lists them, with a status that no order has.
            with_status!("active"),
            with_status!("hold"),
            with_status!("pending"),
            with_status!("removed"),
            with_status!("terminated"),
            Evidence::Properties {
                at_least: 2,
                of: &[
                    "autoRenewEnabled",
                    "commitmentEndDate",
                    "entitlementId",
                    "friendlyName",
                ],
            },
        ],
    ),
    &Foreign::new(
        "a Partner Center invoice line item",
        &[Evidence::Properties {
            at_least: 2,
            of: &[
                "billableQuantity",
                "chargeStartDate",
                "chargeType",
                "effectiveUnitPrice",
                "invoiceLineItemType",
                "invoiceNumber",
                "meterId",
                "usageDate",
            ],
        }],
    ),
    &Foreign::new(
        "a Partner Center referral",
        &[Evidence::any(&["engagementId", "customerProfile"])],
    ),
    &Foreign::new(
        "a Partner Center legal business profile",
        &[Evidence::Properties {
            at_least: 2,
            of: &[
                "primaryContact",
                "companyApproverEmail",
                "companyApproverAddress",
            ],
        }],
    ),
    &Foreign::new(
        "an order of the APS platform",
        &[Evidence::All(&[
            Evidence::any(&["accountId"]),
            Evidence::any(&["products", "planId", "paymentMethodId"]),
            Evidence::Not(&Evidence::any(&["customerId"])),
        ])],
    ),
    &Foreign::new(
        "a SoftwareOne program",
        &[Evidence::All(&[
            Evidence::Properties {
                at_least: 2,
                of: &["settings", "eligibility"],
            },
            Evidence::Not(&Evidence::any(&["program"])),
        ])],
    ),
    &Foreign::new(
        "a SoftwareOne order",
        &[Evidence::Properties {
            at_least: 2,
            of: &["agreement", "lines"],
        }],
    ),
    &Foreign::new(
        "a Partner Center cart or order",
        &[Evidence::any(&["lineItems"])],
    ),
    &Foreign::new(
        "a list of connector parameters without an order",
        &[Evidence::All(&[
            Evidence::any(&["activationParameters"]),
            Evidence::Not(&Evidence::any(&["products"])),
        ])],
    ),
];

const fn id_begins(prefix: &'static str) -> Evidence {
    Evidence::Prefix {
        property: "id",
        prefix,
    }
}
