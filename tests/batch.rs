//! Runs over many records: reports in every format, output files, baselines, and the handling of errors and
//! interruptions.

#![expect(clippy::disallowed_methods, reason = "tests read and write files")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use countersign::batch::{Input, RecordMode, ReportOptions, Run};
use countersign::config::Config;
use countersign::engine::Engine;
use countersign::finding::Level;
use countersign::output::{Format, RenderOptions, Summary};
use countersign::path::ReportRoot;
use countersign::rule::{Check, Rule};
use countersign::rules::RULES;
use serde_json::Value;
use support::{check, folder_with, path_in, project, run_with};

const GOOD: &str = r#"{"customerId":"1000417733","type":"change","subscriptionId":"7","products":[{"mpn":"CFQ7TTC0LCHC:0002","quantity":4}]}"#;
const BAD: &str = r#"{"customerId":"1000417734","type":"change","subscriptionId":"7","products":[{"mpn":"CFQ7TTC0LCHC:0002","quantity":-4}]}"#;
const WARNED: &str = r#"{"customerId":"1000417735","type":"change","subscriptionId":"7","products":[{"mpn":"CFQ7TTC0LCHC:0002","quantity":4,"note":""}]}"#;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn read(folder: &tempfile::TempDir, name: &str) -> Vec<u8> {
    fs::read(folder.path().join(name)).unwrap()
}

#[test]
fn writes_reports_in_every_format_at_once() {
    let folder = folder_with(&[]);
    let files = Format::ALL.map(|format| path_in(&folder, format.as_str()));
    let flags: Vec<String> = Format::ALL
        .into_iter()
        .zip(&files)
        .map(|(format, file)| format!("--format={}={file}", format.as_str()))
        .collect();
    let mut arguments: Vec<&str> = flags.iter().map(String::as_str).collect();
    let invalid = project("fixtures/invalid");
    arguments.push(&invalid);
    let outcome = check(&arguments, "");
    assert_eq!((outcome.code, outcome.out.as_str()), (1, ""));
    let text = |format: Format| String::from_utf8(read(&folder, format.as_str())).unwrap();
    let count = json(&text(Format::Json))["findings"]
        .as_array()
        .unwrap()
        .len();
    assert!(count > 200);
    assert_eq!(text(Format::Ndjson).lines().count(), count);
    assert_eq!(text(Format::Concise).lines().count(), count);
    let headlines = text(Format::Pretty)
        .lines()
        .filter(|line| {
            let line = line.split_once('[').unwrap_or_default().0;
            matches!(line, "error" | "warning" | "info")
        })
        .count();
    assert_eq!(headlines, count);
    let page = text(Format::Html);
    let data = page.split("id=\"data\">").nth(1).unwrap();
    let data = json(data.split("</script>").next().unwrap());
    assert_eq!(data["findings"].as_array().unwrap().len(), count);
    let sarif = json(&text(Format::Sarif));
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), count);
    let gitlab = json(&text(Format::Gitlab));
    assert_eq!(gitlab.as_array().unwrap().len(), count);
    let rdjson = json(&text(Format::Rdjson));
    assert_eq!(rdjson["diagnostics"].as_array().unwrap().len(), count);
    let in_lines = |format: Format, mark: &str| text(format).matches(mark).count();
    assert_eq!(in_lines(Format::Checkstyle, "<error "), count);
    let github = text(Format::Github);
    let reported = github
        .lines()
        .filter(|line| line.starts_with(' ') || line.contains(" file="));
    assert_eq!(reported.count(), count);
    let junit = text(Format::Junit);
    let is_finding = |line: &&str| {
        line.contains(": error[") || line.contains(": warning[") || line.contains(": info[")
    };
    assert_eq!(junit.lines().filter(is_finding).count(), count);
    let markdown = text(Format::Markdown);
    let counted = markdown.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').collect();
        (cells.len() == 5).then(|| cells[3].trim().replace(',', "").parse::<usize>().ok())?
    });
    assert_eq!(counted.sum::<usize>(), count);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), files.len());
}

