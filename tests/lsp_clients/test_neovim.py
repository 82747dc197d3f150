"""Neovim shows the findings of the command line, and saves what `check --fix` writes."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from command_line import (
    BINARY,
    FIXTURES,
    environment_with_binary,
    expected_diagnostic,
    findings,
    fixed_bytes,
    fixtures,
    has_known_payload,
    recipe,
    report,
)
from text_document import apply_byte_edits

NEOVIM = os.environ.get("NEOVIM") or shutil.which("nvim")
SESSION = Path(__file__).parent / "neovim" / "session.lua"
PASTED_FIXTURE = "invalid/several/pasted-from-a-guide.json"
SEVERAL = [name for name in fixtures() if name.startswith("invalid/several/")]
OTHERS = [
    "invalid/order/mpn-shape.json",
    "invalid/payload/damaged-text.json",
    "valid/order/chinese-company-name.json",
    "valid/order/crlf-line-ends.json",
    "invalid/payload/unknown-kind.json",
]


def neovim(path, action, folder, **more):
    """Opens the file in Neovim and returns the output of session.lua."""
    assert NEOVIM, "Neovim is not installed; run.sh installs it"
    output = Path(folder) / "output.json"
    completed = subprocess.run(
        [NEOVIM, "--headless", "-u", "NONE", "-i", "NONE", "-c", f"luafile {SESSION}"],
        env={
            **environment_with_binary(),
            **more,
            "COUNTERSIGN": BINARY,
            "FILE": str(path),
            "ACTION": action,
            "OUTPUT": str(output),
            # Neither read nor write the user's own configuration and data.
            **{
                f"XDG_{name}_HOME": str(Path(folder) / name.lower())
                for name in ("CONFIG", "DATA", "STATE", "CACHE")
            },
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=100,
    )
    assert completed.returncode == 0, completed.stderr.decode()
    return json.loads(output.read_text())


def shown_diagnostics(diagnostics):
    for each in diagnostics:
        assert each["source"] == "countersign"
    return sorted(
        (tuple(each["start"]), tuple(each["stop"]), each["rule"], each["severity"], each["message"])
        for each in diagnostics
    )


def expected_diagnostics(path):
    """Returns the findings of the command line as Neovim shows them, with columns in bytes."""
    if not has_known_payload(path):
        return []
    wanted = (
        expected_diagnostic(finding, path.read_bytes(), "utf-8") for finding in findings(path)
    )
    return sorted(
        (*each["range"], each["rule"], each["severity"], each["message"]) for each in wanted
    )


def copy_of(name, folder):
    # A space and a non-ASCII letter are percent-encoded in the URI.
    path = Path(folder) / f"mein Auftrag ü {Path(name).name}"
    shutil.copyfile(FIXTURES / name, path)
    return path


@pytest.mark.parametrize("name", SEVERAL + OTHERS)
def test_diagnostics(name, tmp_path):
    path = copy_of(name, tmp_path)
    assert shown_diagnostics(neovim(path, "none", tmp_path)["before"]) == expected_diagnostics(path)


def test_one_fix(tmp_path):
    path = copy_of(PASTED_FIXTURE, tmp_path)
    before = path.read_bytes()
    [finding] = [each for each in findings(path) if each["rule"] == "json/trailing-comma"]
    wanted = apply_byte_edits(before, finding["fix"]["edits"])
    session = neovim(path, "json/trailing-comma", tmp_path)
    assert path.read_bytes() == wanted
    # report() caches by path, so the changed file needs another path.
    fixed_copy = tmp_path / "fixed.json"
    fixed_copy.write_bytes(wanted)
    assert shown_diagnostics(session["after"]) == expected_diagnostics(fixed_copy)
    assert len(session["after"]) == len(session["before"]) - 1


def test_an_unsafe_fix(tmp_path):
    path = copy_of(PASTED_FIXTURE, tmp_path)
    before = path.read_bytes()
    [finding] = [each for each in findings(path) if each["rule"] == "order/po-number-case"]
    session = neovim(path, "order/po-number-case", tmp_path)
    assert session["title"].endswith("(unsafe)")
    assert path.read_bytes() == apply_byte_edits(before, finding["fix"]["edits"])


@pytest.mark.parametrize(
    "name",
    [name for name in SEVERAL if report(FIXTURES / name)["summary"]["fixes"]["safe"]],
)
def test_all_fixes(name, tmp_path):
    path = copy_of(name, tmp_path)
    copies = tmp_path / "copies"
    copies.mkdir()
    wanted = fixed_bytes(path, copies)
    session = neovim(path, "all", tmp_path)
    assert path.read_bytes() == wanted
    fixed_copy = tmp_path / "fixed.json"
    fixed_copy.write_bytes(wanted)
    assert shown_diagnostics(session["after"]) == expected_diagnostics(fixed_copy)
    assert report(fixed_copy)["summary"]["fixes"]["safe"] == 0


def test_recipe(tmp_path):
    settings = tmp_path / "init.lua"
    settings.write_text(recipe("Neovim 0.7 to 0.10"))
    path = copy_of(PASTED_FIXTURE, tmp_path)
    session = neovim(path, "none", tmp_path, RECIPE=str(settings))
    assert shown_diagnostics(session["before"]) == expected_diagnostics(path)
