"""Checks a column of a DuckDB query, and joins the findings with the table.

    python duckdb_export.py EXPORT.parquet
"""

import sys

import countersign
import duckdb

# The file, or any other query with a column of payloads.
orders = duckdb.sql(f"from read_parquet('{sys.argv[1]}')")

findings = countersign.check_arrow(orders, column="payload")

# DuckDB reads Arrow objects by the names of their variables.
import pyarrow as pa  # noqa: E402

found = pa.table(findings)
numbered = duckdb.sql(f"select *, file_row_number as row from read_parquet('{sys.argv[1]}', file_row_number = true)")
duckdb.sql(
    """
    select numbered.customer, found.rule, found.level, found.message
    from found join numbered using (row)
    order by row, rule
    """
).show()
duckdb.sql("select rule, count(*) as findings from found group by rule order by findings desc, rule").show()
