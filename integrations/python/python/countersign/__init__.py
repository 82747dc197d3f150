"""countersign checks payloads of cloud marketplaces before they are submitted.

>>> import countersign
>>> [finding.rule for finding in countersign.check('{"customerId": "1000417733", "type": "change",}')]
['order/subscription-missing', 'json/trailing-comma']
"""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Optional, Sequence, Union

from countersign._checker import Checker, Path, Payload, Today, checker_for, explain, rules, schema
from countersign._errors import (
    ArrowTypeError,
    ConfigError,
    ConfigWarning,
    CountersignError,
    InputError,
    InternalError,
    UnknownNameError,
)
from countersign._findings import Edit, Finding, Findings, Fix, Fixed, Label, Position, Range, Record, Rule
from countersign._native import VERSION as __version__
from countersign._native import ArrowFindings

__all__ = [
    "ArrowFindings",
    "ArrowTypeError",
    "Checker",
    "ConfigError",
    "ConfigWarning",
    "CountersignError",
    "Edit",
    "Finding",
    "Findings",
    "Fix",
    "Fixed",
    "InputError",
    "InternalError",
    "Label",
    "Payload",
    "Position",
    "Range",
    "Record",
    "Rule",
    "UnknownNameError",
    "__version__",
    "check",
    "check_arrow",
    "check_csv",
    "check_file",
    "check_many",
    "check_parquet",
    "explain",
    "fix",
    "rules",
    "schema",
]


def check(
    payload: Payload,
    *,
    kind: Optional[str] = None,
    form: Optional[str] = None,
    config: Optional[Path] = None,
    today: Today = None,
) -> Findings:
    """Checks one payload. See `Checker.check`."""
    return checker_for(config, today).check(payload, kind=kind, form=form)


def check_file(
    path: Path,
    *,
    kind: Optional[str] = None,
    form: Optional[str] = None,
    config: Optional[Path] = None,
    today: Today = None,
    jobs: Optional[int] = None,
) -> Findings:
    """Checks a file. See `Checker.check_file`."""
    return checker_for(config, today).check_file(path, kind=kind, form=form, jobs=jobs)


def check_many(
    payloads: Iterable[Payload],
    *,
    kind: Optional[str] = None,
    form: Optional[str] = None,
    config: Optional[Path] = None,
    today: Today = None,
    jobs: Optional[int] = None,
) -> Iterator[Findings]:
    """Checks many payloads on all cores. See `Checker.check_many`."""
    return checker_for(config, today).check_many(payloads, kind=kind, form=form, jobs=jobs)


def check_arrow(
    data: Any,
    column: Optional[str] = None,
    *,
    kind: Optional[str] = None,
    form: Optional[str] = None,
    config: Optional[Path] = None,
    today: Today = None,
    jobs: Optional[int] = None,
) -> ArrowFindings:
    """Checks a column of Arrow data. See `Checker.check_arrow`."""
    return checker_for(config, today).check_arrow(data, column, kind=kind, form=form, jobs=jobs)


def check_parquet(
    path: Union[Path, Sequence[Path]],
    column: Optional[str] = None,
    *,
    kind: Optional[str] = None,
    form: Optional[str] = None,
    config: Optional[Path] = None,
    today: Today = None,
    jobs: Optional[int] = None,
) -> ArrowFindings:
    """Checks a column of Parquet files. See `Checker.check_parquet`."""
    return checker_for(config, today).check_parquet(path, column, kind=kind, form=form, jobs=jobs)


def check_csv(
    path: Union[Path, Sequence[Path]],
    column: Optional[str] = None,
    *,
    kind: Optional[str] = None,
    form: Optional[str] = None,
    config: Optional[Path] = None,
    today: Today = None,
    jobs: Optional[int] = None,
) -> ArrowFindings:
    """Checks a column of CSV files. See `Checker.check_csv`."""
    return checker_for(config, today).check_csv(path, column, kind=kind, form=form, jobs=jobs)


def fix(
    payload: Payload,
    unsafe: bool = False,
    *,
    kind: Optional[str] = None,
    form: Optional[str] = None,
    config: Optional[Path] = None,
    today: Today = None,
) -> Fixed:
    """Applies the fixes of a payload. See `Checker.fix`."""
    return checker_for(config, today).fix(payload, unsafe, kind=kind, form=form)
