//! What the vendors accept: variants of a valid order that cause no finding, and some that cause exactly one.

#![expect(clippy::disallowed_methods, reason = "a test reads a fixture")]

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::{Level, Safety};
use countersign::payload::Form;
use serde_json::{Value, json};

fn order() -> Value {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/valid/order/new-tenant-full.json"
    );
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// The rules of the findings about the order after a change.
fn rules_after(change: impl FnOnce(&mut Value)) -> Vec<&'static str> {
    let mut order = order();
    change(&mut order);
    let text = order.to_string();
    let outcome = Engine::new(Config::default()).check(&Document::parse(&text));
    let findings = outcome.findings.iter();
    findings.map(|finding| finding.rule).collect()
}

/// Sets the value of a parameter of the first line.
fn set_parameter(order: &mut Value, name: &str, value: &str) {
    let parameters = order["products"][0]["parameters"].as_array_mut().unwrap();
    let parameter = parameters
        .iter_mut()
        .find(|parameter| parameter["name"] == name);
    parameter.unwrap()["value"] = json!(value);
}

#[test]
fn a_null_counts_as_an_absent_property_of_a_parameter() {
    let rules = rules_after(|order| {
        for parameter in order["products"][0]["parameters"].as_array_mut().unwrap() {
            let parameter = parameter.as_object_mut().unwrap();
            for name in ["value", "structured_value"] {
                parameter.entry(name).or_insert(Value::Null);
            }
        }
    });
    assert_eq!(rules, [""; 0]);
}

#[test]
fn a_part_number_may_carry_its_term_and_billing_plan() {
    for suffix in ["_P1Y:Monthly", "_P1M:None", "_P3Y:Triennial", "_ANNUAL"] {
        let rules = rules_after(|order| {
            order["products"][0]["mpn"] = json!(format!("CFQ7TTC0LH18:0001{suffix}"));
        });
        assert_eq!(rules, [""; 0], "{suffix}");
    }
    for suffix in ["_P2Y:Monthly", "_P1Y", ":Commercial", "_annual"] {
        let rules = rules_after(|order| {
            order["products"][0]["mpn"] = json!(format!("CFQ7TTC0LH18:0001{suffix}"));
        });
        assert_eq!(rules, ["order/mpn-shape"], "{suffix}");
    }
}

#[test]
fn a_perpetual_licence_has_no_term() {
    let without_term = |mpn: &'static str| {
        rules_after(|order| {
            order.as_object_mut().unwrap().remove("subscriptionPeriod");
            let line = order["products"][0].as_object_mut().unwrap();
            line.remove("subscriptionPeriod");
            line["mpn"] = json!(mpn);
        })
    };
    assert_eq!(without_term("DG7GMGF0D5RK:000V"), [""; 0]);
    assert_eq!(
        without_term("CFQ7TTC0LH18:0001"),
        ["order/subscription-period-missing"]
    );
}

#[test]
fn the_name_of_a_new_tenant_has_at_most_27_characters() {
    for (length, expected) in [(27, None), (28, Some("order/domain-shape"))] {
        for suffix in [".onmicrosoft.com", ".partner.onmschina.cn"] {
            let domain = format!("{}{suffix}", "kestrel".repeat(4).split_at(length).0);
            let rules = rules_after(|order| set_parameter(order, "microsoft_domain", &domain));
            assert_eq!(rules.first().copied(), expected, "{domain}");
            assert_eq!(rules.len(), usize::from(expected.is_some()), "{domain}");
        }
    }
}

#[test]
fn parameters_of_the_connector_are_known() {
    for name in [
        "cb_autorenewal",
        "migration_info",
        "mpn_id",
        "relationship_url",
    ] {
        let rules = rules_after(|order| {
            let parameters = order["products"][0]["parameters"].as_array_mut().unwrap();
            parameters.push(json!({ "name": name, "value": "x1" }));
        });
        assert_eq!(rules, [""; 0], "{name}");
    }
}

#[test]
fn an_incomplete_address_in_the_united_states_is_an_error() {
    let level_without = |country: &str| {
        let mut order = order();
        set_parameter(&mut order, "effective_country", country);
        let parameters = order["products"][0]["parameters"].as_array_mut().unwrap();
        parameters.retain(|parameter| parameter["name"] != "effective_city");
        let text = order.to_string();
        let outcome = Engine::new(Config::default()).check(&Document::parse(&text));
        let mut findings = outcome.findings.iter();
        let finding = findings.find(|finding| finding.rule == "order/address-incomplete");
        finding.unwrap().level
    };
    assert_eq!(level_without("US"), Level::Error);
    assert_eq!(level_without("FR"), Level::Warning);
}

#[test]
fn the_alignment_of_an_expiration_date_is_one_of_three() {
    let rules_with = |alignment: &str| {
        rules_after(|order| {
            order["alignExpirationDate"] =
                json!({ "alignmentType": alignment, "subscriptionId": 71 });
        })
    };
    assert_eq!(rules_with("MATCH_END_OF_CALENDAR_MONTH"), [""; 0]);
    assert_eq!(rules_with("END_OF_MONTH"), ["schema/enum"]);
}

