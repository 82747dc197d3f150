#!/usr/bin/env bash
# Builds the engine as WebAssembly into dist: the bindings, the engine, and both in one file.
#
# Usage: integrations/npm/build.sh
#
#   OPTIMISE  the level of wasm-opt; a lower one is faster and gives a larger engine [default: -Oz]
#
# Requires cargo, Node.js with npm, and the target wasm32-unknown-unknown (see .ci/wasm-cargo). Only the installation of
# packages uses the network.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
target=$(realpath -m "${CARGO_TARGET_DIR:-$root/target}")
export CARGO_INCREMENTAL=0

[ -d node_modules ] || npm ci --silent --no-audit --no-fund

# Every browser and runtime that the package names has these instructions.
RUSTFLAGS="-C target-feature=+simd128,+bulk-memory,+sign-ext,+nontrapping-fptoint" CARGO_TARGET_DIR=$target \
  "$root/.ci/wasm-cargo" build --quiet --locked --release
# With Debian's compiler, the target folder is another one.
engine=
for folder in "$target" "$target/wasm"; do
  found=$folder/wasm32-unknown-unknown/release/countersign_wasm.wasm
  if [ -f "$found" ] && { [ -z "$engine" ] || [ "$found" -nt "$engine" ]; }; then engine=$found; fi
done

# The program that writes the bindings must have the version of the bindings in the engine.
version_in() { awk -v name="\"$2\"" '$3 == name { getline; gsub(/"/, "", $3); print $3 }' "$1"; }
if [ "$(version_in Cargo.lock wasm-bindgen)" != "$(version_in bindings/Cargo.lock wasm-bindgen-cli-support)" ]; then
  echo "Cargo.lock and bindings/Cargo.lock have different versions of wasm-bindgen" >&2
  exit 1
fi
CARGO_TARGET_DIR=$target/bindings cargo build --quiet --locked --release --manifest-path bindings/Cargo.toml

rm -rf dist
mkdir dist
"$target/bindings/release/countersign-bindings" "$engine" dist
node_modules/.bin/wasm-opt "${OPTIMISE:--Oz}" --enable-simd --enable-bulk-memory --enable-bulk-memory-opt --enable-sign-ext \
  --enable-nontrapping-float-to-int --enable-mutable-globals --enable-reference-types --enable-multivalue \
  --strip-debug --strip-producers dist/engine_bg.wasm -o dist/engine.opt
mv dist/engine.opt dist/engine_bg.wasm
node inline.mjs
