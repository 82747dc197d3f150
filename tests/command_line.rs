//! The options and commands that choose rules, name standard input, watch files and print reference texts.

#![expect(clippy::disallowed_methods, reason = "tests read and write files")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use countersign::output::Format;
use serde_json::Value;
use support::{check, folder_with, path_in, project, run_with};

/// An order of which two rules report something: `order/po-number-case` and `schema/type`.
const ORDER: &str =
    r#"{ "customerId": "1", "type": "cancellation", "subscriptionId": 2, "ponumber": "7" }"#;

fn rules_in(arguments: &[&str], input: &str) -> Vec<String> {
    let arguments = [&["--format", "ndjson"], arguments, &["-"]].concat();
    let outcome = check(&arguments, input);
    let rows = outcome
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.map(|row| {
        format!(
            "{} {}",
            row["level"].as_str().unwrap(),
            row["rule"].as_str().unwrap()
        )
    })
    .collect()
}

/// Some rules report findings of several levels.
#[test]
fn a_selected_rule_keeps_the_levels_of_its_findings() {
    let customer = r#"{"billingProfile":{"defaultAddress":{"country":"RU"}}}"#;
    let expected = ["warning customer/country-not-sold"];
    assert_eq!(
        rules_in(&["--select", "customer/country-not-sold"], customer),
        expected
    );
}

#[test]
fn rules_are_selected_ignored_and_given_levels() {
    let (number, text) = ("error schema/type", "warning order/po-number-case");
    assert_eq!(rules_in(&[], ORDER), [number, text]);
    assert_eq!(rules_in(&["--select", "order/*"], ORDER), [text]);
    assert_eq!(rules_in(&["--select", "schema/type"], ORDER), [number]);
    assert_eq!(
        rules_in(
            &["--select", "schema/*", "--select", "order/po-number-case"],
            ORDER
        ),
        [number, text]
    );
    assert_eq!(rules_in(&["--ignore", "schema/*"], ORDER), [text]);
    assert_eq!(
        rules_in(
            &["--select", "order/*", "--ignore", "order/po-number-case"],
            ORDER
        ),
        [""; 0]
    );
    assert_eq!(
        rules_in(&["--level", "schema/type=info"], ORDER),
        ["info schema/type", text]
    );
    assert_eq!(rules_in(&["--level", "order/*=off"], ORDER), [number]);
    // A payload that could not be checked never passes because of a selection.
    assert_eq!(
        rules_in(&["--select", "order/mpn-shape"], "{"),
        ["error json/unclosed"]
    );
    assert_eq!(
        rules_in(&["--select", "order/mpn-shape"], "{}"),
        ["error payload/unknown-kind"]
    );
    for arguments in [
        ["--select", "order/mpn-shap"],
        ["--ignore", "ordr/*"],
        ["--level", "x/y=off"],
    ] {
        let outcome = check(&[&arguments[..], &["-"]].concat(), ORDER);
        assert_eq!(outcome.code, 2, "{}", outcome.errors);
        assert!(
            outcome.errors.contains("there is no rule or family"),
            "{}",
            outcome.errors
        );
    }
    assert_eq!(check(&["--level", "order/mpn-shape", "-"], ORDER).code, 2);
}

#[test]
fn the_configuration_sets_levels_that_fail_formats_and_excluded_files() {
    let folder = folder_with(&[
        (
            "countersign.toml",
            "fail-on = \"warning\"\nformat = [\"concise\", \"json=out.json\"]\nexclude = [\"b.json\"]\n",
        ),
        ("a.json", &ORDER.replace("2,", "\"2\",")),
        ("b.json", "{"),
    ]);
    let root = folder.path().to_str().unwrap();
    let outcome = check_with_config(&[root]);
    assert_eq!(outcome.code, 1, "a warning fails: {}", outcome.errors);
    assert!(
        outcome
            .out
            .contains("a.json:1:69: warning[order/po-number-case]"),
        "{}",
        outcome.out
    );
    assert_eq!(outcome.out.lines().count(), 1, "{}", outcome.out);
    let report: Value =
        serde_json::from_str(&fs::read_to_string(path_in(&folder, "out.json")).unwrap()).unwrap();
    assert_eq!(report["summary"]["warnings"], 1);
    assert_eq!(check_with_config(&[root, "--fail-on", "error"]).code, 0);
    let ndjson = check_with_config(&[root, "--format", "ndjson"]);
    assert!(ndjson.out.starts_with('{'), "{}", ndjson.out);
}

/// Runs `check` with the configuration file that applies.
fn check_with_config(arguments: &[&str]) -> support::Outcome {
    run_with(&[&["check"], arguments].concat(), "")
}

#[test]
fn the_schema_of_the_configuration_names_every_format() {
    let schema = run_with(&["schema", "config"], "").out;
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let names = Format::ALL.map(Format::as_str);
    let format = &schema["properties"]["format"];
    for pattern in [&format["pattern"], &format["items"]["pattern"]] {
        let pattern = pattern.as_str().unwrap();
        let listed = pattern.trim_start_matches("^(").split(')').next().unwrap();
        let mut listed: Vec<&str> = listed.split('|').collect();
        listed.sort_unstable();
        let mut names = names.to_vec();
        names.sort_unstable();
        assert_eq!(listed, names);
    }
}

