"""Checks a column of a polars data frame, and separates valid from invalid rows.

    python polars_export.py EXPORT.parquet
"""

import sys

import countersign
import polars as pl

orders = pl.read_parquet(sys.argv[1]).with_row_index("row").cast({"row": pl.Int64})

findings = pl.DataFrame(countersign.check_arrow(orders, column="payload"))
print(findings.group_by("rule").len().sort("len", "rule", descending=[True, False]))

errors = findings.filter(pl.col("level") == "error").select("row").unique()
valid = orders.join(errors, on="row", how="anti")
invalid = orders.join(errors, on="row", how="semi")
print(f"{valid.height} valid, {invalid.height} invalid")
