//! Tests of the report formats for programs: each report is well-formed, whatever strings a payload has.

#![recursion_limit = "256"]
#![expect(clippy::disallowed_methods, reason = "a test writes files")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use countersign::output::{Format, RenderOptions, RunInfo, Summary};
use countersign::registry::Registry;
use proptest::prelude::*;
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use serde_json::{Value, json};
use support::{check, folder_with, path_in, project};

/// A schema of the part of a format that countersign uses, because a build has no access to the official
/// schemas. It allows no other properties, so that a misplaced property is an error.
fn schema_of(format: Format) -> Value {
    match format {
        Format::Gitlab => gitlab_schema(),
        Format::Rdjson => rdjson_schema(),
        _ => sarif_schema(),
    }
}

fn gitlab_schema() -> Value {
    json!({"type": "array", "items": {
    "type": "object", "additionalProperties": false,
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": {"type": "string", "minLength": 1},
        "check_name": {"type": "string"},
        "fingerprint": {"type": "string", "minLength": 1},
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {"type": "object", "required": ["path", "lines"], "additionalProperties": false,
            "properties": {
                "path": {"type": "string", "not": {"pattern": "^\\./"}},
                "lines": {"type": "object", "required": ["begin"], "additionalProperties": false,
                    "properties": {"begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer", "minimum": 1}}}
            }}
    }}})
}

fn rdjson_schema() -> Value {
    let position = json!({
        "type": "object", "required": ["line", "column"], "additionalProperties": false,
        "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}}
    });
    let range = json!({
        "type": "object", "required": ["start", "end"], "additionalProperties": false,
        "properties": {"start": position, "end": position}
    });
    json!({
    "type": "object", "required": ["diagnostics"], "additionalProperties": false,
    "properties": {
        "source": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "diagnostics": {"type": "array", "items": {
            "type": "object", "required": ["message", "location"], "additionalProperties": false,
            "properties": {
                "message": {"type": "string"},
                "location": {"type": "object", "required": ["path", "range"], "additionalProperties": false,
                    "properties": {"path": {"type": "string"}, "range": range}},
                "severity": {"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]},
                "code": {"type": "object", "required": ["value"], "properties": {"value": {"type": "string"}}},
                "suggestions": {"type": "array", "items": {"type": "object", "additionalProperties": false,
                    "required": ["range", "text"], "properties": {"range": range, "text": {"type": "string"}}}}
            }}}
    }})
}

fn sarif_schema() -> Value {
    let level = json!({"enum": ["none", "note", "warning", "error"]});
    let message = sarif_message_schema();
    json!({
    "type": "object", "required": ["version", "runs"], "additionalProperties": false,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": {
            "type": "object", "required": ["tool", "results"], "additionalProperties": false,
            "properties": {
                "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {
                    "type": "object", "required": ["name", "rules"], "additionalProperties": false,
                    "properties": {
                        "name": {"type": "string"}, "semanticVersion": {"type": "string"},
                        "informationUri": {"type": "string", "format": "uri"},
                        "rules": {"type": "array", "uniqueItems": true, "items": {
                            "type": "object", "required": ["id"], "additionalProperties": false,
                            "properties": {
                                "id": {"type": "string"}, "shortDescription": message, "fullDescription": message,
                                "properties": {"type": "object", "required": ["tags"], "properties": {
                                    "tags": {"type": "array", "uniqueItems": true, "items": {"type": "string"}}}},
                                "helpUri": {"type": "string", "format": "uri"},
                                "help": {"type": "object", "required": ["text"], "additionalProperties": false,
                                    "properties": {"text": {"type": "string"}, "markdown": {"type": "string"}}},
                                "defaultConfiguration": {"type": "object", "properties": {"level": level}}
                            }}}
                    }}}},
                "automationDetails": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
                "invocations": {"type": "array", "items": {
                    "type": "object", "required": ["executionSuccessful"], "additionalProperties": false,
                    "properties": {
                        "executionSuccessful": {"type": "boolean"},
                        "toolExecutionNotifications": {"type": "array", "items": {
                            "type": "object", "required": ["message"], "additionalProperties": false,
                            "properties": {"level": level, "message": message}}}
                    }}},
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "originalUriBaseIds": {"type": "object"},
                "results": {"type": "array", "items": sarif_result_schema()}
            }}}
    }})
}

