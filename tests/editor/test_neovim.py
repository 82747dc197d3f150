"""Neovim shows what the command line says, and saves what `check --fix` writes."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from command_line import (
    BINARY,
    FIXTURES,
    expected,
    findings,
    fixed,
    fixtures,
    recipe,
    report,
    with_binary_on_path,
)
from text import apply_byte_edits

NEOVIM = os.environ.get("NEOVIM") or shutil.which("nvim")
SESSION = Path(__file__).parent / "neovim" / "session.lua"
GUIDE = "invalid/several/pasted-from-a-guide.json"
SEVERAL = [name for name in fixtures() if name.startswith("invalid/several/")]
OTHERS = [
    "invalid/order/mpn-shape.json",
    "invalid/payload/damaged-text.json",
    "valid/order/chinese-company-name.json",
    "valid/order/crlf-line-ends.json",
    "invalid/payload/unknown-kind.json",
]


def neovim(path, action, folder, **more):
    """What the session in Neovim has to tell of the file."""
    assert NEOVIM, "Neovim is not there; run.sh installs it"
    output = Path(folder) / "output.json"
    done = subprocess.run(
        [NEOVIM, "--headless", "-u", "NONE", "-i", "NONE", "-c", f"luafile {SESSION}"],
        env={
            **with_binary_on_path(),
            **more,
            "COUNTERSIGN": BINARY,
            "FILE": str(path),
            "ACTION": action,
            "OUTPUT": str(output),
            # Nothing of the person's own Neovim, and nothing left behind in it.
            **{
                f"XDG_{name}_HOME": str(Path(folder) / name.lower())
                for name in ("CONFIG", "DATA", "STATE", "CACHE")
            },
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(output.read_text())


def shown(diagnostics):
    for each in diagnostics:
        assert each["source"] == "countersign"
    return sorted(
        (tuple(each["start"]), tuple(each["stop"]), each["rule"], each["severity"], each["message"])
        for each in diagnostics
    )


def said(path):
    """The command line's findings as Neovim has them: with columns in bytes."""
    if not any(found["kind"] for found in findings(path)):
        return []
    wanted = (expected(found, path.read_bytes(), "utf-8") for found in findings(path))
    return sorted(
        (*each["range"], each["rule"], each["severity"], each["message"]) for each in wanted
    )


def copy_of(name, folder):
    # A name with a blank and a letter beyond ASCII, which the URI spells otherwise.
    path = Path(folder) / f"mein Auftrag ü {Path(name).name}"
    shutil.copyfile(FIXTURES / name, path)
    return path


@pytest.mark.parametrize("name", SEVERAL + OTHERS)
def test_diagnostics(name, tmp_path):
    path = copy_of(name, tmp_path)
    assert shown(neovim(path, "none", tmp_path)["before"]) == said(path)


def test_one_fix(tmp_path):
    path = copy_of(GUIDE, tmp_path)
    before = path.read_bytes()
    [found] = [each for each in findings(path) if each["rule"] == "json/trailing-comma"]
    wanted = apply_byte_edits(before, found["fix"]["edits"])
    session = neovim(path, "json/trailing-comma", tmp_path)
    assert path.read_bytes() == wanted
    # The report of the command line is kept by path, and this file is another now.
    mended = tmp_path / "mended.json"
    mended.write_bytes(wanted)
    assert shown(session["after"]) == said(mended)
    assert len(session["after"]) == len(session["before"]) - 1


def test_an_unsafe_fix(tmp_path):
    path = copy_of(GUIDE, tmp_path)
    before = path.read_bytes()
    [found] = [each for each in findings(path) if each["rule"] == "order/po-number-case"]
    session = neovim(path, "order/po-number-case", tmp_path)
    assert session["title"].endswith("(unsafe)")
    assert path.read_bytes() == apply_byte_edits(before, found["fix"]["edits"])


@pytest.mark.parametrize(
    "name",
    [name for name in SEVERAL if report(FIXTURES / name)["summary"]["fixes"]["safe"]],
)
def test_all_fixes(name, tmp_path):
    path = copy_of(name, tmp_path)
    copies = tmp_path / "copies"
    copies.mkdir()
    wanted = fixed(path, copies)
    session = neovim(path, "all", tmp_path)
    assert path.read_bytes() == wanted
    mended = tmp_path / "mended.json"
    mended.write_bytes(wanted)
    assert shown(session["after"]) == said(mended)
    assert report(mended)["summary"]["fixes"]["safe"] == 0


def test_recipe(tmp_path):
    settings = tmp_path / "init.lua"
    settings.write_text(recipe("Neovim 0.7 to 0.10"))
    path = copy_of(GUIDE, tmp_path)
    session = neovim(path, "none", tmp_path, RECIPE=str(settings))
    assert shown(session["before"]) == said(path)


def test_newer_recipe_is_lua(tmp_path):
    """Debian's Neovim is too old to run it, but it can be read."""
    settings = tmp_path / "init.lua"
    settings.write_text(recipe("Neovim 0.11 and above"))
    command = f"lua if loadfile('{settings}') then vim.cmd('qall!') else vim.cmd('cquit 1') end"
    done = subprocess.run([NEOVIM, "--headless", "-u", "NONE", "-i", "NONE", "-c", command])
    assert done.returncode == 0
