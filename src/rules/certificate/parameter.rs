//! The parameters of a certificate, in both phases.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::platform_id;
use crate::finding::{Edit, Fix, Level, Safety};
use crate::json::{Kind, Node, quote};
use crate::payload::Text;
use crate::payload::certificate::{Certificate, CertificateParameter, Status};
use crate::rule::{Check, Rule};
use crate::rules::moment::{day, moment};
use crate::rules::shape::{is_address, is_guid, without_braces};
use crate::span::Span;
use crate::spelling;

pub(in crate::rules) static FLAT: Rule = Rule {
    id: "certificate/flat-parameters",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/flat-parameters.md"),
    check: Check::Certificate(|certificate, _, findings| {
        for list in &certificate.dotted {
            let (member, phase) = (list.member, list.phase.name());
            let name = member.name_text();
            let finding = findings.report(
                member.name.span(),
                format_args!("`{name}` is a path: `{phase}` stands in an object `parameters`"),
            );
            let is_alone = certificate.dotted.len() == 1
                && certificate.nested.is_none()
                && !certificate.has_misspelt("parameters");
            if is_alone {
                let whole = Span::new(member.name.span().start, member.value.span().end);
                let nested = format!(
                    "\"parameters\": {{ {}: {} }}",
                    quote(phase),
                    member.value.source()
                );
                finding.fix(Fix::unsafe_("nest it", vec![Edit::replace(whole, nested)]));
            } else {
                finding.help("put the lists of both phases into one object `parameters`");
            }
        }
    }),
};

pub(in crate::rules) static DUPLICATE: Rule = Rule {
    id: "certificate/duplicate-parameter",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/duplicate-parameter.md"),
    check: Check::Certificate(|certificate, _, findings| {
        for phase in certificate.phases() {
            let mut ids = HashMap::new();
            let mut external_ids = HashMap::new();
            for parameter in phase {
                let id = parameter.id.as_ref();
                let external_id = parameter.external_id.as_ref();
                let repeated = id.and_then(|id| noted(&mut ids, platform_id::mended(id), id));
                let also_repeated = external_id
                    .and_then(|id| noted(&mut external_ids, Cow::Borrowed(id.trim()), id));
                if let Some((first, again)) = repeated.or(also_repeated) {
                    findings
                        .report(
                            again.span(),
                            format_args!("`{again}` stands in this phase already"),
                        )
                        .label(first.span(), "first here")
                        .help("keep the parameter that counts");
                }
            }
        }
    }),
};

/// Notes a text as the first of what it means; if it is not, gives the first and the text.
fn noted<'p, 'd>(
    firsts: &mut HashMap<Cow<'p, str>, &'p Text<'d>>,
    meant: Cow<'p, str>,
    text: &'p Text<'d>,
) -> Option<(&'p Text<'d>, &'p Text<'d>)> {
    match firsts.entry(meant) {
        Entry::Occupied(first) => Some((*first.get(), text)),
        Entry::Vacant(place) => {
            place.insert(text);
            None
        }
    }
}

pub(in crate::rules) static REQUIRED_EMPTY: Rule = Rule {
    id: "certificate/required-parameter-empty",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/required-parameter-empty.md"),
    check: Check::Certificate(|certificate, _, findings| {
        for parameter in certificate.parameters() {
            let Some(place) = missing_value(certificate, parameter) else {
                continue;
            };
            let name = parameter.external_id.as_ref().or(parameter.id.as_ref());
            let what = name.map_or("a parameter".to_owned(), |name| format!("`{name}`"));
            findings
                .report(place, format_args!("{what} is required and has no value"))
                .help("give the value that the program asks for");
        }
    }),
};

