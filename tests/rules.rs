//! Every rule alone: its page, its examples, its place in the table.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

#[path = "support/facts.rs"]
mod facts;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::batch::{DecompressError, Decompressor};
use countersign::config::{self, Config};
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::{Edit, Finding, Level, Safety};
use countersign::fix;
use countersign::registry::Registry;
use countersign::rule::{Check, Rule, Source};
use countersign::rules::RULES;
use countersign::schema::Schema;
use serde_json::Value;

/// One example of a page.
struct Example {
    /// The words behind `json` or `toml` in its fence.
    facts: String,
    text: String,
    is_flagged: bool,
}

/// A page's examples, and complaints about its form.
fn read_page(page: &str) -> (Vec<Example>, Vec<String>) {
    let mut examples = Vec::new();
    let mut headings = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.to_owned(), String::new())),
            (Some((info, text)), Some("")) => {
                let facts = info.strip_prefix("json").or(info.strip_prefix("toml"));
                if let Some(facts) = facts {
                    let is_flagged = headings.last() == Some(&"## Flagged");
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
    let mut complaints = Vec::new();
    if headings
        .iter()
        .skip(1)
        .ne(&["## Why", "## Flagged", "## Accepted"])
    {
        complaints.push(format!("has the headings {headings:?}"));
    }
    for is_flagged in [true, false] {
        if !examples
            .iter()
            .any(|example| example.is_flagged == is_flagged)
        {
            complaints.push("lacks a flagged or an accepted example".into());
        }
    }
    if !page.lines().any(|line| line.starts_with("Source: ")) {
        complaints.push("names no source".into());
    }
    (examples, complaints)
}

/// A payload around an example: a parameter, a list of them or a line is set into an order.
fn payload_around(text: &str) -> String {
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
    // A certificate may have a name too.
    let is_parameter = |value: &Value| {
        (value.get("name").is_some() || value.get("key").is_some()) && value.get("id").is_none()
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

/// What `rule` alone says of an example, and the text that was judged.
fn judge(rule: &'static Rule, example: &Example) -> (Vec<Finding>, String) {
    if matches!(rule.check, Check::BuiltIn(Source::Configuration)) {
        return (judge_settings(rule, example), example.text.clone());
    }
    if matches!(rule.check, Check::BuiltIn(Source::Fixes)) {
        return judge_fixes(rule, example);
    }
    if matches!(rule.check, Check::BuiltIn(Source::Engine)) {
        return judge_failing(rule, example);
    }
    if matches!(rule.check, Check::BuiltIn(Source::Decompression)) {
        return judge_archive(example);
    }
    let mut engine = Engine::new(config_of(&example.facts)).only_rules(&[rule]);
    let mut bytes = payload_around(&example.text).into_bytes();
    if example.facts.contains("bytes=hex") {
        bytes = bytes_of_hex(&example.text);
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

/// What `rule` says of an example that is a configuration file, in a run that checks nothing.
fn judge_settings(rule: &Rule, example: &Example) -> Vec<Finding> {
    let read = config::read(
        &example.text,
        config_of(&example.facts).context.today,
        &Registry::built_in(),
    );
    let unused = read.config.unused(&[], &[]);
    let mut findings = read.findings;
    findings.extend(unused);
    findings.retain(|finding| finding.rule == rule.id);
    findings
}

fn bytes_of_hex(text: &str) -> Vec<u8> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    text.trim().as_bytes().chunks(2).map(byte).collect()
}

/// What is said of an example when it is read as a file that may be compressed.
fn judge_archive(example: &Example) -> (Vec<Finding>, String) {
    let bytes = match example.facts.as_str() {
        "bytes=hex" => bytes_of_hex(&example.text),
        _ => example.text.clone().into_bytes(),
    };
    let mut reader = &bytes[..];
    let mut expanded = Decompressor::new(&mut reader, u64::MAX).unwrap();
    std::io::copy(&mut expanded, &mut std::io::sink()).unwrap();
    let damage = expanded.error().map(DecompressError::finding);
    (damage.into_iter().collect(), String::new())
}

/// A rule with a defect of its own.
static FAILING: Rule = Rule::new(
    "test/failing",
    Level::Error,
    "",
    Check::Record(&|_, _, _| panic!("a rule that fails")),
);

/// What is said of an example beside a rule that fails, if its facts ask for one.
fn judge_failing(rule: &Rule, example: &Example) -> (Vec<Finding>, String) {
    let mut rules = RULES.to_vec();
    if example.facts == "failing=yes" {
        rules.push(&FAILING);
    }
    let engine = Engine::new(Config::default()).only_rules(&rules);
    let mut findings = engine.check(&Document::parse(&example.text)).findings;
    findings.retain(|finding| finding.rule == rule.id);
    (findings, example.text.clone())
}

/// What is said of an example after all its fixes were made, in so many rounds as its facts allow.
fn judge_fixes(rule: &Rule, example: &Example) -> (Vec<Finding>, String) {
    let engine = Engine::new(config_of(&example.facts));
    let judge = |text: &str| engine.check(&Document::parse(text));
    let facts = example.facts.split_whitespace();
    let told = facts.filter_map(|fact| fact.strip_prefix("rounds=")).next();
    let rounds = told.map_or(fix::MAX_ROUNDS, |rounds| rounds.parse().unwrap());
    let before = judge(&example.text);
    let mended = fix::apply_fixes(&example.text, &before, Safety::Unsafe, rounds, judge);
    let (text, mut findings) = match mended {
        Some(mended) => (mended.text, mended.outcome.findings),
        None => (example.text.clone(), before.findings),
    };
    fix::report_unconverged(&engine, Safety::Unsafe, &mut findings);
    findings.retain(|finding| finding.rule == rule.id);
    (findings, text)
}

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut text = text.to_owned();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}

#[test]
fn every_example_holds() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let (examples, complaints) = read_page(rule.page);
        wrong.extend(
            complaints
                .iter()
                .map(|complaint| format!("{} {complaint}", rule.id)),
        );
        for example in &examples {
            let (findings, _) = judge(rule, example);
            if example.is_flagged == findings.is_empty() {
                let outcome = if example.is_flagged {
                    "is not flagged"
                } else {
                    "is flagged"
                };
                wrong.push(format!("{} {outcome}:\n{}", rule.id, example.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_safe_fix_silences_its_rule() {
    for rule in RULES {
        for example in read_page(rule.page)
            .0
            .iter()
            .filter(|example| example.is_flagged)
        {
            let (findings, text) = judge(rule, example);
            let safe: Vec<Edit> = findings
                .iter()
                .filter_map(|finding| finding.fix.as_ref())
                .filter(|fix| fix.safety == Safety::Safe)
                .flat_map(|fix| fix.edits.clone())
                .collect();
            let unfixed = findings
                .iter()
                .filter(|finding| {
                    finding
                        .fix
                        .as_ref()
                        .is_none_or(|fix| fix.safety != Safety::Safe)
                })
                .count();
            let is_of_settings = matches!(rule.check, Check::BuiltIn(Source::Configuration));
            if safe.is_empty() || example.facts.contains("schema") || is_of_settings {
                continue;
            }
            let mended = applied(&text, &safe);
            let document = Document::parse(&mended);
            let engine = Engine::new(config_of(&example.facts)).only_rules(&[rule]);
            let left = engine
                .check(&document)
                .findings
                .iter()
                .filter(|left| left.rule == rule.id)
                .count();
            assert_eq!(left, unfixed, "{} in\n{mended}", rule.id);
        }
    }
}

#[test]
fn messages_are_one_clause_without_a_full_stop() {
    for rule in RULES {
        for example in read_page(rule.page)
            .0
            .iter()
            .filter(|example| example.is_flagged)
        {
            for finding in judge(rule, example).0 {
                for words in [Some(&finding.message), finding.help.as_ref()]
                    .into_iter()
                    .flatten()
                {
                    assert!(
                        !words.ends_with('.') || words.ends_with(".com"),
                        "{}: {words}",
                        rule.id
                    );
                    assert!(!words.contains('\n'), "{}: {words}", rule.id);
                    let first = words.chars().next().unwrap();
                    assert!(
                        !first.is_uppercase() || words.starts_with("JSON"),
                        "{}: {words}",
                        rule.id
                    );
                }
                assert!(
                    finding.help.is_some()
                        || finding.fix.is_some()
                        || rule.id.starts_with("json/")
                        || rule.id.starts_with("schema/"),
                    "{} says nothing to do",
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
fn ids_are_pages_and_the_table_is_sorted() {
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
fn a_rule_is_named_for_its_defect() {
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
fn lists_are_sorted_unique_and_clean() {
    for list in fs::read_dir(project("rules/data")).unwrap() {
        let path = list.unwrap().path();
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
fn no_fix_says_a_legal_statement_that_was_not_there() {
    let legal = [
        "partner_on_record_attestation_accepted",
        "offer_attestation",
        "attestation_accepted",
        "mca_acceptance",
        "agreement_date",
    ];
    for rule in RULES {
        for example in read_page(rule.page)
            .0
            .iter()
            .filter(|example| example.is_flagged)
        {
            let (findings, text) = judge(rule, example);
            for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
                let mended = applied(&text, &fix.edits);
                for word in legal {
                    let count = |text: &str| text.matches(&format!("\"{word}\"")).count();
                    let is_renamed =
                        rule.id == "order/misnamed-parameter" || rule.id == "order/value-misplaced";
                    assert!(
                        count(&mended) <= count(&text) || is_renamed,
                        "{} adds {word}:\n{mended}",
                        rule.id
                    );
                }
            }
        }
    }
}
