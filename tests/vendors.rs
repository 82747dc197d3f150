//! What the vendors accept: variants of a valid order that cause no finding, and some that cause exactly one.

#![expect(clippy::disallowed_methods, reason = "a test reads a fixture")]

use countersign::config::Config;
use countersign::context::{Context, MarketplaceRegion, SalesModel};
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
    for (suffix, term, billing) in [
        ("_P1Y:Monthly", ("year", 1), ("month", 1)),
        ("_P1Y:Monthly", ("month", 12), ("day", 30)),
        ("_P1M:None", ("month", 1), ("month", 1)),
        ("_P3Y:Triennial", ("year", 3), ("year", 3)),
        ("_P3Y:Annual", ("year", 1), ("year", 1)),
        ("_P1Y:Annual", ("year", 1), ("month", 1)),
        ("_ANNUAL", ("year", 3), ("month", 1)),
    ] {
        let rules = rules_after(|order| {
            order["subscriptionPeriod"] = json!({ "type": term.0, "duration": term.1 });
            let line = &mut order["products"][0];
            line["mpn"] = json!(format!("CFQ7TTC0LH18:0001{suffix}"));
            line["billingPeriod"] = json!({ "type": billing.0, "duration": billing.1 });
        });
        let is_conflict = suffix.starts_with("_P3Y:Annual") || suffix == "_P1Y:Annual";
        let expected = ["order/mpn-period-conflict"];
        let is_unusual = |rule: &&str| *rule == "order/unusual-period";
        let rules: Vec<_> = rules.into_iter().filter(|rule| !is_unusual(rule)).collect();
        assert_eq!(rules, expected[..usize::from(is_conflict)], "{suffix}");
    }
    let promotion = rules_after(|order| {
        order["products"][0]["mpn"] = json!("39NFJQT1Q5KK:0001:39NFJQT1XXXX");
    });
    assert_eq!(promotion, ["order/mpn-shape"]);
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

/// The level and rule of each finding about the order after a change, with this context.
fn findings_after(context: Context, change: impl FnOnce(&mut Value)) -> Vec<(Level, &'static str)> {
    let mut order = order();
    change(&mut order);
    let config = Config {
        context,
        ..Config::default()
    };
    let outcome = Engine::new(config).check(&Document::parse(&order.to_string()));
    let findings = outcome.findings.iter();
    findings
        .map(|finding| (finding.level, finding.rule))
        .collect()
}

#[test]
fn values_that_vendors_refuse_are_reported_once() {
    use Level::{Error, Warning};
    for (parameter, value, expected) in [
        (
            "agreement_date",
            "03-31-2023",
            Some((Warning, "order/agreement-superseded")),
        ),
        ("agreement_date", "04-01-2023", None),
        (
            "microsoft_domain",
            "osprey-lane.onmicrosoft.com",
            Some((Warning, "order/domain-shape")),
        ),
        (
            "microsoft_domain",
            "osprey-lane.partner.onmschina.cn",
            Some((Warning, "order/domain-shape")),
        ),
        (
            "microsoft_domain",
            "osprey_lane.onmicrosoft.com",
            Some((Error, "order/domain-shape")),
        ),
        (
            "customer_email",
            "ann@ospreylane.con",
            Some((Warning, "order/email-shape")),
        ),
        (
            "email_address_agreement",
            "ann@server.local",
            Some((Warning, "order/email-shape")),
        ),
        ("customer_email", "ann@ospreylane.museum", None),
        ("customer_email", "ann@ospreylane.xn--p1ai", None),
        (
            "effective_phonenumber",
            "555-0142",
            Some((Warning, "order/phone-shape")),
        ),
        (
            "effective_phonenumber",
            "+1 503 555 0142",
            Some((Warning, "order/phone-shape")),
        ),
        ("effective_phonenumber", "1 503 555 0142", None),
        (
            "first_name_agreement",
            "Maximiliane-Charlotte-Friederike-Auguste-",
            Some((Warning, "order/person-name-shape")),
        ),
        (
            "first_name_agreement",
            "Maximiliane-Charlotte-Friederike-Auguste",
            None,
        ),
        (
            "customer_company_name",
            "Osprey Lane.pl",
            Some((Warning, "order/company-domain-suffix")),
        ),
        ("customer_company_name", "Osprey & Co.KG", None),
        (
            "customer_company_name",
            "1 2 3",
            Some((Warning, "order/company-spaced-characters")),
        ),
        (
            "customer_company_name",
            "999",
            Some((Error, "order/company-one-character")),
        ),
        (
            "effective_city",
            "  ",
            Some((Error, "order/parameter-value-missing")),
        ),
        (
            "effective_country",
            "IR",
            Some((Error, "order/country-not-sold")),
        ),
        (
            "effective_country",
            "BY",
            Some((Warning, "order/country-not-sold")),
        ),
        (
            "effective_country",
            "CN",
            Some((Warning, "order/country-not-sold")),
        ),
    ] {
        let found = findings_after(Context::default(), |order| {
            set_parameter(order, parameter, value);
            if parameter == "effective_country" {
                // Other countries have other states and codes, and some need a tax id.
                let parameters = order["products"][0]["parameters"].as_array_mut().unwrap();
                parameters.push(json!({ "name": "customer_tax_id", "value": "5260001246" }));
            }
        });
        assert_eq!(
            found,
            expected.into_iter().collect::<Vec<_>>(),
            "{parameter}: {value}"
        );
    }
}

