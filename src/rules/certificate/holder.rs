//! The client or partner who holds a certificate, under its right and its other name.

use crate::finding::{Edit, Fix, Level};
use crate::json::Member;
use crate::names::Name;
use crate::payload::Text;
use crate::payload::certificate::Certificate;
use crate::rule::{Check, Rule};

const ID: Name = Name::known("id");

pub(in crate::rules) static ALIAS: Rule = Rule {
    id: "certificate/certificant-alias",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/certificant-alias.md"),
    check: Check::Certificate(|certificate, _, findings| {
        let Some(alias) = certificate
            .certificant
            .filter(|_| conflict(certificate).is_none())
        else {
            return;
        };
        let finding = findings.report(
            alias.name.span(),
            "the holder stands under `certificant`, and the platform calls it `client`",
        );
        match certificate.client {
            Some(client) => {
                finding
                    .label(client.name.span(), "the same account is here")
                    .help("take it out");
            }
            None => {
                let edit = Edit::replace(alias.name.content_span(), "client");
                finding.fix(Fix::unsafe_("rename it to client", vec![edit]));
            }
        }
    }),
};

pub(in crate::rules) static CONFLICT: Rule = Rule {
    id: "certificate/client-conflict",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/client-conflict.md"),
    check: Check::Certificate(|certificate, _, findings| {
        let Some((client, certificant)) = conflict(certificate) else {
            return;
        };
        findings
            .report(
                certificant.span(),
                format!(
                    "the holder is `{certificant}` as `certificant` and `{client}` as `client`"
                ),
            )
            .label(client.span(), "another account")
            .help("keep the account that holds the certificate, as `client`");
    }),
};

/// The ids of the client and the certificant, where they are two accounts.
fn conflict<'d>(certificate: &Certificate<'d>) -> Option<(Text<'d>, Text<'d>)> {
    let id = |member: Member<'d>| member.value.value_of(ID).and_then(Text::read);
    let (client, certificant) = (id(certificate.client?)?, id(certificate.certificant?)?);
    (client.as_str() != certificant.as_str()).then_some((client, certificant))
}
