//! The payload in pasted text is found and checked.

#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

#[path = "../support/fix_invariant.rs"]
mod fix_invariant;
mod placeholders;
#[path = "../support/mod.rs"]
mod support;
mod wrappings;

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::{Finding, Safety};
use countersign::fix::{self, MAX_ROUNDS};
use countersign::json;
use countersign::line_index::LineIndex;

/// Payloads on one line and on several.
const PAYLOADS: [&str; 2] = [
    "{\"qualification\":\"Educaton\"}",
    "{\n  \"qualification\": \"Educaton\"\n}",
];

fn engine() -> Engine {
    Engine::new(Config::default())
}

fn check(text: &str) -> Vec<Finding> {
    engine().check(&Document::parse(text)).findings
}

/// The rules of the findings, each with the source of its span.
fn summary(text: &str) -> Vec<String> {
    let findings = check(text);
    let line = |finding: &Finding| format!("{} {}", finding.rule, finding.span.of(text));
    findings.iter().map(line).collect()
}

/// The name of an encoding, and a payload in it.
const ENCODED: &[(&str, &str)] = &[
    (
        "HTML entities",
        "{&quot;qualification&quot;:&quot;Educaton&quot;}",
    ),
    (
        "HTML entities",
        "{&#34;qualification&#34;: &#x22;Educaton&#x22;}",
    ),
    (
        "percent-encoding",
        "%7B%22qualification%22%3A%22Educaton%22%7D",
    ),
    (
        "percent-encoding",
        "{%22qualification%22:%20%22Educaton%22}",
    ),
    (
        "backslash escapes",
        "{\\\"qualification\\\":\\\"Educaton\\\"}",
    ),
    (
        "backslash escapes",
        "{\\n  \\\"qualification\\\": \\\"Educaton\\\"\\n}",
    ),
    (
        "backslash escapes",
        "{\\u0022qualification\\u0022:\\u0022Educaton\\u0022}",
    ),
    (
        "JSON string escapes",
        "\"{\\\"qualification\\\":\\\"Educaton\\\"}\"",
    ),
    ("doubled quotes", "{\"\"qualification\"\":\"\"Educaton\"\"}"),
    (
        "doubled quotes",
        "\"{\"\"qualification\"\":\"\"Educaton\"\"}\"",
    ),
    ("backtick escapes", "{`\"qualification`\": `\"Educaton`\"}"),
    ("Base64", "eyJxdWFsaWZpY2F0aW9uIjoiRWR1Y2F0b24ifQ=="),
    ("Base64", "eyJxdWFsaWZpY2F0aW9uIjogIkVkdWNhdG9uIn0="),
    ("caret escapes", "{^\"qualification^\":^\"Educaton^\"}"),
    ("Base64", "eyJxdWFsaWZpY2F0aW9uIjoiRWR1Y2F0b24ifQ"),
    ("Base64", "eyJxdWFsaWZpY2F0aW9uIjoiRWR1Y2F0b25-fn4_Pz8-PiJ9"),
    (
        "Base64",
        "payload=eyJxdWFsaWZpY2F0aW9uIjoiRWR1Y2F0b24ifQ&v=1",
    ),
    (
        "shell quoting",
        "curl -d $'{\\n\\t\"qualification\": \"Educaton\"\\n}' https://api.marketplace.example",
    ),
    (
        "shell quoting",
        "curl -d $'{\"qualification\": \"Educaton\\'s\"}'",
    ),
    (
        "shell quoting",
        "curl --json '{\"qualification\": \"Educaton'\\''s\"}'",
    ),
    (
        "shell quoting",
        "echo '{\"qualification\": \"Educaton'\"'\"'s\"}' | http POST api.marketplace.example",
    ),
    (
        "terminal colour codes",
        "{\u{1B}[34m\"qualification\"\u{1B}[0m: \u{1B}[32m\"Educaton\"\u{1B}[0m}",
    ),
    (
        "JSON string escapes",
        "{\"body\": \"{\\\"qualification\\\":\\\"Educaton\\\"}\"}",
    ),
    (
        "JSON string escapes",
        "[{\"value\": \"{\\\"qualification\\\":\\\"Educaton\\\"}\"}]",
    ),
    (
        "JSON string escapes",
        "{\"a\": {\"payload\": \" {\\n\\\"qualification\\\":\\\"Educaton\\\"}\"}, \"b\": \" x\"}",
    ),
];

