//! Each rule on its own: its page, the examples on it, and its position in the table.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

#[path = "support/facts.rs"]
mod facts;
#[expect(dead_code, reason = "only some of its functions are needed here")]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::config::{self, Config};
use countersign::config_file::LoadedConfig;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::{Edit, Finding, Level, Safety};
use countersign::fix;
use countersign::registry::Registry;
use countersign::rule::{Check, Rule, Source};
use countersign::rules::RULES;
use countersign::schema::Schema;
use countersign::span::Span;
use serde_json::Value;
use support::check;

/// An example from a rule's page.
struct Example {
    /// The rest of the info string after `json` or `toml`.
    facts: String,
    text: String,
    is_flagged: bool,
}

/// Parses a page into its examples and its headings.
fn parse_page(page: &str) -> (Vec<Example>, Vec<&str>) {
    let mut examples = Vec::new();
    let mut headings = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.to_owned(), String::new())),
            (Some((info, text)), Some("")) => {
                let facts = info.strip_prefix("json").or(info.strip_prefix("toml"));
                if let Some(facts) = facts {
                    let is_flagged = headings.last() == Some(&"### Flagged");
                    examples.push(Example {
                        facts: facts.trim().into(),
                        text: text.clone(),
                        is_flagged,
                    });
                }
                open = None;
            }
            (Some((_, text)), _) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) if line.starts_with('#') => headings.push(line),
            _ => {}
        }
    }
    (examples, headings)
}

/// Returns what is wrong with the structure of a page.
fn page_errors(page: &str) -> Vec<String> {
    let (examples, headings) = parse_page(page);
    let mut errors = Vec::new();
    let expected = [
        "## Why it matters",
        "## How to fix",
        "## Examples",
        "### Flagged",
        "### Accepted",
        "## Sources",
    ];
    if headings.iter().skip(1).ne(&expected) {
        errors.push(format!("has the headings {headings:?}"));
    }
    for is_flagged in [true, false] {
        if !examples
            .iter()
            .any(|example| example.is_flagged == is_flagged)
        {
            errors.push("lacks a flagged or an accepted example".into());
        }
    }
    let sources = page.split("\n## Sources\n").nth(1).unwrap_or_default();
    if !sources.lines().any(|line| line.starts_with("- ")) {
        errors.push("names no source".into());
    }
    errors
}

/// The flagged examples on the page of a rule.
fn flagged_examples(rule: &Rule) -> Vec<Example> {
    let (mut examples, _) = parse_page(rule.page);
    examples.retain(|example| example.is_flagged);
    examples
}

/// Returns an order that contains the example if it is a parameter, an array of parameters or a line, and
/// the example itself otherwise.
fn complete_payload(text: &str) -> String {
    let order = |lines: String| {
        format!(
            "{{\"customerId\":\"1\",\"type\":\"sales\",\"subscriptionPeriod\":{{\"type\":\"year\",\
             \"duration\":1}},\"products\":[{lines}]}}"
        )
    };
    let line = |parameters: String| {
        order(format!(
            "{{\"mpn\":\"CFQ7TTC0LH16:0001\",\"quantity\":1,\"billingPeriod\":{{\"type\":\"month\",\
             \"duration\":1}},\"parameters\":{parameters}}}"
        ))
    };
    // A certificate also has a `name`, but an `id` as well, and a customer has contacts.
    let is_parameter = |value: &Value| {
        let is_other = value.get("id").is_some() || value.get("contactPersons").is_some();
        (value.get("name").is_some() || value.get("key").is_some()) && !is_other
    };
    match serde_json::from_str::<Value>(text) {
        Ok(value) if value.get("customerId").is_some() => text.to_owned(),
        Ok(value) if value.get("mpn").is_some() => order(text.to_owned()),
        Ok(value) if is_parameter(&value) && value.get("schema").is_none() => {
            line(format!("[{text}]"))
        }
        Ok(Value::Array(items)) if items.first().is_some_and(is_parameter) => line(text.to_owned()),
        _ => text.to_owned(),
    }
}

fn config_of(facts: &str) -> Config {
    let mut config = Config::default();
    facts::apply(facts, &mut config);
    config
}

