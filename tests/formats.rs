//! The formats for programs: each as its readers want it, whatever text a payload holds.

#![recursion_limit = "256"]
#![expect(clippy::disallowed_methods, reason = "a test writes files")]

mod support;

use countersign::output::Format;
use proptest::prelude::*;
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use serde_json::{Value, json};
use support::{check, folder_with, path_in, project};

/// What is used of a format, as a schema: ours, since the formats' own are not at hand in a build. What
/// a format allows beside is not listed, so that a member in the wrong place is seen.
fn shape(format: Format) -> Value {
    let place = json!({
        "type": "object", "required": ["line", "column"], "additionalProperties": false,
        "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}}
    });
    let range = json!({
        "type": "object", "required": ["start", "end"], "additionalProperties": false,
        "properties": {"start": place, "end": place}
    });
    let message = json!({"type": "object", "required": ["text"], "additionalProperties": false,
        "properties": {"text": {"type": "string", "minLength": 1}}});
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
    match format {
        Format::Gitlab => json!({"type": "array", "items": {
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
        }}}),
        Format::Rdjson => json!({
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
        }}),
        _ => json!({
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
                            "rules": {"type": "array", "uniqueItems": true, "items": {
                                "type": "object", "required": ["id"], "additionalProperties": false,
                                "properties": {
                                    "id": {"type": "string"}, "shortDescription": message, "helpUri": {"type": "string", "format": "uri"},
                                    "help": {"type": "object", "required": ["text"], "additionalProperties": false,
                                        "properties": {"text": {"type": "string"}, "markdown": {"type": "string"}}},
                                    "defaultConfiguration": {"type": "object", "properties": {"level": level}}
                                }}}
                        }}}},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "originalUriBaseIds": {"type": "object"},
                    "results": {"type": "array", "items": {
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
                                                "properties": {"deletedRegion": region, "insertedContent": message_of_any_length()}}}
                                        }}}
                                }}}
                        }}}
                }}}
        }}),
    }
}

fn message_of_any_length() -> Value {
    json!({"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}})
}

fn assert_shaped(format: Format, text: &str) -> Value {
    let report: Value = serde_json::from_str(text).unwrap();
    let schema = jsonschema::options()
        .should_validate_formats(true)
        .build(&shape(format))
        .unwrap();
    let errors: Vec<String> = schema
        .iter_errors(&report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, [""; 0], "{}", format.as_str());
    report
}

/// The texts of the attributes of this name, and of all text, in an XML document.
fn texts_in(xml: &str, attribute: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut texts = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return texts,
            Event::Start(element) | Event::Empty(element) => {
                for found in element.attributes() {
                    let found = found.unwrap();
                    let value = found
                        .normalized_value(XmlVersion::Implicit1_0)
                        .unwrap()
                        .into_owned();
                    if found.key.as_ref() == attribute.as_bytes() {
                        texts.push(value);
                    }
                }
            }
            _ => {}
        }
    }
}

#[test]
fn reports_on_all_fixtures_have_the_shape_of_their_formats() {
    let invalid = project("fixtures/invalid");
    for format in [Format::Sarif, Format::Gitlab, Format::Rdjson] {
        let outcome = check(&["--format", format.as_str(), &invalid], "");
        assert_eq!(outcome.code, 1, "{}", outcome.errors);
        assert_shaped(format, &outcome.out);
        let empty = check(
            &["--format", format.as_str(), &project("fixtures/valid")],
            "",
        )
        .out;
        assert_shaped(format, &empty);
    }
    let gitlab: Value =
        serde_json::from_str(&check(&["--format", "gitlab", &invalid], "").out).unwrap();
    let mut prints: Vec<&str> = gitlab
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    let all = prints.len();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), all);
}

