//! Completion: what is offered where, and that no completion leads into a finding.

use serde_json::{Value, json};

use crate::session::Session;

/// Returns the text without the `|` that marks the cursor, and the items of the completion there.
fn completion_items(session: &mut Session, text: &str) -> (String, Vec<Value>) {
    session.next_id += 1;
    let uri = format!("file:///a/{}.json", session.next_id);
    let cursor = text.find('|').expect("a cursor");
    let (before, after) = (&text[..cursor], &text[cursor + 1..]);
    let text = format!("{before}{after}");
    session.open(&uri, &text);
    let line = before.matches('\n').count();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let character = before[line_start..].encode_utf16().count();
    let params = json!({
        "textDocument": { "uri": uri },
        "position": { "line": line, "character": character },
    });
    let items = session.request("textDocument/completion", params).unwrap();
    (text, items.as_array().unwrap().clone())
}

/// Returns the labels of the completions at the `|` of a text, each with the text after accepting it.
pub(crate) fn completions(session: &mut Session, text: &str) -> Vec<(String, String)> {
    let (text, items) = completion_items(session, text);
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let offset = |position: &Value| {
        let start = starts[position["line"].as_u64().unwrap() as usize];
        let mut units = position["character"].as_u64().unwrap() as usize;
        let in_line = text[start..].char_indices().find(|(_, c)| {
            let is_there = units == 0;
            units = units.saturating_sub(c.len_utf16());
            is_there
        });
        in_line.map_or(text.len(), |(at, _)| start + at)
    };
    let accept = |item: &Value| {
        let edit = &item["textEdit"];
        let (start, end) = (
            offset(&edit["range"]["start"]),
            offset(&edit["range"]["end"]),
        );
        let inserted = edit["newText"].as_str().unwrap();
        let label = item["label"].as_str().unwrap().to_owned();
        (
            label,
            format!("{}{inserted}{}", &text[..start], &text[end..]),
        )
    };
    items.iter().map(accept).collect()
}

/// An order with a line, whose parameters replace the `@`.
const ORDER_WITH_PARAMETERS: &str = r#"{ "customerId": "1", "type": "sales", "products": [{ "mpn": "CFQ7TTC0LH18:0001", "parameters": [@] }] }"#;

/// The start of an order.
const ORDER_START: &str = r#"{ "customerId": "1", "type": "change", "#;

/// Asserts that each text has a completion with the label that results in the expected text.
fn assert_completions(cases: &[(String, &str, String)]) {
    let mut session = Session::start_default();
    for (text, label, expected) in cases {
        let completions = completions(&mut session, text);
        let found = completions.iter().find(|(found, _)| found == label);
        assert_eq!(
            found.map(|(_, text)| text),
            Some(expected),
            "{text}: {completions:#?}"
        );
    }
    session.shut_down();
}

#[test]
fn completes_properties_and_values() {
    let start = ORDER_START;
    assert_completions(&[
        (
            format!("{start}| }}"),
            "products",
            format!("{start}\"products\": [$1] }}"),
        ),
        (
            format!("{start}\"prod|\n}}"),
            "products",
            format!("{start}\"products\": [$1]\n}}"),
        ),
        (
            format!("{start}\"|\": [] }}"),
            "products",
            format!("{start}\"products\": [] }}"),
        ),
        (
            format!("{start}| \"products\": [] }}"),
            "poNumber",
            format!("{start}\"poNumber\": \"$1\", \"products\": [] }}"),
        ),
        (
            format!("{start}\"subscriptionPeriod\": {{ \"type\": \"|\" }} }}"),
            "year",
            format!("{start}\"subscriptionPeriod\": {{ \"type\": \"year\" }} }}"),
        ),
        (
            format!("{start}\"autorenewal\": | }}"),
            "true",
            format!("{start}\"autorenewal\": true }}"),
        ),
    ]);
}

