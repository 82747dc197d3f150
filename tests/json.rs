//! The JSON parser: strict on valid text, with recovery from syntax errors.

#[path = "support/value_of.rs"]
mod value_of;

use countersign::document::{Document, HttpDirection};
use countersign::json::{self, Node, SyntaxErrorKind};
use countersign::names;
use proptest::prelude::*;
use serde_json::Value;
use value_of::value_of;

/// Each finding as its rule and its source, sorted by span.
fn findings(text: &str) -> Vec<String> {
    let document = Document::parse(text);
    let mut findings = document.syntax_findings();
    findings.sort_by_key(|finding| (finding.span, finding.rule));
    findings
        .iter()
        .map(|finding| {
            format!(
                "{} {}",
                finding.rule.trim_start_matches("json/"),
                finding.span.of(text)
            )
        })
        .collect()
}

fn recovered(text: &str) -> String {
    let document = Document::parse(text);
    document
        .roots()
        .map(value_of)
        .map(|value| value.to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text with all safe fixes applied, and unsafe ones too `with_unsafe`, until there are none left.
fn fixed(text: &str, with_unsafe: bool) -> String {
    let mut text = text.to_owned();
    for _ in 0..20 {
        let mut findings = Document::parse(&text).syntax_findings();
        findings.sort_by_key(|finding| (finding.span, finding.rule));
        let mut edits: Vec<countersign::finding::Edit> = Vec::new();
        for fix in findings.into_iter().filter_map(|finding| finding.fix) {
            let is_selected = with_unsafe || fix.safety == countersign::finding::Safety::Safe;
            let overlaps = fix.edits.iter().any(|new| {
                edits.iter().any(|old| {
                    new.span.start < old.span.end && old.span.start < new.span.end
                        || new.span == old.span
                })
            });
            if is_selected && !overlaps {
                edits.extend(fix.edits);
            }
        }
        if edits.is_empty() {
            break;
        }
        edits.sort_by_key(|edit| std::cmp::Reverse((edit.span.start, edit.span.end)));
        for edit in edits {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
    }
    text
}

/// A text, its findings, its values, and the text with all safe fixes (`=` if there are none).
type Case = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
);

const CASES: &[Case] = &[
    ("[1,]", &["trailing-comma ,"], "[1]", "[1]"),
    (
        "{\"a\":1, }",
        &["trailing-comma ,"],
        "{\"a\":1}",
        "{\"a\":1 }",
    ),
    ("[1 // UTC\n]", &["comment // UTC"], "[1]", "[1\n]"),
    (
        "[1/* a */,2 # b\n]",
        &["comment /* a */", "comment # b"],
        "[1,2]",
        "[1 ,2\n]",
    ),
    (
        "{\"a\":https://x.org/a}",
        &["unquoted-string https://x.org/a"],
        "{\"a\":\"https://x.org/a\"}",
        "=",
    ),
    (
        "{\"a\":1 \"b\":2}",
        &["missing-separator \"b\""],
        "{\"a\":1,\"b\":2}",
        "{\"a\":1, \"b\":2}",
    ),
    (
        "{\"a\" 1}",
        &["missing-separator 1"],
        "{\"a\":1}",
        "{\"a\": 1}",
    ),
    (
        "[1 2 3]",
        &["missing-separator 2", "missing-separator 3"],
        "[1,2,3]",
        "[1, 2, 3]",
    ),
    ("[{} {}]", &["missing-separator {"], "[{},{}]", "[{}, {}]"),
    (
        "{\"a\": john@doe.com}",
        &["unquoted-string john@doe.com"],
        "{\"a\":\"john@doe.com\"}",
        "{\"a\": \"john@doe.com\"}",
    ),
    (
        "{\"a\": 1759 Wehrle Dr, \"b\": (716) 6}",
        &["unquoted-string 1759 Wehrle Dr", "unquoted-string (716) 6"],
        "{\"a\":\"1759 Wehrle Dr\",\"b\":\"(716) 6\"}",
        "=",
    ),
    (
        "{\"a\": 04-09-2022, \"b\": 2022-04-09}",
        &["unquoted-string 04-09-2022", "unquoted-string 2022-04-09"],
        "{\"a\":\"04-09-2022\",\"b\":\"2022-04-09\"}",
        "{\"a\": \"04-09-2022\", \"b\": \"2022-04-09\"}",
    ),
    ("{a: 1}", &["unquoted-string a"], "{\"a\":1}", "{\"a\": 1}"),
    (
        "{'a': 'it\\'s \"x\"'}",
        &["foreign-quotes 'a'"],
        "{\"a\":\"it's \\\"x\\\"\"}",
        "{\"a\": \"it's \\\"x\\\"\"}",
    ),
    (
        "{“a”: „b“, \"c\": \"d”}",
        &["foreign-quotes “a”"],
        "{\"a\":\"b\",\"c\":\"d\"}",
        "{\"a\": \"b\", \"c\": \"d\"}",
    ),
    (
        "{'a': 'it's'}",
        &["foreign-quotes 'a'"],
        "{\"a\":\"it's\"}",
        "{\"a\": \"it's\"}",
    ),
    (
        "[True, FALSE, Null]",
        &["foreign-literal True"],
        "[true,false,null]",
        "[true, false, null]",
    ),
    (
        "[None, undefined, NaN, -Infinity]",
        &[
            "foreign-literal None",
            "foreign-literal undefined",
            "foreign-literal NaN",
            "foreign-literal -Infinity",
        ],
        "[null,null,null,null]",
        "=",
    ),
    (
        "[+1, .5, 1., -.5e3]",
        &[
            "foreign-literal +1",
            "foreign-literal .5",
            "foreign-literal 1.",
            "foreign-literal -.5e3",
        ],
        "[\"+1\",\".5\",\"1.\",\"-.5e3\"]",
        "[1, 0.5, 1, -0.5e3]",
    ),
    (
        "[007, 0x1F, 00]",
        &[
            "foreign-literal 007",
            "foreign-literal 0x1F",
            "foreign-literal 00",
        ],
        "[\"007\",null,\"00\"]",
        "=",
    ),
    (
        "{\"a\":1_000}",
        &["unexpected-token _"],
        "{\"a\":null}",
        "=",
    ),
    ("{\"a\":1,5}", &["unexpected-token ,"], "{\"a\":1}", "="),
    (
        "{\"a\":\"x\ty\"}",
        &["illegal-escape \t"],
        "{\"a\":\"x\\ty\"}",
        "{\"a\":\"x\\ty\"}",
    ),
    (
        "[\"\\x\", \"\\uD800\", \"\\u12\"]",
        &[
            "illegal-escape \\x",
            "illegal-escape \\uD800",
            "illegal-escape \\u",
        ],
        "[\"x\",\"\u{FFFD}\",\"u12\"]",
        "=",
    ),
    (
        "{\"a\": \"x\ny z\", \"b\": 1}",
        &["illegal-escape \n"],
        "{\"a\":\"x\\ny z\",\"b\":1}",
        "{\"a\": \"x\\ny z\", \"b\": 1}",
    ),
    (
        "{\"a\": \"x,\n \"b\": 1}",
        &["unclosed \""],
        "{\"a\":\"x\",\"b\":1}",
        "=",
    ),
    ("{\"a\": \"x}", &["unclosed \""], "{\"a\":\"x\"}", "="),
    ("{\"a\":1", &["unclosed 1"], "{\"a\":1}", "="),
    (
        "{\"a\":1},",
        &["trailing-comma ,"],
        "{\"a\":1}",
        "{\"a\":1}",
    ),
    ("// only this", &["comment // only this"], "", "="),
    ("/* one */ # two", &["comment /* one */ # two"], "", "="),
    (
        "{\"a\":[1,{\"b\":2",
        &["unclosed 2"],
        "{\"a\":[1,{\"b\":2}]}",
        "=",
    ),
    ("{\"a\":[1,2}", &["unclosed ["], "{\"a\":[1,2]}", "="),
    ("[1,2}", &["unclosed ["], "[1,2]", "="),
    ("{\"a\":[1,2}}", &["unclosed ["], "{\"a\":[1,2]}", "="),
    ("{\"a\":1}}", &["unexpected-token }"], "{\"a\":1}", "="),
    ("{\"a\":}", &["unexpected-token }"], "{\"a\":null}", "="),
    (
        "{\"a\":,\"b\":2}",
        &["unexpected-token ,"],
        "{\"a\":null,\"b\":2}",
        "=",
    ),
    ("[1,,2]", &["unexpected-token ,"], "[1,2]", "="),
    ("{,\"a\":1}", &["unexpected-token ,"], "{\"a\":1}", "="),
    (
        "{\"a\", \"b\":1}",
        &["unexpected-token ,"],
        "{\"a\":null,\"b\":1}",
        "=",
    ),
    (
        "{\"a\"=1, \"b\"=>2}",
        &["unexpected-token =", "foreign-punctuation =>"],
        "{\"a\":1,\"b\":2}",
        "=",
    ),
    (
        "{\"a\"=>1, \"b\"=>(2,3)， \"c\"：｛｝}",
        &["foreign-punctuation =>"],
        "{\"a\":1,\"b\":[2,3],\"c\":{}}",
        "{\"a\":1, \"b\":[2,3], \"c\":{}}",
    ),
    (
        "{u'a': u'x', \"b\": u\"y\"}",
        &["foreign-quotes u'a'"],
        "{\"a\":\"x\",\"b\":\"y\"}",
        "{\"a\": \"x\", \"b\": \"y\"}",
    ),
    (
        "[ISODate(\"2026-01-31\"), new Date(0), a.b(1, 2)]",
        &[
            "foreign-literal ISODate(\"2026-01-31\")",
            "foreign-literal new Date(0)",
            "foreign-literal a.b(1, 2)",
        ],
        "[null,null,null]",
        "=",
    ),
    (
        "[{\"a\": {{b}}, \"c\": ${d}, \"e\": <<f>>, \"g\": %h%, ...}, ...]",
        &[
            "payload/placeholder {{b}}",
            "payload/placeholder ${d}",
            "payload/placeholder <<f>>",
            "payload/placeholder %h%",
            "payload/placeholder ...",
            "payload/placeholder ...",
        ],
        "[{\"a\":null,\"c\":null,\"e\":null,\"g\":null}]",
        "=",
    ),
    (
        "\"a\": 1, \"b\": [2]",
        &["unexpected-token \"a\": 1, \"b\": [2]"],
        "{\"a\":1,\"b\":[2]}",
        "=",
    ),
    (
        "\"a\": {\"b\": 2} }",
        &["unexpected-token \"a\": {\"b\": 2} }"],
        "{\"a\":{\"b\":2}}",
        "=",
    ),
    (
        "{\"a\": \"John \"Doe\" Smith\", \"b\": 1}",
        &["illegal-escape \""],
        "{\"a\":\"John \\\"Doe\\\" Smith\",\"b\":1}",
        "=",
    ),
    (
        "{\"a\":1,{\"b\":2},\"c\":3}",
        &["unexpected-token {"],
        "{\"a\":1,\"c\":3}",
        "=",
    ),
    ("", &["unexpected-token "], "", "="),
    (" \n", &["unexpected-token "], "", "="),
    ("hello world", &["unexpected-token d"], "", "="),
    ("True", &["foreign-literal True"], "true", "true"),
    ("\u{FEFF}{}", &[], "{}", "="),
    (
        "{\u{A0}\"a\":\u{200B}1\u{A0}\u{A0}}",
        &["invisible-character \u{A0}"],
        "{\"a\":1}",
        "{ \"a\": 1  }",
    ),
    (
        "{\"a\":1,\"a\":2}",
        &["duplicate-key \"a\""],
        "{\"a\":2}",
        "=",
    ),
    (
        "{\"a\":[1,{\"b\":2}],\"\\u0061\":[1,{\"b\":2}],\"a\":3}",
        &["duplicate-key \"\\u0061\"", "duplicate-key \"a\""],
        "{\"a\":3}",
        "{\"\\u0061\":[1,{\"b\":2}],\"a\":3}",
    ),
    (
        "application/json={}",
        &["leading-text application/json="],
        "{}",
        "{}",
    ),
    ("order = [1]", &["leading-text order ="], "[1]", "[1]"),
    ("Body: {\"a\":1}", &["leading-text Body:"], "{\"a\":1}", "="),
    (
        "POST {customer_id}/qualifications\n[{}]",
        &["leading-text POST {customer_id}/qualifications"],
        "[{}]",
        "[{}]",
    ),
    (
        "// SOE\nHTTP/1.1 200 OK\nMS-RequestId: {1}\n\n{} // end",
        &["leading-text // SOE\nHTTP/1.1 200 OK\nMS-RequestId: {1}"],
        "{}",
        "{}",
    ),
    ("# one\n{}", &["comment # one"], "{}", "\n{}"),
    ("GET /x HTTP/1.1\nHost: a", &["unexpected-token a"], "", "="),
    (
        "{} Last updated",
        &["trailing-text Last updated"],
        "{}",
        "=",
    ),
    ("{} // more\n", &["comment // more"], "{}", "{}\n"),
    (
        "{} {\"a\":1} []",
        &["several-values {\"a\":1}"],
        "{} {\"a\":1} []",
        "=",
    ),
    ("{},\n{}", &["several-values {}"], "{} {}", "="),
];

#[test]
fn each_mistake_gives_one_finding_and_the_text_is_parsed() {
    for (text, expected, value, expected_fix) in CASES {
        assert_eq!(findings(text), *expected, "{text}");
        assert_eq!(recovered(text), *value, "{text}");
        if *expected_fix != "=" {
            assert_eq!(fixed(text, false), *expected_fix, "{text}");
            assert!(
                findings(expected_fix)
                    .iter()
                    .all(|left| left.starts_with("duplicate")),
                "{text}"
            );
        }
    }
}

#[test]
fn safe_fixes_keep_the_values() {
    for (text, ..) in CASES {
        let result = fixed(text, false);
        let loose =
            |value: String| value.replace("\"+1\",\".5\",\"1.\",\"-.5e3\"", "1,0.5,1,-500.0");
        assert_eq!(
            recovered(&result),
            loose(recovered(text)),
            "{text} became {result}"
        );
        assert_eq!(
            fixed(&result, false),
            result,
            "a second run changes nothing"
        );
    }
}

#[test]
fn a_string_is_read_without_its_prefix_and_quotes_of_any_length() {
    for prefix in ["", "u", "b", "r"] {
        for (opening, closing) in [
            ("'", "'"),
            ("\u{AB}", "\u{BB}"),
            ("\u{201C}", "\u{201D}"),
            ("\u{2018}", "\u{2019}"),
        ] {
            let text = format!("[{prefix}{opening}Lena{closing}]");
            let document = Document::parse(&text);
            let element = document.roots().next().unwrap().elements().next().unwrap();
            assert_eq!(element.as_text().as_deref(), Some("Lena"), "{text}");
            assert_eq!(element.content_span().of(&text), "Lena", "{text}");
            assert_eq!(fixed(&text, true), "[\"Lena\"]", "{text}");
        }
    }
}

#[test]
fn recognizes_name_value_pairs() {
    let pair_in = |text: &str| {
        let list = format!("[{text}, true]");
        let document = Document::parse(&list);
        let mut elements = document.roots().next().unwrap().elements();
        let element = elements.clone().next().unwrap();
        let pair = elements.next_name_value_pair();
        assert_eq!(element.is_name_value_pair(), pair.is_some(), "{text}");
        // Any other element stays the next one.
        assert_eq!(elements.count(), 2 - usize::from(pair.is_some()), "{text}");
        let (node, name, value) = pair?;
        assert_eq!(node, element);
        let value = value.as_text().unwrap().into_owned();
        Some((names::spelling(name).to_owned(), value))
    };
    let pair = r#"{ "name": "effective_city", "value": "Portland" }"#;
    let found = ("effective_city".to_owned(), "Portland".to_owned());
    assert_eq!(pair_in(pair), Some(found.clone()));
    assert_eq!(pair_in(&pair.replace(' ', "")), Some(found.clone()));
    // Missing quotes have a finding of their own.
    assert_eq!(
        pair_in(&pair.replace("\"Portland\"", "Portland")),
        Some(found)
    );
    for text in [
        r#"{ "name": "effective_town", "value": "Portland" }"#,
        r#"{ "name": "effective_city", "value": "" }"#,
        r#"{ "name": "effective_city", "value": "Port\u006Cand" }"#,
        r#"{ "name": "effective_city", "value": 1 }"#,
        r#"{ "value": "Portland", "name": "effective_city" }"#,
        r#"{ "name": "effective_city", "text": "Portland" }"#,
        r#"{ "name": "effective_city", "value": "Portland", "id": 1 }"#,
        r#"{ "name": "effective_city", "name": "effective_city" }"#,
        r#"{ "name": "effective_city" }"#,
        r#"["name", "effective_city", "value", "Portland"]"#,
    ] {
        assert_eq!(pair_in(text), None, "{text}");
    }
}

#[test]
fn a_text_beyond_the_depth_limit_has_one_finding_and_no_value() {
    let text = format!("[1,]{}", "[".repeat(json::DEPTH_LIMIT + 1));
    assert_eq!(findings(&text), ["unreadable ["]);
    let deepest = format!(
        "{}{}",
        "[".repeat(json::DEPTH_LIMIT),
        "]".repeat(json::DEPTH_LIMIT)
    );
    assert_eq!(findings(&deepest), [""; 0]);
    let document = Document::parse(&text);
    assert_eq!(
        document.syntax_findings()[0].span.start as usize,
        4 + json::DEPTH_LIMIT
    );
    assert_eq!(document.roots().count(), 0);
}

#[test]
fn a_million_open_brackets_take_no_time() {
    assert_eq!(findings(&"[".repeat(1_000_000)), ["unreadable ["]);
    assert_eq!(findings(&"{\"a\":".repeat(1_000_000)), ["unreadable {"]);
}

#[test]
fn reports_the_first_byte_that_is_not_utf8() {
    for (bytes, message, offset) in [
        (&b"{\"a\":\n\"\xFF\"}"[..], "byte 7 is not valid UTF-8", 7),
        (b"\xFF\xFE{\0}\0", "UTF-16", 0),
        (b"{\0}\0", "UTF-16", 0),
        (b"\0{\0}", "UTF-16", 0),
        (b"\xFF\xFE\0\0{\0\0\0", "UTF-32", 0),
    ] {
        let findings = Document::parse_bytes(bytes).syntax_findings();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].rule, "json/unreadable");
        assert!(
            findings[0].message.contains(message),
            "{}",
            findings[0].message
        );
        assert_eq!(findings[0].span.start, offset);
    }
}

