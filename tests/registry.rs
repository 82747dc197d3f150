//! The registry: private rules and kinds, and rules whose id means nothing to the engine.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign::config::{self, Config};
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::{Finding, Level};
use countersign::kinds::order::ORDER;
use countersign::payload::{Declared, Definitions, Evidence, Identity, Kind};
use countersign::registry::Registry;
use countersign::rule::{Check, Overlap, Rule};
use countersign::rules::RULES;

fn fixtures(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            fixtures(&path, files);
        } else if path.extension().is_some_and(|suffix| suffix == "json") {
            files.push(path);
        }
    }
}

/// The built-in rules, those that the engine evaluates under other ids: `test/r17` for the rule at index 17.
fn renamed_rules() -> Arc<Registry> {
    let builder = Registry::builder().without_rules();
    let rules = RULES.iter().enumerate().map(|(index, rule)| {
        let id: &'static str = match rule.check {
            Check::Document(..) | Check::Record(..) | Check::String(_) | Check::View(_) => {
                Box::leak(format!("test/r{index}").into_boxed_str())
            }
            _ => rule.id,
        };
        Rule { id, ..**rule }
    });
    rules
        .fold(builder, |builder, rule| builder.rule(rule))
        .build()
}

/// The findings with the ids of the built-in rules, sorted.
fn built_in_names(mut findings: Vec<Finding>) -> Vec<Finding> {
    for finding in &mut findings {
        if let Some(index) = finding.rule.strip_prefix("test/r") {
            finding.rule = RULES[index.parse::<usize>().unwrap()].id;
        }
    }
    findings.sort_by(|a, b| (a.span, a.rule, &a.message).cmp(&(b.span, b.rule, &b.message)));
    findings
}

#[test]
fn a_rule_under_another_id_behaves_the_same() {
    let engine = Engine::new(Config::default());
    let renamed = Engine::with_registry(renamed_rules(), Config::default());
    let mut files = Vec::new();
    fixtures(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"),
        &mut files,
    );
    let mut texts: Vec<Vec<u8>> = files.iter().map(|path| fs::read(path).unwrap()).collect();
    // Several problems with one value: which finding is left depends on the rules alone.
    for value in [
        "\" LLC\"",
        "\" {{name}} \"",
        "\"A\u{A0}B \"",
        "\" edu \"",
        "\"x\\q \"",
        "\" \"",
        "7",
    ] {
        for name in [
            "customer_company_name",
            "microsoft_domain",
            "mca_acceptance",
            "customer_email",
        ] {
            texts.push(
                format!(
                    r#"{{"customerId":"1 ","type":"sales","products":[{{"mpn":"CFQ7TTC0LH16:0001","quantity":1,
                    "parameters":[{{"name":"tenant_preference","value":"new "}},{{"name":"{name}","value":{value}}}]}}]}}"#
                )
                .into_bytes(),
            );
        }
        texts.push(format!(r#"{{"qualification":{value},"vettingStatus":{value}}}"#).into_bytes());
    }
    let mut count = 0;
    for text in &texts {
        let document = Document::parse_bytes(text);
        let expected = built_in_names(engine.check(&document).findings);
        count += expected.len();
        let found = built_in_names(renamed.check(&document).findings);
        assert_eq!(found, expected, "{}", String::from_utf8_lossy(text));
    }
    assert!(count > 300, "{count} findings");
}