/// A schema of one element of `results`.
fn sarif_result_schema() -> Value {
    let message = sarif_message_schema();
    let artifact = json!({"type": "object", "required": ["uri"], "additionalProperties": false,
        "properties": {"uri": {"type": "string", "format": "uri-reference"}, "uriBaseId": {"const": "%SRCROOT%"}}});
    let region = json!({"type": "object", "additionalProperties": false,
    "required": ["startLine", "startColumn", "endLine", "endColumn"],
    "properties": {
        "startLine": {"type": "integer", "minimum": 1}, "startColumn": {"type": "integer", "minimum": 1},
        "endLine": {"type": "integer", "minimum": 1}, "endColumn": {"type": "integer", "minimum": 1}
    }});
    let location = json!({"type": "object", "required": ["physicalLocation"], "additionalProperties": false,
    "properties": {
        "physicalLocation": {"type": "object", "additionalProperties": false,
            "required": ["artifactLocation", "region"],
            "properties": {"artifactLocation": artifact, "region": region}},
        "logicalLocations": {"type": "array", "items": {"type": "object", "additionalProperties": false,
            "properties": {"fullyQualifiedName": {"type": "string"}}}},
        "message": message
    }});
    let level = json!({"enum": ["none", "note", "warning", "error"]});
    json!({
    "type": "object", "required": ["message"], "additionalProperties": false,
    "properties": {
        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0},
        "level": level, "message": message,
        "locations": {"type": "array", "items": location},
        "relatedLocations": {"type": "array", "items": location},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "fixes": {"type": "array", "items": {
            "type": "object", "required": ["artifactChanges"], "additionalProperties": false,
            "properties": {
                "description": message,
                "artifactChanges": {"type": "array", "minItems": 1, "items": {
                    "type": "object", "required": ["artifactLocation", "replacements"],
                    "properties": {
                        "artifactLocation": artifact,
                        "replacements": {"type": "array", "minItems": 1, "items": {
                            "type": "object", "required": ["deletedRegion"], "additionalProperties": false,
                            "properties": {"deletedRegion": region, "insertedContent": possibly_empty_message()}}}
                    }}}
            }}}
    }})
}

fn sarif_message_schema() -> Value {
    json!({"type": "object", "required": ["text"], "additionalProperties": false,
        "properties": {"text": {"type": "string", "minLength": 1}}})
}

fn possibly_empty_message() -> Value {
    json!({"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}})
}

fn parse_valid(format: Format, text: &str) -> Value {
    let report: Value = serde_json::from_str(text).unwrap();
    let schema = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema_of(format))
        .unwrap();
    let errors: Vec<String> = schema
        .iter_errors(&report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, [""; 0], "{}", format.as_str());
    report
}

/// The values of all attributes with a name in an XML document.
fn attribute_values(xml: &str, attribute: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut values = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return values,
            Event::Start(element) | Event::Empty(element) => {
                for candidate in element.attributes() {
                    let candidate = candidate.unwrap();
                    let value = candidate
                        .normalized_value(XmlVersion::Implicit1_0)
                        .unwrap()
                        .into_owned();
                    if candidate.key.as_ref() == attribute.as_bytes() {
                        values.push(value);
                    }
                }
            }
            _ => {}
        }
    }
}

#[test]
fn reports_on_all_fixtures_match_their_schemas() {
    let invalid = project("fixtures/invalid");
    for format in [Format::Sarif, Format::Gitlab, Format::Rdjson] {
        let outcome = check(&["--format", format.as_str(), &invalid], "");
        assert_eq!(outcome.code, 1, "{}", outcome.errors);
        parse_valid(format, &outcome.out);
        let empty = check(
            &["--format", format.as_str(), &project("fixtures/valid")],
            "",
        )
        .out;
        parse_valid(format, &empty);
    }
    let gitlab: Value =
        serde_json::from_str(&check(&["--format", "gitlab", &invalid], "").out).unwrap();
    let mut fingerprints: Vec<&str> = gitlab
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    let all = fingerprints.len();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), all);
}

