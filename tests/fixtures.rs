//! Complete payloads, checked by the complete engine.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

#[path = "support/facts.rs"]
mod facts;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::config::{Config, LevelOverride, LevelSetting};
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::{Edit, Finding, Level, Safety};
use countersign::rule::{Check, Rule, Source};
use countersign::rules::RULES;

/// Schema keywords that the embedded schemas do not use; only a user-supplied schema can report them.
const UNUSED_KEYWORDS: [&str; 17] = [
    "additional-items",
    "any-of",
    "const",
    "contains",
    "content",
    "exclusive-maximum",
    "false-schema",
    "max-items",
    "max-properties",
    "min-properties",
    "multiple-of",
    "not",
    "one-of",
    "property-names",
    "unevaluated-items",
    "unevaluated-properties",
    "unique-items",
];

/// The JSON files of a folder of `fixtures` and its subfolders, sorted by path.
fn fixtures(folder: &str) -> Vec<PathBuf> {
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|suffix| suffix == "json") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures")
            .join(folder),
        &mut files,
    );
    files.sort();
    files
}

/// The facts that hold for every fixture, and those from the `.facts` file of this fixture.
fn config_for(path: &Path) -> Config {
    let mut config = Config::default();
    facts::apply(
        "today=2026-01-01 partner-domain=fabrikam-partner.com",
        &mut config,
    );
    if let Ok(facts) = fs::read_to_string(path.with_extension("facts")) {
        facts::apply(&facts, &mut config);
    }
    config
}

fn findings_in(path: &Path) -> Vec<Finding> {
    let bytes = fs::read(path).unwrap();
    let document = Document::parse_bytes(&bytes);
    Engine::new(config_for(path)).check(&document).findings
}

/// The rule that a fixture violates: `order/mpn-shape` for `fixtures/invalid/order/mpn-shape.json`.
fn expected_rule(path: &Path) -> String {
    let family = path
        .parent()
        .unwrap()
        .file_name()
        .unwrap()
        .to_string_lossy();
    format!("{family}/{}", path.file_stem().unwrap().to_string_lossy())
}

#[test]
fn valid_payloads_have_no_findings() {
    let files = fixtures("valid");
    assert!(files.len() >= 10);
    for path in files {
        assert_eq!(findings_in(&path), vec![], "{}", path.display());
    }
}

