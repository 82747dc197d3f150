//! Values that were copied from a sample and never replaced.

use super::email::{is_at_or_below, mail_domain};
use super::word_list::{SAMPLE_MAIL_DOMAINS, SAMPLE_WORDS};
use super::{company_name, tenant};
use crate::finding::Level;
use crate::payload::order::{Line, Text};
use crate::payload::parameter::Parameter;
use crate::rule::{Check, Rule};

pub(in crate::rules) static SAMPLE_VALUE: Rule = Rule {
    id: "order/sample-value",
    level: Level::Warning,
    page: include_str!("../../../rules/order/sample-value.md"),
    check: Check::Line(|line, _, findings| {
        let values = [
            line.text(Parameter::CustomerCompanyName)
                .filter(|text| is_sample_company(text)),
            line.text(Parameter::FirstNameAgreement)
                .filter(|text| is_sample_word(text)),
            line.text(Parameter::LastNameAgreement)
                .filter(|text| is_sample_word(text)),
            line.text(Parameter::MicrosoftDomain)
                .filter(|text| is_sample_domain(line, text)),
            sample_mail(line, Parameter::CustomerEmail),
            sample_mail(line, Parameter::EmailAddressAgreement),
        ];
        for text in values.into_iter().flatten() {
            findings
                .report(
                    text.span(),
                    format!(
                        "`{}` reads like a sample, not like a customer's own",
                        &*text
                    ),
                )
                .help("give the customer's real value");
        }
    }),
};

fn is_sample_word(text: &str) -> bool {
    let word = text.trim();
    // The longest sample word is short; most names are told by their first look.
    word.len() <= 16 && SAMPLE_WORDS.has(&word.to_lowercase())
}

fn is_sample_company(name: &str) -> bool {
    is_sample_word(name) && !company_name::has_error(name)
}

fn is_sample_domain(line: &Line<'_>, domain: &str) -> bool {
    line.is_for_new_tenant() == Some(true)
        && tenant::new_tenant_label(domain)
            .is_some_and(|label| is_sample_word(label) || is_only_x(label))
}

fn is_only_x(label: &str) -> bool {
    label.len() >= 3 && label.bytes().all(|byte| byte.eq_ignore_ascii_case(&b'x'))
}

fn sample_mail<'d>(line: &Line<'d>, parameter: Parameter) -> Option<Text<'d>> {
    let domain = mail_domain(line, parameter)?;
    let is_sample = SAMPLE_MAIL_DOMAINS
        .iter()
        .any(|sample| is_at_or_below(&domain, sample))
        || domain.split('.').any(is_only_x);
    if is_sample {
        line.text(parameter)
    } else {
        None
    }
}
