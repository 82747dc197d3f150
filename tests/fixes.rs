//! Fixes: what they change and leave alone, and the integrity of rewritten files under errors, kills and
//! concurrent runs.

#![expect(clippy::disallowed_methods, reason = "tests read and write files")]
#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests print skipped parts and statistics"
)]

#[path = "support/facts.rs"]
mod facts;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use countersign::batch::{ChunkLimits, FixMode, Input, RecordMode, ReportOptions, Run};
use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::{Finding, Safety};
use countersign::fix::{self, DiffStyle, UnifiedDiff};
use countersign::output::{Format, RenderOptions, Summary};
use countersign::patch::{Patch, Segment};
use countersign::path::ReportRoot;
use proptest::prelude::*;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Returns the fixtures that are valid UTF-8, as pairs of path and text.
fn payloads() -> Vec<(String, String)> {
    let mut payloads = Vec::new();
    for kind in ["valid", "invalid"] {
        for entry in walkdir::WalkDir::new(project("fixtures").join(kind)).sort_by_file_name() {
            let path = entry.unwrap().into_path();
            if path.extension().is_some_and(|suffix| suffix == "json")
                && let Ok(text) = fs::read_to_string(&path)
            {
                payloads.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    assert!(payloads.len() > 150);
    payloads
}

fn engine() -> Engine {
    let mut config = Config::default();
    facts::apply("today=2026-01-01", &mut config);
    Engine::new(config)
}

fn findings(engine: &Engine, text: &str) -> Vec<Finding> {
    engine.check(&Document::parse(text)).findings
}

/// Applies the fixes of a text up to `limit`. Returns the fixed text and the patch.
fn apply_fixes(engine: &Engine, text: &str, limit: Safety) -> (String, Patch) {
    let check = |text: &str| engine.check(&Document::parse(text));
    match fix::apply_fixes(text, &check(text), limit, fix::MAX_ROUNDS, check) {
        Some(result) => (result.text, result.patch),
        None => (text.to_owned(), Patch::unchanged(text.len() as u32)),
    }
}

#[test]
fn fixes_converge_and_are_idempotent() {
    let engine = engine();
    for (name, text) in payloads() {
        for limit in [Safety::Safe, Safety::Unsafe] {
            let (once, patch) = apply_fixes(&engine, &text, limit);
            let left: Vec<_> = findings(&engine, &once)
                .into_iter()
                .filter(|finding| finding.fix_up_to(limit).is_some())
                .collect();
            assert_eq!(left, [], "{name} does not converge:\n{once}");
            assert_eq!(apply_fixes(&engine, &once, limit).0, once, "{name}");
            assert_eq!(patch.text(&text), once, "{name}");
        }
    }
}

#[test]
fn keeps_every_byte_outside_the_edits() {
    let engine = engine();
    for (name, text) in payloads() {
        // With a single round, only bytes inside the offered edits may be removed.
        let offered: Vec<_> = findings(&engine, &text)
            .iter()
            .filter_map(|finding| finding.fix_up_to(Safety::Safe))
            .flat_map(|fix| fix.edits.clone())
            .collect();
        let check = |text: &str| engine.check(&Document::parse(text));
        let Some(result) = fix::apply_fixes(&text, &check(&text), Safety::Safe, 1, check) else {
            assert_eq!(offered, [], "{name}");
            continue;
        };
        let mut is_removed = vec![true; text.len()];
        for segment in result.patch.segments() {
            if let Segment::Kept(span) = segment {
                is_removed[span.start as usize..span.end as usize].fill(false);
            }
        }
        for (offset, _) in is_removed
            .iter()
            .enumerate()
            .filter(|(_, removed)| **removed)
        {
            let is_offered = offered
                .iter()
                .any(|edit| (edit.span.start as usize..edit.span.end as usize).contains(&offset));
            assert!(is_offered, "{name} loses byte {offset}");
        }
    }
}

#[test]
fn keeps_line_endings() {
    let engine = engine();
    for (name, text) in payloads() {
        let with_returns = text.replace("\r\n", "\n").replace('\n', "\r\n");
        let (fixed, _) = apply_fixes(&engine, &with_returns, Safety::Unsafe);
        let bare = fixed.replace("\r\n", "").matches('\n').count();
        assert_eq!(bare, 0, "{name}:\n{fixed:?}");
        let ends = |text: &str| text.ends_with("\r\n");
        assert_eq!(ends(&fixed), ends(&with_returns), "{name}");
    }
}

/// Returns the legal statements in an order as pairs of parameter name and value, without case and
/// punctuation.
fn legal_statements(text: &str) -> Vec<(String, String)> {
    const LEGAL: [&str; 5] = [
        "mcaacceptance",
        "agreementdate",
        "offerattestation",
        "partneronrecordattestationaccepted",
        "specialqualifications",
    ];
    let normalize = |text: &str| {
        let is_kept = |c: &char| c.is_alphanumeric();
        text.to_lowercase()
            .chars()
            .filter(is_kept)
            .collect::<String>()
    };
    let document = Document::parse(text);
    let mut open: Vec<_> = document.roots().collect();
    let mut statements = Vec::new();
    while let Some(node) = open.pop() {
        open.extend(node.elements());
        open.extend(node.members().map(|property| property.value));
        let name = node.get("name").or(node.get("key"));
        let Some(name) = name.and_then(|name| name.as_text()) else {
            continue;
        };
        let name = normalize(&name);
        if !LEGAL.contains(&name.as_str()) {
            continue;
        }
        let value = node
            .get("value")
            .or(node.get("structured_value"))
            .map(|value| value.get("attestation_accepted").unwrap_or(value));
        let value = value.map_or(String::new(), |value| normalize(value.source()));
        // A fix may reorder the parts of a date, so compare its digits in sorted order.
        let mut chars: Vec<char> = value.chars().collect();
        if name == "agreementdate" {
            chars.sort_unstable();
        }
        statements.push((name, chars.into_iter().collect()));
    }
    statements.sort();
    statements
}

#[test]
fn no_fix_adds_removes_or_inverts_a_legal_statement() {
    let engine = engine();
    let mut seen = 0;
    for (name, text) in payloads() {
        for finding in findings(&engine, &text) {
            let Some(fix) = &finding.fix else { continue };
            let mut patch = Patch::unchanged(text.len() as u32);
            patch.apply(&fix.edits);
            let (before, after) = (
                legal_statements(&text),
                legal_statements(&patch.text(&text)),
            );
            // Correcting a parameter's name may add a statement, and removing a duplicate may remove one.
            let is_renamed = matches!(
                finding.rule,
                "order/misnamed-parameter" | "schema/required" | "schema/additional-properties"
            );
            for statement in &before {
                assert!(
                    after.iter().any(|(name, _)| *name == statement.0),
                    "{name}: {} removes {statement:?}",
                    finding.rule
                );
            }
            for statement in &after {
                let is_old = before.contains(statement);
                // A fix may move a value or change its type or case, but must not invent one.
                let is_filled = before.contains(&(statement.0.clone(), String::new()))
                    && fix.safety == Safety::Safe
                    && finding.rule == "order/value-misplaced";
                let is_synonym = matches!(
                    finding.rule,
                    "order/unknown-choice" | "order/mca-not-accepted"
                );
                assert!(
                    is_old || is_filled || is_renamed || is_synonym,
                    "{name}: {} makes {statement:?} of {before:?}",
                    finding.rule
                );
            }
            seen += before.len();
        }
    }
    assert!(seen > 100);
}

/// Runs a check in this process with `bytes` as standard input. Returns the report, standard output and the
/// summary.
fn run(
    bytes: &[u8],
    fix_mode: FixMode,
    record_mode: RecordMode,
    limits: ChunkLimits,
) -> (String, Vec<u8>, Summary) {
    let engine = engine();
    let (mut report, mut out, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    let render_options = RenderOptions::default();
    let summary = {
        let mut reporters =
            [Format::Ndjson.reporter(Box::new(&mut report), render_options, engine.registry())];
        let root = ReportRoot::find(Path::new("."));
        let mut run = Run {
            fix_mode,
            record_mode,
            limits,
            jobs: 2,
            out: Box::new(&mut out),
            on_error: Box::new(|error| errors.push(error.0.clone())),
            ..Run::new(&engine, &root)
        };
        let mut options = ReportOptions::default();
        let inputs = [Ok(Input::Standard(None))];
        run.check(&inputs, &mut &bytes[..], &mut options, &mut reporters)
            .unwrap()
    };
    assert_eq!(errors, [""; 0]);
    (String::from_utf8(report).unwrap(), out, summary)
}

/// Limits that put each record into a chunk of its own.
const TINY: ChunkLimits = ChunkLimits {
    whole: 100,
    chunk: 1,
    record: 1 << 20,
};

/// Returns orders of which most have findings and some can be fixed.
fn some_orders() -> Vec<String> {
    let order = |id: &str, rest: &str| {
        format!(
            "{{\"customerId\": {id}, \"type\": \"change\", \"subscriptionId\": \"7\", \"products\": [{{\"mpn\": \"CFQ7TTC0LCHC:0002\", {rest}}}]}}"
        )
    };
    vec![
        order("\"1000417733\"", "\"quantity\": 4"),
        order("1000417733", "\"quantity\": 4"),
        order("\"1000417734\"", "\"quantity\": \"4\""),
        order("\"1000417735\"", "\"quantity\": -1"),
        order("'1000417736'", "\"quantity\": 3"),
        order("\"Zoë 😀\"", "\"quantity\": 2.5, \"note\": \"a, ] } b\""),
    ]
}

#[test]
fn an_array_gets_the_same_findings_read_as_a_whole_or_by_element() {
    let orders = some_orders();
    for (before, after) in [
        ("[", "]"),
        ("\u{FEFF}\r\n [ ", " ]\r\n"),
        (
            "{\"pagination\": {\"offset\": 0, \"limit\": 9, \"total\": 6},\n \"data\": [\n",
            "]}\n",
        ),
        (
            "{\"pagination\": {\"total\": \"6\"}, \"data\": [\n",
            "], \"more\": null,}\n",
        ),
    ] {
        for comma in [",", " ,\n  ", ",\r\n"] {
            let array = format!("{before}{}{after}", orders.join(comma));
            let sorted = |report: &str| {
                let mut lines: Vec<String> = report.lines().map(str::to_owned).collect();
                lines.sort();
                lines
            };
            let as_document = run(
                array.as_bytes(),
                FixMode::Report,
                RecordMode::Document,
                TINY,
            );
            let by_element = run(array.as_bytes(), FixMode::Report, RecordMode::Array, TINY);
            // Findings outside the array are reported last and without fixes.
            let without_fixes = |lines: Vec<String>| -> Vec<String> {
                let is_outside_array = |line: &str| line.contains("\"record\":null");
                let without_fix = |line: String| match line.find("\"fix\":") {
                    Some(start) if is_outside_array(&line) => line[..start].to_owned(),
                    _ => line,
                };
                lines.into_iter().map(without_fix).collect()
            };
            assert_eq!(
                without_fixes(sorted(&by_element.0)),
                without_fixes(sorted(&as_document.0)),
                "{array}"
            );
            assert!(as_document.0.lines().count() > 4);

            let apply = FixMode::Apply(Safety::Safe);
            let as_document = run(array.as_bytes(), apply, RecordMode::Document, TINY);
            let by_element = run(array.as_bytes(), apply, RecordMode::Array, TINY);
            let text = String::from_utf8(by_element.1).unwrap();
            let expected = String::from_utf8(as_document.1).unwrap();
            let inner =
                |text: &str| text[text.find("\"customerId").unwrap()..].replace("null,}", "null}");
            assert_eq!(inner(&text), inner(&expected));
            assert_eq!(by_element.2.fixed, 3);
        }
    }
}

#[test]
fn fixes_each_line_as_a_record() {
    let orders = some_orders();
    let lines = format!("{}\n\n{{\"broken\": \n", orders.join("\r\n"));
    let (report, out, summary) = run(
        lines.as_bytes(),
        FixMode::Apply(Safety::Safe),
        RecordMode::Lines,
        TINY,
    );
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.matches("\r\n").count(), orders.len() - 1);
    assert!(text.ends_with("\n\n{\"broken\": \n"), "{text}");
    assert!(text.contains("\"customerId\": \"1000417733\", \"type\""));
    assert_eq!(summary.fixed, 3);
    // The remaining findings are reported with positions in the fixed text.
    for line in report.lines() {
        let finding: serde_json::Value = serde_json::from_str(line).unwrap();
        let start = &finding["range"]["start"];
        let offset = start["offset"].as_u64().unwrap() as usize;
        let row = start["line"].as_u64().unwrap() as usize;
        assert_eq!(text[..offset].matches('\n').count() + 1, row, "{line}");
        if let Some(index) = finding["record"]["index"].as_u64() {
            let first = text
                .lines()
                .position(|line| line.starts_with("{\"broken"))
                .unwrap();
            let expected = if row > first { 6 } else { row as u64 - 1 };
            assert_eq!(index, expected, "{line}");
        }
    }
}

#[test]
fn invalid_utf8_affects_one_record_only() {
    let orders = some_orders();
    for (record_mode, before, separator, after) in [
        (RecordMode::Array, "[", ", ", "]"),
        (RecordMode::Lines, "", "\n", "\n"),
    ] {
        let mut bytes = Vec::from(before);
        for order in &orders[1..3] {
            bytes.extend_from_slice(order.as_bytes());
            bytes.extend_from_slice(separator.as_bytes());
        }
        bytes.extend_from_slice(b"{\"customerId\": \"\xFF\"}");
        bytes.extend_from_slice(after.as_bytes());
        let limits = ChunkLimits {
            chunk: 1 << 16,
            ..TINY
        };
        let (report, out, summary) = run(&bytes, FixMode::Apply(Safety::Safe), record_mode, limits);
        assert_eq!(summary.fixed, 2, "{report}");
        assert!(report.contains("json/unreadable"), "{report}");
        assert!(out.windows(3).any(|bytes| bytes == b"\"\xFF\""));
        assert_eq!(out.len(), bytes.len());
    }
}

#[test]
fn git_applies_the_diff() {
    let engine = engine();
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str], input: &[u8]| {
        let mut child = Command::new("git")
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    };
    assert!(git(&["init", "-q"], b"").status.success());
    let mut changed = 0;
    for (name, text) in payloads() {
        for limit in [Safety::Safe, Safety::Unsafe] {
            let (fixed, patch) = apply_fixes(&engine, &text, limit);
            let mut diff = Vec::new();
            let mut writer = UnifiedDiff::new("a \"b\".json", DiffStyle::Plain, &mut diff);
            writer.add(text.as_bytes(), &patch).unwrap();
            writer.finish().unwrap();
            assert_eq!(diff.is_empty(), fixed == text, "{name}");
            if diff.is_empty() {
                continue;
            }
            let file = folder.path().join("a \"b\".json");
            fs::write(&file, &text).unwrap();
            let applied = git(&["apply", "--whitespace=nowarn", "-"], &diff);
            let diff = String::from_utf8_lossy(&diff);
            let errors = String::from_utf8_lossy(&applied.stderr);
            assert!(applied.status.success(), "{name}: {errors}\n{diff}");
            assert_eq!(fs::read_to_string(&file).unwrap(), fixed, "{name}\n{diff}");
            changed += 1;
        }
    }
    assert!(changed > 50);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn fixes_of_damaged_payloads_converge(which in 0_usize..200, damages in prop::collection::vec((any::<prop::sample::Index>(), "[\\]\\[{}\",:a' ]{0,2}"), 1..4)) {
        let payloads = payloads();
        let (_, mut text) = payloads[which % payloads.len()].clone();
        for (position, replacement) in damages {
            let start = text.floor_char_boundary(position.index(text.len().max(1)));
            let end = text.ceil_char_boundary((start + 1).min(text.len()));
            text.replace_range(start..end, &replacement);
        }
        let engine = engine();
        for limit in [Safety::Safe, Safety::Unsafe] {
            let (once, _) = apply_fixes(&engine, &text, limit);
            prop_assert_eq!(apply_fixes(&engine, &once, limit).0, once);
        }
    }
}

/// Returns the command `countersign check` with the concise format.
fn program() -> Command {
    let mut command = program_without_format();
    command.args(["--format", "concise"]);
    command
}

/// Returns the command `countersign check` without a format, which `--diff` does not allow.
fn program_without_format() -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("countersign"));
    command.args(["check", "--no-config", "--today", "none"]);
    command
}

