//! The two attestations of a sale: of the partner of record, and of the offer.

use crate::context::SalesModel;
use crate::finding::Level;
use crate::kinds::order::Line;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::order::OrderCheck;

pub(in crate::rules) static PARTNER_ATTESTATION_MISSING: Rule = Rule {
    id: "order/partner-attestation-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/partner-attestation-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Line(&|line, context, findings| {
        // A direct partner has no partner of record.
        if context.sales_model == Some(SalesModel::Direct) {
            return;
        }
        report_missing(
            line,
            Parameter::PartnerAttestation,
            "the partner must state it, as true",
            findings,
        );
    })),
};

pub(in crate::rules) static OFFER_ATTESTATION_MISSING: Rule = Rule {
    id: "order/offer-attestation-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/offer-attestation-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Line(&|line, _, findings| {
        report_missing(
            line,
            Parameter::OfferAttestation,
            "state it, as true or as false",
            findings,
        );
    })),
};

fn report_missing(
    line: &Line<'_>,
    parameter: Parameter,
    help: &str,
    findings: &mut RuleReporter<'_>,
) {
    let Some(list) = line.complete_parameters() else {
        return;
    };
    if line.is_sale() && !line.has(parameter) {
        findings
            .report(
                list.name.span(),
                format_args!("`{}` is missing on a sale", parameter.name()),
            )
            .help(help);
    }
}

pub(in crate::rules) static PARTNER_ATTESTATION_FALSE: Rule = Rule {
    id: "order/partner-attestation-false",
    level: Level::Error,
    page: include_str!("../../../rules/order/partner-attestation-false.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Line(&|line, context, findings| {
        if !line.is_sale() || context.sales_model == Some(SalesModel::Direct) {
            return;
        }
        if let Some((false, answer)) = line.attestation(Parameter::PartnerAttestation) {
            findings
                .report(
                    answer.span(),
                    "a sale is refused unless the partner of record attests it with true",
                )
                .help("have the partner of record state it; nobody else can");
        }
    })),
};

pub(in crate::rules) static OFFER_ATTESTATION_FALSE: Rule = Rule {
    id: "order/offer-attestation-false",
    level: Level::Warning,
    page: include_str!("../../../rules/order/offer-attestation-false.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Line(&|line, context, findings| {
        let (Some(mpn), true) = (&line.mpn, line.is_sale()) else {
            return;
        };
        let is_attested = |product: &String| product.eq_ignore_ascii_case(mpn);
        if !context.attested_products.iter().any(is_attested) {
            return;
        }
        if let Some((false, answer)) = line.attestation(Parameter::OfferAttestation) {
            findings
                .report(
                    answer.span(),
                    format_args!(
                        "`{mpn}` is sold only with the offer attestation, and it is false"
                    ),
                )
                .label(mpn.span(), "this product needs it")
                .help("have it stated if it holds, or order another product");
        }
    })),
};