/// Returns the findings of one rule in an example, and the text that their spans refer to.
fn check_example(rule: &'static Rule, example: &Example) -> (Vec<Finding>, String) {
    if rule.id == "config/stale-price-sheet" {
        return (
            check_price_sheet_example(rule, example),
            example.text.clone(),
        );
    }
    if matches!(rule.check, Check::BuiltIn(Source::Configuration)) {
        return (check_config_example(rule, example), example.text.clone());
    }
    if matches!(rule.check, Check::BuiltIn(Source::Fixes)) {
        return check_fix_example(rule, example);
    }
    if matches!(rule.check, Check::BuiltIn(Source::Engine)) {
        return check_panic_example(rule, example);
    }
    if matches!(rule.check, Check::BuiltIn(Source::Input)) {
        return check_input_example(rule, example);
    }
    let mut engine = Engine::new(config_of(&example.facts)).only_rules(&[rule]);
    let mut bytes = complete_payload(&example.text).into_bytes();
    if example.facts.contains("bytes=hex") {
        bytes = decode_hex(&example.text);
    } else if example.facts.contains("schema") {
        let both: Value = serde_json::from_str(&example.text).unwrap();
        engine = engine.with_schema(Schema::compile(both["schema"].clone()).unwrap());
        bytes = both["payload"].to_string().into_bytes();
    } else if matches!(rule.check, Check::BuiltIn(Source::Parser)) {
        bytes = example.text.clone().into_bytes();
    }
    let document = Document::parse_bytes(&bytes);
    let mut findings = engine.check(&document).findings;
    findings.retain(|finding| finding.rule == rule.id);
    (findings, document.text().to_owned())
}

/// Returns the findings of one rule in an example that is a configuration file, in a run without payloads.
fn check_config_example(rule: &Rule, example: &Example) -> Vec<Finding> {
    let parsed = config::read(
        &example.text,
        config_of(&example.facts).context.today,
        &Registry::built_in(),
    );
    let unused = parsed.config.unused(&[], &[]);
    let mut findings = parsed.findings;
    findings.extend(unused);
    findings.retain(|finding| finding.rule == rule.id);
    findings
}

/// Returns the findings of one rule in an example that is a configuration file, next to a price sheet.
fn check_price_sheet_example(rule: &Rule, example: &Example) -> Vec<Finding> {
    let mut facts = example.facts.split_whitespace();
    let end = facts
        .find_map(|fact| fact.strip_prefix("price-sheet-ends="))
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let sheet = format!(
        "ProductId,SkuId,SkuTitle,TermDuration,BillingPlan,Market,Segment,EffectiveEndDate\n\
         CFQ7TTC0LH18,0001,Microsoft 365 Business Basic,P1Y,Monthly,US,Commercial,{end}T23:59:59Z\n"
    );
    fs::write(folder.path().join("prices.csv"), sheet).unwrap();
    let path = folder.path().join("countersign.toml");
    fs::write(&path, &example.text).unwrap();
    let today = config_of(&example.facts).context.today;
    let loaded = LoadedConfig::read(&path, today, &Registry::built_in());
    let mut findings = loaded
        .unwrap_or_else(|error| panic!("{}", error.0))
        .findings;
    findings.retain(|finding| finding.rule == rule.id);
    findings
}

fn decode_hex(text: &str) -> Vec<u8> {
    let byte =
        |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap();
    text.trim().as_bytes().chunks(2).map(byte).collect()
}

