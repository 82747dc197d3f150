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
        match certificate.record.node.member("client") {
            Some(client) => {
                finding
                    .label(client.name.span(), "the right name is here")
                    .help("give the holder once, as `client`");
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
    // A stand-in is no other account.
    let is_account = |id: &str| {
        id.trim()
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("ACC-"))
    };
    let is_same = client.trim().eq_ignore_ascii_case(certificant.trim());
    let are_two = is_account(&client) && is_account(&certificant) && !is_same;
    are_two.then_some((client, certificant))
}