#[test]
fn positions_use_the_units_of_each_format() {
    let payload = "{\"qualification\":\"😀ü\",\n\"é\": 1, \"vettingStatus\": \"approved\"}";
    let sarif = parse_valid(
        Format::Sarif,
        &check(&["--format", "sarif", "-"], payload).out,
    );
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let status = results
        .iter()
        .find(|result| {
            result["message"]["text"]
                .as_str()
                .unwrap()
                .contains("approved")
        })
        .unwrap();
    let region = &status["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        (&region["startLine"], &region["startColumn"]),
        (&2.into(), &26.into())
    );
    assert_eq!(
        status["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"],
        "Approved"
    );
    let rdjson = parse_valid(
        Format::Rdjson,
        &check(&["--format", "rdjson", "-"], payload).out,
    );
    let status = rdjson["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .find(|result| result["message"].as_str().unwrap().contains("approved"))
        .unwrap();
    // reviewdog counts bytes; `é` has two.
    assert_eq!(
        status["location"]["range"]["start"],
        json!({"line": 2, "column": 27})
    );
    assert_eq!(status["suggestions"][0]["text"], "Approved");
}

#[test]
fn limits_github_annotations_to_those_shown() {
    let bad = r#"{"customerId":"1","type":"change","subscriptionId":"7","products":[{"mpn":"CFQ7TTC0LCHC:0002","quantity":-4}]}"#;
    let folder = folder_with(&[("a.ndjson", &format!("{bad}\n").repeat(25))]);
    let out = check(&["--format", "github", &path_in(&folder, "a.ndjson")], "").out;
    let commands = out.lines().filter(|line| line.starts_with("::error "));
    assert_eq!(commands.count(), 10);
    assert!(out.contains("::notice title=countersign::15 more findings are in the log"));
    assert_eq!(out.matches("::group::").count(), 1);
    assert!(out.ends_with("without an annotation\n"));
}

/// Strings that a naive report would turn into markup, commands or terminal control sequences.
fn hostile_string() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("]]>".to_owned()),
        Just("::error file=x::y".to_owned()),
        Just("\n::set-output name=a::b\n".to_owned()),
        Just("%0A::warning::".to_owned()),
        Just("<script>alert(1)</script>".to_owned()),
        Just("<!--".to_owned()),
        Just("&amp;&#10;".to_owned()),
        Just("|`**_[a](http://x)".to_owned()),
        Just("\u{202e}\u{2066}\u{200b}\u{feff}".to_owned()),
        Just("\u{0}\u{7}\u{1b}[31m\u{9b}".to_owned()),
        Just("\r\n\u{2028}\u{85}".to_owned()),
        Just("{0}{{}}\"'\\".to_owned()),
        "[ -~]{0,8}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 1..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn hostile_payloads_do_not_break_a_format(value in hostile_string(), name in hostile_string()) {
        let payload = json!({
            "customerId": "1000417733", "type": value, "subscriptionId": "7", "subscriptionI": "7",
            "products": [{"mpn": value, "quantity": value, "billingPeriod": {name.clone(): 1}}],
            name: value,
        });
        let text = serde_json::to_string_pretty(&payload).unwrap();
        let report = |format: Format| check(&["--format", format.as_str(), "-"], &text).out;
        let findings: Value = serde_json::from_str(&report(Format::Json)).unwrap();
        let findings = findings["findings"].as_array().unwrap();
        let messages: Vec<&str> = findings.iter().map(|finding| finding["message"].as_str().unwrap()).collect();
        prop_assert!(!messages.is_empty());

        let sarif = parse_valid(Format::Sarif, &report(Format::Sarif));
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        prop_assert_eq!(results.len(), messages.len());
        let gitlab = parse_valid(Format::Gitlab, &report(Format::Gitlab));
        for (issue, message) in gitlab.as_array().unwrap().iter().zip(&messages) {
            prop_assert!(issue["description"].as_str().unwrap().starts_with(message));
        }
        let rdjson = parse_valid(Format::Rdjson, &report(Format::Rdjson));
        for (diagnostic, message) in rdjson["diagnostics"].as_array().unwrap().iter().zip(&messages) {
            prop_assert!(diagnostic["message"].as_str().unwrap().starts_with(message));
        }

        let shown: Vec<String> = messages.iter().map(|message| countersign::output::escape_unprintable(message).replace('\t', " ")).collect();
        let checkstyle = attribute_values(&report(Format::Checkstyle), "message");
        prop_assert_eq!(&checkstyle, &shown);
        prop_assert_eq!(attribute_values(&report(Format::Junit), "classname").len(), 2);

        let github = report(Format::Github);
        let commands = ["::error file=<stdin>,", "::warning file=<stdin>,", "::notice file=<stdin>,", "::group::<stdin>", "::endgroup::"];
        for line in github.lines() {
            prop_assert!(line.starts_with(' ') || commands.iter().any(|command| line.starts_with(command)), "{}", line);
        }
        let markdown = report(Format::Markdown);
        prop_assert!(!markdown.contains("<script") && !markdown.contains("](http") && !markdown.contains("<!--"));
        prop_assert_eq!(markdown.lines().filter(|line| line.contains("&lt;stdin&gt;")).count(), messages.len());
        let html = report(Format::Html);
        prop_assert_eq!(html.matches("<script").count(), 2);
        prop_assert_eq!(html.matches("<!--").count(), 0);
        for format in [Format::Pretty, Format::Concise, Format::Github, Format::Markdown, Format::Junit, Format::Checkstyle] {
            let report = report(format);
            let is_control = |c: char| !"\n\t".contains(c) && c.is_control() || "\u{202e}\u{2066}\u{200b}\u{feff}".contains(c);
            prop_assert!(!report.contains(is_control), "{}: {:?}", format.as_str(), report);
        }
    }
}