#[test]
fn reports_ten_illegal_escapes_per_string_one_by_one() {
    let text = format!("[\"{}\"]", "\\q".repeat(15));
    let findings = findings(&text);
    assert_eq!(findings.len(), 11);
    assert!(
        Document::parse(&text)
            .syntax_findings()
            .iter()
            .any(|finding| finding.message.starts_with("5 more"))
    );
}

#[test]
fn a_surplus_missing_or_wrong_bracket_is_one_finding() {
    let list = |first: &str| format!("{{\"a\":[\n{first},\n{{\"b\":2}},\n{{\"c\":3}}\n],\"d\":4}}");
    let complete = recovered(&list("{\"x\":1}"));
    for (first, expected) in [
        ("{\"x\":1}}", "unexpected-token }"),
        ("{\"x\":1", "unclosed {"),
        ("{\"x\":1]", "unclosed {"),
        ("{\"x\":\"1}", "unclosed \""),
        ("\"x\":1}", "unexpected-token \"x\""),
        ("{{\"x\":1}", "unexpected-token {"),
        ("[\"x\":1]", "unexpected-token ["),
        ("[\"x\":1}", "unexpected-token ["),
    ] {
        assert_eq!(findings(&list(first)), [expected], "{first}");
        assert_eq!(
            recovered(&list(first)).replace("\"1\"", "1"),
            complete,
            "{first}"
        );
    }
    let wrong = list("{\"x\":1}").replace("],", "},");
    assert_eq!(findings(&wrong), ["unclosed ["]);
    assert_eq!(recovered(&wrong), complete);
    let wrong_opener = list("{\"x\":1}").replace("[\n", "{\n");
    for wrong in [wrong_opener.replace("],", "},"), wrong_opener] {
        assert_eq!(findings(&wrong), ["unexpected-token {"], "{wrong}");
        assert_eq!(recovered(&wrong), complete);
        assert_eq!(findings(&fixed(&wrong, true)), [""; 0]);
    }
    let without_brace = "{\"a\": \"x\":1}, \"d\":4}";
    assert_eq!(findings(without_brace), ["unexpected-token \"x\""]);
    assert_eq!(fixed(without_brace, true), "{\"a\": { \"x\":1}, \"d\":4}");
    // The same mistake in every element is reported for each.
    assert_eq!(
        findings("{\"a\":[{{\"x\":1},{{\"x\":2},{{\"x\":3}],\"b\":2}"),
        ["unexpected-token {"; 3]
    );
    // A value inside an element is not a name of the array.
    assert_eq!(findings("[{\"a\":\"b\"}: 1, 2]"), ["unexpected-token :"]);
    assert_eq!(
        findings("{\"a\": [1, /* 2], \"b\": 3}"),
        ["comment /* 2], \"b\": 3}"]
    );
    assert_eq!(findings("{\"a\":1,,}"), ["unexpected-token ,"]);
    assert_eq!(findings("{\"a\":1\"b\":2}"), ["missing-separator \"b\""]);
}