/// Returns the exit code, standard output and standard error.
fn outcome_of(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// Returns `count` lines of fixable orders, and the lines after fixes.
fn fixable_lines(count: usize) -> (String, String) {
    let order = some_orders().swap_remove(1);
    let fixed = order.replace(": 1000417733,", ": \"1000417733\",");
    (
        format!("{order}\n").repeat(count),
        format!("{fixed}\n").repeat(count),
    )
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let orders = some_orders();
    let lines = format!("{}\n", orders.join("\n")).repeat(1400);
    let array = format!("[{}]", orders.join(",\n"));
    fs::write(folder.path().join("a.ndjson"), &lines).unwrap();
    fs::write(folder.path().join("b.json"), &array).unwrap();
    let missing = folder.path().join("missing.json");
    let outcome = |jobs: &str, flags: &[&str]| {
        let output = program_without_format()
            .args(["--jobs", jobs])
            .args(flags)
            .arg(folder.path())
            .arg(&missing)
            .arg(project("fixtures"))
            .output()
            .unwrap();
        let (code, out, errors) = outcome_of(&output);
        // The duration differs between runs.
        let stable = errors.lines().filter(|line| !line.contains(" MB in "));
        (code, out, stable.collect::<Vec<_>>().join("\n"))
    };
    for flags in [
        &["--format", "ndjson"][..],
        &["--diff"],
        &["--format", "ndjson", "--max-findings", "7"],
    ] {
        let one = outcome("1", flags);
        assert_eq!(one.0, Some(2), "{}", one.2);
        assert_eq!(outcome("3", flags), one, "{flags:?}");
    }
    for jobs in ["1", "3"] {
        fs::write(folder.path().join("a.ndjson"), &lines).unwrap();
        let fixed = outcome_of(
            &program()
                .args(["--jobs", jobs, "--fix"])
                .arg(folder.path())
                .output()
                .unwrap(),
        );
        let text = fs::read_to_string(folder.path().join("a.ndjson")).unwrap();
        assert_eq!(text.lines().count(), 8_400);
        assert!(
            fixed.2.contains(" 4203 fixed") || jobs != "1",
            "{}",
            fixed.2
        );
        assert!(
            fixed.2.contains(" 4200 fixed") || jobs == "1",
            "{}",
            fixed.2
        );
    }
}

/// Returns the sorted file names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
#[cfg(unix)]
fn keeps_the_mode_of_a_file_and_symbolic_links() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (
        folder.path().join("deep/order.json"),
        folder.path().join("link.json"),
    );
    fs::create_dir(folder.path().join("deep")).unwrap();
    let (old, new) = fixable_lines(1);
    fs::write(&file, &old).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    // Only root can change the owner; for other users it stays the same anyway.
    let owner =
        std::os::unix::fs::chown(&file, Some(65534), Some(65534)).map_or(None, |()| Some(65534));
    symlink("deep/order.json", &link).unwrap();
    let shown = outcome_of(
        &program_without_format()
            .arg("--diff")
            .arg(&link)
            .output()
            .unwrap(),
    );
    assert_eq!(
        shown.0,
        Some(1),
        "same exit code as without fixes: {shown:?}"
    );
    assert!(
        shown.1.contains("\n+{\"customerId\": \"1000417733\""),
        "{shown:?}"
    );
    assert!(shown.2.contains("1 error; 1 would be fixed"), "{shown:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), old);

    let fixed = outcome_of(&program().arg("--fix").arg(&link).output().unwrap());
    assert_eq!(fixed.0, Some(0), "{fixed:?}");
    assert!(fixed.2.ends_with("no findings; 1 fixed\n"), "{fixed:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), new);
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o640
    );
    if let Some(owner) = owner {
        let metadata = fs::metadata(&file).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (owner, owner));
    }
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(names(&folder.path().join("deep")), ["order.json"]);
}

