//! What the marketplace answered to the validation of an order, at the lines of the order; and error bodies of Partner
//! Center.

#![expect(clippy::disallowed_methods, reason = "tests write files")]

#[expect(dead_code, reason = "only some of its functions are needed here")]
mod support;

use serde_json::{Value, json};
use support::{check, folder_with, path_in, run_with};

/// A sales order for the tenant `brassfinch.com`, with a line for each of these part numbers.
fn order(part_numbers: &[&str]) -> Value {
    let line = |mpn: &&str| {
        let text = |name: &str, value: &str| json!({ "name": name, "value": value });
        let answer = |name: &str| json!({ "name": name, "structured_value": { "attestation_accepted": true } });
        json!({
            "mpn": mpn,
            "quantity": 3,
            "billingPeriod": { "type": "month", "duration": 1 },
            "parameters": [
                text("tenant_preference", "existing"),
                text("microsoft_domain", "brassfinch.com"),
                answer("offer_attestation"),
                answer("partner_on_record_attestation_accepted"),
            ],
        })
    };
    let lines: Vec<Value> = part_numbers.iter().map(line).collect();
    json!({
        "customerId": "1000417733",
        "type": "sales",
        "subscriptionPeriod": { "type": "year", "duration": 1 },
        "products": lines,
    })
}

/// A result for a line that refuses its domain.
fn refused_domain(mpn: Option<&str>, domain: &str, choices: &[&str]) -> Value {
    let choices: Vec<Value> = choices
        .iter()
        .enumerate()
        .map(|(index, choice)| json!({ "label": "-", "value": choice, "default": index == 1 }))
        .collect();
    json!({
        "mpn": mpn,
        "parameters": [
            { "name": "tenant_preference", "result": "success", "value": "existing" },
            {
                "name": "microsoft_domain",
                "result": "error",
                "value": domain,
                "valueError": "The tenant is unknown.",
                "valueChoices": choices,
            },
        ],
    })
}

/// The findings about an order, given an answer.
fn findings(order: &Value, answer: &Value, extra: &[&str]) -> Vec<Value> {
    let folder = folder_with(&[
        ("order.json", &order.to_string()),
        ("answer.json", &answer.to_string()),
    ]);
    let (order, answer) = (
        path_in(&folder, "order.json"),
        path_in(&folder, "answer.json"),
    );
    let fixed = ["--no-config", "--format", "ndjson", "--answer", &answer];
    let outcome = check(&[&fixed[..], extra, &[&order]].concat(), "");
    let rows = outcome.out.lines();
    rows.map(|row| serde_json::from_str(row).unwrap()).collect()
}

fn rules_and_pointers(findings: &[Value]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| format!("{} {}", finding["rule"], finding["pointer"]).replace('"', ""))
        .collect()
}

const SUITE: &str = "CFQ7TTC0LCHC:0002";
const BASIC: &str = "CFQ7TTC0LH18:0001";

#[test]
fn a_refusal_is_reported_at_the_value_of_its_line() {
    let order = order(&[SUITE, BASIC, SUITE]);
    let domain =
        |line: usize| format!("order/refused-parameter /products/{line}/parameters/1/value");
    for (results, expected) in [
        (
            vec![refused_domain(Some(BASIC), "brassfinch.com", &[])],
            vec![domain(1)],
        ),
        // The second result for a part number is about the second line with it.
        (
            vec![
                refused_domain(Some(SUITE), "changed.com", &[]),
                refused_domain(Some(SUITE), "brassfinch.com", &[]),
            ],
            vec![domain(2)],
        ),
        // Without a part number the place counts.
        (
            vec![
                json!({ "parameters": [] }),
                refused_domain(None, "brassfinch.com", &[]),
            ],
            vec![domain(1)],
        ),
        (
            vec![refused_domain(None, "brassfinch.com", &[])],
            vec![domain(0)],
        ),
        // The order does not have that value any more.
        (
            vec![refused_domain(Some(BASIC), "another.com", &[])],
            vec![],
        ),
        (
            vec![refused_domain(
                Some("CFQ7TTC0LF8Q:0001"),
                "brassfinch.com",
                &[],
            )],
            vec![],
        ),
    ] {
        let found = findings(&order, &json!({ "data": results }), &[]);
        assert_eq!(rules_and_pointers(&found), expected, "{results:?}");
    }
}