#[test]
fn rejects_conflicting_or_invalid_outputs() {
    let folder = folder_with(&[("a.json", GOOD)]);
    let file = path_in(&folder, "a.json");
    let missing = path_in(&folder, "missing/report.json");
    let (as_missing, as_input) = (format!("json={missing}"), format!("json={file}"));
    let twice = path_in(&folder, "twice");
    let as_twice = format!("json={twice}");
    for (flags, words) in [
        (
            &["--format", "json", "--format", "pretty"][..],
            "two reports go to standard output, json and pretty",
        ),
        (&["--format", "yaml"], "possible values: pretty, concise"),
        (&["--format", "jsn"], "'json'"),
        (&["--format", "json="], "invalid value"),
        (&["--format", &as_missing], "no such file or folder"),
        (&["--format", &as_input], "this file is checked"),
        (&["--valid-out", &file], "this file is checked"),
        (&["--redact", "--diff"], "cannot be used with"),
        (&["--format", "json", "--diff"], "cannot be used with"),
        (&["--valid-out", &twice, "--diff"], "cannot be used with"),
    ] {
        let outcome = check(&[flags, &[&file]].concat(), "");
        assert_eq!(outcome.code, 2, "{flags:?}");
        assert!(outcome.errors.contains(words), "{}", outcome.errors);
        assert_eq!(read(&folder, "a.json"), GOOD.as_bytes());
    }
    let outcome = check(&["--format", "concise=-", &file], "");
    assert_eq!((outcome.code, &*outcome.out), (0, ""));
    assert!(
        !Path::new("-").exists(),
        "`-` is standard output, not a file"
    );
    // Two outputs with the same path conflict even if the file does not exist yet.
    let outcome = check(&["--format", &as_twice, "--valid-out", &twice, &file], "");
    assert_eq!(outcome.code, 2);
    assert!(!Path::new(&twice).exists());
}

#[test]
fn keeps_the_symbolic_link_and_mode_of_an_existing_report() {
    let folder = folder_with(&[("a.json", BAD), ("real", "old")]);
    let link = folder.path().join("link");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::os::unix::fs::symlink("real", &link).unwrap();
        let mode = fs::Permissions::from_mode(0o640);
        fs::set_permissions(folder.path().join("real"), mode).unwrap();
        let flag = format!("--format=json={}", link.display());
        assert_eq!(check(&[&flag, &path_in(&folder, "a.json")], "").code, 1);
        assert!(link.is_symlink());
        let metadata = fs::metadata(&link).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o640);
        assert!(metadata.len() > 100);
    }
}

/// Collects every string and number in the values of a JSON document.
fn collect_values(value: &Value, values: &mut BTreeSet<String>) {
    match value {
        Value::Object(properties) => properties
            .values()
            .for_each(|value| collect_values(value, values)),
        Value::Array(elements) => elements
            .iter()
            .for_each(|value| collect_values(value, values)),
        Value::String(text) => {
            values.insert(text.clone());
        }
        Value::Number(number) => {
            values.insert(number.to_string());
        }
        _ => {}
    }
}

#[test]
fn redacted_reports_contain_no_values_in_any_format() {
    let folder = folder_with(&[]);
    let invalid = project("fixtures/invalid");
    let mut values = BTreeSet::new();
    for entry in walkdir::WalkDir::new(&invalid) {
        let path = entry.unwrap().into_path();
        if let Ok(text) = fs::read_to_string(path)
            && let Ok(value) = serde_json::from_str(&text)
        {
            collect_values(&value, &mut values);
        }
    }
    // Values that occur in rule pages are not confidential, and short values may occur by chance.
    let known: String = RULES.iter().map(|rule| rule.page).collect();
    values.retain(|value| value.len() > 6 && !known.contains(value.as_str()));
    values.retain(|value| value.contains(|c: char| c.is_alphanumeric()));
    values.retain(|value| countersign::kinds::order::parameter::Parameter::named(value).is_none());
    assert!(values.len() > 300);
    let mut flags = vec!["--redact".to_owned(), invalid.clone()];
    flags.extend(Format::ALL.map(|format| {
        let name = format.as_str();
        format!("--format={name}={}", path_in(&folder, name))
    }));
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    check(&flags, "");
    for format in Format::ALL {
        let text = String::from_utf8(read(&folder, format.as_str())).unwrap();
        let text = text.replace(&invalid, "");
        let shown: Vec<&String> = values
            .iter()
            .filter(|value| text.contains(value.as_str()))
            .collect();
        assert_eq!(shown, Vec::<&String>::new(), "{}", format.as_str());
    }
    let locations = |text: &str| {
        let findings = json(text)["findings"].clone();
        let location = |finding: &Value| (finding["rule"].clone(), finding["range"].clone());
        findings
            .as_array()
            .unwrap()
            .iter()
            .map(location)
            .collect::<Vec<_>>()
    };
    let plain = check(&["--format", "json", &invalid], "").out;
    let redacted = String::from_utf8(read(&folder, "json")).unwrap();
    assert_eq!(locations(&redacted), locations(&plain));
}