#[test]
fn postal_codes_of_canada_and_portugal_are_warnings() {
    for (country, state, code, is_reported) in [
        ("CA", "ON", "k2p1l4", true),
        ("CA", "ON", "K2P1L4", true),
        ("CA", "ON", "K2P 1L4", false),
        ("PT", "Lisboa", "1000-205", false),
        ("PT", "Lisboa", "1000", false),
        ("PT", "Lisboa", "1000205", true),
        ("PT", "Lisboa", "1000 205", true),
    ] {
        let found = findings_after(Context::default(), |order| {
            set_parameter(order, "effective_country", country);
            set_parameter(order, "effective_state", state);
            set_parameter(order, "effective_postal_code", code);
        });
        let expected = [(Level::Warning, "order/postal-code-shape")];
        assert_eq!(
            found,
            expected[..usize::from(is_reported)],
            "{country} {code}"
        );
    }
}

#[test]
fn facts_of_the_configuration_change_what_is_required() {
    let direct = || Context {
        sales_model: Some(SalesModel::Direct),
        ..Context::default()
    };
    let without_attestation = |order: &mut Value| {
        let parameters = order["products"][0]["parameters"].as_array_mut().unwrap();
        parameters.retain(|one| one["name"] != "partner_on_record_attestation_accepted");
    };
    assert_eq!(findings_after(direct(), without_attestation), []);
    assert_eq!(
        findings_after(Context::default(), without_attestation),
        [(Level::Error, "order/partner-attestation-missing")]
    );
    let in_china = |order: &mut Value| set_parameter(order, "effective_country", "CN");
    let china = Context {
        marketplace_region: Some(MarketplaceRegion::China),
        ..Context::default()
    };
    assert_eq!(findings_after(china, in_china), []);
}

#[test]
fn an_empty_parameter_is_an_error_only_where_it_is_required() {
    for (parameter, level) in [
        ("tenant_preference", Level::Error),
        ("mca_acceptance", Level::Error),
        ("effective_state", Level::Error),
        ("effective_phonenumber", Level::Warning),
        ("special_qualifications", Level::Warning),
    ] {
        let found = findings_after(Context::default(), |order| {
            set_parameter(order, parameter, "")
        });
        let expected = (level, "order/parameter-value-missing");
        assert!(found.contains(&expected), "{parameter}: {found:?}");
    }
    let in_response = findings_after(Context::default(), |order| {
        order["status"] = json!("completed");
        order["id"] = json!("1014482");
        set_parameter(order, "effective_state", "");
    });
    assert_eq!(in_response, []);
}