#[test]
fn errors_in_one_long_line_take_linear_time() {
    // Each would take minutes if every error searched the line to its end.
    for text in [
        format!("[{}]", "1 ".repeat(20_000)),
        format!("[{}]", "“a\" ".repeat(20_000)),
        format!("[{}]", "'a',".repeat(20_000)),
        format!("[{}]", "john@doe.com,".repeat(20_000)),
        format!("[1,{}1]", "\"a\":1,".repeat(20_000)),
        format!("[1,{}1]", "\"a\":1},".repeat(20_000)),
        format!("[{}]", "{{},".repeat(20_000)),
    ] {
        assert!(!findings(&text).is_empty());
    }
    let tabs = format!("[\"{}\"]", "\t".repeat(50));
    assert_eq!(findings(&fixed(&tabs, false)), [""; 0]);
}

#[test]
fn an_http_preamble_gives_direction_and_tenant() {
    let text =
        "POST https://api/v1/customers/2ca4ca3d-1ad1-4b6a-8f6c-6b4c4e5c8a11/qualifications\n{}";
    let document = Document::parse(text);
    let evidence = document.evidence().unwrap();
    assert_eq!(evidence.direction, Some(HttpDirection::Request));
    assert_eq!(
        evidence.tenant.as_deref().unwrap(),
        "2ca4ca3d-1ad1-4b6a-8f6c-6b4c4e5c8a11"
    );
}

