//! Snippets of the protocol: `$1` is a placeholder, `${1:value}` a placeholder with a default.

use crate::json::quote;
use crate::payload::parameter::Parameter;

/// Returns the snippet of an entry of `parameters`, with the placeholder `next` for its value. Attestations
/// and acceptances get no default, because only the user can give them.
pub(super) fn parameter_entry(parameter: Parameter, next: &mut usize) -> String {
    let name = escape(&quote(parameter.name()));
    let number = *next;
    *next += 1;
    if parameter.is_attestation() {
        return format!(
            "{{ \"name\": {name}, \"structured_value\": {{ \"attestation_accepted\": ${number} }} }}"
        );
    }
    format!("{{ \"name\": {name}, \"value\": \"${number}\" }}")
}

/// Returns the snippet of all entries of `parameters` that a line for a new tenant needs, with placeholders
/// from `next` on.
pub(super) fn new_tenant_parameters(next: &mut usize) -> String {
    let entries = Parameter::FOR_NEW_TENANT.map(|parameter| parameter_entry(parameter, next));
    format!("\n  {}\n", entries.join(",\n  "))
}

/// The start of a sales order, up to its parameters. It has seven placeholders.
const SALES_ORDER: &str = r#"
  "customerId": "$1",
  "type": "sales",
  "subscriptionPeriod": { "type": "${4:year}", "duration": ${5:1} },
  "products": [
    {
      "mpn": "$2",
      "quantity": $3,
      "billingPeriod": { "type": "${6:month}", "duration": ${7:1} },
      "parameters": ["#;

const CERTIFICATE: &str = r#"
  "program": { "id": "$1" },
  "client": { "id": "$2" }
"#;

const QUALIFICATION: &str = r#"
  "qualification": "$1"
"#;

/// Returns the label and the properties of a template for each kind of payload.
pub(super) fn templates() -> [(&'static str, String); 3] {
    let parameters = new_tenant_parameters(&mut 8).replace('\n', "\n      ");
    [
        (
            "order that makes a new tenant",
            format!("{SALES_ORDER}{parameters}]\n    }}\n  ]\n"),
        ),
        ("certificate to be created", CERTIFICATE.into()),
        ("qualification to be asked for", QUALIFICATION.into()),
    ]
}

/// Escapes a text that contains no placeholders.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('$', "\\$")
        .replace('}', "\\}")
}

/// Converts a snippet to plain text for clients without snippet support: a placeholder becomes its default,
/// or nothing.
pub(super) fn strip_placeholders(snippet: &str) -> String {
    let mut text = String::with_capacity(snippet.len());
    let mut chars = snippet.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            '$' if chars.next_if_eq(&'{').is_some() => {
                chars.by_ref().find(|c| *c == ':');
                text.extend(chars.by_ref().take_while(|c| *c != '}'));
            }
            '$' => while chars.next_if(char::is_ascii_digit).is_some() {},
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filled_templates_are_valid_json() {
        for (label, properties) in templates() {
            let filled = strip_placeholders(&properties)
                .replace(": ,", ": 1,")
                .replace(": }", ": 1}");
            let filled = filled.replace(":  }", ": true }");
            let value: Result<serde_json::Value, _> =
                serde_json::from_str(&format!("{{{filled}}}"));
            assert!(value.is_ok(), "{label}: {value:?} {filled}");
        }
    }

    #[test]
    fn strips_placeholders() {
        assert_eq!(strip_placeholders(r"a\$b ${1:c} $2d"), "a$b c d");
    }

    #[test]
    fn escapes_special_characters() {
        assert_eq!(escape(r"a$b\c"), r"a\$b\\c");
    }
}