#[test]
fn findings_in_encoded_payloads_are_at_their_source_positions() {
    for (name, text) in ENCODED {
        let findings = check(text);
        let [encoded, fault] = match &findings[..] {
            [first, second] if first.rule == "schema/enum" => [second, first],
            [first, second] => [first, second],
            _ => panic!("{text}: {findings:#?}"),
        };
        assert_eq!(encoded.rule, "json/encoded-text", "{text}");
        assert!(
            encoded.message.ends_with(name),
            "{text}: {}",
            encoded.message
        );
        assert_eq!(fault.rule, "schema/enum", "{text}");
        let source = fault.span.of(text);
        assert!(
            source.contains("Educaton") || *name == "Base64",
            "{text}: {source}"
        );
        assert!(source.len() < text.len() / 2 + 8, "{text}: {source}");
        let decoded = fixed(text, Safety::Unsafe);
        if text.starts_with("{\"a\"") {
            // The payload would not be found where its envelope is unknown, and its findings would vanish.
            assert_eq!(decoded, **text);
            continue;
        }
        let left = check(&decoded);
        assert!(
            left.iter()
                .all(|finding| finding.rule != "json/encoded-text"),
            "{decoded}"
        );
        assert!(decoded.contains("\"qualification\""), "{decoded}");
        assert_eq!(fixed(text, Safety::Safe), **text);
    }
}

/// The text after its fixes.
fn fixed(text: &str, limit: Safety) -> String {
    let engine = engine();
    let outcome = engine.check(&Document::parse(text));
    let evidence = outcome.evidence.clone().unwrap_or_default();
    let fixed = fix::apply_fixes(text, &outcome, limit, MAX_ROUNDS, |text| {
        engine.check(&Document::parse(text).with_evidence(&evidence))
    });
    fixed.map_or_else(|| text.to_owned(), |fixed| fixed.text)
}

/// The expected findings in the file of each program: line, column and rule.
const FILES: &[(&str, &[&str])] = &[
    (
        "chrome-devtools.txt",
        &["1:1 json/leading-text", "20:18 schema/enum"],
    ),
    (
        "curl-bash.sh",
        &[
            "1:1 json/leading-text",
            "7:22 schema/enum",
            "8:25 schema/enum",
        ],
    ),
    (
        "curl-windows.cmd",
        &[
            "1:1 json/leading-text",
            "4:8 json/encoded-text",
            "4:134 order/mpn-shape",
            "4:189 schema/type",
        ],
    ),
    (
        "docker-log.txt",
        &["1:1 json/leading-text", "6:27 schema/enum"],
    ),
    (
        "excel-cell.txt",
        &[
            "1:1 json/encoded-text",
            "12:21 schema/exclusive-minimum",
            "20:22 order/unknown-choice",
        ],
    ),
    (
        "html-escaped.html",
        &[
            "1:1 json/leading-text",
            "13:3 json/encoded-text",
            "23:29 schema/exclusive-minimum",
            "46:47 order/parameter-type-mismatch",
        ],
    ),
    (
        "n8n-output.json",
        &[
            "5:24 qualification/unknown-vetting-status",
            "16:29 qualification/date-format",
        ],
    ),
    (
        "outlook-mail.txt",
        &[
            "20:1 json/leading-text",
            "30:19 schema/type",
            "34:16 order/mpn-shape",
        ],
    ),
    (
        "postman-collection.json",
        &[
            "47:13 json/encoded-text",
            "47:370 schema/enum",
            "47:949 order/parameter-type-mismatch",
        ],
    ),
    (
        "powershell.ps1",
        &[
            "1:1 json/leading-text",
            "19:25 schema/exclusive-minimum",
            "47:30 order/unknown-choice",
        ],
    ),
];

#[test]
fn findings_in_files_of_ten_programs_are_at_their_source_positions() {
    let folder = support::project("fixtures/pasted");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), FILES.len());
    for (file, expected) in FILES {
        let text = fs::read_to_string(format!("{folder}/{file}")).unwrap();
        let lines = LineIndex::new(&text);
        let line = |finding: &Finding| {
            let at = lines.position(finding.span.start);
            format!("{}:{} {}", at.line, at.column, finding.rule)
        };
        let found: Vec<String> = check(&text).iter().map(line).collect();
        assert_eq!(found, *expected, "{file}");
    }
}