#[test]
fn schemas_reject_incomplete_reports() {
    for (format, text) in [
        (Format::Sarif, r#"{"version":"2.1.0","runs":[]}"#),
        (Format::Gitlab, r#"[{"description":"x"}]"#),
        (Format::Rdjson, r#"{"diagnostics":[{"message":"x"}]}"#),
    ] {
        let report: Value = serde_json::from_str(text).unwrap();
        let schema = jsonschema::validator_for(&schema_of(format)).unwrap();
        assert!(!schema.is_valid(&report), "{}", format.as_str());
    }
}

/// The report of a run without findings, with this summary.
fn empty_report(format: Format, summary: &Summary) -> String {
    let mut out = Vec::new();
    let options = RenderOptions::default();
    let registry = Registry::built_in();
    let mut reporter = format.reporter(Box::new(&mut out), options, &registry);
    reporter.finish(summary).unwrap();
    drop(reporter);
    String::from_utf8(out).unwrap()
}

#[test]
fn an_interrupted_run_says_so_in_every_format() {
    let interrupted = Summary {
        is_interrupted: true,
        last_record: Some(("orders.ndjson".to_owned(), 17)),
        ..Summary::default()
    };
    for format in Format::ALL {
        let report = empty_report(format, &interrupted);
        let place = report.contains("orders.ndjson:17") || format == Format::Json;
        assert!(place, "{}: {report}", format.as_str());
        assert_ne!(report, empty_report(format, &Summary::default()));
    }
    let sarif: Value = serde_json::from_str(&empty_report(Format::Sarif, &interrupted)).unwrap();
    assert_eq!(
        sarif["runs"][0]["invocations"][0]["executionSuccessful"],
        false
    );
    let json: Value = serde_json::from_str(&empty_report(Format::Json, &interrupted)).unwrap();
    assert_eq!(json["complete"], false);
    assert!(empty_report(Format::Junit, &interrupted).contains("<error message=\"interrupted"));
}

#[test]
fn a_sarif_log_has_the_most_severe_results_and_names_the_rest() {
    let record = |index: usize, quantity: &str, po: &str| {
        format!(
            "{{\"customerId\":\"{index}\",\"type\":\"change\",\"subscriptionId\":\"2\",{po}\"products\":[{{\"mpn\":\
             \"CFQ7TTC0LH16:0001\",\"quantity\":{quantity}}}]}}\n"
        )
    };
    let mut lines: String = (0..5500)
        .map(|index| record(index, "1", "\"ponumber\":\"1\","))
        .collect();
    lines.extend((5500..6000).map(|index| record(index, "-1", "")));
    let folder = folder_with(&[("orders.ndjson", &lines)]);
    let path = path_in(&folder, "orders.ndjson");
    let sarif = |arguments: &[&str]| -> Value {
        let arguments = [&["--format", "sarif", &path], arguments].concat();
        serde_json::from_str(&check(&arguments, "").out).unwrap()
    };
    let log = sarif(&[]);
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 5000);
    let errors = results
        .iter()
        .filter(|result| result["level"] == "error")
        .count();
    assert_eq!(errors, 500);
    let invocation = &log["runs"][0]["invocations"][0];
    let note = invocation["toolExecutionNotifications"][0]["message"]["text"]
        .as_str()
        .unwrap();
    assert!(note.starts_with("1,000 more findings"), "{note}");
    assert_eq!(invocation["executionSuccessful"], true);
    let all = sarif(&["--max-findings", "0"]);
    assert_eq!(all["runs"][0]["results"].as_array().unwrap().len(), 6000);
}

#[test]
fn a_report_for_people_shows_one_finding_of_each_rule_and_the_most_severe_ones() {
    let warning =
        "{\"customerId\":\"1\",\"type\":\"change\",\"subscriptionId\":\"2\",\"ponumber\":\"1\"}\n";
    let error = "{\"customerId\":\"1\",\"type\":\"change\",\"ponumber\":\"1\"}\n";
    let lines = format!("{}{}", warning.repeat(30), error.repeat(30));
    let folder = folder_with(&[("orders.ndjson", &lines)]);
    let path = path_in(&folder, "orders.ndjson");
    let report = check(&["--max-findings", "10", "--format", "concise", &path], "").out;
    let count = |rule: &str| report.matches(rule).count();
    assert_eq!(count("[order/po-number-case]"), 1, "{report}");
    assert_eq!(count("[order/subscription-missing]"), 9, "{report}");
    assert!(report.lines().last().unwrap().starts_with("… "), "{report}");
}

#[test]
fn invalid_records_are_written_with_their_findings_on_request() {
    let good = r#"{"customerId":"1","type":"change","subscriptionId":"2"}"#;
    let bad = r#"{"customerId":"7","type":"change"}"#;
    let broken = r#"{"customerId":"8","type":"change""#;
    let folder = folder_with(&[("orders.ndjson", &format!("{good}\n{bad}\n{broken}\n"))]);
    let invalid = path_in(&folder, "invalid.ndjson");
    let arguments = ["--invalid-out", &invalid, "--invalid-out-findings"];
    check(
        &[&arguments[..], &[&path_in(&folder, "orders.ndjson")]].concat(),
        "",
    );
    let lines = std::fs::read_to_string(invalid).unwrap();
    let rows: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 2, "{lines}");
    assert_eq!(
        rows[0]["record"],
        serde_json::from_str::<Value>(bad).unwrap()
    );
    assert_eq!(rows[0]["findings"][0]["rule"], "order/subscription-missing");
    assert_eq!(rows[1]["record"], broken);
    assert_eq!(rows[1]["findings"][0]["rule"], "json/unclosed");
}

/// The data that the script of an HTML report reads.
fn html_data(page: &str) -> Value {
    let data = page.split("id=\"data\">").nth(1).unwrap();
    serde_json::from_str(data.split("</script>").next().unwrap()).unwrap()
}

/// An order in one line, with a negative quantity. Number 499 has another type.
fn numbered_order(number: usize) -> String {
    let kind = if number == 499 { "purchase" } else { "change" };
    format!(
        r#"{{"customerId":"{:010}","type":"{kind}","subscriptionId":"7","products":[{{"mpn":"CFQ7TTC0LCHC:0002","quantity":-4}}]}}"#,
        1_000_000_000 + number
    )
}

#[test]
fn html_limits_the_rows_and_records_of_each_rule() {
    let lines: Vec<String> = (0..500).map(numbered_order).collect();
    let folder = folder_with(&[("a.ndjson", &lines.join("\n"))]);
    let page = check(
        &[
            "--format",
            "html",
            "--no-config",
            &path_in(&folder, "a.ndjson"),
        ],
        "",
    )
    .out;
    let data = html_data(&page);
    let rows_of = |rule: &str| -> Vec<&Value> {
        let rows = data["findings"].as_array().unwrap().iter();
        rows.filter(|row| row["rule"] == rule).collect()
    };
    // The rule with a finding in every record has the first 200, and the others all.
    let common = json!({"level": "error", "count": 500, "shown": 200});
    let rule = data["rules"].as_object().unwrap();
    let rule = rule.iter().find(|(_, facts)| **facts == common).unwrap().0;
    let rows = rows_of(rule);
    assert_eq!(rows.len(), 200);
    assert_eq!(rows[199]["record"], 200);
    // Records in other lines are not shown around a finding.
    assert_eq!(rows[199]["frame"]["numbers"], json!([200]));
    let rare = data["rules"].as_object().unwrap();
    let rare = rare
        .iter()
        .find(|(_, facts)| facts["count"] == 1)
        .unwrap()
        .0;
    assert_eq!(rows_of(rare)[0]["record"], 500);
    assert!(page.contains("… 300 more than this report holds"));
    assert!(page.contains("at most 200 for each rule"));
    assert_eq!(data["levels"]["error"], page_count(&data));
    assert_eq!(data["limits"], json!({"rows": 200, "records": 20}));

    // Findings of one record share its text; later records of a rule have none.
    let texts = data["records"].as_array().unwrap();
    assert_eq!(texts.len(), 21);
    assert_eq!(
        texts[19],
        json!({"line": 20, "text": lines[19], "bytes": null})
    );
    assert_eq!(
        (&rows[19]["text"], &rows[20]["text"]),
        (&json!(19), &Value::Null)
    );
    assert_eq!(rows_of(rare)[0]["text"], 20);
}

/// The number of findings of all rules.
fn page_count(data: &Value) -> u64 {
    let rules = data["rules"].as_object().unwrap().values();
    rules.map(|facts| facts["count"].as_u64().unwrap()).sum()
}

#[test]
fn html_cuts_long_records() {
    let long = "é".repeat(10_000);
    let payload = numbered_order(1).replace("\"7\"", &format!("\"{long}\""));
    let page = check(&["--format", "html", "--no-config", "-"], &payload).out;
    let data = html_data(&page);
    let record = &data["records"][0];
    let text = record["text"].as_str().unwrap();
    assert!(text.len() > 8 * 1024 - 2 && text.len() <= 8 * 1024);
    assert!(payload.starts_with(text));
    assert_eq!(record["bytes"], payload.len());
}

#[test]
fn html_shows_the_facts_of_the_run() {
    let folder = folder_with(&[
        ("countersign.toml", ""),
        ("it's <a>.json", &numbered_order(1)),
    ]);
    let file = path_in(&folder, "it's <a>.json");
    let today = || jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let first_day = today();
    let page = check(&["--format", "html", "--jobs", "2", &file], "").out;
    let text = |name: &str| {
        let value = page.split(&format!("<dt>{name}</dt><dd")).nth(1).unwrap();
        let value = value.split_once('>').unwrap().1;
        value.split("</dd>").next().unwrap().to_owned()
    };
    let started = text("Started");
    assert!(started.contains(&first_day) || started.contains(&today()));
    assert!(started.contains(" UTC"), "{started}");
    assert_eq!(text("Version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(text("Status"), "complete");
    assert!(text("Configuration").contains("countersign.toml"));
    assert!(text("Duration").ends_with(" s"));
    let quoted = file
        .replace('\'', r"'\''")
        .replace('<', "&#60;")
        .replace('>', "&#62;")
        .replace('\'', "&#39;");
    let command = text("Command");
    let expected = "<code>countersign check --today 2026-01-01 --format html --jobs 2 &#39;";
    assert_eq!(command, format!("{expected}{quoted}&#39;</code>"));
    assert!(!page.contains("class=\"banner\""));
}

/// An HTML report without findings.
fn html_of(summary: &Summary) -> String {
    let mut page = Vec::new();
    let options = RenderOptions::default();
    let registry = Registry::built_in();
    let mut reporter = Format::Html.reporter(Box::new(&mut page), options, &registry);
    reporter.begin(&RunInfo {
        started: "2026-01-31 14:05:09".into(),
        version: "1.2.3 (abc)".into(),
        arguments: vec!["check".into()],
        config_file: None,
        elapsed: Arc::new(|| Duration::from_millis(61_500)),
    });
    reporter.finish(summary).unwrap();
    drop(reporter);
    String::from_utf8(page).unwrap()
}

#[test]
fn html_shows_that_a_run_was_interrupted() {
    let mut summary = Summary {
        is_interrupted: true,
        last_record: Some(("a/<b>.ndjson".into(), 12_345)),
        ..Summary::default()
    };
    let page = html_of(&summary);
    let banner = "interrupted: the report is incomplete; the last complete record is a/&#60;b&#62;.ndjson:12345<";
    assert!(page.contains(banner) && page.contains("class=\"banner\""));
    assert!(page.contains("<dd id=\"run-status\">interrupted</dd>"));
    for fact in [
        "2026-01-31 14:05:09 UTC",
        "1.2.3 (abc)",
        "1 min 1 s",
        "no configuration file",
    ] {
        assert!(page.contains(fact), "{fact}");
    }
    summary.last_record = None;
    assert!(
        html_of(&summary).contains("interrupted: the report is incomplete; no record was checked<")
    );
    summary.is_interrupted = false;
    summary.unreadable = 2;
    let page = html_of(&summary);
    assert!(!page.contains("class=\"banner\""));
    assert!(page.contains("incomplete: 2 files could not be read"));
}

#[test]
fn html_masks_records_and_shows_the_command_line() {
    let folder = folder_with(&[("secret.json", &numbered_order(1))]);
    let file = path_in(&folder, "secret.json");
    let pasted = r#"{"customerId":"1000000001"}"#;
    let page = check(
        &["--redact", "--format", "html", "--no-config", &file, pasted],
        "",
    )
    .out;
    assert!(!page.contains("1000000001") && !page.contains("CFQ7TTC0LCHC"));
    assert!(page.contains(&format!(
        "--redact --format html --no-config {file} (masked)</code>"
    )));
    let text = html_data(&page)["records"][0]["text"].clone();
    let text = text.as_str().unwrap();
    assert!(
        text.starts_with(r#"{"customerId":"xxxxxxxxxx","type":"xxxxxx""#),
        "{text}"
    );
}

#[test]
fn html_data_has_the_values_of_the_csv() {
    let invalid = project("fixtures/invalid");
    let data = html_data(&check(&["--format", "html", &invalid], "").out);
    let ndjson = check(&["--format", "ndjson", &invalid], "").out;
    let findings = data["findings"].as_array().unwrap();
    assert_eq!(ndjson.lines().count(), findings.len());
    for (line, row) in ndjson.lines().zip(findings) {
        let finding: Value = serde_json::from_str(line).unwrap();
        for name in ["file", "level", "rule", "message", "help"] {
            assert_eq!(row[name], finding[name], "{name} of {line}");
        }
        for name in ["line", "column"] {
            assert_eq!(
                row[name], finding["range"]["start"][name],
                "{name} of {line}"
            );
        }
        let index = finding["record"]["index"].as_u64();
        assert_eq!(row["record"].as_u64(), index.map(|index| index + 1));
    }
}

/// Characters that a terminal, a browser or an XML parser must not receive as they are: C1 controls, directions, and what
/// is no character.
#[test]
fn reports_contain_no_control_or_direction_characters() {
    let hidden = [
        '\u{9B}', '\u{85}', '\u{202E}', '\u{2066}', '\u{FEFF}', '\u{FFFE}', '\u{FFFF}',
    ];
    let value: String = hidden.iter().collect();
    let order = serde_json::json!({
        "customerId": "1",
        "type": "sales",
        "products": [{ "mpn": value, "quantity": 0 }],
        (format!("a{value}b")): 1,
    });
    for format in [
        "pretty",
        "concise",
        "json",
        "ndjson",
        "sarif",
        "html",
        "junit",
        "checkstyle",
        "github",
        "gitlab",
        "rdjson",
        "markdown",
    ] {
        let outcome = check(
            &["--no-config", "--format", format, "-"],
            &order.to_string(),
        );
        assert_eq!(outcome.code, 1, "{format}: {}", outcome.errors);
        for character in hidden {
            assert!(
                !outcome.out.contains(character),
                "{format}: {:04X}",
                character as u32
            );
        }
    }
}
