//! Operations on a certificate: creation and re-enrollment.

use crate::context::Operation;
use crate::finding::Level;
use crate::kinds::certificate::Status;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::certificate::CertificateCheck;
use crate::rules::payload::placeholder::is_placeholder;

pub(in crate::rules) static PROGRAM_UNPUBLISHED: Rule = Rule {
    id: "certificate/program-unpublished",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/program-unpublished.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, context, findings| {
            let is_being_enrolled = certificate.is_request()
                || matches!(certificate.status, Some(Status::Pending | Status::Updating));
            let Some(program) = &certificate.program_status else {
                return;
            };
            if program.trim().eq_ignore_ascii_case("Published")
                || program.is_empty()
                || is_placeholder(program)
                || !is_being_enrolled && context.operation.is_none()
            {
                return;
            }
            let message = format!(
                "the status of the program is `{program}`; certificates can be created or \
                 re-enrolled only for published programs"
            );
            // A request has no status, and the schema reports an unreadable one.
            let status = certificate.status_string.as_ref();
            match status.filter(|_| certificate.status.is_some()) {
                Some(status) => findings
                    .report(status.span(), message)
                    .label(program.span(), "the program is not published"),
                None => findings.report(program.span(), message),
            }
            .help("have the vendor publish the program first, or use a published program");
        },
    )),
};

pub(in crate::rules) static RE_ENROLLMENT_BARRED: Rule = Rule {
    id: "certificate/re-enrollment-barred",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/re-enrollment-barred.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, context, findings| {
            let (Some(status_string), Some(status)) =
                (&certificate.status_string, certificate.status)
            else {
                return;
            };
            if context.operation != Some(Operation::ReEnroll)
                || matches!(status, Status::Active | Status::Expired)
            {
                return;
            }
            let help = match status {
                Status::Terminated | Status::Deleted => "create a new certificate",
                _ => "wait until the certificate is active",
            };
            findings
                .report(
                    status_string.span(),
                    format_args!(
                        "a certificate with the status `{}` cannot be re-enrolled; it must be \
                         `Active` or `Expired`",
                        status.name()
                    ),
                )
                .help(help);
        },
    )),
};