#[test]
fn a_redacted_baseline_names_no_unknown_property_and_matches_all_the_same() {
    let order = r#"{"customerId": "1000417733", "type": "sales", "products": [], "janeDoe": 1}"#;
    let folder = folder_with(&[("order.json", order)]);
    let order = path_in(&folder, "order.json");
    let baseline = path_in(&folder, "baseline.json");
    check(
        &[
            "--no-config",
            "--redact",
            "--write-baseline",
            &baseline,
            &order,
        ],
        "",
    );
    let text = fs::read_to_string(&baseline).unwrap();
    assert!(
        text.contains("\"/xxxxxxx\"") && !text.contains("janeDoe"),
        "{text}"
    );
    let later = check(
        &[
            "--no-config",
            "--format",
            "concise",
            "--baseline",
            &baseline,
            &order,
        ],
        "",
    );
    assert_eq!(
        (later.code, later.out.as_str()),
        (0, ""),
        "{}",
        later.errors
    );
}

#[test]
fn partitions_records_byte_for_byte() {
    let broken = "{\"customerId\": ";
    let mut lines = format!("{GOOD}\r\n\n{BAD}\n  {WARNED} \n{broken}\n[]\n").into_bytes();
    lines.extend_from_slice(b"{\"type\":\"\xff\"}\n");
    lines.extend_from_slice(GOOD.as_bytes());
    let folder = folder_with(&[]);
    fs::write(folder.path().join("a.ndjson"), &lines).unwrap();
    let spread = GOOD.replace(',', ",\r\n  ");
    let array = format!("[\n  {spread},\n  {BAD}\n]");
    fs::write(folder.path().join("b.json"), array).unwrap();
    let (valid, invalid) = (path_in(&folder, "valid.gz"), path_in(&folder, "invalid"));
    let partition = |flags: &[&str]| {
        let outputs = ["--valid-out", &valid, "--invalid-out", &invalid, "--quiet"];
        let files = [path_in(&folder, "a.ndjson"), path_in(&folder, "b.json")];
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        check(&[&outputs, flags, &files[..]].concat(), "");
        let mut text = String::new();
        flate2::read::GzDecoder::new(&read(&folder, "valid.gz")[..])
            .read_to_string(&mut text)
            .unwrap();
        (text, read(&folder, "invalid"))
    };
    let spread = GOOD.replace(',', ",    ");
    let (good, bad) = partition(&[]);
    assert_eq!(good, format!("{GOOD}\r\n  {WARNED} \n{GOOD}\n{spread}\n"));
    let mut expected = format!("{BAD}\n{broken}\n[]\n").into_bytes();
    expected.extend_from_slice(b"{\"type\":\"\xff\"}\n");
    expected.extend_from_slice(format!("{BAD}\n").as_bytes());
    assert_eq!(bad, expected);
    let (good, _) = partition(&["--fail-on", "warning"]);
    assert_eq!(good, format!("{GOOD}\r\n{GOOD}\n{spread}\n"));
}

