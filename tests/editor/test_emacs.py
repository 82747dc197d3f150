"""Emacs with eglot shows what the command line says, and saves what `check --fix` writes.

Runs where Emacs and eglot are installed (`run.sh --emacs` sees to that), and is skipped elsewhere.
"""

import json
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

EMACS = shutil.which("emacs")
SESSION = Path(__file__).parent / "emacs" / "session.el"
LEVELS = {1: "eglot-error", 2: "eglot-warning", 3: "eglot-note"}
SEVERAL = [name for name in fixtures() if name.startswith("invalid/several/")]


def has_eglot():
    if not EMACS:
        return False
    command = [EMACS, "--batch", "-q", "--eval", "(progn (package-initialize) (require 'eglot))"]
    return subprocess.run(command, capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(not has_eglot(), reason="there is no Emacs with eglot")


def emacs(path, action, folder, **more):
    """What the session in Emacs has to tell of the file."""
    output = Path(folder) / "output.json"
    home = Path(folder) / "home"
    home.mkdir()
    done = subprocess.run(
        [EMACS, "--batch", "-q", "-l", SESSION],
        env={
            **with_binary_on_path(),
            **more,
            "HOME": str(home),
            "COUNTERSIGN": BINARY,
            "FILE": str(path),
            "ACTION": action,
            "OUTPUT": str(output),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(output.read_text())


def shown(diagnostics):
    return sorted(
        (each["start"], each["stop"], each["level"], each["text"]) for each in diagnostics
    )


def said(path):
    """The command line's findings as flymake has them: with columns in characters."""
    wanted = []
    for found in findings(path):
        each = expected(found, path.read_bytes(), "utf-32")
        start, stop = map(list, each["range"])
        text = f"countersign [{each['rule']}]: {each['message']}"
        wanted.append((start, stop, LEVELS[each["severity"]], text))
    return sorted(wanted)


@pytest.mark.parametrize("name", SEVERAL)
def test_diagnostics(name, tmp_path):
    path = tmp_path / f"mein Auftrag ü {Path(name).name}"
    shutil.copyfile(FIXTURES / name, path)
    assert shown(emacs(path, "", tmp_path)["before"]) == said(path)


def test_all_fixes(tmp_path):
    name = "invalid/several/pasted-from-a-guide.json"
    path = tmp_path / "order.json"
    shutil.copyfile(FIXTURES / name, path)
    copies = tmp_path / "copies"
    copies.mkdir()
    wanted = fixed(path, copies)
    session = emacs(path, "source.fixAll.countersign", tmp_path)
    assert path.read_bytes() == wanted
    mended = tmp_path / "mended.json"
    mended.write_bytes(wanted)
    assert shown(session["after"]) == said(mended)
    assert report(mended)["summary"]["fixes"]["safe"] == 0


def test_recipe(tmp_path):
    settings = tmp_path / "init.el"
    settings.write_text(recipe("Emacs with eglot"))
    path = tmp_path / "order.json"
    shutil.copyfile(FIXTURES / "invalid/several/pasted-from-a-guide.json", path)
    assert shown(emacs(path, "", tmp_path, RECIPE=str(settings))["before"]) == said(path)