/// The findings of an order whose company name is `text`.
fn findings_about_company(text: &str) -> Vec<Finding> {
    let name = json::quote(text);
    check(&format!(
        "{{\"customerId\":\"1\",\"type\":\"change\",\"subscriptionId\":\"2\",\"products\":[{{\"mpn\":\"CFQ7TTC0LH16:0001\",\
         \"quantity\":1,\"parameters\":[{{\"name\":\"customer_company_name\",\"value\":{name}}}]}}]}}"
    ))
}

/// An order in the notation of another language or program, and the only finding about it.
const DIALECTS: &[(&str, &str)] = &[
    (
        "{ \"customerId\" => \"1\", \"type\" => \"cancellation\", \"subscriptionId\" => \"2\" }",
        "json/foreign-punctuation =>",
    ),
    (
        "{u'customerId': u'1', u'type': u'cancellation', u'subscriptionId': u'2'}",
        "json/foreign-quotes u'customerId'",
    ),
    (
        "{customerId: \"1\", type: \"cancellation\", subscriptionId: \"2\"}",
        "json/unquoted-string customerId",
    ),
    (
        "{\"customerId\": \"1\"; \"type\": \"cancellation\"; \"subscriptionId\": \"2\"}",
        "json/foreign-punctuation ;",
    ),
    (
        "{\"customerId\"：\"1\"，\"type\"：\"cancellation\"，\"subscriptionId\"：\"2\"}",
        "json/foreign-punctuation ：",
    ),
    (
        "{“customerId”: “1”, “type”: “cancellation”, “subscriptionId”: “2”}",
        "json/foreign-quotes “customerId”",
    ),
    (
        "{\"customerId\": \"1\", \"type\": \"cancellation\", \"subscriptionId\": \"2\", \"scheduledOn\": ISODate(\"2026-01-31\")}",
        "json/foreign-literal ISODate(\"2026-01-31\")",
    ),
    (
        "{\"customerId\": \"1\", \"type\": \"cancellation\", \"subscriptionId\": \"2\", \"scheduledOn\": datetime.date(2026, 1, 31)}",
        "json/foreign-literal datetime.date(2026, 1, 31)",
    ),
    (
        "{\"customerId\": \"1\", \"type\": \"sales\", \"type\": \"cancellation\", \"subscriptionId\": \"2\"}",
        "json/duplicate-key \"type\"",
    ),
    (
        "{\"customerId\": \"1\", \"type\": \"cancellation\", ...}",
        "payload/placeholder ...",
    ),
    (
        "{\"customerId\": \"1\", \"type\": \"sales\", \"products\": [...]}",
        "payload/placeholder ...",
    ),
    (
        "{\"customerId\": \"1\", \"type\": \"cancellation\", \"subscriptionId\": \"2",
        "json/unclosed 2",
    ),
    (
        "{\"customerId\": \"1\", \"type\": \"cancellation\", \"subscri",
        "json/unclosed i",
    ),
    (
        "{\"customerId\": \"1\", \"poNumber\": \"a\nb\", \"type\": \"cancellation\", \"subscriptionId\": \"2\"}",
        "json/illegal-escape \n",
    ),
    (
        "{\"customerId\": \"1\", \"poNumber\": \"a \"b\" c\", \"type\": \"cancellation\", \"subscriptionId\": \"2\"}",
        "json/illegal-escape \"",
    ),
    (
        "{\"customerId\": \"1\", \"type\": \"cancellation\", \"subscriptionId\": {{ sub }}}",
        "payload/placeholder {{ sub }}",
    ),
    (
        "{\"customerId\": \"1\", \"type\": \"cancellation\", \"subscriptionId\": ${SUB}}",
        "payload/placeholder ${SUB}",
    ),
    (
        "{\"customerId\": \"1\", \"type\": \"cancellation\", \"subscriptionId\": <<sub>>}",
        "payload/placeholder <<sub>>",
    ),
    (
        "{\"customerId\": 1.00773E+6, \"type\": \"cancellation\", \"subscriptionId\": \"2\"}",
        "schema/type 1.00773E+6",
    ),
    (
        "{\"customerId\": 1000321.0, \"type\": \"cancellation\", \"subscriptionId\": \"2\"}",
        "schema/type 1000321.0",
    ),
];

