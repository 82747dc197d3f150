//! Facts that are related by another process than the one that checked their records: the findings are those of a run
//! in one process.

#![expect(clippy::disallowed_methods, reason = "tests read files")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use countersign::config::{Config, LevelOverride, LevelSetting};
use countersign::document::Document;
use countersign::engine::{
    DetachedFact, DetachedRecord, DetachedRelations, Engine, RelatedFinding,
};
use countersign::line_index::LineIndex;
use countersign::payload::DocumentPart;
use countersign::rules::export::cross_record::CrossRecordState;

/// A finding: its record, rule, level, message, pointer, and the offset of its start.
type Row = (usize, String, String, String, String, u64);

/// Records that duplicate and contradict each other: the fixtures of `export/`, each several times and in turns.
fn records() -> Vec<String> {
    let mut records = Vec::new();
    for name in ["duplicate-order", "duplicate-record", "illegal-transition"] {
        let path = format!(
            "{}/fixtures/invalid/export/{name}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let list: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let list = list.as_array().or_else(|| list["data"].as_array()).unwrap();
        records.extend(list.iter().map(ToString::to_string));
    }
    let order = |id: &str, customer: &str, parts: &[&str]| {
        let lines: Vec<String> = parts
            .iter()
            .map(|part| {
                format!(
                    r#"{{"mpn":"CFQ7TTC0LDPB:{part}","quantity":1,"parameters":[{{"name":"microsoft_domain","value":"pinecrestmill.onmicrosoft.com"}}]}}"#
                )
            })
            .collect();
        let lines = lines.join(",");
        format!(r#"{{"id":"{id}","customerId":"{customer}","type":"sales","products":[{lines}]}}"#)
    };
    for (id, customer, parts) in [
        ("1", "2000417730", vec!["0001", "0002"]),
        ("2", "2000417730", vec!["0002", "0001"]),
        ("1", "2000417731", vec!["0001"]),
        ("3", "2000417731", vec!["0001", "0003"]),
    ] {
        let response = order(id, customer, &parts);
        records.push(response.replacen("\"id\"", "\"status\":\"completed\",\"id\"", 1));
        records.push(response.replacen(&format!("\"id\":\"{id}\","), "", 1));
    }
    let repeated = records.clone();
    records.extend(repeated.into_iter().rev());
    records
}

fn in_one_process(engine: &Engine, records: &[String]) -> Vec<Row> {
    let mut state = CrossRecordState::default();
    let mut rows = Vec::new();
    for (index, text) in records.iter().enumerate() {
        let document = Document::parse(text);
        let mut outcome = engine.check_file(&document, "", DocumentPart::Whole);
        outcome.findings.clear();
        engine.check_cross_record(&mut state, &mut outcome, text, "");
        rows.extend(outcome.findings.into_iter().map(|finding| {
            (
                index,
                finding.rule.to_owned(),
                finding.level.to_string(),
                finding.message,
                finding.pointer,
                u64::from(finding.span.start),
            )
        }));
    }
    rows.sort();
    rows
}

fn detached(engine: &Engine, records: &[String]) -> Vec<Row> {
    let mut facts: Vec<(u64, usize, usize, DetachedFact)> = Vec::new();
    for (row, text) in records.iter().enumerate() {
        let document = Document::parse(text);
        let outcome = engine.check_file(&document, "", DocumentPart::Whole);
        let detached = engine.detach_facts(&document, &outcome, &LineIndex::new(text));
        let detached = detached.into_iter().enumerate();
        facts.extend(detached.map(|(index, fact)| (fact.subject, row, index, fact)));
    }
    facts.sort_by_key(|(subject, row, index, _)| (*subject, *row, *index));
    let mut relations = DetachedRelations::default();
    let mut found: Vec<(usize, usize, RelatedFinding)> = Vec::new();
    for record in facts.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (subject, row) = (record[0].0, record[0].1);
        let bytes: Vec<&[u8]> = record.iter().map(|fact| fact.3.bytes.as_slice()).collect();
        let detached = DetachedRecord {
            name: &format!("record {row}"),
            subject,
            facts: &bytes,
        };
        let related = relations.relate(engine, &detached).unwrap();
        found.extend(
            related
                .into_iter()
                .map(|finding| (row, record[finding.fact].2, finding)),
        );
    }
    // Of the findings of which a record has at most one, the one of its first fact.
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    for (row, fact, _) in found
        .iter()
        .filter(|(_, _, found)| found.is_once_per_record)
    {
        let known = first.entry(*row).or_insert(*fact);
        *known = (*known).min(*fact);
    }
    found.retain(|(row, fact, found)| !found.is_once_per_record || first[row] == *fact);
    let mut rows: Vec<Row> = found
        .into_iter()
        .filter(|(_, _, found)| found.is_reported)
        .map(|(row, _, found)| {
            let finding = found.finding;
            let start = found.start.offset;
            let level = finding.level.to_string();
            (
                row,
                finding.rule.to_owned(),
                level,
                finding.message,
                finding.pointer,
                start,
            )
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn detached_facts_give_the_findings_of_one_process() {
    let records = records();
    let engine = Engine::new(Config::default());
    let expected = in_one_process(&engine, &records);
    let rules: BTreeSet<&str> = expected.iter().map(|row| row.1.as_str()).collect();
    assert_eq!(
        rules,
        BTreeSet::from([
            "export/duplicate-order",
            "export/duplicate-record",
            "export/illegal-transition"
        ])
    );
    assert_eq!(detached(&engine, &records), expected);
}

#[test]
fn facts_of_payloads_in_strings_keep_their_places() {
    let wrap = |record: &String| {
        let content = serde_json::Value::String(record.clone());
        format!(r#"{{"time":"2025-03-04T10:20:30Z","body":{content}}}"#)
    };
    let records: Vec<String> = records().iter().map(wrap).collect();
    let engine = Engine::new(Config::default());
    let expected = in_one_process(&engine, &records);
    assert!(expected.iter().any(|row| row.1 == "export/duplicate-order"));
    assert_eq!(detached(&engine, &records), expected);
}

#[test]
fn a_rule_that_is_switched_off_still_counts_as_the_one_finding_of_a_record() {
    let config = Config {
        levels: vec![LevelOverride {
            rules: "export/duplicate-record".into(),
            level: LevelSetting::Off,
        }],
        ..Config::default()
    };
    let (records, engine) = (records(), Engine::new(config));
    let expected = in_one_process(&engine, &records);
    assert!(expected.iter().any(|row| row.1 == "export/duplicate-order"));
    assert_eq!(detached(&engine, &records), expected);
}

#[test]
fn other_bytes_are_not_facts() {
    let engine = Engine::new(Config::default());
    for bytes in [&b""[..], b"{}", b"\x01\x01"] {
        let record = DetachedRecord {
            name: "record 1",
            subject: 0,
            facts: &[bytes],
        };
        assert!(
            DetachedRelations::default()
                .relate(&engine, &record)
                .is_err()
        );
    }
}
