"""Arrow in, Arrow out, with the libraries that speak the C data interface."""

from __future__ import annotations

import gc
from pathlib import Path

import countersign
import duckdb
import polars
import pyarrow as pa
import pytest
from conftest import BAD, GOOD, SALE, TODAY
from pyarrow import csv, parquet

import json

ROWS = [GOOD, None, BAD, "", json.dumps(SALE), GOOD, json.dumps(SALE)]
SCHEMA = [
    ("row", "int64", False),
    ("rule", "string", False),
    ("level", "string", False),
    ("message", "string", False),
    ("help", "string", True),
    ("url", "string", True),
    ("record_key", "string", True),
    ("kind", "string", True),
    ("form", "string", True),
    ("pointer", "string", False),
    ("path", "string", False),
    ("offset", "int64", False),
    ("line", "int64", False),
    ("column", "int64", False),
    ("end_offset", "int64", False),
    ("end_line", "int64", False),
    ("end_column", "int64", False),
    ("fix_title", "string", True),
    ("fix_safety", "string", True),
    ("fingerprint", "string", False),
]


def found(data, column=None, **options):
    table = pa.table(countersign.check_arrow(data, column, today=TODAY, **options))
    return [(row["row"], row["rule"]) for row in table.to_pylist()]


@pytest.fixture(scope="module")
def expected():
    rows = found(pa.array(ROWS))
    assert {row for row, _ in rows} == {2, 4, 6}
    assert (6, "export/duplicate-order") in rows and (4, "export/duplicate-order") not in rows
    return rows


def test_the_schema_is_fixed():
    for data in (pa.array(ROWS), pa.array([GOOD]), pa.array([], pa.string())):
        findings = countersign.check_arrow(data)
        assert findings.columns() == SCHEMA
        assert findings.column_names() == [name for name, _, _ in SCHEMA]
        batch = pa.record_batch(findings)
        assert [(field.name, str(field.type), field.nullable) for field in batch.schema] == SCHEMA
        assert len(findings) == batch.num_rows
    assert pa.schema(findings) == batch.schema


@pytest.mark.parametrize(
    "type", [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view()]
)
def test_every_type_of_strings_and_bytes(type, expected):
    values = ROWS if "string" in str(type) else [row if row is None else row.encode() for row in ROWS]
    assert found(pa.array(values, type)) == expected
    sliced = pa.array([BAD if "string" in str(type) else BAD.encode(), *values], type)[1:]
    assert found(sliced) == expected


def test_chunks_batches_and_tables(expected):
    table = pa.table({"number": range(len(ROWS)), "payload": ROWS})
    assert found(pa.chunked_array([ROWS[:3], ROWS[3:]])) == expected
    assert found(table) == found(table, "payload") == expected
    assert found(table.to_batches()[0], "payload") == expected
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=2))
    assert found(reader) == expected
    assert found(pa.nulls(5)) == []


def test_polars(expected):
    frame = polars.DataFrame({"number": range(len(ROWS)), "payload": ROWS})
    assert found(frame["payload"]) == found(frame, "payload") == expected
    findings = polars.DataFrame(countersign.check_arrow(frame, "payload", today=TODAY))
    assert list(findings.select("row", "rule").iter_rows()) == expected


def test_duckdb(expected):
    connection = duckdb.connect()
    connection.execute("create table export (number integer, payload varchar)")
    connection.executemany("insert into export values (?, ?)", list(enumerate(ROWS)))
    relation = connection.sql("select payload from export order by number")
    assert found(relation) == expected
    findings = pa.table(countersign.check_arrow(relation, today=TODAY))
    counted = connection.sql("select row, rule from findings").fetchall()
    assert counted == expected


def test_threads_and_batches_change_nothing():
    payloads = [BAD.replace("1000417733", str(3000000 + number % 15000)) for number in range(30000)]
    chunks = pa.chunked_array([payloads[:7], payloads[7:20000], payloads[20000:]])
    one, four = (pa.table(countersign.check_arrow(chunks, jobs=jobs)) for jobs in (1, 4))
    assert one.equals(four) and one.num_rows >= 30000


def test_the_input_outlives_the_call_only_as_long_as_needed():
    array = pa.array([BAD] * 1000)
    findings = countersign.check_arrow(array)
    before = pa.total_allocated_bytes()
    del array
    gc.collect()
    assert pa.total_allocated_bytes() < before
    batch = pa.record_batch(findings)
    del findings
    gc.collect()
    batch.validate(full=True)
    assert batch.column("rule").to_pylist()[0].startswith("schema/")


def test_other_data_is_an_error():
    for data, message in [
        ([BAD], "expected Arrow data, found `list`"),
        (pa.array([1, 2]), "must hold strings or bytes, found Int64"),
        (pa.table({"a": [1]}), "no column holds strings or bytes"),
        (pa.table({"a": ["x"], "b": ["y"]}), "several columns can hold the payloads: `a`, `b`"),
    ]:
        with pytest.raises(countersign.ArrowTypeError, match=message):
            countersign.check_arrow(data)
    with pytest.raises(countersign.ArrowTypeError, match="there is no column `c`; the columns are `a`"):
        countersign.check_arrow(pa.table({"a": ["x"]}), "c")


def test_an_error_of_the_producer_is_an_exception():
    def batches():
        yield pa.record_batch({"payload": [GOOD]})
        raise OSError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(pa.schema({"payload": pa.string()}), batches())
    with pytest.raises(countersign.InputError, match="the disk is gone"):
        countersign.check_arrow(reader)


def test_parquet_and_csv(tmp_path: Path, expected):
    table = pa.table({"number": range(len(ROWS)), "payload": ROWS})
    parquet.write_table(table, tmp_path / "export.parquet", row_group_size=2)
    csv.write_csv(table, tmp_path / "export.csv")
    for findings in (
        countersign.check_parquet(tmp_path / "export.parquet", column="payload", today=TODAY),
        countersign.check_parquet(str(tmp_path / "export.parquet"), today=TODAY),
        countersign.check_parquet([tmp_path / "export.parquet"], "payload", today=TODAY),
        countersign.check_csv(tmp_path / "export.csv", "payload", today=TODAY),
    ):
        rows = pa.table(findings).select(["row", "rule"]).to_pylist()
        assert [(row["row"], row["rule"]) for row in rows] == expected
    with pytest.raises(countersign.ArrowTypeError, match="there is no column `body`"):
        countersign.check_parquet(tmp_path / "export.parquet", "body")
    with pytest.raises(countersign.InputError, match="missing.parquet"):
        countersign.check_parquet(tmp_path / "missing.parquet")
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(countersign.InputError, match="damaged.parquet"):
        countersign.check_parquet(tmp_path / "damaged.parquet")


def test_the_command_line_names_the_remedy_for_parquet(tmp_path: Path):
    from conftest import run_command

    path = tmp_path / "export.parquet"
    parquet.write_table(pa.table({"payload": [GOOD]}), path)
    code, [finding], _ = run_command(str(path))
    assert code == 1
    assert finding["rule"] == "payload/not-json"
    assert finding["message"] == "this is not JSON; it is a Parquet file"
    assert "countersign.check_parquet" in finding["help"]