/// Returns the findings of one rule in a file with the bytes of an example.
fn check_input_example(rule: &Rule, example: &Example) -> (Vec<Finding>, String) {
    let bytes = match example.facts.as_str() {
        "bytes=hex" => decode_hex(&example.text),
        _ => example.text.clone().into_bytes(),
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("example.json");
    std::fs::write(&file, bytes).unwrap();
    let outcome = check(&["--format", "ndjson", file.to_str().unwrap()], "");
    let rows = outcome
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let findings = rows.filter(|row| row["rule"] == rule.id).map(|row| {
        let message = row["message"].as_str().unwrap();
        let mut finding = Finding::new(rule.id, rule.level, Span::empty(0), message);
        finding.help(row["help"].as_str().unwrap_or("it has a fix"));
        finding
    });
    (findings.collect(), String::new())
}

/// A rule that panics on every record.
static PANICKING: Rule = Rule::new(
    "test/failing",
    Level::Error,
    "",
    Check::Record(None, &|_, _, _| panic!("a rule that fails")),
);

/// Returns the findings of one rule in an example, next to a rule that panics if the facts ask for one.
fn check_panic_example(rule: &Rule, example: &Example) -> (Vec<Finding>, String) {
    let mut rules = RULES.to_vec();
    if example.facts == "failing=yes" {
        rules.push(&PANICKING);
    }
    let engine = Engine::new(Config::default()).only_rules(&rules);
    let mut findings = engine.check(&Document::parse(&example.text)).findings;
    findings.retain(|finding| finding.rule == rule.id);
    (findings, example.text.clone())
}

/// Returns the findings of one rule after all fixes of an example are applied, in at most as many rounds as
/// its facts allow.
fn check_fix_example(rule: &Rule, example: &Example) -> (Vec<Finding>, String) {
    let engine = Engine::new(config_of(&example.facts));
    let check = |text: &str| engine.check(&Document::parse(text));
    let mut facts = example.facts.split_whitespace();
    let rounds = facts.find_map(|fact| fact.strip_prefix("rounds="));
    let rounds = rounds.map_or(fix::MAX_ROUNDS, |rounds| rounds.parse().unwrap());
    let before = check(&example.text);
    let fixed = fix::apply_fixes(&example.text, &before, Safety::Unsafe, rounds, check);
    let (text, mut findings) = match fixed {
        Some(fixed) => (fixed.text, fixed.outcome.findings),
        None => (example.text.clone(), before.findings),
    };
    fix::report_unconverged(&engine, Safety::Unsafe, &mut findings);
    findings.retain(|finding| finding.rule == rule.id);
    (findings, text)
}

/// The text with the edits applied, which are sorted and do not overlap.
fn apply_edits(text: &str, edits: &[Edit]) -> String {
    let mut text = text.to_owned();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}

#[test]
fn every_page_is_complete_and_its_examples_hold() {
    let mut failures = Vec::new();
    for rule in RULES {
        let errors = page_errors(rule.page);
        failures.extend(errors.iter().map(|error| format!("{} {error}", rule.id)));
        for example in &parse_page(rule.page).0 {
            let (findings, _) = check_example(rule, example);
            if example.is_flagged == findings.is_empty() {
                let outcome = if example.is_flagged {
                    "is not flagged"
                } else {
                    "is flagged"
                };
                failures.push(format!("{} {outcome}:\n{}", rule.id, example.text));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn has_safe_fix(finding: &Finding) -> bool {
    let fix = finding.fix.as_ref();
    fix.is_some_and(|fix| fix.safety == Safety::Safe)
}

#[test]
fn a_safe_fix_resolves_the_finding() {
    for rule in RULES {
        for example in flagged_examples(rule) {
            let (findings, text) = check_example(rule, &example);
            let safe: Vec<Edit> = findings
                .iter()
                .filter(|finding| has_safe_fix(finding))
                .flat_map(|finding| finding.fix.clone().unwrap().edits)
                .collect();
            let expected = findings
                .iter()
                .filter(|finding| !has_safe_fix(finding))
                .count();
            let is_config = matches!(rule.check, Check::BuiltIn(Source::Configuration));
            if safe.is_empty() || example.facts.contains("schema") || is_config {
                continue;
            }
            let fixed = apply_edits(&text, &safe);
            let document = Document::parse(&fixed);
            let engine = Engine::new(config_of(&example.facts)).only_rules(&[rule]);
            let remaining = engine
                .check(&document)
                .findings
                .iter()
                .filter(|finding| finding.rule == rule.id)
                .count();
            assert_eq!(remaining, expected, "{} in\n{fixed}", rule.id);
        }
    }
}

/// Asserts that a message or a help is one clause, in lower case and without a full stop.
fn assert_one_clause(rule: &Rule, text: &str) {
    assert!(
        !text.ends_with('.') || text.ends_with(".com"),
        "{}: {text}",
        rule.id
    );
    assert!(!text.contains('\n'), "{}: {text}", rule.id);
    let first = text.chars().next().unwrap();
    assert!(
        !first.is_uppercase() || text.starts_with("JSON"),
        "{}: {text}",
        rule.id
    );
}

#[test]
fn messages_are_one_clause_without_a_full_stop() {
    for rule in RULES {
        for example in flagged_examples(rule) {
            for finding in check_example(rule, &example).0 {
                assert_one_clause(rule, &finding.message);
                if let Some(help) = &finding.help {
                    assert_one_clause(rule, help);
                }
                assert!(
                    finding.help.is_some()
                        || finding.fix.is_some()
                        || rule.id.starts_with("json/")
                        || rule.id.starts_with("schema/"),
                    "{} has neither a help nor a fix",
                    rule.id
                );
            }
        }
    }
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn each_rule_has_a_page_and_the_table_is_sorted() {
    let mut pages = BTreeSet::new();
    for family in fs::read_dir(project("rules")).unwrap() {
        let family = family.unwrap().file_name().into_string().unwrap();
        if family == "data" {
            continue;
        }
        for page in fs::read_dir(project("rules").join(&family)).unwrap() {
            let page = page.unwrap().file_name().into_string().unwrap();
            pages.insert(format!(
                "{family}/{}",
                page.strip_suffix(".md").expect("a page")
            ));
        }
    }
    let ids: Vec<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(ids, pages.into_iter().collect::<Vec<_>>());
    for rule in RULES {
        assert_eq!(
            rule.page.lines().next(),
            Some(format!("# {}", rule.id).as_str())
        );
        let file = fs::read_to_string(project(&format!("rules/{}.md", rule.id))).unwrap();
        assert_eq!(rule.page, file, "{} includes another rule's page", rule.id);
        assert!(rule.summary().ends_with('.'), "{}", rule.id);
        assert!(Registry::built_in().rule(rule.id).is_some());
    }
}

#[test]
fn a_rule_id_names_the_defect() {
    for rule in RULES {
        let (family, defect) = rule.id.split_once('/').unwrap();
        for word in [
            "valid", "check", "rule", "must", "should", "ensure", "require-", "no-",
        ] {
            assert!(
                !defect.starts_with(word),
                "allow {family}/{defect} does not read well"
            );
        }
    }
}

#[test]
fn data_lists_are_used() {
    let files = ["src/rules/data.rs", "src/kinds/order/parameter_docs.rs"];
    let source = files
        .map(|file| fs::read_to_string(project(file)).unwrap())
        .concat();
    for entry in fs::read_dir(project("rules/data")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // Derived from the parameters of the view, for readers.
        if name != "order-parameters.txt" {
            let path = format!("rules/data/{name}\"");
            assert!(source.contains(&path), "{name} is not used");
        }
    }
}

#[test]
fn data_lists_are_sorted_unique_and_trimmed() {
    for entry in fs::read_dir(project("rules/data")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines.is_sorted_by(|a, b| a < b),
            "{} is not sorted",
            path.display()
        );
        assert!(
            lines
                .iter()
                .all(|line| line.trim() == *line && !line.is_empty()),
            "{}",
            path.display()
        );
        assert!(
            text.ends_with('\n') && !text.contains('\r'),
            "{}",
            path.display()
        );
    }
}

#[test]
fn no_fix_adds_a_legal_statement() {
    let legal = [
        "partner_on_record_attestation_accepted",
        "offer_attestation",
        "attestation_accepted",
        "mca_acceptance",
        "agreement_date",
    ];
    for rule in RULES {
        // These rules rename a property or move a value, so that the count of names may rise.
        if matches!(
            rule.id,
            "order/misnamed-parameter" | "order/value-misplaced"
        ) {
            continue;
        }
        for example in flagged_examples(rule) {
            let (findings, text) = check_example(rule, &example);
            for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
                let fixed = apply_edits(&text, &fix.edits);
                for name in legal {
                    let count = |text: &str| text.matches(&format!("\"{name}\"")).count();
                    assert!(
                        count(&fixed) <= count(&text),
                        "{} adds {name}:\n{fixed}",
                        rule.id
                    );
                }
            }
        }
    }
}