#[test]
fn standard_input_has_the_name_it_is_given() {
    let folder = folder_with(&[
        (
            "countersign.toml",
            "[rules]\n\"schema/type\" = \"info\"\n[[payloads]]\nfiles = \"in/*.ndjson\"\nkind = \"order\"\n",
        ),
        ("in/kept.txt", ""),
    ]);
    let name = path_in(&folder, "in/orders.ndjson");
    let outcome = run_with(
        &[
            "check",
            "--stdin-filename",
            &name,
            "--format",
            "concise",
            "-",
        ],
        &format!("{ORDER}\n{{}}\n"),
    );
    assert!(
        outcome
            .out
            .contains("orders.ndjson:1:64: info[schema/type]"),
        "{}",
        outcome.out
    );
    assert!(
        outcome.out.contains("orders.ndjson:2:"),
        "each line is a record: {}",
        outcome.out
    );
    let wrong = run_with(&["check", "--stdin-filename", "x.json", "."], "");
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.errors.contains("add `-` to the paths"),
        "{}",
        wrong.errors
    );
}

#[test]
fn a_path_without_a_command_is_explained() {
    let path = project("fixtures/valid/order/renewal.json");
    let outcome = run_with(&[&path, "--quiet"], "");
    assert_eq!(outcome.code, 2);
    let expected = format!(
        "error: `{path}` is not a command; to check it: countersign check {path} --quiet\n"
    );
    assert_eq!(outcome.errors, expected);
    let unknown = run_with(&["chek"], "");
    assert!(unknown.errors.contains("check"), "{}", unknown.errors);
}

#[test]
fn families_are_listed_and_schemas_printed() {
    let listed = run_with(&["rules", "qualification"], "").out;
    assert!(
        listed.lines().count() > 10
            && listed
                .lines()
                .all(|line| line.starts_with("qualification/"))
    );
    for family in ["qualification", "qualification/", "qualification/*"] {
        assert_eq!(run_with(&["explain", family], "").out, listed);
    }
    let unknown = run_with(&["rules", "orders"], "");
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.errors.contains("order, payload"),
        "{}",
        unknown.errors
    );
    for (name, title) in [("config", "Configuration"), ("findings", "Findings")] {
        let schema: Value = serde_json::from_str(&run_with(&["schema", name], "").out).unwrap();
        assert_eq!(schema["title"], title);
        assert!(jsonschema::meta::is_valid(&schema));
    }
}

#[test]
fn the_manual_page_has_the_usual_sections() {
    let page = run_with(&["man"], "").out;
    for section in ["EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"] {
        assert!(page.contains(&format!(".SH \"{section}\"")), "{section}");
    }
    for code in ["0", "1", "2", "130"] {
        assert!(page.contains(&format!("\\fB{code}\\fR")), "{code}");
    }
}

#[test]
fn init_writes_a_configuration_with_a_schema_and_overwrites_nothing() {
    let folder = folder_with(&[]);
    let init = || {
        Command::new(assert_cmd::cargo::cargo_bin!("countersign"))
            .arg("init")
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    assert!(init().status.success());
    let text = fs::read_to_string(path_in(&folder, "countersign.toml")).unwrap();
    assert!(text.starts_with("#:schema https://"), "{text}");
    assert!(
        text.contains("#exclude = ") && text.contains("#fail-on = ") && text.contains("#format = ")
    );
    assert_eq!(init().status.code(), Some(2));
}

#[test]
fn colours_follow_the_environment() {
    let path = project("fixtures/invalid/schema/type.json");
    let has_colours = |variables: &[(&str, &str)]| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("countersign"));
        command.args(["check", &path]);
        for name in [
            "NO_COLOR",
            "FORCE_COLOR",
            "CLICOLOR_FORCE",
            "CLICOLOR",
            "TERM",
        ] {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        command.output().unwrap().stdout.contains(&0x1B)
    };
    assert!(!has_colours(&[]), "the output is not a terminal");
    assert!(has_colours(&[("FORCE_COLOR", "1")]));
    assert!(has_colours(&[("CLICOLOR_FORCE", "1")]));
    assert!(!has_colours(&[("FORCE_COLOR", "0")]));
    assert!(!has_colours(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!has_colours(&[("TERM", "dumb")]));
}

#[test]
#[cfg(unix)]
fn a_watch_checks_again_what_changed() {
    let folder = folder_with(&[("a.json", ORDER), ("b.json", ORDER)]);
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("countersign"))
        .args([
            "check",
            "--watch",
            "--no-config",
            "--format",
            "concise",
            ".",
        ])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut errors = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut wait = || {
        let is_waiting = |line: &String| line.starts_with("watching for changes");
        while !is_waiting(&errors.next().unwrap().unwrap()) {}
    };
    let mut next = || out.next().unwrap().unwrap();
    wait();
    let first: Vec<String> = (0..4).map(|_| next()).collect();
    assert!(
        first[0].starts_with("a.json:") && first[3].starts_with("b.json:"),
        "{first:?}"
    );
    let mut file = fs::File::create(folder.path().join("b.json")).unwrap();
    file.write_all(ORDER.replace("2,", "\"2\",").as_bytes())
        .unwrap();
    drop(file);
    wait();
    let again = next();
    assert!(
        again.starts_with("b.json:") && again.contains("po-number-case"),
        "{again}"
    );
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(out.next().is_none(), "only b.json was checked again");
    let piped = check(&["--watch", "-"], ORDER);
    assert_eq!(piped.code, 2);
}
