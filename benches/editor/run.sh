#!/usr/bin/env bash
# Measures the time from an edit to the diagnostics, and prints a Markdown table. See README.md.
#
# Usage: run.sh [--edits 500] [--warm-up 50] [--seed 1]
#
#   COUNTERSIGN  (environment variable) the binary to measure [default: target/release/countersign]

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund --silent
exec node "$here/run.mjs" "$@"
