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
use countersign::engine::Engine;
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
