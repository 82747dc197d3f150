//! The ways of reading a payload against each other: the library, a file, standard input, a line of NDJSON, an element
//! of an array, and the language server report the same findings.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fs;

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::payload::Form;
use countersign::rule::Check;
use countersign::rules::RULES;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use super::changes::{any_change, apply};
use super::session::{Session, document_params};
use super::support::{check, path_in};
use super::{fixtures, run};

/// What each way of reading must say about a finding: the rule, the span from the start of the record in bytes, and the
/// message.
type Reported = (String, usize, usize, String);

/// The text that damages a record. None of it ends a line.
const DAMAGES: [&str; 14] = [
    "", ",", "}", "]", "{", "'", "\"", "None", "“", "\u{A0}", "\\", "// x", "007", "😀",
];

fn engine() -> Engine {
    let mut config = Config::default();
    config.context.today = Some("2026-01-01".parse().expect("a date"));
    Engine::new(config)
}

/// Whether a rule is about the records of a list or a run together, so that it depends on which are read together.
fn relates_records(rule: &str) -> bool {
    let rule = RULES.iter().find(|candidate| candidate.id == rule);
    rule.is_some_and(|rule| matches!(rule.check, Check::CrossRecord(_) | Check::Document(..)))
}

/// The findings of the library about a text.
struct Checked {
    findings: Vec<Reported>,
    /// Whether the text is one record of a known kind.
    is_record: bool,
    /// Whether the record is the same in a list, which for some kinds only a response can be. The envelope of a page is
    /// not checked in a list.
    is_same_in_list: bool,
}

fn from_library(engine: &Engine, text: &str) -> Checked {
    let outcome = engine.check(&Document::parse(text));
    let findings = outcome.findings.iter().map(|finding| {
        let (start, end) = (finding.span.start as usize, finding.span.end as usize);
        (finding.rule.to_owned(), start, end, finding.message.clone())
    });
    let mut findings: Vec<Reported> = findings.collect();
    findings.sort();
    let kind = match &outcome.records[..] {
        [only] => only.kind.zip(only.form),
        _ => None,
    };
    let is_page = matches!(&outcome.records[..], [only] if !only.pointer.is_empty());
    Checked {
        findings,
        is_record: kind.is_some(),
        is_same_in_list: !is_page
            && kind.is_some_and(|(kind, form)| {
                !kind.forms().list_is_response || form == Form::Response
            }),
    }
}

/// The findings of the command line, for each of the records that start at these offsets.
fn from_command_line(argument: &str, input: &str, starts: &[usize]) -> Vec<Vec<Reported>> {
    let outcome = check(&["--no-config", "--format", "ndjson", argument], input);
    assert!(outcome.code < 2, "{}", outcome.errors);
    let mut reported = vec![Vec::new(); starts.len()];
    for line in outcome.out.lines() {
        let finding: Value = serde_json::from_str(line).expect("a finding");
        let text = |name: &str| finding[name].as_str().expect("a string").to_owned();
        let offset =
            |end: &str| finding["range"][end]["offset"].as_u64().expect("an offset") as usize;
        let (start, end) = (offset("start"), offset("end"));
        let record = starts.partition_point(|first| *first <= start).max(1) - 1;
        let base = starts[record];
        // A finding about a list is before its first record.
        let (start, end) = (start.saturating_sub(base), end.saturating_sub(base));
        reported[record].push((text("rule"), start, end, text("message")));
    }
    reported
}

/// The findings of the language server about a text of one line.
fn from_language_server(session: &mut Session, uri: &str, text: &str) -> Vec<Reported> {
    let offset = |character: &Value| {
        let mut units = character.as_u64().expect("a number") as usize;
        let mut characters = text.char_indices();
        let found = characters.find(|(_, character)| {
            let is_here = units == 0;
            units = units.saturating_sub(character.len_utf16());
            is_here
        });
        found.map_or(text.len(), |(offset, _)| offset)
    };
    let diagnostics = session.diagnostics_of(uri, text);
    session.notify("textDocument/didClose", document_params(uri));
    session.published(uri, None);
    let reported = diagnostics.iter().map(|diagnostic| {
        let (range, message) = (&diagnostic["range"], diagnostic["message"].as_str());
        let message = message.expect("a message");
        let message = message.split("\nhelp: ").next().unwrap_or_default();
        let rule = diagnostic["code"].as_str().expect("a rule");
        let (start, end) = (&range["start"]["character"], &range["end"]["character"]);
        (
            rule.to_owned(),
            offset(start),
            offset(end),
            message.to_owned(),
        )
    });
    reported.collect()
}

/// The fixtures that are one JSON object with one record of this kind.
fn records_of(kind: &str, engine: &Engine) -> Vec<Value> {
    let folders = [format!("valid/{kind}"), format!("invalid/{kind}")];
    let texts = folders.iter().flat_map(|folder| fixtures(folder));
    texts
        .filter(|text| from_library(engine, text).is_record)
        .filter_map(|text| serde_json::from_str(&text).ok())
        .filter(Value::is_object)
        .collect()
}