#[test]
fn a_bare_acceptance_for_an_existing_tenant_is_a_warning() {
    let keep = [
        "tenant_preference",
        "microsoft_domain",
        "partner_on_record_attestation_accepted",
        "mca_acceptance",
        "offer_attestation",
    ];
    let found = findings_after(Context::default(), |order| {
        set_parameter(order, "tenant_preference", "existing");
        let parameters = order["products"][0]["parameters"].as_array_mut().unwrap();
        parameters.retain(|one| keep.contains(&one["name"].as_str().unwrap()));
    });
    assert_eq!(found, [(Level::Warning, "order/agreement-incomplete")]);
}

#[test]
fn parameters_that_the_platform_sets_do_not_belong_in_a_request() {
    for (name, value, expected) in [
        (
            "ms_customer_id",
            "5b0c2f6e-93d1-4c7a-8a1e-27f4d06b9e15",
            vec!["order/read-only-parameter"],
        ),
        (
            "specialQualification",
            "soe",
            vec!["order/misnamed-parameter"],
        ),
        (
            "mca_attestation_id_external",
            "x1",
            vec!["order/misnamed-parameter"],
        ),
        (
            "initial_password",
            "Hx7!kqPz",
            vec!["payload/exposed-secret"],
        ),
        ("initial_password", "YOUR_PASSWORD", vec![]),
    ] {
        let found = findings_after(Context::default(), |order| {
            let parameters = order["products"][0]["parameters"].as_array_mut().unwrap();
            parameters.retain(|one| one["name"] != "special_qualifications");
            parameters.push(json!({ "name": name, "value": value }));
        });
        assert!(
            found.iter().all(|(level, _)| *level == Level::Warning),
            "{name}: {found:?}"
        );
        let rules: Vec<_> = found.into_iter().map(|(_, rule)| rule).collect();
        assert_eq!(rules, expected, "{name}");
    }
    let in_response = findings_after(Context::default(), |order| {
        order["status"] = json!("completed");
        order["id"] = json!("1014482");
        let parameters = order["products"][0]["parameters"].as_array_mut().unwrap();
        parameters.push(
            json!({ "name": "ms_customer_id", "value": "5b0c2f6e-93d1-4c7a-8a1e-27f4d06b9e15" }),
        );
    });
    assert_eq!(in_response, []);
}

#[test]
fn shortened_tokens_are_no_secrets() {
    for (token, is_secret) in [
        ("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9", true),
        ("eyJhbGci...XVCJ9", false),
        ("YOUR_ACCESS_TOKEN", false),
        ("<access token>", false),
        ("Ab3***********", false),
    ] {
        let text = format!(
            "POST /v1/customers/5b0c2f6e-93d1-4c7a-8a1e-27f4d06b9e15/qualifications HTTP/1.1\n\
             Authorization: Bearer {token}\n\n{{\"qualification\":\"StateOwnedEntity\"}}"
        );
        let rules = form_and_rules(&text).1;
        assert_eq!(
            rules.contains(&"payload/exposed-secret"),
            is_secret,
            "{token}: {rules:?}"
        );
    }
}

#[test]
fn a_status_in_a_request_is_one_finding() {
    for status in ["none", "completed"] {
        let mut order = order();
        order["status"] = json!(status);
        let sent = format!("POST /orders HTTP/1.1\n\n{order}");
        let rules = form_and_rules(&sent).1;
        assert_eq!(
            rules,
            ["json/leading-text", "order/read-only-member"],
            "{status}"
        );
    }
}

#[test]
fn thirty_days_are_as_long_as_a_month() {
    for (days, expected) in [
        (28, None),
        (30, None),
        (31, None),
        (32, Some("order/billing-exceeds-term")),
    ] {
        let rules = rules_after(|order| {
            order["subscriptionPeriod"] = json!({ "type": "month", "duration": 1 });
            order["products"][0]["billingPeriod"] = json!({ "type": "day", "duration": days });
        });
        assert_eq!(rules.first().copied(), expected, "{days}");
    }
}

