//! Frames of the `pretty` report: no line is wider than the terminal, and every underline is below its text.

#![expect(clippy::disallowed_methods, reason = "tests write files")]

#[expect(dead_code, reason = "only some of its functions are needed here")]
mod support;

use std::sync::atomic::AtomicBool;

use countersign::cli::{self, Streams};
use countersign::registry::Registry;
use support::{folder_with, path_in, project};
use unicode_width::UnicodeWidthStr;

/// The report on some files in a terminal of `width` columns.
fn report(width: usize, arguments: &[&str]) -> String {
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        input: &mut &b""[..],
        output: &mut out,
        errors: &mut errors,
        has_colors: false,
        has_links: false,
        stdout_is_terminal: true,
        stderr_is_terminal: false,
        is_interrupted: &AtomicBool::new(false),
        width,
    };
    let arguments = ["countersign", "check", "--max-findings", "0"]
        .iter()
        .chain(arguments);
    let arguments = arguments.map(|argument| (*argument).into());
    cli::run(&Registry::built_in(), arguments, &mut streams);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    format!("{}{}", text(out), text(errors))
}

const WIDTHS: [usize; 4] = [60, 80, 100, 140];

#[test]
fn no_line_is_wider_than_the_terminal() {
    let fixtures = project("fixtures/invalid/**/*.json");
    let files = folder_with(&[
        (
            "wide.json",
            &format!(
                "{{\"customerId\": \"{}\", \"type\": \"sale\"}}",
                "東京".repeat(80)
            ),
        ),
        (
            "tabs.json",
            "{\n\t\t\t\"customerId\":\t\"1\",\n\t\t\t\"type\":\t\t\"sale\"\n}",
        ),
        (
            "long.json",
            &format!(
                "{{\"type\": \"sale\", \"customerId\": \"1\", \"a\": \"{}\"}}",
                "x".repeat(5000)
            ),
        ),
    ]);
    for width in WIDTHS {
        for path in [
            fixtures.clone(),
            path_in(&files, "wide.json"),
            path_in(&files, "tabs.json"),
            path_in(&files, "long.json"),
        ] {
            let report = report(width, &[&path]);
            assert!(report.contains("error["), "{report}");
            for line in report.lines() {
                // A path is not cut, so that it can be opened, nor is a command.
                let is_path =
                    line.contains("╭─ ") || line.contains(".json:") || line.starts_with("  more: ");
                assert!(is_path || line.width() <= width, "{width}: {line}\n{path}");
            }
        }
    }
}

/// The text above each primary underline of a report.
fn underlined(report: &str) -> Vec<String> {
    let lines: Vec<&str> = report.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some((margin, underline)) = line.split_once("· ") else {
            continue;
        };
        if !underline.trim_start().starts_with('^') {
            continue;
        }
        let start = margin.width() + 2 + underline.len() - underline.trim_start().len();
        let len = underline
            .trim_start()
            .chars()
            .take_while(|c| *c == '^')
            .count();
        let source = lines[..index]
            .iter()
            .rev()
            .find(|line| line.contains(" │ "))
            .unwrap();
        let mut column = 0;
        let is_marked = |c: &char| {
            let before = column;
            column += c.to_string().width();
            before >= start && before < start + len
        };
        found.push(source.chars().filter(is_marked).collect());
    }
    found
}

#[test]
fn every_underline_is_below_its_text() {
    let long = format!(
        "{{\"pad\": \"{0}\", \"customerId\": \"1\", \"type\": \"sails\", \"pad2\": \"{0}\"}}",
        "長い値 ".repeat(60)
    );
    for text in [
        "{ \"customerId\": \"1\", \"type\": \"sails\" }".to_owned(),
        "{\n\t\"note\":\t\"東京\",\t\"type\": \"sails\",\n\t\"customerId\": \"1\" }".to_owned(),
        "{ \"note\": \"e\u{301}🦆👩‍👩‍👧\", \"type\": \"sails\", \"customerId\": \"1\" }".to_owned(),
        long,
    ] {
        let files = folder_with(&[("order.json", &text)]);
        for width in WIDTHS {
            let report = report(width, &["--kind", "order", &path_in(&files, "order.json")]);
            let underlined = underlined(&report);
            assert!(
                underlined.contains(&"\"sails\"".to_owned()),
                "{report}\n{underlined:?}"
            );
        }
    }
}

#[test]
fn frames_name_the_place_in_words_of_the_kind() {
    let report = report(
        80,
        &[&project("fixtures/invalid/several/nine-mistakes.json")],
    );
    assert!(
        report.contains("│  line 1 › parameter customer_email"),
        "{report}"
    );
    let lines = format!(
        "{}\n{}\n",
        r#"{"customerId":"1","type":"cancellation","subscriptionId":"2"}"#,
        r#"{"customerId":"7","type":"cancelation","subscriptionId":"2"}"#
    );
    let files = folder_with(&[("orders.ndjson", &lines)]);
    let report = self::report(80, &[&path_in(&files, "orders.ndjson")]);
    assert!(report.contains("│  record 2 (7) › type"), "{report}");
}

#[test]
fn the_summary_and_the_help_fit_sixty_columns() {
    let report = report(
        60,
        &[
            "--format",
            "html=/dev/null",
            &project("fixtures/invalid/**/*.json"),
        ],
    );
    let summary = report.lines().skip_while(|line| !line.contains(" files: "));
    let lines: Vec<&str> = summary.collect();
    assert!(lines.len() > 10, "{report}");
    for line in &lines[1..] {
        assert!(line.width() <= 60, "{line}");
    }
    for arguments in [&["--help"][..], &["check", "--help"], &["check", "-h"]] {
        let help = support::run_with(arguments, "").out;
        let example = help
            .lines()
            .find(|line| line.starts_with("  countersign") && line.width() > 60);
        assert_eq!(example, None);
    }
}

#[test]
fn context_lines_have_text() {
    let text = "{\n\n\n  \"customerId\": \"1\",\n\n\n\n  \"type\": \"sails\"\n\n\n}\n";
    let files = folder_with(&[("order.json", text)]);
    let report = report(80, &["--kind", "order", &path_in(&files, "order.json")]);
    let shown: Vec<&str> = report
        .lines()
        .filter_map(|line| line.split_once(" │ "))
        .map(|(number, _)| number.trim())
        .filter(|number| !number.is_empty())
        .collect();
    assert_eq!(shown, ["1", "4", "8", "11"], "{report}");
}

#[test]
fn a_fix_in_one_line_is_shown_as_a_diff() {
    let text = "{ \"customerId\": \"1\", \"type\": \"cancellation\", \"subscriptionId\": 22 }";
    let files = folder_with(&[("order.json", text)]);
    let report = report(80, &[&path_in(&files, "order.json")]);
    assert!(report.contains(&format!("    - {text}\n")), "{report}");
    let fixed = text.replace("22", "\"22\"");
    assert!(report.contains(&format!("    + {fixed}\n")), "{report}");
}