#[test]
#[cfg(unix)]
fn does_not_write_a_clean_file() {
    use std::os::unix::fs::MetadataExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("order.json");
    fs::write(&file, &some_orders()[0]).unwrap();
    let before = fs::metadata(&file).unwrap().ino();
    assert_eq!(
        outcome_of(&program().arg("--fix").arg(&file).output().unwrap()).0,
        Some(0)
    );
    assert_eq!(fs::metadata(&file).unwrap().ino(), before);
}

#[test]
fn writes_standard_input_with_fixes_to_standard_output() {
    let mut child = program()
        .args(["--fix", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let orders = some_orders();
    let text = format!("[{},\n{}]\n", orders[1], orders[3]);
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let (code, out, errors) = outcome_of(&child.wait_with_output().unwrap());
    assert_eq!(out, text.replace(": 1000417733,", ": \"1000417733\","));
    assert_eq!(code, Some(1));
    assert!(errors.starts_with("<stdin>:2:"), "{errors}");
    assert!(errors.contains("1 error; 1 fixed"), "{errors}");
}

#[test]
#[cfg(unix)]
fn reports_a_read_only_file_or_folder_and_leaves_it_unchanged() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (old, _) = fixable_lines(1);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let [closed, open] = ["closed", "open"].map(|name| folder.path().join(name));
    for inner in [&closed, &open] {
        fs::create_dir(inner).unwrap();
        fs::write(inner.join("order.json"), &old).unwrap();
        fs::set_permissions(inner.join("order.json"), fs::Permissions::from_mode(0o444)).unwrap();
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    // Root may write everywhere, so drop privileges if the test runs as root.
    let is_root = fs::write(closed.join("probe"), "").is_ok();
    if is_root {
        fs::remove_file(closed.join("probe")).unwrap();
    }
    let copy = folder.path().join("countersign");
    fs::copy(assert_cmd::cargo::cargo_bin!("countersign"), &copy).unwrap();
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(&copy);
        command
    } else {
        Command::new(&copy)
    };
    let output = command
        .args(["check", "--no-config", "--fix", "--format", "concise"])
        .args([closed.join("order.json"), open.join("order.json")])
        .current_dir("/")
        .output()
        .unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    let (code, out, errors) = outcome_of(&output);
    assert_eq!(code, Some(2), "{errors}");
    assert_eq!(
        errors
            .matches("the fixes were not written: permission denied")
            .count(),
        2,
        "{errors}"
    );
    assert!(
        errors.contains("0 fixed") && errors.contains("2 files could not be written"),
        "{errors}"
    );
    assert_eq!(
        out.matches("schema/type").count(),
        2,
        "the findings are still reported: {out}"
    );
    for inner in [&closed, &open] {
        assert_eq!(fs::read_to_string(inner.join("order.json")).unwrap(), old);
        assert_eq!(names(inner), ["order.json"]);
    }
}

#[test]
#[cfg(unix)]
fn keeps_the_old_file_if_the_disk_is_full() {
    let (old, _) = fixable_lines(6000);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.ndjson");
    fs::write(&file, &old).unwrap();
    let output = Command::new("bash")
        .args(["-c", "ulimit -f 200; exec \"$0\" check --no-config --fix -q --format concise --max-findings 0 \"$1\""])
        .arg(assert_cmd::cargo::cargo_bin!("countersign"))
        .arg(&file)
        .output()
        .unwrap();
    let (code, _, errors) = outcome_of(&output);
    assert_eq!(code, Some(2), "{errors}");
    assert!(
        errors.contains("the file exceeds the size limit of the system"),
        "{errors}"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), old);
    assert_eq!(names(folder.path()), ["orders.ndjson"]);

    let mounted = folder.path().join("small");
    fs::create_dir(&mounted).unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
        .arg(&mounted)
        .output();
    if !mount.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: cannot mount a file system to fill");
        return;
    }
    let file = mounted.join("orders.ndjson");
    fs::write(&file, &old).unwrap();
    let output = program()
        .args(["--fix", "--max-findings", "0"])
        .arg(&file)
        .output();
    let (text, left) = (fs::read_to_string(&file), names(&mounted));
    let unmounted = Command::new("umount").arg(&mounted).status().unwrap();
    assert!(unmounted.success());
    let (code, _, errors) = outcome_of(&output.unwrap());
    assert_eq!(code, Some(2), "{errors}");
    assert!(errors.contains("no space left on the disk"), "{errors}");
    assert_eq!(text.unwrap(), old);
    assert_eq!(left, ["orders.ndjson"]);
}

