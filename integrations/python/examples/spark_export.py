"""Checks a folder of NDJSON files on Spark, writes the findings as Parquet by rule, and prints a summary.

    spark-submit spark_export.py EXPORT FINDINGS [CONFIG]
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from countersign import spark as countersign

export, target, *config = sys.argv[1:]
spark = SparkSession.builder.appName("countersign").getOrCreate()

# A line is a record; Spark decompresses .gz by itself. A gzip file cannot be split, so that files of 100 MB to 1 GB keep
# all cores busy. `zstd` and plain files are better, where there is a choice.
records = spark.read.text(export).withColumn("file", F.input_file_name())

findings = countersign.check(records, config=config[0] if config else None)

# The findings are read twice below: written once, the check runs once.
findings.write.mode("overwrite").partitionBy("rule").parquet(target)

written = spark.read.parquet(target)
countersign.summary(written).show(100, truncate=False)
print(f"{written.count()} findings about {records.count()} records")
spark.stop()
