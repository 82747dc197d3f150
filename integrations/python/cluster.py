"""The job of `cluster.sh`: checks an export on a cluster, kills a worker in the middle, and compares the findings with a
run on one machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import countersign
import pyarrow as pa
from countersign import spark as checks
from pyspark.sql import SparkSession

TODAY = "2026-11-29"
COLUMNS = ["rule", "level", "message", "pointer", "offset", "end_offset", "kind", "form", "record_key"]


def descendants(parent: int) -> list[int]:
    """The processes that a process has started, directly and indirectly."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = [parent]
    for known in found:
        found.extend(child for child, of in parents if of == known)
    return found


def main() -> None:
    master, path, worker = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path, encoding="utf-8") as file:
        texts = file.read().splitlines()
    # Every tenth record is there twice, in another partition.
    texts += texts[::10]

    session = (
        SparkSession.builder.master(master)
        .appName("countersign")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "512m")
        .config("spark.executor.cores", "1")
        .config("spark.sql.shuffle.partitions", "8")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    tracker = session.sparkContext.statusTracker()

    frame = session.createDataFrame(list(enumerate(texts)), "number bigint, value string").repartition(24)
    frame.write.mode("overwrite").parquet(f"{os.environ['SPARK_WORKER_DIR']}-export")
    frame = session.read.parquet(f"{os.environ['SPARK_WORKER_DIR']}-export").repartition(24, "number")
    killed: list[float] = []
    start = time.monotonic()

    def kill_worker() -> None:
        while not killed:
            stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
            if any(stage and stage.numTasks > 4 and stage.numCompletedTasks >= stage.numTasks // 3 for stage in stages):
                # The worker first, then its executors, which could otherwise finish their tasks.
                for process in descendants(worker):
                    os.kill(process, signal.SIGKILL)
                killed.append(time.monotonic() - start)
            time.sleep(0.02)

    thread = threading.Thread(target=kill_worker, daemon=True)
    thread.start()
    rows = [row.asDict() for row in checks.check(frame, key="number", today=TODAY).collect()]
    took = time.monotonic() - start
    if not killed:
        sys.exit("no worker was killed: the job was too short; use more records")

    expected = pa.table(countersign.check_arrow(pa.array(texts), today=TODAY)).to_pylist()

    def comparable(found: list, number: str) -> list:
        return sorted(repr([row[number], *(row[column] for column in COLUMNS)]) for row in found)

    own, others = comparable(rows, "key"), comparable(expected, "row")
    relations = sum(row["rule"].startswith("export/") for row in rows)
    print(
        f"{len(texts)} records, {len(rows)} findings, {relations} of them relate records; "
        f"a worker was killed after {killed[0]:.1f} of {took:.1f} seconds"
    )
    session.stop()
    if own != others:
        sys.exit(f"the findings differ from those of one machine: {len(others)} there")
    print("equal to one machine")


if __name__ == "__main__":
    main()
