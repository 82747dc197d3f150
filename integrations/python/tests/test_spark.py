"""Checks on Spark in one process with two threads, against a run on one machine."""

from __future__ import annotations

import datetime
import json
import os
import random
import sys
from pathlib import Path

import countersign
import pyarrow as pa
import pytest
from conftest import BAD, GOOD, SALE, TODAY
from countersign import _bundle, spark

pyspark = pytest.importorskip("pyspark")

RELATION_COLUMNS = ("row", "rule", "level", "message", "pointer", "offset", "end_offset", "kind", "form", "record_key")


@pytest.fixture(scope="module")
def session():
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "700")
        .config("spark.sql.warehouse.dir", "/nonexistent")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def export(records: int) -> list:
    """Payloads of a seed: valid, invalid and damaged orders, and every relation of the rules under `export/`."""
    chance = random.Random(20)
    tenants = [f"tenant{number}.onmicrosoft.com" for number in range(records // 5)]
    guids = [f"5f6e2b1c-8a47-4d0b-9d8e-{number:012x}" for number in range(50)]
    payloads = []
    for number in range(records):
        kind = chance.random()
        customer = str(2000000 + chance.randrange(records // 10))
        if kind < 0.35:
            lines = []
            for _ in range(chance.choice([1, 1, 2, 3])):
                parameters = [{"name": "microsoft_domain", "value": chance.choice(tenants)}]
                if chance.random() < 0.4:
                    parameters.append({"name": "tenant_preference", "value": "new"})
                lines.append(
                    {"mpn": f"CFQ7TTC0LDPB:000{chance.randrange(4)}", "quantity": 1, "parameters": parameters}
                )
            payload = {"customerId": customer, "type": "sales", "products": lines}
            if chance.random() < 0.3:
                payload = {"id": str(chance.randrange(records // 3)), "status": "completed", **payload}
        elif kind < 0.55:
            payload = {
                "id": f"CER-{chance.randrange(400):04}-0000-0000",
                "status": chance.choice(["Active", "Terminated", "Pending", "Updating", "Expired"]),
                "audit": {"updated": {"at": f"2025-0{chance.randrange(1, 9)}-03T10:00:00.000Z"}},
            }
        elif kind < 0.65:
            guid = chance.choice(guids)
            parameters = [
                {"name": "special_qualifications", "value": "None"},
                {"name": "microsoft_tenant_id", "value": guid},
            ]
            line = {"mpn": "CFQ7TTC0LDPB:0001", "quantity": 1, "parameters": parameters}
            payload = {"customerId": customer, "type": "sales", "products": [line]}
        elif kind < 0.68:
            body = '[{"qualification": "StateOwnedEntity"}]'
            payloads.append(f"GET /v1/customers/{chance.choice(guids)}/qualifications HTTP/1.1\n\n{body}")
            continue
        elif kind < 0.9:
            payload = json.loads(GOOD)
            payload["customerId"] = customer
        else:
            payloads.append(chance.choice([BAD, GOOD[:-1], "", "nonsense", GOOD.replace("4}", "4,}")]))
            continue
        payloads.append(json.dumps(payload))
    return payloads


@pytest.fixture(scope="module")
def payloads():
    return export(20_000)


@pytest.fixture(scope="module")
def on_one_machine(payloads):
    findings = pa.table(countersign.check_arrow(pa.array(payloads), today=TODAY)).to_pylist()
    return findings


def frame_of(session, payloads, partitions=7):
    """A data frame with the payloads in any order; `number` is the order of the records."""
    rows = [(number, payload) for number, payload in enumerate(payloads)]
    random.Random(1).shuffle(rows)
    return session.createDataFrame(rows, "number bigint, value string").repartition(partitions)


def is_relation(row):
    return row["rule"].startswith("export/") and row["rule"] != "export/page-mismatch"


def comparable(rows, number):
    """Findings without the texts that name another record by its place in the input."""
    found = []
    for row in rows:
        names = RELATION_COLUMNS[1:] if is_relation(row) else [name for name in row if name not in ("row", "key")]
        found.append((row[number], sorted((name, row[name]) for name in names)))
    return sorted(found, key=repr)


@pytest.fixture(scope="module")
def on_spark(session, payloads):
    findings = spark.check(frame_of(session, payloads), key="number", today=TODAY)
    return [row.asDict() for row in findings.collect()]


def test_findings_are_those_of_one_machine(on_spark, on_one_machine):
    rules = {row["rule"] for row in on_one_machine if is_relation(row)}
    assert rules == {
        "export/duplicate-order",
        "export/duplicate-record",
        "export/illegal-transition",
        "export/state-owned-contradiction",
    }
    assert comparable(on_spark, "key") == comparable(on_one_machine, "row")


def test_a_relation_names_the_earlier_record(on_spark, on_one_machine):
    on_spark = {(row["key"], row["rule"], row["offset"]): row["help"] for row in on_spark if is_relation(row)}
    relations = [row for row in on_one_machine if is_relation(row)]
    assert len(relations) > 1000
    for row in relations:
        # One machine numbers the records from 1; the key is their place from 0.
        number, advice = named_record(row["help"])
        assert named_record(on_spark[row["row"], row["rule"], row["offset"]]) == (number - 1, advice)
        assert number <= row["row"]


def named_record(text):
    """The number of the record in a help text, and the rest of it."""
    record, advice = text.split("; ", 1)
    return int(record.removeprefix("compare with record ")), advice


def test_without_a_key_the_rows_have_numbers(session):
    frame = session.createDataFrame([(BAD,), (GOOD,), (None,), ("",)], "value string").coalesce(1)
    findings = spark.check(frame, today=TODAY)
    assert findings.columns == ["row", *[field.split()[0] for field in spark.FINDING_SCHEMA.split(", ")]]
    assert [row["row"] for row in findings.collect()] == [0]


def test_binary_payloads_and_keys_of_any_type(session):
    rows = [(datetime.date(2025, 1, day), json.dumps(SALE).encode()) for day in (2, 1)]
    frame = session.createDataFrame(rows, "day date, body binary")
    findings = spark.check(frame, "body", "day", today=TODAY).where("rule = 'export/duplicate-order'")
    [duplicate] = findings.collect()
    assert duplicate["key"] == datetime.date(2025, 1, 2)
    assert duplicate["help"] == "compare with record 2025-01-01; keep one of the two"


def test_several_records_in_one_row(session):
    frame = session.createDataFrame([(1, json.dumps([SALE, SALE])), (2, json.dumps(SALE))], "n int, value string")
    found = spark.check(frame, key="n", today=TODAY).where("rule = 'export/duplicate-order'").collect()
    assert sorted((row["key"], row["pointer"], row["help"]) for row in found) == [
        (1, "/1/customerId", "compare with element 1 of record 1; keep one of the two"),
        (2, "/customerId", "compare with element 1 of record 1; keep one of the two"),
    ]
    alone = spark.check(frame, key="n", today=TODAY, relate=False).where("rule like 'export/%'").collect()
    assert [row["key"] for row in alone] == [1]


def test_split_and_summary(session):
    payloads = export(1500)
    on_one_machine = pa.table(countersign.check_arrow(pa.array(payloads), today=TODAY)).to_pylist()
    frame = frame_of(session, payloads)
    for fail_on, levels in (("error", {"error"}), ("warning", {"error", "warning"})):
        expected = {row["row"] for row in on_one_machine if row["level"] in levels}
        valid, invalid = spark.split(frame, key="number", fail_on=fail_on, today=TODAY)
        assert valid.columns == invalid.columns == ["number", "value"]
        assert {row["number"] for row in invalid.collect()} == expected
        assert valid.count() == len(payloads) - len(expected)
    counts = {}
    for row in on_one_machine:
        counts[row["rule"], row["level"]] = counts.get((row["rule"], row["level"]), 0) + 1
    summary = spark.summary(spark.check(frame, key="number", today=TODAY)).collect()
    assert {(row["rule"], row["level"]): row["findings"] for row in summary} == counts
    assert [row["findings"] for row in summary] == sorted(counts.values(), reverse=True)
    with pytest.raises(countersign.InputError, match="there is no level `fatal`"):
        spark.split(frame, fail_on="fatal")


def test_split_without_a_key(session, tmp_path):
    (tmp_path / "export.ndjson").write_text("\n".join([GOOD, BAD, GOOD, BAD.replace("7733", "7734")]) + "\n")
    valid, invalid = spark.split(session.read.text(str(tmp_path / "export.ndjson")), today=TODAY)
    assert [row["value"] for row in invalid.collect()] == [BAD, BAD.replace("7733", "7734")]
    assert valid.count() == 2 and valid.columns == ["value"]


def test_the_configuration_travels(session, config: Path):
    part = json.dumps({**SALE, "products": [{**SALE["products"][0], "mpn": "CFQ7TTC0LH16:0001"}]})
    frame = session.createDataFrame([(1, part), (2, part), (3, GOOD)], "n int, value string")
    findings = spark.check(frame, key="n", config=config, today=TODAY)
    # The files are read when the job is made; the workers need none of them.
    for name in ("lists/numbers.txt", "own.schema.json", "countersign.toml"):
        (config.parent / name).unlink()
    rows = findings.collect()
    assert {row["key"] for row in rows if row["rule"] == "order/unknown-mpn"} == {1, 2}
    assert [(row["key"], row["level"]) for row in rows if row["rule"] == "export/duplicate-order"] == [(2, "error")]


def test_ignores_and_levels_apply_to_relations(session, tmp_path: Path):
    path = tmp_path / "countersign.toml"
    frame = session.createDataFrame([(1, json.dumps(SALE)), (2, json.dumps(SALE))], "n int, value string")

    def relations():
        found = spark.check(frame, key="n", config=path, today=TODAY).where("rule like 'export/%'")
        return [row["key"] for row in found.collect()]

    path.write_text("")
    assert relations() == [2]
    path.write_text('[rules]\n"export/*" = "off"\n')
    assert relations() == []
    path.write_text(
        f'[[ignore]]\nrule = "export/duplicate-order"\nrecord = "{SALE["customerId"]}"\nreason = "a pilot"\n'
    )
    assert relations() == []


def test_a_configuration_that_cannot_travel_is_an_error(session, tmp_path: Path):
    frame = session.createDataFrame([(GOOD,)], "value string")
    path = tmp_path / "countersign.toml"
    (tmp_path / "numbers.txt").write_text("CFQ7TTC0LCHC:0002\n")
    path.write_text(f"catalogue = '{tmp_path / 'numbers.txt'}'\n")
    with pytest.raises(countersign.ConfigError, match="is an absolute path, which other machines do not have"):
        spark.check(frame, config=path)
    path.write_text('catalogue = "missing.txt"\n')
    with pytest.raises(countersign.ConfigError, match="missing.txt: no such file or folder"):
        spark.check(frame, config=path)
    path.write_text('fail-on = "x"\n')
    with pytest.raises(countersign.ConfigError, match="`fail-on` must be"):
        spark.check(frame, config=path)
    path.write_text('catalog = "numbers.txt"\n')
    with pytest.warns(countersign.ConfigWarning, match="unknown property `catalog`"):
        spark.check(frame, config=path)


def test_files_above_the_configuration_travel_too(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "shared" / "below").mkdir(parents=True)
    (tmp_path / "shared" / "numbers.txt").write_text("CFQ7TTC0LCHC:0002\n")
    (tmp_path / "shared" / "below" / "more.txt").write_text("CFQ7TTC0LDPB:0001\n")
    (tmp_path / "a" / "countersign.toml").write_text('catalogue = "../shared/**/*.txt"\n')
    files = _bundle.pack(tmp_path / "a" / "countersign.toml")
    assert list(files) == ["a/countersign.toml", "shared/below/more.txt", "shared/numbers.txt"]
    folder = tmp_path / "other machine"
    checker = countersign.Checker(_bundle.unpack(files, str(folder)))
    assert [found.rule for found in checker.check(GOOD)] == []


def test_a_wrong_column_is_an_error(session):
    frame = session.createDataFrame([(1, GOOD)], "n int, value string")
    with pytest.raises(countersign.InputError, match="there is no column `body`; the columns are `n`, `value`"):
        spark.check(frame, "body")
    with pytest.raises(countersign.InputError, match="must hold strings, found int"):
        spark.check(frame, "n")