#[test]
fn a_dialect_gives_one_finding_and_guesses_are_never_fixed_safely() {
    for (text, expected) in DIALECTS {
        assert_eq!(summary(text), [*expected], "{text}");
        // A safe fix leaves a text without findings, or is not offered.
        let fixed = fixed(text, Safety::Safe);
        assert!(fixed == *text || check(&fixed).is_empty(), "{fixed}");
        let is_guess = ["placeholder", "unclosed", "schema/type"]
            .iter()
            .any(|part| expected.contains(part));
        assert!(!is_guess || fixed == *text, "{fixed}");
    }
}

#[test]
fn payloads_in_tool_envelopes_are_checked() {
    let record = "{\"qualification\":\"Educaton\"}";
    for (before, after) in [
        ("{\"value\": [", "], \"Count\": 1}"),
        ("{\"@odata.context\": \"x\", \"value\": [", "]}"),
        ("{\"d\": {\"results\": [", "]}}"),
        ("[{\"json\": ", "}]"),
        ("[{\"json\": {\"headers\": {}, \"body\": ", "}}]"),
        ("{\"data\": [{\"type\": \"x\", \"attributes\": ", "}]}"),
        ("{\"data\": {\"id\": \"1\", \"attributes\": ", "}}"),
        ("{\"level\": \"info\", \"body\": ", "}"),
    ] {
        let text = format!("{before}{record}{after}");
        assert_eq!(summary(&text), ["schema/enum \"Educaton\""], "{text}");
        let pointer = &check(&text)[0].pointer;
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            value.pointer(pointer).unwrap(),
            "Educaton",
            "{text}: {pointer}"
        );
    }
    // An envelope without a known payload gives one finding about the envelope.
    assert_eq!(
        summary("{\"value\": [{\"a\": 1}], \"Count\": 1}"),
        ["payload/unknown-kind {"]
    );
}

/// Texts with two payloads, or with a payload that is damaged or partly commented out, and all values of the payloads.
const PRECIOUS: &[(&str, &[&str])] = &[
    (
        "{\\\"customerId\\\":\\\"71\\\",\\\"type\\\":\\\"cancellation\\\"}\n{\"customerId\":\"72\",\"type\":\"cancellation\"}",
        &["71", "72"],
    ),
    (
        "{\"customerId\":\"72\",\"type\":\"cancellation\"}\neyJxdWFsaWZpY2F0aW9uIjoiRWR1Y2F0b24ifQ==",
        &["72", "eyJxdWFs"],
    ),
    (
        "{\"customerId\":\"72\",\"type\":\"cancellation\"}\n%7B%22qualification%22%3A%22None%22%7D",
        &["72", "None"],
    ),
    (
        "{\n  customerId\": \"72\",\n  \"type\": \"cancellation\"\n}",
        &["72", "cancellation"],
    ),
    (
        "> {”type”: }”cancellation”, ”subscriptionId”: ”73”}\n",
        &["cancellation", "73"],
    ),
    (
        "{”customerId”: //”72”, ”type”: ”cancellation”}",
        &["72", "cancellation"],
    ),
    (
        "{\"customerId\": //\"72\", \"type\": \"cancellation\",\n\"subscriptionId\":\"73\"}",
        &["72", "73"],
    ),
    (
        "{\"customerId\":\"72\",\"type\":\"change\"} // {\"customerId\":\"74\",\"type\":\"change\"}",
        &["72", "74"],
    ),
    (
        "INFO a {\"customerId\":\"72\",\"type\":\"change\"}\nINFO b {\"customerId\":\"74\",\"type\":\"change\"}\n",
        &["72", "74"],
    ),
    (
        "const o = {\"customerId\": \"72\"}, \"subscriptionId\": \"73\"};",
        &["72", "73"],
    ),
    (
        "\"customerId\": \"72\", \"type\": \"change\"",
        &["72", "change"],
    ),
];

#[test]
fn no_fix_loses_a_part_of_a_payload() {
    for (text, values) in PRECIOUS {
        for limit in [Safety::Safe, Safety::Unsafe] {
            let fixed = fixed(text, limit);
            for value in *values {
                assert!(fixed.contains(value), "{text}\n{limit:?}: {fixed}");
            }
        }
    }
}

/// An order of which the body alone is read as a response, because it has an ID: then nothing is missing in it.
const POSTED: &str = "POST /orders HTTP/1.1\nContent-Type: application/json\n\n{ \"id\": \"31\", \"customerId\": \"72\", \
                      \"type\": \"cancellation\" }\n";

