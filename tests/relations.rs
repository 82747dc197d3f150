//! How a finding names an earlier record that it contradicts or repeats.

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::payload::DocumentPart;
use countersign::rules::export::cross_record::CrossRecordState;

/// A run over several files.
#[derive(Default)]
struct Run(CrossRecordState);

impl Run {
    /// Checks an order of a customer, and returns the help of the findings about other orders.
    fn check(&mut self, customer: u32) -> Vec<String> {
        let engine = Engine::new(Config::default());
        let text = format!(
            r#"{{"customerId":"{customer}","type":"sales","products":[{{"mpn":"CFQ7TTC0LH16:0001","quantity":1,"parameters":[{{"name":"tenant_preference","value":"new"}},{{"name":"microsoft_domain","value":"hazel{customer}.onmicrosoft.com"}}]}}]}}"#
        );
        let mut outcome = engine.check_file(&Document::parse(&text), "", DocumentPart::Whole);
        outcome.findings.clear();
        engine.check_cross_record(&mut self.0, &mut outcome, &text, "");
        let help = |finding: countersign::finding::Finding| finding.help.unwrap_or_default();
        outcome.findings.into_iter().map(help).collect()
    }

    /// Checks an order that repeats an earlier one, and asserts where that is.
    #[track_caller]
    fn assert_repeats(&mut self, customer: u32, place: &str) {
        let found = self.check(customer);
        assert_eq!(found.len(), 1, "{found:?}");
        let start = format!("compare with {place};");
        assert!(found[0].starts_with(&start), "{found:?}");
    }
}

#[test]
fn earlier_records_are_named_by_their_file_and_number() {
    let mut run = Run::default();
    run.0.begin("a.ndjson");
    assert_eq!(run.check(1), [""; 0]);
    run.assert_repeats(1, "record 1 of this file");
    // Two records that are not checked, such as lines that cannot be read.
    run.0.skip(2);
    assert_eq!(run.check(2), [""; 0]);
    run.assert_repeats(2, "record 5 of this file");

    // A file without records.
    run.0.begin("empty.ndjson");
    run.0.begin("b.json");
    assert_eq!(run.check(3), [""; 0]);
    run.0.begin("c.ndjson");
    run.assert_repeats(1, "record 1 of a.ndjson");
    run.assert_repeats(2, "record 5 of a.ndjson");
    // The only record of its file.
    run.assert_repeats(3, "b.json");
    assert_eq!(run.check(4), [""; 0]);
    run.assert_repeats(4, "record 4 of this file");
}

#[test]
fn a_record_outside_of_a_file_has_a_number_only() {
    let mut run = Run::default();
    assert_eq!(run.check(1), [""; 0]);
    run.assert_repeats(1, "record 1");
}