#[test]
fn pointers_resolve_to_the_value_and_back() {
    let text = r#"{"a/b":[{"c~d":1},{"e":[true]}]}"#;
    let document = Document::parse(text);
    let root = document.roots().next().unwrap();
    for (pointer, source) in [
        ("/a~1b/0/c~0d", "1"),
        ("/a~1b/1/e/0", "true"),
        ("/a~1b/1/e", "[true]"),
        ("", text),
    ] {
        let node = json::resolve(root, pointer).unwrap();
        assert_eq!(node.source(), source);
        assert_eq!(json::pointer_to(root, node.span()), pointer);
    }
    let name = root
        .get("a/b")
        .unwrap()
        .elements()
        .nth(1)
        .unwrap()
        .members()
        .next()
        .unwrap()
        .name;
    assert_eq!(json::pointer_to(root, name.span()), "/a~1b/1/e");
}

fn any_value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(".{0,12}", inner, 0..30)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// A random sequence of JSON tokens and of everything that recovery handles.
fn broken_text() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"b\":",
        "'x'",
        "“y”",
        "„",
        "»",
        "1",
        "-",
        "+2",
        ".5",
        "007",
        "0x1",
        "1_0",
        "true",
        "True",
        "None",
        "null",
        "NaN",
        "john@doe.com",
        "a b",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\u{A0}",
        "\u{200B}",
        "//",
        "/*",
        "*/",
        "#",
        "\\",
        "\\u12",
        "\\uD83D",
        "\\n",
        "\u{1}",
        "\u{FEFF}",
        "POST /x\n",
        "HTTP/1.1 200\n",
        "a/b=",
        "x =",
        ";",
        "=",
        "ä",
        "😀",
        "\u{2028}",
    ]);
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

