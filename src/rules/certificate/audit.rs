//! The audit history of a certificate.

use crate::finding::Level;
use crate::kinds::certificate::{Certificate, Event, Status};
use crate::names::{KnownName, known};
use crate::payload::JsonString;
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::certificate::CertificateCheck;
use crate::rules::rfc3339::{ZonedTimestamp, parse_timestamp};

const CREATED: KnownName = known("created");
const TERMINATED: KnownName = known("terminated");

pub(in crate::rules) static AUDIT_CONFLICT: Rule = Rule {
    id: "certificate/audit-conflict",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/audit-conflict.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            check_creation(certificate, findings);
            check_termination(certificate, findings);
        },
    )),
};

/// The time of an event, if it can be parsed.
fn event_time<'e, 'd>(event: &'e Event<'d>) -> Option<(&'e JsonString<'d>, ZonedTimestamp)> {
    let at = event.at.as_ref()?;
    Some((at, parse_timestamp(at)?))
}

/// Reports a creation that is later than another event.
fn check_creation(certificate: &Certificate<'_>, findings: &mut RuleReporter<'_>) {
    let Some((created_at, created)) = certificate.event(CREATED).and_then(event_time) else {
        return;
    };
    let mut earlier = certificate
        .events
        .iter()
        .filter_map(|event| Some((event, event_time(event)?)))
        .filter(|(_, (_, time))| time.instant < created.instant)
        .peekable();
    let Some((first, (first_at, _))) = earlier.peek() else {
        return;
    };
    let first_name = first.member.name_text();
    let finding = findings.report(
        created_at.span(),
        format_args!(
            "the `created` event (`{created_at}`) is later than the `{first_name}` event (`{first_at}`)"
        ),
    );
    for (event, (at, _)) in earlier {
        finding.label(
            at.span(),
            format!("`{}` is earlier", event.member.name_text()),
        );
    }
    finding.help("request the certificate from the platform again");
}

/// Reports a termination whose certificate still has another status.
fn check_termination(certificate: &Certificate<'_>, findings: &mut RuleReporter<'_>) {
    let (Some(status_string), Some(status)) = (&certificate.status_string, certificate.status)
    else {
        return;
    };
    let Some((at, _)) = certificate.event(TERMINATED).and_then(event_time) else {
        return;
    };
    if !matches!(status, Status::Terminated | Status::Deleted) {
        findings
            .report(
                at.span(),
                format_args!(
                    "the certificate has a `terminated` event, but its status is `{status_string}`"
                ),
            )
            .label(status_string.span(), "expected `Terminated` or `Deleted`")
            .help("request the certificate from the platform again");
    }
}
