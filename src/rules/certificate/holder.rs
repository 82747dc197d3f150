//! The holder of a certificate, from `client` and the alias `certificant`.

use super::platform_id;
use crate::finding::{Edit, Fix, Level};
use crate::kinds::certificate::{Certificate, Resource};
use crate::payload::JsonString;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::certificate::CertificateCheck;

pub(in crate::rules) static CERTIFICANT_ALIAS: Rule = Rule {
    id: "certificate/certificant-alias",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/certificant-alias.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            let Some(alias) = certificate
                .certificant
                .filter(|_| conflicting_ids(certificate).is_none())
            else {
                return;
            };
            let finding = findings.report(
                alias.name.span(),
                "the holder is in `certificant`; the platform calls this property `client`",
            );
            // If there is a misspelt `client`, renaming the alias would define the holder twice once that is
            // fixed.
            let client = certificate.record.node.member("client");
            match client.or_else(|| certificate.misspelt_property("client")) {
                Some(client) => {
                    finding
                        .label(client.name.span(), "the holder is also in this property")
                        .help("remove `certificant` and keep the holder in `client`");
                }
                None => {
                    let edit = Edit::replace(alias.name.content_span(), "client");
                    finding.fix(Fix::unsafe_("rename to `client`", vec![edit]));
                }
            }
        },
    )),
};

pub(in crate::rules) static CLIENT_CONFLICT: Rule = Rule {
    id: "certificate/client-conflict",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/client-conflict.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            let Some((client, certificant)) = conflicting_ids(certificate) else {
                return;
            };
            findings
                .report(
                    certificant.span(),
                    format_args!(
                        "`certificant` and `client` name different holders: `{certificant}` and \
                         `{client}`"
                    ),
                )
                .label(client.span(), "different account")
                .help("keep the right account as `client`, and remove `certificant`");
        },
    )),
};

/// The ids of `client` and `certificant`, if they are different accounts.
fn conflicting_ids<'c, 'd>(
    certificate: &'c Certificate<'d>,
) -> Option<(&'c JsonString<'d>, &'c JsonString<'d>)> {
    let client = certificate.id_at(certificate.client?)?;
    let certificant = certificate.id_at(certificate.certificant?)?;
    // A placeholder, or an id that the schema rejects, is not another account.
    let client_id = platform_id::normalize_valid(Resource::Account, client)?;
    let certificant_id = platform_id::normalize_valid(Resource::Account, certificant)?;
    (client_id != certificant_id).then_some((client, certificant))
}
