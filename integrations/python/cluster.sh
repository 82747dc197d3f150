#!/usr/bin/env bash
# Runs the checks on a standalone Spark cluster: a master and two workers on this machine. One of the workers is killed in
# the middle of the job; the findings must be those of a run on one machine all the same.
#
# Usage: cluster.sh ORDERS.ndjson [PYTHON]
#
# PYTHON has this package, pyspark and pyarrow, by default target/python/venv/bin/python of `test.sh --keep`. Takes some minutes and
# is not part of the continuous integration. Listens on 127.0.0.1 only.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
orders=$(realpath "$1")
python=$(realpath --no-symlinks "${2:-$here/../../target/python/venv/bin/python}")
work=$(mktemp -d)
SPARK_HOME=$("$python" -c 'import pyspark, os; print(os.path.dirname(pyspark.__file__))')
export SPARK_HOME SPARK_LOCAL_IP=127.0.0.1 PYSPARK_PYTHON=$python PYSPARK_DRIVER_PYTHON=$python
export SPARK_WORKER_DIR=$work/workers SPARK_LOCAL_DIRS=$work/local SPARK_DAEMON_MEMORY=512m

master= first= second=
stop() {
  kill "$master" "$first" "$second" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT

class=org.apache.spark.deploy
"$SPARK_HOME/bin/spark-class" $class.master.Master --host 127.0.0.1 --port 17077 --webui-port 0 > "$work/master.log" 2>&1 &
master=$!
for _ in $(seq 60); do grep -q "Starting Spark master" "$work/master.log" && break; sleep 0.5; done
worker() {
  "$SPARK_HOME/bin/spark-class" $class.worker.Worker --host 127.0.0.1 --webui-port 0 --cores 1 --memory 1g \
    spark://127.0.0.1:17077 > "$work/$1.log" 2>&1 &
}
worker first; first=$!
worker second; second=$!

"$python" "$here/cluster.py" spark://127.0.0.1:17077 "$orders" "$first"