#[test]
fn matches_moved_findings_with_the_baseline() {
    let array_of = |records: &[&str]| format!("[{}]", records.join(",\n"));
    let folder = folder_with(&[("a.json", &array_of(&[GOOD, BAD, WARNED]))]);
    let (file, baseline) = (
        path_in(&folder, "a.json"),
        path_in(&folder, "baseline.json"),
    );
    let write = |text: String| fs::write(&file, text).unwrap();
    let outcome = check(&["--write-baseline", &baseline, &file], "");
    assert_eq!(outcome.code, 0, "{}", outcome.errors);
    assert!(outcome.out.contains("schema/minimum"));

    let check_against_baseline =
        || check(&["--baseline", &baseline, "--format", "json", &file], "");
    let outcome = check_against_baseline();
    assert_eq!(outcome.code, 0, "{}", outcome.errors);
    let summary = &json(&outcome.out)["summary"];
    assert_eq!(
        (&summary["known"], &summary["gone"]),
        (&2.into(), &0.into())
    );
    assert_eq!(summary["records"]["invalid"], 0);

    // The lines and the order of the records changed, and one finding occurs twice.
    write(format!("\n\n{}", array_of(&[WARNED, GOOD, BAD, BAD])));
    let outcome = check_against_baseline();
    assert_eq!(outcome.code, 1);
    let report = json(&outcome.out);
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    assert_eq!(report["findings"][0]["record"]["index"], 3);

    write(array_of(&[GOOD, WARNED]));
    let outcome = check_against_baseline();
    assert_eq!(outcome.code, 0);
    assert!(
        outcome.errors.starts_with(&format!(
            "in the baseline, but no longer found: {file}: schema/minimum at /1/products/0/quantity\n"
        )),
        "{}",
        outcome.errors
    );
    assert!(
        outcome
            .errors
            .contains("1 in the baseline; 1 no longer found"),
        "{}",
        outcome.errors
    );
    // Findings of files that were not checked are not reported as resolved.
    let other = folder_with(&[("b.json", GOOD)]);
    let outcome = check(&["--baseline", &baseline, &path_in(&other, "b.json")], "");
    assert!(!outcome.errors.contains("gone"), "{}", outcome.errors);
}

#[test]
fn rejects_invalid_baselines() {
    let folder = folder_with(&[("a.json", GOOD)]);
    let (file, baseline) = (
        path_in(&folder, "a.json"),
        path_in(&folder, "baseline.json"),
    );
    for (text, words) in [
        ("{", "not a baseline"),
        (
            r#"{"version":9,"findings":[]}"#,
            "unsupported baseline version 9",
        ),
    ] {
        fs::write(&baseline, text).unwrap();
        let outcome = check(&["--baseline", &baseline, &file], "");
        assert_eq!(outcome.code, 2);
        assert!(outcome.errors.contains(words), "{}", outcome.errors);
    }
}

