//! The history of a certificate: what happened when.

use crate::finding::Level;
use crate::names::{KnownName, known};
use crate::payload::Text;
use crate::payload::certificate::{Certificate, Event, Status};
use crate::rule::{Check, Findings, Rule};
use crate::rules::moment::{Moment, moment};

const CREATED: KnownName = known("created");
const TERMINATED: KnownName = known("terminated");

pub(in crate::rules) static CONFLICT: Rule = Rule {
    id: "certificate/audit-conflict",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/audit-conflict.md"),
    check: Check::Certificate(|certificate, _, findings| {
        judge_creation(certificate, findings);
        judge_termination(certificate, findings);
    }),
};

/// When an event happened, where that can be read.
fn time<'e, 'd>(event: &'e Event<'d>) -> Option<(&'e Text<'d>, Moment)> {
    let at = event.at.as_ref()?;
    Some((at, moment(at)?))
}

/// Nothing happens before creation.
fn judge_creation(certificate: &Certificate<'_>, findings: &mut Findings<'_>) {
    let Some((created_at, created)) = certificate.event(CREATED).and_then(time) else {
        return;
    };
    let mut earlier = certificate
        .events
        .iter()
        .filter_map(|event| Some((event, time(event)?)))
        .filter(|(_, (_, moment))| moment.instant < created.instant)
        .peekable();
    if earlier.peek().is_none() {
        return;
    }
    let finding = findings.report(
        created_at.span(),
        format_args!(
            "the certificate was created at `{created_at}`, after something had happened to it"
        ),
    );
    for (event, (at, _)) in earlier {
        finding.label(
            at.span(),
            format!("{} before that", event.member.name_text()),
        );
    }
    finding.help("ask the platform for the record again");
}

/// What was terminated is in force no more.
fn judge_termination(certificate: &Certificate<'_>, findings: &mut Findings<'_>) {
    let (Some(text), Some(status)) = (&certificate.status_text, certificate.status) else {
        return;
    };
    let Some((at, _)) = certificate.event(TERMINATED).and_then(time) else {
        return;
    };
    if !matches!(status, Status::Terminated | Status::Deleted) {
        findings
            .report(
                at.span(),
                format_args!("the certificate was terminated, and its status is `{text}`"),
            )
            .label(text.span(), "not Terminated")
            .help("ask the platform for the record again");
    }
}
