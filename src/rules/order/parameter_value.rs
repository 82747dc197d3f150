//! Whether a parameter has a value, in the right member and of the right type. What these rules
//! report, no other rule judges: the lens gives the value to nobody else.

use crate::finding::{Edit, Fix, Level, Safety};
use crate::json::{Kind, Member, Node, quote};
use crate::payload::order::Line;
use crate::payload::parameter::{Entry, Given, Naming, Parameter};
use crate::rule::{Check, Rule};
use crate::span::Span;
use crate::spelling;

/// The parameter whose value an entry gives, if that is judged: not where another entry of the same
/// name outdoes it, nor for an acceptance under a name that has to be put right first.
fn judged_as(line: &Line<'_>, entry: &Entry<'_>) -> Option<Parameter> {
    let parameter = entry.naming.parameter()?;
    let is_named = matches!(entry.naming, Naming::Exact(_));
    let is_judged = line.counts(entry) && (is_named || parameter != Parameter::McaAcceptance);
    is_judged.then_some(parameter)
}

pub(in crate::rules) static MISSING: Rule = Rule {
    id: "order/parameter-value-missing",
    level: Level::Error,
    page: include_str!("../../../rules/order/parameter-value-missing.md"),
    check: Check::Entry(|line, entry, findings| {
        let parameter = judged_as(line, entry);
        let is_judged = parameter.is_some() || entry.naming.parameter().is_none();
        let (Given::Missing, Some(name), true) = (&entry.given, entry.name(), is_judged) else {
            return;
        };
        let word = name.as_text().unwrap_or_default();
        findings
            .report(name.span(), format_args!("`{word}` has no value"))
            .help(match parameter {
                Some(parameter) if parameter.is_attestation() => {
                    "give the answer in `structured_value`, as `attestation_accepted`"
                }
                _ => "give its `value`, or take the parameter out",
            });
    }),
};

pub(in crate::rules) static MISPLACED: Rule = Rule {
    id: "order/value-misplaced",
    level: Level::Error,
    page: include_str!("../../../rules/order/value-misplaced.md"),
    check: Check::Entry(|line, entry, findings| {
        let (Given::Misplaced(place), Some(parameter)) = (&entry.given, judged_as(line, entry))
        else {
            return;
        };
        let name = parameter.name();
        let written = place.as_text().unwrap_or_default();
        let Some(member) = entry.member(&written) else {
            return;
        };
        let has_both =
            entry.member("value").is_some() && entry.member("structured_value").is_some();
        let message = match (has_both, parameter.is_attestation()) {
            (true, _) => format!("`{name}` has both `value` and `structured_value`"),
            (false, true) if written == "structured_value" => {
                format!("`{name}` has no `attestation_accepted` in its `structured_value`")
            }
            (false, true) => {
                format!(
                    "`{name}` is answered in `structured_value.attestation_accepted`, not in `value`"
                )
            }
            (false, false) => {
                format!("`{name}` is given in `value`, not in `structured_value`")
            }
        };
        let finding = findings.report(member.name.span(), message);
        match moved(entry, parameter, member).filter(|_| !has_both) {
            Some(text) => {
                let whole = Span::new(member.name.span().start, member.value.span().end);
                let edits = vec![Edit::replace(whole, text.clone())];
                finding.fix(Fix::unsafe_(format!("write {text}"), edits));
            }
            None => {
                let place = if parameter.is_attestation() {
                    "structured_value.attestation_accepted"
                } else {
                    "value"
                };
                finding.help(format!("give the value once, in `{place}`"));
            }
        }
    }),
};

/// The member that says the same in the right place; nothing that was not there is said.
fn moved(entry: &Entry<'_>, parameter: Parameter, member: Member<'_>) -> Option<String> {
    if !parameter.is_attestation() {
        let only = only_value(member.value, "value")?;
        return (only.kind() == Kind::String).then(|| format!("\"value\": {}", only.source()));
    }
    let answer = match entry.member("value") {
        Some(value) => value.value,
        None => only_value(member.value, "attestation_accepted")?,
    };
    let answer = answer.as_bool().or_else(|| told_as_text(answer))?;
    Some(format!(
        "\"structured_value\": {{ \"attestation_accepted\": {answer} }}"
    ))
}

