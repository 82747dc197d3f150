//! Runs over contents that the caller has, as the package for JavaScript starts them: no file is read or written.

use std::cell::Cell;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

use countersign::batch::{FixMode, Input, ProvidedFile, ReportOptions, Run};
use countersign::config_file::{self, ConfigOverrides, LoadedConfig};
use countersign::engine::Engine;
use countersign::finding::Safety;
use countersign::output::{Format, RenderOptions, Summary};
use countersign::path::{InputError, ReportRoot};
use countersign::registry::Registry;

const ORDER: &str = r#"{"customerId":"1000417733","type":"change","subscriptionId":"7","products":[{"mpn":"CFQ7TTC0LCHC:0002","quantity":4}]}"#;

/// What a run says and writes.
struct Outcome {
    summary: Summary,
    report: String,
    fixed: String,
    errors: Vec<String>,
}

/// A content with the number of times that it was opened.
fn provided(path: &str, is_named: bool, content: &str) -> (Input, Rc<Cell<usize>>) {
    let opened = Rc::new(Cell::new(0));
    let (count, content) = (Rc::clone(&opened), content.to_owned());
    let file = ProvidedFile {
        path: path.into(),
        is_named,
        open: Rc::new(move || {
            count.set(count.get() + 1);
            let reader: Box<dyn Read> = Box::new(std::io::Cursor::new(content.clone()));
            Ok(reader)
        }),
    };
    (Input::Provided(file), opened)
}

fn run(engine: &Engine, config: Option<&LoadedConfig>, input: Input, fix_mode: FixMode) -> Outcome {
    let (mut report, mut fixed, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    let summary = {
        let options = RenderOptions::default();
        let reporter = Format::Concise.reporter(Box::new(&mut report), options, engine.registry());
        let root = ReportRoot::find(Path::new("."));
        let mut run = Run {
            config_file: config,
            fix_mode,
            out: Box::new(&mut fixed),
            on_error: Box::new(|error| errors.push(error.0.clone())),
            ..Run::new(engine, &root)
        };
        // Fewer records are expected than there are, which must not matter.
        let mut options = ReportOptions {
            expected_records: 1,
            ..ReportOptions::default()
        };
        let input = [Ok(input)];
        run.check(&input, &mut std::io::empty(), &mut options, &mut [reporter])
            .expect("nothing is written to a file")
    };
    let text = |bytes| String::from_utf8(bytes).expect("the output is UTF-8");
    Outcome {
        summary,
        report: text(report),
        fixed: text(fixed),
        errors,
    }
}

fn engine() -> Engine {
    Engine::new(countersign::config::Config::default())
}

#[test]
fn a_content_is_checked_and_its_fixes_are_written_to_the_output() {
    let (input, opened) = provided("orders/1.json", true, &ORDER.replace("}]}", "}]},"));
    let outcome = run(&engine(), None, input, FixMode::Apply(Safety::Unsafe));
    assert_eq!(outcome.fixed, ORDER);
    assert_eq!((outcome.summary.fixed, opened.get()), (1, 1));

    let (input, _) = provided("orders/1.json", true, &ORDER.replace("4}", "-4}"));
    let outcome = run(&engine(), None, input, FixMode::Report);
    assert!(
        outcome.report.starts_with("orders/1.json:1:"),
        "{}",
        outcome.report
    );
    assert_eq!(outcome.errors, Vec::<String>::new());
}

#[test]
fn a_content_that_was_found_need_not_hold_a_payload() {
    for (is_named, findings, unrecognised) in [(true, 1, 0), (false, 0, 1)] {
        let (input, _) = provided("package.json", is_named, r#"{"name": "x"}"#);
        let summary = run(&engine(), None, input, FixMode::Report).summary;
        let counts = (summary.total_findings(), summary.unrecognised);
        assert_eq!(counts, (findings, unrecognised), "named: {is_named}");
    }
}

#[test]
fn a_large_envelope_is_read_again_for_what_follows_its_list() {
    let records = vec![ORDER; 30_000].join(",");
    let text = format!("{{\"data\":[{records}],\"pagination\":{{\"limit\":50,\"total\":30000}}}}");
    let (input, opened) = provided("page.json", true, &text);
    let outcome = run(&engine(), None, input, FixMode::Report);
    assert_eq!(outcome.errors, Vec::<String>::new());
    assert_eq!((outcome.summary.total_records(), opened.get()), (30_000, 2));
}

#[test]
fn lines_repeat_each_other_also_if_fewer_records_were_expected() {
    let order = r#"{"customerId":"1","type":"sales","products":[{"mpn":"CFQ7TTC0LH16:0001","quantity":1,"parameters":[{"name":"tenant_preference","value":"new"},{"name":"microsoft_domain","value":"hazel.onmicrosoft.com"}]}]}"#;
    let (input, _) = provided("orders.ndjson", true, &format!("{order}\n").repeat(500));
    let summary = run(&engine(), None, input, FixMode::Report).summary;
    let duplicates = summary.rules.get("export/duplicate-order");
    assert_eq!(duplicates.map(|stats| stats.count), Some(499));
}

#[test]
fn a_configuration_is_read_from_its_text() {
    let registry = Registry::built_in();
    let read = |text: &str| LoadedConfig::from_text(text.to_owned(), None, &registry);
    let text = "[[payloads]]\nfiles = \"partners/*.json\"\nkind = \"certificate\"\n";
    let mut loaded = read(text).unwrap_or_else(|InputError(message)| panic!("{message}"));
    let engine =
        config_file::build_engine(&registry, Some(&mut loaded), ConfigOverrides::default());
    for (path, is_certificate) in [("partners/1.json", true), ("orders/1.json", false)] {
        let (input, _) = provided(path, true, ORDER);
        let summary = run(&engine, Some(&loaded), input, FixMode::Report).summary;
        assert_eq!(summary.total_findings() > 0, is_certificate, "{path}");
    }
    for text in [
        "catalogue = \"numbers.txt\"",
        "[schema-refs]\n\"https://x.example/\" = \"numbers.txt\"",
    ] {
        let InputError(message) = read(text).err().expect("no file can be read");
        assert!(
            message.starts_with("numbers.txt: no file can be read here"),
            "{message}"
        );
    }
    assert!(read("operation = 1").is_ok_and(|loaded| loaded.has_errors()));
}
