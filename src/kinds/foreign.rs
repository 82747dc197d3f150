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
        title: "a request to create an enrollment",
        evidence: &[Evidence::All(&[
            Evidence::any(&["certificant"]),
            Evidence::any(&["licensee"]),
            Evidence::Not(&Evidence::any(&["id", "status", "href"])),
        ])],
    },
    &Foreign {
        title: "a subscription",
        evidence: &[
            Evidence::All(&[
                Evidence::any(&["renewalStatus", "renewalDate", "lastModifiedDate"]),
                Evidence::Not(&Evidence::any(&["products"])),
            ]),
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
    },
    &Foreign {
        title: "an invoice line item",
        evidence: &[Evidence::Properties {
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
    },
    &Foreign {
        title: "a referral",
        evidence: &[Evidence::any(&["engagementId", "customerProfile"])],
    },
    &Foreign {
        title: "a legal business profile",
        evidence: &[Evidence::Properties {
            at_least: 2,
            of: &[
                "primaryContact",
                "companyApproverEmail",
                "companyApproverAddress",
            ],
        }],
    },
    &Foreign {
        title: "a customer",
        evidence: &[Evidence::any(&["companyProfile", "billingProfile"])],
    },
    &Foreign {
        title: "an order of the APS platform",
        evidence: &[Evidence::All(&[
            Evidence::any(&["accountId"]),
            Evidence::any(&["products", "planId", "paymentMethodId"]),
            Evidence::Not(&Evidence::any(&["customerId"])),
        ])],
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
