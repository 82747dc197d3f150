//! The parameters of a certificate, in both phases.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::platform_id;
use crate::finding::{Edit, Fix, Level, Safety};
use crate::json::{Kind, Node, quote};
use crate::kinds::certificate::{Certificate, CertificateParameter, Status};
use crate::payload::JsonString;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::certificate::CertificateCheck;
use crate::rules::format::{is_email, is_guid, without_braces};
use crate::rules::rfc3339::{parse_date, parse_timestamp};
use crate::span::Span;
use crate::suggest;

pub(in crate::rules) static FLAT_PARAMETERS: Rule = Rule {
    id: "certificate/flat-parameters",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/flat-parameters.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            for list in &certificate.dotted_lists {
                let (member, phase) = (list.member, list.phase.name());
                let name = member.name_text();
                let finding = findings.report(
                    member.name.span(),
                    format_args!(
                        "`{name}` is a dotted name; `{phase}` must be nested in `parameters`"
                    ),
                );
                let is_only_list = certificate.dotted_lists.len() == 1
                    && certificate.nested_parameters.is_none()
                    && !certificate.has_misspelt_property("parameters");
                if is_only_list {
                    let property_span =
                        Span::new(member.name.span().start, member.value.span().end);
                    let nested = format!(
                        "\"parameters\": {{ {}: {} }}",
                        quote(phase),
                        member.value.source()
                    );
                    finding.fix(Fix::unsafe_(
                        "nest the list in `parameters`",
                        vec![Edit::replace(property_span, nested)],
                    ));
                } else {
                    finding.help("move the lists of both phases into one object `parameters`");
                }
            }
        },
    )),
};

pub(in crate::rules) static DUPLICATE_PARAMETER: Rule = Rule {
    id: "certificate/duplicate-parameter",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/duplicate-parameter.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            for phase in certificate.phases() {
                let mut ids = HashMap::new();
                let mut external_ids = HashMap::new();
                for parameter in phase {
                    let id = parameter.id.as_ref();
                    let external_id = parameter.external_id.as_ref();
                    let repeated =
                        id.and_then(|id| insert_or_first(&mut ids, platform_id::normalize(id), id));
                    let also_repeated = external_id.and_then(|id| {
                        insert_or_first(&mut external_ids, Cow::Borrowed(id.trim()), id)
                    });
                    if let Some((first, again)) = repeated.or(also_repeated) {
                        findings
                            .report(
                                again.span(),
                                format_args!("duplicate parameter `{again}` in this phase"),
                            )
                            .label(first.span(), "first defined here")
                            .help("keep the parameter with the right value and remove the other");
                    }
                }
            }
        },
    )),
};

/// Inserts `text` under its normalized form. If the form is already present, returns the first string and
/// `text`.
fn insert_or_first<'p, 'd>(
    firsts: &mut HashMap<Cow<'p, str>, &'p JsonString<'d>>,
    normalized: Cow<'p, str>,
    text: &'p JsonString<'d>,
) -> Option<(&'p JsonString<'d>, &'p JsonString<'d>)> {
    match firsts.entry(normalized) {
        Entry::Occupied(first) => Some((*first.get(), text)),
        Entry::Vacant(slot) => {
            slot.insert(text);
            None
        }
    }
}

pub(in crate::rules) static REQUIRED_PARAMETER_EMPTY: Rule = Rule {
    id: "certificate/required-parameter-empty",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/required-parameter-empty.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            for parameter in certificate.parameters() {
                let Some(span) = missing_value(certificate, parameter) else {
                    continue;
                };
                let name = parameter.external_id.as_ref().or(parameter.id.as_ref());
                let subject = name.map_or("a required parameter".to_owned(), |name| {
                    format!("the required parameter `{name}`")
                });
                findings
                    .report(span, format_args!("{subject} has no value"))
                    .help("enter the value that the program asks for");
            }
        },
    )),
};

/// The span at which to report a required value as missing; `None` if it is not missing.
fn missing_value(
    certificate: &Certificate<'_>,
    parameter: &CertificateParameter<'_>,
) -> Option<Span> {
    let is_returned_with_error =
        certificate.status == Some(Status::Pending) && parameter.error.is_some();
    let is_terminated = certificate.status == Some(Status::Terminated);
    let has_to_have_value = parameter.is_required && !parameter.node.has_errors();
    if !has_to_have_value
        || is_returned_with_error
        || is_terminated
        || certificate.has_unreadable_status
    {
        return None;
    }
    match parameter.value {
        Some(value) => is_empty(value).then(|| value.span()),
        None if has_misspelt_value_property(parameter.node) => None,
        None => certificate.is_complete().then(|| parameter.node.opening()),
    }
}

