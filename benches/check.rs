//! The time of a whole check, compared with `serde_json` parsing the same valid orders into a `Value`, on
//! one thread.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads fixtures")]

use std::sync::LazyLock;

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::json::{self, Tape};
use countersign::kinds::order::ORDER;
use countersign::names::VOCABULARY;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use serde_json::Value;

fn main() {
    divan::main();
}

/// Valid sales orders for a new tenant with all optional parameters, of about 2 kB each.
static ORDERS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/valid/order");
    let names = [
        "new-tenant-full",
        "canadian-address",
        "state-owned-entity",
        "german-company-with-umlauts",
    ];
    let read =
        |name: &str| std::fs::read_to_string(format!("{folder}/{name}.json")).expect("a fixture");
    names.iter().map(|name| read(name)).collect()
});

/// Measures `work` on all orders, with the throughput in bytes.
fn bench(bencher: Bencher, mut work: impl FnMut(&str)) {
    let bytes: usize = ORDERS.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        for order in ORDERS.iter() {
            work(black_box(order));
        }
    });
}

/// Validates UTF-8, which is part of the measured work because input arrives as bytes.
fn utf8(order: &str) -> &str {
    std::str::from_utf8(order.as_bytes()).expect("UTF-8")
}

#[divan::bench]
fn a_serde_json_value(bencher: Bencher) {
    bench(bencher, |order| {
        black_box(serde_json::from_slice::<Value>(order.as_bytes()).expect("JSON"));
    });
}

#[divan::bench]
fn b_tape(bencher: Bencher) {
    let mut tape = Tape::default();
    bench(bencher, |order| {
        let (parsed, errors) = json::parse(utf8(order), &VOCABULARY, std::mem::take(&mut tape));
        assert!(black_box(errors).is_empty());
        tape = black_box(parsed).into_tape();
    });
}

#[divan::bench]
fn c_tape_and_schema(bencher: Bencher) {
    let schema = ORDER.definition("request").expect("a schema");
    let mut tape = Tape::default();
    let mut findings = Vec::new();
    bench(bencher, |order| {
        let (parsed, _) = json::parse(utf8(order), &VOCABULARY, std::mem::take(&mut tape));
        schema.check(parsed.roots().next().expect("a value"), &mut findings);
        assert!(findings.is_empty());
        tape = parsed.into_tape();
    });
}

#[divan::bench]
fn d_whole_check(bencher: Bencher) {
    let engine = Engine::new(Config::default());
    let mut tape = Tape::default();
    bench(bencher, |order| {
        let document = Document::parse_bytes_onto(order.as_bytes(), std::mem::take(&mut tape));
        assert!(black_box(engine.check(&document)).findings.is_empty());
        tape = document.into_tape();
    });
}
