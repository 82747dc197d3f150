#!/usr/bin/env bash
# Fuzzes each target for some seconds: fuzz/run.sh [SECONDS] [TARGET]...
#
# Needs the nightly toolchain and cargo-fuzz (`cargo install cargo-fuzz`). Prints for each target the executions, the
# coverage of libFuzzer (edges and features) and the seconds. An input that breaks a property is written to
# fuzz/artifacts; keep it in fuzz/regressions/TARGET, where tests/fuzz.rs finds it.
#
# FUZZ_SANITIZER=address finds errors of memory in the C code of zstd; the Rust code contains no `unsafe`.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(cargo +nightly fuzz list)

python3 fuzz/seed.py
sanitizer=${FUZZ_SANITIZER:-none}
cargo +nightly fuzz build --sanitizer "$sanitizer" --target-dir fuzz/target
programs=fuzz/target/$(rustc -vV | sed -n 's/^host: //p')/release
mkdir -p fuzz/target/logs
failed=0
number() { sed -nE "s/.*$1:? ([0-9]+).*/\1/p"; }
printf '%-12s %12s %8s %8s %8s\n' target executions edges features seconds
for target in "${targets[@]}"; do
  log=fuzz/target/logs/$target.txt
  folders=("fuzz/corpus/$target")
  [ ! -d "fuzz/regressions/$target" ] || folders+=("fuzz/regressions/$target")
  mkdir -p "fuzz/artifacts/$target"
  result=0
  "$programs/$target" "${folders[@]}" -max_total_time="$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=2048 \
    -dict=fuzz/corpus/words.dict -print_final_stats=1 -artifact_prefix="fuzz/artifacts/$target/" \
    > "$log" 2>&1 || result=$?
  # What libFuzzer prints contains parts of inputs, which need not be text.
  last=$(grep -aE '^#[0-9]+.* cov: [0-9]+' "$log" | tail -1 || true)
  printf '%-12s %12s %8s %8s %8s\n' "$target" "$(grep -a executed_units "$log" | number executed_units)" \
    "$(number cov <<< "$last")" "$(number ft <<< "$last")" "$seconds"
  if [ "$result" -ne 0 ]; then
    failed=1
    grep -aE "^(thread '<unnamed>'|assertion)|Test unit written" "$log" | head -20 || true
    echo "failed: $target, see $log"
  fi
done
exit $failed