/// Whether a property name is a misspelling of `value`, which the schema reports.
fn has_misspelt_value_property(parameter: Node<'_>) -> bool {
    parameter
        .members()
        .any(|member| member.known().is_none() && suggest::is_near(&member.name_text(), "value"))
}

/// Whether a value is empty.
fn is_empty(value: Node<'_>) -> bool {
    match value.kind() {
        Kind::Null => !value.is_synthetic(),
        Kind::String => value.as_text().is_some_and(|text| text.trim().is_empty()),
        Kind::Array | Kind::Object => value.child_count() == 0 && !value.has_errors(),
        _ => false,
    }
}

pub(in crate::rules) static PARAMETER_VALUE_SHAPE: Rule = Rule {
    id: "certificate/parameter-value-shape",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/parameter-value-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            for parameter in certificate.parameters() {
                let text = parameter.value.and_then(JsonString::read);
                let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
                    continue;
                };
                let Some(expected) =
                    ExpectedFormat::of(parameter).filter(|expected| !expected.is_met_by(&text))
                else {
                    continue;
                };
                let finding = findings.report(
                    text.span(),
                    format_args!("{}, found `{text}`", expected.description()),
                );
                let unwrapped = match expected {
                    ExpectedFormat::Guid => without_braces(&text),
                    ExpectedFormat::Email | ExpectedFormat::Date => text.trim(),
                };
                if expected.is_met_by(unwrapped) {
                    finding.fix(text.replacement_fix(unwrapped, Safety::Safe));
                } else {
                    finding.help(expected.help());
                }
            }
        },
    )),
};

/// The format that a parameter's external id or type implies for its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ExpectedFormat {
    Guid,
    Email,
    Date,
}

impl ExpectedFormat {
    fn of(parameter: &CertificateParameter<'_>) -> Option<ExpectedFormat> {
        // Another rule reports surrounding whitespace.
        if parameter.external_id.as_deref().map(str::trim) == Some("tenant_id") {
            return Some(ExpectedFormat::Guid);
        }
        match parameter.kind.as_deref()?.trim() {
            "Email" => Some(ExpectedFormat::Email),
            "Date" => Some(ExpectedFormat::Date),
            _ => None,
        }
    }

    fn is_met_by(self, text: &str) -> bool {
        match self {
            ExpectedFormat::Guid => is_guid(text),
            ExpectedFormat::Email => is_email(text),
            ExpectedFormat::Date => parse_date(text).is_some() || parse_timestamp(text).is_some(),
        }
    }

    fn description(self) -> &'static str {
        match self {
            ExpectedFormat::Guid => "the parameter `tenant_id` must be a GUID",
            ExpectedFormat::Email => "a parameter of type `Email` must be an e-mail address",
            ExpectedFormat::Date => {
                "a parameter of type `Date` must be a valid date or a date-time with a time zone"
            }
        }
    }

    fn help(self) -> &'static str {
        match self {
            ExpectedFormat::Guid => "use the tenant's ID, 32 hexadecimal digits in five groups",
            ExpectedFormat::Email => "write one address, such as `name@example.com`",
            ExpectedFormat::Date => "write the date as `YYYY-MM-DD`",
        }
    }
}

pub(in crate::rules) static ACTIVE_WITH_ERROR: Rule = Rule {
    id: "certificate/active-with-error",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/active-with-error.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&CertificateCheck::Certificate(
        &|certificate, _, findings| {
            let Some(status) = certificate
                .status_string
                .as_ref()
                .filter(|_| certificate.status == Some(Status::Active))
            else {
                return;
            };
            // The schema reports other types than an object.
            let errors = certificate
                .parameters()
                .filter_map(|parameter| parameter.error)
                .filter(|error| error.value.kind() == Kind::Object);
            for error in errors {
                findings
                    .report(
                        error.name.span(),
                        "the certificate is `Active`, but this parameter has an `error`",
                    )
                    .label(status.span(), "the status")
                    .help("have the value or the status corrected on the platform");
            }
        },
    )),
};