#[test]
fn places_are_counted_as_each_format_counts() {
    let payload = "{\"qualification\":\"😀ü\",\n\"é\": 1, \"vettingStatus\": \"approved\"}";
    let sarif = assert_shaped(
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
    let rdjson = assert_shaped(
        Format::Rdjson,
        &check(&["--format", "rdjson", "-"], payload).out,
    );
    let status = rdjson["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .find(|result| result["message"].as_str().unwrap().contains("approved"))
        .unwrap();
    // Bytes, of which the letter before has two.
    assert_eq!(
        status["location"]["range"]["start"],
        json!({"line": 2, "column": 27})
    );
    assert_eq!(status["suggestions"][0]["text"], "Approved");
}

#[test]
fn annotations_stop_where_the_platform_stops() {
    let bad = r#"{"customerId":"1","type":"change","subscriptionId":"7","products":[{"mpn":"CFQ7TTC0LCHC:0002","quantity":-4}]}"#;
    let folder = folder_with(&[("a.ndjson", &format!("{bad}\n").repeat(25))]);
    let out = check(&["--format", "github", &path_in(&folder, "a.ndjson")], "").out;
    let commands = out.lines().filter(|line| line.starts_with("::error "));
    assert_eq!(commands.count(), 10);
    assert!(out.contains("::notice title=countersign::15 more findings are in the log"));
    assert_eq!(out.matches("::group::").count(), 1);
    assert!(out.ends_with("without an annotation\n"));
}

/// What a payload may hold to fool a reader of reports.
fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
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
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_of_a_payload_breaks_a_format(value in hostile_text(), name in hostile_text()) {
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

        let sarif = assert_shaped(Format::Sarif, &report(Format::Sarif));
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        prop_assert_eq!(results.len(), messages.len());
        let gitlab = assert_shaped(Format::Gitlab, &report(Format::Gitlab));
        for (issue, message) in gitlab.as_array().unwrap().iter().zip(&messages) {
            prop_assert!(issue["description"].as_str().unwrap().starts_with(message));
        }
        let rdjson = assert_shaped(Format::Rdjson, &report(Format::Rdjson));
        for (told, message) in rdjson["diagnostics"].as_array().unwrap().iter().zip(&messages) {
            prop_assert!(told["message"].as_str().unwrap().starts_with(message));
        }

        let shown: Vec<String> = messages.iter().map(|message| countersign::output::escape_unprintable(message).replace('\t', " ")).collect();
        let checkstyle = texts_in(&report(Format::Checkstyle), "message");
        prop_assert_eq!(&checkstyle, &shown);
        prop_assert_eq!(texts_in(&report(Format::Junit), "classname").len(), 2);

        let github = report(Format::Github);
        let own = ["::error file=<stdin>,", "::warning file=<stdin>,", "::notice file=<stdin>,", "::group::<stdin>", "::endgroup::"];
        for line in github.lines() {
            prop_assert!(line.starts_with(' ') || own.iter().any(|own| line.starts_with(own)), "{}", line);
        }
        let markdown = report(Format::Markdown);
        prop_assert!(!markdown.contains("<script") && !markdown.contains("](http") && !markdown.contains("<!--"));
        prop_assert_eq!(markdown.lines().filter(|line| line.contains("&lt;stdin&gt;")).count(), messages.len());
        let html = report(Format::Html);
        prop_assert_eq!(html.matches("<script").count(), 2);
        prop_assert_eq!(html.matches("<!--").count(), 0);
        for format in [Format::Pretty, Format::Concise, Format::Github, Format::Markdown, Format::Junit, Format::Checkstyle] {
            let report = report(format);
            let is_steering = |c: char| !"\n\t".contains(c) && c.is_control() || "\u{202e}\u{2066}\u{200b}\u{feff}".contains(c);
            prop_assert!(!report.contains(is_steering), "{}: {:?}", format.as_str(), report);
        }
    }
}

#[test]
fn the_shapes_are_no_empty_words() {
    for (format, text) in [
        (Format::Sarif, r#"{"version":"2.1.0","runs":[]}"#),
        (Format::Gitlab, r#"[{"description":"x"}]"#),
        (Format::Rdjson, r#"{"diagnostics":[{"message":"x"}]}"#),
    ] {
        let report: Value = serde_json::from_str(text).unwrap();
        let schema = jsonschema::validator_for(&shape(format)).unwrap();
        assert!(!schema.is_valid(&report), "{}", format.as_str());
    }
}
