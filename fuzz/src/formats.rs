//! Reports: each is read by a parser of its format, and has every finding.

use countersign::batch::{ChunkLimits, RecordMode};
use countersign::output::Format;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use super::run::{Outcome, run};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn count(array: &Value) -> usize {
    array.as_array().map_or(usize::MAX, Vec::len)
}

/// The number of elements with a name in an XML document, all of whose attributes are well-formed.
fn xml_elements(xml: &str, name: &str) -> usize {
    let mut reader = Reader::from_str(xml);
    let mut found = 0;
    loop {
        match reader
            .read_event()
            .unwrap_or_else(|error| panic!("{error}: {xml}"))
        {
            Event::Eof => return found,
            Event::Start(element) | Event::Empty(element) => {
                found += usize::from(element.name().as_ref() == name.as_bytes());
                for attribute in element.attributes() {
                    attribute.unwrap_or_else(|error| panic!("{error}: {xml}"));
                }
            }
            _ => {}
        }
    }
}

/// The findings in the data of an HTML page.
fn html_findings(page: &str) -> usize {
    assert_eq!(page.matches("<script").count(), 2, "{page}");
    assert!(!page.contains("<!--"), "{page}");
    let data = page.split("id=\"data\">").nth(1).expect("the data");
    let data = json(data.split("</script>").next().unwrap_or_default());
    count(&data["findings"])
}

fn assert_annotations(report: &str) {
    const COMMANDS: [&str; 6] = [
        "::error file=<stdin>,",
        "::warning file=<stdin>,",
        "::notice file=<stdin>,",
        "::notice title=countersign::",
        "::group::<stdin>",
        "::endgroup::",
    ];
    for line in report.lines() {
        let is_command = COMMANDS.iter().any(|command| line.starts_with(command));
        assert!(is_command || line.starts_with(' '), "{line}");
    }
}

/// Asserts that a report is well-formed and has this number of findings.
fn assert_report(format: Format, report: &str, findings: usize) {
    let found = match format {
        Format::Json => count(&json(report)["findings"]),
        Format::Ndjson => report.lines().map(json).count(),
        Format::Sarif => count(&json(report)["runs"][0]["results"]),
        Format::Gitlab => count(&json(report)),
        Format::Rdjson => count(&json(report)["diagnostics"]),
        Format::Checkstyle => xml_elements(report, "error"),
        Format::Html => html_findings(report),
        Format::Concise => report.lines().count(),
        Format::Junit => {
            xml_elements(report, "testcase");
            findings
        }
        Format::Github => {
            assert_annotations(report);
            findings
        }
        Format::Markdown => {
            assert!(
                !report.contains("<script") && !report.contains("<!--"),
                "{report}"
            );
            findings
        }
        Format::Pretty => findings,
    };
    assert_eq!(found, findings, "{}: {report}", format.as_str());
    let is_text = !matches!(
        format,
        Format::Json
            | Format::Ndjson
            | Format::Html
            | Format::Sarif
            | Format::Gitlab
            | Format::Rdjson
    );
    let is_control = |c: char| {
        !"\n\t".contains(c) && c.is_control() || "\u{202E}\u{2066}\u{200B}\u{FEFF}".contains(c)
    };
    assert!(
        !is_text || !report.contains(is_control),
        "{}: {report:?}",
        format.as_str()
    );
}

/// Every report is well-formed and has every finding, whatever the payload contains. The first byte says whether values
/// are masked.
pub fn render(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let is_redacted = first & 1 == 1;
    let limits = ChunkLimits::default();
    let Outcome {
        reports, summary, ..
    } = run(rest, RecordMode::Auto, limits, &Format::ALL, is_redacted);
    assert_eq!(summary.rule_failures, 0);
    for (format, report) in Format::ALL.into_iter().zip(&reports) {
        assert_report(format, report, summary.total_findings());
    }
}
