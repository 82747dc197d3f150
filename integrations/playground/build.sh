#!/usr/bin/env bash
# Builds the playground, one page without a server: integrations/playground/dist/index.html.
#
# Usage: integrations/playground/build.sh
#
# The engine is that of integrations/npm/dist, or built. Requires Node.js with npm. Only the installation of packages
# uses the network.
set -euo pipefail
cd "$(dirname "$0")"
[ -f ../npm/dist/engine_bg.wasm ] || ../npm/build.sh
[ -d node_modules ] || npm ci --silent --no-audit --no-fund
node build.mjs