#[test]
fn a_rule_may_hold_data_and_is_switched_off_by_its_id() {
    let blocked = ["1000417733".to_owned()];
    let check = Check::record(move |record, _, findings| {
        let id = record.node.get("customerId");
        if let Some(id) = id.filter(|id| {
            id.as_text()
                .is_some_and(|id| blocked.iter().any(|one| *one == id))
        }) {
            findings.report(id.span(), "orders for this customer are blocked");
        }
    });
    let rule = Rule::new(
        "acme/blocked-customer",
        Level::Error,
        "# acme/blocked-customer\n\nBlocked.\n",
        check,
    );
    let registry = Registry::builder().rule(rule).build();
    assert_eq!(
        registry.rule("acme/blocked-customer").unwrap().summary(),
        "Blocked."
    );
    let document =
        Document::parse(r#"{"customerId":"1000417733","type":"change","subscriptionId":"7"}"#);
    let rules_with = |settings: &str| -> Vec<&str> {
        let parsed = config::read(settings, None, &registry);
        assert_eq!(parsed.findings, vec![], "{settings}");
        let engine = Engine::with_registry(Arc::clone(&registry), parsed.config);
        engine
            .check(&document)
            .findings
            .iter()
            .map(|finding| finding.rule)
            .collect()
    };
    assert!(rules_with("").contains(&"acme/blocked-customer"));
    assert!(
        !rules_with("[rules]\n\"acme/blocked-customer\" = \"off\"\n")
            .contains(&"acme/blocked-customer")
    );
    assert!(!rules_with("[rules]\n\"acme/*\" = \"off\"\n").contains(&"acme/blocked-customer"));
    let unknown = config::read(
        "[rules]\n\"acme/*\" = \"off\"\n",
        None,
        &Registry::built_in(),
    );
    assert_eq!(unknown.findings[0].rule, "config/unknown-rule");
}

static TICKET: Kind = Kind::new(
    "ticket",
    "tickets",
    r#"{"$defs":{"ticket":{"type":"object","required":["queue"],"properties":{"queue":{"type":"string"}}}}}"#,
)
.with_definitions(Definitions::single("ticket"))
.with_evidence(&[Evidence::any(&["ticketId"])])
.with_key(&["ticketId"]);

#[test]
fn a_private_kind_is_detected_validated_and_declared() {
    let registry = Registry::builder().kind(&TICKET).build();
    let engine = Engine::with_registry(Arc::clone(&registry), Config::default());
    let text = r#"[{"ticketId":"T1"},{"TicketID":"T2","queue":"x"},{"customerId":"1","type":"change","subscriptionId":"7"}]"#;
    let document = Document::parse(text);
    let outcome = engine.check(&document);
    let kinds: Vec<_> = outcome
        .records
        .iter()
        .map(|record| record.kind.map(Kind::id))
        .collect();
    assert_eq!(kinds, [Some("ticket"), Some("ticket"), Some("order")]);
    let missing = outcome
        .findings
        .iter()
        .find(|finding| finding.rule == "schema/required");
    assert_eq!(missing.map(|finding| finding.pointer.as_str()), Some("/0"));
    assert_eq!(outcome.records[0].key.as_deref(), Some("T1"));

    let parsed = config::read(
        "[[payloads]]\nfiles = \"t/*\"\nkind = \"ticket\"\n",
        None,
        &registry,
    );
    assert_eq!(parsed.findings, vec![]);
    assert_eq!(parsed.config.payloads[0].kind, Some(&TICKET));
    let built_in = Registry::built_in();
    let parsed = config::read(
        "[[payloads]]\nfiles = \"t/*\"\nkind = \"ticket\"\n",
        None,
        &built_in,
    );
    assert_eq!(parsed.findings[0].rule, "schema/enum");
}

#[test]
fn a_kind_that_is_registered_later_is_detected_first() {
    static SPECIAL: Kind = Kind::new(
        "special-order",
        "special orders",
        r#"{"$defs":{"request":{}}}"#,
    )
    .with_evidence(&[Evidence::All(&[
        Evidence::any(&["customerId"]),
        Evidence::any(&["region"]),
    ])]);
    let registry = Registry::builder().kind(&SPECIAL).build();
    let identity = |text: &str| {
        let document = Document::parse(text);
        registry
            .detector()
            .records(&document, Declared::default(), None)[0]
            .identity
    };
    assert_eq!(
        identity(r#"{"customerId":"1","type":"sales","region":"EU"}"#),
        Identity::Kind(&SPECIAL)
    );
    assert_eq!(
        identity(r#"{"customerId":"1","type":"sales"}"#),
        Identity::Kind(&ORDER)
    );
}

#[test]
#[should_panic(expected = "there are two rules `order/mca-missing`")]
fn two_rules_of_one_id_are_refused() {
    let rule = Rule::new(
        "order/mca-missing",
        Level::Info,
        "",
        Check::record(|_, _, _| {}),
    );
    Registry::builder().rule(rule);
}

#[test]
#[should_panic(expected = "is not of the form family/defect")]
fn an_id_without_a_family_is_refused() {
    let rule = Rule::new("Blocked", Level::Info, "", Check::record(|_, _, _| {}))
        .with_overlap(Overlap::OTHER);
    Registry::builder().rule(rule);
}