#[test]
fn counts_records_and_rules_in_the_summary() {
    let folder = folder_with(&[
        ("a.ndjson", &format!("{GOOD}\n{BAD}\n{BAD}\n{WARNED}\n")),
        ("b.json", r#"{"qualification":"StateOwnedEntity"}"#),
    ]);
    let outcome = check(&["--format", "json", folder.path().to_str().unwrap()], "");
    let summary = &json(&outcome.out)["summary"];
    assert_eq!(
        summary["records"],
        json(
            r#"{"certificate":0,"customer":0,"qualification":1,"order":4,"validation-result":0,"vendor-error":0,"unknown":0,"clean":2,"invalid":2}"#
        )
    );
    let file = path_in(&folder, "a.ndjson");
    assert_eq!(summary["rules"][0]["rule"], "schema/additional-properties");
    assert_eq!(summary["rules"][1]["count"], 2);
    assert_eq!(summary["rules"][1]["example"]["file"], file.as_str());
    assert_eq!(summary["rules"][1]["example"]["line"], 2);
    let size = read(&folder, "a.ndjson").len() + read(&folder, "b.json").len();
    assert_eq!(summary["bytes"], size);
    let lines: Vec<&str> = outcome.errors.lines().collect();
    assert_eq!(
        lines[1],
        "records: 1 qualifications, 4 orders; 3 valid, 2 invalid"
    );
    assert_eq!(
        lines[2],
        format!("          2 error   schema/minimum                {file}:2:115")
    );
    assert_eq!(
        lines[3],
        format!("          1 warning schema/additional-properties  {file}:4:117")
    );
    assert!(lines[4].starts_with("0.0 MB in "), "{}", lines[4]);
    assert_eq!(check(&["--quiet", &file], "").errors, "");
}

static FAILING: Rule = Rule::new(
    "test/failing",
    Level::Error,
    "",
    Check::Record(None, &|record, _, _| {
        assert!(record.node.source().contains(":4"), "a rule that panics");
    }),
);

/// Runs a check in this process with `lines` as standard input. Returns the summary and the report.
fn check_lines(engine: &Engine, lines: &str) -> (Summary, String) {
    let mut report = Vec::new();
    let render_options = RenderOptions::default();
    let summary = {
        let mut reporters =
            [Format::Ndjson.reporter(Box::new(&mut report), render_options, engine.registry())];
        let root = ReportRoot::find(Path::new("."));
        let mut run = Run {
            record_mode: RecordMode::Lines,
            jobs: 2,
            ..Run::new(engine, &root)
        };
        let mut options = ReportOptions::default();
        let inputs = [Ok(Input::Standard(None))];
        run.check(&inputs, &mut lines.as_bytes(), &mut options, &mut reporters)
            .unwrap()
    };
    (summary, String::from_utf8(report).unwrap())
}

#[test]
fn a_panicking_rule_affects_one_record_only() {
    let rules: Vec<&Rule> = RULES.iter().copied().chain([&FAILING]).collect();
    let engine = Engine::new(Config::default()).only_rules(&rules);
    let lines = format!("{GOOD}\n{BAD}\n{GOOD}\n{WARNED}\n");
    let (summary, report) = check_lines(&engine, &lines);
    assert_eq!((summary.rule_failures, summary.total_records()), (1, 4));
    let found: Vec<[Value; 3]> = report
        .lines()
        .map(json)
        .map(|finding| {
            [
                &finding["rule"],
                &finding["range"]["start"]["line"],
                &finding["message"],
            ]
            .map(Value::clone)
        })
        .collect();
    let located: Vec<(&str, u64)> = found
        .iter()
        .map(|[rule, line, _]| (rule.as_str().unwrap(), line.as_u64().unwrap()))
        .collect();
    assert_eq!(
        located,
        [
            ("payload/failed-rule", 2),
            ("schema/minimum", 2),
            ("schema/additional-properties", 4)
        ]
    );
    assert_eq!(
        found[0][2],
        "the rule `test/failing` failed here, so its result is unknown"
    );
}

#[test]
fn reports_duplicate_orders_by_tenant_and_part() {
    let order = |customer: &str, tenant: &str, domain: &str, parts: &[&str]| {
        let lines: Vec<String> = parts
            .iter()
            .map(|part| {
                format!(
                    r#"{{"mpn":"CFQ7TTC0{part}:0001","quantity":1,"parameters":[{{"name":"tenant_preference","value":"{tenant}"}},{{"name":"microsoft_domain","value":"{domain}.onmicrosoft.com"}}]}}"#
                )
            })
            .collect();
        let lines = lines.join(",");
        format!(r#"{{"customerId":"{customer}","type":"sales","products":[{lines}]}}"#)
    };
    let a = order("1", "new", "hazel", &["LH16", "LFLX", "LDPB", "LCHC"]);
    for (other, is_repeated) in [
        (order("1", "existing", "hazel", &["LH16"]), true),
        (order("1", "existing", "hazel", &["LFLX"]), true),
        (order("1", "existing", "Hazel", &["LCHC"]), true),
        (order("1", "existing", "hazel", &["LZZZ", "LDPB"]), true),
        (order("2", "new", "hazel", &["LZZZ"]), true),
        (order("1", "existing", "hazel", &["LZZZ"]), false),
        (order("2", "existing", "hazel", &["LH16"]), false),
        (order("1", "existing", "birch", &["LH16"]), false),
        (order("1", "new", "birch", &["LH16"]), false),
    ] {
        for (first, second) in [(&a, &other), (&other, &a)] {
            let outcome = check(
                &["--records", "lines", "--format", "ndjson", "-"],
                &format!("{first}\n{second}\n"),
            );
            let rules = outcome.out.lines().map(|line| json(line)["rule"].clone());
            let count = rules
                .filter(|rule| rule == "export/duplicate-order")
                .count();
            assert_eq!(count, usize::from(is_repeated), "{first}\n{second}");
        }
    }
}

#[test]
#[cfg(unix)]
fn follows_symbolic_links_once() {
    use std::os::unix::fs::symlink;
    let inside = folder_with(&[("a.json", BAD), ("b/c.txt", "")]);
    let outside = folder_with(&[("z.json", BAD)]);
    let at = |name: &str| inside.path().join(name);
    symlink("a.json", at("again.json")).unwrap();
    symlink("..", at("b/up")).unwrap();
    symlink(outside.path(), at("out")).unwrap();
    symlink(inside.path(), outside.path().join("back")).unwrap();
    symlink("nothing", at("gone.txt")).unwrap();
    let outcome = check(
        &["--format", "concise", inside.path().to_str().unwrap()],
        "",
    );
    let files: Vec<&str> = outcome
        .out
        .lines()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    let names = [at("a.json"), at("out/z.json")];
    assert_eq!(files, names.each_ref().map(|name| name.to_str().unwrap()));
    assert_eq!(outcome.code, 1, "{}", outcome.errors);
    symlink("nothing", at("gone.json")).unwrap();
    let outcome = check(&[inside.path().to_str().unwrap()], "");
    assert_eq!(outcome.code, 2);
    assert!(outcome.errors.contains("gone.json: no such file"));
}

#[test]
fn reports_oversized_input_and_checks_the_rest() {
    let folder = folder_with(&[
        ("brackets.json", &"[".repeat(1_000_000)),
        (
            "long.ndjson",
            &format!("{GOOD}\n{{\"a\":\"{}\"}}\n{BAD}\n", "x".repeat(40 << 20)),
        ),
    ]);
    let spaces = " ".repeat(20 << 20);
    let bomb = zstd::encode_all(spaces.as_bytes(), 0).unwrap();
    fs::write(folder.path().join("bomb.json.zst"), bomb).unwrap();
    let outcome = check(
        &[
            "--format",
            "concise",
            folder.path().join("brackets.json").to_str().unwrap(),
            folder.path().to_str().unwrap(),
        ],
        "",
    );
    let root = format!("{}/", folder.path().display());
    assert_eq!(
        outcome.out.replace(&root, ""),
        "brackets.json:1:1025: error[json/unreadable] brackets are nested more than 1024 levels deep; the text was not checked\n\
         long.ndjson:2:1: error[json/unreadable] this line is too long (41943049 bytes) for a record; it was not checked\n\
         long.ndjson:3:115: error[schema/minimum] `quantity` must be at least 0, found the number `-4`\n"
    );
    assert_eq!(outcome.code, 2);
    assert!(
        outcome
            .errors
            .contains("bomb.json.zst: larger than 2 MiB when decompressed, and not a list"),
        "{}",
        outcome.errors
    );
}

#[test]
fn reports_a_truncated_compressed_file_once() {
    let lines = format!("{GOOD}\n").repeat(3000);
    for wrapped in [
        lines.clone(),
        format!("[{}]", lines.trim().replace('\n', ",")),
    ] {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(wrapped.as_bytes()).unwrap();
        let mut bytes = encoder.finish().unwrap();
        bytes.truncate(bytes.len() / 2);
        let folder = folder_with(&[]);
        let name = if wrapped.starts_with('[') {
            "a.json.gz"
        } else {
            "a.ndjson.gz"
        };
        fs::write(folder.path().join(name), bytes).unwrap();
        let outcome = check(&["--format", "ndjson", &path_in(&folder, name)], "");
        let rules: Vec<Value> = outcome
            .out
            .lines()
            .map(|line| json(line)["rule"].clone())
            .collect();
        assert_eq!(rules, ["payload/broken-compression"], "{name}");
    }
}

#[test]
fn survives_a_file_that_shrinks_during_the_run() {
    let folder = folder_with(&[]);
    let file = folder.path().join("a.ndjson");
    fs::write(&file, format!("{GOOD}\n").repeat(150_000)).unwrap();
    let child = Command::new(assert_cmd::cargo::cargo_bin!("countersign"))
        .args(["check", "--no-config", "--jobs", "2"])
        .arg(&file)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(150));
    let shrunk = fs::OpenOptions::new().write(true).open(&file).unwrap();
    shrunk.set_len(1_000_003).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("records: ") && !errors.contains("panicked"),
        "{errors}"
    );
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_says_so_and_keeps_its_records_as_partial() {
    let folder = folder_with(&[]);
    let (valid, report) = (
        path_in(&folder, "valid.ndjson"),
        path_in(&folder, "report.json"),
    );
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("countersign"))
        .args(["check", "--no-config", "--records", "lines", "-"])
        .args(["--valid-out", &valid, "--format", &format!("json={report}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = format!("{GOOD}\n{BAD}\n").repeat(1000);
    let mut input = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || while input.write_all(lines.as_bytes()).is_ok() {});
    std::thread::sleep(Duration::from_millis(500));
    let pid = child.id().to_string();
    let killed = Command::new("bash")
        .args(["-c", "kill -INT \"$0\"", &pid])
        .status();
    assert!(killed.unwrap().success());
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(!Path::new(&valid).exists());
    let report = json(&fs::read_to_string(&report).unwrap());
    let count = report["findings"].as_array().unwrap().len();
    assert_eq!(report["summary"]["errors"], count);
    assert_eq!(report["complete"], false);
    let partial = fs::read_to_string(format!("{valid}.partial")).unwrap();
    assert!(
        partial.lines().all(|line| line == GOOD),
        "only whole records"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn lists_the_formats_in_the_help() {
    let help = run_with(&["check", "--help"], "").out;
    for format in Format::ALL {
        assert!(help.contains(&format!("- {}:", format.as_str())), "{help}");
    }
}

/// The number of findings of each rule for a file of the records in this envelope.
fn counts_by_rule(folder: &tempfile::TempDir, name: &str, text: &str) -> BTreeMap<String, usize> {
    fs::write(folder.path().join(name), text).unwrap();
    let path = folder.path().join(name);
    let arguments = ["--no-config", "--format", "ndjson", path.to_str().unwrap()];
    let mut counts = BTreeMap::new();
    for line in check(&arguments, "").out.lines() {
        if let Some(rule) = json(line)["rule"].as_str() {
            *counts.entry(rule.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// What an envelope says about its records counts wherever it says so, and whether the file is read in chunks or as one
/// document.
#[test]
fn the_size_of_a_list_and_the_order_of_its_envelope_change_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    let order = r#"{"customerId":"ID","type":"sales","products":[{"mpn":"CFQ7TTC0LC42:0001","quantity":1,
        "parameters":[{"name":"tenant_preference","value":"new"}]}]}"#;
    let certificate = r#"{"id":"CER-0000-ID","name":"Partner certificate","status":"Active"}"#;
    for (record, page) in [
        (
            order,
            r#""pagination":{"offset":0,"limit":LEN,"total":LEN}"#,
        ),
        (
            certificate,
            r#""$meta":{"pagination":{"offset":0,"limit":LEN,"total":LEN},"omitted":["audit"]}"#,
        ),
    ] {
        let text = |count: usize, is_page_first: bool, padding: usize| {
            let records: Vec<String> = (0..count)
                .map(|index| {
                    let id = format!("{}", 1_000_000 + index);
                    format!("{}{}", record.replace("ID", &id), " ".repeat(padding))
                })
                .collect();
            let data = format!("\"data\":[{}]", records.join(","));
            let page = page.replace("LEN", &count.to_string());
            match is_page_first {
                true => format!("{{{page},{data}}}"),
                false => format!("{{{data},{page}}}"),
            }
        };
        // Spaces make the longer files larger than what is read as one document.
        let expected = counts_by_rule(&folder, "small.json", &text(30, true, 0));
        for (is_page_first, padding) in [(false, 0), (true, 90_000), (false, 90_000)] {
            let found = counts_by_rule(&folder, "list.json", &text(30, is_page_first, padding));
            assert_eq!(found, expected, "{is_page_first} {padding}");
        }
        // A pipe is read once: it is said that the records were checked as another form.
        let piped = check(&["--no-config", "-"], &text(30, false, 90_000));
        assert_eq!(piped.code, 2);
        assert!(
            piped.errors.contains("what follows the list"),
            "{}",
            piped.errors
        );
    }
}

/// Lines in a file whose name does not say so are the same mistake at any size.
#[test]
fn lines_in_a_json_file_are_several_values_at_any_size() {
    let folder = tempfile::tempdir().unwrap();
    let line = |padding: usize| {
        let spaces = " ".repeat(padding);
        format!(
            "{{\"customerId\":\"1000417733\",{spaces}\"type\":\"change\",\"subscriptionId\":\"7\"}}\n"
        )
    };
    for padding in [0, 100, 90_000] {
        let text = line(padding).repeat(30);
        let found = counts_by_rule(&folder, "orders.json", &text);
        assert_eq!(found.get("json/several-values"), Some(&1), "{padding}");
        let found = counts_by_rule(&folder, "orders.ndjson", &text);
        assert_eq!(found.get("json/several-values"), None, "{padding}");
    }
}