#[test]
fn a_kill_at_any_time_leaves_the_old_or_the_new_file() {
    let (old, new) = fixable_lines(600);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.ndjson");
    let start = |file: &Path| {
        program()
            .args(["--fix", "--quiet"])
            .arg(file)
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    // Measure an undisturbed run.
    fs::write(&file, &old).unwrap();
    let started = std::time::Instant::now();
    assert!(start(&file).wait().unwrap().success());
    let duration = started.elapsed();
    assert_eq!(fs::read_to_string(&file).unwrap(), new);
    let mut seen = [0, 0];
    let mut random = 88_172_645_463_325_252_u64;
    for _ in 0..200 {
        fs::write(&file, &old).unwrap();
        let mut child = start(&file);
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        std::thread::sleep(duration.mul_f64((random % 1000) as f64 / 900.0));
        let _ = child.kill();
        child.wait().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert!(text == old || text == new, "{} bytes", text.len());
        seen[usize::from(text == new)] += 1;
    }
    println!("{} stayed old, {} became new", seen[0], seen[1]);
}

#[test]
fn does_not_replace_a_file_that_changed_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.ndjson");
    let (old, new) = fixable_lines(10);
    fs::write(&file, &old).unwrap();
    let original = fix::LockedFile::open(&file).unwrap();
    let mut replacement = original.create_replacement(0).unwrap();
    replacement.write_all(new.as_bytes()).unwrap();
    fs::write(&file, "changed by another program").unwrap();
    let error = replacement.persist(&original).unwrap_err();
    assert!(
        error.to_string().contains("has changed since it was read"),
        "{error}"
    );
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "changed by another program"
    );
    assert_eq!(names(folder.path()), ["orders.ndjson"]);
}