fn names_in(values: &[Value]) -> Vec<String> {
    fn collect(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Array(elements) => elements.iter().for_each(|value| collect(value, names)),
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                names.insert(name.clone());
                collect(value, names);
            }),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    values.iter().for_each(|value| collect(value, &mut names));
    names.into_iter().collect()
}

/// Asserts that the ways of reading one record agree, and returns what they found.
fn compare_alone(
    engine: &Engine,
    session: &RefCell<Session>,
    file: &str,
    text: &str,
) -> Result<Checked, TestCaseError> {
    let expected = from_library(engine, text);
    fs::write(file, text).expect("a file");
    for (name, argument, input) in [("file", file, ""), ("standard input", "-", text)] {
        let mut found = from_command_line(argument, input, &[0]).remove(0);
        found.sort();
        prop_assert_eq!(&found, &expected.findings, "{}: {}", name, text);
    }
    if expected.is_record {
        let uri = "file:///a/record.json";
        let mut found = from_language_server(&mut session.borrow_mut(), uri, text);
        found.sort();
        prop_assert_eq!(&found, &expected.findings, "language server: {}", text);
    }
    Ok(expected)
}

/// Asserts that the records of a list have the findings that they have alone.
fn compare_list(
    folder: &tempfile::TempDir,
    name: &str,
    (before, between, after): (&str, &str, &str),
    records: &[(String, Vec<Reported>)],
) -> Result<(), TestCaseError> {
    let mut text = before.to_owned();
    let mut starts = Vec::new();
    for (index, (record, _)) in records.iter().enumerate() {
        text.push_str(if index == 0 { "" } else { between });
        starts.push(text.len());
        text.push_str(record);
    }
    text.push_str(after);
    let path = path_in(folder, name);
    fs::write(&path, &text).expect("a file");
    for (found, (record, expected)) in from_command_line(&path, "", &starts).iter().zip(records) {
        let of_record = |findings: &[Reported]| {
            let findings = findings
                .iter()
                .filter(|finding| !relates_records(&finding.0));
            let mut findings: Vec<Reported> = findings.cloned().collect();
            findings.sort();
            findings
        };
        prop_assert_eq!(
            of_record(found),
            of_record(expected),
            "{} in {}",
            record,
            text
        );
    }
    Ok(())
}

fn ways_of_reading_agree(kind: &str, cases: u32) {
    let engine = engine();
    let fixtures = records_of(kind, &engine);
    assert!(fixtures.len() > 5, "{kind}: {}", fixtures.len());
    let names = names_in(&fixtures);
    let folder = tempfile::tempdir().expect("a folder");
    let file = path_in(&folder, "record.json");
    let session = RefCell::new(Session::start_default());
    let compared = Cell::new(0);
    let damage = prop::option::weighted(0.3, (any::<Index>(), select(DAMAGES.to_vec())));
    let record = (
        any::<Index>(),
        prop::collection::vec(any_change(), 0..4),
        damage,
    );
    run(cases, prop::collection::vec(record, 1..7), |records| {
        let (mut lines, mut elements) = (Vec::new(), Vec::new());
        for (which, changes, damage) in records {
            let mut value = which.get(&fixtures).clone();
            for change in &changes {
                apply(change, &names, &mut value);
            }
            let mut text = value.to_string();
            if let Some((at, inserted)) = damage {
                let (at, damaged) = *at.get(&text.char_indices().collect::<Vec<_>>());
                text.replace_range(at..at + damaged.len_utf8(), inserted);
            }
            let checked = compare_alone(&engine, &session, &file, &text)?;
            compared.set(compared.get() + checked.findings.len());
            if checked.is_same_in_list && damage.is_none() {
                elements.push((text.clone(), checked.findings.clone()));
            }
            if checked.is_record {
                lines.push((text, checked.findings));
            }
        }
        if !lines.is_empty() {
            compare_list(&folder, "records.ndjson", ("", "\n", "\n"), &lines)?;
        }
        if !elements.is_empty() {
            compare_list(&folder, "records.json", ("[", ",\n", "]"), &elements)?;
        }
        Ok(())
    });
    assert!(compared.get() > cases as usize / 2, "{}", compared.get());
    session.into_inner().shut_down();
}

#[test]
fn ways_of_reading_orders_agree() {
    ways_of_reading_agree("order", 40);
}

#[test]
fn ways_of_reading_certificates_agree() {
    ways_of_reading_agree("certificate", 40);
}

#[test]
fn ways_of_reading_qualifications_agree() {
    ways_of_reading_agree("qualification", 40);
}

#[test]
fn ways_of_reading_customers_agree() {
    ways_of_reading_agree("customer", 40);
}
