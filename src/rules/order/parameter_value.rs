//! The value of a parameter: present, in the right property and of the right type. The view gives a value to
//! other rules only if these rules accept it.

use crate::finding::{Edit, Fix, Level, Safety};
use crate::json::{Kind, Member, Node, quote};
use crate::kinds::order::Line;
use crate::kinds::order::entry::{Entry, EntryValue};
use crate::kinds::order::parameter::{NameMatch, Parameter};
use crate::payload::without_elements;
use crate::rule::{Check, Overlap, Rule, RuleReporter};
use crate::rules::order::OrderCheck;
use crate::rules::order::address::is_required_address_part;
use crate::span::Span;
use crate::suggest;

/// The parameter whose value an entry is checked as. `None` if the entry is not the effective one of its
/// parameter, or is an acceptance whose name has to be corrected first.
fn checked_parameter<'d>(line: &Line<'d>, entry: &Entry<'d>) -> Option<Parameter> {
    let parameter = entry.name_match.parameter()?;
    let is_named = matches!(entry.name_match, NameMatch::Exact(_));
    let is_checked =
        line.is_effective(entry) && (is_named || parameter != Parameter::McaAcceptance);
    is_checked.then_some(parameter)
}

pub(in crate::rules) static PARAMETER_VALUE_MISSING: Rule = Rule {
    id: "order/parameter-value-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/parameter-value-missing.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&OrderCheck::Entry(&|line, entry, _, findings| {
        check_parameter_value_missing(line, entry, findings);
    })),
};

fn check_parameter_value_missing<'d>(
    line: &Line<'d>,
    entry: &Entry<'d>,
    findings: &mut RuleReporter<'_>,
) {
    let parameter = checked_parameter(line, entry);
    let is_checked = parameter.is_some() || entry.name_match.parameter().is_none();
    let (EntryValue::Missing, Some(name), true) = (&entry.value, entry.name(), is_checked) else {
        return;
    };
    // A response shows what the platform has.
    if !line.is_in_request() {
        return;
    }
    let name_text = name.as_text().unwrap_or_default();
    let finding = findings.report(name.span(), format_args!("`{name_text}` has no value"));
    if is_required(line, parameter) {
        finding.help(match parameter {
            Some(parameter) if parameter.is_attestation() => {
                "set `structured_value.attestation_accepted` to `true` or `false`"
            }
            _ => "set the property `value`",
        });
        return;
    }
    // An incomplete address in the United States is an error, and so is one with empty parts.
    if parameter.is_some_and(|parameter| is_required_address_part(line, parameter)) {
        finding.help("set the property `value`");
        return;
    }
    finding.level = Level::Warning;
    if let Some(list) = line.parameters {
        let removal = without_elements(list.value, |element| element == entry.node);
        finding.fix(Fix::safe(format!("remove `{name_text}`"), removal));
    }
}

/// Whether the line requires the parameter, so that an entry without a value cannot be left out instead.
fn is_required(line: &Line<'_>, parameter: Option<Parameter>) -> bool {
    let is_new_tenant = line.is_for_new_tenant() != Some(false);
    line.is_sale()
        && match parameter {
            Some(
                Parameter::MicrosoftDomain
                | Parameter::OfferAttestation
                | Parameter::PartnerAttestation
                | Parameter::TenantPreference,
            ) => true,
            Some(
                Parameter::AgreementDate
                | Parameter::FirstNameAgreement
                | Parameter::LastNameAgreement
                | Parameter::McaAcceptance,
            ) => is_new_tenant,
            _ => false,
        }
}

pub(in crate::rules) static VALUE_MISPLACED: Rule = Rule {
    id: "order/value-misplaced",
    level: Level::Error,
    page: include_str!("../../../rules/order/value-misplaced.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Entry(&|line, entry, _, findings| {
        check_value_misplaced(line, entry, findings);
    })),
};

fn check_value_misplaced<'d>(line: &Line<'d>, entry: &Entry<'d>, findings: &mut RuleReporter<'_>) {
    let (EntryValue::Misplaced(property_name), Some(parameter)) =
        (&entry.value, checked_parameter(line, entry))
    else {
        return;
    };
    let is_damaged = |name: &str| {
        entry
            .member(name)
            .is_some_and(|member| member.value.has_errors())
    };
    if entry.node.has_errors() || is_damaged("structured_value") {
        return;
    }
    let name = parameter.name();
    let written = property_name.as_text().unwrap_or_default();
    let Some(member) = entry.member(&written) else {
        return;
    };
    let has = |name: &str| {
        entry
            .member(name)
            .is_some_and(|member| member.value.kind() != Kind::Null)
    };
    let has_both = has("value") && has("structured_value");
    let message = match (has_both, parameter.is_attestation()) {
        (true, _) => format!("`{name}` has both `value` and `structured_value`"),
        (false, true) if written == "structured_value" => {
            format!("`{name}` has no `attestation_accepted` in `structured_value`")
        }
        (false, true) => {
            format!(
                "the answer of `{name}` must be in `structured_value.attestation_accepted`, not \
                 in `value`"
            )
        }
        (false, false) => {
            format!("the value of `{name}` must be in `value`, not in `structured_value`")
        }
    };
    let finding = findings.report(member.name.span(), message);
    match relocated(entry, parameter, member).filter(|_| !has_both) {
        Some(text) => {
            let property_span = Span::new(member.name.span().start, member.value.span().end);
            let edits = vec![Edit::replace(property_span, text.clone())];
            finding.fix(Fix::unsafe_(format!("replace with `{text}`"), edits));
        }
        None => {
            let path = if parameter.is_attestation() {
                "structured_value.attestation_accepted"
            } else {
                "value"
            };
            finding.help(format!("write the value only in `{path}`"));
        }
    }
}

