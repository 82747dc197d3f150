"""What the tests share: the fixtures of the project, and the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "fixtures"
TODAY = "2026-11-29"

ORDER = {
    "customerId": "1000417733",
    "type": "change",
    "subscriptionId": "7",
    "products": [{"mpn": "CFQ7TTC0LCHC:0002", "quantity": 4}],
}
GOOD = json.dumps(ORDER)
BAD = json.dumps({**ORDER, "products": [{"mpn": "CFQ7TTC0LCHC:0002", "quantity": -4}]})
UNCLOSED_COMMA = '{"customerId": "1000417733", "type": "change", "subscriptionId": "7",}'

SALE = {
    "customerId": "2000417730",
    "type": "sales",
    "products": [
        {
            "mpn": "CFQ7TTC0LDPB:0001",
            "quantity": 1,
            "parameters": [{"name": "microsoft_domain", "value": "pinecrestmill.onmicrosoft.com"}],
        }
    ],
}


def command() -> List[str]:
    """The command line: the binary that COUNTERSIGN names, else the one of the wheel."""
    named = os.environ.get("COUNTERSIGN")
    return [named] if named else [sys.executable, "-m", "countersign"]


def run_command(*arguments: str, stdin: bytes = b"") -> Tuple[int, List[Dict[str, Any]], str]:
    """The exit code, the findings and standard error of `countersign check`."""
    done = subprocess.run(
        [*command(), "check", "--format", "json", "--no-progress", "--today", TODAY, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
    )
    findings = json.loads(done.stdout)["findings"] if done.stdout else []
    return done.returncode, findings, done.stderr.decode()


def fixture_files() -> List[Path]:
    return sorted(path for path in FIXTURES.rglob("*") if path.is_file())


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with a catalogue and a schema."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "numbers.txt").write_text("CFQ7TTC0LCHC:0002\n")
    (tmp_path / "own.schema.json").write_text("{}")
    path = tmp_path / "countersign.toml"
    path.write_text(
        'catalogue = "lists/*.txt"\n'
        "[rules]\n"
        '"export/duplicate-order" = "error"\n'
        "[[payloads]]\n"
        'files = "in/*.json"\n'
        'schema = "own.schema.json"\n'
    )
    return path