#[test]
fn completes_parameters() {
    let line = ORDER_WITH_PARAMETERS;
    assert_completions(&[
        (
            line.replace('@', "{ \"name\": \"cust| }"),
            "customer_email",
            line.replace('@', "{ \"name\": \"customer_email\" }"),
        ),
        (
            line.replace('@', "{ \"name\": \"cust|\n{ \"name\": \"customer_email\" }"),
            "customer_company_name",
            line.replace(
                '@',
                "{ \"name\": \"customer_company_name\"\n{ \"name\": \"customer_email\" }",
            ),
        ),
        (
            line.replace('@', r#"{ "name": "special_qualifications", "value": "|" }"#),
            "soe",
            line.replace('@', r#"{ "name": "special_qualifications", "value": "soe" }"#),
        ),
        (
            line.replace('@', r#"{ "name": "mca_acceptance", "value": "yes" }, |"#),
            "agreement_date",
            line.replace(
                '@',
                r#"{ "name": "mca_acceptance", "value": "yes" }, { "name": "agreement_date", "value": "$1" }"#,
            ),
        ),
    ]);
}

#[test]
fn completes_templates_in_empty_documents() {
    let mut session = Session::start_default();
    for text in ["|", "{|}", "[{ | }]"] {
        let completions = completions(&mut session, text);
        let labels: Vec<&str> = completions.iter().map(|(label, _)| &**label).collect();
        assert_eq!(labels[0], "order for a new tenant", "{text}");
        assert!(
            completions[0].1.contains("\n  \"customerId\": \"$1\""),
            "{completions:?}"
        );
        assert_eq!(labels.len(), 9);
    }
    session.shut_down();
}

#[test]
fn completes_nothing_outside_payloads_and_between_tokens() {
    let mut session = Session::start_default();
    assert!(completions(&mut session, "{ \"name\": \"a\", | }").is_empty());
    let text = format!("{ORDER_START}\"a\" |: 1 }}");
    assert!(completions(&mut session, &text).is_empty());
    session.shut_down();
}

#[test]
fn completion_replaces_only_the_line_of_the_cursor() {
    let mut session = Session::start_default();
    let text = r#"{ "customerId": "1", "type": "sa|@les", "products": [] }"#.replace('@', "\n");
    let expected = text.replace("\"sa|", "\"sales\"");
    assert!(completions(&mut session, &text).contains(&("sales".into(), expected)));
    session.shut_down();
}

#[test]
fn does_not_complete_existing_properties_and_parameters() {
    let mut session = Session::start_default();
    let properties = completions(&mut session, &format!("{ORDER_START}| }}"));
    assert!(properties.iter().all(|(label, _)| label != "customerId"));
    let text = ORDER_WITH_PARAMETERS.replace(
        '@',
        r#"{ "name": "mca_acceptance", "value": "yes" }, { "name": "|" }"#,
    );
    let parameters = completions(&mut session, &text);
    assert!(parameters.len() > 15);
    assert!(
        parameters
            .iter()
            .all(|(label, _)| label != "mca_acceptance")
    );
    session.shut_down();
}

#[test]
fn completes_all_parameters_of_a_new_tenant() {
    let mut session = Session::start_default();
    let text = ORDER_WITH_PARAMETERS.replace('@', "|");
    let completions = completions(&mut session, &text);
    assert_eq!(completions[0].0, "all parameters for a new tenant");
    session.shut_down();
}

/// Returns the labels and the details of the completions at the `|` of an order with these parameters.
fn choices_of(session: &mut Session, parameters: &str) -> Vec<(String, String)> {
    let text = ORDER_WITH_PARAMETERS.replace('@', parameters);
    let (_, items) = completion_items(session, &text);
    let text_of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let items = items.iter();
    items
        .map(|item| (text_of(&item["label"]), text_of(&item["detail"])))
        .collect()
}

#[test]
fn completes_countries_with_their_names() {
    let mut session = Session::start_default();
    let text =
        ORDER_WITH_PARAMETERS.replace('@', r#"{ "name": "effective_country", "value": "|" }"#);
    let (_, items) = completion_items(&mut session, &text);
    let germany = items.iter().find(|item| item["label"] == "DE").unwrap();
    assert_eq!(germany["filterText"], "DE Germany");
    // Not even the closing quote after the cursor is replaced, because some clients leave it there.
    let range = &germany["textEdit"]["range"];
    assert_eq!(range["start"], range["end"]);
    let countries = choices_of(
        &mut session,
        r#"{ "name": "effective_country", "value": "|" }"#,
    );
    let is_offered = |code: &str, name: &str| {
        let choice = (code.to_owned(), name.to_owned());
        countries.contains(&choice)
    };
    assert!(is_offered("DE", "Germany") && is_offered("US", "United States"));
    assert!(countries.len() > 200, "{countries:?}");
    // Partner Center lists neither.
    assert!(
        !countries
            .iter()
            .any(|(code, _)| code == "CU" || code == "KP")
    );
    session.shut_down();
}

#[test]
fn completes_the_states_of_the_country_of_the_line() {
    let mut session = Session::start_default();
    let mut states = |country: &str| {
        let country = match country {
            "" => String::new(),
            code => format!(r#", {{ "name": "effective_country", "value": "{code}" }}"#),
        };
        let state = r#"{ "name": "effective_state", "value": "|" }"#;
        choices_of(&mut session, &format!("{state}{country}"))
    };
    let name_of = |states: &[(String, String)], code: &str| {
        let mut states = states.iter();
        let found = states.find(|(known, _)| known == code);
        found.map(|(_, name)| name.clone())
    };
    let (american, canadian, german) = (states("US"), states("CA"), states("DE"));
    assert_eq!(name_of(&american, "OR").as_deref(), Some("Oregon"));
    assert_eq!((american.len(), name_of(&american, "ON")), (51, None));
    assert_eq!(name_of(&canadian, "ON").as_deref(), Some("Ontario"));
    assert_eq!((canadian.len(), name_of(&canadian, "OR")), (13, None));
    assert!(german.is_empty());
    assert_eq!(states("").len(), 64, "those of both countries");
    session.shut_down();
}

#[test]
fn inserts_the_entries_that_belong_together() {
    let mut session = Session::start_default();
    let order = std::fs::read_to_string(crate::support::project(
        "fixtures/valid/order/existing-tenant-id.json",
    ));
    let order = order.unwrap();
    let end = order.rfind("\n      ]").unwrap();
    let text = format!("{}, |{}", &order[..end], &order[end..]);
    let (_, items) = completion_items(&mut session, &text);
    let agreement = items.iter().find(|item| item["label"] == "mca_acceptance");
    let agreement = agreement.expect("the acceptance is offered");
    let inserted = agreement["textEdit"]["newText"].as_str().unwrap();
    for name in [
        "mca_acceptance",
        "agreement_date",
        "first_name_agreement",
        "last_name_agreement",
        "email_address_agreement",
    ] {
        assert!(inserted.contains(&format!("\"{name}\"")), "{inserted}");
    }
    let detail = agreement["detail"].as_str().unwrap();
    assert!(detail.starts_with("with agreement_date, "), "{detail}");
    session.shut_down();
}