#[test]
fn one_mistake_gives_one_finding() {
    let mut wrong = Vec::new();
    for path in fixtures("invalid")
        .into_iter()
        .filter(|path| !path.with_extension("expect").exists())
    {
        let rules: Vec<&str> = findings_in(&path)
            .iter()
            .map(|finding| finding.rule)
            .collect();
        if rules != [expected_rule(&path).as_str()] {
            wrong.push(format!("{}: {rules:?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn whitespace_is_reported_where_no_other_finding_settles_the_value() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/valid/order/new-tenant-full.json");
    let valid = fs::read_to_string(path).unwrap();
    let with_value = |parameter: &str, value: &str| {
        let start = valid.find(&format!("\"{parameter}\"")).expect(parameter);
        let start = start + valid[start..].find("\"value\": \"").expect("a value") + 10;
        let end = start + valid[start..].find('"').expect("a quote");
        format!("{}{value}{}", &valid[..start], &valid[end..])
    };
    for (parameter, value, expected) in [
        (
            "first_name_agreement",
            " Ann",
            &["payload/surrounding-space"][..],
        ),
        // A warning without a fix.
        (
            "first_name_agreement",
            " Test",
            &["order/sample-value", "payload/surrounding-space"],
        ),
        // An error without a fix, and one with a fix.
        ("customer_email", " no address", &["order/email-shape"]),
        (
            "customer_email",
            " mailto:ann@pellworm.de",
            &["order/email-shape"],
        ),
    ] {
        let text = with_value(parameter, value);
        let outcome = Engine::new(Config::default()).check(&Document::parse(&text));
        let rules: Vec<&str> = outcome
            .findings
            .iter()
            .map(|finding| finding.rule)
            .collect();
        assert_eq!(rules, expected, "{value}");
    }
}

/// Whether a rule needs more than a payload, such as a configuration file or a user-supplied schema.
fn needs_more_than_a_payload(rule: &Rule) -> bool {
    let is_unused_keyword = rule
        .id
        .strip_prefix("schema/")
        .is_some_and(|keyword| UNUSED_KEYWORDS.contains(&keyword));
    is_unused_keyword
        || matches!(
            rule.check,
            Check::BuiltIn(Source::Configuration | Source::Fixes | Source::Input | Source::Engine)
        )
}

#[test]
fn every_rule_has_a_fixture_that_violates_it() {
    let violated: BTreeSet<&str> = fixtures("invalid")
        .iter()
        .flat_map(|path| findings_in(path))
        .map(|finding| finding.rule)
        .collect();
    let missing: Vec<&str> = RULES
        .iter()
        .filter(|rule| !needs_more_than_a_payload(rule))
        .map(|rule| rule.id)
        .filter(|id| !violated.contains(id))
        .collect();
    assert_eq!(missing, [""; 0], "rules that no fixture violates");
}

#[test]
fn several_mistakes_give_several_findings() {
    let files: Vec<PathBuf> = fixtures("invalid")
        .into_iter()
        .filter(|path| path.with_extension("expect").exists())
        .collect();
    assert!(files.len() >= 5);
    for path in files {
        let expected = fs::read_to_string(path.with_extension("expect")).unwrap();
        let expected: Vec<Vec<&str>> = expected
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        let found = findings_in(&path);
        let found: Vec<Vec<&str>> = found
            .iter()
            .zip(expected.iter().map(Vec::len).chain(std::iter::repeat(3)))
            // The pointer is compared only where the expectation has one.
            .map(|(finding, parts)| {
                [finding.level.as_str(), finding.rule, &finding.pointer][..parts].to_vec()
            })
            .collect();
        assert_eq!(found, expected, "{}", path.display());
    }
}

#[test]
fn property_order_and_whitespace_do_not_change_the_rules() {
    for path in fixtures("invalid")
        .into_iter()
        .filter(|path| !path.to_string_lossy().contains("/json/"))
    {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) else {
            continue;
        };
        // serde_json sorts properties by name and writes no whitespace.
        let compact = value.to_string();
        let rules = |text: &str| {
            let document = Document::parse(text);
            let mut rules: Vec<&str> = Engine::new(config_for(&path))
                .check(&document)
                .findings
                .iter()
                .map(|finding| finding.rule)
                .collect();
            rules.sort_unstable();
            rules
        };
        assert_eq!(rules(&compact), rules(&text), "{}", path.display());
    }
}

#[test]
fn a_level_override_changes_only_the_level() {
    for path in fixtures("invalid") {
        let bytes = fs::read(&path).unwrap();
        let document = Document::parse_bytes(&bytes);
        let plain = Engine::new(config_for(&path)).check(&document).findings;
        for finding in &plain {
            let mut lowered = config_for(&path);
            lowered.levels.push(LevelOverride {
                rules: finding.rule.into(),
                level: LevelSetting::To(Level::Info),
            });
            let mut expected = plain.clone();
            for other in expected
                .iter_mut()
                .filter(|other| other.rule == finding.rule)
            {
                other.level = Level::Info;
            }
            assert_eq!(Engine::new(lowered).check(&document).findings, expected);

            // A finding that a disabled rule suppresses stays suppressed. A fix may become safe, if it was unsafe only
            // because of a finding of that rule.
            let mut disabled = config_for(&path);
            disabled.levels.push(LevelOverride {
                rules: finding.rule.into(),
                level: LevelSetting::Off,
            });
            let mut expected = plain.clone();
            expected.retain(|other| other.rule != finding.rule);
            let mut remaining = Engine::new(disabled).check(&document).findings;
            for fix in remaining
                .iter_mut()
                .chain(&mut expected)
                .filter_map(|one| one.fix.as_mut())
            {
                fix.safety = Safety::Unsafe;
            }
            assert_eq!(remaining, expected);
        }
    }
}

#[test]
fn findings_are_sorted_by_offset_and_rule() {
    for path in fixtures("invalid") {
        let findings = findings_in(&path);
        assert!(
            findings.is_sorted_by_key(|finding| (finding.span.start, finding.rule)),
            "{}",
            path.display()
        );
    }
}

#[test]
fn envelope_properties_are_checked() {
    for (text, expected) in [
        (
            r#"{"$meta":{"pagination":{"limit":-1}},"data":[]}"#,
            "export/page-mismatch /$meta/pagination/limit",
        ),
        (
            r#"{"$meta":{"omitted":"audit"},"data":[]}"#,
            "schema/type /$meta/omitted",
        ),
        (
            r#"{"pagination":{"total":"2"},"data":[]}"#,
            "schema/type /pagination/total",
        ),
        (
            r#"{"totalCount":1.5,"items":[]}"#,
            "schema/type /totalCount",
        ),
    ] {
        let findings = Engine::new(Config::default())
            .check(&Document::parse(text))
            .findings;
        let found: Vec<String> = findings
            .iter()
            .map(|finding| format!("{} {}", finding.rule, finding.pointer))
            .collect();
        assert_eq!(found, [expected], "{text}");
    }
}

#[test]
fn pointers_in_lists_start_at_the_root_of_the_document() {
    let order = r#"{"customerId":"1","type":"change","products":[]}"#;
    for (text, pointers) in [
        (
            format!("[{order},{order}]"),
            vec!["/0/type", "/0/products", "/1/type", "/1/products"],
        ),
        (
            format!(r#"{{"data":[{{}},{order}],"$meta":{{}}}}"#),
            vec!["/data/0", "/data/1/type", "/data/1/products"],
        ),
        (
            format!(r#"{{"Items":[{order}],"totalCount":1}}"#),
            vec!["/Items", "/Items/0/type", "/Items/0/products"],
        ),
        (
            format!("{order} [{order}]"),
            vec!["/type", "/products", "", "/0/type", "/0/products"],
        ),
        (format!("[{order},]"), vec!["/0/type", "/0/products", ""]),
    ] {
        let document = Document::parse(&text);
        let findings = Engine::new(config_for(Path::new("")))
            .check(&document)
            .findings;
        let found: Vec<&str> = findings
            .iter()
            .map(|finding| finding.pointer.as_str())
            .collect();
        assert_eq!(found, pointers, "{text}");
    }
}

/// The text with every safe fix applied, except those that overlap an earlier one.
fn apply_safe_fixes(text: &str, findings: &[Finding]) -> String {
    let mut edits: Vec<&Edit> = Vec::new();
    for finding in findings {
        let Some(fix) = finding
            .fix
            .as_ref()
            .filter(|fix| fix.safety == Safety::Safe)
        else {
            continue;
        };
        let overlaps = |edit: &Edit| {
            edits
                .iter()
                .any(|other| edit.span.start < other.span.end && other.span.start < edit.span.end)
        };
        if !fix.edits.iter().any(overlaps) {
            edits.extend(&fix.edits);
        }
    }
    edits.sort_by_key(|edit| edit.span.start);
    let mut fixed = text.to_owned();
    for edit in edits.iter().rev() {
        fixed.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    fixed
}

/// Fixtures in which a safe fix removes the HTTP request line that determines the form.
const DECLARED_BY_PREAMBLE: [&str; 3] = [
    "change-order-sent-back",
    "order-beside-qualifications",
    "qualification-request-with-head",
];

#[test]
fn safe_fixes_resolve_exactly_the_findings_that_have_one() {
    for path in fixtures("invalid") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        if DECLARED_BY_PREAMBLE.contains(&name.as_str()) {
            continue;
        }
        let engine = Engine::new(config_for(&path));
        let before = engine.check(&Document::parse(&text)).findings;
        let is_safe = |finding: &&Finding| {
            finding
                .fix
                .as_ref()
                .is_some_and(|fix| fix.safety == Safety::Safe)
        };
        let rules = |findings: &mut dyn Iterator<Item = &Finding>| {
            let mut rules: Vec<&str> = findings.map(|finding| finding.rule).collect();
            rules.sort_unstable();
            rules
        };
        let expected = rules(&mut before.iter().filter(|finding| !is_safe(finding)));
        let fixed = apply_safe_fixes(&text, &before);
        let after = engine.check(&Document::parse(&fixed)).findings;
        assert_eq!(
            rules(&mut after.iter()),
            expected,
            "{}:\n{fixed}",
            path.display()
        );
    }
}

#[test]
fn no_fix_moves_a_value_from_a_property_with_another_meaning() {
    for parameter in [
        r#"{"name":"partner_on_record_attestation_accepted","structured_value":{"attestation_declined":true}}"#,
        r#"{"name":"mca_acceptance","structured_value":{"declined":"yes"}}"#,
    ] {
        let order = format!(
            r#"{{"customerId":"1","type":"change","subscriptionId":"1","products":[{{"mpn":"CFQ7TTC0LH16:0001","parameters":[{parameter}]}}]}}"#
        );
        let findings = Engine::new(Config::default())
            .check(&Document::parse(&order))
            .findings;
        assert_eq!(findings.len(), 1, "{parameter}");
        assert_eq!(findings[0].rule, "order/value-misplaced");
        assert_eq!(findings[0].fix, None, "{parameter}");
    }
}