#[test]
fn what_the_text_around_a_payload_says_outlives_its_removal() {
    let expected = [
        "json/leading-text",
        "order/read-only-member",
        "order/subscription-missing",
    ];
    let rules = |text: &str| {
        let mut rules: Vec<&str> = check(text).iter().map(|finding| finding.rule).collect();
        rules.sort_unstable();
        rules
    };
    assert_eq!(rules(POSTED), expected);
    // The body alone would be read differently, so that no safe fix removes what is around it.
    assert_eq!(fixed(POSTED, Safety::Safe), POSTED);
    let folder = support::folder_with(&[("order.txt", POSTED)]);
    let file = support::path_in(&folder, "order.txt");
    let arguments = ["--fix=unsafe", "--format", "concise", &file];
    let outcome = support::check(&arguments, "");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with('{'), "{text}");
    assert!(
        outcome.out.contains("order/subscription-missing"),
        "{}",
        outcome.out
    );
    // A person sees what was taken away.
    let has_diff = outcome.errors.contains("-POST /orders HTTP/1.1");
    assert!(has_diff, "{}", outcome.errors);
    assert_eq!(
        (outcome.code, outcome.errors.contains("2 fixed")),
        (1, true),
        "{}",
        outcome.errors
    );
}

#[test]
fn safe_fixes_of_pasted_texts_change_no_other_findings() {
    let engine = engine();
    let wrapped = wrappings::WRAPPINGS
        .iter()
        .map(|(_, before, after)| format!("{before}{{'qualification': 'Educaton', }}{after}"));
    let encoded = ENCODED.iter().map(|(_, text)| (*text).to_owned());
    let dialects = DIALECTS.iter().map(|(text, _)| (*text).to_owned());
    let precious = PRECIOUS.iter().map(|(text, _)| (*text).to_owned());
    for text in wrapped.chain(encoded).chain(dialects).chain(precious) {
        let violation = fix_invariant::violation(&engine, &text);
        assert!(violation.is_none(), "{}", violation.unwrap_or_default());
    }
}

#[test]
fn every_payload_in_a_wrapping_is_checked() {
    let text = "INFO a {\"qualification\":\"Educaton\"}\nINFO b {\"qualification\":\"Nonne\"} x\n";
    let expected = [
        "json/leading-text INFO a",
        "schema/enum \"Educaton\"",
        "schema/enum \"Nonne\"",
    ];
    assert_eq!(summary(text), expected);
}

#[test]
fn placeholders_are_reported_once_and_names_never() {
    for text in placeholders::PLACEHOLDERS {
        let rules: Vec<&str> = findings_about_company(text)
            .iter()
            .map(|finding| finding.rule)
            .collect();
        assert_eq!(rules, ["payload/placeholder"], "{text}");
    }
    for text in placeholders::REAL_NAMES {
        let findings = findings_about_company(text);
        let is_placeholder = |finding: &Finding| finding.rule == "payload/placeholder";
        assert!(!findings.iter().any(is_placeholder), "{text}: {findings:?}");
    }
}

