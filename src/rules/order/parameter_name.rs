//! The names of parameters: misspelt, unknown, or duplicated.

use std::collections::HashMap;

use crate::finding::{Edit, Fix, Level, Safety};
use crate::json::{Kind, Node};
use crate::kinds::order::Line;
use crate::kinds::order::entry::{Entry, EntryValue};
use crate::kinds::order::parameter::{ConnectorName, INITIAL_PASSWORD, NameMatch, Parameter};
use crate::payload::{JsonString, without_elements};
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::order::OrderCheck;
use crate::span::Span;

pub(in crate::rules) static MISNAMED_PARAMETER: Rule = Rule {
    id: "order/misnamed-parameter",
    level: Level::Error,
    page: include_str!("../../../rules/order/misnamed-parameter.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Entry(&|line, entry, _, findings| {
        check_misnamed_parameter(line, entry, findings);
    })),
};

fn check_misnamed_parameter<'d>(
    line: &Line<'d>,
    entry: &Entry<'d>,
    findings: &mut RuleReporter<'_>,
) {
    let Some(name) = entry.name().and_then(JsonString::read) else {
        return;
    };
    let is_older = name.as_str() == OLDER_NAME;
    let (message, meant, differs_only_in_style) = match entry.name_match {
        NameMatch::Misspelt { meant, .. } if is_older => (
            format!("`{name}` is the former name of `{}`", meant.name()),
            Some(meant),
            false,
        ),
        NameMatch::Misspelt {
            meant,
            differs_only_in_style,
        } => (
            format!(
                "the parameter name `{name}` is misspelt; expected `{}`",
                meant.name()
            ),
            Some(meant),
            differs_only_in_style,
        ),
        NameMatch::Connector(connector) if !line.uses_azure_names() => (
            connector_message(&name, &connector),
            connector.equivalent,
            false,
        ),
        _ => return,
    };
    let finding = findings.report(name.span(), message);
    if is_older || name.starts_with("mca_attestation_") {
        finding.level = Level::Warning;
    }
    let Some(meant) = meant else {
        finding.help("remove the parameter, or use one of the orders API");
        return;
    };
    if let Some(exact) = entry_name_of(line, meant) {
        finding
            .label(exact.span(), "the correct name is also present")
            .help("keep one of the two parameters");
    } else if let Some(other) = other_name_of(line, entry, meant) {
        // Renaming both would give two parameters of one name.
        let meant = meant.name();
        finding
            .label(other.span(), format!("another wrong name of `{meant}`"))
            .help(format!("keep one of the two as `{meant}`"));
    } else {
        finding.fix(Fix {
            title: format!("rename to `{}`", meant.name()),
            safety: Safety::when(differs_only_in_style),
            edits: vec![name.replacement_edit(meant.name())],
        });
    }
}

fn connector_message(name: &str, connector: &ConnectorName) -> String {
    let message = match (connector.equivalent, connector.nearest) {
        (Some(equivalent), _) => format!("the orders API expects `{}`", equivalent.name()),
        (None, Some(near)) => format!("the closest name in the orders API is `{}`", near.name()),
        (None, None) => "the orders API has no equivalent".to_owned(),
    };
    format!("`{name}` is a parameter name of the Azure connector; {message}")
}

/// The name of `special_qualifications` in 2021.
const OLDER_NAME: &str = "specialQualification";

fn entry_name_of<'d>(line: &Line<'d>, meant: Parameter) -> Option<Node<'d>> {
    let is_exact =
        |entry: &&Entry<'d>| matches!(entry.name_match, NameMatch::Exact(found) if found == meant);
    line.entries
        .iter()
        .find(is_exact)
        .and_then(|entry| entry.name())
}

/// The name of another entry of the line that is a wrong name of the same parameter.
fn other_name_of<'d>(line: &Line<'d>, entry: &Entry<'d>, meant: Parameter) -> Option<Node<'d>> {
    let is_meant = |other: &&Entry<'d>| match other.name_match {
        NameMatch::Misspelt { meant: found, .. } => found == meant,
        NameMatch::Connector(connector) => {
            connector.equivalent == Some(meant) && !line.uses_azure_names()
        }
        _ => false,
    };
    let mut others = line.entries.iter().filter(|other| other.node != entry.node);
    others.find(is_meant).and_then(Entry::name)
}

