"""Runs the scripts of action.yml as a runner does, and tests their effects.

Usage: action.py PROJECT WORK [--full]

PROJECT is a repository at `…/OWNER/countersign` with a commit, a branch `main` and a tag `v1`; WORK is
an empty folder for the jobs. Steps that use other actions, such as the cache, are skipped. Without
--full, a fake cargo installs $COUNTERSIGN instead of building it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

import yaml

PROJECT, WORK = Path(sys.argv[1]), Path(sys.argv[2])
FULL = "--full" in sys.argv[3:]
BINARY = Path(os.environ["COUNTERSIGN"])
ACTION = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
FIXTURES = PROJECT / "fixtures"
GOOD = FIXTURES / "valid/order/azure-line.json"
BAD = FIXTURES / "invalid/order/tenant-id-shape.json"
WARNED = FIXTURES / "invalid/order/po-number-case.json"

EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
FAKE_CARGO = """#!/usr/bin/env bash
set -euo pipefail
printf '%s\\n' "$PWD" "$@" > "$CARGO_LOG"
mkdir -p "${!#}/bin"
rm -f "${!#}/bin/countersign"
ln -s "$COUNTERSIGN" "${!#}/bin/countersign"
"""


class Job:
    """A job on a new runner; `files` maps the names in its workspace to a file to copy or a text."""

    number = 0

    def __init__(self, files, cached="working", repository="", real_cargo=False):
        Job.number += 1
        self.folder = WORK / f"job-{Job.number}"
        self.workspace, self.temp = self.folder / "workspace", self.folder / "a temp"
        self.cargo_log, self.repository = self.folder / "cargo", repository
        self.workspace.mkdir(parents=True)
        self.temp.mkdir()
        for name, content in files.items():
            path = self.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read_bytes() if isinstance(content, Path) else content.encode())
        binary = self.temp / "countersign/bin/countersign"
        if cached:
            binary.parent.mkdir(parents=True)
        if cached == "working":
            binary.symlink_to(BINARY)
        elif cached == "broken":
            binary.write_text("#!/bin/sh\nexit 127\n")
            binary.chmod(0o755)
        self.path = os.environ["PATH"]
        if not real_cargo:
            fake_cargo = self.folder / "bin/cargo"
            fake_cargo.parent.mkdir()
            fake_cargo.write_text(FAKE_CARGO)
            fake_cargo.chmod(0o755)
            self.path = f"{fake_cargo.parent}:{self.path}"

    def run(self, **inputs):
        """Runs the steps until one fails; returns the exit code of the last step."""
        inputs = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert inputs.keys() <= ACTION["inputs"].keys(), inputs
        context = {
            "github.action_path": str(PROJECT),
            "github.action_repository": self.repository,
            "github.server_url": f"file://{PROJECT.parent.parent}",
            "runner.temp": str(self.temp),
        }
        for name, declared in ACTION["inputs"].items():
            context[f"inputs.{name}"] = inputs.get(name, declared["default"])
        self.out = self.err = self.summary = ""
        self.added_path = []
        for number, step in enumerate(ACTION["runs"]["steps"]):
            if "run" not in step:
                continue
            script = self.folder / f"step-{number}.sh"
            script.write_text(step["run"], encoding="utf-8")
            files = {}
            for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY", "GITHUB_ENV"):
                files[name] = self.folder / f"step-{number}.{name}"
                files[name].write_text("")
            environment = {
                **{name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")},
                **{name: str(path) for name, path in files.items()},
                "PATH": self.path,
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "GITHUB_WORKSPACE": str(self.workspace),
                "RUNNER_TEMP": str(self.temp),
                "CARGO_LOG": str(self.cargo_log),
            }
            for name, value in step.get("env", {}).items():
                environment[name] = EXPRESSION.sub(lambda match: context[match[1]], value)
            result = subprocess.run(
                ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
                cwd=self.workspace, env=environment, capture_output=True, text=True, encoding="utf-8",
            )
            self.out, self.err = self.out + result.stdout, self.err + result.stderr
            self.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
            self.added_path += files["GITHUB_PATH"].read_text().splitlines()
            for line in files["GITHUB_OUTPUT"].read_text().splitlines():
                name, _, value = line.partition("=")
                context[f"steps.{step['id']}.outputs.{name}"] = value
            self.failed = step["name"]
            if result.returncode != 0:
                break
        self.outputs = {name: value for name, value in context.items() if name.startswith("steps.")}
        self.code = result.returncode
        return self.code

    def cargo(self):
        """Returns the folder and the arguments of the call of cargo, or None without a call."""
        return self.cargo_log.read_text().splitlines() if self.cargo_log.exists() else None


TESTS, jobs = [], []


def test(function):
    TESTS.append(function)
    return function


def job(*arguments, **options):
    jobs.append(Job(*arguments, **options))
    return jobs[-1]


def annotations(text):
    return [line for line in text.splitlines() if re.match(r"::(error|warning|notice) ", line)]


@test
def no_script_contains_an_expression():
    steps = ACTION["runs"]["steps"]
    for step in steps:
        assert "${{" not in step.get("run", ""), step["name"]
        assert "uses" in step or step["shell"] == "bash", step["name"]
        assert "uses" in step or "if" not in step, step["name"]
    passed = {name for step in steps for value in step.get("env", {}).values() for name in EXPRESSION.findall(value)}
    assert {f"inputs.{name}" for name in ACTION["inputs"]} <= passed


@test
def an_invalid_order_fails_with_an_annotation_and_a_summary():
    run = job({"payloads/bad.json": BAD, "payloads/good.json": GOOD})
    assert run.run() == 1
    assert run.failed == "Check"
    assert len(annotations(run.out)) == 1, run.out
    assert annotations(run.out)[0].startswith("::error file=payloads/bad.json,line=14,"), run.out
    assert "title=order/tenant-id-shape::" in run.out
    assert run.summary.startswith("## countersign: 1 error\n"), run.summary
    assert "`order/tenant-id-shape`" in run.summary


@test
def a_valid_order_passes():
    run = job({"good.json": GOOD})
    assert run.run() == 0
    assert annotations(run.out) == []
    assert run.summary.startswith("## countersign: no findings\n"), run.summary
    assert run.added_path == [str(run.temp / "countersign/bin")]
    assert run.cargo() is None, "cargo was called although the binary was cached"
    assert [path.name for path in run.workspace.iterdir()] == ["good.json"]


@test
def the_failing_level_is_an_input():
    run = job({"warned.json": WARNED})
    assert run.run() == 0
    assert len(annotations(run.out)) == 1
    assert run.run(fail_on="warning") == 1
    assert job({"bad.json": BAD}).run(fail_on="never") == 0


@test
def paths_are_separated_by_lines_and_not_expanded():
    run = job({"a b/bad.json": BAD, "-x.json": BAD, "[c].json": BAD, "c.json": BAD, "other/bad.json": BAD})
    assert run.run(paths="a b\r\n\n-x.json\n[c].json\n") == 1
    files = [re.search(r"file=([^,]*)", line)[1] for line in annotations(run.out)]
    assert sorted(files) == ["-x.json", "[c].json", "a b/bad.json"], files


@test
def without_paths_the_configured_payloads_are_checked():
    run = job({"bad.json": BAD, "good/good.json": GOOD, "countersign.toml": '[[payloads]]\nfiles = "good/**"\n'})
    assert run.run(paths="") == 0
    assert "1 records in 1 files" in run.summary, run.summary


@test
def arguments_are_split_at_spaces_and_lines():
    run = job({"bad.json": BAD, "payload.json": GOOD})
    assert run.run(args="--today none\n  --format sarif=out.sarif\n--redact") == 1
    assert json.loads((run.workspace / "out.sarif").read_text())["version"] == "2.1.0"


@test
def output_in_other_formats_contains_no_workflow_commands():
    run = job({"bad.json": BAD.read_text() + "\n::add-mask::a\n"})
    assert run.run(format="pretty") == 1
    lines = run.out.splitlines()
    first, last = [number for number, line in enumerate(lines) if line.startswith("::")]
    token = lines[first].removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{32}", token) and lines[last] == f"::{token}::", run.out
    assert any("order/tenant-id-shape" in line for line in lines[first:last])
    assert run.summary.startswith("## countersign: ")


@test
def names_and_values_cannot_inject_workflow_commands():
    text = BAD.read_text().replace("90b7d2f4", "\\n::error::%0A::error::x ")
    for format in ("github", "concise", "pretty"):
        run = job({"::stop-commands::x/bad.json": text, "a\n::error::y.json": BAD})
        for paths, code in (".", 1), ("::stop-commands::x", 1), ("::stop-commands::missing", 2):
            assert run.run(format=format, paths=paths) == code
            until = run.out.index("::stop-commands::") if format != "github" else len(run.out)
            for line in (run.out[:until] + "\n" + run.err).splitlines():
                if line.lstrip().startswith("::"):
                    assert re.match("::(error|warning) file=|::group::|::endgroup::$", line), line


@test
def invalid_inputs_give_code_2():
    run = job({"good.json": GOOD})
    for inputs in ({"paths": "missing.json"}, {"format": "nonsense"}, {"fail_on": "nonsense"}, {"args": "--nonsense"}):
        assert run.run(**inputs) == 2, inputs
        assert run.err.strip(), inputs


@test
def inputs_cannot_inject_shell_commands():
    values = [
        "$(touch pwned)", "`touch pwned`", "; touch pwned", '"; touch pwned; "', "'; touch pwned; '",
        "&& touch pwned", "| touch pwned", "\ntouch pwned\n", "$(touch${IFS}pwned)", "x$(touch pwned >&2)\n",
        "EOF\ntouch pwned", "--upload-pack=touch pwned", "a[$(touch pwned)]", "${{ github.token }}",
    ]
    for name in ACTION["inputs"]:
        for value in values:
            run = job({"good.json": GOOD}, repository="OWNER/countersign")
            code = run.run(**{name.replace("-", "_"): value})
            assert code != 0, (name, value)
            assert not list(run.folder.rglob("*pwned*")), (name, value)
            assert not (PROJECT / "pwned").exists(), (name, value)
            assert sorted(run.outputs) in ([], ["steps.source.outputs.folder", "steps.source.outputs.key"])
            shutil.rmtree(run.folder)


@test
def the_action_installs_its_own_version():
    for cached in (None, "broken"):
        run = job({"good.json": GOOD}, cached=cached)
        assert run.run() == 0
        root = str(run.temp / "countersign")
        assert run.cargo() == [str(PROJECT), "install", "--locked", "--force", "--path", ".", "--root", root]


@test
def a_requested_version_is_fetched():
    def git(*arguments):
        return subprocess.run(["git", "-C", PROJECT, *arguments], check=True, capture_output=True, text=True).stdout.strip()

    tagged = git("rev-parse", "v1")
    git("checkout", "--quiet", "-b", "team/next")
    (PROJECT / "next").write_text("next\n")
    git("add", "next")
    git("commit", "--quiet", "--message", "Next")
    head = git("rev-parse", "HEAD")
    git("checkout", "--quiet", "main")
    keys = {}
    for repository in ("OWNER/countersign", ""):
        for version, commit in (("v1", tagged), ("main", tagged), ("team/next", head), (head, head)):
            run = job({"good.json": GOOD}, cached=None, repository=repository)
            assert run.run(version=version) == 0, (version, run.err)
            source = run.temp / "countersign-source"
            assert run.cargo()[0] == str(source)
            result = subprocess.run(["git", "-C", source, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
            assert result.stdout.strip() == commit, version
            keys.setdefault(commit, set()).add(run.outputs["steps.source.outputs.key"])
    assert len(keys[tagged]) == len(keys[head]) == 1 and keys[tagged] != keys[head], keys
    for version in ("v0", "-v1", "v1:v1", "../v1", "a b"):
        run = job({"good.json": GOOD}, repository="OWNER/countersign")
        assert run.run(version=version) != 0 and run.failed == "Find the source", version
        assert run.cargo() is None


def the_action_builds_from_source():
    run = job({"bad.json": BAD}, cached=None, real_cargo=True)
    assert run.run() == 1, run.err
    assert len(annotations(run.out)) == 1
    assert run.summary.startswith("## countersign: 1 error\n")


if FULL:
    test(the_action_builds_from_source)

for function in TESTS:
    name = function.__name__.replace("_", " ")
    jobs.clear()
    try:
        function()
    except Exception:
        print(f"FAIL  {name}")
        traceback.print_exc(file=sys.stdout)
        if jobs:
            print(f"      | code {jobs[-1].code}, step {jobs[-1].failed}\n{jobs[-1].out}\n{jobs[-1].err}")
        sys.exit(1)
    print(f"ok    {name}")