fn assert_spans_are_inside(text: &str) {
    let document = Document::parse(text);
    let inside = |span: countersign::span::Span| {
        span.start <= span.end
            && text.is_char_boundary(span.start as usize)
            && text.is_char_boundary(span.end as usize)
    };
    for finding in document.syntax_findings() {
        assert!(inside(finding.span), "{finding:?} in {text:?}");
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(inside(edit.span), "{finding:?} in {text:?}");
        }
    }
    let mut pending: Vec<Node<'_>> = document.roots().collect();
    while let Some(node) = pending.pop() {
        assert!(
            inside(node.span()) && inside(node.content_span()),
            "{:?} in {text:?}",
            node.span()
        );
        pending.extend(node.elements());
        pending.extend(
            node.members()
                .flat_map(|member| [member.name, member.value]),
        );
        assert_eq!(
            node.child_count(),
            node.members().count() + node.elements().count()
        );
    }
    assert_eq!(
        document.syntax_findings().is_empty(),
        is_json(text),
        "{text:?}"
    );
}

/// Whether `serde_json` accepts the text, without its byte order mark, and no object has duplicate names.
fn is_json(text: &str) -> bool {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let is_one =
        matches!(stream.next(), Some(Ok(_))) && serde_json::from_str::<Value>(text).is_ok();
    is_one
        && !Document::parse(text)
            .syntax_errors()
            .iter()
            .any(|error| matches!(error.kind, SyntaxErrorKind::DuplicateKey { .. }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn the_tape_agrees_with_serde_json_on_valid_texts(value in any_value(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let document = Document::parse(&text);
        prop_assert_eq!(document.syntax_findings(), vec![]);
        let roots: Vec<Value> = document.roots().map(value_of).collect();
        prop_assert_eq!(roots, vec![serde_json::from_str::<Value>(&text).unwrap()]);
    }

    #[test]
    fn parses_any_text(text in ".{0,60}") {
        assert_spans_are_inside(&text);
    }

    #[test]
    fn parses_any_broken_json(text in broken_text()) {
        assert_spans_are_inside(&text);
    }

    #[test]
    fn parses_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let document = Document::parse_bytes(&bytes);
        for finding in document.syntax_findings() {
            prop_assert!(document.text().get(finding.span.start as usize..finding.span.end as usize).is_some());
        }
    }

    #[test]
    fn parses_numbers_of_any_length(number in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?") {
        let text = format!("[{number}]");
        let document = Document::parse(&text);
        prop_assert_eq!(document.syntax_findings(), vec![]);
        let node = document.roots().next().unwrap().elements().next().unwrap();
        prop_assert_eq!(node.as_number().unwrap().as_str(), number);
    }
}

/// Where the fix of a syntax error is a guess, it is not safe.
#[test]
fn a_guess_is_no_safe_fix() {
    use countersign::engine::Engine;
    use countersign::finding::Safety;
    for (text, is_safe) in [
        (r#"{"customerId" "1"}"#, true),
        (r#"{"customerId" {"a":1}}"#, true),
        (r#"{"customerId" true}"#, true),
        // A quote is missing, not a colon.
        (r#"{"customerId: { "type": "year" }}"#, false),
        (r#"{"type": "sales", "products": [("a", "b")]}"#, true),
        // One bracket by itself is a stray character.
        (r#"{"type": "sales", "products": [(  {"mpn": "b"}]}"#, false),
    ] {
        let engine = Engine::new(countersign::config::Config::default());
        let findings = engine
            .check(&countersign::document::Document::parse(text))
            .findings;
        let syntax = findings
            .iter()
            .filter(|finding| finding.rule.starts_with("json/"));
        let fixes: Vec<Safety> = syntax
            .filter_map(|finding| Some(finding.fix.as_ref()?.safety))
            .collect();
        assert_eq!(
            fixes.contains(&Safety::Safe),
            is_safe,
            "{text}: {findings:#?}"
        );
    }
}

#[test]
fn brackets_and_quotes_of_several_bytes_are_closed_like_others() {
    for (text, expected, fix) in [
        ("[{“\n]", "unclosed {", "[{“\": null}\n]"),
        ("｛\"a\": 1", "unclosed 1", "｛\"a\": 1}"),
        (
            "{\"a\": [｛\"b\": 1]}",
            "unclosed ｛",
            "{\"a\": [｛\"b\": 1}]}",
        ),
        ("{\"a\": ［1}", "unclosed ［", "{\"a\": ［1]}"),
    ] {
        assert!(findings(text).contains(&expected.to_owned()), "{text}");
        let closed = Document::parse(text)
            .syntax_findings()
            .into_iter()
            .find(|finding| finding.rule == "json/unclosed");
        let edits = closed.and_then(|finding| finding.fix).expect("a fix").edits;
        let mut result = text.to_owned();
        for edit in edits.iter().rev() {
            let range = edit.span.start as usize..edit.span.end as usize;
            result.replace_range(range, &edit.text);
        }
        assert_eq!(result, fix);
    }
}

#[test]
fn a_string_without_its_opening_quote_has_no_quote_in_it() {
    use countersign::document::Document;
    for (text, fixed) in [
        (r#"{"name": Marcus"}"#, r#"{"name": "Marcus"}"#),
        (
            r#"{"name": Marcus Lee", "a": 1}"#,
            r#"{"name": "Marcus Lee", "a": 1}"#,
        ),
        (r#"["x", y"]"#, r#"["x", "y"]"#),
    ] {
        let findings = Document::parse(text).syntax_findings();
        let fix = findings
            .iter()
            .find_map(|finding| finding.fix.as_ref())
            .expect("a fix");
        let mut result = text.to_owned();
        for edit in fix.edits.iter().rev() {
            result.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        assert_eq!(result, fixed);
    }
}
