"""Emacs with eglot shows the findings of the command line, and saves what `check --fix` writes.

The tests are skipped if Emacs or eglot is not installed; `run.sh --emacs` installs them.
"""

import json
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
    recipe,
    report,
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


pytestmark = pytest.mark.skipif(not has_eglot(), reason="Emacs with eglot is not installed")


def emacs(path, action, folder, **more):
    """Opens the file in Emacs and returns the output of session.el."""
    output = Path(folder) / "output.json"
    home = Path(folder) / "home"
    home.mkdir()
    completed = subprocess.run(
        [EMACS, "--batch", "-q", "-l", SESSION],
        env={
            **environment_with_binary(),
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
    assert completed.returncode == 0, completed.stderr.decode()
    return json.loads(output.read_text())


def shown_diagnostics(diagnostics):
    return sorted(
        (fields["start"], fields["stop"], fields["level"], fields["text"]) for fields in diagnostics
    )


def expected_diagnostics(path):
    """Returns the findings of the command line as flymake shows them: columns are in characters."""
    wanted = []
    for finding in findings(path):
        fields = expected_diagnostic(finding, path.read_bytes(), "utf-32")
        start, stop = map(list, fields["range"])
        text = f"countersign [{fields['rule']}]: {fields['message']}"
        wanted.append((start, stop, LEVELS[fields["severity"]], text))
    return sorted(wanted)


@pytest.mark.parametrize("name", SEVERAL)
def test_diagnostics(name, tmp_path):
    path = tmp_path / f"mein Auftrag ü {Path(name).name}"
    shutil.copyfile(FIXTURES / name, path)
    assert shown_diagnostics(emacs(path, "", tmp_path)["before"]) == expected_diagnostics(path)


def test_all_fixes(tmp_path):
    name = "invalid/several/pasted-from-a-guide.json"
    path = tmp_path / "order.json"
    shutil.copyfile(FIXTURES / name, path)
    copies = tmp_path / "copies"
    copies.mkdir()
    wanted = fixed_bytes(path, copies)
    session = emacs(path, "source.fixAll.countersign", tmp_path)
    assert path.read_bytes() == wanted
    fixed_copy = tmp_path / "fixed.json"
    fixed_copy.write_bytes(wanted)
    assert shown_diagnostics(session["after"]) == expected_diagnostics(fixed_copy)
    assert report(fixed_copy)["summary"]["fixes"]["safe"] == 0


def test_recipe(tmp_path):
    settings = tmp_path / "init.el"
    settings.write_text(recipe("Emacs with eglot"))
    path = tmp_path / "order.json"
    shutil.copyfile(FIXTURES / "invalid/several/pasted-from-a-guide.json", path)
    assert shown_diagnostics(
        emacs(path, "", tmp_path, RECIPE=str(settings))["before"]
    ) == expected_diagnostics(path)