#[test]
fn quantities_of_business_products_are_added_up() {
    for (quantities, is_reported) in [
        (vec![300], false),
        (vec![301], true),
        (vec![200, 101], true),
        (vec![150, 150], false),
    ] {
        let found = findings_after(Context::default(), |order| {
            let line = order["products"][0].clone();
            order["products"] = quantities
                .iter()
                .map(|quantity| {
                    let mut line = line.clone();
                    line["mpn"] = json!("CFQ7TTC0LDPB:0001");
                    line["quantity"] = json!(quantity);
                    line
                })
                .collect();
        });
        let expected = (Level::Warning, "order/quantity-limit");
        assert_eq!(
            found.contains(&expected),
            is_reported,
            "{quantities:?}: {found:?}"
        );
    }
}

#[test]
fn a_certificate_is_complete_if_it_lacks_one_property_at_most() {
    let rules = |text: &str| form_and_rules(text).1;
    let id = r#""id":"CER-4410-2093-7715""#;
    let program = r#""program":{"id":"PRG-4410-2093"}"#;
    let audit = r#""audit":{"created":{"at":"2025-02-03T10:52:56Z"}}"#;
    for (text, expected) in [
        // A projection: nothing is missing.
        (format!(r#"{{{id},"name":"x","revision":1,"status":"Active",{program}}}"#), vec![]),
        (format!(r#"{{{id},"client":{{"id":"ACC-7843-4996"}},{audit}}}"#), vec![]),
        // Complete, apart from one property.
        (format!(r#"{{{id},"status":"Active",{program},{audit}}}"#), vec!["schema/required"]),
        (
            format!(r#"{{{id},"status":"Active","client":{{"id":"ACC-7843-4996"}},{audit}}}"#),
            vec!["schema/required"],
        ),
        // The body that ends a certificate.
        (format!(r#"{{{id},"status":"terminated","statusNotes":{{"message":"ended"}}}}"#), vec![]),
        // A request to create one needs a published program.
        (
            r#"{"program":{"id":"PRG-4410-2093","status":"Draft"},"client":{"id":"ACC-7843-4996"}}"#.into(),
            vec!["certificate/program-unpublished"],
        ),
        (
            r#"{"program":{"id":"PRG-4410-2093","status":"Published"},"client":{"id":"ACC-7843-4996"}}"#.into(),
            vec![],
        ),
        // Parameters say in which phase they are filled in.
        (
            format!(r#"{{{id},"parameters":{{"ordering":[{{"externalId":"x","phase":"Order","value":"1"}}]}}}}"#),
            vec![],
        ),
        (
            format!(r#"{{{id},"applicableTo":"Buyer","program":{{"id":"PRG-4410-2093","applicableTo":"Licensee"}}}}"#),
            vec!["certificate/program-scope-mismatch"],
        ),
    ] {
        assert_eq!(rules(&text), expected, "{text}");
    }
}

#[test]
fn qualifications_that_exclude_each_other_are_reported_once_a_list() {
    let list = |names: &[(&str, &str)]| {
        let one = |(name, status): &(&str, &str)| match *status {
            "" => format!(r#"{{"qualification":"{name}"}}"#),
            "Denied" => format!(
                r#"{{"qualification":"{name}","vettingStatus":"Denied","vettingReason":"Not an Education Customer"}}"#
            ),
            _ => format!(r#"{{"qualification":"{name}","vettingStatus":"{status}"}}"#),
        };
        format!("[{}]", names.iter().map(one).collect::<Vec<_>>().join(","))
    };
    let (education, government) = ("Education", "GovernmentCommunityCloud");
    for (names, is_reported) in [
        (
            vec![(education, "Approved"), (government, "Approved")],
            true,
        ),
        (vec![(education, "Denied"), (government, "Approved")], false),
        (
            vec![("StateOwnedEntity", ""), (education, "Approved")],
            false,
        ),
        (
            vec![("None", ""), ("StateOwnedEntity", ""), ("Nonprofit", "")],
            true,
        ),
        (vec![("None", "")], false),
    ] {
        let list = list(&names);
        let expected = &["qualification/contradictory-combination"][..usize::from(is_reported)];
        for text in [
            list.clone(),
            format!(r#"{{"totalCount":{},"items":{list}}}"#, names.len()),
            format!(r#"{{"qualifications":{list}}}"#),
            format!(r#"{{"value":{list},"Count":{}}}"#, names.len()),
        ] {
            assert_eq!(form_and_rules(&text).1, expected, "{text}");
        }
    }
}

#[test]
fn a_customer_id_in_a_request_line_is_a_guid_or_a_placeholder() {
    for (id, is_reported) in [
        ("5b0c2f6e-93d1-4c7a-8a1e-27f4d06b9e15", false),
        ("{customer_id}", false),
        ("<customer-tenant-id>", false),
        ("customer-tenant-id", false),
        ("1000420011", true),
        ("kestrel.onmicrosoft.com", true),
    ] {
        let text = format!(
            "POST /v1/customers/{id}/qualifications HTTP/1.1\n\n{{\"qualification\":\"StateOwnedEntity\"}}"
        );
        let rules = form_and_rules(&text).1;
        let found = rules.contains(&"qualification/customer-id-shape");
        assert_eq!(found, is_reported, "{id}: {rules:?}");
    }
}

#[test]
fn a_page_of_other_payloads_is_one_finding() {
    let line = r#"{"customerId":"1","subscriptionId":"2","chargeType":"x","invoiceNumber":"D1","unitPrice":1.5,"apiKey":" Hx7kqPz "}"#;
    for (text, count) in [
        (format!(r#"{{"totalCount":25,"items":[{line},{line}]}}"#), 1),
        (format!("[{line},{line},{line}]"), 1),
        (line.to_owned(), 1),
        (
            r#"{"totalCount":7,"items":[{"a":" x"},{"a":"..."}]}"#.to_owned(),
            1,
        ),
    ] {
        let rules = form_and_rules(&text).1;
        assert_eq!(rules, vec!["payload/unknown-kind"; count], "{text}");
    }
}

#[test]
fn null_properties_and_names_in_another_case_can_be_the_same_property() {
    let base = r#""customerId":"1","type":"cancellation","subscriptionId":"3""#;
    for properties in [
        r#""poNumber":null,"PoNumber":null"#,
        r#""planId":null,"planid":null"#,
        r#""PlanId":null,"planId":null"#,
        r#""planId":null,"PlanId":null,"poNumber":null"#,
    ] {
        let text = format!("{{{base},{properties}}}");
        let rules = form_and_rules(&text).1;
        assert!(
            rules.contains(&"payload/null-property"),
            "{text}: {rules:?}"
        );
        assert!(!rules.contains(&"payload/failed-rule"), "{text}: {rules:?}");
    }
}

#[test]
fn payloads_with_few_properties_of_an_order_are_not_orders() {
    for text in [
        r#"{"customerId":"g","subscriptionId":"s"}"#,
        r#"{"customerId":"g","subscriptionId":"s","orderId":"x","chargeType":"new"}"#,
        r#"{"subscriptionId":"9f","type":"webhook"}"#,
        r#"{"id":"1","customerId":"2","status":"terminated","creationDate":"2024-01-01","subscriptionPeriod":{"type":"year","duration":1}}"#,
    ] {
        assert_eq!(form_and_rules(text).1, ["payload/unknown-kind"], "{text}");
    }
    let text = r#"{"subscriptionId":"9f","type":"cancellation"}"#;
    assert_eq!(form_and_rules(text).1, ["schema/required"], "{text}");
}

#[test]
fn nothing_is_hidden_by_missing_braces_or_by_nulls() {
    for (text, expected) in [
        (
            r#""customerId":"1","type":"cancellation""#,
            vec!["json/unexpected-token", "order/subscription-missing"],
        ),
        (
            r#""qualification": "Education","#,
            vec!["json/unexpected-token", "qualification/ambiguous-form"],
        ),
        (
            r#"{"id":null,"status":null,"program":{"id":"PRG-1111-2222","status":"Draft"},"client":{"id":"ACC-1111-2222"}}"#,
            vec![
                "schema/additional-properties",
                "schema/additional-properties",
                "certificate/program-unpublished",
            ],
        ),
        (
            r#"{"request":{"body":{"qualification":"Education","educationSegment":"K13"}}}"#,
            vec!["schema/enum"],
        ),
    ] {
        assert_eq!(form_and_rules(text).1, expected, "{text}");
    }
}