#[test]
fn a_value_that_both_refuse_has_one_finding_with_the_words_of_the_marketplace() {
    let mut order = order(&[SUITE]);
    order["products"][0]["parameters"][1]["value"] = json!("brass finch");
    let answer = json!({ "data": [refused_domain(Some(SUITE), "brass finch", &[])] });
    let found = findings(&order, &answer, &[]);
    assert_eq!(
        rules_and_pointers(&found),
        ["order/domain-shape /products/0/parameters/1/value"]
    );
    let label = found[0]["labels"][0]["message"].as_str().unwrap();
    assert!(label.contains("The tenant is unknown"), "{label}");
}

#[test]
fn a_refusal_is_reported_by_itself_where_the_other_rule_is_switched_off() {
    let mut order = order(&[SUITE]);
    order["products"][0]["parameters"][1]["value"] = json!("brass finch");
    let answer = json!({ "data": [refused_domain(Some(SUITE), "brass finch", &[])] });
    let found = findings(&order, &answer, &["--ignore", "order/domain-shape"]);
    assert_eq!(
        rules_and_pointers(&found),
        ["order/refused-parameter /products/0/parameters/1/value"]
    );
}

#[test]
fn a_parameter_that_both_miss_has_one_finding() {
    let mut order = order(&[SUITE]);
    order["products"][0]["parameters"]
        .as_array_mut()
        .unwrap()
        .remove(0);
    let missing =
        json!({ "name": "tenant_preference", "result": "error", "message": "Choose one." });
    let other = json!({ "name": "promo_code", "result": "error", "message": "It is required." });
    let answer = json!({ "data": [{ "mpn": SUITE, "parameters": [missing, other] }] });
    let found = findings(&order, &answer, &[]);
    assert_eq!(
        rules_and_pointers(&found),
        [
            "order/refused-parameter /products/0/parameters",
            "order/tenant-parameter-missing /products/0/parameters",
        ]
    );
    assert!(
        found[0]["message"]
            .as_str()
            .unwrap()
            .contains("`promo_code`")
    );
    assert!(found[1]["labels"].to_string().contains("Choose one"));
}

#[test]
fn the_default_among_the_choices_is_an_unsafe_fix() {
    let answer =
        json!({ "data": [refused_domain(Some(SUITE), "brassfinch.com", &["one.com", "two.com"])] });
    let found = findings(&order(&[SUITE]), &answer, &[]);
    assert_eq!(found[0]["fix"]["safety"], "unsafe");
    assert_eq!(found[0]["fix"]["edits"][0]["text"], "two.com");
    assert!(
        found[0]["help"]
            .as_str()
            .unwrap()
            .contains("`two.com`, `one.com`")
    );
}

#[test]
fn the_configuration_names_the_answer_to_an_order() {
    let answer = json!({ "data": [refused_domain(None, "brassfinch.com", &[])] });
    let config = "[[payloads]]\nfiles = \"a.json\"\nanswer = \"answers/a.json\"\n";
    let order = order(&[SUITE]).to_string();
    let folder = folder_with(&[
        ("countersign.toml", config),
        ("a.json", &order),
        ("b.json", &order.replace("1000417733", "1000417734")),
        ("answers/a.json", &answer.to_string()),
    ]);
    let in_folder = |names: &[&str]| {
        let paths: Vec<String> = names.iter().map(|name| path_in(&folder, name)).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let config = path_in(&folder, "countersign.toml");
        check(
            &[&["--format", "concise", "--config", &config], &paths[..]].concat(),
            "",
        )
    };
    let outcome = in_folder(&["a.json", "b.json"]);
    let lines: Vec<&str> = outcome.out.lines().collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("a.json") && lines[0].contains("order/refused-parameter"));
    std::fs::write(path_in(&folder, "answers/a.json"), "{}").unwrap();
    let outcome = in_folder(&["a.json"]);
    assert_eq!(outcome.code, 2);
    let expected = "answers/a.json: contains no answer of the marketplace";
    assert!(
        outcome.errors.contains(expected) && outcome.errors.contains("countersign.toml:3:"),
        "{}",
        outcome.errors
    );
}