/// The value of an object's only member, if that was meant to have this name: under another it may say
/// the opposite.
fn only_value<'d>(object: Node<'d>, name: &str) -> Option<Node<'d>> {
    let mut members = object.members();
    let first = members.next()?;
    let written = first.name_text();
    let is_meant = written == name || spelling::is_near(&written, name);
    (is_meant && members.next().is_none()).then_some(first.value)
}

pub(in crate::rules) static TYPE_MISMATCH: Rule = Rule {
    id: "order/parameter-type-mismatch",
    level: Level::Error,
    page: include_str!("../../../rules/order/parameter-type-mismatch.md"),
    check: Check::Entry(|line, entry, findings| {
        let value = match &entry.given {
            Given::Text(text) => entry.node.node_at(text.place),
            Given::Value(value) => *value,
            _ => return,
        };
        let Some(parameter) = judged_as(line, entry).filter(|_| !value.has_errors()) else {
            return;
        };
        let name = parameter.name();
        if parameter.is_attestation() && value.as_bool().is_none() {
            let message = format!(
                "`{name}` is answered with true or false, not with {}",
                described(value)
            );
            let finding = findings.report(value.span(), message);
            match retyped_answer(line, parameter, value) {
                Some((answer, safety)) => {
                    let edits = vec![Edit::replace(value.span(), answer.to_string())];
                    let title = format!("write {answer}");
                    finding.fix(Fix {
                        title,
                        safety,
                        edits,
                    });
                }
                None => {
                    finding.help("answer with true or false, without quotes");
                }
            }
        } else if !parameter.is_attestation() && value.kind() != Kind::String {
            let message = format!("`{name}` is a text, not {}", described(value));
            let finding = findings.report(value.span(), message);
            match retyped_text(line, parameter, value) {
                Some(fix) => {
                    finding.fix(fix);
                }
                None => {
                    finding.help("give the value as text, in quotes");
                }
            }
        }
    }),
};

fn described(value: Node<'_>) -> String {
    match value.kind() {
        Kind::Null => "null".into(),
        Kind::False | Kind::True => format!("the bare `{}`", value.source()),
        Kind::Number => format!("the number `{}`", value.source()),
        Kind::String => format!("the text {}", value.source()),
        Kind::Array => "a list".into(),
        Kind::Object => "an object".into(),
    }
}

fn told_as_text(value: Node<'_>) -> Option<bool> {
    let text = value.as_text()?;
    let word = text.trim();
    if word.eq_ignore_ascii_case("true") {
        Some(true)
    } else if word.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// The answer that the value says in another type.
fn retyped_answer(
    line: &Line<'_>,
    parameter: Parameter,
    value: Node<'_>,
) -> Option<(bool, Safety)> {
    if let Some(answer) = told_as_text(value) {
        // On a sale a re-typed `false` would be refused next, so a person must look.
        let is_refused = parameter == Parameter::PartnerAttestation && !answer && line.is_sale();
        return Some((answer, Safety::when(!is_refused)));
    }
    let text = value.as_text().unwrap_or_else(|| value.source().into());
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" | "1" => Some((true, Safety::Unsafe)),
        "no" | "n" | "0" => Some((false, Safety::Unsafe)),
        _ => None,
    }
}

fn retyped_text(line: &Line<'_>, parameter: Parameter, value: Node<'_>) -> Option<Fix> {
    if value.kind() != Kind::Number {
        return None;
    }
    let span = value.span();
    let digits = value.source();
    let is_code = digits.bytes().all(|byte| byte.is_ascii_digit());
    let country = line.text(Parameter::EffectiveCountry);
    let may_be_us = country.is_none_or(|country| country.trim().eq_ignore_ascii_case("US"));
    if parameter == Parameter::EffectivePostalCode && may_be_us && is_code && digits.len() < 5 {
        let padded = quote(&format!("{digits:0>5}"));
        return Some(Fix::unsafe_(
            format!("write {padded}"),
            vec![Edit::replace(span, padded)],
        ));
    }
    let edits = vec![Edit::insert(span.start, "\""), Edit::insert(span.end, "\"")];
    // Digits say an address, a name on a sign or a phone; they say no date, no choice and no e-mail.
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
        title: format!("write {}", quote(digits)),
        safety,
        edits,
    })
}
