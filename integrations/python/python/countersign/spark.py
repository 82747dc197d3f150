"""Checks of payloads on Apache Spark 3.5 and 4.

A job checks the payloads where they are and sends only findings and small facts over the network: the rules under
`export/` that relate records to each other group these facts by what they are about, so that they hold across
partitions. The configuration, the files that it names and the date travel with the job.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List, Optional, Tuple

from countersign import _bundle, _native
from countersign._checker import Path, Today, _day, warn_of_config
from countersign._errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["FINDING_SCHEMA", "check", "split", "summary"]

FINDING_SCHEMA = (
    "rule string, level string, message string, help string, url string, record_key string, kind string, form string, "
    "pointer string, path string, offset bigint, line bigint, column bigint, end_offset bigint, end_line bigint, "
    "end_column bigint, fix_title string, fix_safety string, fingerprint string"
)
"""The columns of a finding. `check` puts `row`, and `key` if one is given, before them."""

_FINDING_COLUMNS = [field.split()[0] for field in FINDING_SCHEMA.split(", ")]
_LEVELS = {"error": 3, "warning": 2, "info": 1}
_ROW, _KEY, _NAME, _PAYLOAD = "row", "key", "name", "payload"


def check(
    df: DataFrame,
    payload: str = "value",
    key: Optional[str] = None,
    *,
    config: Optional[Path] = None,
    today: Today = None,
    kind: Optional[str] = None,
    form: Optional[str] = None,
    relate: bool = True,
) -> DataFrame:
    """The findings about the payloads in a column of a data frame.

    `key` is a column that names the records and gives their order: where two records contradict each other, the finding
    is about the later one. Without it the order is that of the partitions. Findings have the columns `row`, a number of
    the row within this job, `key` as it is in `df`, and those of `FINDING_SCHEMA`. Positions are within the payload.

    `relate=False` leaves out the rules that relate records of different rows, and with them the shuffle.
    """
    from pyspark.sql import functions as F
    from pyspark.sql.window import Window

    job = _Job(_bundle.pack(config), _day(today), kind, form)
    warn_of_config(job.checker())
    relates = relate and job.checker().relates_records()
    rows = _rows(df, payload, key)
    key_type = dict(rows.dtypes)[_KEY]
    schema = (
        f"{_ROW} bigint, {_KEY} {key_type}, {_NAME} string, {FINDING_SCHEMA}, "
        "subject bigint, record int, records int, fact int, detached binary"
    )
    found = rows.mapInArrow(_map_function(job, relates), schema)
    if relates:
        # A finding is spread by its row, a fact by what it is about.
        found = found.repartition(F.coalesce("subject", F.xxhash64(_ROW)))
        found = found.sortWithinPartitions("subject", _KEY, _ROW, "record", "fact")
        related_schema = f"{_ROW} bigint, {_KEY} {key_type}, {FINDING_SCHEMA}, record int, fact int"
        found = found.mapInArrow(_relate_function(job), related_schema)
        # An order that duplicates another one in several ways is reported once.
        is_once = F.col("fact").isNotNull()
        by_record = Window.partitionBy(_ROW, "record", is_once).orderBy("fact")
        found = found.withColumn("rank", F.when(is_once, F.row_number().over(by_record)))
        found = found.where("level is not null and (rank is null or rank = 1)")
    return found.select(_ROW, *([_KEY] if key is not None else []), *_FINDING_COLUMNS)


def split(
    df: DataFrame,
    payload: str = "value",
    key: Optional[str] = None,
    *,
    fail_on: str = "error",
    config: Optional[Path] = None,
    today: Today = None,
    kind: Optional[str] = None,
    form: Optional[str] = None,
    relate: bool = True,
) -> Tuple[DataFrame, DataFrame]:
    """The rows without and with a finding of the level `fail_on` or a higher one, with the columns of `df`.

    `key` must be unique. Without it, the rows of `df` must be the same and in the same order whenever Spark computes
    them, as those of files are.
    """
    from pyspark.sql import functions as F

    if fail_on not in _LEVELS:
        raise InputError(f"there is no level `{fail_on}`; expected one of {', '.join(_LEVELS)}")
    findings = check(df, payload, key, config=config, today=today, kind=kind, form=form, relate=relate)
    failing = [level for level, rank in _LEVELS.items() if rank >= _LEVELS[fail_on]]
    by = _ROW if key is None else _KEY
    failed = findings.where(F.col("level").isin(failing)).select(F.col(by).alias("__failed")).distinct()
    numbered = df if key is not None else df.withColumn("__row", F.monotonically_increasing_id())
    own = numbered[key] if key is not None else numbered["__row"]
    is_same = own.eqNullSafe(failed["__failed"])
    valid = numbered.join(failed, is_same, "left_anti").drop("__row")
    return valid, numbered.join(failed, is_same, "left_semi").drop("__row")


def summary(findings: DataFrame) -> DataFrame:
    """The number of findings and of rows for each rule and level, most findings first, with an example of each: the key,
    or the row, of one of them."""
    from pyspark.sql import functions as F

    example = _KEY if _KEY in findings.columns else _ROW
    counted = findings.groupBy("rule", "level").agg(
        F.count("*").alias("findings"),
        F.countDistinct(_ROW).alias("rows"),
        F.count("fix_title").alias("fixes"),
        F.min(example).alias("example"),
    )
    return counted.orderBy(F.desc("findings"), "rule", "level")


def _rows(df: DataFrame, payload: str, key: Optional[str]) -> DataFrame:
    """The payload, the number, the key and the name of each row."""
    from pyspark.sql import functions as F

    for name in (payload, key):
        if name is not None and name not in df.columns:
            known = ", ".join(f"`{column}`" for column in df.columns)
            raise InputError(f"there is no column `{name}`; the columns are {known}")
    found = dict(df.dtypes)[payload]
    if found not in ("string", "binary") and not found.startswith(("varchar", "char")):
        raise InputError(
            f"the column `{payload}` must hold strings, found {found}; read the files as text, or use `to_json`"
        )
    row = F.monotonically_increasing_id()
    own_key = row if key is None else df[key]
    numbered = df.select(df[payload].alias(_PAYLOAD), row.alias(_ROW), own_key.alias(_KEY))
    return numbered.withColumn(_NAME, F.coalesce(F.col(_KEY).cast("string"), F.col(_ROW).cast("string")))


class _Job:
    """What travels to the workers."""

    def __init__(self, files: _bundle.Files, today: Optional[str], kind: Optional[str], form: Optional[str]) -> None:
        self.files, self.today, self.kind, self.form = files, today, kind, form
        self.identity = hashlib.sha256(repr((sorted(files.items()), today)).encode()).hexdigest()

    def checker(self) -> _native.Checker:
        """The checker, compiled once in a process."""
        if self.identity not in _CHECKERS:
            while len(_CHECKERS) >= 4:
                _CHECKERS.pop(next(iter(_CHECKERS)))
            with tempfile.TemporaryDirectory(prefix="countersign-") as folder:
                path = _bundle.unpack(self.files, folder)
                _CHECKERS[self.identity] = _native.Checker(path, self.today)
                # Compiled for the stated kind now: the folder is gone afterwards.
                _CHECKERS[self.identity].run(self.kind, self.form, 1)
        return _CHECKERS[self.identity]


_CHECKERS: Dict[str, _native.Checker] = {}


def _map_function(job: _Job, relates: bool) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def checked(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        checker = job.checker()
        for batch in batches:
            found = pa.record_batch(checker.check_detached(batch.column(_PAYLOAD), relates, job.kind, job.form))
            if found.num_rows == 0:
                continue
            index = found.column("index")
            taken = [batch.column(name).take(index) for name in (_ROW, _KEY, _NAME)]
            columns = [_ROW, _KEY, _NAME, *found.schema.names[1:]]
            yield pa.RecordBatch.from_arrays([*taken, *found.columns[1:]], names=columns)

    return checked


def _relate_function(job: _Job) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def related(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        relations = _native.Relations(job.checker())
        last: Any = None
        position = 0

        def findings_about(facts: Any, is_last: bool) -> Any:
            """The findings about the facts and, before them, the last one of the batch before."""
            nonlocal position
            columns = [facts.column(name) for name in _FACT_COLUMNS]
            found = pa.record_batch(
                relations.relate(pa.RecordBatch.from_arrays(columns, names=_FACT_COLUMNS), position, is_last)
            )
            start = position if last is None else position - 1
            rows = facts if last is None else pa.Table.from_batches([last, facts]).combine_chunks()
            index = pa.compute.subtract(found.column("index"), start)
            position += facts.num_rows
            taken = {name: _flat(pa, rows.column(name).take(index)) for name in (_ROW, _KEY, "record")}
            # A finding that is not reported still counts as the one finding of its record.
            level = pa.compute.if_else(found.column("is_reported"), found.column("level"), pa.scalar(None, pa.string()))
            values = {**{name: found.column(name) for name in _FINDING_COLUMNS}, **taken, "level": level}
            values["fact"] = found.column("fact")
            return pa.RecordBatch.from_arrays([values[name] for name in _RELATED_COLUMNS], names=_RELATED_COLUMNS)

        import pyarrow.compute  # noqa: F401  (makes `pa.compute` available)

        empty: Any = None
        for batch in batches:
            is_fact = batch.column("detached").is_valid()
            findings = batch.filter(pa.compute.invert(is_fact))
            if findings.num_rows:
                yield findings.select(_RELATED_COLUMNS)
            facts = batch.filter(is_fact)
            empty = facts.slice(0, 0)
            if facts.num_rows:
                yield findings_about(facts, False)
                last = facts.slice(facts.num_rows - 1, 1)
        if empty is not None:
            yield findings_about(empty, True)

    return related


_FACT_COLUMNS: List[str] = ["subject", _ROW, "record", "records", "fact", _NAME, "detached"]
_RELATED_COLUMNS: List[str] = [_ROW, _KEY, *_FINDING_COLUMNS, "record", "fact"]


def _flat(pa: Any, column: Any) -> Any:
    """A column as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
