"""What the command line says of a file: the measure of what the server must say."""

import functools
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from text import position_at

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
BINARY = str(
    Path(os.environ.get("COUNTERSIGN") or ROOT / "target" / "debug" / "countersign").resolve()
)
PLAIN = ("--today", "none", "--no-config")
SEVERITIES = {"error": 1, "warning": 2, "info": 3}


def run(*arguments, cwd=None):
    done = subprocess.run([BINARY, *map(str, arguments)], cwd=cwd, capture_output=True)
    # 2 is also a configuration with mistakes, whose findings are on standard output.
    assert done.returncode in (0, 1) or done.stdout, f"{arguments}: {done.stderr.decode()}"
    return done.stdout


@functools.cache
def report(path, *options):
    """The report of one file; the options default to the plainest check."""
    return json.loads(run("check", "--format", "json", *(options or PLAIN), path))


def findings(path, *options):
    return report(path, *options)["findings"]


def has_known_payload(path, *options):
    """Whether the file holds a payload of a known kind: the editor is quiet about all others."""
    records = report(path, *options)["summary"]["records"]
    return any(records[kind] for kind in ("certificate", "order", "qualification"))


def fixed(path, folder, *options):
    """The bytes that `check --fix` makes of the file, worked on a copy in that folder."""
    copy = Path(folder) / Path(path).name
    shutil.copyfile(path, copy)
    run("check", "--fix", *(options or PLAIN), copy)
    return copy.read_bytes()


def fixtures():
    """Every fixture, by its name under fixtures/."""
    names = sorted(path.relative_to(FIXTURES).as_posix() for path in FIXTURES.rglob("*.json"))
    assert len(names) > 150, "the fixtures are not where they should be"
    return names


def span(found, data, encoding):
    """A finding's range as the protocol counts it, out of the offsets into the file."""
    text = data.decode()

    def place(side):
        index = len(data[: found[side]["offset"]].decode())
        return position_at(text, index, encoding)

    return place("start"), place("end")


def takes_text_away(finding):
    """Whether a safe fix takes the whole flagged text away."""
    fix = finding["fix"]
    if not fix or fix["safety"] != "safe":
        return False
    start, end = (finding["range"][side]["offset"] for side in ("start", "end"))
    return any(
        edit["text"] == ""
        and edit["range"]["start"]["offset"] <= start < end <= edit["range"]["end"]["offset"]
        for edit in fix["edits"]
    )


def expected(finding, data, encoding):
    """A finding as the diagnostic that it must become, in the form of editor.told()."""
    help_text = finding["help"]
    return {
        "rule": finding["rule"],
        "severity": SEVERITIES[finding["level"]],
        "range": span(finding["range"], data, encoding),
        "message": finding["message"] + (f"\nhelp: {help_text}" if help_text else ""),
        "related": [
            (span(label["range"], data, encoding), label["message"]) for label in finding["labels"]
        ],
        "unnecessary": takes_text_away(finding),
    }


def recipe(section):
    """The block of code that the page on editors has in that section, as a person pastes it."""
    page = (ROOT / "integrations" / "editors.md").read_text()
    [part] = re.findall(
        rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE
    )
    [code] = re.findall(r"^```\w+\n(.*?)^```$", part, re.DOTALL | re.MULTILINE)
    return code


def with_binary_on_path():
    """The environment of an editor that finds the program by its name."""
    return {**os.environ, "PATH": f"{Path(BINARY).parent}{os.pathsep}{os.environ['PATH']}"}