#[test]
fn a_placeholder_without_quotes_is_the_only_finding() {
    for placeholder in [
        "{{{ tenant }}}",
        "${{ inputs.tenant }}",
        "{% tenant %}",
        "{{ tenant }}",
        "<%= tenant %>",
        "#{tenant}",
        "${tenant}",
        "$(tenant)",
    ] {
        for text in [
            format!(r#"{{"qualification": {placeholder}}}"#),
            format!(
                "{{\n  \"qualification\": {placeholder},\n  \"vettingStatus\": \"Approved\"\n}}"
            ),
        ] {
            let expected = [format!("payload/placeholder {placeholder}")];
            assert_eq!(summary(&text), expected, "{text}");
        }
    }
}

#[test]
fn undecoded_escapes_in_a_name_are_reported_once() {
    for text in [
        "Smith &amp; Sons",
        "M&uuml;hlen Kontor",
        "&ldquo;Kestrel&rdquo; Bindery",
        "Stra&szlig;enbau Nord",
        "Kestrel%20Bindery",
        "Caf%C3%A9 Nord",
        "Kestrel<br>Bindery",
        "Kestrel\\nBindery",
    ] {
        let rules: Vec<&str> = findings_about_company(text)
            .iter()
            .map(|finding| finding.rule)
            .collect();
        assert_eq!(rules, ["payload/placeholder"], "{text}");
    }
}

#[test]
fn words_for_no_value_are_placeholders_in_ids() {
    for word in ["null", "None", "undefined", "NaN", "nil"] {
        let text = format!(
            "{{\"customerId\":\"{word}\",\"type\":\"cancellation\",\"subscriptionId\":\"2\"}}"
        );
        assert_eq!(
            summary(&text),
            [format!("payload/placeholder \"{word}\"")],
            "{word}"
        );
    }
}

#[test]
fn the_payload_is_found_in_every_wrapping_and_the_wrapping_is_named_once() {
    let mut failures = Vec::new();
    for (name, before, after) in wrappings::WRAPPINGS {
        for payload in PAYLOADS {
            let text = format!("{before}{payload}{after}");
            let document = Document::parse(&text);
            let found = document.wrapping().map(|wrapping| wrapping.kind.name());
            let root = document.roots().next().map(|root| root.source().to_owned());
            let about_wrapping = summary(&text)
                .iter()
                .filter(|finding| finding.starts_with("json/"))
                .count();
            if found != Some(name) || root.as_deref() != Some(payload) || about_wrapping != 1 {
                failures.push(format!(
                    "{name}: {text}\n  found {found:?}, root {root:?}, {:?}",
                    summary(&text)
                ));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        2 * wrappings::WRAPPINGS.len(),
        failures.join("\n\n")
    );
}

#[test]
fn base64_on_several_lines_is_one_payload_or_several_and_none_is_lost() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/valid/order/new-tenant-minimal.json"
    );
    let order = fs::read_to_string(path).unwrap();
    let encoded = STANDARD.encode(&order);
    for width in [60, 64, 76] {
        let lines: Vec<&str> = (0..encoded.len())
            .step_by(width)
            .map(|start| &encoded[start..encoded.len().min(start + width)])
            .collect();
        for separator in ["\n", "\r\n"] {
            let text = lines.join(separator);
            let rules: Vec<&str> = check(&text).iter().map(|finding| finding.rule).collect();
            assert_eq!(rules, ["json/encoded-text"], "{width}");
            assert_eq!(fixed(&text, Safety::Unsafe).trim_end(), order.trim_end());
        }
    }
    let lines = [
        r#"{"qualification":"StateOwnedEntity"}"#,
        r#"{"qualification":"Educaton"}"#,
    ];
    let text = lines.map(|line| STANDARD.encode(line)).join("\n");
    let found = check(&text);
    assert!(
        found.iter().any(|finding| finding.rule == "schema/enum"),
        "{found:?}"
    );
    let decoded = fixed(&text, Safety::Unsafe);
    assert!(
        decoded.contains("StateOwnedEntity") && decoded.contains("Educat"),
        "{decoded}"
    );
}

#[test]
fn what_may_be_a_value_or_belong_to_a_quote_is_never_fixed_safely() {
    for text in [
        "{ \"customerId\": #N/A,\n  \"type\": \"change\" }",
        "{ \"customerId\": //cid\n, \"type\": \"change\", \"subscriptionId\": \"3\" }",
        "{ « customerId »: « 1000420603 », « type »: « change », « subscriptionId »: « 1003114 » }",
        "{\"customerId\":\"1\",\"type\":\"change\",\"pro\nducts\":[{\"quantity\":-1}]}",
        "{\"customerId\":$cid,\"type\":\"cancellation\",\"subscriptionId\":\"3\"}",
        "{\"customerId\":TODO,\"type\":\"cancellation\",\"subscriptionId\":\"3\"}",
        "{\"customerId\":process.env.CID,\"type\":\"cancellation\",\"subscriptionId\":\"3\"}",
        "{\"customerId\":order.customerId,\"type\":\"cancellation\",\"subscriptionId\":\"3\"}",
        "{\"customerId\":1000420603n,\"type\":\"cancellation\",\"subscriptionId\":\"3\"}",
    ] {
        assert_ne!(check(text), [], "{text}");
        assert_eq!(fixed(text, Safety::Safe), text);
    }
    // Words, addresses and domains are what they are.
    for (text, expected) in [
        ("{\"type\": sales}", "{\"type\": \"sales\"}"),
        ("{\"email\": john@doe.com}", "{\"email\": \"john@doe.com\"}"),
        (
            "{\"domain\": doe.onmicrosoft.com}",
            "{\"domain\": \"doe.onmicrosoft.com\"}",
        ),
        ("{\"a\": // a note\n 5}", "{\"a\":\n 5}"),
    ] {
        assert_eq!(fixed(text, Safety::Safe), expected);
    }
}