#[test]
fn concurrent_runs_do_not_interfere() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.ndjson");
    let (old, new) = fixable_lines(300);
    for _ in 0..10 {
        fs::write(&file, &old).unwrap();
        let start = |limit: &str| {
            program()
                .arg(limit)
                .arg(&file)
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let runs = [start("--fix"), start("--fix=unsafe"), start("--fix")];
        let outcomes = runs.map(|run| outcome_of(&run.wait_with_output().unwrap()));
        let wins = outcomes
            .iter()
            .filter(|outcome| outcome.2.contains("; 300 fixed"))
            .count();
        assert_eq!(wins, 1, "{outcomes:?}");
        assert!(
            outcomes.iter().all(|outcome| outcome.0 == Some(0)),
            "{outcomes:?}"
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), new);
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(names(folder.path()), ["orders.ndjson"]);
}

#[test]
#[ignore = "writes two gigabytes"]
#[cfg(target_os = "linux")]
fn fixes_a_gigabyte_of_lines_in_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.ndjson");
    let orders = some_orders();
    let block = format!("{}{}\n", format!("{}\n", orders[0]).repeat(19), orders[1]).repeat(100);
    let blocks = (1 << 30) / block.len() + 1;
    let mut out = std::io::BufWriter::new(fs::File::create(&file).unwrap());
    for _ in 0..blocks {
        out.write_all(block.as_bytes()).unwrap();
    }
    drop(out);
    let mut child = program()
        .arg("--fix")
        .arg(&file)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The peak resident set size in KiB.
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
        let status = status.unwrap_or_default();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let resident =
            resident.and_then(|resident| resident.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(resident.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    assert!((1..128 << 10).contains(&peak), "{peak} kB");
    let (code, _, errors) = outcome_of(&output);
    assert_eq!(code, Some(0), "{errors}");
    assert!(
        errors.contains(&format!("no findings; {} fixed", blocks * 100)),
        "{errors}"
    );
}

/// Plausible values, each of which is invalid in most properties.
const VALUES: [&str; 20] = [
    "\"0\"",
    "0",
    "633",
    "true",
    "\"True\"",
    "\"No\"",
    "null",
    "\"2027-04-09\"",
    "\"<anna@contoso.com>\"",
    "\"mailto:anna@microsoft.com\"",
    "\"https://contoso.onmicrosoft.com\"",
    "\" x \"",
    "\"us\"",
    "\"SOE\"",
    "None",
    "'x'",
    "\"{7b1f0c52-2f0e-4b43-9c1e-0a53a1b7d9ee}\"",
    "20240101",
    "\"cfq7ttc0lh16_0001\"",
    "[]",
];

#[test]
fn a_safe_fix_removes_its_finding_and_causes_no_other() {
    let engine = engine();
    let is_safe = |finding: &&Finding| finding.fix_up_to(Safety::Safe).is_some();
    let rules = |findings: &mut dyn Iterator<Item = &Finding>| {
        let mut rules: Vec<_> = findings.map(|finding| finding.rule).collect();
        rules.sort_unstable();
        rules
    };
    let mut tried = 0;
    let valid = payloads()
        .into_iter()
        .filter(|(name, _)| name.contains("/valid/"));
    for (index, (name, text)) in valid.enumerate() {
        let document = Document::parse(&text);
        let mut open: Vec<_> = document.roots().collect();
        while let Some(node) = open.pop() {
            let len_before = open.len();
            open.extend(node.elements());
            open.extend(node.members().map(|property| property.value));
            if open.len() > len_before {
                continue;
            }
            let span = node.span();
            // Try a fifth of the values for each property, and others for the next one.
            let first = (index + span.start as usize) % 5;
            for value in VALUES.iter().skip(first).step_by(5) {
                let mut damaged = text.clone();
                damaged.replace_range(span.start as usize..span.end as usize, value);
                let before = findings(&engine, &damaged);
                if !before.iter().any(|finding| is_safe(&finding)) {
                    continue;
                }
                let (fixed, _) = apply_fixes(&engine, &damaged, Safety::Safe);
                let left = rules(&mut findings(&engine, &fixed).iter());
                let expected = rules(&mut before.iter().filter(|finding| !is_safe(finding)));
                assert_eq!(left, expected, "{name}: {value} in\n{damaged}");
                tried += 1;
            }
        }
    }
    assert!(tried > 450, "{tried}");
}

#[test]
fn safe_fixes_turn_a_pasted_example_into_valid_json() {
    let path = project("fixtures/invalid/several/pasted-from-a-guide.json");
    let text = fs::read_to_string(path).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_err());
    let engine = engine();
    let (fixed, _) = apply_fixes(&engine, &text, Safety::Safe);
    serde_json::from_str::<serde_json::Value>(&fixed).unwrap();
    let left = findings(&engine, &fixed);
    assert!(
        !left.is_empty(),
        "some findings need a decision by the user"
    );
    for finding in left {
        assert_eq!(finding.fix_up_to(Safety::Safe), None);
        assert!(!finding.rule.starts_with("json/"), "{}", finding.rule);
    }
}

