//! Texts with places to be filled in: `$1` is the first, `${1:words}` one that says something already.

use crate::json::quote;
use crate::kinds::order::parameter::Parameter;

/// An entry, its value the next place to be filled in. Nobody's word is given for them: an attestation
/// or an acceptance is left open.
pub(super) fn entry(parameter: Parameter, next: &mut usize) -> String {
    let name = escaped(&quote(parameter.name()));
    let place = *next;
    *next += 1;
    if parameter.is_attestation() {
        return format!(
            "{{ \"name\": {name}, \"structured_value\": {{ \"attestation_accepted\": ${place} }} }}"
        );
    }
    format!("{{ \"name\": {name}, \"value\": \"${place}\" }}")
}

/// The parameters of a line that makes a new tenant, the next place the first to be filled in.
pub(super) fn all_for_new_tenant(next: &mut usize) -> String {
    let entries = Parameter::FOR_NEW_TENANT.map(|parameter| entry(parameter, next));
    format!("\n  {}\n", entries.join(",\n  "))
}

/// What a sale begins with, up to its parameters; they are behind the seventh place.
const SALE: &str = r#"
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

/// The members with which payloads begin, each with the payload's name.
pub(super) fn beginnings() -> [(&'static str, String); 3] {
    let parameters = all_for_new_tenant(&mut 8).replace('\n', "\n      ");
    [
        (
            "order that makes a new tenant",
            format!("{SALE}{parameters}]\n    }}\n  ]\n"),
        ),
        ("certificate to be created", CERTIFICATE.into()),
        ("qualification to be asked for", QUALIFICATION.into()),
    ]
}

/// A text of which nothing is a place to be filled in.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('$', "\\$")
        .replace('}', "\\}")
}

/// A snippet for clients that know none: places say what they say already, most nothing.
pub(super) fn without_places(snippet: &str) -> String {
    let mut text = String::with_capacity(snippet.len());
    let mut letters = snippet.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            '$' if letters.next_if_eq(&'{').is_some() => {
                letters.by_ref().find(|letter| *letter == ':');
                text.extend(letters.by_ref().take_while(|letter| *letter != '}'));
            }
            '$' => while letters.next_if(char::is_ascii_digit).is_some() {},
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_begun_is_json_once_it_is_filled_in() {
        for (name, members) in beginnings() {
            let filled = without_places(&members)
                .replace(": ,", ": 1,")
                .replace(": }", ": 1}");
            let filled = filled.replace(":  }", ": true }");
            let value: Result<serde_json::Value, _> =
                serde_json::from_str(&format!("{{{filled}}}"));
            assert!(value.is_ok(), "{name}: {value:?} {filled}");
        }
        assert_eq!(without_places(r"a\$b ${1:c} $2d"), "a$b c d");
        assert_eq!(escaped(r"a$b\c"), r"a\$b\\c");
    }
}
