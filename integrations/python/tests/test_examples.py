"""The examples run, each as a user runs it."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import BAD, GOOD, UNCLOSED_COMMA
from pyarrow import parquet

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def run(name: str, *arguments: str) -> str:
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    environment["POLARS_FMT_MAX_COLS"] = "20"
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *arguments], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def export(tmp_path: Path) -> str:
    table = pa.table({"customer": ["a", "b", "c"], "payload": [GOOD, BAD, UNCLOSED_COMMA]})
    parquet.write_table(table, tmp_path / "export.parquet")
    return str(tmp_path / "export.parquet")


def test_duckdb(export: str):
    shown = run("duckdb_export.py", export)
    assert "json/trailing-comma" in shown and "schema/minimum" in shown


def test_polars(export: str):
    assert run("polars_export.py", export).splitlines()[-1] == "1 valid, 2 invalid"


def test_spark(tmp_path: Path):
    pytest.importorskip("pyspark")
    (tmp_path / "export").mkdir()
    for name, lines in (("a.ndjson.gz", [GOOD, BAD]), ("b.ndjson.gz", [UNCLOSED_COMMA])):
        (tmp_path / "export" / name).write_bytes(gzip.compress(("\n".join(lines) + "\n").encode()))
    shown = run("spark_export.py", str(tmp_path / "export"), str(tmp_path / "findings"))
    assert "json/trailing-comma" in shown and "about 3 records" in shown
    folders = {path.name for path in (tmp_path / "findings").iterdir() if path.is_dir()}
    assert "rule=json%2Ftrailing-comma" in folders
