"""The findings about every fixture of the project are those of the command line."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor

import countersign
import pyarrow as pa
from conftest import ROOT, TODAY, fixture_files, run_command


def without(row, *names):
    return {name: value for name, value in row.items() if name not in names}


def test_files_and_payloads_have_the_findings_of_the_command_line():
    os.chdir(ROOT)
    checker = countersign.Checker(today=TODAY)
    files = fixture_files()
    assert len(files) > 100
    with ThreadPoolExecutor(4) as threads:
        runs = list(threads.map(lambda path: run_command("--no-config", str(path)), files))
    total = 0
    for path, (_, expected, _) in zip(files, runs):
        found = [finding.to_dict() for finding in checker.check_file(path)]
        assert found == expected, path
        total += len(found)
        if path.suffix == ".json":
            content = path.read_bytes()
            differing = ("file", "fingerprint")
            expected = [without(row, *differing) for row in expected]
            assert [without(found.to_dict(), *differing) for found in checker.check(content)] == expected, path
    assert total > 200


def test_a_payload_in_one_line_has_the_findings_of_the_command_line():
    # It is checked without the machinery for files.
    checker = countersign.Checker(today=TODAY)
    texts = [json.dumps(json.loads(path.read_bytes())) for path in fixture_files() if is_json(path)]
    texts += [text[: len(text) * 2 // 3] for text in texts[::4]] + [f" {text}\n" for text in texts[::4]]
    with ThreadPoolExecutor(4) as threads:
        runs = list(threads.map(lambda text: run_command("--no-config", "-", stdin=text.encode()), texts))
    assert len(texts) > 300
    for text, (_, expected, _) in zip(texts, runs):
        differing = ("file", "fingerprint")
        found = [without(finding.to_dict(), *differing) for finding in checker.check(text)]
        assert found == [without(row, *differing) for row in expected], text


def is_json(path):
    try:
        return path.suffix == ".json" and json.loads(path.read_bytes()) is not None
    except ValueError:
        return False


def test_each_payload_among_many_has_the_findings_of_one_alone():
    checker = countersign.Checker(today=TODAY)
    files = [path for path in fixture_files() if path.suffix == ".json"]
    alone = [checker.check(path.read_bytes()) for path in files]
    for path, expected in zip(files, alone):
        content = path.read_bytes()
        [found] = checker.check_many([content])
        # A label names a place in the same payload; only records of other payloads are named by their number.
        assert [finding.to_dict() for finding in found] == [finding.to_dict() for finding in expected], path
        table = pa.record_batch(checker.check_arrow(pa.array([content]))).to_pylist()
        assert table == [arrow_row(finding) for finding in expected], path


def arrow_row(finding):
    start, end = finding.range.start, finding.range.end
    return {
        "row": 0,
        "rule": finding.rule,
        "level": finding.level,
        "message": finding.message,
        "help": finding.help,
        "url": finding.url,
        "record_key": finding.record.key if finding.record else None,
        "kind": finding.kind,
        "form": finding.form,
        "pointer": finding.pointer,
        "path": finding.path,
        "offset": start.offset,
        "line": start.line,
        "column": start.column,
        "end_offset": end.offset,
        "end_line": end.line,
        "end_column": end.column,
        "fix_title": finding.fix.title if finding.fix else None,
        "fix_safety": finding.fix.safety if finding.fix else None,
        "fingerprint": finding.fingerprint,
    }