/// The source of the property with the value moved to the right place. Only uses a value that is present.
fn relocated(entry: &Entry<'_>, parameter: Parameter, member: Member<'_>) -> Option<String> {
    if !parameter.is_attestation() {
        let only = only_value(member.value, "value")?;
        return (only.kind() == Kind::String).then(|| format!("\"value\": {}", only.source()));
    }
    let answer = match entry.member("value") {
        Some(value) => value.value,
        None => only_value(member.value, "attestation_accepted")?,
    };
    let answer = answer.as_bool().or_else(|| parse_bool_string(answer))?;
    Some(format!(
        "\"structured_value\": {{ \"attestation_accepted\": {answer} }}"
    ))
}

/// The value of an object's only property, if its name is `name` or a misspelling of it. Under another name
/// it may mean the opposite.
fn only_value<'d>(object: Node<'d>, name: &str) -> Option<Node<'d>> {
    let mut members = object.members();
    let first = members.next()?;
    let written = first.name_text();
    let is_named = written == name || suggest::is_near(&written, name);
    (is_named && members.next().is_none()).then_some(first.value)
}

pub(in crate::rules) static PARAMETER_TYPE_MISMATCH: Rule = Rule {
    id: "order/parameter-type-mismatch",
    level: Level::Error,
    page: include_str!("../../../rules/order/parameter-type-mismatch.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Entry(&|line, entry, _, findings| {
        check_parameter_type_mismatch(line, entry, findings);
    })),
};

fn check_parameter_type_mismatch<'d>(
    line: &Line<'d>,
    entry: &Entry<'d>,
    findings: &mut RuleReporter<'_>,
) {
    let value = match &entry.value {
        EntryValue::String(string) => entry.node.node_at(string.place),
        EntryValue::Other(value) => *value,
        _ => return,
    };
    let Some(parameter) = checked_parameter(line, entry).filter(|_| !value.has_errors()) else {
        return;
    };
    let name = parameter.name();
    if parameter.is_attestation() && value.as_bool().is_none() {
        let message = format!(
            "`{name}` must be `true` or `false`, found {}",
            describe(value)
        );
        let finding = findings.report(value.span(), message);
        match retyped_answer(line, parameter, value) {
            Some((answer, safety)) => {
                let edits = vec![Edit::replace(value.span(), answer.to_string())];
                let title = format!("replace with `{answer}`");
                finding.fix(Fix {
                    title,
                    safety,
                    edits,
                });
            }
            None => {
                finding.help("write `true` or `false`, without quotes");
            }
        }
    } else if !parameter.is_attestation() && value.kind() != Kind::String {
        let message = format!("`{name}` must be a string, found {}", describe(value));
        let finding = findings.report(value.span(), message);
        match retyped_text(line, parameter, value) {
            Some(fix) => {
                finding.fix(fix);
            }
            None => {
                finding.help("write the value as a string, in quotes");
            }
        }
    }
}

fn describe(value: Node<'_>) -> String {
    match value.kind() {
        Kind::Null => "`null`".into(),
        Kind::False | Kind::True => format!("the boolean `{}`", value.source()),
        Kind::Number => format!("the number `{}`", value.source()),
        Kind::String => format!("the string `{}`", value.source()),
        Kind::Array => "an array".into(),
        Kind::Object => "an object".into(),
    }
}

fn parse_bool_string(value: Node<'_>) -> Option<bool> {
    let text = value.as_text()?;
    let text = text.trim();
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// The boolean that a value of another type means.
fn retyped_answer(
    line: &Line<'_>,
    parameter: Parameter,
    value: Node<'_>,
) -> Option<(bool, Safety)> {
    if let Some(answer) = parse_bool_string(value) {
        // On a sale, `false` would be rejected by another rule, so the fix needs review.
        let is_rejected = parameter == Parameter::PartnerAttestation && !answer && line.is_sale();
        return Some((answer, Safety::when(!is_rejected)));
    }
    let text = value.as_text().unwrap_or_else(|| value.source().into());
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" | "1" => Some((true, Safety::Unsafe)),
        "no" | "n" | "0" => Some((false, Safety::Unsafe)),
        _ => None,
    }
}

fn retyped_text(line: &Line<'_>, parameter: Parameter, value: Node<'_>) -> Option<Fix> {
    let span = value.span();
    let digits = value.source();
    // A spreadsheet may have changed a number with a point or an exponent.
    if value.kind() != Kind::Number || digits.contains(['.', 'e', 'E']) {
        return None;
    }
    let is_only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    let country = line.string(Parameter::EffectiveCountry);
    let may_be_us = country.is_none_or(|country| country.trim().eq_ignore_ascii_case("US"));
    if parameter == Parameter::EffectivePostalCode
        && may_be_us
        && is_only_digits
        && digits.len() < 5
    {
        let padded = quote(&format!("{digits:0>5}"));
        return Some(Fix::unsafe_(
            format!("replace with `{padded}`"),
            vec![Edit::replace(span, padded)],
        ));
    }
    let edits = vec![Edit::insert(span.start, "\""), Edit::insert(span.end, "\"")];
    // These parameters can consist of digits only; a date, a choice or an e-mail address cannot.
    let may_be_digits = matches!(
        parameter,
        Parameter::EffectivePostalCode
            | Parameter::EffectivePhonenumber
            | Parameter::EffectiveAddress
            | Parameter::EffectiveCity
            | Parameter::CustomerCompanyName
    );
    let safety = Safety::when(may_be_digits);
    Some(Fix {
        title: format!("replace with `{}`", quote(digits)),
        safety,
        edits,
    })
}