#[test]
fn every_format_reports_refusals() {
    let answer = json!({ "data": [refused_domain(Some(SUITE), "brassfinch.com", &[])] });
    let folder = folder_with(&[
        ("order.json", &order(&[SUITE]).to_string()),
        ("answer.json", &answer.to_string()),
    ]);
    let (order, answer) = (
        path_in(&folder, "order.json"),
        path_in(&folder, "answer.json"),
    );
    for format in [
        "pretty",
        "concise",
        "json",
        "ndjson",
        "sarif",
        "html",
        "junit",
        "github",
        "gitlab",
        "checkstyle",
        "markdown",
        "rdjson",
    ] {
        let outcome = check(
            &[
                "--no-config",
                "--format",
                format,
                "--answer",
                &answer,
                &order,
            ],
            "",
        );
        assert_eq!(outcome.code, 1, "{format}: {}", outcome.errors);
        assert!(
            outcome.out.contains("the marketplace refuses"),
            "{format}: {}",
            outcome.out
        );
    }
}

#[test]
fn an_answer_needs_results_and_one_payload() {
    let folder = folder_with(&[
        ("order.json", &order(&[SUITE]).to_string()),
        ("empty.json", "{}"),
        (
            "answer.json",
            &json!({ "data": [refused_domain(None, "x", &[])] }).to_string(),
        ),
    ]);
    let file = |name| path_in(&folder, name);
    for (answer, path, message) in [
        (file("missing.json"), file("order.json"), "no such file"),
        (
            file("empty.json"),
            file("order.json"),
            "contains no answer of the marketplace",
        ),
        (
            file("answer.json"),
            folder.path().display().to_string(),
            "is about one payload",
        ),
    ] {
        let outcome = check(&["--no-config", "--answer", &answer, &path], "");
        assert_eq!(outcome.code, 2, "{message}");
        assert!(outcome.errors.contains(message), "{}", outcome.errors);
    }
    let outcome = check(
        &["--no-config", "--answer", &file("answer.json"), "-"],
        &order(&[SUITE]).to_string(),
    );
    assert_eq!(outcome.code, 0, "{}{}", outcome.out, outcome.errors);
}

#[test]
fn an_error_body_is_named_with_the_rules_that_report_its_cause() {
    for (body, expected) in [
        (
            r#"{"code":"600051","description":"Phone is missing.","data":[],"source":"X"}"#,
            Some("`customer/phone-missing` or `order/phone-missing`"),
        ),
        (
            r#"{"code":800002,"description":"Invalid input."}"#,
            Some("`order/unknown-mpn` reports"),
        ),
        (
            r#"{"code":999999,"description":"Something new."}"#,
            Some("look the code up"),
        ),
        (r#"{"code":"DE","description":"Germany"}"#, None),
        (r#"{"id":7,"code":600051,"description":"A product"}"#, None),
    ] {
        let outcome = check(&["--no-config", "--format", "ndjson", "-"], body);
        let row: Value = serde_json::from_str(outcome.out.lines().next().unwrap()).unwrap();
        match expected {
            Some(help) => {
                assert_eq!(row["rule"], "answer/refused-request");
                assert!(row["help"].as_str().unwrap().contains(help), "{row}");
            }
            None => assert_eq!(row["rule"], "payload/unknown-kind", "{body}"),
        }
    }
}

#[test]
fn rules_are_found_by_the_error_code_of_the_vendor() {
    let explained = run_with(&["explain", "600049"], "");
    assert_eq!(explained.code, 0);
    for rule in [
        "customer/registration-number-missing",
        "order/tax-id-missing",
    ] {
        assert!(explained.out.contains(rule), "{}", explained.out);
    }
    // The only rule with a code is explained at once.
    let explained = run_with(&["explain", "800070"], "");
    assert!(
        explained.out.starts_with("order/offer-country"),
        "{}",
        explained.out
    );
    let unknown = run_with(&["explain", "123456"], "");
    assert_eq!(unknown.code, 2);
    assert!(
        unknown
            .errors
            .contains("no rule names the error code `123456`")
    );
}