#[test]
fn names_in_another_case_are_one_finding_and_what_is_below_them_is_checked() {
    let rules = |text: &str| {
        let outcome = Engine::new(Config::default()).check(&Document::parse(text));
        let findings = outcome.findings.into_iter();
        findings
            .map(|finding| (finding.rule, finding.fix.map(|fix| fix.safety)))
            .collect::<Vec<_>>()
    };
    let order = order().to_string();
    let capital = |name: &str| name[..1].to_uppercase() + &name[1..];
    let names = [
        "customerId",
        "type",
        "products",
        "mpn",
        "billingPeriod",
        "duration",
        "name",
        "value",
    ];
    let mut pascal = order.clone();
    for name in names {
        pascal = pascal.replace(&format!("\"{name}\":"), &format!("\"{}\":", capital(name)));
    }
    let renamed = ("payload/property-case", Some(Safety::Safe));
    assert_eq!(rules(&pascal), [renamed]);
    let wrong = pascal.replace("\"Duration\":1", "\"Duration\":\"1\"");
    assert_ne!(wrong, pascal);
    assert!(
        rules(&wrong).iter().any(|(rule, _)| *rule == "schema/type"),
        "{wrong}"
    );
    // A name that is there in the right case too is not renamed.
    let both = order.replacen("\"type\":", "\"Type\":\"x\",\"type\":", 1);
    assert!(!rules(&both).contains(&renamed), "{both}");
}

#[test]
fn a_null_in_a_request_counts_as_an_absent_property() {
    for (name, expected) in [
        ("poNumber", vec!["payload/null-property"]),
        ("planId", vec!["payload/null-property"]),
        ("attributes", vec!["payload/null-property"]),
        ("customerId", vec!["schema/type"]),
        ("type", vec!["schema/type"]),
    ] {
        let rules = rules_after(|order| order[name] = Value::Null);
        assert_eq!(rules, expected, "{name}");
    }
    let rules = rules_after(|order| {
        order["products"][0]["vendor"] = Value::Null;
        order["poNumber"] = Value::Null;
    });
    assert_eq!(rules, ["payload/null-property"]);
    // Platforms write null for what they do not have.
    let rules = rules_after(|order| {
        order["status"] = json!("completed");
        order["id"] = json!("1014482");
        order["poNumber"] = Value::Null;
    });
    assert_eq!(rules, [""; 0]);
}

/// The form of a payload's only record, and the rules of the findings about it.
fn form_and_rules(text: &str) -> (Option<Form>, Vec<&'static str>) {
    let outcome = Engine::new(Config::default()).check(&Document::parse(text));
    let rules = outcome.findings.iter().map(|finding| finding.rule);
    (outcome.records[0].form, rules.collect())
}

#[test]
fn an_estimate_asks_for_no_parameters_and_a_validation_for_no_type() {
    let lines = r#"[{"mpn":"CFQ7TTC0LDPB:0001","quantity":3}]"#;
    let head = "json/leading-text";
    for (text, form, rules) in [
        (
            format!(r#"{{"customerId":"1","products":{lines}}}"#),
            Form::Estimate,
            vec![],
        ),
        (
            format!(
                "POST /api/orders/estimate?x=1 HTTP/1.1\n\n{{\"customerId\":\"1\",\"type\":\"sales\",\"products\":{lines}}}"
            ),
            Form::Estimate,
            vec![head],
        ),
        (
            format!("POST /orders HTTP/1.1\n\n{{\"customerId\":\"1\",\"products\":{lines}}}"),
            Form::Request,
            vec![head, "schema/required"],
        ),
    ] {
        assert_eq!(form_and_rules(&text), (Some(form), rules), "{text}");
    }
    let mut order = order();
    order.as_object_mut().unwrap().remove("type");
    order["draftRequestId"] = json!("DR-20417");
    assert_eq!(
        form_and_rules(&order.to_string()),
        (Some(Form::Validation), vec![])
    );
    set_parameter(&mut order, "effective_country", "USA");
    let rules = form_and_rules(&order.to_string()).1;
    assert_eq!(rules.first(), Some(&"order/unknown-country"));
    order.as_object_mut().unwrap().remove("draftRequestId");
    let sent = format!("PUT /validation/parameters HTTP/1.1\n\n{order}");
    assert_eq!(form_and_rules(&sent).0, Some(Form::Validation));
}

#[test]
fn the_answer_of_the_retired_endpoint_is_named() {
    for word in [
        "\"education\"",
        "\"GovernmentCommunityCloud\"",
        " \"none\"\n",
    ] {
        for head in ["", "HTTP/1.1 200 OK\nContent-Type: application/json\n\n"] {
            let text = format!("{head}{word}");
            let outcome = Engine::new(Config::default()).check(&Document::parse(&text));
            let last = outcome.findings.last().unwrap();
            assert!(
                last.message.contains("retired in February 2021"),
                "{text}: {last:?}"
            );
            assert_eq!(
                outcome.findings.len(),
                1 + usize::from(!head.is_empty()),
                "{text}"
            );
        }
    }
}