#[test]
fn fixes_a_file_only_if_it_contains_a_payload() {
    let folder = tempfile::tempdir().unwrap();
    let order = "{\"customerId\": 1000417733, \"type\": \"change\",}\n";
    let tar = format!("order.json\0\0\0\0{order}\0\0\0");
    let others = [
        (
            "tsconfig.json",
            "{\n  // for the editor\n  \"compilerOptions\": { \"strict\": true, },\n}\n",
        ),
        ("Cargo.toml.json", "[package]\nname = \"x\"\n"),
        (
            "README.json",
            "# Title\n\nText with { braces, } and [links](x).\n",
        ),
        ("archive.json", tar.as_str()),
    ];
    let at = |name: &str| folder.path().join(name);
    fs::write(at("order.json"), order).unwrap();
    for (name, text) in others {
        fs::write(at(name), text).unwrap();
    }
    let run = |fix: &str, path: &Path| outcome_of(&program().arg(fix).arg(path).output().unwrap());
    for fix in ["--fix", "--fix=unsafe"] {
        run(fix, folder.path());
        for (name, text) in others {
            let (code, out, _) = run(fix, &at(name));
            assert_eq!(fs::read_to_string(at(name)).unwrap(), text, "{fix} {name}");
            // A file that was named has to contain a payload.
            assert!(
                code == Some(1) && !out.contains("unsettled"),
                "{fix} {name}: {out}"
            );
        }
    }
    assert_ne!(fs::read_to_string(at("order.json")).unwrap(), order);
}
