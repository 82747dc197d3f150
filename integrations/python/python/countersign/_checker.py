"""Checks of payloads with one configuration."""

from __future__ import annotations

import datetime
import json
import os
import warnings
from functools import lru_cache
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Union

from countersign import _native
from countersign._errors import ConfigWarning, InputError
from countersign._findings import Findings, Fixed, Rule, parse_findings
from countersign._native import ArrowFindings

Path = Union[str, "os.PathLike[str]"]

Payload = Union[str, bytes, bytearray, memoryview, Mapping[str, Any], Sequence[Any]]
"""A payload: its text, or the objects and arrays that `json.loads` returns."""

Today = Union[None, str, datetime.date]
"""A date, `None` for the current one, or `"none"` to disable the rules about future dates."""

# The number of payloads, and of their bytes, that are checked at a time.
_BATCH = 8192
_BATCH_BYTES = 32 << 20


class Checker:
    """A configuration that is compiled once, for any number of checks from any number of threads.

    `config` is the path of a `countersign.toml`. Without it, all rules have their own levels; no file is searched. A
    finding about the configuration itself, such as an unknown property, is a `ConfigWarning`.
    """

    def __init__(self, config: Optional[Path] = None, today: Today = None) -> None:
        self._native = _native.Checker(None if config is None else os.fspath(config), _day(today))
        warn_of_config(self._native)

    @property
    def config_findings(self) -> Findings:
        """The findings about the configuration itself, such as an ignore that has expired."""
        return parse_findings(self._native.config_findings())

    def check(self, payload: Payload, *, kind: Optional[str] = None, form: Optional[str] = None) -> Findings:
        """Checks one payload, as the command line checks standard input: a text with several lines can hold a record on
        each. `kind` and `form` state what it is; otherwise both are detected."""
        return parse_findings(self._native.check(_bytes(payload), kind, form))

    def check_file(
        self, path: Path, *, kind: Optional[str] = None, form: Optional[str] = None, jobs: Optional[int] = None
    ) -> Findings:
        """Checks a file, as the command line does: `.ndjson` and `.jsonl` by lines, also compressed as `.gz` or `.zst`."""
        return parse_findings(self._native.check_file(os.fspath(path), kind, form, jobs))

    def check_many(
        self,
        payloads: Iterable[Payload],
        *,
        kind: Optional[str] = None,
        form: Optional[str] = None,
        jobs: Optional[int] = None,
    ) -> Iterator[Findings]:
        """Checks payloads on all cores, and yields the findings about each in order. They are one run: a record that
        duplicates or contradicts an earlier one is reported. An empty payload is passed over."""
        run = self._native.run(kind, form, jobs)
        for batch in _batches(payloads):
            for findings in run.check(batch):
                yield Findings() if findings is None else parse_findings(findings)

    def check_arrow(
        self,
        data: Any,
        column: Optional[str] = None,
        *,
        kind: Optional[str] = None,
        form: Optional[str] = None,
        jobs: Optional[int] = None,
    ) -> ArrowFindings:
        """Checks the strings or bytes of an Arrow array, or of a column of a table, and returns the findings as Arrow.
        `data` is any object with `__arrow_c_stream__` or `__arrow_c_array__`. Null and empty values are passed over."""
        return self._native.check_arrow(data, column, kind, form, jobs)

    def check_parquet(
        self,
        path: Union[Path, Sequence[Path]],
        column: Optional[str] = None,
        *,
        kind: Optional[str] = None,
        form: Optional[str] = None,
        jobs: Optional[int] = None,
    ) -> ArrowFindings:
        """Checks a column of Parquet files, or of a folder of them. Needs pyarrow."""
        return self._check_dataset(path, "parquet", column, kind, form, jobs)

    def check_csv(
        self,
        path: Union[Path, Sequence[Path]],
        column: Optional[str] = None,
        *,
        kind: Optional[str] = None,
        form: Optional[str] = None,
        jobs: Optional[int] = None,
    ) -> ArrowFindings:
        """Checks a column of CSV files, such as an export of a spreadsheet. Needs pyarrow."""
        return self._check_dataset(path, "csv", column, kind, form, jobs)

    def _check_dataset(
        self,
        path: Union[Path, Sequence[Path]],
        format: str,
        column: Optional[str],
        kind: Optional[str],
        form: Optional[str],
        jobs: Optional[int],
    ) -> ArrowFindings:
        from countersign._tables import read_column

        try:
            return self.check_arrow(read_column(path, format, column), kind=kind, form=form, jobs=jobs)
        except (OSError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{path}: {error}") from error

    def fix(
        self, payload: Payload, unsafe: bool = False, *, kind: Optional[str] = None, form: Optional[str] = None
    ) -> Fixed:
        """Applies the safe fixes of a payload, and with `unsafe` also those that a person must review."""
        text, findings, applied = self._native.fix(_bytes(payload), unsafe, kind, form)
        return Fixed(text.decode("utf-8", "replace"), parse_findings(findings), applied)


def warn_of_config(checker: _native.Checker) -> None:
    """Warns of the findings about the configuration itself."""
    for finding in parse_findings(checker.config_findings()):
        warnings.warn(str(finding), ConfigWarning, stacklevel=3)


@lru_cache(maxsize=4)
def _checker(config: Optional[str], today: Optional[str], changed: Optional[int]) -> Checker:
    return Checker(config, today or "none")


def checker_for(config: Optional[Path], today: Today) -> Checker:
    """The checker of a configuration, compiled at its first use and whenever the file changes."""
    if config is None:
        return _checker(None, _day(today), None)
    path = os.path.abspath(os.fspath(config))
    try:
        changed = os.stat(path).st_mtime_ns
    except OSError:
        changed = None
    return _checker(path, _day(today), changed)


def rules() -> List[Rule]:
    """The rules, sorted by ID."""
    return [Rule(*row) for row in _native.rules()]


def explain(id: str) -> str:
    """The page of a rule, in Markdown."""
    return _native.explain(id)


def schema(name: str) -> Dict[str, Any]:
    """The JSON Schema of a kind, of the configuration (`config`) or of the findings (`findings`)."""
    loaded: Dict[str, Any] = json.loads(_native.schema(name))
    return loaded


def _day(today: Today) -> Optional[str]:
    if today is None:
        return datetime.date.today().isoformat()
    if isinstance(today, datetime.datetime):
        return today.date().isoformat()
    if isinstance(today, datetime.date):
        return today.isoformat()
    return None if today == "none" else today


def _bytes(payload: Payload) -> bytes:
    if isinstance(payload, bytes):
        return payload
    if isinstance(payload, str):
        # A lone surrogate is not Unicode; the check reports it.
        return payload.encode("utf-8", "surrogatepass")
    if isinstance(payload, (bytearray, memoryview)):
        return bytes(payload)
    try:
        return json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"a payload cannot be written as JSON: {error}") from error


def _batches(payloads: Iterable[Payload]) -> Iterator[List[bytes]]:
    """The bytes of payloads, in batches of limited size."""
    batch: List[bytes] = []
    size = 0
    for payload in map(_bytes, payloads):
        batch.append(payload)
        size += len(payload)
        if len(batch) == _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
