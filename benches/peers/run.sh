#!/usr/bin/env bash
# Compares countersign with other JSON Schema validators, and prints a Markdown table.
#
# Usage: run.sh [--size 200M] [--slow-size 1M] [--runs 3] [--starts 20] [COUNTERSIGN]
#
#   COUNTERSIGN  the binary to measure [default: target/release/countersign]
#   --size       the size of the NDJSON file that the tools read
#   --slow-size  the size of the file that check-jsonschema reads
#   --runs       the number of runs of each tool; the best one counts
#   --starts     the number of runs of each tool on one small file; the best one counts
#
# The peers are installed in $XDG_CACHE_HOME/countersign-peers and kept for the next run; remove that
# folder to install newer versions. Without XDG_CACHE_HOME they are installed in a temporary folder.
# Requires rustc and cargo, node and npm, and python3 with venv. A peer that cannot be installed is
# skipped.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
size=200M slow_size=1M runs=3 starts=20
countersign=$here/../../target/release/countersign
while [ $# -gt 0 ]; do
  case $1 in
    --size) size=$2; shift 2 ;;
    --slow-size) slow_size=$2; shift 2 ;;
    --runs) runs=$2; shift 2 ;;
    --starts) starts=$2; shift 2 ;;
    -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
    -*) echo "There is no option $1." >&2; exit 2 ;;
    *) countersign=$1; shift ;;
  esac
done
if [ ! -x "$countersign" ]; then
  echo "$countersign cannot be run: build it first, or name the binary." >&2
  exit 2
fi

if [ -n "${XDG_CACHE_HOME:-}" ]; then
  cache=$XDG_CACHE_HOME/countersign-peers
  mkdir -p "$cache"
else
  cache=$(mktemp -d)
fi
data=$(mktemp -d)
clean() {
  rm -rf "$data"
  [ -n "${XDG_CACHE_HOME:-}" ] || rm -rf "$cache"
}
trap clean EXIT

log() { echo "$*" >&2; }

if [ ! -x "$cache/python/bin/check-jsonschema" ]; then
  log "Installing check-jsonschema …"
  { python3 -m venv "$cache/python" && "$cache/python/bin/pip" --quiet install check-jsonschema; } >&2 ||
    log "check-jsonschema cannot be installed and is left out."
fi
if [ ! -d "$cache/node/node_modules/@sourcemeta" ]; then
  log "Installing ajv and @sourcemeta/jsonschema …"
  mkdir -p "$cache/node"
  echo '{ "private": true }' >"$cache/node/package.json"
  npm --prefix "$cache/node" install --silent --no-audit --no-fund \
    ajv ajv-formats @sourcemeta/jsonschema >&2 ||
    log "ajv and @sourcemeta/jsonschema cannot be installed and are left out."
fi
if [ ! -x "$cache/rust/bin/jsonschema-cli" ]; then
  log "Building jsonschema-cli …"
  CARGO_TARGET_DIR=$cache/rust-target \
    cargo install --quiet --jobs 2 --root "$cache/rust" jsonschema-cli >&2 ||
    log "jsonschema-cli cannot be built and is left out."
  rm -rf "$cache/rust-target"
fi

log "Writing orders …"
rustc -O --edition 2024 "$here/../generate.rs" -o "$data/generate"
generate() { "$data/generate" --kind order "$@" 2>/dev/null; }
generate --bytes "$size" --out "$data/orders.jsonl"
generate --bytes "$slow_size" --out "$data/few.jsonl"
generate --records 60 --seed 2 --as files --out "$data/valid"
generate --records 60 --seed 3 --faults 1 --as files --out "$data/faulty"
generate --records 1 --as files --out "$data/single"

python3 "$here/measure.py" "$countersign" "$cache" "$data" --runs "$runs" --starts "$starts"
