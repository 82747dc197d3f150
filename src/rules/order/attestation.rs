//! The two attestations of a sale: of the partner of record, and of the offer.

use super::part_number::without_term;
use crate::context::SalesModel;
use crate::finding::Level;
use crate::json::Member;
use crate::kinds::order::parameter::Parameter;
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::order::OrderCheck;

pub(in crate::rules) static PARTNER_ATTESTATION_MISSING: Rule = Rule {
    id: "order/partner-attestation-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/partner-attestation-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Missing(
        &[Parameter::PartnerAttestation],
        &|_, list, context, findings| {
            // A direct partner has no partner of record.
            if context.sales_model == Some(SalesModel::Direct) {
                return;
            }
            report_missing(
                Parameter::PartnerAttestation,
                list,
                "add it with `attestation_accepted` set to `true` after the partner of record \
                 confirms it",
                findings,
            );
        },
    )),
};

pub(in crate::rules) static OFFER_ATTESTATION_MISSING: Rule = Rule {
    id: "order/offer-attestation-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/offer-attestation-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Missing(
        &[Parameter::OfferAttestation],
        &|_, list, _, findings| {
            report_missing(
                Parameter::OfferAttestation,
                list,
                "add it with `attestation_accepted` set to `true` or `false`",
                findings,
            );
        },
    )),
};

fn report_missing(
    parameter: Parameter,
    list: &Member<'_>,
    help: &str,
    findings: &mut RuleReporter<'_>,
) {
    findings
        .report(
            list.name.span(),
            format_args!("`{}` is missing; sales orders require it", parameter.name()),
        )
        .help(help);
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
                    "`attestation_accepted` must be `true`: the marketplace rejects sales orders \
                     without the partner-of-record attestation",
                )
                .help("ask the partner of record to confirm the attestation, then write `true`");
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
        let is_attested = |product: &String| product.eq_ignore_ascii_case(without_term(mpn));
        if !context.attested_products.iter().any(is_attested) {
            return;
        }
        if let Some((false, answer)) = line.attestation(Parameter::OfferAttestation) {
            findings
                .report(
                    answer.span(),
                    format_args!(
                        "`{mpn}` is sold only with the offer attestation, but \
                         `attestation_accepted` is `false`"
                    ),
                )
                .label(mpn.span(), "this product requires the attestation")
                .help(
                    "write `true` if the customer meets the condition of the offer, or order \
                     another product",
                );
        }
    })),
};
