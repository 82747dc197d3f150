"""The Python code of the documentation runs and prints what is written after it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from conftest import BAD, ROOT, SALE
from test_spark import session  # noqa: F401  (a fixture)


def run_page(name: str, capsys, paths: dict, **names):
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", (ROOT / "docs" / name).read_text(), re.MULTILINE | re.DOTALL)
    run = compared = 0
    for index, (language, code) in enumerate(blocks):
        if language != "python":
            continue
        for path, own in paths.items():
            code = code.replace(f'"{path}"', repr(str(own)))
        capsys.readouterr()
        exec(compile(code, name, "exec"), names)
        run += 1
        following = blocks[index + 1]
        if following[0] == "text":
            # A table of Spark ends in an empty line.
            assert capsys.readouterr().out.rstrip("\n") == following[1].rstrip("\n"), code
            compared += 1
    assert run == compared > 2


def test_the_page_on_python(capsys, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_page("python.md", capsys, {})


def test_the_page_on_spark(capsys, tmp_path: Path, session):  # noqa: F811
    (tmp_path / "export").mkdir()
    sale = json.dumps(json.loads((ROOT / "fixtures/valid/order/new-tenant-minimal.json").read_text()))
    (tmp_path / "export" / "orders.ndjson").write_text("\n".join([sale, BAD, sale]) + "\n")
    # Spark takes relative paths from the folder in which it was started.
    paths = {name: tmp_path / name for name in ("export", "findings")}
    run_page("spark.md", capsys, paths, spark=session, order=json.dumps(SALE))
