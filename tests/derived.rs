//! Files that are derived from the table of rules and the kinds.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads and writes the project's files"
)]

#[path = "support/derived.rs"]
mod derived;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use countersign::kinds::order::parameter::Parameter;
use countersign::registry::Registry;
use countersign::rules::RULES;
use derived::assert_derived;
use serde_json::{Value, json};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// A text with the lines from the first for which `is_derived` holds to the last replaced.
fn with_lines(text: &str, is_derived: impl Fn(&str) -> bool, lines: &[String]) -> String {
    let all: Vec<&str> = text.lines().collect();
    let first = all
        .iter()
        .position(|line| is_derived(line))
        .expect("derived lines");
    let last = all
        .iter()
        .rposition(|line| is_derived(line))
        .expect("derived lines");
    let lines = lines.iter().map(String::as_str);
    let parts = all[..first].iter().copied().chain(lines);
    let mut result: Vec<&str> = parts.collect();
    result.extend(&all[last + 1..]);
    result.join("\n") + "\n"
}

#[test]
fn the_documentation_lists_every_rule() {
    let rows: Vec<String> = Registry::built_in()
        .rules()
        .iter()
        .map(|rule| {
            let summary = rule.summary().replace('|', "\\|");
            format!(
                "| [`{0}`](../rules/{0}.md) | {1} | {summary} |",
                rule.id, rule.level
            )
        })
        .collect();
    let path = "docs/rules.md";
    let is_row = |line: &str| line.starts_with("| [`") && line.contains("](../rules/");
    assert_derived(path, &with_lines(&read(path), is_row, &rows));
}

#[test]
fn the_schema_of_the_configuration_lists_every_rule_and_kind() {
    let registry = Registry::built_in();
    let mut properties: BTreeMap<String, String> = BTreeMap::new();
    for family in registry.families() {
        properties.insert(
            format!("{family}/*"),
            format!("Every rule of the family `{family}/`."),
        );
    }
    for rule in registry.rules() {
        properties.insert(rule.id.to_owned(), rule.summary().to_owned());
    }
    let count = properties.len();
    let lines: Vec<String> = properties
        .iter()
        .enumerate()
        .map(|(index, (name, description))| {
            let (name, description) = (json!(name), json!(description));
            let comma = if index + 1 < count { "," } else { "" };
            format!("        {name}: {{ \"$ref\": \"#/$defs/level\", \"description\": {description} }}{comma}")
        })
        .collect();
    let path = "schemas/config.schema.json";
    let is_rule =
        |line: &str| line.starts_with("        \"") && line.contains("\"$ref\": \"#/$defs/level\"");
    let text = with_lines(&read(path), is_rule, &lines);
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    let kinds: Vec<&str> = registry.kinds().iter().map(|kind| kind.id()).collect();
    let listed = schema["$defs"]["payloads"]["properties"]["kind"]["enum"].take();
    let text = text.replace(&in_one_line(&listed), &in_one_line(&json!(kinds)));
    assert_derived(path, &text);
}

#[test]
fn the_schema_of_findings_lists_every_kind() {
    let path = "schemas/findings.schema.json";
    let registry = Registry::built_in();
    let kinds = registry.kinds().iter().map(|kind| json!(kind.id()));
    let kinds: Value = kinds.chain([Value::Null]).collect();
    let line = |text: &str| format!("        \"kind\": {{ \"enum\": {text}, ");
    let text = read(path);
    let begin = text
        .find("        \"kind\": { \"enum\": [")
        .expect("the kinds");
    let end = begin + text[begin..].find("], ").expect("the end of the kinds") + 3;
    let text = format!(
        "{}{}{}",
        &text[..begin],
        line(&in_one_line(&kinds)),
        &text[end..]
    );
    assert_derived(path, &text);
}

#[test]
fn the_list_of_parameters_is_that_of_the_view() {
    let names: Vec<&str> = Parameter::ALL.into_iter().map(Parameter::name).collect();
    assert_derived(
        "rules/data/order-parameters.txt",
        &(names.join("\n") + "\n"),
    );
}

#[test]
fn the_error_codes_are_those_of_the_pages() {
    let mut rules_by_code: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rule in RULES {
        for code in rule.error_codes() {
            rules_by_code.entry(code).or_default().push(rule.id);
        }
    }
    let lines = rules_by_code
        .iter()
        .map(|(code, rules)| format!("{code}={}\n", rules.join(" ")));
    assert_derived(
        "rules/data/rules-by-error-code.txt",
        &lines.collect::<String>(),
    );
}

/// An array as the schemas write it.
fn in_one_line(array: &Value) -> String {
    let items = array.as_array().expect("an array").iter();
    format!(
        "[{}]",
        items.map(Value::to_string).collect::<Vec<_>>().join(", ")
    )
}
