//! The customer's country.

use super::word_list::{COUNTRIES, COUNTRY_NAMES};
use crate::finding::{Fix, Level};
use crate::json::quote;
use crate::payload::parameter::Parameter;
use crate::rule::{Check, Rule};

pub(in crate::rules) static UNKNOWN: Rule = Rule {
    id: "order/unknown-country",
    level: Level::Error,
    page: include_str!("../../../rules/order/unknown-country.md"),
    check: Check::Line(|line, _, findings| {
        let Some(text) = line.text(Parameter::EffectiveCountry) else {
            return;
        };
        if COUNTRIES.has(&text) {
            return;
        }
        let finding = findings.report(
            text.span(),
            format!("`{}` is no country code of two capital letters", &*text),
        );
        let upper = text.trim().to_uppercase();
        if COUNTRIES.has(&upper) {
            finding.fix(Fix::safe(
                format!("write {}", quote(&upper)),
                vec![text.replace(&upper)],
            ));
        } else if let Some(code) = code_of(text.trim()) {
            finding.fix(Fix::unsafe_(
                format!("write {}", quote(code)),
                vec![text.replace(code)],
            ));
        } else {
            finding.help("give the code of ISO 3166-1, such as US");
        }
    }),
};

/// The code of a country given by its English name or a longer code.
fn code_of(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    COUNTRY_NAMES.iter().find_map(|entry| {
        let (known, code) = entry.split_once('=')?;
        (known == name).then_some(code)
    })
}
