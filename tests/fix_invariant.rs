//! The invariant of safe fixes: applying them to a text removes exactly the findings that they fix. No finding is
//! added, and no other finding disappears.

#![expect(clippy::disallowed_methods, reason = "a test reads fixtures")]

#[path = "support/facts.rs"]
mod facts;
#[path = "support/fix_invariant.rs"]
mod fix_invariant;

use std::fs;
use std::path::Path;

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::kinds::order::ORDER;
use countersign::payload::{DocumentPart, Form};
use fix_invariant::violation;

/// How many mutations are tried.
const MUTATIONS: usize = 50_000;

/// The texts that a mutation may insert.
const INSERTIONS: &[&str] = &[
    "“",
    "”",
    "'",
    "\"",
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "=>",
    "，",
    "//x\n",
    "#x\n",
    "/*x*/",
    "None",
    "True",
    "1.0",
    "1e3",
    "007",
    "\u{A0}",
    "\u{200B}",
    "\u{FEFF}",
    " ",
    "\n",
    "\\",
    "...",
    "{{x}}",
    "&quot;",
    "POST /orders HTTP/1.1\n\n",
    "HTTP/1.1 200 OK\n\n",
    "body = ",
    "```json\n",
    "> ",
    "(",
    ")",
    ";",
    "null",
    "\"id\":\"1\",",
    "\"status\":\"none\",",
];

/// A deterministic pseudo-random number generator.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

fn engine() -> Engine {
    let mut config = Config::default();
    facts::apply("today=2026-01-01", &mut config);
    Engine::new(config)
}

/// The texts of all fixtures.
fn fixtures() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let files = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter();
    let texts: Vec<String> = files
        .filter_map(|entry| fs::read_to_string(entry.unwrap().path()).ok())
        .collect();
    assert!(texts.len() > 200);
    texts
}

/// Makes up to three changes to a text.
fn mutate(text: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..=random.below(3) {
        let mut at = random.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let mut end = (at + random.below(12)).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        match random.below(4) {
            0 => text.replace_range(at..end, ""),
            1 => {
                let copy = text[at..end].to_owned();
                text.insert_str(end, &copy);
            }
            2 => text.truncate(at),
            _ => text.insert_str(at, INSERTIONS[random.below(INSERTIONS.len())]),
        }
    }
    text
}

fn assert_no_violation(texts: impl Iterator<Item = String>) {
    let engine = engine();
    let violations: Vec<String> = texts.filter_map(|text| violation(&engine, &text)).collect();
    assert!(
        violations.is_empty(),
        "{} violations, the first:\n{}",
        violations.len(),
        violations[..violations.len().min(3)].join("\n=====\n")
    );
}

fn mutations(count: usize) -> impl Iterator<Item = String> {
    let fixtures = fixtures();
    let mut random = Random(17);
    (0..count).map(move |index| mutate(&fixtures[index % fixtures.len()], &mut random))
}

#[test]
fn safe_fixes_of_fixtures_change_no_other_findings() {
    assert_no_violation(fixtures().into_iter());
}

#[test]
fn safe_fixes_of_mutated_fixtures_change_no_other_findings() {
    assert_no_violation(mutations(MUTATIONS));
}

/// The rules and safety of the fixes of a document, by record. Findings that relate records to each other are left out.
fn fixes_by_record(engine: &Engine, text: &str) -> Vec<Vec<(String, String)>> {
    let outcome = engine.check_file(&Document::parse(text), "orders.json", DocumentPart::Whole);
    let mut fixes = vec![Vec::new(); outcome.records.len()];
    for finding in &outcome.findings {
        let (Some(index), Some(fix)) = (outcome.record_at(finding.span), &finding.fix) else {
            continue;
        };
        fixes[index].push((finding.rule.to_owned(), format!("{:?}", fix.safety)));
    }
    fixes
}

/// What a safe fix may do is decided for each record: a record in a list has the fixes that it has alone.
#[test]
fn records_of_a_list_have_the_fixes_that_they_have_alone() {
    let mut config = Config::default();
    facts::apply("today=2026-01-01", &mut config);
    config.declared.kind = Some(&ORDER);
    config.declared.form = Some(Form::Request);
    let engine = Engine::new(config);
    let is_object = |text: &String| {
        text.starts_with('{') && serde_json::from_str::<serde_json::Value>(text).is_ok()
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let files = ["invalid/order", "valid/order"]
        .map(|kind| walkdir::WalkDir::new(folder.join(kind)).sort_by_file_name());
    let texts: Vec<String> = files
        .into_iter()
        .flatten()
        .filter_map(|entry| fs::read_to_string(entry.unwrap().path()).ok())
        .filter(is_object)
        .collect();
    let mut random = Random(31);
    let mut texts: Vec<String> = texts
        .iter()
        .flat_map(|text| {
            let changed = (0..40)
                .map(|_| mutate(text, &mut random))
                .filter(is_object)
                .collect::<Vec<_>>();
            std::iter::once(text.clone()).chain(changed)
        })
        .collect();
    texts.retain(|text| fixes_by_record(&engine, text).len() == 1);
    assert!(texts.len() > 300);
    // Variants of one fixture are in different lists, because they would duplicate each other.
    let lists = texts.len() / 20;
    for list in 0..lists {
        let records: Vec<&str> = texts[list..]
            .iter()
            .step_by(lists)
            .map(String::as_str)
            .collect();
        let listed = fixes_by_record(&engine, &format!("[{}]", records.join(",\n")));
        assert_eq!(listed.len(), records.len());
        for (record, listed) in records.iter().zip(listed) {
            assert_eq!(listed, fixes_by_record(&engine, record)[0], "{record}");
        }
    }
}