/// Where a required value is missing.
fn missing_value(
    certificate: &Certificate<'_>,
    parameter: &CertificateParameter<'_>,
) -> Option<Span> {
    let is_handed_back = certificate.status == Some(Status::Pending) && parameter.error.is_some();
    let is_over = certificate.status == Some(Status::Terminated);
    let is_owed = parameter.is_required && !parameter.node.has_errors();
    if !is_owed || is_handed_back || is_over || certificate.is_status_unclear {
        return None;
    }
    match parameter.value {
        Some(value) => is_empty(value).then(|| value.span()),
        None if has_misspelt_value(parameter.node) => None,
        None => certificate.is_whole().then(|| parameter.node.opening()),
    }
}

/// Whether a member was meant to be the value and is misspelt, which the schema tells.
fn has_misspelt_value(parameter: Node<'_>) -> bool {
    parameter
        .members()
        .any(|member| member.known().is_none() && spelling::is_near(&member.name_text(), "value"))
}

/// Whether a value says nothing.
fn is_empty(value: Node<'_>) -> bool {
    match value.kind() {
        Kind::Null => !value.is_synthetic(),
        Kind::String => value.as_text().is_some_and(|text| text.trim().is_empty()),
        Kind::Array | Kind::Object => value.child_count() == 0 && !value.has_errors(),
        _ => false,
    }
}

pub(in crate::rules) static VALUE_SHAPE: Rule = Rule {
    id: "certificate/parameter-value-shape",
    level: Level::Error,
    page: include_str!("../../../rules/certificate/parameter-value-shape.md"),
    check: Check::Certificate(|certificate, _, findings| {
        for parameter in certificate.parameters() {
            let text = parameter.value.and_then(Text::read);
            let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
                continue;
            };
            let Some(promise) = Promise::of(parameter).filter(|promise| !promise.is_kept(&text))
            else {
                continue;
            };
            let finding = findings.report(
                text.span(),
                format_args!("`{text}` is no {}", promise.words()),
            );
            let bare = match promise {
                Promise::Guid => without_braces(&text),
                Promise::Address | Promise::Day => text.trim(),
            };
            if promise.is_kept(bare) {
                finding.fix(text.rewrite(bare, Safety::Safe));
            } else {
                finding.help(promise.help());
            }
        }
    }),
};

/// What a parameter's external id or type says of its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Promise {
    Guid,
    Address,
    Day,
}

impl Promise {
    fn of(parameter: &CertificateParameter<'_>) -> Option<Promise> {
        // Blanks around a text are told elsewhere.
        if parameter.external_id.as_deref().map(str::trim) == Some("tenant_id") {
            return Some(Promise::Guid);
        }
        match parameter.kind.as_deref()?.trim() {
            "Email" => Some(Promise::Address),
            "Date" => Some(Promise::Day),
            _ => None,
        }
    }

    fn is_kept(self, text: &str) -> bool {
        match self {
            Promise::Guid => is_guid(text),
            Promise::Address => is_address(text),
            Promise::Day => day(text).is_some() || moment(text).is_some(),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Promise::Guid => "GUID, as the parameter `tenant_id` has",
            Promise::Address => "e-mail address, as a parameter of type `Email` has",
            Promise::Day => "real day as YYYY-MM-DD, as a parameter of type `Date` has",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Promise::Guid => "give the tenant's id, 32 hexadecimal digits in five groups",
            Promise::Address => "give one address, as name@domain",
            Promise::Day => "give the day as YYYY-MM-DD",
        }
    }
}

pub(in crate::rules) static ACTIVE_WITH_ERROR: Rule = Rule {
    id: "certificate/active-with-error",
    level: Level::Warning,
    page: include_str!("../../../rules/certificate/active-with-error.md"),
    check: Check::Certificate(|certificate, _, findings| {
        let Some(status) = certificate
            .status_text
            .as_ref()
            .filter(|_| certificate.status == Some(Status::Active))
        else {
            return;
        };
        // What is no object the schema refuses.
        let errors = certificate
            .parameters()
            .filter_map(|parameter| parameter.error)
            .filter(|error| error.value.kind() == Kind::Object);
        for error in errors {
            findings
                .report(
                    error.name.span(),
                    "the certificate is Active, yet this parameter carries an error",
                )
                .label(status.span(), "Active")
                .help("have the value or the status put right");
        }
    }),
};
