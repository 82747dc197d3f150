"""Columns of Parquet and CSV files, read with pyarrow."""

from __future__ import annotations

import os
from typing import Any, Optional, Sequence, Union

from countersign._errors import ArrowTypeError, InputError


def read_column(path: Union[str, "os.PathLike[str]", Sequence[Any]], format: str, column: Optional[str]) -> Any:
    """A reader of the batches of one column, in the order of the files."""
    try:
        import pyarrow as pa
        from pyarrow import dataset
    except ImportError as error:
        raise InputError(f"reading {format} files needs pyarrow: pip install pyarrow") from error
    paths: Any = os.fspath(path) if isinstance(path, (str, os.PathLike)) else [os.fspath(part) for part in path]
    if format == "csv":
        from pyarrow import csv

        # A payload is text, whatever its first rows look like, and can span lines.
        options: Any = dataset.CsvFileFormat(
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types={} if column is None else {column: pa.string()}, strings_can_be_null=False
            ),
        )
    else:
        options = format
    found = dataset.dataset(paths, format=options)
    names = found.schema.names
    if column is None:
        columns = [field.name for field in found.schema if _holds_payloads(pa, field.type)]
        if len(columns) != 1:
            listed = ", ".join(f"`{name}`" for name in columns or names)
            what = "several columns can hold the payloads" if columns else "no column holds strings or bytes"
            raise ArrowTypeError(f"{what}: {listed}; name one with `column`")
        column = columns[0]
    elif column not in names:
        listed = ", ".join(f"`{name}`" for name in names)
        raise ArrowTypeError(f"there is no column `{column}`; the columns are {listed}")
    return found.scanner(columns=[column], batch_size=16384).to_reader()


def _holds_payloads(pa: Any, type: Any) -> bool:
    types = pa.types
    return bool(
        types.is_string(type) or types.is_large_string(type) or types.is_binary(type) or types.is_large_binary(type)
    )
