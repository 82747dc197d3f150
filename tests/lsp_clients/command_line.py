"""The findings of the command line in a file, which the server must show as well."""

import functools
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from text_document import position_at

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
BINARY = str(
    Path(os.environ.get("COUNTERSIGN") or ROOT / "target" / "debug" / "countersign").resolve()
)
PLAIN = ("--today", "none", "--no-config")
SEVERITIES = {"error": 1, "warning": 2, "info": 3}


def run(*arguments, cwd=None):
    completed = subprocess.run([BINARY, *map(str, arguments)], cwd=cwd, capture_output=True)
    # The code is also 2 for an invalid configuration file, whose findings are on standard output.
    assert completed.returncode in (0, 1) or completed.stdout, (
        f"{arguments}: {completed.stderr.decode()}"
    )
    return completed.stdout


@functools.cache
def report(path, *options):
    """Returns the JSON report of a file; the options default to PLAIN."""
    return json.loads(run("check", "--format", "json", *(options or PLAIN), path))


def findings(path, *options):
    return report(path, *options)["findings"]


def has_known_payload(path, *options):
    """Returns whether the file has a payload of a known kind; the server ignores other files."""
    records = report(path, *options)["summary"]["records"]
    kinds = records.keys() - {"unknown", "clean", "invalid"}
    return any(records[kind] for kind in kinds)


def fixed_bytes(path, folder, *options):
    """Returns the bytes of a copy of the file, made in that folder, after `check --fix`."""
    copy = Path(folder) / Path(path).name
    shutil.copyfile(path, copy)
    run("check", "--fix", *(options or PLAIN), copy)
    return copy.read_bytes()


def fixtures():
    """Returns the paths of all fixtures, relative to the folder `fixtures`."""
    names = sorted(path.relative_to(FIXTURES).as_posix() for path in FIXTURES.rglob("*.json"))
    assert len(names) > 150, "fixtures are missing"
    return names


def lsp_range(position_range, data, encoding):
    """Converts the byte offsets of a range into positions of the protocol."""
    text = data.decode()

    def position(side):
        index = len(data[: position_range[side]["offset"]].decode())
        return position_at(text, index, encoding)

    return position("start"), position("end")


def is_removed_by_safe_fix(finding):
    """Returns whether the safe fix of a finding removes all of its range."""
    fix = finding["fix"]
    if not fix or fix["safety"] != "safe":
        return False
    start, end = (finding["range"][side]["offset"] for side in ("start", "end"))
    return any(
        edit["text"] == ""
        and edit["range"]["start"]["offset"] <= start < end <= edit["range"]["end"]["offset"]
        for edit in fix["edits"]
    )


def expected_diagnostic(finding, data, encoding):
    """Returns the diagnostic for a finding, in the format of client.diagnostic_fields()."""
    help_text = finding["help"]
    level = finding["level"]
    # The tests name each file, which has to contain a payload; in an editor any file can be open.
    if finding["rule"] == "payload/unknown-kind":
        level = "warning"
    return {
        "rule": finding["rule"],
        "severity": SEVERITIES[level],
        "range": lsp_range(finding["range"], data, encoding),
        "message": finding["message"] + (f"\nhelp: {help_text}" if help_text else ""),
        "related": [
            (lsp_range(label["range"], data, encoding), label["message"])
            for label in finding["labels"]
        ],
        "unnecessary": is_removed_by_safe_fix(finding),
    }


def recipe(section):
    """Returns the code block in a section of integrations/editors.md."""
    page = (ROOT / "integrations" / "editors.md").read_text()
    [part] = re.findall(
        rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE
    )
    [code] = re.findall(r"^```\w+\n(.*?)^```$", part, re.DOTALL | re.MULTILINE)
    return code


def environment_with_binary():
    """Returns an environment in which the PATH contains the folder of the binary."""
    return {**os.environ, "PATH": f"{Path(BINARY).parent}{os.pathsep}{os.environ['PATH']}"}
