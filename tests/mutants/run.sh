#!/usr/bin/env bash
# Changes the code of the parser, the fixes, the engine, the rules and the schemas in many small ways, one at a time, and
# counts the changes that no test notices: tests/mutants/run.sh [SHARD/SHARDS]
#
# There are more than 5,000 changes, and each takes a build and up to a minute of tests. SHARD/SHARDS tries one part of them,
# spread over all files: 0/100 is about 50 changes. Works in a copy of the checkout. The changes that no test noticed are in
# target/mutants/mutants.out/missed.txt. Requires cargo-mutants and cargo-nextest.
set -euo pipefail
cd "$(dirname "$0")/../.."

shard=${1:-0/1}
files=()
for part in json fix engine rules schema; do
  files+=(-f "src/$part/**" -f "src/$part.rs")
done
# The tests of these parts. The others start programs or compare reports, and would take minutes for each change.
tests=(--lib)
for name in answer catalogue detection differential fix_invariant fixes fixtures json mutations paste registry rules \
  schema_references suites vendors; do
  tests+=(--test "$name")
done
slow='test(a_kill_at_any_time) or test(results_do_not_depend) or test(accepts_only_values_that_satisfy_conditions_and_limits)'

mkdir -p target
CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0 cargo mutants "${files[@]}" --shard "$shard" --sharding round-robin \
  --test-tool nextest --timeout 400 --build-timeout 900 -o target/mutants -- "${tests[@]}" -E "not ($slow)"