pub(in crate::rules) static UNKNOWN_PARAMETER: Rule = Rule {
    id: "order/unknown-parameter",
    level: Level::Warning,
    page: include_str!("../../../rules/order/unknown-parameter.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Entry(&|_, entry, _, findings| {
        check_unknown_parameter(entry, findings);
    })),
};

fn check_unknown_parameter(entry: &Entry<'_>, findings: &mut RuleReporter<'_>) {
    let name = entry.name().and_then(JsonString::read);
    if let (NameMatch::Unknown, Some(name)) = (entry.name_match, name) {
        findings
            .report(name.span(), format_args!("unknown parameter `{name}`"))
            .help("remove the parameter, or ask the marketplace for its correct name");
    }
}

pub(in crate::rules) static READ_ONLY_PARAMETER: Rule = Rule {
    id: "order/read-only-parameter",
    level: Level::Warning,
    page: include_str!("../../../rules/order/read-only-parameter.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Entry(&|line, entry, _, findings| {
        let (NameMatch::ReadOnly, Some(name), Some(list)) = (
            entry.name_match,
            entry.name().and_then(JsonString::read),
            line.parameters,
        ) else {
            return;
        };
        // A password is reported as a secret.
        let is_secret =
            name.as_str() == INITIAL_PASSWORD && matches!(entry.value, EntryValue::String(_));
        if line.is_in_request() && !is_secret {
            let removal = without_elements(list.value, |element| element == entry.node);
            findings
                .report(
                    name.span(),
                    format_args!("`{name}` is not allowed in a request; only the platform sets it"),
                )
                .fix(Fix::unsafe_("remove the parameter", removal));
        }
    })),
};

pub(in crate::rules) static DUPLICATE_PARAMETER: Rule = Rule {
    id: "order/duplicate-parameter",
    level: Level::Error,
    page: include_str!("../../../rules/order/duplicate-parameter.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Line(&|line, _, findings| {
        if line.all_entries_plain() {
            return;
        }
        let listed = line.parameters.map(|list| list.value.child_count());
        let has_only_objects = listed == Some(line.entries.len());
        let mut first_of: HashMap<String, &Entry<'_>> = HashMap::new();
        for (index, entry) in line.entries.iter().enumerate() {
            let Some(name) = entry
                .name()
                .and_then(JsonString::read)
                .filter(|name| !name.is_empty())
            else {
                continue;
            };
            let Some(first) = first_of.get(name.as_str()).copied() else {
                first_of.insert(name.to_string(), entry);
                continue;
            };
            let finding = findings.report(
                name.span(),
                format_args!("duplicate parameter `{name}` on this line"),
            );
            if let Some(first_name) = first.name() {
                finding.label(first_name.span(), "first defined here");
            }
            // Elements that are not objects are not among the entries, and must not be removed with a
            // duplicate.
            if has_only_objects && is_equal(first.node, entry.node) {
                // Starts at the end of the preceding entry, to remove the comma between them.
                let before = line.entries[index - 1].node.span().end;
                let copy = Span::new(before, entry.node.span().end);
                finding.fix(Fix::unsafe_(
                    "remove the duplicate",
                    vec![Edit::remove(copy)],
                ));
            } else {
                finding.help("keep only the parameter with the correct value");
            }
        }
    })),
};

/// Whether two values are equal, regardless of the order of properties.
fn is_equal(left: Node<'_>, right: Node<'_>) -> bool {
    if left.kind() != right.kind() || left.child_count() != right.child_count() {
        return false;
    }
    match left.kind() {
        Kind::Object => left.members().all(|member| {
            let name = member.name.as_text().unwrap_or_default();
            right
                .get(&name)
                .is_some_and(|value| is_equal(member.value, value))
        }),
        Kind::Array => left
            .elements()
            .zip(right.elements())
            .all(|(a, b)| is_equal(a, b)),
        Kind::String => left.as_text() == right.as_text(),
        Kind::Number => match (left.as_number(), right.as_number()) {
            (Some(a), Some(b)) => a.compare(&b).is_eq(),
            _ => false,
        },
        _ => true,
    }
}
